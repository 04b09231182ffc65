"""The measurements, one function each; every one starts a program of its own with an empty home.

Times are from spawning the process, so that Python's own start counts, as it does for a user.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.measured_process import (
    cpu_seconds,
    private_bytes,
    proportional_bytes,
    thread_seconds,
    until_quiet,
)
from tests.bench.stream_server import Answer, StreamServer
from tests.bench.texts import ANSWER_BYTES, SHAPES, THINKING_BYTES, thinking, tokens_of

ROOT = Path(__file__).resolve().parents[2]
CHECKOUT: Sequence[str] = (sys.executable, "-m", "desktop")  # how what lies in the current folder is started
_WARM_UP_BYTES = 6 * 1024  # enough to have imported and laid out everything once
_WARM_UP_RATE = 1000.0
_WINDOW = 1000  # tokens whose cost is compared
_TO_GIVE_BACK = 4.0  # seconds of quiet in which garbage is collected, and free memory goes back to the system
_PATIENCE = 60.0  # seconds beyond what the stream itself takes


@dataclass(frozen=True, slots=True)
class Start:
    """Milliseconds; CPU is of the whole run to the first paint and out."""

    first_paint: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes."""

    proportional: int
    private: int


@dataclass(frozen=True, slots=True)
class Streamed:
    """Cost of one answer: seconds of CPU, and the longest stall of the GUI thread in milliseconds where measured.

    `threads` are the seconds of each thread by its name, the window's as "gui", as far as the program names them.
    """

    cpu: float
    gui_cpu: float
    thinking: float
    text: float
    first_window: float
    last_window: float
    before: Memory
    after: Memory
    stall: float | None
    threads: dict[str, float]

    @property
    def growth(self) -> float:
        """Cost of the last thousand tokens of the answer over that of the first thousand."""
        return self.last_window / self.first_window


def measure_start(
    home: Path, environment: Mapping[str, str], root: Path = ROOT, command: Sequence[str] = CHECKOUT
) -> Start:
    """Start the program that lies in the folder `root`, or with another command, let it paint once and end."""
    began = time.time()  # the program reports the wall clock, which both processes share
    with subprocess.Popen(
        [*command, "--exit-after-first-paint"],
        cwd=root,
        env={**environment, "CANDOR_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        line = program.stdout.readline()
        _, status, usage = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
    if program.returncode or "first_paint_at" not in line:
        raise RuntimeError(f"the program did not report a first paint (exit code {program.returncode})")
    painted: float = json.loads(line)["first_paint_at"]
    return Start((painted - began) * 1000, (usage.ru_utime + usage.ru_stime) * 1000)


def middle_of(starts: list[Start]) -> Start:
    """The median of several starts, of each figure by itself."""
    return Start(
        statistics.median(start.first_paint for start in starts), statistics.median(start.cpu for start in starts)
    )


async def measure_answer(
    shape: str, rate: float, home: Path, environment: Mapping[str, str], *, watch_stalls: bool, root: Path = ROOT
) -> Streamed:
    """Stream one long answer with thinking into a real window, `rate` tokens a second, after a short warm-up one.

    Watching for stalls costs some CPU itself, so the two are not measured in the same run.
    """
    make = SHAPES[shape]
    text = tokens_of(make(ANSWER_BYTES))
    at: dict[int, float] = {}
    server = StreamServer()
    await server.start()
    async with driven(server.address, home, environment, watch_stalls=watch_stalls, root=root) as program:
        pid = program.pid
        server.answers = [
            Answer(tokens_of(thinking(1024)), tokens_of(make(_WARM_UP_BYTES)), _WARM_UP_RATE),
            Answer(tokens_of(thinking(THINKING_BYTES)), text, rate),
        ]
        for mark in (0, _WINDOW, len(text) - _WINDOW, len(text)):
            server.answers[1].marks[mark] = lambda mark=mark: at.__setitem__(mark, cpu_seconds(pid))  # type: ignore[misc]
        await program.ask(_PATIENCE)
        await until_quiet(pid)
        before, began, threads_began = memory_of(pid), cpu_seconds(pid), thread_seconds(pid)
        ended = await program.ask(_PATIENCE + (THINKING_BYTES + len(text)) / rate)
        if ended["status"] != "complete":
            raise RuntimeError(f"the answer did not arrive whole: {ended}")
        await until_quiet(pid)
        spent = cpu_seconds(pid) - began
        threads = {task: now - threads_began.get(task, 0.0) for task, now in thread_seconds(pid).items()}
        await asyncio.sleep(_TO_GIVE_BACK)
        after = memory_of(pid)
    await server.stop()
    return Streamed(
        cpu=spent,
        gui_cpu=threads[pid],
        thinking=at[0] - began,
        text=at[len(text)] - at[0],
        first_window=at[_WINDOW] - at[0],
        last_window=at[len(text)] - at[len(text) - _WINDOW],
        before=before,
        after=after,
        stall=ended.get("longest_stall_ms"),
        threads={name: threads[task] for name, task in ended.get("threads", {}).items() if task in threads},
    )


async def measure_idle(home: Path, environment: Mapping[str, str], root: Path = ROOT) -> Memory:
    """Memory of a window that has been opened and left alone."""
    server = StreamServer()
    await server.start()
    async with driven(server.address, home, environment, watch_stalls=False, root=root) as program:
        await until_quiet(program.pid)
        await asyncio.sleep(_TO_GIVE_BACK)
        memory = memory_of(program.pid)
    await server.stop()
    return memory


def memory_of(pid: int) -> Memory:
    return Memory(proportional_bytes(pid), private_bytes(pid))


class DrivenProgram:
    """The program with `drive.py` at its window: told what to do by lines, answers by lines of JSON."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pid = process.pid

    async def ask(self, patience: float) -> dict[str, Any]:
        """Have it send a question and wait for the end of the answer."""
        self.send()
        return await self.said("finished", patience)

    def send(self) -> None:
        """Have it send a question; it says "finished" when the answer has ended."""
        self._order("ask")

    async def do(self, what: str, patience: float = _PATIENCE, **how: object) -> dict[str, Any]:
        """Have its reader run a script; what the script reports (`reader.Reader`)."""
        self._order(what, **how)
        return await self.said("done", patience)

    def _order(self, what: str, **how: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **how}).encode() + b"\n")

    async def said(self, event: str, patience: float) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), patience)
        answer: dict[str, Any] = json.loads(line) if line else {}
        if answer.get("event") != event:
            raise RuntimeError(f"the program did not say {event!r} but {line.decode().strip()!r}")
        return answer


@asynccontextmanager
async def driven(
    address: str,
    home: Path,
    environment: Mapping[str, str],
    *,
    watch_stalls: bool,
    stacks: Path | None = None,
    root: Path = ROOT,
) -> AsyncIterator[DrivenProgram]:
    """The program in the folder `root` with a window, connected to the server at `address`; it ends with the block."""
    options = [*(["--watch-stalls"] if watch_stalls else []), *(["--stacks", str(stacks.absolute())] if stacks else [])]
    variables = {**environment, "CANDOR_HOME": str(home)}
    async with told_by_lines("tests.bench.drive", [address, *options], variables, root) as program:
        yield program


@asynccontextmanager
async def told_by_lines(
    module: str, arguments: Sequence[str], environment: Mapping[str, str], root: Path = ROOT
) -> AsyncIterator[DrivenProgram]:
    """A module of the benchmarks as a process that obeys lines, once it has said "shown"; it ends with the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments,
        cwd=root, env=environment,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        program = DrivenProgram(process)
        await program.said("shown", _PATIENCE)
        yield program
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()
