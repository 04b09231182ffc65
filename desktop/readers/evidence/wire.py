"""The lines between the process that looks answers up and its parent: orders in, evidence out, each a line of JSON.

Texts and lists come some at a time, so that no line holds the parent up, however long a file is. A file is handed over
once and then named by its number.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Any, TypeVar

from desktop.core.claims.claim import Kind
from desktop.core.documents.reading import ReadingError, ReadingProblem
from desktop.core.evidence.checked import (
    Calculation,
    Checked,
    Difference,
    Evidence,
    GivenText,
    Instead,
    SourcePlace,
    Verdict,
)
from desktop.core.message import Anchor
from desktop.readers.wire import json_line

T = TypeVar("T")

_LETTERS_OF_A_LINE = 1 << 16
_ITEMS_OF_A_LINE = 500
_SAID = ("answer", "question", "earlier")
_THINGS_OF_A_LINE = 50  # each with all the places where it stands


@dataclass(frozen=True, slots=True)
class LookUp:
    """Order to look an answer, as its Markdown was written, up in what was given."""

    answer: str
    given: tuple[GivenText, ...]
    question: str = ""
    earlier: str = ""


def lines_of_source(number: int, source: GivenText) -> Iterator[bytes]:
    """Yield a text that was given, which is known by a number from then on."""
    yield json_line({"source": [number, source.name]})
    for piece in _pieces(source.text, _LETTERS_OF_A_LINE):
        yield json_line({"letters": piece})
    for anchors in _pieces(source.anchors, _ITEMS_OF_A_LINE):
        yield json_line({"anchors": [astuple(each) for each in anchors]})


def line_of_leaving(numbers: Sequence[int]) -> bytes:
    """Return the line that says which texts are not needed any more."""
    return json_line({"leave": numbers})


def lines_of_look_up(answer: str, question: str, earlier: str, numbers: Sequence[int]) -> Iterator[bytes]:
    """Yield the order to look an answer up in texts that were handed over."""
    for key, text in zip(_SAID, (answer, question, earlier), strict=True):
        for piece in _pieces(text, _LETTERS_OF_A_LINE):
            yield json_line({key: piece})
    yield json_line({"look": numbers})


class LookUpsOfLines:
    """The orders in lines, on the side of the process."""

    def __init__(self) -> None:
        self._sources: dict[int, tuple[str, list[str], list[Anchor]]] = {}
        self._whole: dict[int, GivenText] = {}
        self._last = 0
        self._said: dict[str, list[str]] = {key: [] for key in _SAID}

    def look_up(self, line: bytes) -> LookUp | None:
        """Return the order that a line completes, if any. Raises ValueError, TypeError or KeyError if it is none."""
        [(key, value)] = json.loads(line).items()
        match key:
            case "source":
                self._last, name = value
                self._sources[self._last] = name, [], []
            case "letters":
                self._sources[self._last][1].append(value)
            case "anchors":
                self._sources[self._last][2].extend(Anchor(*each) for each in value)
            case "answer" | "question" | "earlier":
                self._said[key].append(value)
            case "leave":
                for number in value:
                    self._sources.pop(number, None)
                    self._whole.pop(number, None)
            case "look":
                given = tuple(self._source(number) for number in value)
                answer, question, earlier = ("".join(pieces) for pieces in self._said.values())
                self._said = {key: [] for key in _SAID}
                return LookUp(answer, given, question, earlier)
            case _:
                raise ValueError(key)
        return None

    def _source(self, number: int) -> GivenText:
        """Return a text in the same object each time, so that it is quickly known for the same."""
        if number not in self._whole:
            name, letters, anchors = self._sources[number]
            self._whole[number] = GivenText(name, "".join(letters), tuple(anchors))
            self._sources[number] = name, [], []
        return self._whole[number]


def lines_of_evidence(evidence: Evidence) -> Iterator[bytes]:
    """Yield what was found, but for the sources, which the parent has."""
    for things in _pieces(evidence.checked, _THINGS_OF_A_LINE):
        yield json_line({"checked": [astuple(each) for each in things]})
    for blocks in _pieces(evidence.blocks, _ITEMS_OF_A_LINE):
        yield json_line({"blocks": blocks})
    yield json_line({"done": evidence.is_whole})


class EvidenceOfLines:
    """The evidence in lines, on the parent's side."""

    def __init__(self, sources: tuple[GivenText, ...], question: str) -> None:
        self._sources = sources
        self._question = question
        self._checked: list[Checked] = []
        self._blocks: list[tuple[int, int]] = []

    def evidence(self, line: bytes) -> Evidence | None:
        """Return the evidence that a line completes, if any.

        Raises `ReadingError` if the line tells of a failure, ValueError, TypeError or KeyError if it is none of ours.
        """
        said = json.loads(line)
        if not isinstance(said, dict):
            raise TypeError(type(said))
        [(key, value)] = said.items()
        match key:
            case "checked":
                self._checked += map(self._thing, value)
            case "blocks":
                self._blocks += [(start, source) for start, source in value]
            case "done":
                return Evidence(tuple(self._checked), self._sources, value, tuple(self._blocks), self._question)
            case "failed":
                raise ReadingError(ReadingProblem(value[0]), value[1])
            case _:
                raise ValueError(key)
        return None

    def _thing(self, said: list[Any]) -> Checked:
        kind, text, start, end, verdict, places, stands_as, said_as, instead, differences, calculation = said
        return Checked(
            Kind(kind),
            text,
            start,
            end,
            Verdict(verdict),
            tuple(map(self._place, places)),
            stands_as,
            said_as,
            Instead(instead[0], instead[1], self._place(instead[2])) if instead else None,
            tuple(Difference(*each) for each in differences),
            Calculation(*calculation) if calculation else None,
        )

    def _place(self, said: list[Any]) -> SourcePlace:
        source, start, end, clause = said
        if not 0 <= source < len(self._sources) or not 0 <= start <= end <= len(self._sources[source].text):
            raise ValueError("a place in no source")
        return SourcePlace(source, start, end, clause)


def _pieces(whole: Sequence[T], length: int) -> Iterator[Sequence[T]]:
    for at in range(0, len(whole), length):
        yield whole[at : at + length]
