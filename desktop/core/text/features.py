"""Features by which it is learned what a line of English or Chinese says: words, pairs of words, and pieces of them.

The weights in `resources` are made for these features: who changes one has to train them anew
(`packaging/training/train.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_ENGLISH_WORD = re.compile(r"[a-z']+|0|[?€£$%!:\"]")
_ENDING = re.compile(r"(?<=[a-z]{3})(?:ing|ed|es|s|ly|er|e|y)$")
_LATIN_WORD = re.compile(r"[a-z]{2,}")
_SPACE = re.compile(r"\s+")
_BEGINNING: Final = 3  # words, which say what is ordered
_PIECE: Final = 4  # letters of a word: who mistypes one of them is understood all the same
_CHINESE_PIECES: Final = (1, 2, 3)


def english_features(line: str) -> Sequence[str]:
    """Return the features of an English line, each once, with a letter before that says of which kind it is."""
    plain = _FIGURE.sub("0", line.lower().replace("’", "'"))
    words = [_ENDING.sub("", word) for word in _ENGLISH_WORD.findall(plain)]
    found = [f"w{word}" for word in words]
    found += [f"b{first} {second}" for first, second in pairwise(["^", *words, "$"])]
    found += [f"f{word}" for word in words[:_BEGINNING]]
    for word in words:
        found += [f"c{piece}" for piece in _pieces(f"<{word}>", _PIECE)]
    return tuple(dict.fromkeys(found))


def chinese_features(line: str) -> Sequence[str]:
    """Return the features of a Chinese line, each once: pieces of up to three characters, and the Latin words."""
    plain = _FIGURE.sub("0", line.lower())
    text = f"^{_SPACE.sub('', plain)}$"
    found = [piece for size in _CHINESE_PIECES for piece in _pieces(text, size)]
    found += [f"s{first}{second}" for first, second in zip(text, text[2:], strict=False)]
    found += [f"w{word}" for word in _LATIN_WORD.findall(plain)]
    return tuple(dict.fromkeys(found))


def _pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(len(text) - size + 1)]
