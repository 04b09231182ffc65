"""Numbers in a text and what they come to, so that 1,000, 1.000, 1 000, 一千 and 1千 are the same.

By rules, for English and Chinese, and for the ways in which Europe writes digits. Dates and times of day are
`claims.dates`. A number alone does not tell whether 1.234 is large or small: `decimal_sign` looks at the others, and
where they do not tell either, the claim has both values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice, pairwise

from desktop.core.claims.claim import MOST_OF_A_KIND, Finding, Kind, in_small_letters
from desktop.core.text.number_words import (
    CHINESE_DIGITS,
    CHINESE_NUMERALS,
    CURRENCIES,
    ENGLISH_NUMBERS,
    ENGLISH_SCALES,
    ENGLISH_SMALL,
    SCALES,
    SHARES,
    UNITS,
    chinese_value,
    english_number,
)
from desktop.core.text.scripts import has_han

_LONGEST = 40  # digits; what is longer is no number that anybody reads
_GAP = "[ \u00a0\u2009\u202f'’]"  # between groups of three
_HALF = Decimal("0.5")
PARTS = {"½": _HALF, "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")


_BEHIND_WORD = {
    "x": r"(?<=\dx)(?![a-z\d]|[ \u00a0]?[\d(€£$¥])",
    "千": "(?![瓦克米赫卡焦帕])",
    "fr.": "",
    "m2": "",
    "m3": "",
    "平": "(?![均日时方米])",
    "日": "(?!元)",
    "升": "(?![至到降高级])",
}


def _any_of(words: dict[str, str] | dict[str, Decimal]) -> str:
    """Return a pattern of all, the longest first; a word of letters must not go on."""
    ways = [
        re.escape(word) + _BEHIND_WORD.get(word, r"(?![A-Za-z])" * word[-1].isascii())
        for word in sorted(words, key=len, reverse=True)
    ]
    return "|".join(ways)


_MONEY = "|".join(unit for unit in UNITS if UNITS[unit] in CURRENCIES.values())
# 3m EUR are millions, and so are $3m; without a currency they are metres.
_BEHIND = (
    rf"(?:[ \u00a0]?(?P<scale>{_any_of(SCALES)}|m(?=[ \u00a0]?(?:{_MONEY}))))?"
    rf"(?:[ \u00a0-]?(?P<unit>{_any_of(UNITS)}))?"
)
# For text in small letters: a pattern that looks at case by itself tries each of the many units in turn.
_DIGITS = re.compile(
    r"(?=[-−$€£¥￥.\duegcrhasndpjif])"  # what none begins with is passed over quickly
    r"(?<![A-Za-zÀ-ÖØ-öø-ÿ0-9_/#\[])(?<!\d[.,])(?P<sign>[-−])?"
    r"(?:(?P<currency>(?:us|hk|a)\$|[$€£¥￥]"
    r"|(?:usd|eur|gbp|cny|rmb|chf|sek|nok|dkk|pln|jpy|hkd|aud|cad|inr|fr\.)(?=[ \u00a0\d]))[ \u00a0]?)?"
    rf"(?P<digits>\d{{1,3}}(?:{_GAP}\d{{3}})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*|(?<![.\w])\.\d+)(?P<part>[½¼¾])?"
    + _BEHIND
    # 2小时10分钟, 4x, and 45W, whose unit is not known
    + r"(?:(?<=[\u4e00-\u9fff])|(?![A-Za-z0-9_]|[.,]\d)|(?<=\d\d)(?=[a-zµω]{1,3}(?![a-z0-9_-])))"
)
# In small letters. Without a `\b` in front, which would have each place of a text looked at.
_ENGLISH_NUMBER = rf"(?:{'|'.join(ENGLISH_NUMBERS)})(?![a-z0-9_])"
_ENGLISH = re.compile(rf"{_ENGLISH_NUMBER}(?:(?:-| and | ){_ENGLISH_NUMBER}){{0,30}}")
_ENGLISH_WORD = re.compile("[a-z]+")
_ENGLISH_UNIT = re.compile(rf"[ -](?P<unit>{_any_of(UNITS)})(?![a-z])")
_AND_A_HALF = re.compile(rf" and a half(?: (?P<scale>{'|'.join(ENGLISH_SCALES)}))?(?![a-z])")
_ORDINAL = re.compile(r"-(?:first|second|third|[a-z]+th)(?![a-z])")
_ARTICLE = re.compile(r"\b(?:half )?a $")
_DURATION = re.compile(
    r"(?<![\d.,])(?:(\d{1,3}) ?(?:hours?|hrs?|h|个?小时|时) ?(?:and |零)?(\d{1,2}) ?(?:minutes?|mins?|min|m|分钟?)"
    r"|(\d{1,3}) ?(?:minutes?|min|分钟?) ?(?:and |零)?(\d{1,2}) ?(?:seconds?|sec|s|秒))(?![A-Za-z])"
)
_HAS_SHARE = re.compile(
    "quarter|third|fifth|sixth|eighth|tenth|twelfth|[Hh]alf|one in|[Tt]wice|dozen|fortnight|半|一刻钟"
)
_SHARE = re.compile(rf"(?<![a-z])(?<!first )(?<!second )(?:{'|'.join(sorted(SHARES, key=len, reverse=True))})(?![a-z])")
_PART = re.compile(rf"([{CHINESE_NUMERALS}]{{1,3}})分之([{CHINESE_NUMERALS}]{{1,3}})")
_OFF = re.compile(r"([一二三四五六七八九])([一二三四五六七八九])?折|(\d(?:\.\d)?)折")
_MILLIONS = "m"  # behind or before a currency; elsewhere metres
# What is counted in Chinese. 一 alone is rather an article, and is left out.
_MEASURES = (
    "[期具笔户处轮个人天年月周种项条名位家次倍岁本页章节句字张座颗台辆届层楼步点块份篇所支只件门箱套间类场卷票批册幅趟"
    "班栋幢款组]"
)
_NUMERALS = rf"[{CHINESE_NUMERALS}]{{1,{_LONGEST}}}"
_CHINESE_UNIT = "|".join(unit for unit in sorted(UNITS, key=len, reverse=True) if not unit.isascii())
_CHINESE_SCALE = "万亿|[千百]?[万亿]"
# 十二点五, but neither 三点十分 nor 三点一致.
_DECIMALS = (
    rf"点(?:[{''.join(CHINESE_DIGITS)}]{{2,9}}|[零〇二三四五六七八九]|一(?={_CHINESE_SCALE}|{_CHINESE_UNIT}))"
    rf"(?![十分刻]|[百千](?![万亿]))"
)
_CHINESE = re.compile(
    rf"(?P<percent>[百千万])分之(?P<of>{_NUMERALS}(?:{_DECIMALS})?|\d{{1,9}}(?:\.\d{{1,9}})?)"
    rf"|(?P<tenths>{_NUMERALS}|\d{{1,2}})成(?P<rest>半|[一二三四五六七八九\d])?(?![为了员本果功立都长分])"
    rf"|(?P<ordinal>第)?(?P<numerals>{_NUMERALS})(?:(?P<decimals>{_DECIMALS})(?P<scale>{_CHINESE_SCALE})?)?"
    rf"(?P<unit>{_CHINESE_UNIT})?"
)
_PARTS_OF = {"百": 1, "千": 10, "万": 100}  # 千分之三 is 0.3 %
# 1亿2000万, 2万3千, 1万5000: digits, and signs that multiply them.
_MIXED = re.compile(
    rf"(?<![\d.,])(?P<parts>(?:\d{{1,9}}(?:{_CHINESE_SCALE}|[千百]))+)"
    rf"(?P<rest>\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}})?(?![.,]?\d)(?P<unit>{_CHINESE_UNIT})?"
)
_MIXED_PART = re.compile(r"(\d+)(\D+)")
# 三年半, 三个半月: half of the unit more.
_CHINESE_HALF = re.compile(r"个半(?P<unit>小时|月|星期|钟头)|半(?![个天年月日])")
_HALF_UNITS = {"小时": "h", "钟头": "h", "月": "month", "星期": "week"}
_HALVED = frozenset(("day", "week", "month", "year", "h", "min"))
# Words that only look like numbers; the second ones are numbers before a unit.
_NO_NUMBERS, _ONLY_WITH_UNIT = frozenset(("万一", "万千", "千百", "万", "亿")), frozenset(("千万", "百万"))
_SEVERAL = re.compile("(?=.*[十百千万亿]).*[一二三四五六七八九]{2}")
_RANGE = re.compile(r"[ \u00a0]?(?:[-–—−~～至到]|to|bis)[ \u00a0]?")
_POINT, _COMMA = re.compile(r"\d\.\d{1,2}(?!\.?\d)|\d,\d{3},\d{3}"), re.compile(r"\d,\d{1,2}(?!,?\d)|\d\.\d{3}\.\d{3}")


def decimal_sign(*texts: str) -> str:
    """Return the sign before the decimals in these texts, by the numbers that leave no doubt; empty where all do."""
    points = sum(len(_POINT.findall(text)) for text in texts)
    commas = sum(len(_COMMA.findall(text)) for text in texts)
    if points == commas:
        return "." if any(map(has_han, texts)) else ""
    return "." if points > commas else ","


def numbers_in(text: str, decimal: str = "") -> list[Finding]:
    """Return the numbers of a text, in order, with ranges as one. "one" and 一 are articles, and left out."""
    numbers = [claim for claim in single_numbers_in(text, decimal) if not _is_article(claim)]
    return _with_ranges(text, numbers)[:MOST_OF_A_KIND]


def single_numbers_in(text: str, decimal: str = "") -> list[Finding]:
    """Return every number of a text, in order; "one" and 一 only where a unit says that something is counted."""
    ways: tuple[Iterator[Finding], ...] = (
        _in_digits(text, decimal),
        _in_english(text),
        _shares(text),
        durations_in(text),
    )
    if not text.isascii():
        ways += (_in_chinese(text), _in_mixed(text), _parts_of(text))
    found = sorted((claim for way in ways for claim in islice(way, MOST_OF_A_KIND)), key=_place)
    apart: list[Finding] = []
    for claim in found:
        if not apart or claim.start >= apart[-1].end:
            apart.append(claim)
    return apart


def _place(claim: Finding) -> tuple[int, int]:
    return claim.start, -claim.end


def _is_article(claim: Finding) -> bool:
    return claim.value == "1" and claim.text[:1] in ("o", "O", "一")


def _in_digits(text: str, decimal: str) -> Iterator[Finding]:
    for match in _DIGITS.finditer(in_small_letters(text)):
        if _is_item(text, match):
            continue
        scale, unit = match["scale"] or "", match["unit"] or ""
        if scale == _MILLIONS or (match["currency"] and unit == _MILLIONS):
            scale, unit = "million", "" if unit == _MILLIONS else unit
        is_negative = _is_negative(text, match)
        values = _values(match["digits"], decimal, SCALES.get(scale, Decimal(1)), is_negative=is_negative)
        if match["part"]:
            more = PARTS[match["part"]] * SCALES.get(scale, 1)
            values = [_written(Decimal(value) + more) if _PLAIN.fullmatch(value) else value for value in values]
        unit = UNITS.get(unit, "") or CURRENCIES.get(match["currency"] or "", "")
        if unit == "‰":
            values, unit = [_written(Decimal(value) / 10) for value in values if _PLAIN.fullmatch(value)] or values, "%"
        yield _with_half(text, _number(text, match.start(), match.end(), values, unit))


def durations_in(text: str) -> Iterator[Finding]:
    """Yield 2 h 10 min and 4分46秒, in the smaller of their units."""
    for match in _DURATION.finditer(text):
        large, small = (next(value for value in values if value) for values in (match.group(1, 3), match.group(2, 4)))
        unit = "min" if match[1] else "s"
        yield _number(text, match.start(), match.end(), [str(60 * int(large) + int(small))], unit)


def _shares(text: str) -> Iterator[Finding]:
    if not _HAS_SHARE.search(text):
        return
    small = in_small_letters(text)
    for match in _SHARE.finditer(small):
        value, unit = SHARES[match[0]]
        yield _number(text, match.start(), match.end(), [value], unit)


def _parts_of(text: str) -> Iterator[Finding]:
    """Yield 四分之一, which is 25 %, and 八折, which is 80 %."""
    for match in _PART.finditer(text):
        whole, part = (chinese_value(numerals) for numerals in match.groups())
        if whole and match[1] not in _PARTS_OF:
            share = (Decimal(100) * part / whole).quantize(Decimal("0.01"))
            yield _number(text, match.start(), match.end(), [_written(share)], "%")
    for match in _OFF.finditer(text):  # 八折, 七五折, 9.5折
        tenths = (
            Decimal(match[3]) if match[3] else Decimal(f"{CHINESE_DIGITS[match[1]]}.{CHINESE_DIGITS.get(match[2], 0)}")
        )
        yield _number(text, match.start(), match.end(), [_written(10 * tenths)], "%")


def _number(text: str, start: int, end: int, values: list[str], unit: str) -> Finding:
    return Finding(Kind.NUMBER, text[start:end], start, end, tuple(values), unit)


def _with_half(text: str, claim: Finding) -> Finding:
    """Return the claim with the 半 behind it, where there is one."""
    found = _CHINESE_HALF.match(text, claim.end)
    if found is None or len(claim.values) > 1 or not (found["unit"] or claim.unit in _HALVED):
        return claim
    unit = claim.unit or _HALF_UNITS[found["unit"]]
    value = _written(Decimal(claim.value) + _HALF)
    return _number(text, claim.start, found.end(), [value], unit)


def _is_item(text: str, match: re.Match[str]) -> bool:
    """Return True for the number of a list's item, or of a footnote."""
    behind = text[match.end() : match.end() + 2]
    before = text[max(0, match.start() - 1) : match.start()]
    return before in ("", "\n") and behind[:1] in (".", ")") and behind[1:] in ("", " ") and len(match[0]) < 4


