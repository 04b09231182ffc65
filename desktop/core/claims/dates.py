"""Dates and times of day in a text: 2026-05-03, 3 May 2026, May 3, 2026年5月3日 and 3.5.2026 are the same.

A value is `YYYY-MM-DD`, with `?` for what is not said, or `HH:MM`; 3/5/2026 has two. A year alone is a number.
"""

from __future__ import annotations

import re
from itertools import islice

from desktop.core.claims.claim import MOST_OF_A_KIND, Finding, Kind, in_small_letters
from desktop.core.text.number_words import ENGLISH_SMALL, chinese_value

_NAMES = "january february march april may june july august september october november december"
_MONTHS = _NAMES.split()
_BY_NAME = {name: at for at, name in enumerate(_MONTHS, 1)} | {name[:3]: at for at, name in enumerate(_MONTHS, 1)}
_BY_NAME["sept"] = 9
MONTHS_BY_NAME = {name.capitalize(): at for name, at in _BY_NAME.items()}
# After a whole name, a full stop ends the sentence and not the month.
_WRITTEN = [name if name in _MONTHS else name + r"\.?" for name in sorted(_BY_NAME, key=len, reverse=True)]
_MONTH = rf"(?P<month>{'|'.join(_WRITTEN)})"
_DAY, _YEAR = r"(?P<day>\d\d?)(?:st|nd|rd|th)?", r"(?P<year>[12]\d{3})"
_HALF = r"\s?(?P<half>[ap]m\b|[ap]\.m\.?)"
_HOUR = r"(?P<hour>\d\d?|[零一二三四五六七八九十两]{1,3})"
# For text in small letters. A month alone only behind what leads to one, or with a capital that can be no verb's.
_FORMS = (
    rf"{_YEAR}(?P<sign>[-/.])(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?)",
    r"(?P<first>\d\d?)(?P<sign>[-./])\s?(?P<second>\d\d?)(?P=sign)\s?(?P<year>[12]\d{3})",
    rf"{_DAY}(?: of)?[ -]{_MONTH}(?:(?:,? |-){_YEAR})?",
    rf"{_MONTH} {_DAY}(?:, ?{_YEAR})?",
    rf"{_MONTH},? {_YEAR}",
    r"(?P<month>0[1-9]|1[0-2])[-/](?P<year>20\d\d)",
    rf"(?P<hour>\d\d?)[:h](?P<minute>[0-5]\d)(?:{_HALF})?(?![:.]\d)",
    rf"(?P<hour>\d\d?)(?:\.(?P<minute>[0-5]\d))?{_HALF}",
    r"(?P<hour>\d\d?)\.(?P<minute>[0-5]\d)\s?(?:uhr|hours)",
    rf"(?P<part>half past|quarter past|quarter to) (?P<hour>{'|'.join(list(ENGLISH_SMALL)[:12])})",
    "(?P<half>noon|midnight)",
)
_OTHER_FORMS = (
    rf"(?<![a-z-])(?P<alone>{'|'.join(_MONTHS)})(?![a-z0-9_])|(?<=mid-)(?P<mid>{'|'.join(_MONTHS)})",
    r"(?P<year>\d{2,4})\s?年\s?(?P<month>\d\d?)\s?月(?:\s?(?P<day>\d\d?)\s?[日号])?",
    r"(?P<month>\d\d?)月\s?(?P<day>\d\d?)\s?[日号]",
    r"(?<![\d年.个/-])(?P<alone>1[0-2]|0?[1-9]|[一二三四五六七八九]|十[一二]?)月(?![\d日号\s]|份?\d)",
    r"(?<![\d./-])(?P<first>\d\d?)(?P<sign>/|\.(?=\d\d?[前起至到]))(?P<second>\d\d?)(?![\d/%.-])",
    rf"(?P<half>凌晨|清晨|早上?|上午|中午|下午|傍晚|晚上?|夜里|半夜|深夜){_HOUR}"
    r"(?:[:：](?P<minute>[0-5]\d)|[点时](?:(?P<minutes>[0-5]?\d)分?|(?P<part>半))?)",
    # A time of day only where more than 3点 says so, which may be three points.
    rf"(?:(?<=[日号])|(?<=[点时半][到至—-])){_HOUR}[点时](?!\d)",
    rf"(?<![\d.]){_HOUR}[点时](?:(?P<minute>[0-5]?\d)分|(?P<part>半)|整|钟|(?=[前后起到至—]))",
)
_MINUTES = {"half past": 30, "quarter past": 15, "quarter to": -15, "半": 30}
_AT_TWELVE = {"noon": "12:00", "midnight": "00:00"}
_LATE, _NIGHT = ("下午", "傍晚", "晚上", "晚"), ("凌晨", "晚上", "晚", "夜里", "半夜", "深夜")
_LEADS_TO_MONTH = re.compile(r"\b(?:in|by|of|from|each|late|since|until|early|every|end)[ -]$")
_BESIDE_SHORT_DAY = re.compile(r"[\u4e00-\u9fff(（,，\t\n]")


