"""The parent's side of the built-in engine: starts its process, watches it, and ends it.

Implements `core.engine.Engine`. All methods run on the loop thread. It does not speak HTTP: the engine reports its
address only when the model is loaded and the server listens.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from desktop.core import processes
from desktop.core.engine import ENGINE_SWITCH, EngineAddress, EnginePace, EngineWishes
from desktop.core.errors import EngineFailed
from desktop.core.models.file import pieces_of
from desktop.engine.child import EngineOrder, EngineReport, as_line, parsed
from desktop.engine.computer import has_avx2, is_short_of_memory, load_seconds, wished_context

_log = logging.getLogger(__name__)
_SHOWN_LINES = 40  # of the log, for whoever looks for a fault

_PATIENCE = 1.0  # seconds from the polite signal to the one that cannot be refused
_TIME_TO_DIE = 0.5  # seconds that a broken connection may be ahead of the news that the process has ended
_SIGKILL = 9
_PASSED_PREFIXES = ("GGML_", "CUDA_", "HIP_", "ROCR_", "VK_", "OMP_", "GOMP_")  # choices of graphics card and threads
# Looks of a computing thread for the others before it sleeps; libgomp takes 300,000 by itself. Tokens a second of the
# starter model on two cores, both free and with one busy: 100 looks 92 to 109 and 82, 200 looks 145 and 69, 10,000
# looks 155 and 15 to 32.
_LOOKS = "200"


def command() -> list[str]:
    """Return the command line of the engine's process."""
    return processes.command(ENGINE_SWITCH, "desktop.engine.child")


def environment() -> dict[str, str]:
    """Return the environment of the engine's process."""
    passed = processes.environment(_PASSED_PREFIXES)
    passed.setdefault("GOMP_SPINCOUNT", _LOOKS)
    return passed


