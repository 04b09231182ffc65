"""A process that reads one file after another, confined as a reader's own, and how each of them ended there.

For files of which none may end the process that reads it: a process for each takes a quarter of a second to start.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop.core.documents.reading import ReadingError, ReadingProblem
from desktop.core.processes.child import take_over_pipes
from desktop.readers.child import carry_out
from desktop.readers.confinement import confine
from desktop.readers.launch import environment
from desktop.readers.wire import Done, EventsOfLines, ReadingOrder, parse_order
from tests.support.waiting import PATIENCE


def problems_in_turn(paths: Sequence[Path]) -> Mapping[Path, ReadingProblem | None]:
    """Return why each file was not read, None where it was; those after one that ended the process are missing."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tests.readers.reading_in_turn"],
        input=b"".join(ReadingOrder(str(path), path.name).as_line() for path in paths),
        capture_output=True,
        env=environment(),
        timeout=2 * PATIENCE,
        check=False,
    )
    return dict(zip(paths, _ends(done.stdout.splitlines()), strict=False))


def _ends(lines: Sequence[bytes]) -> list[ReadingProblem | None]:
    ends: list[ReadingProblem | None] = []
    understood = EventsOfLines()
    for line in lines:
        try:
            if isinstance(understood.event(line), Done):
                ends.append(None)
        except ReadingError as error:
            ends.append(error.problem)
    return ends


def main() -> None:
    """Read the files that standard input names."""
    source, sink = take_over_pipes()
    confine()
    for line in source:
        carry_out(parse_order(line), sink)


if __name__ == "__main__":
    main()
