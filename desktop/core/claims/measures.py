"""Units: of which one is so many of another, so that 36 months are three years; and what a head says is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from desktop.core.claims.claim import Finding, Kind
from desktop.core.claims.numbers import PLAIN, any_of, written
from desktop.core.text.number_words import CURRENCIES, SCALES, UNITS
from desktop.core.text.scripts import HAN

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
Counted = tuple[Decimal, str]  # what numbers are multiplied by, and their unit
NOTHING_COUNTED: Counted = Decimal(1), ""
_SHORT_UNITS = frozenset(("m", "s", "h", "t", "p", "g", "th", "st", "nd", "rd"))  # which are letters as often
_UNIT = "|".join(sorted(map(re.escape, {*UNITS, *CURRENCIES} - _SHORT_UNITS), key=len, reverse=True))
_SCALE = any_of(SCALES)
# 万元, EUR thousand, £m, £'000, TEUR, m³/h, 万人次
_COUNTED = re.compile(
    rf"(?:in |单位[:：]? ?|人民币)*(?P<scale>{_SCALE}|t(?=eur|€)|['’]?000s?)? ?(?:of )?"
    rf"(?:(?P<unit>{_UNIT})(?![a-z]{{2}}) ?(?P<scale2>{_SCALE}|m|['’]?000s?)?)?"
    rf"(?P<rest>(?:/| per )[^\s()（）/]{{1,10}}|[{HAN}]{{1,3}}| (?!unless|ex|incl|net)[a-z][^\d]{{0,24}})?"
    r"(?:,? (?:unless|ex|incl|net).*)?",
    re.IGNORECASE,
)
_HEAD_SCALES = {"t": Decimal(1000), "0": Decimal(1000), "m": Decimal(10**6)}
_IN_BRACKETS = re.compile(r"[(（\[]([^()（）\[\]]+)[)）\]]$")
_CAPTION = re.compile(r"\bin (?=\S)|单位[:：]?")
_COUNT_OF = re.compile(r"(天|小时|人|周)数$")  # 平均闭环天数
_ONE_SPAN = re.compile(r"[a-z] (?:day|week|month|year|hour)$", re.IGNORECASE)  # a full day


def decimal_of(finding: Finding) -> Decimal | None:
    """Return what a number comes to; None for a version, or a number that nobody reckons with."""
    if finding.kind is not Kind.NUMBER or len(finding.value) > _LONGEST or not PLAIN.fullmatch(finding.value):
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
                yield written(other.normalize())


def are_of_one_kind(one: str, other: str) -> bool:
    """Return True for two units of which one is so many of the other, and for the same."""
    return one == other or (
        one in _OF_ANOTHER and other in _OF_ANOTHER and _OF_ANOTHER[one][0] == _OF_ANOTHER[other][0]
    )


@lru_cache(maxsize=4_000)
def counted_below(head: str, *, is_column: bool) -> Counted:
    """Return what the numbers below a head are multiplied by, and their unit.

    The head of a column may end with it; any other says it in brackets, behind a comma, or as 单位：万元.
    """
    head = head.strip().rstrip(" :：")
    if is_column and _ONE_SPAN.search(head):
        return NOTHING_COUNTED
    if is_column and (of := _COUNT_OF.search(head)):
        return Decimal(1), UNITS[of[1]]
    if bracket := _IN_BRACKETS.search(head):
        pieces = [bracket[1], *re.split(r"[,;，；]", bracket[1])[:1]]
    else:
        pieces = [head[at + 1 :] for at, sign in enumerate(head) if sign in (",，" if not is_column else ",，/ ")]
        pieces += [head] if is_column else []
        pieces = [piece for piece in pieces if _counted(piece)[1]]
    found = [_counted(piece) for piece in pieces]
    found += [_counted(head[at.end() :], is_whole=False) for at in _CAPTION.finditer(head)]
    return next((each for each in found if each != NOTHING_COUNTED), NOTHING_COUNTED)


def _counted(words: str, *, is_whole: bool = True) -> Counted:
    found = _COUNTED.fullmatch(words.strip()) if is_whole else _COUNTED.match(words)
    rest = found["rest"] or "" if found else ""
    is_other = is_whole and bool(rest) and not rest.startswith(("/", " per "))  # (万人次), (thousand units)
    if found is None or (is_other and (found["unit"] or not found["scale"])):
        return NOTHING_COUNTED
    scale = (found["scale"] or found["scale2"] or "").lower()
    unit = (found["unit"] or "").lower()
    times = SCALES.get(scale) or _HEAD_SCALES.get(scale.strip("'’")[:1], Decimal(1))
    return times, UNITS.get(unit, "") or CURRENCIES.get(unit, "")