@dataclass(eq=False)
class EngineProcess:
    """The engine's process: one at a time, serving one model file.

    `context_length` (tokens) and `threads` override what the engine chooses by itself; `wishes` are looked up with each
    load, and lead to one. Another model, or a larger window for the same, ends the old process, with whatever it was
    generating; callers have to wait for the end of a reply.
    """

    context_length: int | None = None
    threads: int | None = None
    wishes: Callable[[], EngineWishes] = EngineWishes
    free_memory: Callable[[], int] = lambda: psutil.virtual_memory().available

    def __post_init__(self) -> None:
        self._turn = asyncio.Lock()
        self._running: _Running | None = None
        self._last_failure = ""
        self._last_log: list[str] = []  # of the engine before

    @property
    def log_lines(self) -> list[str]:
        """The last lines that the engine has printed, or the one before it if none runs."""
        return self._running.log.lines[-_SHOWN_LINES:] if self._running is not None else self._last_log

    @property
    def pid(self) -> int | None:
        """The process id of the engine that is loading or serving; None if there is none."""
        return self._running.process.pid if self._running is not None and self._running.is_alive else None

    async def ensure(self, model: Path, window: int | None = None) -> EngineAddress:
        """Load `model` and return the engine's address, at once if it is loaded already, with such a window or more.

        A second call waits for the first one. Cancelling ends the load. Raises `EngineFailed`.
        """
        if has_avx2() is False:
            raise EngineFailed(reason="processor")
        async with self._turn:
            running = self._running
            if running is not None and running.address is not None and running.serves(model, window, self.wishes()):
                return running.address
            await self._end()
            self._last_failure = ""
            try:
                self._running = await self._started(model, window)
                return await self._running.loaded()
            except BaseException:
                await self._end()
                raise

    def would_load(self, model: Path, window: int | None = None) -> bool:
        """Return True if `ensure` would end what runs, or has nothing to end."""
        running = self._running
        if running is not None and running.for_others > 0 and is_short_of_memory(self.free_memory()):
            running.gives_back = True
        return running is None or not running.serves(model, window, self.wishes())

    async def failure(self) -> str:
        """Return why the engine died by itself, from its log; empty while it lives, or if it was ended on purpose."""
        running = self._running
        if running is None or running.address is None:
            return self._last_failure
        try:
            await asyncio.wait_for(running.ended(), _TIME_TO_DIE)
        except TimeoutError:
            return ""
        if self._running is running:
            self._last_failure = running.cause_of_death
        return self._last_failure

    async def end_frozen(self, cause: str) -> None:
        """End a process that answers no more; `cause` is then its failure."""
        self._last_failure = cause
        await self._end()

    async def aclose(self) -> None:
        """End the process, also one that is still loading; safe to call twice."""
        await self._end()

    async def _started(self, model: Path, window: int | None) -> _Running:
        wishes = self.wishes()
        fixed, wished = wished_context(wishes.context, window)
        if self.context_length is not None:
            fixed = max(self.context_length, window or 0)
        order = EngineOrder(
            str(model.absolute()),
            secrets.token_urlsafe(32),
            fixed,
            self.threads,
            wished,
            leaves_room=wishes.pace is EnginePace.USABLE,
        )
        try:
            process = await asyncio.create_subprocess_exec(
                *command(), stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment(), **processes.process_options()
            )
        except OSError as error:
            raise EngineFailed(str(error)) from error
        return _Running(process, order, model, wishes)

    async def _end(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            await running.end()
            self._last_log = running.log.lines[-_SHOWN_LINES:]


@dataclass(eq=False)
class _Running:
    """A process that has been started, its log, and the task that reads it."""

    process: Process
    order: EngineOrder
    model: Path
    wishes: EngineWishes
    address: EngineAddress | None = None
    for_others: int = 0  # bytes that it keeps of conversations other than the one in front
    gives_back: bool = False  # it is loaded again at the next turn, and keeps as much as there is room for then

    def __post_init__(self) -> None:
        self.log = EngineLog()
        self._reading_log = asyncio.create_task(self._read_log())

    @property
    def is_alive(self) -> bool:
        return self.process.returncode is None

    def serves(self, model: Path, window: int | None, wishes: EngineWishes) -> bool:
        """Return True if it serves this model as is wished, with as much of this window as there is memory for."""
        has = self.address.window if self.address is not None else None
        is_enough = window is None or window <= max(has or 0, self.order.wished or 0)
        return self.is_alive and self.model == model and self.wishes == wishes and is_enough and not self.gives_back

    @property
    def cause_of_death(self) -> str:
        code = self.process.returncode
        ended = f"was ended by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"
        return self.log.causes or f"the engine {ended}"

    async def loaded(self) -> EngineAddress:
        """Wait until the model is loaded, and return the address. Raises `EngineFailed`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        began, line = time.monotonic(), b""
        try:
            async with asyncio.timeout(load_seconds(await asyncio.to_thread(_size_of, self.model))):
                self.process.stdin.write(as_line(self.order))
                await self.process.stdin.drain()
                line = await self.process.stdout.readline()
        except TimeoutError:  # before it has a server, a chat template is tried, which can be a program without end
            raise EngineFailed(reason="endless_load") from None
        except (ConnectionError, ValueError):
            pass
        try:
            report = parsed(EngineReport, line)
        except ValueError:
            report = EngineReport(reason="crashed")
        if report.base_url:
            self.for_others = report.for_others
            self.address = EngineAddress(
                report.base_url, self.order.key, report.window, load_seconds=time.monotonic() - began
            )
            _log.info("the engine serves %s at %s", self.model, report.base_url)
            return self.address
        await self.ended()
        if report.reason != "crashed":
            raise EngineFailed(report.detail, reason=report.reason)
        reason = self.log.reason
        if reason == "crashed" and sys.platform == "linux" and self.process.returncode == -_SIGKILL:
            reason = "out_of_memory"  # nobody but the kernel's memory killer does this to a process that is loading
        raise EngineFailed(self.log.causes or report.detail or self.cause_of_death, reason=reason)

    async def ended(self) -> None:
        """Wait until the process has ended and all of its log has been read."""
        await self.process.wait()
        await asyncio.shield(self._reading_log)

    async def end(self) -> None:
        """End the process and collect it; a second cancellation while waiting kills it at once."""
        self._signal(self.process.terminate)
        try:
            await asyncio.wait_for(self.process.wait(), _PATIENCE)
        except TimeoutError:
            self._signal(self.process.kill)
            await self.process.wait()
        except BaseException:
            self._signal(self.process.kill)
            raise
        finally:
            assert self.process.stdin is not None
            self.process.stdin.close()
        await asyncio.shield(self._reading_log)

    def _signal(self, send: Callable[[], None]) -> None:
        if self.is_alive:
            with suppress(ProcessLookupError):  # it has ended in this very moment
                send()

    async def _read_log(self) -> None:
        assert self.process.stderr is not None
        while data := await self.process.stderr.read(1 << 14):
            self.log.feed(data)


def _size_of(model: Path) -> int:
    """Return the bytes of a model's files; of what is not there the engine tells."""
    try:
        return sum(each.stat().st_size for each in pieces_of(model))
    except (OSError, ValueError):
        return 0


# --- The log ---------------------------------------------------------------------------------------------------------
# It stays in memory: a bounded tail of what llama.cpp prints, which is nothing of a conversation at this verbosity.

_KEPT_LINES = 400
_LONGEST_LINE = 500
_SHOWN_CAUSES = 4

# "0.00.005.161 E srv    load_model: failed to load model, 'x.gguf'": clock, level, then the place in llama.cpp.
_LINE = re.compile(r"^\d+(?:\.\d+)+ (?P<level>[IWEFD]) (?P<text>.*)$")
_PLACE = re.compile(r"^(?:\w{2,4}\s+)?(?:\w[\w:~]*(?:\(\))?:\s+)+(?:error loading model:\s+)?(?:\w+:\s+)?")
_ASSERTION = re.compile(r"GGML_ASSERT|GGML_ABORT|terminate called|what\(\):|Fatal Python error|Error: |error: ")
# True of every failed load; they say nothing about its cause.
_GENERIC = re.compile(
    r"^failed to load model(?:, '.*'| '.*')?$|^failed to load model from \S+$|exiting due to model loading error"
    r"|trying to fit params|please check the input params"
)
_OUT_OF_MEMORY = re.compile(
    r"bad_alloc|out ?of ?memory|cannot allocate memory|(?:failed|unable) to allocate|OutOfDeviceMemory"
    r"|insufficient memory|alloc\w* of size \d+ failed",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"chat template parsing error")
_BAD_FILE = re.compile(r"error loading model|invalid magic|failed to open GGUF|unknown model architecture|gguf_init")


class EngineLog:
    """A tail of the log; `feed` it with bytes as they come."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._partial = b""

    def feed(self, data: bytes) -> None:
        *whole, self._partial = (self._partial + data).split(b"\n")
        self._partial = self._partial[:_LONGEST_LINE]
        self._lines.extend(_clean(line) for line in whole)

    @property
    def lines(self) -> list[str]:
        return [*self._lines, _clean(self._partial)] if self._partial else list(self._lines)

    @property
    def causes(self) -> str:
        """The lines that name a failure, without clocks and repetitions; empty if none does."""
        found: dict[str, None] = {}
        for line in self.lines:
            cause = _cause(line)
            if cause:
                found.setdefault(cause)
        return "\n".join(list(found)[:_SHOWN_CAUSES])

    @property
    def reason(self) -> str:
        """The kind of failure: `template`, `bad_file` or `out_of_memory` if the log says so, else `crashed`."""
        text = "\n".join(self.lines)
        if _TEMPLATE.search(text):
            return "template"
        if _OUT_OF_MEMORY.search(text):
            return "out_of_memory"
        return "bad_file" if _BAD_FILE.search(text) else "crashed"


def _clean(line: bytes) -> str:
    return line[:_LONGEST_LINE].decode("utf-8", errors="replace").rstrip()


def _cause(line: str) -> str:
    match = _LINE.match(line)
    if match is None:
        return line.strip() if _ASSERTION.search(line) or _OUT_OF_MEMORY.search(line) else ""
    if match["level"] not in "EF":
        return ""
    text = _PLACE.sub("", match["text"]).strip()
    return "" if _GENERIC.search(text) else text
