"""Numbers in a text and what they come to, so that 1,000, 1.000, 1 000, 一千 and 1千 are the same.

By rules, for English and Chinese, and for the ways in which Europe writes digits. Dates and times of day are
`claims_dates`. A number alone does not tell whether 1.234 is large or small: `decimal_sign` looks at the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from desktop.core.claims.claim import MOST_OF_A_KIND, Claim, ClaimKind, in_small_letters
from desktop.core.text.number_words import (
    CHINESE_DIGITS,
    CHINESE_NUMERALS,
    CURRENCIES,
    ENGLISH_NUMBERS,
    ENGLISH_SMALL,
    SCALES,
    UNITS,
    chinese_value,
    english_value,
)

_LONGEST = 40  # digits; what is longer is no number that anybody reads
_GAP = "[ \u00a0\u2009\u202f'’]"  # between groups of three


def _any_of(words: dict[str, str] | dict[str, Decimal]) -> str:
    """Longest first; a word of letters must not go on."""
    ways = [re.escape(word) + r"(?![A-Za-z])" * word[-1].isascii() for word in sorted(words, key=len, reverse=True)]
    return "|".join(ways)


_BEHIND = rf"(?:[ \u00a0]?(?P<scale>{_any_of(SCALES)}))?(?:[ \u00a0-]?(?P<unit>{_any_of(UNITS)}))?"
_DIGITS = re.compile(
    r"(?<![A-Za-zÀ-ÿ0-9_/#\[])(?<!\d[.,])(?P<sign>[-−])?(?:(?P<currency>US\$|[$€£¥￥])[ \u00a0]?)?"
    rf"(?P<digits>\d{{1,3}}(?:{_GAP}\d{{3}})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*)"
    + _BEHIND
    + r"(?![A-Za-z0-9_]|[.,]\d)",
    re.IGNORECASE,
)
# In small letters. Without a `\b` in front, which would have each place of a text looked at.
_ENGLISH = re.compile(
    rf"(?P<words>(?:{'|'.join(ENGLISH_NUMBERS)})(?:(?:-| and | )(?:{'|'.join(ENGLISH_NUMBERS)})){{0,12}})\b"
    rf"(?:[ -](?P<unit>{_any_of(UNITS)}))?"
)
_ARTICLE = re.compile(r"\b(?:half )?a $")
_MILLIONS = "m"  # behind a currency; elsewhere metres
# What is counted in Chinese. 一 alone is rather an article, and is left out.
_MEASURES = (
    "个|人|天|年|月|周|种|项|条|名|位|家|次|倍|岁|本|页|章|节|句|字|张|座|颗|台|辆|届|层|步|点|块|份|篇|所|支|只|件|门"
)
_NUMERALS = rf"[{CHINESE_NUMERALS}]{{1,{_LONGEST}}}"
_CHINESE = re.compile(
    rf"(?P<percent>百分之)(?P<of>{_NUMERALS})|(?P<tenths>{_NUMERALS}|\d{{1,2}})成(?![为了员本果功立都长分])"
    rf"|(?P<ordinal>第)?(?P<numerals>{_NUMERALS})"
    rf"(?P<unit>{'|'.join(unit for unit in sorted(UNITS, key=len, reverse=True) if not unit.isascii())})?"
)
# 1亿2000万, 2万3千, 1万5000: digits, and signs that multiply them.
_MIXED = re.compile(
    r"(?<![\d.,])(?P<large>\d+)(?P<scale>[亿万])(?P<small>\d+)(?P<rest>[万千百])?"
    rf"(?P<unit>{'|'.join(unit for unit in sorted(UNITS, key=len, reverse=True) if not unit.isascii())})?"
)
# Words that only look like numbers.
_NO_NUMBERS = frozenset(("千万", "万一", "万千", "百万", "千百", "十"))
_IS_CHINESE = re.compile("[\u4e00-\u9fff]")
_RANGE = re.compile(r"[ \u00a0]?(?:[-–—−~～至到]|to|bis)[ \u00a0]?")
_POINT, _COMMA = re.compile(r"\d\.\d{1,2}(?!\.?\d)|\d,\d{3},\d{3}"), re.compile(r"\d,\d{1,2}(?!,?\d)|\d\.\d{3}\.\d{3}")


def decimal_sign(*texts: str) -> str:
    """What stands before the decimals in these texts, by the numbers that leave no doubt; empty where all do."""
    points = sum(len(_POINT.findall(text)) for text in texts)
    commas = sum(len(_COMMA.findall(text)) for text in texts)
    if points == commas:
        return "." if any(_IS_CHINESE.search(text) for text in texts) else ""
    return "." if points > commas else ","


def numbers_in(text: str, decimal: str = "") -> list[Claim]:
    """The numbers of a text, in order, with ranges as one."""
    ways = (_in_digits(text, decimal), _in_english(text), _in_chinese(text), _in_mixed(text))
    found = sorted((claim for way in ways for claim in islice(way, MOST_OF_A_KIND)), key=_place)
    apart: list[Claim] = []
    for claim in found:
        if not apart or claim.start >= apart[-1].end:
            apart.append(claim)
    return _with_ranges(text, apart)[:MOST_OF_A_KIND]


def _place(claim: Claim) -> tuple[int, int]:
    return claim.start, -claim.end


def _in_digits(text: str, decimal: str) -> Iterator[Claim]:
    for match in _DIGITS.finditer(text):
        if _is_item(text, match):
            continue
        scale, unit = (match["scale"] or "").lower(), (match["unit"] or "").lower()
        if match["currency"] and unit == _MILLIONS:
            scale, unit = "million", ""
        value = _value(match["digits"], decimal, SCALES.get(scale, Decimal(1)), negative=_is_negative(text, match))
        unit = UNITS.get(unit, "") or CURRENCIES.get((match["currency"] or "").lower(), "")
        yield Claim(ClaimKind.NUMBER, match[0], match.start(), match.end(), value, unit)


def _is_item(text: str, match: re.Match[str]) -> bool:
    """The number of a list's item, or of a footnote."""
    behind = text[match.end() : match.end() + 2]
    before = text[max(0, match.start() - 1) : match.start()]
    return before in ("", "\n") and behind[:1] in (".", ")") and behind[1:] in ("", " ") and len(match[0]) < 4


