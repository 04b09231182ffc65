"""Numbers in a text and what they come to, so that 1,000, 1.000, 1 000, 一千 and 1千 are the same; and their units.

For English and Chinese, and for the ways in which Europe writes digits. A number alone does not tell whether 1.234 is
large or small: `decimal_sign` looks at the others, and where they do not tell either, the finding has both values. Of a
unit one is so many of another, so that 36 months are three years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
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
from desktop.core.text.scripts import HAN, has_han

PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
PARTS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_LONGEST = 40  # digits; what is longer is no number that anybody reads
_GAP = "[ \u00a0\u2009\u202f'’]"  # between groups of three
_HALF = Decimal("0.5")
# What may not stand behind a word, where it is not simply a further letter.
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
# For text in small letters: a pattern that looks at case by itself tries each of the many units in turn.
_DIGITS = re.compile(
    r"(?=[-−$€£¥￥.\duegcrhasndpjif])"  # what none begins with is passed over quickly
    r"(?<![A-Za-zÀ-ÖØ-öø-ÿ0-9_/#\[])(?<!\d[.,])(?P<sign>[-−])?"
    r"(?:(?P<currency>(?:us|hk|a)\$|[$€£¥￥]"
    r"|(?:usd|eur|gbp|cny|rmb|chf|sek|nok|dkk|pln|jpy|hkd|aud|cad|inr|fr\.)(?=[ \u00a0\d]))[ \u00a0]?)?"
    rf"(?P<digits>\d{{1,3}}(?:{_GAP}\d{{3}})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*|(?<![.\w])\.\d+)(?P<part>[½¼¾])?"
    # 3m EUR are millions, and so are $3m; without a currency they are metres.
    rf"(?:[ \u00a0]?(?P<scale>{_any_of(SCALES)}|m(?=[ \u00a0]?(?:{_MONEY}))))?"
    rf"(?:[ \u00a0-]?(?P<unit>{_any_of(UNITS)}))?"
    # 2小时10分钟, 4x, and 45W, whose unit is not known
    r"(?:(?<=[\u4e00-\u9fff])|(?![A-Za-z0-9_]|[.,]\d)|(?<=\d\d)(?=[a-zµω]{1,3}(?![a-z0-9_-])))"
)
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
_SHARE = re.compile(rf"(?<![a-z])(?<!first )(?<!second )(?:{'|'.join(sorted(SHARES, key=len, reverse=True))})(?![a-z])")
# What is counted in Chinese. 一 alone is rather an article, and is left out.
_MEASURES = frozenset(
    "期具笔户处轮个人天年月周种项条名位家次倍岁本页章节句字张座颗台辆届层楼步点块份篇所支只件门箱套间类场卷票批册幅趟"
    "班栋幢款组"
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
    rf"|(?P<whole>[{CHINESE_NUMERALS}]{{1,3}})分之(?P<part>[{CHINESE_NUMERALS}]{{1,3}})"
    rf"|(?P<off>[一二三四五六七八九]{{1,2}}|\d(?:\.\d)?)折"
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
# 三年半, 三个半月: half of the unit more.
_CHINESE_HALF = re.compile(r"个半(?P<unit>小时|月|星期|钟头)|半(?![个天年月日])")
_HALF_UNITS = {"小时": "h", "钟头": "h", "月": "month", "星期": "week"}
_HALVED = frozenset(("day", "week", "month", "year", "h", "min"))
# Words that only look like numbers; the second ones are numbers before a unit.
_NO_NUMBERS, _ONLY_WITH_UNIT = frozenset(("万一", "万千", "千百", "万", "亿")), frozenset(("千万", "百万"))
_SEVERAL = re.compile("(?=.*[十百千万亿]).*[一二三四五六七八九]{2}")
_POINT, _COMMA = re.compile(r"\d\.\d{1,2}(?!\.?\d)|\d,\d{3},\d{3}"), re.compile(r"\d,\d{1,2}(?!,?\d)|\d\.\d{3}\.\d{3}")


def decimal_sign(*texts: str) -> str:
    """Return the sign before the decimals in these texts, by the numbers that leave no doubt; empty where all do."""
    points = sum(len(_POINT.findall(text)) for text in texts)
    commas = sum(len(_COMMA.findall(text)) for text in texts)
    if points == commas:
        return "." if any(map(has_han, texts)) else ""
    return "." if points > commas else ","


def numbers_in(text: str, decimal: str = "") -> list[Finding]:
    """Return every number of a text, in order; "one" and 一 only where a unit says that something is counted."""
    small = in_small_letters(text)
    ways = [_in_digits(text, small, decimal), _in_english(text, small), durations_in(text)]
    ways.append(_number(text, found, *SHARES[found[0]]) for found in _SHARE.finditer(small))
    if not text.isascii():
        ways += [_in_chinese(text), _in_mixed(text)]
    return apart(each for way in ways for each in islice(way, MOST_OF_A_KIND))


def apart(findings: Iterator[Finding]) -> list[Finding]:
    """Return findings in order, of those that overlap the first and longest."""
    kept: list[Finding] = []
    for each in sorted(findings, key=lambda each: (each.start, -each.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def _in_digits(text: str, small: str, decimal: str) -> Iterator[Finding]:
    for match in _DIGITS.finditer(small):
        before, behind = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 2]
        if before in ("", "\n") and behind in (".", ")", ". ", ") ") and len(match[0]) < 4:
            continue  # the number of a list's item
        scale, unit = match["scale"] or "", match["unit"] or ""
        if scale == "m" or (match["currency"] and unit == "m"):
            scale, unit = "million", "" if unit == "m" else unit
        times = SCALES.get(scale, Decimal(1))
        is_negative = bool(match["sign"]) and before in ("", " ", "\n", "(", "\t")  # else it is a dash
        values = _values(match["digits"], decimal, -times if is_negative else times)
        if match["part"]:
            more = PARTS[match["part"]] * times
            values = [written(Decimal(value) + more) if PLAIN.fullmatch(value) else value for value in values]
        unit = UNITS.get(unit, "") or CURRENCIES.get(match["currency"] or "", "")
        if unit == "‰":
            values, unit = [written(Decimal(value) / 10) for value in values if PLAIN.fullmatch(value)] or values, "%"
        found = Finding(Kind.NUMBER, text[match.start() : match.end()], *match.span(), tuple(values), unit)
        yield _with_half(text, found)


def durations_in(text: str) -> Iterator[Finding]:
    """Yield 2 h 10 min and 4分46秒, in the smaller of their units."""
    for match in _DURATION.finditer(text):
        large, small = (int(value) for value in match.groups() if value)
        yield _number(text, match, str(60 * large + small), "min" if match[1] else "s")


def _number(text: str, match: re.Match[str], value: str, unit: str) -> Finding:
    return Finding(Kind.NUMBER, text[match.start() : match.end()], *match.span(), (value,), unit)


def _with_half(text: str, found: Finding) -> Finding:
    """Return a number with the 半 behind it, where there is one."""
    half = _CHINESE_HALF.match(text, found.end)
    if half is None or len(found.values) > 1 or not (half["unit"] or found.unit in _HALVED):
        return found
    value, unit = written(Decimal(found.value) + _HALF), found.unit or _HALF_UNITS[half["unit"]]
    return Finding(Kind.NUMBER, text[found.start : half.end()], found.start, half.end(), (value,), unit)


def _values(digits: str, decimal: str, scale: Decimal) -> list[str]:
    """Return the likelier value first, and the other one where the digits alone leave it open."""
    plain = re.sub(_GAP, "", digits)
    signs = re.sub(r"\d", "", plain)
    is_grouped = re.fullmatch(r"\d+(?:.\d{3})+", plain) is not None
    if len(plain) > _LONGEST or (len(signs) > 1 and len(set(signs)) == 1 and not is_grouped):
        return [plain]  # a version, or no number at all
    values = [plain]
    if len(signs) == 1:
        head, tail = re.split("[.,]", plain)
        may_be_grouped = len(tail) == 3 and len(head) <= 3 and head.lstrip("0") != ""
        grouped, small = head + tail, f"{head or 0}.{tail}"
        values = [grouped] if may_be_grouped and signs != decimal else [small]
        if may_be_grouped and not decimal:
            values = [grouped, small]
    elif signs:
        whole, point, rest = plain.rpartition(signs[-1]) if len(set(signs)) > 1 else (plain, "", "")
        values = [re.sub("[.,]", "", whole) + ("." + rest if point else "")]
    return [written(Decimal(value) * scale) for value in values]


def written(value: Decimal) -> str:
    """Return the one form of each number: no exponent, no zeros at the end."""
    whole = format(value, "f")
    whole = whole.rstrip("0").rstrip(".") if "." in whole else whole
    return "0" if whole == "-0" else whole


def _in_english(text: str, small: str) -> Iterator[Finding]:
    for match in _ENGLISH.finditer(small):
        places = [word.span() for word in _ENGLISH_WORD.finditer(small, match.start(), match.end())]
        words = [small[start:end] for start, end in places]
        at = int(small[max(0, match.start() - 1) : match.start()].isalnum())  # the first is the end of a word
        while at < len(words):
            if words[at] == "and":
                at += 1
                continue
            value, behind = english_number(words, at)
            found = _english(text, small, words[at:behind], Decimal(value), places[at][0], places[behind - 1][1])
            if found is not None:
                yield found
            at = behind


def _english(text: str, small: str, words: list[str], value: Decimal, start: int, end: int) -> Finding | None:
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
    return Finding(Kind.NUMBER, text[start:end], start, end, (written(value),), unit)


def _in_chinese(text: str) -> Iterator[Finding]:
    for match in _CHINESE.finditer(text):
        numerals = match["of"] or match["tenths"] or match["numerals"] or ""
        if _SEVERAL.search(numerals):
            continue  # 七八百: one of the two
        unit = "%"
        if match["percent"]:
            value = Decimal(numerals) if numerals[0].isdecimal() else _decimal(*numerals.partition("点")[::2])
            value /= _PARTS_OF[match["percent"]]
        elif match["whole"]:
            whole = chinese_value(match["whole"])
            value = (Decimal(100) * chinese_value(match["part"]) / (whole or 1)).quantize(Decimal("0.01"))
        elif match["off"] or match["tenths"]:
            first, rest = match["off"] or numerals, match["rest"] or "零"
            if match["off"]:  # 八折, 七五折, 9.5折
                first, rest = (first, "零") if "." in first or len(first) == 1 else (first[0], first[1])
            ones = 5 if rest == "半" else int(rest) if rest.isdecimal() else chinese_value(rest)
            value = 10 * (Decimal(first) if first[0].isdecimal() else Decimal(chinese_value(first))) + ones
        elif _counts(text, match):
            decimals = "" if match["ordinal"] else (match["decimals"] or "")[1:]
            value = _decimal(numerals, decimals) * SCALES.get(match["scale"] or "", Decimal(1))
            unit = "th" if match["ordinal"] else UNITS.get(match["unit"] or "", "")
        else:
            continue
        yield _with_half(text, _number(text, match, written(value), unit))


def _decimal(numerals: str, decimals: str) -> Decimal:
    return Decimal(f"{chinese_value(numerals)}.{''.join(str(CHINESE_DIGITS[sign]) for sign in decimals) or 0}")


def _in_mixed(text: str) -> Iterator[Finding]:
    for match in _MIXED.finditer(text):
        parts = [(int(digits), int(SCALES[scale])) for digits, scale in re.findall(r"(\d+)(\D+)", match["parts"])]
        if match["rest"]:
            # 3万5 is 35,000; of several digits, each means what it says.
            rest = match["rest"].replace(",", "")
            parts.append((int(rest), parts[-1][1] // 10 if len(rest) == 1 else 1))
        is_falling = all(small * step < scale for (_, scale), (small, step) in pairwise(parts))
        if len(parts) > 1 and is_falling:
            value = str(sum(number * scale for number, scale in parts))
            yield _number(text, match, value, UNITS.get(match["unit"] or "", ""))


def _counts(text: str, match: re.Match[str]) -> bool:
    """Return True if the numerals are a number, and not a part of a word such as 统一 or 四川."""
    numerals, behind = match["numerals"], text[match.end() : match.end() + 1]
    if match["ordinal"] or match["decimals"]:
        return True
    is_counted = bool(match["unit"]) or behind in _MEASURES
    if numerals in _ONLY_WITH_UNIT:
        return bool(match["unit"])
    if numerals == "十":  # 十分, 十足, 十字
        return is_counted and behind != "字"
    if all(sign in CHINESE_DIGITS for sign in numerals):
        return is_counted and numerals not in ("零", "〇") and len(numerals) in (1, 4)
    return numerals not in _NO_NUMBERS and (is_counted or len(numerals) > 1)


_LONGEST_UNIT = 20  # digits; with more nobody reckons
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
_SCALE = _any_of(SCALES)
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
    if finding.kind is not Kind.NUMBER or len(finding.value) > _LONGEST_UNIT or not PLAIN.fullmatch(finding.value):
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