def _is_negative(text: str, match: re.Match[str]) -> bool:
    """Return True for a sign, False for a dash between two words or numbers."""
    return bool(match["sign"]) and text[max(0, match.start() - 1) : match.start()] in ("", " ", "\n", "(", "\t")


def _values(digits: str, decimal: str, scale: Decimal, *, is_negative: bool) -> list[str]:
    """Return the likelier value first, and the other one where the digits alone leave it open."""
    if digits.isdecimal() and len(digits) <= _LONGEST and scale == 1:
        whole = digits.lstrip("0") or "0"
        return [f"-{whole}" if is_negative and whole != "0" else whole]
    plain = re.sub(_GAP, "", digits)
    signs = [sign for sign in plain if sign in ".,"]
    if len(plain) > _LONGEST or (
        len(signs) > 1 and len(set(signs)) == 1 and not re.fullmatch(r"\d+(?:.\d{3})+", plain)
    ):
        return [plain]  # a version, or no number at all
    values = [plain]
    if len(signs) == 1:
        head, tail = re.split("[.,]", plain)
        may_be_grouped = len(tail) == 3 and len(head) <= 3 and head.lstrip("0") != ""
        grouped, small = head + tail, f"{head or 0}.{tail}"
        values = [grouped] if may_be_grouped and signs[0] != decimal else [small]
        if may_be_grouped and not decimal:
            values = [grouped, small]
    elif signs:
        whole, point, rest = plain.rpartition(signs[-1]) if len(set(signs)) > 1 else (plain, "", "")
        values = [re.sub("[.,]", "", whole) + ("." + rest if point else "")]
    return [_written(Decimal(value) * scale * (-1 if is_negative else 1)) for value in values]


