"""The table that compares two versions: figures of the same round, and how far their ratios lie apart."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import Any, Final

# Ratchets: by how much a figure of this version may be over that of the one before. What is measured coarsely (whole
# starts, single stalls) gets more room than CPU, which two programs in the same seconds show to one per cent.
_ROOM: Final = {
    "start to first paint": 1.05,
    "start: CPU": 1.03,
    "idle memory: PSS": 1.02,
    "idle memory: private": 1.02,
    "CPU of an answer": 1.03,
    "of it the window's thread": 1.04,
    "of it all other threads": 1.04,
    "memory with the answer: private": 1.02,
    "longest stall": 1.25,
    "idle: wake-ups a second": 1.2,
    "idle for": 1.2,
    "of an open one": 0.35,
    "last tenth over first": 1.2,
}
# What has been gained since a version that aims are told against, with its room: it may not be given back.
_GAINED: Final = {
    "41279920": {"start to first paint": 0.80, "start: CPU": 0.80, "of it all other threads": 0.44},
}


@dataclass(slots=True)
class Pair:
    """A figure of an earlier version and of this one, once a round."""

    what: str
    unit: str
    reference: str = ""
    rounds: list[tuple[float, float]] = field(default_factory=list)

    def add(self, earlier: float, here: float) -> None:
        """Note the figures of a round."""
        self.rounds.append((earlier, here))

    @property
    def earlier(self) -> float:
        return statistics.median(earlier for earlier, _ in self.rounds)

    @property
    def here(self) -> float:
        return statistics.median(here for _, here in self.rounds)

    @property
    def ratios(self) -> list[float]:
        """This version over the earlier one, a round; empty where the earlier one needed nothing."""
        return sorted(here / earlier for earlier, here in self.rounds if earlier)

    @property
    def limit(self) -> float | None:
        """What the ratio may be."""
        room = _ROOM | _GAINED.get(self.reference, {})
        return next((most for name, most in room.items() if name in self.what), None)

    @property
    def is_over(self) -> bool:
        return bool(self.limit and self.ratios and statistics.median(self.ratios) > self.limit)

    def as_record(self) -> dict[str, Any]:
        """Return all of it, for a file."""
        return {"what": self.what, "unit": self.unit, "rounds": self.rounds, "ratios": self.ratios}


def told(pairs: list[Pair], reference: str, here: str = "here") -> str:
    """Return a Markdown table, the ratio first, with its least and its greatest."""
    lines = [("what", "ratio", "spread", "limit", "", reference, here)]
    lines.append(("---", "---:", "---:", "---:", "---", "---:", "---:"))
    for pair in pairs:
        ratios = pair.ratios
        lines.append(
            (
                pair.what,
                f"{statistics.median(ratios):.3f}" if ratios else "",
                f"{ratios[0]:.3f} to {ratios[-1]:.3f}" if ratios else "",
                f"{pair.limit:.2f}" if pair.limit else "",
                "over" if pair.is_over else "",
                _figure(pair.earlier, pair.unit),
                _figure(pair.here, pair.unit),
            )
        )
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    )


def _figure(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}".rstrip()
