"""Numbers that are written in words, English and Chinese, and the units that stand behind numbers: a lexicon.

Which places of a text are numbers is decided in `claims.numbers`.
"""

from __future__ import annotations

from decimal import Decimal

from desktop.core.resources import table

_ONES = "one two three four five six seven eight nine"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH_ONES = {word: value for value, word in enumerate(_ONES.split(), 1)}
_ENGLISH_TENS = {word: 10 * tens for tens, word in enumerate(_TENS.split(), 2)}
_CENTURIES = {word: value for value, word in enumerate(_TEENS.split(), 10) if value > 12} | {"twenty": 20}
_HUNDRED = "hundred"
ENGLISH_SMALL = _ENGLISH_ONES | {word: value for value, word in enumerate(_TEENS.split(), 10)} | _ENGLISH_TENS
ENGLISH_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
ENGLISH_NUMBERS = (*ENGLISH_SMALL, _HUNDRED, *ENGLISH_SCALES)

CHINESE_DIGITS = {sign: at for at, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
# As sums are written on cheques and in contracts: 壹贰叁.
CHINESE_DIGITS |= {sign: at for at, sign in enumerate("壹贰叁肆伍陆柒捌玖", 1)}
_CHINESE_SCALES = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_CHINESE_LARGE = {"万": 10**4, "亿": 10**8}
CHINESE_NUMERALS = "".join([*CHINESE_DIGITS, *_CHINESE_SCALES, *_CHINESE_LARGE])

_MOST_DIGITS = 300  # of a number; a longer row is none, and Python refuses one of some thousand
_TABLE = table("numbers.toml")
# What multiplies the digits before it.
SCALES = {word: Decimal(10 ** int(power)) for power, words in _TABLE["scales"].items() for word in words}
UNITS: dict[str, str] = {written: unit for unit, ways in _TABLE["units"].items() for written in ways}
# Shares and multiples in words, as what they come to, with their unit; the longer ones before those they begin with.
SHARES: dict[str, tuple[str, str]] = {words: (value, unit) for words, (value, unit) in _TABLE["shares"].items()}
CURRENCY_UNITS = ("EUR", "USD", "GBP", "CNY", "CHF", "SEK", "NOK", "DKK", "PLN", "JPY", "HKD", "AUD", "CAD", "INR")
CURRENCIES: dict[str, str] = {**_TABLE["currencies"], **{unit.lower(): unit for unit in CURRENCY_UNITS}}


def english_number(words: list[str], at: int = 0) -> tuple[int, int]:
    """Return the number that begins with the word at `at` and the place behind its last word.

    The words are of `ENGLISH_NUMBERS`, or "and". "two three" and "two and three" are two numbers; "nineteen
    ninety-eight" is a year. Never empty: the first word is taken at least.
    """
    part, end = _below_thousand(words, at)
    if words[at] in _CENTURIES and end == at + 1:
        tail, behind = _below_hundred(words, end)
        if tail >= 10 and not _multiplies(words, behind):
            return part * 100 + tail, behind
    total, last = 0, 10**15
    while end < len(words) and words[end] in ENGLISH_SCALES:
        scale = 1
        while end < len(words) and words[end] in ENGLISH_SCALES and scale < last:  # a thousand million
            scale *= ENGLISH_SCALES[words[end]]
            end += 1
        total, last = total + max(part, 1) * scale, scale
        part, behind = _below_thousand(words, _behind_and(words, end))
        following = ENGLISH_SCALES.get(words[behind], 1) if behind < len(words) else 1
        if not part or following >= last:
            return total, end  # what follows is a number of its own
        end = behind
    return total + part, end


def _below_thousand(words: list[str], at: int) -> tuple[int, int]:
    part, end = _below_hundred(words, at)
    if words[end : end + 1] != [_HUNDRED]:
        return part, end
    rest, behind = _below_hundred(words, _behind_and(words, end + 1))
    if rest and words[behind : behind + 1] != [_HUNDRED]:
        return max(part, 1) * 100 + rest, behind
    return max(part, 1) * 100, end + 1


def _below_hundred(words: list[str], at: int) -> tuple[int, int]:
    """Return the number below a hundred at `at` and the place behind it; 0 and the same place where there is none."""
    word, following = words[at : at + 1], words[at + 1 : at + 2]
    if not word or word[0] not in ENGLISH_SMALL:
        return 0, at
    if word[0] in _ENGLISH_TENS and following and following[0] in _ENGLISH_ONES:
        return _ENGLISH_TENS[word[0]] + _ENGLISH_ONES[following[0]], at + 2
    return ENGLISH_SMALL[word[0]], at + 1


def _behind_and(words: list[str], at: int) -> int:
    return at + (words[at : at + 1] == ["and"])


def _multiplies(words: list[str], at: int) -> bool:
    return at < len(words) and (words[at] == _HUNDRED or words[at] in ENGLISH_SCALES)


def chinese_value(numerals: str) -> int:
    """Return the value of 三千五百万; digits in a row (一九九八) are read one by one."""
    if len(numerals) > 1 and all(sign in CHINESE_DIGITS for sign in numerals):
        return int("".join(str(CHINESE_DIGITS[sign]) for sign in numerals[:_MOST_DIGITS]))
    total = part = digit = 0
    last_scale = 1
    for sign in numerals[:_MOST_DIGITS]:
        if sign in CHINESE_DIGITS:
            digit = CHINESE_DIGITS[sign]
            last_scale = 10 if sign in "零〇" else last_scale
        elif sign in _CHINESE_SCALES:
            last_scale = _CHINESE_SCALES[sign]
            part += (digit or 1) * last_scale
            digit = 0
        else:
            last_scale = _CHINESE_LARGE[sign]
            whole = part + digit
            total = (total + whole) * last_scale if total and last_scale > 10**4 else total + (whole or 1) * last_scale
            part = digit = 0
    # 三万五 is 35,000, and 一千二 is 1,200.
    return total + part + digit * (last_scale // 10 if last_scale > 10 else 1)
