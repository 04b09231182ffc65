"""Units of which one is so many of another, so that 36 months are three years and 1 km is 1,000 m."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from desktop.core.claims.claim import Finding, Kind

_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_LONGEST = 20  # digits; with more nobody reckons
_MOST_DECIMALS = 4
# Each unit as so many of the one that all of its kind have in common.
_OF_ANOTHER: dict[str, tuple[str, Decimal]] = {
    unit: (base, Decimal(times))
    for base, units in {
        "m": {"km": "1000", "m": "1", "cm": "0.01", "mm": "0.001"},
        "g": {"t": "1000000", "kg": "1000", "g": "1", "mg": "0.001"},
        "s": {"week": "604800", "day": "86400", "h": "3600", "min": "60", "s": "1"},
        "month": {"year": "12", "month": "1"},
        "MB": {"TB": "1000000", "GB": "1000", "MB": "1"},
        "W": {"GW": "1000000", "MW": "1000", "kW": "1"},
        "l": {"hl": "100", "l": "1", "ml": "0.001"},
        "GBP": {"GBP": "1", "p": "0.01"},
        "EUR": {"EUR": "1", "ct": "0.01"},
        "CNY": {"CNY": "1", "jiao": "0.1"},
    }.items()
    for unit, times in units.items()
}


def decimal_of(finding: Finding) -> Decimal | None:
    """Return what a number comes to; None for a version, or a number that nobody reckons with."""
    if finding.kind is not Kind.NUMBER or len(finding.value) > _LONGEST or not _PLAIN.fullmatch(finding.value):
        return None
    return Decimal(finding.value)


def measure_of(finding: Finding) -> tuple[str, Decimal] | None:
    """Return the value in the unit that all of its kind have in common; None where its unit is of no kind."""
    value = decimal_of(finding) if finding.unit in _OF_ANOTHER else None
    if value is None:
        return None
    unit, times = _OF_ANOTHER[finding.unit]
    return unit, (value * times).normalize()


def other_values(finding: Finding) -> Iterator[str]:
    """Yield the values in the other units of its kind, as far as they are short."""
    measure = measure_of(finding)
    if measure is None:
        return
    base, value = measure
    for unit, (its_base, times) in _OF_ANOTHER.items():
        if its_base == base and unit != finding.unit:
            other = value / times
            if other == round(other, _MOST_DECIMALS):
                yield format(other.normalize(), "f")


def are_of_one_kind(one: str, other: str) -> bool:
    """Return True for two units of which one is so many of the other, and for the same."""
    return one == other or (
        one in _OF_ANOTHER and other in _OF_ANOTHER and _OF_ANOTHER[one][0] == _OF_ANOTHER[other][0]
    )