def _written(value: Decimal) -> str:
    """Return the one form of each number: no exponent, no zeros at the end."""
    whole = format(value, "f")
    return whole.rstrip("0").rstrip(".") if "." in whole else whole


def _in_english(text: str) -> Iterator[Finding]:
    small = in_small_letters(text)
    for match in _ENGLISH.finditer(small):
        places = [(word.start(), word.end()) for word in _ENGLISH_WORD.finditer(small, match.start(), match.end())]
        words = [small[start:end] for start, end in places]
        at = int(small[max(0, match.start() - 1) : match.start()].isalnum())  # the first is the end of a word
        while at < len(words):
            if words[at] == "and":
                at += 1
                continue
            value, behind = english_number(words, at)
            claim = _english_claim(text, small, words[at:behind], value, places[at][0], places[behind - 1][1])
            if claim is not None:
                yield claim
            at = behind


def _english_claim(text: str, small: str, words: list[str], number: int, start: int, end: int) -> Finding | None:
    value = Decimal(number)
    if words[0] not in ENGLISH_SMALL:
        article = _ARTICLE.search(small[max(0, start - 8) : start])
        if article is None:
            return None  # "hundreds of"
        start -= len(article[0])
        value /= 2 if article[0].startswith("half") else 1
    if half := _AND_A_HALF.match(small, end):
        value = (value + _HALF * ENGLISH_SCALES.get(words[-1], 1)) * ENGLISH_SCALES.get(half["scale"] or "", 1)
        end = half.end()
    if _ORDINAL.match(small, end):
        return None
    unit = ""
    if named := _ENGLISH_UNIT.match(small, end):
        unit, end = UNITS[named["unit"]], named.end()
    if words == ["one"] and not unit:
        return None
    return _number(text, start, end, [_written(value)], unit)


