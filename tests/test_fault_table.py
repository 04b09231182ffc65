"""The table of faults in the documentation: each sentence is the program's, each test exists, none is left out."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from desktop.ui.errors import FAILURES
from desktop.ui.failures.gateway import GATEWAY_FAILURES
from desktop.ui.failures.server import SERVER_FAILURES
from desktop.ui.failures.way import WAY_FAILURES

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "faults.md"
_ROW = re.compile(r"^\| (?P<fault>[^|]+) \| (?P<reason>[^|]+) \| (?P<words>[^|]+) \| `(?P<file>\S+)` `(?P<test>\w+)`")
_CASE = re.compile(r"\((?P<case>[^|]*)\) \|$")
LEAST = 45
# What says only that something failed: where nothing more is known, which no test brings about.
GENERAL = {(kind, "") for kind in ("backend_error", "unreachable", "protocol_error", "cancelled")}
GENERAL.add(("unreachable", "tls"))


@cache
def functions(file):
    """The tests of a file, and its text."""
    text = (ROOT / file).read_text(encoding="utf-8")
    found = {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}
    return found, text


def test_the_table_of_faults_is_true():
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    rows = [line for line in lines if not line.startswith(("| Fault ", "| --- "))]
    told: set[tuple[str, str]] = set()
    for line in rows:
        row = _ROW.match(line)
        assert row is not None, line
        kind, _, reason = row["reason"].partition(" ")
        entry = FAILURES.get((kind, reason))
        assert entry is not None, line
        words = f"**{entry.title}.** {re.sub('%[12]', '…', entry.sentence)}"
        assert row["words"] == words, f"{kind} {reason} is said to be:\n{words}"
        names, text = functions(row["file"])
        assert row["test"] in names, line
        case = _CASE.search(line)
        assert case is None or case["case"] in text, line
        told.add((kind, reason))
    assert len(rows) >= LEAST
    known = {*WAY_FAILURES, *SERVER_FAILURES, *GATEWAY_FAILURES} - GENERAL
    has_more = {(kind, reason.split()[0]) for kind, reason in told if " " in reason}
    assert known - told - has_more == set()
