"""Numbers that are written in words, English and Chinese, and the units that stand behind numbers: a lexicon.

Which places of a text are numbers is decided in `claims.numbers`.
"""

from __future__ import annotations

from decimal import Decimal

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

# What multiplies the digits before it.
SCALES: dict[str, Decimal] = {
    "hundred": Decimal(100),
    **{word: Decimal(10**3) for word in ("thousand", "tausend", "k", "千")},
    **{word: Decimal(10**6) for word in ("million", "millions", "mn", "mio", "mio.", "millionen", "百万")},
    **{word: Decimal(10**9) for word in ("billion", "billions", "bn", "mrd", "mrd.", "milliarden")},
    **{word: Decimal(10**12) for word in ("trillion", "trillions")},
    "百": Decimal(100),
    "个亿": Decimal(10**8),
    **{
        small + large: Decimal(_CHINESE_SCALES.get(small, 1) * value)
        for small in ("", *_CHINESE_SCALES)
        for large, value in (*_CHINESE_LARGE.items(), ("万亿", 10**12))
    },
}

_MOST_DIGITS = 300  # of a number; a longer row is none, and Python refuses one of some thousand
# Each unit under one name, with the ways to write it.
_UNITS = {
    "": "x",  # 1.7x, of which nothing is counted
    "%": "% ％ percent per cent prozent",
    "‰": "‰",
    "points": "percentage points|个百分点",
    "km": "km kilometre kilometres kilometer kilometers 公里 千米",
    "m": "m metre metres meter meters 米",
    "cm": "cm centimetre centimetres centimeter centimeters 厘米",
    "mm": "mm 毫米",
    "m²": "square metres|square meters|square metre|m²|m2|sqm|sq m|sq. m|sq.m|qm|平方|平|㎡|平方米|平米",
    "m³": "cubic metres|cubic meters|m³|m3|cbm|㎥|立方米",
    "mile": "mile miles 英里",
    "kg": "kg kilogram kilograms kilo kilos 公斤 千克",
    "g": "g gram grams 克",
    "t": "tonne tonnes ton tons 吨",
    "h": "h hour hours hrs 小时 个小时",
    "min": "min minute minutes 分钟",
    "s": "s second seconds 秒",
    "day": "calendar days|consecutive days|day|days|天|日|自然日|个自然日|日历天|日历日|个日历天|个日历日",
    "working day": "working day|working days|business day|business days|工作日|个工作日",
    "week": "week weeks 周 星期 个星期",
    "month": "month months 个月",
    "year": "years of age|years old|year|years|年|岁|周岁",
    "th": "st nd rd th",
    "person": "people persons employees participants guests 人 名 个人 名员工",
    "USD": "usd dollar dollars 美元",
    "EUR": "eur euro euros € 欧元",
    "GBP": "gbp pound pounds 英镑",
    "p": "p pence penny",
    "ct": "ct cent cents",
    "jiao": "角 毛",
    "CNY": "cny rmb yuan 元 圆 人民币",
    "CHF": "chf fr. franc francs 瑞郎 瑞士法郎",
    "SEK": "sek krona kronor",
    "NOK": "nok",
    "DKK": "dkk",
    "PLN": "pln zloty złoty",
    "JPY": "jpy yen 日元",
    "HKD": "hkd 港元 港币",
    "AUD": "aud",
    "CAD": "cad",
    "INR": "inr rupees",
    "°C": "°c ℃ 摄氏度",
    "°F": "°f ℉ 华氏度",
    "kWh": "kwh 千瓦时 度",
    "kW": "kw kilowatt kilowatts 千瓦",
    "MW": "mw megawatt megawatts 兆瓦",
    "GW": "gw gigawatt gigawatts 吉瓦",
    "mg": "mg milligram milligrams 毫克",
    "ml": "ml millilitre millilitres milliliter milliliters 毫升",
    "hl": "hl hectolitre hectolitres 百升",
    "l": "l litre litres liter liters 升",
    "V": "v volt volts 伏 伏特",
    "A": "amp amps amperes 安 安培",
    "Hz": "hz 赫兹",
    "kHz": "khz",
    "MHz": "mhz",
    "GHz": "ghz",
    "bar": "bar",
    "kPa": "kpa",
    "rpm": "rpm min⁻¹ 转/分 转",
    "ppm": "ppm",
    "dB": "db|db(a)|分贝",
    "mAh": "mah 毫安时",
    "ha": "ha hectare hectares 公顷",
    "mu": "亩",
    "MB": "mb megabyte megabytes",
    "GB": "gb gigabyte gigabytes",
    "TB": "tb terabyte terabytes",
}
UNITS = {
    written: unit
    for unit, ways in _UNITS.items()
    for written in (ways.split("|") if "|" in ways else ways.replace("per cent", "per_cent").split())
}
UNITS["per cent"] = UNITS.pop("per_cent")
CURRENCIES = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY"}
# Shares and multiples in words, as what they come to, with their unit; the longer ones before those they begin with.
SHARES = {
    "three quarters of": ("75", "%"), "three-quarters of": ("75", "%"), "a quarter of": ("25", "%"),
    "one quarter of": ("25", "%"), "two thirds of": ("66.67", "%"), "two-thirds of": ("66.67", "%"),
    "a third of": ("33.33", "%"), "one third of": ("33.33", "%"), "one-third of": ("33.33", "%"),
    "a fifth of": ("20", "%"), "one fifth of": ("20", "%"), "two fifths of": ("40", "%"),
    "three fifths of": ("60", "%"),
    "a tenth of": ("10", "%"), "one tenth of": ("10", "%"), "one half of": ("50", "%"), "half of": ("50", "%"),
    "half the": ("50", "%"), "one in ten": ("10", "%"), "one in twenty": ("5", "%"), "one in five": ("20", "%"),
    "twice": ("2", ""), "a dozen": ("12", ""), "a fortnight": ("14", "day"), "half a year": ("6", "month"),
    "an hour and a half": ("90", "min"), "a quarter of an hour": ("15", "min"), "half an hour": ("30", "min"),
    "一半": ("50", "%"), "半数": ("50", "%"), "半年": ("6", "month"), "半小时": ("30", "min"),
    "半个小时": ("30", "min"), "一刻钟": ("15", "min"),
}  # fmt: skip
# The units above that are currencies.
CURRENCY_UNITS = ("EUR", "USD", "GBP", "CNY", "CHF", "SEK", "NOK", "DKK", "PLN", "JPY", "HKD", "AUD", "CAD", "INR")
CURRENCIES |= {unit.lower(): unit for unit in CURRENCY_UNITS} | {"rmb": "CNY", "fr.": "CHF", "hk$": "HKD", "a$": "AUD"}


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
