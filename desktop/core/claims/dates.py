"""Dates and times of day in a text: 2026-05-03, 3 May 2026, May 3, 2026年5月3日 and 3.5.2026 are the same.

A value is `YYYY-MM-DD`, with `?` for what is not said; 3/5/2026 has two. A year alone is a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from desktop.core.claims.claim import MOST_OF_A_KIND, Finding, Kind, found, in_small_letters
from desktop.core.text.number_words import ENGLISH_SMALL, chinese_value

_NAMES = "january february march april may june july august september october november december"
_MONTHS = _NAMES.split()
_SHORT = {name[:3]: at for at, name in enumerate(_MONTHS, 1)} | {"sept": 9}
_BY_NAME = {name: at for at, name in enumerate(_MONTHS, 1)} | _SHORT
# After a whole name, a full stop ends the sentence and not the month.
_WRITTEN = [name if name in _MONTHS else name + r"\.?" for name in sorted(_BY_NAME, key=len, reverse=True)]
_MONTH = rf"(?P<month>{'|'.join(_WRITTEN)})"
_DAY, _YEAR = r"(?P<day>\d\d?)(?:st|nd|rd|th)?", r"(?P<year>[12]\d{3})"

# For text in small letters. Each begins with a digit or a letter, which finds its places fast; what stands before them
# is looked at afterwards.
_FORMS = tuple(
    re.compile(form + r"(?![a-z0-9_])")
    for form in (
        rf"{_YEAR}(?P<sign>[-/.])(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?)",
        r"(?P<first>\d\d?)(?P<sign>[-./])\s?(?P<second>\d\d?)(?P=sign)\s?(?P<year>[12]\d{3})",
        rf"{_DAY}(?: of)?[ -]{_MONTH}(?:(?:,? |-){_YEAR})?",
        rf"{_MONTH} {_DAY}(?:, ?{_YEAR})?",
        rf"{_MONTH},? {_YEAR}",
        r"(?P<month>0[1-9]|1[0-2])/(?P<year>20\d\d)",
        r"(?P<hour>\d\d?)(?:[:h](?P<minute>[0-5]\d)|\.(?P<minutes>[0-5]\d)(?=\s?(?:[ap]\.?m|uhr|hours)))?"
        r"\s?(?P<half>[ap]m\b|[ap]\.m\.?)?(?![:.]\d)",
    )
)
_TIMES_IN_WORDS = re.compile(
    r"(?<![a-z-])(?:(?P<word>noon|midnight)|(?P<part>half past|quarter past|quarter to) "
    rf"(?P<hour>{'|'.join(list(ENGLISH_SMALL)[:12])}))(?![a-z])"
)
# A month alone; "march" and "may" only behind what leads to a month.
_MONTH_ALONE = re.compile(
    rf"(?<![a-z-])(?P<month>{'|'.join(_MONTHS)})(?![a-z0-9_])|(?<=mid-)(?P<mid>{'|'.join(_MONTHS)})"
)
_LEADS_TO_MONTH = re.compile(r"(?:\b(?:in|by|of|from|each|late|since|until|early|every|end)[ -]|mid-)$")
_CHINESE_MONTH_ALONE = re.compile(
    r"(?<![\d年.个/-])(?P<month>1[0-2]|0?[1-9]|[一二三四五六七八九]|十[一二]?)月(?![\d日号\s]|份?\d)"
)
# 10/27 and 10.24前, without a year
_SHORT_DAY = re.compile(r"(?<![\d./-])(?P<first>\d\d?)/(?P<second>\d\d?)(?![\d/%.-])")
_BESIDE_SHORT_DAY = re.compile(r"[\u4e00-\u9fff(（,，\t\n]")
_SHORT_CHINESE_DAY = re.compile(
    r"(?<![\d.])(?P<first>1[0-2]|0?[1-9])\.(?P<second>[12]\d|3[01]|0?[1-9])(?=[前起至到日]|之前|以前)"
)
_HAS_SIGN, _HAS_TIME = re.compile(r"\d[-/.]\s?\d"), re.compile(r"\d[:h]\d|\d\s?[ap]\.?m|\d\.\d\d\s?(?:uhr|hours)")
_HAS_SIGN_OF_MONTH = re.compile(r"[01]\d/20")
_HAS_MONTH = re.compile("|".join(name[:3] for name in _MONTHS))
MONTHS_BY_NAME = {name.capitalize(): at for name, at in _BY_NAME.items()}
_CHINESE = re.compile(r"(?P<first>\d\d{0,3})\s?(?:年\s?(?P<second>\d\d?)\s?)?月(?:\s?(?P<day>\d\d?)\s?[日号])?")
# A time of day only where more than 3点 says so, which may be three points.
_HOUR = r"(?P<hour>\d\d?|[零一二三四五六七八九十两]{1,3})"
_CHINESE_TIMES = tuple(
    re.compile(form)
    for form in (
        rf"(?P<half>凌晨|清晨|早上?|上午|中午|下午|傍晚|晚上?|夜里|半夜|深夜){_HOUR}(?:[:：](?P<minute>[0-5]\d)|[点时](?:(?P<minutes>[0-5]?\d)分?|半)?)",
        rf"(?:(?<=[日号])|(?<=[点时半][到至—-])){_HOUR}[点时](?!\d)",
        rf"(?<![\d.]){_HOUR}[点时](?:(?P<minutes>[0-5]?\d)分|半|整|钟|(?=[前后起到至—]))",
    )
)
_LATE, _NIGHT = ("下午", "傍晚", "晚上", "晚"), ("凌晨", "晚上", "晚", "夜里", "半夜", "深夜")
_HALVES = frozenset("凌清早上中下傍晚夜半深")
_DIGIT = re.compile(r"\d")
_WITHIN_WORD = re.compile(r".?[a-z0-9_/:-]|\d[.,]", re.DOTALL)


def dates_in(text: str) -> list[Finding]:
    """Return the dates and times of a text, in order."""
    claims: list[Finding] = []
    small = in_small_letters(text)

    def value_of(match: re.Match[str]) -> str:
        names_month = match.re.groupindex.get("month")
        if _WITHIN_WORD.fullmatch(small[max(0, match.start() - 2) : match.start()]) or (
            names_month and text[match.start(names_month)].islower()  # "you may 3 times"
        ):
            return ""
        return _time(match) if "hour" in match.re.groupindex else _value(match)

    def month_alone(match: re.Match[str]) -> str:
        name = match["month"] or match["mid"]
        is_led = _LEADS_TO_MONTH.search(small, max(0, match.start() - 7), match.start())
        is_plain = text[match.start()].isupper() and (is_led or name not in ("march", "may"))
        return f"?-{_BY_NAME[name]:02}-?" if is_plain else ""

    # Each form has digits, and most texts have none.
    for form in _forms_for(small) if _DIGIT.search(text) else ():
        claims += map(_with_other_order, found(Kind.DATE, form, text, value_of, small))
    claims += found(Kind.DATE, _TIMES_IN_WORDS, text, _time_in_words, small)
    if _HAS_MONTH.search(small):
        claims += found(Kind.DATE, _MONTH_ALONE, text, month_alone, small)
    is_ascii = text.isascii()
    claims += map(_with_other_order, found(Kind.DATE, _SHORT_DAY, text, _short_day))
    if not is_ascii:
        claims += found(Kind.DATE, _CHINESE, text, _chinese_value)
        claims += found(Kind.DATE, _CHINESE_MONTH_ALONE, text, lambda match: f"?-{_hour(match['month']):02}-?")
        claims += found(Kind.DATE, _SHORT_CHINESE_DAY, text, _short_day)
    for form in () if is_ascii else _CHINESE_TIMES:
        claims += map(_of_either_half, found(Kind.DATE, form, text, _chinese_time))
    claims.sort(key=lambda claim: (claim.start, -claim.end))
    apart: list[Finding] = []
    for claim in claims:
        if not apart or claim.start >= apart[-1].end:
            apart.append(claim)
    return apart[:MOST_OF_A_KIND]


def _forms_for(small: str) -> Iterator[re.Pattern[str]]:
    """Yield the forms that may stand in a text: most texts have digits alone, and each form goes through all of it."""
    if _HAS_SIGN.search(small):
        yield from _FORMS[:2]
    if _HAS_MONTH.search(small):
        yield from _FORMS[2:5]
    if _HAS_SIGN_OF_MONTH.search(small):
        yield _FORMS[5]
    if _HAS_TIME.search(small):
        yield from _FORMS[6:]


def year_of(claim: Finding) -> str:
    """Return the year of a date; empty where none is named."""
    return "" if claim.value[:1] == "?" or ":" in claim.value else claim.value[:4]


def may_be_same(one: Finding, other: Finding) -> bool:
    """Return True if two dates name the same day or month, as far as both say."""
    return any(_may_be_same(mine, yours) for mine in one.values for yours in other.values)


def _may_be_same(one: str, other: str) -> bool:
    pieces = one.split("-"), other.split("-")
    if len(pieces[0]) != len(pieces[1]):
        return False
    return all(a == b or "?" in (a, b) for a, b in zip(*pieces, strict=True))


def _with_other_order(claim: Finding) -> Finding:
    """Return the claim with its other value, where day and month of 3/5/2026 may be either."""
    if "/" not in claim.text or claim.text[:4].isdigit() or claim.value[-1] == "?":
        return claim
    year, month, day = claim.value.split("-")
    other = _written(year, int(day), int(month)) if int(day) <= 12 else ""
    return replace(claim, values=(claim.value, other)) if other and other != claim.value else claim


def _of_either_half(claim: Finding) -> Finding:
    """Return the claim with its other value, where 9点 may be in the evening."""
    hour = int(claim.value[:2])
    is_open = claim.text[:1] not in _HALVES and 0 < hour < 12
    return replace(claim, values=(claim.value, f"{hour + 12}{claim.value[2:]}")) if is_open else claim


def _chinese_value(match: re.Match[str]) -> str:
    year, month = (match["first"], match["second"]) if match["second"] else ("?", match["first"])
    return _written(year, int(month), int(match["day"] or 0))


def _short_day(match: re.Match[str]) -> str:
    """Return a day of a month; with a stroke the month comes first, where it can be one, and 8/24 may be a share."""
    first, second = int(match["first"]), int(match["second"])
    is_share = (
        "/" in match[0]
        and "0" not in (match["first"][0], match["second"][0])
        and not (
            max(first, second) > 12 and _BESIDE_SHORT_DAY.search(match.string, max(0, match.start() - 1), match.start())
        )
    )
    return "" if is_share else _written("?", first, second) or _written("?", second, first)


def _hour(written: str) -> int:
    return int(written) if written.isdigit() else chinese_value(written)


def _time_in_words(match: re.Match[str]) -> str:
    if match["word"]:
        return "12:00" if match["word"] == "noon" else "00:00"
    minutes = (
        60 * ENGLISH_SMALL[match["hour"]] + {"half past": 30, "quarter past": 15, "quarter to": -15}[match["part"]]
    )
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _chinese_time(match: re.Match[str]) -> str:
    named = match.groupdict()
    hour = _hour(named["hour"])
    if hour < 12 and (named.get("half") in _LATE or (named.get("half") == "中午" and hour < 3)):
        hour += 12
    if hour == 12 and named.get("half") in _NIGHT:
        hour = 0
    minute = int(named.get("minute") or named.get("minutes") or (30 if match[0].endswith("半") else 0))
    return f"{hour:02}:{minute:02}" if hour <= 24 else ""


def _value(match: re.Match[str]) -> str:
    named = match.groupdict()
    if named.get("first"):
        first, second = int(named["first"]), int(named["second"])
        # With strokes the month comes first, where it can be one; else the day does.
        is_day_first = named["sign"] != "/" or first > 12
        day, month = (first, second) if is_day_first else (second, first)
    else:
        written = named["month"]
        month = int(written) if written.isdigit() else _BY_NAME[written.rstrip(".")]
        day = int(named.get("day") or 0)
    return _written(named.get("year") or "?", month, day)


def _written(year: str, month: int, day: int) -> str:
    """Return the value of a date; empty where it is no date, or says no more than a month."""
    if not 1 <= month <= 12 or day > 31 or (not day and year == "?"):
        return ""
    return f"{year}-{month:02}-" + (f"{day:02}" if day else "?")


def _time(match: re.Match[str]) -> str:
    hour, half = int(match["hour"]), match["half"] or ""
    minute = match["minute"] or match["minutes"]
    if (not minute and not half) or hour > (12 if half else 24):
        return ""
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return f"{hour:02}:{minute or '00'}"
