"""The letters of a plain text: by what it tells itself, else by UTF-8, else by what its bytes look like."""

from __future__ import annotations

import codecs
import locale
from dataclasses import dataclass

import chardet

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT = 1 << 20  # bytes are enough to recognise an encoding
_LAST_RESORT = "cp1252"


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of some bytes. `is_guess`: neither a mark nor UTF-8 nor the user told the encoding.

    `broken` counts the letters that could not be read, and stand as U+FFFD.
    """

    text: str
    encoding: str
    is_guess: bool = False
    broken: int = 0


def decode(data: bytes, encoding: str = "") -> Decoded:
    """Return the text; `encoding` overrides what would be recognised, if there is one of that name."""
    if encoding and _is_known(encoding):
        return _in(data, encoding, is_guess=False)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _in(data, name, is_guess=False)
    # UTF-16 of Latin letters is valid UTF-8 with zero bytes.
    if b"\0" not in data:
        try:
            return Decoded(data.decode("utf-8"), "utf-8")
        except UnicodeDecodeError:
            pass
    return _in(data, _recognised(data), is_guess=True)


def _recognised(data: bytes) -> str:
    guess: str | None = chardet.detect(data[:_LOOKED_AT])["encoding"]
    if guess and _is_known(guess):
        # What is in these is in their successors, too, and more.
        return {"gb2312": "gb18030", "iso-8859-1": "cp1252", "ascii": "utf-8"}.get(guess.lower(), guess.lower())
    here = locale.getpreferredencoding(False)
    return (
        here.lower() if here.lower() not in {"utf-8", "ascii", "ansi_x3.4-1968"} and _is_known(here) else _LAST_RESORT
    )


def _in(data: bytes, encoding: str, *, is_guess: bool) -> Decoded:
    text = data.decode(encoding, "replace")
    shown = "utf-8" if encoding == "utf-8-sig" else encoding
    return Decoded(text, shown, is_guess, text.count("�"))


def _is_known(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding)._is_text_encoding
    except (LookupError, ValueError):
        return False
