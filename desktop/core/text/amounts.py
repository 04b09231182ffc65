"""Numbers as offices write them, in English and Chinese, with their unit: what is the same amount, whatever its form.

"1,234.50", "1.234,50", "1 234,50", "3.5 million", "三成", "百分之十二", "一千二百", dates. Where a form can
be read in two ways, an amount has both values, and equals whatever equals one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

_DIGITS_ZH = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_TENS_ZH = {"十": 10, "百": 100, "千": 1000}
_POWERS_ZH = {"百万": 10**6, "千万": 10**7, "万": 10**4, "亿": 10**8, "千": 10**3}
_NUMBERS_EN = """one:1 two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 eleven:11 twelve:12 fourteen:14
fifteen:15 twenty:20 thirty:30 forty:40 fifty:50 sixty:60 seventy:70 eighty:80 ninety:90"""
_WORDS_EN = {word: int(value) for word, _, value in (each.partition(":") for each in _NUMBERS_EN.split())}
_POWERS_EN = {"thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "mn": 10**6, "billion": 10**9, "bn": 10**9}
_UNITS = {
    "%": "% percent per-cent 个百分点",
    "eur": "€ eur euro euros 欧元",
    "usd": "$ us$ usd dollar dollars 美元",
    "gbp": "£ gbp pounds 英镑",
    "cny": "¥ ￥ rmb cny yuan 元 块 人民币",
    "day": "day days 天 日",
    "working day": "working-day working-days business-days 个工作日 工作日",
    "week": "week weeks 周 个星期",
    "month": "month months 个月",
    "year": "year years 年",
    "hour": "hour hours h 小时 个小时",
    "minute": "minute minutes min 分钟",
    "person": "people persons employees staff participants guests 人 名 位 名员工",
    "piece": "pieces units pcs items boxes copies 件 台 个 箱 份 套 只",
    "km": "km kilometres kilometers 公里",
    "kg": "kg kilograms 公斤 千克",
    "t": "tonnes tons 吨",
    "m2": "m² sqm 平方米 平米",
}
_UNIT_OF = {form.replace("-", " "): unit for unit, forms in _UNITS.items() for form in forms.split()}
_UNIT = "|".join(sorted(map(re.escape, _UNIT_OF), key=len, reverse=True))
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = "(?P<{}>" + "|".join(_MONTHS) + r")[a-z]*\.?"

_DATE = re.compile(
    r"(?P<y1>\d{4})[-/.年]\s?(?P<m1>\d{1,2})[-/.月]\s?(?P<d1>\d{1,2})日?(?!\d)"
    r"|(?<!\d)(?P<d2>\d{1,2})[./](?P<m2>\d{1,2})[./](?P<y2>\d{4})"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\.? {_MONTH.format('m3')},? ?(?P<y3>\d{{4}})?"
    rf"|{_MONTH.format('m4')} (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,? (?P<y4>\d{{4}}))?"
    r"|(?P<m5>\d{1,2})月(?P<d5>\d{1,2})[日号]",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    rf"(?P<before>[$€£¥￥]|US\$|\b(?:EUR|USD|GBP|CNY|RMB)\b)?\s?"
    rf"(?:百分之(?P<percent>[一二三四五六七八九十百零两点\d.]+)|(?P<tenths>[一二三四五六七八九两\d])成(?P<half>半)?"
    rf"|(?P<digits>(?<![\d.,])[-−]?\d{{1,3}}(?:[,.'’  ]\d{{3}})+(?:[.,]\d+)?(?!\d)"
    rf"|(?<![\w.,])[-−]?\d+(?:[.,]\d+)?(?!\d))"
    rf"|(?P<han>[一二三四五六七八九两十百千零〇]+(?=\s?(?:万|亿|{_UNIT})))"
    rf"|\b(?P<word>{'|'.join(_WORDS_EN)})\b(?=\s))"
    rf"\s?(?P<power>百万|千万|万|亿|(?:thousand|million|billion|mn|bn|k|m)\b)?\s?(?P<unit>(?:{_UNIT})(?![A-Za-z²]))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """`values`: what it can be; `unit`: of `_UNITS`, "date", or empty; `start` and `end` in the text."""

    values: frozenset[Fraction | tuple[int | None, int, int]]
    unit: str
    start: int
    end: int

    def equals(self, other: Amount) -> bool:
        if self.unit == other.unit == "date":
            return any(_is_same_date(one, two) for one in self.values for two in other.values)
        return bool(self.values & other.values)


def amounts_in(text: str) -> Iterator[Amount]:
    """All numbers and dates of a text, in order."""
    at = 0
    for found in _DATE.finditer(text):
        yield from _plain_amounts(text, at, found.start())
        if (days := _days(found)) is not None:
            yield Amount(frozenset(days), "date", found.start(), found.end())
        at = found.end()
    yield from _plain_amounts(text, at, len(text))


def _plain_amounts(text: str, start: int, end: int) -> Iterator[Amount]:
    for found in _AMOUNT.finditer(text, start, end):
        values = _values(found)
        if not values:
            continue
        power = (found["power"] or "").casefold()
        factor = _POWERS_ZH.get(power) or _POWERS_EN.get(power) or 1
        unit = _UNIT_OF.get((found["unit"] or found["before"] or "").strip().casefold(), "")
        if found["percent"] or found["tenths"]:
            unit = "%"
        yield Amount(frozenset(value * factor for value in values), unit, found.start(), found.end())


def _values(found: re.Match[str]) -> set[Fraction]:
    if found["percent"]:
        return _plain_values(found["percent"])
    if found["tenths"]:
        return {value * 10 + (5 if found["half"] else 0) for value in _plain_values(found["tenths"])}
    if found["word"]:
        return {Fraction(_WORDS_EN[found["word"].casefold()])}
    return _plain_values(found["digits"] or found["han"])


def _plain_values(written: str) -> set[Fraction]:
    if written[0] not in "-−0123456789":
        value = _han_value(written)
        return set() if value is None else {value}
    bare = written.replace("−", "-")
    for space in " '’  ":
        bare = bare.replace(space, "")
    marks = [each for each in bare if each in ".,"]
    if not marks:
        return {Fraction(bare)}
    whole, _, rest = bare.rpartition(marks[-1])
    grouped = Fraction(re.sub("[.,]", "", bare))
    if len(set(marks)) > 1:  # the last one parts off the decimals
        return {Fraction(f"{re.sub('[.,]', '', whole)}.{rest}")}
    if len(marks) > 1:
        return {grouped}
    decimal = Fraction(f"{whole}.{rest}")
    return {decimal, grouped} if len(rest) == 3 else {decimal}


def _han_value(written: str) -> Fraction | None:
    """一千二百三十, 二〇二四, 十二点五."""
    whole, _, decimals = written.partition("点")
    if all(each in _DIGITS_ZH for each in whole):
        total = int("".join(str(_DIGITS_ZH[each]) for each in whole) or 0)
    else:
        total = digit = 0
        for each in whole:
            if each in _DIGITS_ZH:
                digit = _DIGITS_ZH[each]
            elif each in _TENS_ZH:
                total += (digit or 1) * _TENS_ZH[each]
                digit = 0
            else:
                return None
        total += digit
    if not all(each in _DIGITS_ZH for each in decimals):
        return None
    return Fraction(f"{total}.{''.join(str(_DIGITS_ZH[each]) for each in decimals) or 0}")


def _days(found: re.Match[str]) -> list[tuple[int | None, int, int]] | None:
    """The days that a date can be; None where it is none."""
    parts = {name: value for name, value in found.groupdict().items() if value}
    year = next((int(value) for name, value in parts.items() if name[0] == "y"), None)
    month = next(value for name, value in parts.items() if name[0] == "m")
    day = int(next(value for name, value in parts.items() if name[0] == "d"))
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].casefold()) + 1
    days = [(year, number, day)]
    if "d2" in parts and "/" in found[0]:
        days.append((year, day, number))  # the American way
    days = [each for each in days if 1 <= each[1] <= 12 and 1 <= each[2] <= 31]
    return days or None


def _is_same_date(one: object, other: object) -> bool:
    assert isinstance(one, tuple) and isinstance(other, tuple)  # noqa: PT018
    return one[1:] == other[1:] and (one[0] == other[0] or None in (one[0], other[0]))
