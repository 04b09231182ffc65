"""The table of faults in the documentation: each title is the program's, each test exists, none is left out."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from desktop.ui.words import said_in

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "faults.md"
_ROW = re.compile(r"^\| (?P<fault>[^|]+) \| (?P<reason>[^|]+) \| (?P<title>[^|]+) \| `(?P<file>\S+)` `(?P<test>\w+)`")
_CASE = re.compile(r"\((?P<case>[^|]*)\) \|$")
LEAST = 45
# What says only that something failed: where nothing more is known, which no test brings about.
GENERAL = {"backend_error", "unreachable", "protocol_error", "cancelled", "unreachable tls"}
ELSEWHERE = ("engine_failed", "pull_failed", "disk", "disk_at_start", "file")  # kinds that are told of on other pages


@cache
def functions(file):
    """The tests of a file, and its text."""
    text = (ROOT / file).read_text(encoding="utf-8")
    found = {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}
    return found, text


def test_the_table_of_faults_is_true():
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    rows = [line for line in lines if not line.startswith(("| Fault ", "| --- "))]
    told: set[str] = set()
    failures = said_in("failures")
    for line in rows:
        row = _ROW.match(line)
        assert row is not None, line
        assert row["title"] == failures[row["reason"]]["title"]["en"], line
        names, text = functions(f"tests/{row['file']}")
        assert row["test"] in names, line
        case = _CASE.search(line)
        assert case is None or case["case"] in text, line
        told.add(row["reason"])
    assert len(rows) >= LEAST
    known = {key for key in failures if key.split()[0] not in ELSEWHERE and " ssh_" not in key} - GENERAL
    has_more = {key.rpartition(" ")[0] for key in told if key.count(" ") > 1}
    assert known - told - has_more == set()
