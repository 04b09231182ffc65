"""The table that the benchmarks print."""

from __future__ import annotations

from dataclasses import dataclass


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
    def is_over(self) -> bool:
        return self.limit is not None and self.value > self.limit


def printed(rows: list[Row]) -> str:
    """A Markdown table; figures over their limit are marked."""
    lines = [("what", "measured", "limit", "", "of it CPU"), ("---", "---:", "---:", "---", "---:")]
    lines += [
        (
            row.what,
            _figure(row.value, row.unit),
            "" if row.limit is None else _figure(row.limit, row.unit),
            "over" if row.is_over else "",
            "" if row.cpu is None else _figure(row.cpu, row.unit),
        )
        for row in rows
    ]
    if all(row.cpu is None for row in rows):
        lines = [line[:-1] for line in lines]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    )


def _figure(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}".rstrip()
