"""Weights that say how much each feature of a line speaks for each task, learned from lines that people wrote.

A table in `resources/tasks` has a row for each of `BUCKETS` numbers that features are hashed to, and in it four bits
for each task; the rows are compressed. It is read when the first line in its language is.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zlib import compress, crc32, decompress

BUCKETS: Final = 30_011
ROW: Final = 16  # bytes: two tasks in each
HEAD: Final = struct.Struct("<d")  # the weight of the highest step
# What the four bits mean, as a part of the highest weight; most weights are small, and these are told apart.
_UP: Final = (0.0, 0.03, 0.07, 0.12, 0.2, 0.32, 0.5, 0.8)
STEPS: Final = (*(-each for each in _UP[:0:-1]), *_UP)
_HEXADECIMAL: Final = dict(zip("0123456789abcdef", STEPS, strict=False))


@dataclass(frozen=True, slots=True)
class TaskWeights:
    """Weights of one language, by rows."""

    highest: float
    rows: bytes

    @classmethod
    def from_bytes(cls, raw: bytes) -> TaskWeights:
        return cls(HEAD.unpack_from(raw)[0], decompress(raw[HEAD.size :]))

    def of(self, features: Sequence[str], count: int) -> list[float]:
        """Return how much a line speaks for each of `count` tasks: the mean of its features, by their number's root."""
        buckets = {bucket_of(each) for each in features}
        totals = [0.0] * (2 * ROW)
        for bucket in buckets:
            for place, digit in enumerate(self.rows[bucket * ROW : (bucket + 1) * ROW].hex()):
                totals[place] += _HEXADECIMAL[digit]
        scale = self.highest / math.sqrt(len(buckets)) if buckets else 0.0
        return [total * scale for total in totals[:count]]


def bucket_of(feature: str) -> int:
    """Return the row of a feature; two may share one, which costs little."""
    return crc32(feature.encode()) % BUCKETS


def packed(rows: Sequence[Sequence[float]]) -> bytes:
    """Return the file for weights by bucket and task, each rounded to the nearest step."""
    highest = max(abs(weight) for row in rows for weight in row) or 1.0
    nearest = {}
    data = bytearray()
    for row in rows:
        digits = []
        for weight in [*row, *[0.0] * (2 * ROW - len(row))]:
            part = round(weight / highest, 3)
            if part not in nearest:
                nearest[part] = min(range(len(STEPS)), key=lambda step: abs(STEPS[step] - part))
            digits.append(f"{nearest[part]:x}")
        data += bytes.fromhex("".join(digits))
    return HEAD.pack(highest) + compress(data, 9)
