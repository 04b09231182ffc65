"""The measures of a model as they stand in the file of settings, and back."""

from __future__ import annotations

from typing import Any

from desktop.core.model import REPLIES_KEPT, MeasuredMemory, Measures, PromptCount
from desktop.core.text.tokens import Letters

_MOST = 1e13  # of anything that is counted here; beyond is no count


def measures_of(record: Any) -> Measures:
    """Return the measures in a record. Raises TypeError, ValueError or KeyError for what is none."""
    counts = record["counts"]
    if not isinstance(counts, list):
        raise TypeError
    window = record["window"]
    return Measures(
        None if window is None else _count(window),
        _amount(record["load_seconds"]),
        _amount(record["read_per_second"]),
        tuple(_prompt_count(each) for each in counts),
        tuple(float(_amount(each) or 0.0) for each in record.get("written", ()))[-REPLIES_KEPT:],
        None if (memory := record.get("memory")) is None else MeasuredMemory(*map(_count, memory)),
    )


def measures_record(measures: Measures) -> dict[str, Any]:
    """Return the measures as values of JSON; the reverse of `measures_of`, but for digits that nobody measured."""
    return {
        "window": measures.window,
        "load_seconds": measures.load_seconds and round(measures.load_seconds, 2),
        "read_per_second": measures.read_per_second and round(measures.read_per_second, 1),
        "written": [round(each, 1) for each in measures.written],
        "memory": [measures.memory.window, measures.memory.taken] if measures.memory is not None else None,
        "counts": [
            [each.letters.other, each.letters.wide, each.letters.digits, each.messages, each.tokens]
            for each in measures.counts
        ],
    }


def _prompt_count(value: Any) -> PromptCount:
    other, wide, digits, messages, tokens = map(_count, value)
    return PromptCount(Letters(other, wide, digits), messages, tokens)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    if not 0 <= value <= _MOST:
        raise ValueError
    return value


def _amount(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    if not 0 <= value <= _MOST:
        raise ValueError
    return float(value)
