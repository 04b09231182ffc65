"""Work in the background: a coroutine on the loop thread, a function on the store's thread or on another.

It is awaited in a `gui_task` (see `awaiting.py`), or calls back on the GUI thread. It never touches widgets.
"""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from itertools import count
from threading import RLock
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.core.repository import StoreError
from desktop.runtime.threads.awaiting import Awaited, Task
from desktop.runtime.threads.daemon_executor import DaemonExecutor
from desktop.runtime.threads.loop_thread import LoopThread

_log = logging.getLogger(__name__)

T = TypeVar("T")
Arguments = ParamSpec("Arguments")


class BackgroundTasks(QObject):
    """A runner of tasks that delivers outcomes on the thread that made this object (the GUI's)."""

    failed = Signal(object)  # StoreError that a task did not handle
    _delivered = Signal(object, object)

    def __init__(self, loop: LoopThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loop = loop
        # One thread: SQLite connections belong to it, and writes stay in the order in which they were asked for.
        self._store_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        # Keyrings may ask the user and take their time; they must not hold up the store.
        self._slow_thread = DaemonExecutor("slow")
        self._computing_thread = DaemonExecutor("computing")
        self.is_closed = False  # nothing is taken, and no callback comes any more
        self._posting = RLock()
        # Tasks that await something, by a number: other threads must not hold, and so end, what belongs to the GUI's.
        self._waiting: dict[int, Task] = {}
        self._numbers = count()
        self._delivered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def loop(self) -> LoopThread:
        return self._loop

    def run(self, function: Callable[Arguments, T], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Awaited[T]:
        """Have a function called on the store's thread, after all that was handed over before."""
        return Awaited(self._store_thread.submit(function, *args, **kwargs), self, is_always_done=True)

    def on_loop(self, coroutine: Coroutine[Any, Any, T]) -> Awaited[T]:
        """Run a coroutine on the loop's thread."""
        return Awaited(self._loop.submit(coroutine), self)

    def on(self, thread: DaemonExecutor, function: Callable[[], T]) -> Awaited[T]:
        """Have a function called on a thread of the caller's, which nobody waits for."""
        return Awaited(thread.submit(function), self)

    def slowly(self, function: Callable[[], T]) -> Awaited[T]:
        """Have a function called that may wait for the user or a slow device, on a thread of its own."""
        return Awaited(self._slow_thread.submit(function), self)

    def compute(self, function: Callable[[], T]) -> Awaited[T]:
        """Have a function called that computes for a while, after all others of its kind."""
        return Awaited(self._computing_thread.submit(function), self)

    def pause(self, milliseconds: int) -> Awaited[None]:
        """Let the window do everything else meanwhile."""
        passed: Future[None] = Future()

        def go_on() -> None:
            if passed.set_running_or_notify_cancel():
                passed.set_result(None)

        QTimer.singleShot(milliseconds, self, go_on)
        return Awaited(passed, self)

    def step_after(self, future: Future[Any], task: Task) -> None:
        """Step a task on the GUI thread when a future has ended."""
        number = next(self._numbers)
        self._waiting[number] = task
        future.add_done_callback(lambda _: self._post(self._step, number))

    def _step(self, number: int) -> None:
        try:
            self._waiting.pop(number).step()
        except StoreError as error:
            self.failed.emit(error)

    def run_on_loop(
        self,
        coroutine: Coroutine[Any, Any, Any],
        on_success: Callable[[Any], None],
        on_failure: Callable[[Exception], None],
    ) -> Future[Any]:
        """Run a coroutine on the loop thread, and return its future.

        Cancel that to stop it, after which neither callback comes.
        """
        return self._follow(self.on_loop(coroutine).future, on_success, on_failure)

    def run_on_store(
        self,
        function: Callable[[], Any],
        on_success: Callable[[Any], None] | None = None,
        on_failure: Callable[[Exception], None] | None = None,
    ) -> Future[Any]:
        """Run a function on the store's thread, after all that was submitted before, and return its future."""
        return self._follow(self._store_thread.submit(function), on_success, on_failure)

    def run_slowly(
        self,
        function: Callable[[], Any],
        on_success: Callable[[Any], None] | None = None,
        on_failure: Callable[[Exception], None] | None = None,
    ) -> Future[Any]:
        """Run a function that may wait for the user or a slow device, on a thread of its own; return its future."""
        return self._follow(self.slowly(function).future, on_success, on_failure)

    def run_on(
        self,
        thread: DaemonExecutor,
        function: Callable[[], Any],
        on_success: Callable[[Any], None] | None = None,
        on_failure: Callable[[Exception], None] | None = None,
    ) -> Future[Any]:
        """Run a function on a thread of the caller's, which nobody waits for, and return its future."""
        return self._follow(thread.submit(function), on_success, on_failure)

    def call_on_gui(self, method: weakref.WeakMethod[Callable[[], None]]) -> None:
        """Call a method on the GUI thread, unless its object has gone by then. May be called from any thread."""
        self._post(_call_if_alive, method)

    def close_store(self, last: Callable[[], None]) -> None:
        """Run `last` after all that waits for the disk, and wait for it. No callback comes any more."""
        with self._posting:
            self.is_closed = True
        self._store_thread.submit(last)
        self._store_thread.shutdown(wait=True)
        for task in list(self._waiting.values()):
            task.cancel()
        self._slow_thread.cancel_waiting()
        self._computing_thread.cancel_waiting()

    def _follow(
        self,
        future: Future[Any],
        on_success: Callable[[Any], None] | None,
        on_failure: Callable[[Exception], None] | None,
    ) -> Future[Any]:
        def done(ended: Future[Any]) -> None:
            try:
                result = ended.result()
            except CancelledError:
                return
            except Exception as error:
                if on_failure is None:
                    _log.error("background work failed", exc_info=error)
                else:
                    self._post(on_failure, error)
                return
            if on_success is not None:
                self._post(on_success, result)

        future.add_done_callback(done)
        return future

    def _post(self, callback: Callable[[Any], None], outcome: Any) -> None:
        """Have a callback called on the GUI thread. Runs on any thread."""
        with self._posting:  # or this object may be gone, with its window, by the time that Qt is asked
            if not self.is_closed:
                self._delivered.emit(callback, outcome)

    def _deliver(self, callback: Callable[[Any], None], outcome: Any) -> None:
        if not self.is_closed:
            callback(outcome)


def _call_if_alive(method: weakref.WeakMethod[Callable[[], None]]) -> None:
    found = method()
    if found is not None:
        found()
