"""The method of training: a softmax over hashed features, or a logistic function where there is a single label.

By gradient descent, with steps that grow smaller where a weight was changed often (AdaGrad). The same lines make the
same weights.
"""

from __future__ import annotations

import math
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from desktop.core.text.weights import bucket_of  # noqa: E402

_ROUNDS: Final = 6
_STEP: Final = 0.5
_DECAY: Final = 1e-6


def trained(lines: Sequence[tuple[Sequence[str], Sequence[float]]], buckets: int) -> list[list[float]]:
    """Return the weights by bucket and label, for lines by their features and what is wanted of each label."""
    places = [sorted({bucket_of(each, buckets) for each in features}) for features, _ in lines]
    rarity = _rarity(places)
    inputs = [_unit([rarity[place] for place in of_line]) for of_line in places]
    count = len(lines[0][1])
    weights = [[0.0] * count for _ in range(buckets)]
    squares = [[1e-2] * count for _ in range(buckets)]
    order, chance = list(range(len(lines))), random.Random(0)
    for _ in range(_ROUNDS):
        chance.shuffle(order)
        for number in order:
            rows = [weights[place] for place in places[number]]
            said = _said(rows, inputs[number])
            off = [each - right for each, right in zip(said, lines[number][1], strict=True)]
            for place, row, value in zip(places[number], rows, inputs[number], strict=True):
                of_place = squares[place]
                for label, error in enumerate(off):
                    slope = value * error + _DECAY * row[label]
                    of_place[label] += slope * slope
                    row[label] -= _STEP * slope / math.sqrt(of_place[label])
    # A line is judged by the number of its features alone: how rare each is goes into its weights.
    usual = math.sqrt(sum(sum(rarity[each] ** 2 for each in of_line) / len(of_line) for of_line in places) / len(lines))
    return [[weight * rarity.get(place, 0.0) / usual for weight in row] for place, row in enumerate(weights)]


def _rarity(places: Sequence[Sequence[int]]) -> dict[int, float]:
    found = Counter(place for of_line in places for place in of_line)
    return {place: math.log((1 + len(places)) / (1 + count)) + 1 for place, count in found.items()}


def _unit(values: Sequence[float]) -> list[float]:
    length = math.sqrt(sum(value * value for value in values))
    return [value / length for value in values]


def _said(rows: Sequence[Sequence[float]], values: Sequence[float]) -> list[float]:
    """Return how likely each label is: one of many, or a single one or none."""
    sums = [0.0] * len(rows[0])
    for row, value in zip(rows, values, strict=True):
        for label, weight in enumerate(row):
            sums[label] += value * weight
    if len(sums) == 1:
        return [1 / (1 + math.exp(-sums[0]))]
    highest = max(sums)
    parts = [math.exp(each - highest) for each in sums]
    return [part / sum(parts) for part in parts]