def _is_negative(text: str, match: re.Match[str]) -> bool:
    """A sign, and not a dash between two words or numbers."""
    return bool(match["sign"]) and text[max(0, match.start() - 1) : match.start()] in ("", " ", "\n", "(", "\t")


def _value(digits: str, decimal: str, scale: Decimal, *, negative: bool) -> str:
    plain = re.sub(_GAP, "", digits)
    signs = [sign for sign in plain if sign in ".,"]
    if len(plain) > _LONGEST or (
        len(signs) > 1 and len(set(signs)) == 1 and not re.fullmatch(r"\d+(?:.\d{3})+", plain)
    ):
        return plain  # a version, or no number at all
    if len(signs) == 1:
        head, tail = re.split("[.,]", plain)
        is_grouped = len(tail) == 3 and len(head) <= 3 and head.lstrip("0") != "" and signs[0] != decimal
        plain = head + tail if is_grouped else f"{head}.{tail}"
    elif signs:
        whole, point, rest = plain.rpartition(signs[-1]) if len(set(signs)) > 1 else (plain, "", "")
        plain = re.sub("[.,]", "", whole) + ("." + rest if point else "")
    return _written(Decimal(plain) * scale * (-1 if negative else 1))


def _written(value: Decimal) -> str:
    """One form for each number: no exponent, no zeros at the end."""
    whole = format(value, "f")
    return whole.rstrip("0").rstrip(".") if "." in whole else whole


def _in_english(text: str) -> Iterator[Claim]:
    small = in_small_letters(text)
    for match in _ENGLISH.finditer(small):
        words = [word for word in re.split("[- ]", match["words"]) if word != "and"]
        start = match.start()
        before = small[max(0, start - 8) : start]
        value = english_value(words)
        if words[0] not in ENGLISH_SMALL and (article := _ARTICLE.search(before)):
            start -= len(article[0])
            value = value // 2 if article[0].startswith("half") else value
        elif words == ["one"] or words[0] not in ENGLISH_SMALL or (before and before[-1].isalnum()):
            continue  # an article, "hundreds of", or the end of a word
        unit = UNITS.get(match["unit"] or "", "")
        yield Claim(ClaimKind.NUMBER, text[start : match.end()], start, match.end(), str(value), unit)


def _in_chinese(text: str) -> Iterator[Claim]:
    for match in _CHINESE.finditer(text):
        numerals = match["of"] or match["tenths"] or match["numerals"]
        if match["percent"] or match["tenths"]:
            amount = int(numerals) if numerals.isdigit() else chinese_value(numerals)
            value, unit = str(amount * (10 if match["tenths"] else 1)), "%"
        elif _counts(text, match):
            value = str(chinese_value(numerals))
            unit = "th" if match["ordinal"] else UNITS.get(match["unit"] or "", "")
        else:
            continue
        yield Claim(ClaimKind.NUMBER, match[0], match.start(), match.end(), value, unit)


def _in_mixed(text: str) -> Iterator[Claim]:
    for match in _MIXED.finditer(text):
        large, small = int(match["large"]), int(match["small"])
        scale = int(SCALES[match["scale"]])
        # 3万5 is 35,000; of several digits, each means what it says.
        step = int(SCALES[match["rest"]]) if match["rest"] else scale // 10 if len(match["small"]) == 1 else 1
        if small * step < scale:
            unit = UNITS.get(match["unit"] or "", "")
            value = str(large * scale + small * step)
            yield Claim(ClaimKind.NUMBER, match[0], match.start(), match.end(), value, unit)


def _counts(text: str, match: re.Match[str]) -> bool:
    """Whether numerals are a number, and not a part of a word such as 统一 or 四川."""
    numerals = match["numerals"]
    if match["ordinal"]:
        return True
    is_counted = bool(match["unit"]) or re.match(_MEASURES, text[match.end() : match.end() + 1]) is not None
    if all(sign in CHINESE_DIGITS for sign in numerals):
        return is_counted and numerals not in ("一", "零", "〇") and len(numerals) in (1, 4)
    return numerals not in _NO_NUMBERS and (is_counted or len(numerals) > 1)


def _with_ranges(text: str, numbers: list[Claim]) -> list[Claim]:
    """Two numbers with "to" or a dash between them are one claim."""
    joined: list[Claim] = []
    for claim in numbers:
        last = joined[-1] if joined else None
        if last is not None and _RANGE.fullmatch(text[last.end : claim.start]) and _rises(last.value, claim.value):
            whole = text[last.start : claim.end]
            value, unit = f"{last.value}–{claim.value}", claim.unit or last.unit
            joined[-1] = Claim(ClaimKind.NUMBER, whole, last.start, claim.end, value, unit)
        else:
            joined.append(claim)
    return joined


def _rises(low: str, high: str) -> bool:
    is_plain = all(re.fullmatch(r"-?\d+(?:\.\d+)?", each) for each in (low, high))
    return is_plain and Decimal(low) < Decimal(high)
