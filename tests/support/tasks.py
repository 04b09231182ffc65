"""Coroutines of the window's thread in tests: run to their end, or with all of their work done at once."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TypeVar

from PySide6.QtCore import QObject

from desktop.runtime.background import Awaited, Task

T = TypeVar("T")


class AtOnce(QObject):
    """A `BackgroundTasks` of which nothing is waited for."""

    def run(self, function, *args):
        done = Future()
        try:
            done.set_result(function(*args))
        except Exception as error:
            done.set_exception(error)
        return Awaited(done, self)  # type: ignore[arg-type]

    aside = slowly = run

    def step_after(self, future, task):
        task.step()


def result_of(work, wait_until):
    """Run a coroutine of the window's thread to its end, and return what it does, or raise what it raises."""
    ended = []
    failed = []

    async def run():
        try:
            ended.append(await work)
        except Exception as error:
            failed.append(error)

    Task(run(), None).step()
    wait_until(lambda: bool(ended or failed))
    for error in failed:
        raise error
    return ended[0]
