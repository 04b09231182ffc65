"""`await` across threads: a coroutine that is stepped on the GUI thread, and awaits what other threads do.

    @gui_task
    async def read_again(self) -> None:
        found = await self._work.run(self._store.path, self._conversation.id)
        self.changed.emit(found)

Calling it runs it up to its first `await`, as a function, and returns its `Task`. After that it is stepped by
`BackgroundTasks`, which hears of what it raises. Nothing of it runs once it is cancelled, or its object is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import Future
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid

Owner = TypeVar("Owner")
Arguments = ParamSpec("Arguments")
T = TypeVar("T")


class Stepper(Protocol):
    """Who steps a task on the GUI thread when a future has ended."""

    def step_after(self, future: Future[Any], task: Task) -> None: ...


class Awaited(Generic[T]):
    """Work that was handed to another thread; to be awaited in a `gui_task`.

    `is_always_done`: a task that is cancelled leaves it to be done, such as a write.
    """

    def __init__(self, future: Future[T], stepper: Stepper, *, is_always_done: bool = False) -> None:
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
