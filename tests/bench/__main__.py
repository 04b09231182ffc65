"""`python -m tests.bench`: run the measurements and print their table. `docs/performance.md` explains the figures."""

from __future__ import annotations

import argparse
import statistics
import sys

from tests.bench import transcript
from tests.bench.against import FAST_RATE, compare
from tests.bench.measured import (
    PATIENCE,
    add_options,
    driven,
    home,
    measure_answer,
    measure_idle,
    measure_start,
    run,
    say,
)
from tests.bench.tables import Row
from tests.bench.texts import SHAPES

RATE = 400.0  # tokens a second: about what the fastest hosted models say; ten times what a laptop does
STARTS = 7


def main():
    choice = _arguments()
    if choice.against:
        return compare(choice)
    return run(lambda environment, rows: _measure(choice, environment, rows), choice)


def _arguments():
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("--shapes", nargs="*", choices=list(SHAPES), default=list(SHAPES), help="answers to stream")
    parser.add_argument("--rate", type=float, default=RATE, help="tokens a second while CPU is measured")
    parser.add_argument("--skip-stalls", action="store_true", help="leave out the runs that look for stalls")
    parser.add_argument("--skip-transcript", action="store_true", help="leave out `python -m tests.bench.transcript`")
    beside = parser.add_argument_group("beside an earlier version")
    beside.add_argument("--against", metavar="REF", help="compare with this commit, side by side; prints ratios")
    beside.add_argument("--rounds", type=int, default=5, help="how often each figure of both is taken")
    beside.add_argument("--idle-seconds", type=float, default=60.0, help="how long a window is left alone; 0: not")
    beside.add_argument("--anyway", action="store_true", help="also beside other programs, which spoils the memory")
    add_options(parser)
    return parser.parse_args()


async def _measure(choice, environment, rows):
    say("start")
    with home() as folder:
        measure_start(folder, environment)  # fills the page cache and makes the database
        starts = [measure_start(folder, environment) for _ in range(STARTS)]
    painted = statistics.median(start.first_paint for start in starts)
    rows.append(Row(f"start to first paint, median of {STARTS}", painted, "ms", 500.0))
    rows.append(Row("its CPU", statistics.median(start.cpu for start in starts), "ms"))
    with home() as folder:
        async with driven(folder, environment) as (program, _):
            keys = await program.do("press_first_keys", PATIENCE)
    rows.append(Row("first letter: longest step of the GUI thread", keys["letter"], "ms", 50.0))
    rows.append(Row("Enter, first message: longest step", keys["enter"], "ms", 50.0))
    with home() as folder:
        idle = await measure_idle(folder, environment)
    rows.append(Row("idle memory (PSS)", idle.proportional / 2**20, "MiB", 100.0))
    rows.append(Row("idle memory (private)", idle.private / 2**20, "MiB"))
    for shape in choice.shapes:
        await _measure_shape(shape, choice, environment, rows)
    if not choice.skip_transcript:
        await transcript.measure(transcript.PARTS, environment, rows)


async def _measure_shape(shape, choice, environment, rows):
    say(f"{shape} at {choice.rate:.0f} tokens/s")
    with home() as folder:
        streamed = await measure_answer(shape, choice.rate, folder, environment, watch_stalls=False)
    rows += [
        Row(f"{shape}: CPU", streamed.cpu, "s", 4.0),
        Row(f"{shape}: of it the GUI thread", streamed.gui_cpu, "s"),
        Row(f"{shape}: last over first 1,000 tokens", streamed.growth, "", 1.2),
        Row(f"{shape}: memory afterwards (PSS)", streamed.after.proportional / 2**20, "MiB"),
    ]
    if not choice.skip_stalls:
        say(f"{shape} at {FAST_RATE:.0f} tokens/s, looking for stalls")
        with home() as folder:
            fast = await measure_answer(shape, FAST_RATE, folder, environment, watch_stalls=True)
        rows.append(Row(f"{shape}: longest stall at {FAST_RATE:.0f}/s", fast.stall, "ms", 50.0))


if __name__ == "__main__":
    sys.exit(main())