def _in_chinese(text: str) -> Iterator[Finding]:
    for match in _CHINESE.finditer(text):
        numerals = match["of"] or match["tenths"] or match["numerals"]
        if _SEVERAL.search(numerals):
            continue  # 七八百: one of the two
        unit = "%"
        if match["percent"]:
            value = Decimal(numerals) if numerals[0].isdecimal() else _chinese_decimal(*numerals.partition("点")[::2])
            value /= _PARTS_OF[match["percent"]]
        elif match["tenths"]:
            rest = match["rest"] or "零"
            ones = 5 if rest == "半" else int(rest) if rest.isdecimal() else chinese_value(rest)
            value = Decimal((int(numerals) if numerals.isdecimal() else chinese_value(numerals)) * 10 + ones)
        elif _counts(text, match):
            decimals = "" if match["ordinal"] else (match["decimals"] or "")[1:]
            value = _chinese_decimal(numerals, decimals) * SCALES.get(match["scale"] or "", Decimal(1))
            unit = "th" if match["ordinal"] else UNITS.get(match["unit"] or "", "")
        else:
            continue
        yield _with_half(text, _number(text, match.start(), match.end(), [_written(value)], unit))


def _chinese_decimal(numerals: str, decimals: str) -> Decimal:
    return Decimal(f"{chinese_value(numerals)}.{''.join(str(CHINESE_DIGITS[sign]) for sign in decimals) or 0}")


