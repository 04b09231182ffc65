"""Numbers that are written in words, English and Chinese, and the units that stand behind numbers: a lexicon.

Which places of a text are numbers is decided in `claims_numbers`.
"""

from __future__ import annotations

from decimal import Decimal

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH_ONES = {word: value for value, word in enumerate(_ONES.split(), 1)}
_ENGLISH_TENS = {word: 10 * tens for tens, word in enumerate(_TENS.split(), 2)}
_ENGLISH_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
ENGLISH_SMALL = _ENGLISH_ONES | _ENGLISH_TENS
ENGLISH_NUMBERS = (*ENGLISH_SMALL, "hundred", *_ENGLISH_SCALES)

CHINESE_DIGITS = {sign: at for at, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE_SCALES = {"十": 10, "百": 100, "千": 1000}
_CHINESE_LARGE = {"万": 10**4, "亿": 10**8}
CHINESE_NUMERALS = "".join([*CHINESE_DIGITS, *_CHINESE_SCALES, *_CHINESE_LARGE])

# What multiplies the digits before it.
SCALES: dict[str, Decimal] = {
    **{word: Decimal(10**3) for word in ("thousand", "tausend", "k", "千")},
    **{word: Decimal(10**6) for word in ("million", "millions", "mn", "mio", "mio.", "millionen", "百万")},
    **{word: Decimal(10**9) for word in ("billion", "billions", "bn", "mrd", "mrd.", "milliarden", "十亿")},
    **{word: Decimal(10**12) for word in ("trillion", "trillions", "万亿")},
    "百": Decimal(100),
    "万": Decimal(10**4),
    "千万": Decimal(10**7),
    "亿": Decimal(10**8),
}

# Each unit under one name, with the ways to write it.
_UNITS = {
    "%": "% ％ percent per cent prozent",
    "points": "percentage points|个百分点",
    "km": "km kilometre kilometres kilometer kilometers 公里 千米",
    "m": "m metre metres meter meters 米",
    "cm": "cm centimetre centimetres centimeter centimeters 厘米",
    "mm": "mm 毫米",
    "mile": "mile miles 英里",
    "kg": "kg kilogram kilograms kilo kilos 公斤 千克",
    "g": "g gram grams 克",
    "t": "tonne tonnes ton tons 吨",
    "h": "h hour hours hrs 小时 个小时",
    "min": "min minute minutes 分钟",
    "s": "s second seconds 秒",
    "day": "day days 天 日",
    "week": "week weeks 周 星期",
    "month": "month months 个月",
    "year": "year years 年",
    "th": "st nd rd th",
    "USD": "usd dollar dollars 美元",
    "EUR": "eur euro euros € 欧元",
    "GBP": "gbp pound pounds 英镑",
    "CNY": "cny rmb yuan 元 人民币",
    "°C": "°c ℃ 摄氏度",
    "°F": "°f ℉ 华氏度",
    "kWh": "kwh 千瓦时",
    "MB": "mb",
    "GB": "gb",
}
UNITS = {
    written: unit
    for unit, ways in _UNITS.items()
    for written in (ways.split("|") if "|" in ways else ways.replace("per cent", "per_cent").split())
}
UNITS["per cent"] = UNITS.pop("per_cent")
CURRENCIES = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY"}


def english_value(words: list[str]) -> int:
    """What "two hundred and five thousand" comes to; the words are known, but for "and" and "a"."""
    total = part = 0
    for word in words:
        if word in ENGLISH_SMALL:
            part += ENGLISH_SMALL[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in _ENGLISH_SCALES:
            total += max(part, 1) * _ENGLISH_SCALES[word]
            part = 0
    return total + part


def chinese_value(numerals: str) -> int:
    """What 三千五百万 comes to; digits in a row (一九九八) are read one by one."""
    if len(numerals) > 1 and all(sign in CHINESE_DIGITS for sign in numerals):
        return int("".join(str(CHINESE_DIGITS[sign]) for sign in numerals))
    total = part = digit = 0
    last_scale = 1
    for sign in numerals:
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
