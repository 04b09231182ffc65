"""The lines between a process that reads and its parent: dataclasses, each a line of JSON with the name of its class.

What is long of one, its text or its items, comes before it in pieces, so that no line holds the parent up, however
large a sheet is.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from itertools import chain
from typing import Any, get_type_hints

from desktop.core.converting import converted
from desktop.core.documents.reading import ReadingProblem, WordsOnPage
from desktop.core.message import Anchor

_LETTERS_OF_A_LINE, _ITEMS_OF_A_LINE = 1 << 16, 50


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


@dataclass(frozen=True, slots=True)
class Handed:
    """Text that was given before an answer, which is known by a number from then on."""

    number: int
    name: str
    text: str
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """Texts that are not needed any more, by their numbers."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LookUp:
    """Order to look an answer, as its Markdown was written, up in texts that were handed over."""

    answer: str
    question: str
    earlier: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """Last event of an order that was carried out."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Last event of one that was not."""

    problem: ReadingProblem
    detail: str = ""


def lines_of(value: object, clean: Callable[[str], str] = str) -> Iterator[bytes]:
    """Yield a dataclass as lines; `clean` is what becomes of its texts."""
    kind = type(value).__name__
    whole = []
    for each in fields(value):  # type: ignore[arg-type]
        found = getattr(value, each.name)
        size = _LETTERS_OF_A_LINE if isinstance(found, str) else _ITEMS_OF_A_LINE
        if isinstance(found, str | tuple) and len(found) > size:
            for at in range(0, len(found), size):
                yield _line({f"{kind}.{each.name}": _plain(found[at : at + size], clean)})
            found = found[:0]
        whole.append(_plain(found, clean))
    yield _line({kind: whole})


class Received:
    """Dataclasses of some kinds out of lines, which come one after another."""

    def __init__(self, *kinds: type[Any]) -> None:
        self._kinds = {kind.__name__: kind for kind in kinds}
        self._pieces: dict[str, list[Any]] = {}

    def value(self, line: bytes) -> Any:
        """Return what a line completes; None if it is a piece. Raises an error of any kind if it is none of ours."""
        [(name, said)] = json.loads(line).items()
        kind, _, part = name.partition(".")
        if part:
            piece = converted(get_type_hints(self._kinds[kind])[part], said, whole=True)
            self._pieces.setdefault(part, []).append(piece)
            return None
        pieces, self._pieces = self._pieces, {}
        long = {
            part: "".join(each) if isinstance(each[0], str) else tuple(chain(*each)) for part, each in pieces.items()
        }
        return replace(converted(self._kinds[kind], said, whole=True), **long)


def _plain(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, tuple):
        return [_plain(each, clean) for each in value]
    return [_plain(getattr(value, each.name), clean) for each in fields(value)] if is_dataclass(value) else value


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"
