"""A robot of pytest-qt's that waits longer where what is waited for has to come.

Its five seconds are enough where nothing else runs. On a busy computer they decided whether a test passed.
"""

from __future__ import annotations

import contextlib
from unittest import mock

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from pytestqt.qtbot import QtBot

from tests.support.waiting import PATIENCE


@contextlib.contextmanager
def timer_ticks(interval_ms):
    """Have an event at least so often, for what comes about without one."""
    timer = QTimer(interval=interval_ms)
    timer.start()
    yield
    timer.stop()


def process_next_events():
    """Wait for an event, and process all that are there; delete what was told to be deleted later."""
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


_PATIENCE_MS = round(PATIENCE * 1000)
_LOOK_AGAIN_MS = 10


class PatientBot(QtBot):
    """Gives up after `PATIENCE` at the earliest; a wait for what may also stay away takes as long as it says."""

    def waitUntil(self, *arguments, **named):
        # Looks again after each event; pytest-qt's own looks every ten milliseconds, whatever came meanwhile.
        with timer_ticks(_LOOK_AGAIN_MS), mock.patch.object(self, "wait", _go_on):
            return super().waitUntil(*arguments, **_patient(named))

    def waitSignal(self, *arguments, **named):
        return super().waitSignal(*arguments, **_patient(named))

    def waitSignals(self, *arguments, **named):
        return super().waitSignals(*arguments, **_patient(named))

    def waitActive(self, *arguments, **named):
        return super().waitActive(*arguments, **_patient(named))

    def waitExposed(self, *arguments, **named):
        return super().waitExposed(*arguments, **_patient(named))


def _go_on(ms):
    process_next_events()


def _patient(named):
    if named.get("raising") is False:
        return named
    return {**named, "timeout": max(named.get("timeout", 0), _PATIENCE_MS)}
