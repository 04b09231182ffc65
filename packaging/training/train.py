"""Training of the weights of `resources/tasks`, by which tasks and what they lack are recognised, from phrases.

A line that speaks of a text which it does not bring along ends with a tab and "lacks"; one of which
readers may think otherwise with a tab and "?". Those of `lacking_*.txt` begin with + or -, and have no task.

`python packaging/training/train.py` takes about two minutes, needs nothing but Python, and makes the same files from
the same tables.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from method import ROOT, trained

from desktop.core.tasks.lacking import LACKING_FEATURES
from desktop.core.tasks.office import FEATURES, LABELS, NO_TASK, OfficeLanguage
from desktop.core.text.weights import packed

OF_OTHERS: Final = ROOT / "tests" / "core" / "tasks" / "phrases_of_others.toml"
OF_TEACHERS: Final = ROOT / "tests" / "core" / "advice" / "phrases_of_others.toml"  # with what each lacks most
EXAMPLES: Final = Path(__file__).parent
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
