"""Signs that office programs write as codes: letters of symbol fonts, and numbers of lists.

The fonts are Symbol (Greek and mathematics) and the common signs of Wingdings; numbers are decimal, letters, Roman or
Chinese.
"""

from __future__ import annotations

# The codes 0x20 to 0xFE of the font Symbol, as Adobe's table has them; "\0" for what has no letter of its own.
_SYMBOL_LOW = " !∀#∃%&∍()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
_SYMBOL_HIGH = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\0〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
_SYMBOL = {
    **{0x20 + index: letter for index, letter in enumerate(_SYMBOL_LOW)},
    **{0xA0 + index: letter for index, letter in enumerate(_SYMBOL_HIGH) if letter != "\0"},
}
_WINGDINGS = {
    **dict(zip(range(0x21, 0x2A), "✏✂✁👓🔔📖🕯☎✆", strict=True)),
    **dict(zip(range(0x4A, 0x50), "☺😐☹💣☠⚐", strict=True)),
    **{0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "❑", 0x72: "❒", 0x73: "⬧", 0x74: "⧫", 0x75: "◆"},
    **{0x76: "❖", 0x77: "⬥", 0x9F: "•", 0xA0: "▪", 0xA1: "○", 0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xFB: "✗", 0xFC: "✓"},
    **{0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0xFD: "☒", 0xFE: "☑"},
    **dict(zip(range(0x80, 0x8B), "⓪①②③④⑤⑥⑦⑧⑨⑩", strict=True)),
    **dict(zip(range(0x8B, 0x96), "⓿❶❷❸❹❺❻❼❽❾❿", strict=True)),
}
_WINGDINGS_2 = {0x50: "✓", 0x4F: "✗", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□", 0x98: "●"}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}
_PRIVATE = 0xF000  # office programs put the codes of such a font here
UNKNOWN = "�"


def is_symbol_font(font: str | None) -> bool:
    """Return True for a font whose codes are not letters."""
    return font is not None and font.lower() in _FONTS


def symbol(font: str, code: int) -> str:
    """Return the letter that a code shows in a font."""
    code = code - _PRIVATE if _PRIVATE <= code <= _PRIVATE + 0xFF else code
    table = _FONTS.get(font.lower())
    if table is None:
        return chr(code) if 0x20 <= code < 0xD800 else UNKNOWN
    return table.get(code, UNKNOWN)


def in_letters(text: str, font: str) -> str:
    """Return a text in a symbol font as real letters; codes that no letter is known for stay as they are."""
    table = _FONTS.get(font.lower(), {})
    return "".join(
        table.get(ord(each) - _PRIVATE if _PRIVATE <= ord(each) <= _PRIVATE + 0xFF else ord(each), each)
        for each in text
    )


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


def _roman(number: int) -> str:
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


def _chinese(number: int) -> str:
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
            return _roman(number)
        case "upperRoman" | "I":
            return _roman(number).upper()
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
            return _chinese(number)
        case "taiwaneseCounting" | "taiwaneseCountingThousand" | "taiwaneseDigital":
            return _chinese(number)
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
