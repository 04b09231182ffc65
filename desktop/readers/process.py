"""The parent's side of the readers: starts a process for a file, watches its memory and time, and ends it.

Implements the seams of `core/documents/document.py`. It runs on the loop thread and never touches the file itself,
which may be on a disk that hangs.
"""

from __future__ import annotations

import asyncio
import logging
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from desktop.core import processes
from desktop.core.bounds import READER_BYTES, READER_SECONDS, READER_SILENCE
from desktop.core.documents.document import (
    READER_SWITCH,
    Opened,
    PagePicture,
    ReadingError,
    ReadingEvent,
    ReadingProblem,
    Remark,
    Section,
    WordsOnPage,
)
from desktop.core.processes import environment, process_options
from desktop.readers.wire import Done, Drawing, Failed, ReadingOrder, Received, lines_of

_log = logging.getLogger(__name__)

_LOOK = 0.05  # seconds between two looks at the memory; one takes 6 microseconds
_TIME_TO_DIE = 1.0  # seconds; a process that waits for a disk that hangs can't even be killed
_TIME_TO_GIVE_UP = 0.2  # seconds
_CHUNK = 1 << 16
_CALM = psutil.BELOW_NORMAL_PRIORITY_CLASS if psutil.WINDOWS else 15
_LONGEST_LINE = 1 << 28
_ENDED_BY_FILTER = -31  # SIGSYS of Linux, by `confinement`


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a process: memory in bytes, seconds without a piece of news, seconds in all for one order.

    `is_calm`: it has the processor when nothing else wants it.
    """

    memory: int = READER_BYTES
    silence: float = READER_SILENCE
    seconds: float = READER_SECONDS
    is_calm: bool = False


@asynccontextmanager
async def running(program: Sequence[str], limits: Limits) -> AsyncIterator[Running]:
    """Run a process, which does not outlive the block. Raises `ReadingError` if it can't be started."""
    try:
        process = await _start(program)
    except OSError as error:
        raise ReadingError(ReadingProblem.CRASHED, str(error)) from error
    if limits.is_calm:
        with suppress(psutil.Error, OSError):
            psutil.Process(process.pid).nice(_CALM)
    made = Running(process, limits)
    watching = asyncio.create_task(made.watch())
    try:
        yield made
    finally:
        watching.cancel()
        await _kill(process)


async def _start(program: Sequence[str]) -> Process:
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *program, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment(), **process_options()
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        # A process that is given up while its pipes are being joined is killed, but Python waits for it for ever unless
        # it is told twice, and that would hold up the end of the program.
        starting.cancel()
        await asyncio.wait([starting], timeout=_TIME_TO_GIVE_UP)
        starting.cancel()
        if starting.done() and not starting.cancelled() and starting.exception() is None:
            await _kill(starting.result())
        raise


async def _kill(process: Process) -> None:
    # Python's own `kill` first asks if it has ended, and takes the answer away from who waits for that, who then says
    # on standard error that he knows no such process.
    with suppress(psutil.Error):
        if process.returncode is None:
            psutil.Process(process.pid).kill()
    # What is still in the pipe is read, too, since it is closed only then.
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(process.communicate()), _TIME_TO_DIE)


class Running:
    """A process that was started, with the limits that it is held to."""

    def __init__(self, process: Process, limits: Limits) -> None:
        self._process = process
        self._limits = limits
        self._most = 0

    async def write(self, value: object) -> None:
        """Hand an order, or a part of one, over."""
        assert self._process.stdin is not None
        for line in lines_of(value):
            with suppress(ConnectionError):  # it has ended already, which its output will tell
                self._process.stdin.write(line)
                await self._process.stdin.drain()

    async def answers(self, *kinds: type[Any]) -> AsyncGenerator[Any, None]:
        """Yield the answers of some kinds as they come. Raises `ReadingError`, also where it ends before it is done."""
        received = Received(*kinds, Failed)
        async with aclosing(self._lines()) as lines:
            async for line in lines:
                try:
                    answer = received.value(line)
                except Exception as error:
                    raise ReadingError(ReadingProblem.CRASHED, "not understood") from error
                if isinstance(answer, Failed):
                    raise ReadingError(answer.problem, answer.detail)
                if answer is not None:
                    yield answer
        raise await self._end()

    async def _lines(self) -> AsyncGenerator[bytes, None]:
        assert self._process.stdout is not None
        loop = asyncio.get_running_loop()
        left = self._limits.seconds
        begun: list[bytes] = []
        length = 0
        while True:
            since = loop.time()
            try:
                data = await asyncio.wait_for(self._process.stdout.read(_CHUNK), min(self._limits.silence, left))
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

    async def watch(self) -> None:
        """Look at its memory again and again until it has ended, and end it when it takes too much."""
        with suppress(psutil.Error, ProcessLookupError):
            looked_at = psutil.Process(self._process.pid)
            while self._process.returncode is None:
                self._most = max(self._most, looked_at.memory_info().rss)
                if self._most > self._limits.memory:
                    self._process.kill()
                    return
                await asyncio.sleep(_LOOK)

    async def _end(self) -> ReadingError:
        """Return why it ended before it was done."""
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._process.wait()), _TIME_TO_DIE)
        _log.info("a reader ended with %s, with %d MiB at most", self._process.returncode, self._most >> 20)
        if self._most > self._limits.memory:
            return ReadingError(ReadingProblem.TOO_LARGE, "memory")
        if self._process.returncode == _ENDED_BY_FILTER:
            return ReadingError(ReadingProblem.ENDED)
        return ReadingError(ReadingProblem.CRASHED, f"ended with {self._process.returncode}")


_AT_ONCE = 2  # files; each may take as much memory as the limit


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

    async def _events(self, order: ReadingOrder) -> AsyncGenerator[Any, None]:
        program = self._program or processes.command(READER_SWITCH, "desktop.readers.child")
        async with self._turns, running(program, self._limits) as process:
            await process.write(order)
            async with aclosing(process.answers(Opened, Section, Remark, PagePicture, Done)) as events:
                async for event in events:
                    if isinstance(event, Done):
                        return
                    yield event
