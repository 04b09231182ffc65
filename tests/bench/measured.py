"""The measured program as a process of its own: its surroundings, its cost read from outside, what it is told to do.

Reading from outside costs it nothing (Linux). Times are from spawning the process, so that Python's own start counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.bench.stream_server import Answer, StreamServer
from tests.bench.tables import Row, printed
from tests.bench.texts import ANSWER_BYTES, SHAPES, THINKING_BYTES, thinking, tokens_of
from tests.virtual_display import missing_programs, virtual_display

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds beyond what a stream itself takes
_WARM_UP_BYTES = 6 * 1024  # enough to have imported and laid out everything once
_WARM_UP_RATE = 1000.0
_WINDOW = 1000  # tokens whose cost is compared
_TO_GIVE_BACK = 4.0  # seconds of quiet in which garbage is collected, and free memory goes back to the system
_CPU_CLOCK_OF_PROCESS = 2  # CPUCLOCK_SCHED in the kernel's posix-timers.h: all threads, nanoseconds
_QUIET_CPU = 0.01  # of one core: blinking cursors and timers are allowed
_LOOK = 0.5  # seconds
_HEAD_OF_MAPPING: Final = re.compile(r"[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+\s*(.*)")
_WRITTEN: Final = ("Private_Dirty:",)
_WRITTEN_AND_READ: Final = ("Private_Dirty:", "Private_Clean:", "Shared_Clean:")

# --- Surroundings ---------------------------------------------------------------------------------------------------

# Measures, and adds to the rows as it goes; the first argument is the environment for the programs to measure.
Measure = Callable[[dict[str, str], list[Row]], Awaitable[None]]


def add_options(parser):
    """Add the options that `run` reads."""
    parser.add_argument("--json", type=Path, help="also write the table to this file")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a figure is over its limit")


def run(measure, choice):
    """Measure under a display of our own and print the table; return the exit status."""
    if reason := why_not_here():
        print(reason)
        return 1
    rows: list[Row] = []
    try:
        with virtual_display() as display:
            asyncio.run(_awaited(measure(environment_for(display), rows)))
    finally:
        print(printed(rows))  # also what was measured before something went wrong
    if choice.json:
        choice.json.write_text(json.dumps([dataclasses.asdict(row) for row in rows], indent=1) + "\n")
    return 1 if choice.check and any(row.is_over for row in rows) else 0


async def _awaited(measuring):
    await measuring


def why_not_here():
    """Return why this computer cannot run benchmarks."""
    if sys.platform != "linux":
        return "The benchmarks read /proc and run under Xvfb: they need Linux."
    if missing := missing_programs():
        return f"Not installed: {', '.join(missing)}."
    return None


@contextmanager
def home():
    """Yield an empty folder for all that a program writes."""
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
        yield Path(folder)


def say(what):
    """Tell what is being measured, beside the table."""
    print(f"measuring: {what}", file=sys.stderr, flush=True)


def environment_for(display):
    """Return the environment of a program on a display, without what the user's own would change."""
    foreign = ("WAYLAND_DISPLAY", "QT_SCALE_FACTOR", "QT_STYLE_OVERRIDE", "QT_QPA_PLATFORMTHEME")
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    nowhere = "unix:path=/nonexistent"  # no keyring: it would ask, and it is not what is measured
    return kept | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "DBUS_SESSION_BUS_ADDRESS": nowhere}


# --- The cost of a process ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes. Proportional: what is shared with others counts by its share (PSS)."""

    proportional: int
    private: int


def cpu_seconds(pid):
    """CPU time of all threads of a process so far, the ended ones included."""
    return time.clock_gettime((~pid << 3) | _CPU_CLOCK_OF_PROCESS)


def thread_seconds(pid):
    """CPU time of each living thread of a process by its number; the first one, of its window, has the process's."""
    seconds: dict[int, float] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            seconds[int(task.name)] = int((task / "schedstat").read_text().split()[0]) / 1e9
    return seconds


def wake_ups(pid):
    """How often the living threads of a process have waited for something and were woken."""
    count = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found = re.search(r"^voluntary_ctxt_switches:\s*(\d+)", (task / "status").read_text(), re.MULTILINE)
            count += int(found[1]) if found else 0
    return count


def memory_of(pid):
    """Return the memory of a process. Private is what it has written, and the pages of packages that it reads.

    Those of its packages count also where another program has them mapped just now, which is chance: two versions
    that are measured side by side share 35 MiB of Qt until one of them ends. The system's libraries do not count.
    """
    proportional = private = 0
    counted = _WRITTEN
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        if head := _HEAD_OF_MAPPING.fullmatch(line):
            counted = _WRITTEN_AND_READ if "/site-packages/" in head[1] else _WRITTEN
        elif line.startswith(counted):
            private += int(line.split()[1]) * 1024
        elif line.startswith("Pss:"):
            proportional += int(line.split()[1]) * 1024
    return Memory(proportional, private)


