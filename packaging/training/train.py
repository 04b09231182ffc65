"""Training of the weights of `resources`, by which tasks, what they lack, wishes and signs are told, from phrases.

A line that speaks of a text which it does not bring along ends with a tab and "lacks"; one of which
readers may think otherwise with a tab and "?". Those of `sentences_*.txt` stand below the
part of a prompt that they belong to; "told" and "material" are no wishes. Those of the other files begin with + or -:
yes or no.

`python packaging/training/train.py` takes about two minutes, needs nothing but Python, and makes the same files from
the same tables; `train.py signs` makes those of the signs alone.
"""

from __future__ import annotations

import random
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from method import ROOT, trained

from desktop.core.prompts.freeform_lexicon import WISHES, wish_features
from desktop.core.signs.gave_in import JUDGEMENTS
from desktop.core.tasks.kinds import OfficeTask
from desktop.core.tasks.lacking import LACKING_FEATURES
from desktop.core.tasks.office import FEATURES, LABELS, NO_TASK, OfficeLanguage
from desktop.core.text.weights import packed

Lines = Sequence[tuple[Sequence[str], Sequence[float]]]

EXAMPLES: Final = Path(__file__).parent
OF_OTHERS: Final = EXAMPLES / "tasks_of_others.toml"
OF_TEACHERS: Final = EXAMPLES / "requests_of_others.toml"  # with what each lacks most
_ANY: Final = "any"
_OF_LACKING: Final = 3  # lines were written to tell what is lacking, and weigh more
_SHORTEST: Final = 4  # characters; a shorter piece of a line tells nothing of what it lacks
_OF_WISHES: Final = 3  # sentences were written to tell wishes, and weigh more
_ORDERS: Final = 2_000  # beside them, which are no wishes
_FIRST: Final = {OfficeLanguage.ENGLISH: re.compile(r".+"), OfficeLanguage.CHINESE: re.compile(r"[^，；,。：\t]+")}
_SENTENCES: Final = re.compile(r"[.!?]\s")
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
    for text, lacks in marked_lines(f"lacking_{language}"):
        yield from [Line(text, _ANY, lacks=lacks)] * _OF_LACKING
    task = NO_TASK
    for line in (EXAMPLES / f"examples_{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            task = line[1:-1]
        elif line.strip():
            yield _line(line, task)


def marked_lines(name: str) -> Iterator[tuple[str, bool]]:
    """Yield the lines of a file, and whether they begin with + or with -."""
    for marked in (EXAMPLES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        yield marked[2:].replace(" ⏎ ", "\n"), marked.startswith("+")


def wishes_of(language: OfficeLanguage) -> Iterator[tuple[str, str]]:
    """Yield sentences with the part that they belong to; an order, of Chinese its first clause, is no wish."""
    part = ""
    for line in (EXAMPLES / f"sentences_{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            part = line[1:-1]
        else:
            yield from [(line, part)] * _OF_WISHES
    shortening = (OfficeTask.REWRITE, _ANY)  # "Make it shorter" is an order, and a wish
    lines = (each.text for each in lines_of(language) if each.task not in shortening)
    orders = [found[0] for each in lines if not _SENTENCES.search(each) and (found := _FIRST[language].match(each))]
    random.Random(0).shuffle(orders)
    yield from ((each, "") for each in orders[:_ORDERS] if len(each) >= _SHORTEST)


def _line(marked: str, task: str, also: tuple[str, ...] = ()) -> Line:
    text, _, mark = marked.partition("\t")
    return Line(text, task, also, None if mark == "?" or len(text) < _SHORTEST else bool(mark))


def _tables(language: OfficeLanguage) -> Iterator[tuple[str, Lines, int]]:
    """Yield the name of each table, the lines that it is made from, and how many rows it has."""
    lines = list(lines_of(language))
    tasks = [(FEATURES[language](each.text), each.wanted()) for each in lines if each.task != _ANY]
    sure = [(each.text, float(each.lacks)) for each in lines if each.lacks is not None]
    yield f"tasks/{language}", tasks, 30_011
    yield f"tasks/{language}_lacking", [(LACKING_FEATURES[language](text), [lacks]) for text, lacks in sure], 120_011
    labels = [*(each.value for each in WISHES), ""]
    wishes = [(text, part if part in labels else "") for text, part in wishes_of(language)]
    of_wishes = [(wish_features(text, language), [float(part == each) for each in labels]) for text, part in wishes]
    yield f"prompts/{language}_wishes", of_wishes, 20_011
    for judgement in JUDGEMENTS:
        marked = marked_lines(f"{judgement}_{language}")
        yield (
            f"signs/{language}_{judgement}",
            [(FEATURES[language](text), [float(yes)]) for text, yes in marked],
            30_011,
        )


def main() -> None:
    """Train all tables, or those whose names hold one of the words behind the command."""
    for language in OfficeLanguage:
        for name, lines, buckets in _tables(language):
            if sys.argv[1:] and not any(word in name for word in sys.argv[1:]):
                continue
            target = ROOT / "resources" / f"{name}.weights"
            target.write_bytes(packed(trained(lines, buckets)))
            print(f"{name}: {len(lines)} lines, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
