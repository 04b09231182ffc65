"""The tables that the benchmarks print: figures with their limits, and two versions beside each other."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import Final

# By how much a figure of this version may be over that of the one before. What is measured coarsely (whole starts,
# single stalls) gets more room than CPU, which two programs in the same seconds show to one per cent.
_ROOM: Final = {
    "start to first paint": 1.05,
    "start: CPU": 1.03,
    "idle memory": 1.02,
    "CPU of an answer": 1.03,
    "of it the window's thread": 1.04,
    "of it all other threads": 1.04,
    "memory with the answer": 1.02,
    "longest stall": 1.25,
    "wake-ups a second": 1.2,
}
# What has been gained since a version that aims are told against: it may not be given back.
_GAINED: Final = {"41279920": {"CPU of an answer": 0.70}, "ce6c5fd1": {"start to first paint": 1.4}}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; `limit` is what it should not go over, in the same unit.

    `cpu` is what the GUI thread itself worked for it, where that is known: on a busy machine the rest is waiting.
    """

    what: str
    value: float
    unit: str
    limit: float | None = None
    cpu: float | None = None

    @property
    def is_over(self):
        return self.limit is not None and self.value > self.limit


@dataclass(slots=True)
class Pair:
    """A figure of an earlier version and of this one, once a round."""

    what: str
    unit: str
    reference: str = ""
    rounds: list[tuple[float, float]] = field(default_factory=list)

    @property
    def ratios(self):
        """This version over the earlier one, a round; empty where the earlier one needed nothing."""
        return sorted(here / earlier for earlier, here in self.rounds if earlier)

    @property
    def limit(self):
        """What the ratio may be."""
        room = _ROOM | _GAINED.get(self.reference, {})
        return next((most for name, most in room.items() if name in self.what), None)

    @property
    def is_over(self):
        return bool(self.limit and self.ratios and statistics.median(self.ratios) > self.limit)

    def as_record(self):
        """Return all of it, for a file."""
        return {"what": self.what, "unit": self.unit, "rounds": self.rounds, "ratios": self.ratios}


def printed(rows):
    """Return a Markdown table; figures over their limit are marked."""
    lines = [("what", "measured", "limit", "", "of it CPU"), ("---", "---:", "---:", "---", "---:")]
    for row in rows:
        limit = "" if row.limit is None else _figure(row.limit, row.unit)
        cpu = "" if row.cpu is None else _figure(row.cpu, row.unit)
        lines.append((row.what, _figure(row.value, row.unit), limit, "over" if row.is_over else "", cpu))
    return _aligned(lines)


def compared(pairs, reference):
    """Return a Markdown table, the ratio first, with its least and its greatest."""
    lines = [("what", "ratio", "spread", "limit", "", reference, "here")]
    lines.append(("---", "---:", "---:", "---:", "---", "---:", "---:"))
    for pair in pairs:
        ratios = pair.ratios
        earlier, here = (statistics.median(each) for each in zip(*pair.rounds, strict=True))
        lines.append(
            (
                pair.what,
                f"{statistics.median(ratios):.3f}" if ratios else "",
                f"{ratios[0]:.3f} to {ratios[-1]:.3f}" if ratios else "",
                f"{pair.limit:.2f}" if pair.limit else "",
                "over" if pair.is_over else "",
                _figure(earlier, pair.unit),
                _figure(here, pair.unit),
            )
        )
    return _aligned(lines)


def _aligned(lines):
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    )


def _figure(value, unit):
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}".rstrip()
