"""The table of faults in the documentation: each title is the program's, and none is left out."""

from __future__ import annotations

import re
from pathlib import Path

from desktop.ui.words import said_in

PAGE = Path(__file__).resolve().parents[1] / "docs" / "faults.md"
# What says only that something failed: where nothing more is known, which no test brings about.
GENERAL = {"backend_error", "unreachable", "protocol_error", "cancelled", "unreachable tls"}
ELSEWHERE = ("engine_failed", "pull_failed", "disk", "disk_at_start", "file")  # kinds that are told of on other pages


def test_the_table_of_faults_is_true():
    told = set(re.findall(r"^\| [^|]+ \| ([^|]+) \|$", PAGE.read_text(encoding="utf-8"), re.M)) - {
        "Candor's title",
        "---",
    }
    failures = said_in("failures")
    titles = {failure["title"]["en"] for failure in failures.values()}
    others = {key for key in failures if key.split()[0] in ELSEWHERE or " ssh_" in key}
    finer = {key for key in failures if any(other.startswith(f"{key} ") for other in failures)}
    wanted = {failures[key]["title"]["en"] for key in failures.keys() - others - finer - GENERAL}
    assert told - titles == set()
    assert wanted - told == set()
