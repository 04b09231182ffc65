"""The table of faults in the documentation: each title is the program's."""

from __future__ import annotations

import re
from pathlib import Path

from desktop.ui.words import said_in

PAGE = Path(__file__).resolve().parents[1] / "docs" / "faults.md"


def test_the_table_of_faults_is_true():
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", PAGE.read_text(encoding="utf-8"), re.M)
    told = set(rows) - {"Candor's title", "---"}
    assert told
    assert told <= {failure["title"]["en"] for failure in said_in("failures").values()}
    assert len(rows) == len(set(rows))
