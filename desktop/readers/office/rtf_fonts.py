"""The fonts of a rich text, and by them the letters that bytes stand for."""

from __future__ import annotations

import codecs

from desktop.readers.office.symbols import in_letters, is_symbol_font

# By the numbers that Windows gives to character sets.
_CODECS = {
    **{0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950"},
    **{161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251"},
    **{222: "cp874", 238: "cp1250", 255: "cp437"},
}
_SYMBOLS = 2
_MACHINES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


class Fonts:
    """Fonts by their numbers, while their table is read and after."""

    def __init__(self, encoding: str = "") -> None:
        """Begin without fonts. `encoding` overrides what fonts and file say."""
        self._forced = encoding if _is_known(encoding) else ""
        self._default = "cp1252"
        self._codecs: dict[int, str] = {}
        self._symbols: set[int] = set()
        self._names: dict[int, str] = {}
        self._current = -1

    def set_default(self, word: str, number: int | None) -> None:
        """Follow what the file says of all its letters."""
        named = _MACHINES.get(word) or _codec(number)
        if _is_known(named):
            self._default = named

    def follow(self, word: str, number: int | None) -> None:
        """Follow a word of the table of fonts."""
        if number is None:
            return
        match word:
            case "f":
                self._current = number
            case "fcharset" if number == _SYMBOLS:
                self._symbols.add(self._current)
            case "fcharset" if number in _CODECS:
                self._codecs[self._current] = _CODECS[number]
            case "cpg" if _is_known(_codec(number)):
                self._codecs[self._current] = _codec(number)

    def name(self, letters: bytes) -> None:
        """Take in the name of the font whose words came before."""
        self._names.setdefault(self._current, letters.decode("latin-1").strip(" ;"))

    def decoded(self, letters: bytes, font: int) -> str:
        """Return letters that are set in a font."""
        name = self._names.get(font, "")
        if font in self._symbols and is_symbol_font(name):
            return in_letters(letters.decode("latin-1"), name)
        return letters.decode(self._forced or self._codecs.get(font, self._default), "replace")


def _codec(number: int | None) -> str:
    return {936: "gb18030", 65001: "utf-8", 10000: "mac_roman"}.get(number or 0, f"cp{number}")


def _is_known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except (LookupError, ValueError):
        return False
    return bool(encoding)
