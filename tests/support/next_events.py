"""Waiting in a test that goes on with each event of Qt's, where a sleep would go on whatever came meanwhile."""

from __future__ import annotations

import contextlib

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer


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
