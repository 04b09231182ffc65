"""`python -m tests.bench.fresh`: starting fresh from 10 and from 10,000 messages, and what is carried over of them."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys

from tests.bench.histories import LONG, SHORT
from tests.bench.surroundings import add_options, run, say
from tests.bench.table import Row


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.fresh", description=__doc__)
    add_options(parser)
    return run(measure, parser.parse_args())


async def measure(environment: dict[str, str], rows: list[Row]) -> None:
    """Add the figures to the rows; they are taken in a process of their own (`fresh_window`)."""
    say("starting fresh")
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.fresh_window", env=environment, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError("starting fresh could not be measured")
    figures: dict[str, dict[str, float]] = json.loads(printed)
    for name, found in figures.items():
        rows += [
            Row(f"fresh, {name} messages: the sheet", found["sheet"], "ms", 100.0),
            Row(f"fresh, {name} messages: the new conversation", found["begin"], "ms", 100.0, found["begin_cpu"]),
            Row(f"fresh, {name} messages: until all can be ticked", found["brief"], "ms"),
            Row(f"fresh, {name} messages: longest stall meanwhile", found["stall"], "ms", 50.0, found["stall_cpu"]),
            Row(f"fresh, {name} messages: a tick", found["tick"], "ms", 50.0, found["tick_cpu"]),
        ]
    rows.append(Row("fresh: 10,000 over 10 messages", figures[LONG]["begin"] / figures[SHORT]["begin"], "", 1.5))


if __name__ == "__main__":
    sys.exit(main())
