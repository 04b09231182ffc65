"""The parent's side of the readers: starts a process for a file, watches it, and ends it.

Implements the seams of `core/documents/reading.py`. It runs on the loop thread and never touches the file itself, which
may be on a disk that hangs.
"""

from __future__ import annotations

import asyncio
import logging
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from desktop.core.documents.document import Remark, Section
from desktop.core.documents.reading import (
    Opened,
    PagePicture,
    ReadingError,
    ReadingEvent,
    ReadingProblem,
    WordsOnPage,
)
from desktop.core.processes.child import process_options
from desktop.readers.launch import command, environment
from desktop.readers.wire import Done, Drawing, EventsOfLines, ReadingOrder, WireEvent

_log = logging.getLogger(__name__)

_AT_ONCE = 2  # files; each may take as much memory as the limit
_LOOK = 0.05  # seconds between two looks at the memory; one takes 6 microseconds
_TIME_TO_DIE = 1.0  # seconds; a process that waits for a disk that hangs can't even be killed
_CHUNK = 1 << 16
_LONGEST_LINE = 1 << 28


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a reader: memory in bytes, seconds without a piece of news, seconds in all."""

    memory: int = 700 << 20
    silence: float = 30.0
    seconds: float = 300.0


class ReaderProcess:
    """Reader of files, each in a process of its own, at most two at once; others wait for their turn."""

    def __init__(self, limits: Limits | None = None, program: Sequence[str] | None = None) -> None:
        """Prepare for reading; `program` is the command line of a reader, the program's own by default."""
        self._limits = limits or Limits()
        self._program = program
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def read(
        self, path: Path, name: str, *, password: str = "", encoding: str = ""
    ) -> AsyncGenerator[ReadingEvent, None]:
        """Yield `Opened`, then the sections in order as they are read, and remarks.

        `name` is the file's own, whose ending helps where the content does not tell. `encoding` overrides the one
        recognised. Cancelling ends the process. Raises `ReadingError`.
        """
        order = ReadingOrder(str(path.absolute()), name, password, encoding)
        async with aclosing(self._events(order)) as events:
            async for event in events:
                if isinstance(event, Opened | Section | Remark):
                    yield event

    async def draw_pages(
        self,
        path: Path,
        numbers: Sequence[int],
        *,
        dpi: int = 0,
        width: int = 0,
        password: str = "",
        sought: WordsOnPage | None = None,
    ) -> AsyncGenerator[PagePicture, None]:
        """Yield a picture of each of these pages of a PDF file; see `PageDrawer`. Raises `ReadingError`."""
        drawing = Drawing(tuple(numbers), dpi, width, sought)
        order = ReadingOrder(str(path.absolute()), path.name, password, drawing=drawing)
        async with aclosing(self._events(order)) as events:
            async for event in events:
                if isinstance(event, PagePicture):
                    yield event

    async def _events(self, order: ReadingOrder) -> AsyncGenerator[WireEvent, None]:
        async with self._turns, _running(self._program or command()) as process:
            watch = _Watch(process, self._limits)
            watching = asyncio.create_task(watch.run())
            try:
                await _hand_over(process, order)
                understood = EventsOfLines()
                async for line in _lines(process, self._limits):
                    event = understood.event(line)
                    if isinstance(event, Done):
                        return
                    if event is not None:
                        yield event
            except (ValueError, TypeError, KeyError) as error:
                raise ReadingError(ReadingProblem.CRASHED, "not understood") from error
            finally:
                watching.cancel()
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(process.wait()), _TIME_TO_DIE)
            raise watch.cause_of_death()


@asynccontextmanager
async def _running(program: Sequence[str]) -> AsyncIterator[Process]:
    """Run a reader's process, which does not outlive the block."""
    try:
        process = await asyncio.create_subprocess_exec(
            *program, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment(), **process_options()
        )
    except OSError as error:
        raise ReadingError(ReadingProblem.CRASHED, str(error)) from error
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        # What is still in the pipe is read, too, since it is closed only then.
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(process.communicate()), _TIME_TO_DIE)


async def _hand_over(process: Process, order: ReadingOrder) -> None:
    assert process.stdin is not None
    with suppress(ConnectionError):  # it has ended already, which its output will tell
        process.stdin.write(order.as_line())
        await process.stdin.drain()


async def _lines(process: Process, limits: Limits) -> AsyncIterator[bytes]:
    """Yield the lines of a process as they come. Raises `ReadingError` for one that says nothing for too long."""
    assert process.stdout is not None
    loop = asyncio.get_running_loop()
    left = limits.seconds
    begun: list[bytes] = []
    length = 0
    while True:
        since = loop.time()
        try:
            data = await asyncio.wait_for(process.stdout.read(_CHUNK), min(limits.silence, left))
        except TimeoutError as error:
            raise ReadingError(ReadingProblem.TOO_LONG) from error
        left = max(0.0, left - (loop.time() - since))  # time that is spent on what came is not the reader's
        if not data:
            return
        *ended, rest = data.split(b"\n")
        for each in ended:
            yield b"".join([*begun, each])
            begun, length = [], 0
        begun.append(rest)
        length += len(rest)
        if length > _LONGEST_LINE:
            raise ReadingError(ReadingProblem.TOO_LARGE)


class _Watch:
    """Watch over a process's memory, which ends it when it takes too much."""

    def __init__(self, process: Process, limits: Limits) -> None:
        self._process = process
        self._limits = limits
        self._most = 0

    async def run(self) -> None:
        """Look again and again, until the process has ended."""
        with suppress(psutil.Error, ProcessLookupError):
            looked_at = psutil.Process(self._process.pid)
            while self._process.returncode is None:
                self._most = max(self._most, looked_at.memory_info().rss)
                if self._most > self._limits.memory:
                    self._process.kill()
                    return
                await asyncio.sleep(_LOOK)

    def cause_of_death(self) -> ReadingError:
        """Return why the process ended before it was done."""
        _log.info("a reader ended with %s, with %d MiB at most", self._process.returncode, self._most >> 20)
        if self._most > self._limits.memory:
            return ReadingError(ReadingProblem.TOO_LARGE, "memory")
        return ReadingError(ReadingProblem.CRASHED, f"ended with {self._process.returncode}")
