"""Numbers of lists as office programs write them: decimal, letters, Roman, Chinese."""

from __future__ import annotations

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MOST_ROMAN = 4999
_MOST_REPEATS = 30  # of a letter: aa, bbb
_CHINESE = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
BULLET = "•"


def roman(number: int) -> str:
    """Return a number in small Roman letters; in digits if there is no such numeral."""
    if not 0 < number <= _MOST_ROMAN:
        return str(number)
    written = ""
    for worth, letters in _ROMAN:
        written += letters * (number // worth)
        number %= worth
    return written


def letters(number: int) -> str:
    """Return a number as Word counts by letters: a to z, then aa, bb."""
    if number < 1:
        return str(number)
    repeats = (number - 1) // 26 + 1
    return chr(ord("a") + (number - 1) % 26) * min(repeats, _MOST_REPEATS)


def chinese(number: int) -> str:
    """Return a number below 10,000 as it is said in Chinese; in digits beyond."""
    if not 0 < number < 10_000:
        return str(number)
    written, is_gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            written += ("〇" if is_gap and written else "") + _CHINESE[digit] + name
            is_gap = False
        else:
            is_gap = True
    return written.removeprefix("一") if written.startswith("一十") else written


def numeral(number: int, form: str) -> str:
    """Return a number in a form that Office names; in digits for a form that is not known here."""
    match form:
        case "lowerRoman" | "i":
            return roman(number)
        case "upperRoman" | "I":
            return roman(number).upper()
        case "lowerLetter" | "a":
            return letters(number)
        case "upperLetter" | "A":
            return letters(number).upper()
        case "decimalZero":
            return f"{number:02}"
        case "ordinal":
            return f"{number}{_ordinal(number)}"
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if 1 <= number <= 20:
            return chr(ord("①") + number - 1)
        case "none" | "":
            return ""
        case _ if form.lower().startswith(("chinesecounting", "japanesecounting", "chineselegal", "ideographdigital")):
            return chinese(number)
        case "taiwaneseCounting" | "taiwaneseCountingThousand" | "taiwaneseDigital":
            return chinese(number)
        case "ideographTraditional":
            return _STEMS[(number - 1) % len(_STEMS)]
        case "ideographZodiac":
            return _BRANCHES[(number - 1) % len(_BRANCHES)]
        case _:
            return str(number)


def _ordinal(number: int) -> str:
    if 10 <= number % 100 <= 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
