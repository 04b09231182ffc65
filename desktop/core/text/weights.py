"""Features of a line of English or Chinese, and the weights by which it is learned what the line says.

Features are words, pairs of words, and pieces of them; who changes one has to train the weights anew
(`packaging/training/train.py`). A table in `resources` has a row for each number that features are hashed to, and in it
four bits for each label; the rows are compressed. It is read when the first line in its language is.
"""

from __future__ import annotations

import lzma
import math
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from zlib import crc32

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


HEAD: Final = struct.Struct("<dB")  # the weight of the highest step, and the bytes of a row, with two labels in each
# What the four bits mean, as a part of the highest weight; most weights are small, and these are told apart.
_UP: Final = (0.0, 0.03, 0.07, 0.12, 0.2, 0.32, 0.5, 0.8)
_STEPS: Final = (*(-each for each in _UP[:0:-1]), *_UP)
_HEXADECIMAL: Final = dict(zip("0123456789abcdef", _STEPS, strict=False))


@dataclass(frozen=True, slots=True)
class LearnedWeights:
    """Weights of one language, by rows of so many bytes."""

    highest: float
    width: int
    rows: bytes

    @classmethod
    def from_bytes(cls, raw: bytes) -> LearnedWeights:
        highest, width = HEAD.unpack_from(raw)
        return cls(highest, width, lzma.decompress(raw[HEAD.size :]))

    def of(self, features: Sequence[str], count: int) -> list[float]:
        """Return how much a line speaks for each label: the mean of its features, by their number's root."""
        buckets = {bucket_of(each, len(self.rows) // self.width) for each in features}
        totals = [0.0] * (2 * self.width)
        for bucket in buckets:
            for place, digit in enumerate(self.rows[bucket * self.width : (bucket + 1) * self.width].hex()):
                totals[place] += _HEXADECIMAL[digit]
        scale = self.highest / math.sqrt(len(buckets)) if buckets else 0.0
        return [total * scale for total in totals[:count]]

    def likelihood(self, features: Sequence[str]) -> float:
        """Return how likely a line has the only label of the table, from 0 to 1."""
        return 1 / (1 + math.exp(-self.of(features, 1)[0]))


def bucket_of(feature: str, buckets: int) -> int:
    """Return the row of a feature among so many; two may share one, which costs little."""
    return crc32(feature.encode()) % buckets


def packed(rows: Sequence[Sequence[float]]) -> bytes:
    """Return the file for weights by bucket and label, each rounded to the nearest step."""
    width = (len(rows[0]) + 1) // 2
    highest = max(abs(weight) for row in rows for weight in row) or 1.0
    nearest = {}
    data = bytearray()
    for row in rows:
        digits = []
        for weight in [*row, *[0.0] * (2 * width - len(row))]:
            part = round(weight / highest, 3)
            if part not in nearest:
                nearest[part] = min(range(len(_STEPS)), key=lambda step: abs(_STEPS[step] - part))
            digits.append(f"{nearest[part]:x}")
        data += bytes.fromhex("".join(digits))
    return HEAD.pack(highest, width) + lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)
