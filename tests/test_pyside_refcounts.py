"""A guard against a fault of PySide6 6.12.0: on CPython 3.11 it drops a reference to None, or to True, at each call.

The interpreter aborts when the count reaches zero, after some thousand calls, anywhere. Nothing here tests Candor's
own code; it tells that the Qt binding that was installed may be used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QWidget

pytestmark = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="None and True are immortal since CPython 3.12: their counts never change"
)

# Few enough that a faulty binding fails these tests instead of aborting them.
CALLS = 300
# Python itself keeps a few more or fewer references from one moment to the next; the fault loses one for each call.
NOISE = 50


class Emitter(QObject):
    happened = Signal()
    changed = Signal(bool)
    told = Signal(object)


class Overriding(QWidget):
    """Qt calls these methods; each returns None, True or a bool to C++."""

    def paintEvent(self, event: QPaintEvent) -> None:
        pass

    def customEvent(self, event: QEvent) -> None:
        pass

    def event(self, event: QEvent) -> bool:
        super().event(event)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return True


class Rows(QAbstractListModel):
    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 1

    def data(self, index: QModelIndex, role: int = 0) -> object:
        return None


def void_calls() -> Callable[[], object]:
    label = QLabel()
    return lambda: label.setText("x")


def calls_with_none_and_true() -> Callable[[], object]:
    label = QLabel()

    def call() -> None:
        label.setEnabled(True)
        label.setParent(None)
        label.setProperty("key", True)
        label.setProperty("key", None)

    return call


def calls_that_return_true() -> Callable[[], object]:
    label = QLabel()
    label.setEnabled(True)
    return lambda: label.isEnabled()


def signals_to_slots() -> Callable[[], object]:
    emitter = Emitter()
    emitter.happened.connect(lambda: None)
    emitter.changed.connect(lambda on: True)
    emitter.told.connect(lambda what: None)

    def call() -> None:
        emitter.happened.emit()
        emitter.changed.emit(True)
        emitter.told.emit(None)

    return call


def connections() -> Callable[[], object]:
    emitter = Emitter()

    def slot() -> None:
        pass

    def call() -> None:
        emitter.happened.connect(slot)
        emitter.happened.disconnect(slot)

    return call


def virtual_overrides() -> Callable[[], object]:
    widget, other = Overriding(), QObject()
    other.installEventFilter(widget)

    def call() -> None:
        QApplication.sendEvent(widget, QEvent(QEvent.Type.User))
        QApplication.sendEvent(other, QEvent(QEvent.Type.User))

    return call


def painting() -> Callable[[], object]:
    page = QPixmap(4, 4)

    def call() -> None:
        painter = QPainter(page)
        painter.fillRect(0, 0, 4, 4, QColor("red"))
        painter.end()

    return call


def models() -> Callable[[], object]:
    rows = Rows()
    # Called on the base class, so that the way leads through C++ to the override.
    return lambda: (QAbstractListModel.itemData(rows, QAbstractListModel.index(rows, 0)), None)[1]


def timers() -> Callable[[], object]:
    timer = QTimer()

    def call() -> None:
        timer.start(1000)
        timer.stop()

    return call


@pytest.mark.parametrize(
    "prepare",
    [
        void_calls,
        calls_with_none_and_true,
        calls_that_return_true,
        signals_to_slots,
        connections,
        virtual_overrides,
        painting,
        models,
        timers,
    ],
)
@pytest.mark.usefixtures("qapp")
def test_calls_give_back_every_reference(prepare: Callable[[], Callable[[], object]]) -> None:
    call = prepare()
    call()  # the first call fills caches of names and types
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(CALLS):
        call()
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert abs(after[0] - before[0]) < NOISE, f"None: {before[0]} references, {after[0]} after {CALLS} calls"
    assert abs(after[1] - before[1]) < NOISE, f"True: {before[1]} references, {after[1]} after {CALLS} calls"