def _numbered(form: str, number: int) -> str:
    """Return a form whose groups have names of their own among all."""
    return re.sub(r"\(\?P([<=])(\w+)", rf"(?P\1\2_{number}", form)


_NUMBERED = [_numbered(form, at) for at, form in enumerate((*_FORMS, *_OTHER_FORMS))]
_DATE = re.compile(
    r"(?=[\djfmasondhq零一二三四五六七八九十两凌清早上中下傍晚夜半深])"  # what none begins with is passed over quickly
    rf"(?:(?<![a-z0-9_/:-])(?<!\d[.,])(?:{'|'.join(_NUMBERED[: len(_FORMS)])})(?![a-z0-9_])"
    rf"|{'|'.join(_NUMBERED[len(_FORMS) :])})"
)


def dates_in(text: str) -> list[Finding]:
    """Return the dates and times of a text, in order."""
    found: list[Finding] = []
    for match in islice(_DATE.finditer(in_small_letters(text)), MOST_OF_A_KIND):
        named = {name.partition("_")[0]: value for name, value in match.groupdict().items() if value}
        values = _times(named, match[0]) if "hour" in named or "half" in named else _days(named, match, text)
        if values:
            found.append(Finding(Kind.DATE, text[match.start() : match.end()], *match.span(), values))
    return found


def _days(named: dict[str, str], match: re.Match[str], text: str) -> tuple[str, ...]:
    if "first" in named:
        return _in_either_order(named, match)
    month = named.get("month") or named.get("alone") or named["mid"]
    if month[0].isascii() and month[0].isalpha():
        start = match.start() + match[0].find(month)
        is_led = "mid" in named or _LEADS_TO_MONTH.search(match.string, max(0, start - 7), start)
        if text[start].islower() or ("alone" in named and month in ("march", "may") and not is_led):
            return ()  # you may 3 times
        number = _BY_NAME[month.rstrip(".")]
    else:
        number = _number(month)
    if "alone" in named or "mid" in named:
        return (f"?-{number:02}-?",)
    return tuple(filter(None, (_written(named.get("year", "?"), number, int(named.get("day", 0))),)))


def _in_either_order(named: dict[str, str], match: re.Match[str]) -> tuple[str, ...]:
    """Return both readings of 3/5/2026; with points the day comes first, and 8/24 without a year may be a share."""
    first, second, year = int(named["first"]), int(named["second"]), named.get("year", "?")
    if year == "?" and named["sign"] == "/" and "0" not in (named["first"][0], named["second"][0]):
        beside = match.string[max(0, match.start() - 1) : match.start()]
        if max(first, second) <= 12 or not _BESIDE_SHORT_DAY.match(beside):
            return ()
    orders = [(first, second), (second, first)] if named["sign"] == "/" or year == "?" else [(second, first)]
    return tuple(dict.fromkeys(filter(None, (_written(year, month, day) for month, day in orders))))


def _written(year: str, month: int, day: int) -> str:
    """Return the value of a date; empty where it is none."""
    return f"{year}-{month:02}-" + (f"{day:02}" if day else "?") if 1 <= month <= 12 and day <= 31 else ""


def _number(numerals: str) -> int:
    return int(numerals) if numerals.isdecimal() else chinese_value(numerals)


def _times(named: dict[str, str], words: str) -> tuple[str, ...]:
    half = named.get("half", "")
    if half in _AT_TWELVE:
        return (_AT_TWELVE[half],)
    hour = ENGLISH_SMALL.get(named["hour"]) or _number(named["hour"])
    if hour > (12 if half[:1] in ("a", "p") else 24):
        return ()
    if half[:1] in ("a", "p"):
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    elif hour < 12 and (half in _LATE or (half == "中午" and hour < 3)):
        hour += 12
    elif hour == 12 and half in _NIGHT:
        hour = 0
    minutes = int(named.get("minute") or named.get("minutes") or _MINUTES.get(named.get("part", ""), 0))
    value = 60 * hour + minutes
    is_open = not half and 0 < hour < 12 and not words.isascii()  # 9点 may be in the evening
    return tuple(f"{each // 60:02}:{each % 60:02}" for each in ((value, value + 720) if is_open else (value,)))


def year_of(finding: Finding) -> str:
    """Return the year of a date; empty where none is named."""
    return "" if finding.value[:1] == "?" or ":" in finding.value else finding.value[:4]


def may_be_same(one: str, other: str) -> bool:
    """Return True if the values of two dates are the same as far as both say, or two times of day."""
    if ":" in one or ":" in other:
        return one == other
    return all(a == b or "?" in (a, b) for a, b in zip(one.split("-"), other.split("-"), strict=False))
