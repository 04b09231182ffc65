"""Training of the weights of `resources/tasks`, by which tasks and what they lack are recognised, from phrases.

A line that speaks of a text which it does not bring along ends with a tab and "lacks"; one of which
readers may think otherwise with a tab and "?". Those of `lacking_*.txt` begin with + or -, and have no task.

`python packaging/task_training/train.py` takes about two minutes, needs nothing but Python, and makes the same file
from the same tables. The method is a softmax over hashed features (a logistic function for what a line lacks), by
gradient descent with steps that grow smaller where a weight was changed often (AdaGrad).
"""

from __future__ import annotations

import math
import random
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from desktop.core.tasks.lacking import LACKING_FEATURES  # noqa: E402
from desktop.core.tasks.office import FEATURES, LABELS, NO_TASK, OfficeLanguage  # noqa: E402
from desktop.core.tasks.weights import bucket_of, packed  # noqa: E402

OF_OTHERS: Final = ROOT / "tests" / "core" / "tasks" / "phrases_of_others.toml"
OF_TEACHERS: Final = ROOT / "tests" / "core" / "advice" / "phrases_of_others.toml"  # with what each lacks most
EXAMPLES: Final = Path(__file__).parent
_ROUNDS: Final = 6
_STEP: Final = 0.5
_DECAY: Final = 1e-6
_ANY: Final = "any"
_OF_LACKING: Final = 3  # lines were written to tell what is lacking, and weigh more
_SHORTEST: Final = 4  # characters; a shorter piece of a line tells nothing of what it lacks
_ALSO: Final = 0.25  # of a line that may be taken for another task as well


@dataclass(frozen=True, slots=True)
class Line:
    """Line with its task and those that it may be taken for as well; keys of tasks, or `NO_TASK`, or `_ANY`: not told.

    `lacks`: whether it speaks of a text that it does not bring along; None where that is not sure.
    """

    text: str
    task: str
    also: tuple[str, ...] = ()
    lacks: bool | None = False

    def wanted(self) -> list[float]:
        share = _ALSO if self.also else 0.0
        wanted = [0.0] * len(LABELS)
        wanted[LABELS.index(self.task)] = 1 - share
        for each in self.also:
            wanted[LABELS.index(each)] += share / len(self.also)
        return wanted


def lines_of(language: OfficeLanguage) -> Iterator[Line]:
    """Yield what others wrote, and the examples that stand beside this file; a third language asks for no task."""
    for each in tomllib.loads(OF_OTHERS.read_text(encoding="utf-8"))["lines"]:
        if each["language"] == language:
            yield from (_line(text, each["task"], tuple(each.get("also", ()))) for text in each["texts"])
        elif each["language"] not in list(OfficeLanguage) and language is OfficeLanguage.ENGLISH:
            yield from (_line(text, NO_TASK) for text in each["texts"])
    for each in tomllib.loads(OF_TEACHERS.read_text(encoding="utf-8"))["prompt"]:
        if each["language"] == language:
            is_text = each["best"] == "material"
            yield Line(each["text"], _ANY, lacks=is_text if is_text or "material" in each["wrong"] else None)
    for marked in (EXAMPLES / f"lacking_{language}.txt").read_text(encoding="utf-8").splitlines():
        text = marked[2:].replace(" ⏎ ", "\n")
        yield from [Line(text, _ANY, lacks=marked.startswith("+"))] * _OF_LACKING
    task = NO_TASK
    for line in (EXAMPLES / f"examples_{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            task = line[1:-1]
        elif line.strip():
            yield _line(line, task)


def _line(marked: str, task: str, also: tuple[str, ...] = ()) -> Line:
    text, _, mark = marked.partition("\t")
    return Line(text, task, also, None if mark == "?" or len(text) < _SHORTEST else bool(mark))


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


def main() -> None:
    for language in OfficeLanguage:
        lines = list(lines_of(language))
        tasks = [(FEATURES[language](each.text), each.wanted()) for each in lines if each.task != _ANY]
        sure = [(each.text, float(each.lacks)) for each in lines if each.lacks is not None]
        lacking = [(LACKING_FEATURES[language](text), [lacks]) for text, lacks in sure]
        for name, of, buckets in ((f"{language}", tasks, 30_011), (f"{language}_lacking", lacking, 120_011)):
            target = ROOT / "resources" / "tasks" / f"{name}.weights"
            target.write_bytes(packed(trained(of, buckets)))
            print(f"{target.name}: {len(of)} lines, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