def _in_mixed(text: str) -> Iterator[Finding]:
    for match in _MIXED.finditer(text):
        parts = [(int(digits), int(SCALES[scale])) for digits, scale in _MIXED_PART.findall(match["parts"])]
        last = parts[-1][1]
        if match["rest"]:
            # 3万5 is 35,000; of several digits, each means what it says.
            rest = match["rest"].replace(",", "")
            parts.append((int(rest), last // 10 if len(rest) == 1 else 1))
        is_falling = all(small * step < scale for (_, scale), (small, step) in pairwise(parts))
        if len(parts) > 1 and is_falling:
            value = str(sum(number * scale for number, scale in parts))
            yield _number(text, match.start(), match.end(), [value], UNITS.get(match["unit"] or "", ""))


def _counts(text: str, match: re.Match[str]) -> bool:
    """Return True if the numerals are a number, and not a part of a word such as 统一 or 四川."""
    numerals = match["numerals"]
    if match["ordinal"] or match["decimals"]:
        return True
    is_counted = bool(match["unit"]) or re.match(_MEASURES, text[match.end() : match.end() + 1]) is not None
    if numerals in _ONLY_WITH_UNIT:
        return bool(match["unit"])
    if numerals == "十":  # 十分, 十足, 十字
        return is_counted and text[match.end() : match.end() + 1] != "字"
    if all(sign in CHINESE_DIGITS for sign in numerals):
        return is_counted and numerals not in ("零", "〇") and len(numerals) in (1, 4)
    return numerals not in _NO_NUMBERS and (is_counted or len(numerals) > 1)


def _with_ranges(text: str, numbers: list[Finding]) -> list[Finding]:
    """Return the claims with each two that have "to" or a dash between them as one."""
    joined: list[Finding] = []
    for claim in numbers:
        last = joined[-1] if joined else None
        if last is not None and _RANGE.fullmatch(text[last.end : claim.start]) and _rises(last.value, claim.value):
            whole = text[last.start : claim.end]
            value, unit = f"{last.value}–{claim.value}", claim.unit or last.unit
            joined[-1] = Finding(Kind.NUMBER, whole, last.start, claim.end, (value,), unit)
        else:
            joined.append(claim)
    return joined


def _rises(low: str, high: str) -> bool:
    is_plain = all(re.fullmatch(r"-?\d+(?:\.\d+)?", each) for each in (low, high))
    return is_plain and Decimal(low) < Decimal(high)
