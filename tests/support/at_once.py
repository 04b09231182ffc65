"""Stands where work in the background is done: does it at once, on the thread that asks for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from desktop.runtime.background import Awaited, Task


class AtOnce:
    """A `BackgroundTasks` of which nothing is waited for."""

    def run(self, function: Callable[..., Any], *args: Any) -> Awaited[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(function(*args))
        except Exception as error:
            done.set_exception(error)
        return Awaited(done, self)  # type: ignore[arg-type]

    aside = slowly = run

    def step_after(self, future: Future[Any], task: Task) -> None:
        task.step()
