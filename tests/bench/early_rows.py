"""`python -m tests.bench.early_rows [--count N] [--rounds N] [--tree FOLDER]`: how soon a start shows what there is.

By turns in this version and in the one at FOLDER, if one is named: a program of its own is started over so many stored
conversations, of which the newest was shown last. Printed are the times from its process to the first paint, from there
to the rows of the list and to the conversation, how long the start page was seen, and the CPU of the GUI thread.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from desktop.core.conversation import Conversation
from desktop.core.message import Message, Role, TextPart, user_message
from desktop.store.database import open_store
from tests.bench.conversations import fill
from tests.bench.measure import ROOT
from tests.bench.table import Row, printed
from tests.virtual_display import virtual_display

_LIMITS = {"rows": 300.0}
_WHAT = {
    "paint": "process to first paint",
    "rows": "first paint to the rows",
    "opened": "first paint to the conversation",
    "start_page": "the start page in sight, of that",
    "cpu": "CPU of the GUI thread until then",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.early_rows", description=__doc__)
    parser.add_argument("--count", type=int, default=100_001)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tree", type=Path, help="the folder of another version")
    options = parser.parse_args()
    trees = {"now": ROOT} | ({"before": options.tree} if options.tree else {})
    found: dict[str, list[dict[str, float]]] = {name: [] for name in trees}
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder, virtual_display() as display:
        fill(Path(folder), options.count)
        last = _last_conversation(Path(folder))
        for number in range(options.rounds + 1):
            for name, tree in trees.items():
                figures = _start(tree, Path(folder), last, display)
                if number:  # the first one reads all from the disk, and may compile
                    found[name].append(figures)
    print(printed([row for name, each in found.items() for row in _rows(f"{options.count:,}, {name}", each)]))
    return 0


def _last_conversation(folder: Path) -> str:
    """Store the newest conversation, of a question and its answer, and return its id."""
    asked = user_message("How many lines has the contract?")
    answer = Message(role=Role.ASSISTANT, parent_id=asked.id, parts=(TextPart("Four.\n\n" * 20),), model="bench")
    made = Conversation(title="The lines of a contract", head_id=answer.id)
    with contextlib.closing(open_store(folder / "candor.db")) as store:
        store.begin_reply(made, [asked, answer])
    return made.id


def _start(tree: Path, folder: Path, last: str, display: str) -> dict[str, float]:
    (folder / "settings.json").write_text(json.dumps({"last_conversation": last}))
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "CANDOR_HOME": str(folder),
        "PYTHONPATH": str(tree),
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
    }
    run = [sys.executable, str(Path(__file__).with_name("early_rows_start.py")), str(time.time())]
    done = subprocess.run(run, cwd=tree, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _rows(name: str, found: list[dict[str, float]]) -> list[Row]:
    rows = []
    for key, what in _WHAT.items():
        times = [each[key] for each in found]
        spread = f"{min(times):.0f} to {max(times):.0f}"
        rows.append(Row(f"{name}: {what} ({spread})", statistics.median(times), "ms", _LIMITS.get(key)))
    return rows


if __name__ == "__main__":
    sys.exit(main())
