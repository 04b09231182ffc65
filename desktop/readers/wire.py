"""The lines between a reader's process and its parent: one order in, events out, each a line of JSON.

A section comes as a head, its blocks some at a time, and an end, so that no line holds the parent up for long, however
large a sheet is. Letters that no text may have, such as zero bytes and lone surrogates, stay on the reader's side.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from desktop.core.documents.document import Aside, Block, Remark, RemarkKind, Run, Section, SectionKind
from desktop.core.documents.reading import (
    Opened,
    PagePicture,
    ReadingError,
    ReadingEvent,
    ReadingProblem,
    WordsOnPage,
)

_LETTERS_OF_A_LINE = 1 << 16
_NO_LETTERS = re.compile("[\0\ud800-\udfff]")
_DONE = {"done": True}


@dataclass(frozen=True, slots=True)
class Drawing:
    """Order to draw pages, and words to look for on them; the measures are those of `PageDrawer`."""

    pages: tuple[int, ...]
    dpi: int = 0
    width: int = 0
    sought: WordsOnPage | None = None


@dataclass(frozen=True, slots=True)
class ReadingOrder:
    """Order to read a file, or, with `drawing`, to draw some of its pages."""

    path: str
    name: str
    password: str = field(default="", repr=False)
    encoding: str = ""
    drawing: Drawing | None = None

    def as_line(self) -> bytes:
        """Return the order as it is written to the process."""
        return json_line(asdict(self))


@dataclass(frozen=True, slots=True)
class Done:
    """Last event of an order that was carried out."""


WireEvent = ReadingEvent | PagePicture | Done


def parse_order(line: bytes) -> ReadingOrder:
    """Return the order in a line. Raises ValueError or TypeError if it is none."""
    said = json.loads(line)
    drawing = said["drawing"]
    if drawing is not None:
        sought = drawing["sought"] and WordsOnPage(**drawing["sought"])
        drawing = Drawing(tuple(drawing["pages"]), drawing["dpi"], drawing["width"], sought)
    return ReadingOrder(**said | {"drawing": drawing})


def lines_of(event: WireEvent) -> Iterator[bytes]:
    """Yield an event as lines."""
    match event:
        case Opened():
            yield json_line({"opened": [event.media_type, event.sections, event.encoding]})
        case Remark(kind, count, detail):
            yield json_line({"remark": [kind, count, _clean(detail)]})
        case PagePicture(number, png, count, paragraph, place, text):
            yield json_line({"picture": [number, b64encode(png).decode("ascii"), count, paragraph, place, text]})
        case Done():
            yield json_line(_DONE)
        case Section():
            yield json_line({"section": [event.kind, event.number, _clean(event.title), event.is_hidden]})
            waiting: list[Any] = []
            letters = 0
            for block in event.blocks:
                waiting.append([block.place, block.level, block.is_table, [_run(run) for run in block.runs]])
                letters += sum(len(run.text) for run in block.runs) + 1
                if letters >= _LETTERS_OF_A_LINE:
                    yield json_line({"blocks": waiting})
                    waiting, letters = [], 0
            yield json_line({"end": waiting})


def line_of_failure(error: ReadingError) -> bytes:
    """Return the line that tells of a failure."""
    return json_line({"failed": [error.problem, _clean(error.detail)]})


class EventsOfLines:
    """The events in lines, which come one after another."""

    def __init__(self) -> None:
        self._head: list[Any] | None = None
        self._blocks: list[Block] = []

    def event(self, line: bytes) -> WireEvent | None:
        """Return the event that a line completes, if any.

        Raises `ReadingError` if the line tells of a failure, ValueError, TypeError or KeyError if it is none of ours.
        """
        said = json.loads(line)
        if not isinstance(said, dict):
            raise TypeError(type(said))
        [(key, value)] = said.items()
        match key:
            case "opened":
                return Opened(*value)
            case "remark":
                return Remark(RemarkKind(value[0]), *value[1:])
            case "picture":
                number, png, count, *boxes, text = value
                paragraph, place = (tuple(tuple(box) for box in each) for each in boxes)
                return PagePicture(number, b64decode(png), count, paragraph, place, text and tuple(text))
            case "section":
                self._head, self._blocks = value, []
                return None
            case "blocks":
                self._blocks += map(_block, value)
                return None
            case "end":
                return self._finished(value)
            case "done":
                return Done()
            case "failed":
                raise ReadingError(ReadingProblem(value[0]), value[1])
        raise ValueError(key)

    def _finished(self, last: list[Any]) -> Section:
        if self._head is None:
            raise ValueError("the end of no section")
        kind, number, title, is_hidden = self._head
        blocks = (*self._blocks, *map(_block, last))
        self._head, self._blocks = None, []
        return Section(SectionKind(kind), number, title, blocks, is_hidden)


def json_line(value: object) -> bytes:
    """Return a value as a line."""
    return json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"


def _run(run: Run) -> str | list[str]:
    text = _clean(run.text)
    return text if run.aside is None else [text, run.aside, _clean(run.by)]


def _block(said: list[Any]) -> Block:
    place, level, is_table, runs = said
    return Block(
        tuple(Run(each) if isinstance(each, str) else Run(each[0], Aside(each[1]), each[2]) for each in runs),
        place,
        level,
        is_table,
    )


def _clean(text: str) -> str:
    return _NO_LETTERS.sub(lambda found: "" if found[0] == "\0" else "�", text)
