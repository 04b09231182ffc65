"""A thread for what may wait for long: the user, a keyring, a folder on another computer. Nobody waits for it."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

_Task = tuple[Callable[[], Any], Future[Any]]


class DaemonExecutor:
    """An executor that never keeps the process alive: a thread pool's threads are joined at exit.

    Runs functions one after another. The thread ends with it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._waiting: SimpleQueue[_Task | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        # A window that is made anew, in another language, leaves no thread of the old one behind.
        weakref.finalize(self, self._waiting.put, None).atexit = False

    def submit(self, function: Callable[[], Any]) -> Future[Any]:
        """Queue a function and return the future of its result. Runs on the GUI thread."""
        future: Future[Any] = Future()
        self._waiting.put((function, future))
        if self._thread is None:
            self._thread = threading.Thread(target=_run, args=(self._waiting,), name=self._name, daemon=True)
            self._thread.start()
        return future

    def cancel_waiting(self) -> None:
        """Cancel what has not begun; what runs goes on."""
        while not self._waiting.empty():
            with suppress(Empty):  # taken by the thread meanwhile
                waiting = self._waiting.get_nowait()
                if waiting is not None:
                    waiting[1].cancel()

    def end(self) -> None:
        """End the thread once it has done what was submitted; it accepts nothing more."""
        self._waiting.put(None)


def _run(tasks: SimpleQueue[_Task | None]) -> None:
    """Do what is submitted, until the executor is ended or gone: it knows the queue alone, and keeps nothing alive."""
    while (waiting := tasks.get()) is not None:
        function, future = waiting
        if future.set_running_or_notify_cancel():
            try:
                result = function()
            except Exception as error:
                future.set_exception(error)
            else:
                future.set_result(result)
                del result
        del waiting, function, future  # nothing of the last work must live, and end, here until the next