async def until_quiet(pid, longest=30.0):
    """Wait until a process has used next to no CPU for half a second, at most for so long."""
    end = time.monotonic() + longest
    before = cpu_seconds(pid)
    while time.monotonic() < end:
        await asyncio.sleep(_LOOK)
        now = cpu_seconds(pid)
        if now - before < _QUIET_CPU * _LOOK:
            return
        before = now


# --- The driven program ---------------------------------------------------------------------------------------------


class DrivenProgram:
    """The program with `drive.py` at its window: told what to do by lines, answers by lines of JSON."""

    def __init__(self, process):
        self._process = process
        self.pid = process.pid

    async def ask(self, patience):
        """Have it send a question and wait for the end of the answer."""
        self._order("ask")
        return await self.said("finished", patience)

    async def do(self, what, patience=PATIENCE, **how):
        """Have its reader run a script; what the script reports (`drive.Reader`)."""
        self._order(what, **how)
        return await self.said("done", patience)

    def _order(self, what, **how):
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **how}).encode() + b"\n")

    async def said(self, event, patience):
        """Return its next line, which must tell of this event."""
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), patience)
        answer: dict[str, Any] = json.loads(line) if line else {}
        if answer.get("event") != event:
            raise RuntimeError(f"the program did not say {event!r} but {line.decode().strip()!r}")
        return answer


@asynccontextmanager
async def driven(folder, environment, *, watch_stalls=False, root=ROOT):
    """Yield the program of the checkout `root` with a window, and its server; both end with the block."""
    server = StreamServer()
    await server.start()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.drive", server.address, *(["--watch-stalls"] if watch_stalls else [])),
        cwd=root,
        env={**environment, "CANDOR_HOME": str(folder)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        program = DrivenProgram(process)
        await program.said("shown", PATIENCE)
        yield program, server
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()
        await server.stop()


# --- What is measured -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    """Milliseconds; CPU is of the whole run to the first paint and out."""

    first_paint: float
    cpu: float


def measure_start(folder, environment, root=ROOT):
    """Start the program of the checkout `root`, let it paint once and end."""
    began = time.time()  # the program reports the wall clock, which both processes share
    with subprocess.Popen(
        [sys.executable, "-m", "desktop", "--exit-after-first-paint"],
        cwd=root,
        env={**environment, "CANDOR_HOME": str(folder)},
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


async def measure_idle(folder, environment, root=ROOT):
    """Memory of a window that has been opened and left alone."""
    async with driven(folder, environment, root=root) as (program, _):
        await until_quiet(program.pid)
        await asyncio.sleep(_TO_GIVE_BACK)
        return memory_of(program.pid)


@dataclass(frozen=True, slots=True)
class Streamed:
    """Cost of one answer: seconds of CPU, and the longest stall of the GUI thread in milliseconds where measured."""

    cpu: float
    gui_cpu: float
    thinking: float
    text: float
    growth: float  # the last thousand tokens of the answer over the first thousand
    after: Memory
    stall: float


async def measure_answer(shape, rate, folder, environment, *, watch_stalls, root=ROOT):
    """Stream one long answer with thinking into a real window, `rate` tokens a second, after a short warm-up one.

    Watching for stalls costs some CPU itself, so the two are not measured in the same run.
    """
    make = SHAPES[shape]
    text = tokens_of(make(ANSWER_BYTES))
    at: dict[int, float] = {}
    async with driven(folder, environment, watch_stalls=watch_stalls, root=root) as (program, server):
        pid = program.pid
        answer = Answer(tokens_of(thinking(THINKING_BYTES)), text, rate)
        for mark in (0, _WINDOW, len(text) - _WINDOW, len(text)):
            answer.marks[mark] = lambda mark=mark: at.__setitem__(mark, cpu_seconds(pid))  # type: ignore[misc]
        warm_up = Answer(tokens_of(thinking(1024)), tokens_of(make(_WARM_UP_BYTES)), _WARM_UP_RATE)
        server.answers = [warm_up, answer]
        await program.ask(PATIENCE)
        await until_quiet(pid)
        began, gui_began = cpu_seconds(pid), thread_seconds(pid)[pid]
        ended = await program.ask(PATIENCE + (THINKING_BYTES + len(text)) / rate)
        if ended["status"] != "complete":
            raise RuntimeError(f"the answer did not arrive whole: {ended}")
        await until_quiet(pid)
        cpu, gui_cpu = cpu_seconds(pid) - began, thread_seconds(pid)[pid] - gui_began
        await asyncio.sleep(_TO_GIVE_BACK)
        return Streamed(
            cpu,
            gui_cpu,
            thinking=at[0] - began,
            text=at[len(text)] - at[0],
            growth=(at[len(text)] - at[len(text) - _WINDOW]) / (at[_WINDOW] - at[0]),
            after=memory_of(pid),
            stall=ended.get("longest_stall_ms", 0.0),
        )
