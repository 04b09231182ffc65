"""A guard against a fault of PySide6 6.12.0: on CPython 3.11 it drops a reference to None, or to True, at each call.

The interpreter aborts when the count reaches zero, after some thousand calls, anywhere. Nothing here tests Candor's
own code; it tells that the Qt binding that was installed may be used.
"""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal
from PySide6.QtWidgets import QLabel

# Few enough that a faulty binding fails these tests instead of aborting them.
CALLS = 300
# Python itself keeps a few more or fewer references from one moment to the next; the fault loses one for each call.
NOISE = 50


class Overriding(QObject):
    happened = Signal()

    def event(self, event):
        return True

    def customEvent(self, event):
        pass


def void_call():
    label = QLabel()
    return lambda: label.setText("x")


def signal():
    emitter = Overriding()
    emitter.happened.connect(lambda: None)
    return lambda: emitter.happened.emit()


def overridden_method():
    target = Overriding()
    return lambda: QCoreApplication.sendEvent(target, QEvent(QEvent.Type.User))


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None and True are immortal since CPython 3.12")
@pytest.mark.parametrize("make", [void_call, signal, overridden_method])
def test_a_call_keeps_the_references_that_it_found(qtbot, make):
    call = make()
    call()
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(CALLS):
        call()
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert all(now > then - NOISE for now, then in zip(after, before, strict=True))
