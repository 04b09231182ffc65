"""Tests for what the user does while the window can be seen, but not everything in it has been made."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAction,
    QDragEnterEvent,
    QDropEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QMainWindow, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop.ui.composer.card import Composer
from desktop.ui.opening.early_input import EarlyInput
from desktop.ui.window.file_drop import FileDrop

pytestmark = pytest.mark.window


class Scene:
    """A window with a message box and a button, of which nothing is connected yet; `done` is what came of it."""

    def __init__(self, qtbot, theme):
        self.done: list[str] = []
        self.theme = theme
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        ground = QWidget()
        self.composer, self.button = Composer(theme), QPushButton("Do it")
        self.tool, self.switch = QToolButton(), QToolButton()
        self.switch.setCheckable(True)
        column = QVBoxLayout(ground)
        for button in (self.button, self.tool, self.switch):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            column.addWidget(button)
        column.addWidget(self.composer)
        self.window.setCentralWidget(ground)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.composer.setFocus()
        self.early = EarlyInput(self.window, self.composer)

    def press(self, key, text="", modifiers=None):
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifiers or Qt.KeyboardModifier.NoModifier, text)
            QCoreApplication.sendEvent(self.window.windowHandle(), event)

    def commit(self, words):
        """Have an input method compose words, letter by letter, and commit them."""
        event = QInputMethodEvent()
        event.setCommitString(words)
        for each in (QInputMethodEvent("n", []), event):
            QCoreApplication.sendEvent(self.composer.focusProxy(), each)

    def click(self):
        at = QPointF(self.button.mapTo(self.window, self.button.rect().center()))
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        for kind, held in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, none)):
            event = QMouseEvent(kind, at, at, self.window.mapToGlobal(at), left, held, Qt.KeyboardModifier.NoModifier)
            QCoreApplication.sendEvent(self.window.windowHandle(), event)

    def drop(self, data):
        """Drag over the window, let go, and have what was dragged vanish, as a system does."""
        how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        for event in (QDragEnterEvent(QPoint(5, 5), *how), QDropEvent(QPointF(5, 5), *how)):
            QCoreApplication.sendEvent(self.window.windowHandle(), event)
            assert event.isAccepted()
        data.clear()

    def connect(self):
        """Have somebody there to do things, as when the window is complete."""
        drops = FileDrop(self.theme, self.window)
        drops.dropped.connect(lambda given: self.done.extend(path.name for path in given.paths))
        self.tool.clicked.connect(lambda: self.done.append("tool"))
        self.switch.clicked.connect(lambda is_on: self.done.append(f"switched {is_on}"))
        self.composer.send_requested.connect(lambda text: self.done.append(f"sent {text}"))
        self.button.clicked.connect(lambda: self.done.append("clicked"))
        action = QAction("New", self.window)
        action.setShortcut("Ctrl+N")
        action.triggered.connect(lambda: self.done.append("new"))
        self.window.addAction(action)


@pytest.fixture
def scene(qtbot, theme):
    return Scene(qtbot, theme)


def test_letters_are_written_at_once(scene):
    scene.press(Qt.Key.Key_Shift)
    scene.press(Qt.Key.Key_H, "H", Qt.KeyboardModifier.ShiftModifier)
    scene.press(Qt.Key.Key_I, "i")
    assert scene.composer.text() == "Hi"


def test_what_else_is_done_waits_and_keeps_its_order(scene):
    scene.commit("好")
    scene.press(Qt.Key.Key_H, "h")
    scene.press(Qt.Key.Key_Return, "\r")
    scene.press(Qt.Key.Key_N, "\x0e", Qt.KeyboardModifier.ControlModifier)
    scene.click()
    scene.press(Qt.Key.Key_I, "i")
    scene.commit("吗")
    assert scene.composer.text() == "好h"
    scene.connect()
    assert scene.done == []
    scene.early.let_in()
    assert scene.done == ["sent 好h", "new", "clicked"]
    assert scene.composer.text() == "好hi吗"
    scene.click()
    assert scene.done[-2:] == ["clicked", "clicked"], "it holds something back that it should not"


def test_the_window_closes_when_it_can(scene):
    handle = scene.window.windowHandle()
    handle.close()
    assert scene.window.isVisible()
    scene.early.let_in()
    assert not scene.window.isVisible()


def test_files_that_are_dropped_wait(scene, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "letter.pdf"))])
    scene.drop(data)
    scene.connect()
    assert scene.done == []
    scene.early.let_in()
    assert scene.done == ["letter.pdf"]


def test_what_assistive_technology_presses_waits(scene, qtbot):
    ticks = Ticks(scene.button)
    for button in (scene.button, scene.tool, scene.switch):
        found = QAccessible.queryAccessibleInterface(button)
        assert found is not None
        found.actionInterface().doAction(QAccessibleActionInterface.pressAction())
    qtbot.waitUntil(lambda: ticks.count > 0, timeout=60_000)  # the press of a button is done by a timer
    scene.connect()
    assert scene.done == []
    scene.early.let_in()
    assert scene.done == ["tool", "switched True"]
    assert scene.switch.isChecked()
    qtbot.waitUntil(lambda: scene.done[2:] == ["clicked"], timeout=60_000)


class Ticks(QObject):
    """A count of the events of timers that come to a button."""

    def __init__(self, button):
        super().__init__(button)
        self.count = 0
        button.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() is QEvent.Type.Timer
        return False
