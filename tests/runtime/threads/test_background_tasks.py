"""Where work runs, what comes back of it, and that none of it outlives the window."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop.runtime.background import BackgroundTasks, DaemonExecutor, LoopThread
from tests.support.waiting import PATIENCE

_CLOSED_WHILE_A_KEYRING_WAITS = """
import threading
from desktop.runtime.background import LoopThread
from desktop.runtime.background import BackgroundTasks

work = BackgroundTasks(LoopThread())
asked = threading.Event()
work.run_slowly(lambda: (asked.set(), threading.Event().wait(60)))
later = work.run_slowly(lambda: None)
assert asked.wait(60)
work.close_store(lambda: print("closed", flush=True))
assert later.cancelled()
"""


def test_a_keyring_that_does_not_answer_does_not_hold_up_the_end() -> None:
    command = [sys.executable, "-c", _CLOSED_WHILE_A_KEYRING_WAITS]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert ended.stdout == "closed\n"


def test_slow_work_is_done_in_order_and_failures_come_back(work: BackgroundTasks, qtbot: QtBot) -> None:
    outcomes: list[object] = []

    def fail() -> None:
        raise ValueError("no")

    work.run_slowly(lambda: 1, outcomes.append)
    work.run_slowly(fail, outcomes.append, lambda error: outcomes.append(type(error)))
    work.run_slowly(lambda: 2, outcomes.append)
    qtbot.waitUntil(lambda: len(outcomes) == 3, timeout=5000)
    assert outcomes == [1, ValueError, 2]


def test_what_comes_after_the_loop_has_stopped_is_cancelled(qapp: QApplication) -> None:
    loop = LoopThread()
    loop.start()
    work = BackgroundTasks(loop)
    loop.stop()
    assert work.on_loop(_never()).future.cancelled()


async def _never() -> None:
    raise AssertionError


def test_what_was_done_by_the_end_is_told_to_nobody(qapp: QApplication) -> None:
    """Its answer waits for the event loop, which goes on where the window is made anew; and then has no loop to ask."""
    outcomes: list[object] = []
    work = BackgroundTasks(LoopThread())
    work.run_on_store(lambda: 1, outcomes.append)
    work.close_store(lambda: None)
    QCoreApplication.sendPostedEvents(work)
    assert outcomes == []


def test_what_is_done_after_the_window_has_gone_is_told_to_nobody(
    qapp: QApplication, caplog: pytest.LogCaptureFixture
) -> None:
    work, may_end = BackgroundTasks(LoopThread()), threading.Event()
    waiting = work.run_on(DaemonExecutor("slow"), lambda: may_end.wait(PATIENCE), print)
    done = threading.Event()
    waiting.add_done_callback(lambda _: done.set())  # after the one of the tasks
    work.close_store(lambda: None)
    delete(work)
    may_end.set()
    assert done.wait(PATIENCE)
    assert not caplog.records


def test_the_thread_of_an_executor_that_is_gone_ends() -> None:
    """As when the window is made anew in another language: each time one more would be left."""
    executor = DaemonExecutor("gone")
    executor.submit(lambda: None).result(PATIENCE)
    (thread,) = [each for each in threading.enumerate() if each.name == "gone"]
    del executor
    gc.collect()
    thread.join(PATIENCE)
    assert not thread.is_alive()
