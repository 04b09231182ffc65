"""Work off the GUI thread, and `await` for what comes of it; and the collection of garbage on that thread alone.

Sockets live on the loop's thread, SQLite on the store's; what may wait for the user or a slow device has threads that
nobody waits for. A method of the GUI thread awaits all of them alike:

    @gui_task
    async def read_again(self) -> None:
        found = await self._work.run(self._store.path, self._conversation.id)
        self.changed.emit(found)

Calling it runs it up to its first `await`, as a function, and returns its `Task`. Nothing of it runs once that is
cancelled, or its object is gone. What it raises goes to `BackgroundTasks.failed` if it is the disk's, else to Qt.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import sys
import threading
import weakref
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import wraps
from importlib.machinery import FileFinder
from itertools import count
from queue import Empty, SimpleQueue
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from desktop.core.errors import StoreError

_log = logging.getLogger(__name__)

Owner = TypeVar("Owner")
Arguments = ParamSpec("Arguments")
T = TypeVar("T")


class LoopThread:
    """An asyncio loop in a daemon thread. `start` once, `stop` once."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="loop", daemon=True)
        self._stopped = asyncio.Event()
        self._is_stopped = False
        self._note: Callable[[dict[str, Any]], None] | None = None

    def start(self, note: Callable[[dict[str, Any]], None] | None = None) -> None:
        """Start. `note` is called on the loop's thread with each fault of a task that nobody awaits."""
        self._note = note
        self._thread.start()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine on the loop, and return its future; cancelling that cancels the task.

        After `stop` it is cancelled at once: a timer of the window may come after the last of its work.
        """
        self._ready.wait()
        assert self._loop is not None
        if not self._is_stopped:
            return asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        coroutine.close()
        cancelled: Future[T] = Future()
        cancelled.cancel()
        return cancelled

    def stop(self, timeout: float = 3.0) -> None:
        """Cancel what runs, close the loop and join the thread; waits `timeout` seconds at most."""
        self._is_stopped = True
        if not self._thread.is_alive():
            return
        self._ready.wait()
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(timeout)

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            if (note := self._note) is not None:
                self._loop.set_exception_handler(lambda _, context: note(context))
            self._ready.set()
            runner.run(self._stopped.wait())  # Runner's exit cancels the other tasks and closes generators


_Queued = tuple[Callable[[], Any], Future[Any]]


class DaemonExecutor:
    """An executor that never keeps the process alive: a thread pool's threads are joined at exit.

    Runs functions one after another. The thread ends with it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._waiting: SimpleQueue[_Queued | None] = SimpleQueue()
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


def _run(tasks: SimpleQueue[_Queued | None]) -> None:
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


class Awaited(Generic[T]):
    """Work that was handed to another thread; to be awaited in a `gui_task`.

    `is_always_done`: a task that is cancelled leaves it to be done, such as a write.
    """

    def __init__(self, future: Future[T], stepper: BackgroundTasks, *, is_always_done: bool = False) -> None:
        self.future = future
        self.stepper = stepper
        self.is_always_done = is_always_done

    def __await__(self) -> Generator[Awaited[T], None, T]:
        yield self
        return self.future.result()


class Task:
    """A coroutine that runs on the GUI thread alone, until it has ended or is cancelled."""

    def __init__(self, coroutine: Coroutine[Awaited[Any], None, None], owner: object) -> None:
        self._coroutine = coroutine
        self._owner = owner
        self._awaited: Awaited[Any] | None = None
        self.is_running = True

    def step(self) -> None:
        """Run on to the next `await`. Raises what the coroutine raises."""
        is_gone = isinstance(self._owner, QObject) and not isValid(self._owner)
        if is_gone or (self._awaited is not None and self._awaited.future.cancelled()):
            self.cancel()
        if not self.is_running:
            return
        self._awaited = None
        try:
            self._awaited = self._coroutine.send(None)
        except BaseException as end:
            self.is_running = False
            if isinstance(end, StopIteration):
                return
            raise
        if self.is_running:
            self._awaited.stepper.step_after(self._awaited.future, self)
        else:  # cancelled by what it has just called
            self.cancel()

    def cancel(self) -> None:
        """Run no further, and cancel what is awaited."""
        self.is_running = False
        if self._awaited is not None:
            if not self._awaited.is_always_done:
                self._awaited.future.cancel()
            self._coroutine.close()


async def _nothing() -> None: ...


NO_TASK = Task(_nothing(), None)  # has ended: what a field holds whose work has not begun, or is over
NO_TASK.step()


