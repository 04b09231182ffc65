"""Dates and spans of time that come of others: a day so many months after another one, and what lies between two.

The last day of a term is the one before the day on which the next would begin; some end with a month or a quarter.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations

from desktop.core.evidence.checked import Calculation, ThingKind
from desktop.core.evidence.computing.calculations import decimal_of
from desktop.core.evidence.thing import Thing
from desktop.core.text.late_regex import late_regex

_FULL = late_regex(r"(?P<year>\d{4}|\?)-(?P<month>\d\d)-(?P<day>\d\d)")
_DAY_ALONE = late_regex(r"\d\d?(?:st|nd|rd|th|日|号)?")
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
_IN_A_MONTH, _IN_A_YEAR = 30.44, 365.25
_DAYS_OF_YEAR = 365
_LONGEST_SPAN = 60  # years
_MOST_DATES, _MOST_SPANS, _MOST_PAIRS = 10, 6, 30
_END_OF = late_regex(
    r"\bend of (?:a|the|each|every) (?:calendar )?(?P<en>month|quarter|half-year|year)"
    r"|(?P<zh>[月季年])(?:度)?[底末]|(?P<half>半年末)",
    re.IGNORECASE,
)
_MONTHS_OF = {"month": 1, "quarter": 3, "half-year": 6, "year": 12, "月": 1, "季": 3, "年": 12}


def days_in(things: Iterable[Thing]) -> list[tuple[Thing, date]]:
    """Return the days that some things name; one without a year has that of another one."""
    found: list[tuple[Thing, date]] = []
    named = [(thing, match) for thing in things if (match := _day_of(thing)) and not _DAY_ALONE.fullmatch(thing.text)]
    years = [match["year"] for _, match in named if match["year"] != "?"]
    for thing, match in named:
        year = match["year"] if match["year"] != "?" else years[0] if years else "2001"
        try:
            found.append((thing, date(int(year), int(match["month"]), int(match["day"]))))
        except ValueError:
            continue
    return list({day: (thing, day) for thing, day in reversed(found)}.values())[::-1][:_MOST_DATES]


def day_from_others(thing: Thing, beside: Sequence[Thing], words: str) -> Calculation | None:
    """Return the day and the span of time that lead to a date; `words`: those that say with what a term ends."""
    said = _day_of(thing)
    if said is None:
        return None
    spans = [each for each in beside if each.unit in (*_DAYS, *_MONTHS) and decimal_of(each)][:_MOST_SPANS]
    ends = [_MONTHS_OF[(match["en"] or match["zh"] or "half-year").lower()] for match in _END_OF.finditer(words)]
    for anchor, day in days_in(beside):
        for span in spans:
            for sign, moved in _moved(day, span):
                ends_of_terms = [_end_of(moved, months) for months in ends]
                if any(_is(each, said) for each in (moved, *_next_to(moved), *ends_of_terms)):
                    return Calculation(f"{anchor.text} {sign} {span.text}", thing.text)
        if any(_is(_end_of(day, months), said) for months in ends):
            return Calculation(f"{anchor.text} →", thing.text)
    return None


def span_between(thing: Thing, beside: Sequence[Thing], words: str) -> Calculation | None:
    """Return the two days between which a span of time lies, as exactly as it is said."""
    said = decimal_of(thing)
    if said is None or thing.unit not in (*_DAYS, *_MONTHS):
        return None
    days = days_in(beside)
    if "年底" in words or "end of the year" in words.lower():
        days += [(thing, date(day.year, 12, 31)) for _, day in days[:2]]
    length = float(said)
    for (one, first), (other, last) in list(combinations(days, 2))[:_MOST_PAIRS]:
        apart = abs((last - first).days)
        if last < first and "?" in (one.value[0], other.value[0]):
            apart = _DAYS_OF_YEAR - apart  # 1 December to 28 February
        between = {
            "day": (apart, 1.0),
            "week": (apart / 7, 0.5),
            "month": (apart / _IN_A_MONTH, 0.3),
            "year": (apart / _IN_A_YEAR, 0.15),
        }
        value, slack = between[thing.unit]
        if value and abs(value - length) <= slack:
            return Calculation(f"{other.text} − {one.text}", thing.text)
    return None


def _day_of(thing: Thing) -> re.Match[str] | None:
    return _FULL.fullmatch(thing.value) if thing.kind is ThingKind.DATE else None


def _moved(day: date, span: Thing) -> Iterator[tuple[str, date]]:
    count = int(decimal_of(span) or 0)
    if not 0 < count <= _LONGEST_SPAN * 365:
        return
    for sign, by in (("+", count), ("−", -count)):
        if span.unit in _DAYS:
            yield sign, day + timedelta(days=by * _DAYS[span.unit])
        elif count * _MONTHS[span.unit] <= _LONGEST_SPAN * 12:
            yield sign, _months_later(day, by * _MONTHS[span.unit])


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    is_last = day.day == monthrange(day.year, day.month)[1]
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, last if is_last else min(day.day, last))


def _next_to(day: date) -> tuple[date, date]:
    return day - timedelta(days=1), day + timedelta(days=1)


def _end_of(day: date, months: int) -> date:
    """Return the last day of the month, the quarter or the year of a day."""
    month = (day.month - 1) // months * months + months
    return date(day.year, month, monthrange(day.year, month)[1])


def _is(day: date, said: re.Match[str]) -> bool:
    return (day.month, day.day) == (int(said["month"]), int(said["day"])) and said["year"] in ("?", str(day.year))
