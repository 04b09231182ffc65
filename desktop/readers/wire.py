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
from desktop.core.documents.document import ReadingProblem, WordsOnPage
from desktop.core.message import Anchor

_LETTERS_OF_A_LINE = 1 << 16
_LETTERS_OF_A_VALUE = 16  # to read one of a record takes about as long as so many letters


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
        last: Any = None
        for piece in _pieces(getattr(value, each.name), clean):
            if last is not None:
                yield _line({f"{kind}.{each.name}": last})
            last = piece
        whole.append(last)
    yield _line({kind: whole})


class Received:
    """Dataclasses of some kinds out of lines, which come one after another."""

    def __init__(self, *kinds: type[Any]) -> None:
        self._kinds = {kind.__name__: kind for kind in kinds}
        self._begun = ""
        self._pieces: dict[str, list[Any]] = {}

    def value(self, line: bytes) -> Any:
        """Return what a line completes; None if it is a piece. Raises an error of any kind if it is none of ours."""
        [(name, said)] = json.loads(line).items()
        kind, _, part = name.partition(".")
        if kind != self._begun:  # what was begun before does not come any more
            self._begun, self._pieces = kind, {}
        if part:
            piece = converted(get_type_hints(self._kinds[kind])[part], said, whole=True)
            self._pieces.setdefault(part, []).append(piece)
            return None
        found = converted(self._kinds[kind], said, whole=True)
        for part, pieces in self._pieces.items():
            all_of_it = [*pieces, getattr(found, part)]
            joined = "".join(all_of_it) if isinstance(pieces[0], str) else tuple(chain(*all_of_it))
            found = replace(found, **{part: joined})
        self._pieces = {}
        return found


def _pieces(value: Any, clean: Callable[[str], str]) -> Iterator[Any]:
    """Yield a value as it stands in lines: a long text, or long items, in pieces."""
    if isinstance(value, str):
        for at in range(0, max(len(value), 1), _LETTERS_OF_A_LINE):
            yield clean(value[at : at + _LETTERS_OF_A_LINE])
        return
    if not isinstance(value, tuple):
        yield _plain(value, clean)
        return
    piece: list[Any] = []
    weight = 0
    for each in value:
        if weight >= _LETTERS_OF_A_LINE:
            yield piece
            piece, weight = [], 0
        piece.append(_plain(each, clean))
        weight += _weight(piece[-1])
    yield piece


def _weight(plain: Any) -> int:
    """Return about how many letters are read as fast as a plain value."""
    if isinstance(plain, list):
        return _LETTERS_OF_A_VALUE + sum(map(_weight, plain))
    return _LETTERS_OF_A_VALUE + (len(plain) if isinstance(plain, str) else 0)


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
