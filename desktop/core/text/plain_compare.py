"""Texts made comparable: what remains when case, spaces, punctuation and marks of Markdown do not count.

For finding out whether the same was said, word for word. Whether it means the same is not judged here.
"""

from __future__ import annotations

import re
import unicodedata

from desktop.core.text.scripts import count_han

_BESIDES = re.compile(r"[\W_]+")
_ASCII_BESIDES = {at: None for at in range(128) if not chr(at).isalnum()}
# Characters at a time: Python lets no other thread run while one pattern goes through a text, nor the window paint.
_PIECE = 50_000
# An ideograph says about as much as three letters.
_WEIGHT_OF_IDEOGRAPH = 3
_WORD = re.compile("[A-Za-zÀ-ÖØ-öø-ÿ0-9][A-Za-zÀ-ÖØ-öø-ÿ0-9'’-]*")


def squeezed(text: str) -> str:
    """Return the letters and digits alone, of one form and case."""
    return "".join(_squeezed(text[at : at + _PIECE]) for at in range(0, len(text), _PIECE))


def _squeezed(piece: str) -> str:
    if piece.isascii():
        return piece.lower().translate(_ASCII_BESIDES)
    piece = unicodedata.normalize("NFKC", piece)
    return _BESIDES.sub("", piece.casefold())


def weight(text: str) -> int:
    """Return how much a text says, in letters."""
    stripped = text.strip()
    return len(stripped) + (_WEIGHT_OF_IDEOGRAPH - 1) * count_han(stripped)


def words_of(text: str) -> list[str]:
    """Return the words of a Latin alphabet, and numbers, in small letters."""
    return [found.casefold() for found in _WORD.findall(text)]


def jaccard(one: set[str], other: set[str]) -> float:
    """Return the part of two sets that they have in common, from 0 to 1."""
    together = one | other
    return len(one & other) / len(together) if together else 0.0
