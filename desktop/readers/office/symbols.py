"""Letters of the symbol fonts as real letters: Symbol (Greek and mathematics) and the common signs of Wingdings."""

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