def gui_task(
    method: Callable[Concatenate[Owner, Arguments], Coroutine[Any, None, None]],
) -> Callable[Concatenate[Owner, Arguments], Task]:
    """Have a method that is a coroutine begun when it is called."""

    @wraps(method)
    def begin(owner: Owner, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Task:
        task = Task(method(owner, *args, **kwargs), owner)
        task.step()
        return task

    return begin


class BackgroundTasks(QObject):
    """A runner of tasks that delivers outcomes on the thread that made this object (the GUI's)."""

    failed = Signal(object)  # StoreError that a task did not handle
    _delivered = Signal(object, object)

    def __init__(self, loop: LoopThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.loop = loop
        # One thread: SQLite connections belong to it, and writes stay in the order in which they were asked for.
        self._store_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        # Keyrings may ask the user and take their time; they must not hold up the store.
        self._slow_thread = DaemonExecutor("slow")
        self._computing_thread = DaemonExecutor("computing")
        self.is_closed = False  # nothing is taken, and no callback comes any more
        self._posting = threading.RLock()
        # Tasks that await something, by a number: other threads must not hold, and so end, what belongs to the GUI's.
        self._waiting: dict[int, Task] = {}
        self._numbers = count()
        self._delivered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(self, function: Callable[Arguments, T], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Awaited[T]:
        """Have a function called on the store's thread, after all that was handed over before."""
        return Awaited(self._store_thread.submit(function, *args, **kwargs), self, is_always_done=True)

    def on_loop(self, coroutine: Coroutine[Any, Any, T]) -> Awaited[T]:
        """Run a coroutine on the loop's thread."""
        return Awaited(self.loop.submit(coroutine), self)

    def on(self, thread: DaemonExecutor, function: Callable[[], T]) -> Awaited[T]:
        """Have a function called on a thread of the caller's, which nobody waits for."""
        return Awaited(thread.submit(function), self)

    def aside(self, function: Callable[[], T]) -> Awaited[T]:
        """Have a function called on a thread of its own: what does not answer must hold up nothing else."""
        thread = DaemonExecutor("aside")
        awaited = self.on(thread, function)
        thread.end()
        return awaited

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
        future.add_done_callback(lambda _: self.post(self._step, number))

    def _step(self, number: int) -> None:
        try:
            self._waiting.pop(number).step()
        except StoreError as error:
            self.failed.emit(error)

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

    def post(self, callback: Callable[[Any], None], outcome: Any) -> None:
        """Have a callback called on the GUI thread, if the program still runs then. May be called from any thread."""
        with self._posting:  # or this object may be gone, with its window, by the time that Qt is asked
            if not self.is_closed:
                self._delivered.emit(callback, outcome)

    def _deliver(self, callback: Callable[[Any], None], outcome: Any) -> None:
        if not self.is_closed:
            callback(outcome)


_INTERVAL_MS = 1000
_LONGEST_MS = 16_000  # between two looks at a program that does nothing: a timer keeps a processor from its sleep
_LITTLE = 100  # objects more or fewer than at the last look: nothing has happened but that look
_OLDEST = 2
# A whole collection walks every object there is, so it waits until much has survived the younger ones.
_SURVIVORS_FOR_OLDEST = 50


# Python would collect on whichever thread makes an object: one of Qt in a cycle would then end on the loop's thread,
# which crashes. And a long collection is not to fall into the flush of an answer: here the timer decides when.
class GarbageCollector(QObject):
    """A replacement of the automatic collections from `start` until `stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = False
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self._look)
        self._seen = 0  # the youngest objects at the last look
        self._has_rested = False

    def start(self) -> None:
        """Take over; the objects alive now are expected to live on, and are frozen (not walked again)."""
        self._was_enabled = gc.isenabled()
        gc.disable()
        gc.collect()
        gc.freeze()
        self._timer.start()

    def stop(self) -> None:
        """Restore automatic collection; safe to call without `start`."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    def _look(self) -> None:
        """Collect what there is to collect; look more and more rarely while nothing happens."""
        youngest = gc.get_count()[0]
        is_quiet = abs(youngest - self._seen) < _LITTLE
        self._collect()
        self._seen = gc.get_count()[0]
        if not is_quiet:
            self._has_rested = False
            self._wait(_INTERVAL_MS)
            return
        if not self._has_rested:
            self._has_rested = True
            _forget_folders()
            give_back_memory()
        self._wait(min(2 * self._timer.interval(), _LONGEST_MS))

    def _wait(self, milliseconds: int) -> None:
        if milliseconds != self._timer.interval():
            coarse = milliseconds > _INTERVAL_MS
            self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer if coarse else Qt.TimerType.CoarseTimer)
            self._timer.setInterval(milliseconds)

    def _collect(self) -> None:
        youngest, middle, oldest = gc.get_count()
        first, _, _ = gc.get_threshold()
        if oldest > _SURVIVORS_FOR_OLDEST:
            gc.collect(_OLDEST)
        elif youngest > first or middle > 0:
            gc.collect(1)


def give_back_memory() -> None:
    """Give back to the system what the C library keeps of memory that is free, where it can be asked to (glibc).

    By itself it gives back the end of its heap alone: reading certificates and modules leaves megabytes free in the
    middle.
    """
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library; on Windows there is no such name at all
        return
    trim(0)


def _forget_folders() -> None:
    """Have Python forget the names of all files in the folders that it has imported from; it reads them again."""
    for path, finder in list(sys.path_importer_cache.items()):
        if isinstance(finder, FileFinder):
            sys.path_importer_cache.pop(path, None)
