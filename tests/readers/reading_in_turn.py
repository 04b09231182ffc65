"""A process that reads one file after another, confined as a reader's own, and how each of them ended there.

For files of which none may end the process that reads it: a process for each takes a quarter of a second to start.
"""

from __future__ import annotations

import subprocess
import sys

from desktop.core.documents.document import Opened, Remark, Section
from desktop.core.processes import environment, take_over_pipes
from desktop.readers.child import carry_out
from desktop.readers.confinement import confine
from desktop.readers.wire import Done, Failed, ReadingOrder, Received, lines_of
from tests.support.waiting import PATIENCE


def problems_in_turn(paths):
    """Return why each file was not read, None where it was; those after one that ended the process are missing."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tests.readers.reading_in_turn"],
        input=b"".join(line for path in paths for line in lines_of(ReadingOrder(str(path), path.name))),
        capture_output=True,
        env=environment(),
        timeout=2 * PATIENCE,
        check=False,
    )
    return dict(zip(paths, _ends(done.stdout.splitlines()), strict=False))


def _ends(lines):
    received = Received(Opened, Section, Remark, Done, Failed)
    events = [received.value(line) for line in lines]
    return [getattr(each, "problem", None) for each in events if isinstance(each, Done | Failed)]


def main():
    """Read the files that standard input names."""
    source, sink = take_over_pipes()
    confine()
    orders = Received(ReadingOrder)
    for line in source:
        carry_out(orders.value(line), sink)


if __name__ == "__main__":
    main()
