"""`python -m tests.bench`: run the measurements and print their table. `docs/performance.md` explains the figures."""

from __future__ import annotations

import argparse
import sys

from tests.bench import transcript
from tests.bench.measure import Memory, Start, Streamed, measure_answer, measure_idle, measure_start, middle_of
from tests.bench.surroundings import add_options, home, run, say
from tests.bench.table import Row
from tests.bench.texts import SHAPES

RATE = 400.0  # tokens a second: about what the fastest hosted models say; ten times what a laptop does
FAST_RATE = 2000.0
STARTS = 7


def main() -> int:
    choice = _arguments()
    if choice.against:
        from tests.bench.against import compare

        return compare(choice)
    return run(lambda environment, rows: _measure(choice, environment, rows), choice)


def _arguments() -> argparse.Namespace:
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


async def _measure(choice: argparse.Namespace, environment: dict[str, str], rows: list[Row]) -> None:
    rows += _start_rows(environment)
    with home() as folder:
        rows += _idle_rows(await measure_idle(folder, environment))
    for shape in choice.shapes:
        say(f"{shape} at {choice.rate:.0f} tokens/s")
        with home() as folder:
            rows += _answer_rows(
                shape, await measure_answer(shape, choice.rate, folder, environment, watch_stalls=False)
            )
        if not choice.skip_stalls:
            say(f"{shape} at {FAST_RATE:.0f} tokens/s, looking for stalls")
            with home() as folder:
                fast = await measure_answer(shape, FAST_RATE, folder, environment, watch_stalls=True)
            rows.append(Row(f"{shape}: longest stall at {FAST_RATE:.0f}/s", fast.stall or 0.0, "ms", 50.0))
    if not choice.skip_transcript:
        await transcript.measure(transcript.PARTS, environment, rows)


def _start_rows(environment: dict[str, str]) -> list[Row]:
    say("start")
    starts: list[Start] = []
    with home() as folder:
        measure_start(folder, environment)  # fills the page cache and makes the database
        starts = [measure_start(folder, environment) for _ in range(STARTS)]
    middle = middle_of(starts)
    return [
        Row(f"start to first paint, median of {STARTS}", middle.first_paint, "ms", 500.0),
        Row("its CPU", middle.cpu, "ms"),
    ]


def _idle_rows(idle: Memory) -> list[Row]:
    return [
        Row("idle memory (PSS)", idle.proportional / 2**20, "MiB", 90.0),
        Row("idle memory (private)", idle.private / 2**20, "MiB"),
    ]


def _answer_rows(shape: str, streamed: Streamed) -> list[Row]:
    return [
        Row(f"{shape}: CPU", streamed.cpu, "s", 4.0),
        Row(f"{shape}: of it the GUI thread", streamed.gui_cpu, "s"),
        Row(f"{shape}: first 1,000 tokens of the answer", streamed.first_window * 1000, "ms"),
        Row(f"{shape}: last 1,000 tokens", streamed.last_window * 1000, "ms"),
        Row(f"{shape}: last over first", streamed.growth, "", 1.2),
        Row(f"{shape}: memory afterwards (PSS)", streamed.after.proportional / 2**20, "MiB"),
    ]


if __name__ == "__main__":
    sys.exit(main())
