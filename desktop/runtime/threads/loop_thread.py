"""The one thread that asyncio runs in; every socket of the program lives there.

Waits for nothing on behalf of the GUI: work is handed over, results come back by Qt signals (see
`background_tasks.py`).
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")

# What anyio 4.16 says where a connection is given up before its attempt has taken a step: nothing is wrong then.
_NO_MISTAKE = r"coroutine 'connect_tcp\.<locals>\.try_connect' was never awaited"


class LoopThread:
    """An asyncio loop in a daemon thread. `start` once, `stop` once."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="loop", daemon=True)
        self._is_stopped = False
        self._note: Callable[[dict[str, Any]], None] | None = None

    def start(self) -> None:
        self._thread.start()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine on the loop, and return its future; cancelling that cancels the task.

        After `stop` it is cancelled at once: a timer of the window may come after the last of its work.
        """
        import asyncio

        self._ready.wait()
        assert self._loop is not None
        if not self._is_stopped:
            return asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        coroutine.close()
        cancelled: Future[T] = Future()
        cancelled.cancel()
        return cancelled

    def hear_of_faults(self, note: Callable[[dict[str, Any]], None]) -> None:
        """Call `note` on the loop's thread with each fault of a task that nobody awaits. Has to come before `start`."""
        self._note = note

    def stop(self, timeout: float = 3.0) -> None:
        """Cancel what runs, close the loop and join the thread; waits `timeout` seconds at most."""
        self._is_stopped = True
        if not self._thread.is_alive():
            return
        self._ready.wait()
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._cancel_all)
        self._thread.join(timeout)

    def _run(self) -> None:
        import asyncio

        warnings.filterwarnings("ignore", _NO_MISTAKE, RuntimeWarning)
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            if (note := self._note) is not None:
                self._loop.set_exception_handler(lambda _, context: note(context))
            self._stopped = asyncio.Event()
            self._ready.set()
            runner.run(self._stopped.wait())  # Runner's exit cancels the other tasks and closes generators

    def _cancel_all(self) -> None:
        self._stopped.set()
