"""The floors of coverage: what is told of a report, and that each room has one."""

from __future__ import annotations

import json
from pathlib import Path

import coverage_floors
import pytest
from telling import SetupError

from tests import house


def test_shares_are_told_by_room(tmp_path: Path) -> None:
    summaries = {
        "desktop/ui/a.py": (1, 4),
        "desktop/ui/b.py": (3, 4),
        "desktop/core/c.py": (5, 5),
        "desktop/d.py": (0, 0),
    }
    files = {
        name: {"summary": {"covered_lines": run, "num_statements": all_}} for name, (run, all_) in summaries.items()
    }
    report = tmp_path / "coverage.json"
    report.write_text(json.dumps({"files": files}))
    assert coverage_floors.shares(report) == {"desktop/core": 100.0, "desktop/ui": 50.0}


def test_without_a_report_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no report"):
        coverage_floors.shares(tmp_path / "coverage.json")


def test_what_is_below_new_or_gone_is_named() -> None:
    told = coverage_floors.below({"a": 79.9, "b": 90.0, "c": 50.0}, {"a": 80, "b": 90, "d": 1})
    assert [sentence.split()[0].rstrip(":") for sentence in told] == ["a", "c", "d"]


def test_every_room_has_a_floor() -> None:
    rooms = {f"desktop/{room}".removesuffix("/.") for room in house.modules_of_rooms(house.PACKAGE)}
    assert rooms
    assert rooms == coverage_floors.read_floors().keys()
