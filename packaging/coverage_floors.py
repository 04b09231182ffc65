"""The share of lines that the tests run, room by room, and the floor below which no room may fall.

The floors stand in `tests/coverage_floors.toml`, in whole per cent of statements; they only rise.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from environment import ROOT
from telling import SetupError

FLOORS = ROOT / "tests" / "coverage_floors.toml"


def shares(report: Path) -> dict[str, float]:
    """Return the share of each folder of the program, in per cent, from coverage's report. Raises SetupError."""
    try:
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError) as error:
        raise SetupError(f"There is no report of what the tests ran: {error}") from error
    run: dict[str, int] = {}
    there: dict[str, int] = {}
    for name, found in files.items():
        room = Path(name).parent.as_posix()
        run[room] = run.get(room, 0) + found["summary"]["covered_lines"]
        there[room] = there.get(room, 0) + found["summary"]["num_statements"]
    return {room: 100 * run[room] / count for room, count in sorted(there.items()) if count}


def below(found: Mapping[str, float], floors: Mapping[str, int]) -> list[str]:
    """Return a sentence for each room that is below its floor, has none, or is not there any more."""
    return [
        *(
            f"{room}: {found[room]:.1f} % of its lines are run by tests, and {floors[room]} % is its floor."
            for room in sorted(found.keys() & floors.keys())
            if found[room] < floors[room]
        ),
        *(f"{room} has no floor yet in {FLOORS.relative_to(ROOT)}." for room in sorted(found.keys() - floors.keys())),
        *(f"{room} has a floor and no lines." for room in sorted(floors.keys() - found.keys())),
    ]


def read_floors() -> dict[str, int]:
    """Return the floors, in per cent, by the room's folder."""
    return {
        str(room): int(floor) for room, floor in tomllib.loads(FLOORS.read_text(encoding="utf-8"))["floors"].items()
    }
