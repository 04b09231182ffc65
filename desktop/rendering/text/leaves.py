"""The flat form of a text: a list of leaves, each one box of the page.

A leaf is a paragraph, a heading, a code block, a table, a rule, a formula or an image's placeholder, with the quotes
and list items that it stands in. Flat, since then a list of ten thousand items is ten thousand small boxes that can be
frozen, laid out and painted one by one. Plain values; no Qt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag, StrEnum
from typing import Any, Protocol


class Style(IntFlag):
    """Looks of a run of text; they combine."""

    PLAIN = 0
    BOLD = 1
    ITALIC = 2
    CODE = 4
    STRIKE = 8
    LINK = 16
    IMAGE = 32  # the placeholder of an image that is never loaded
    FORMULA = 64  # LaTeX with its delimiters, as written
    NOTE = 128  # the raised number of a footnote


@dataclass(frozen=True, slots=True)
class Span:
    """Stretch `text[start:end]` of a leaf with this style; spans are in order and do not overlap.

    `href` for links only.
    """

    start: int
    end: int
    style: Style
    href: str = ""


class ContainerKind(StrEnum):
    QUOTE = "quote"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Container:
    """Quote or list item around a leaf. `marker` is set on the first leaf of an item only: "•", "3.", "☐", "☑"."""

    kind: ContainerKind
    marker: str = ""


class LeafKind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CODE = "code"
    TABLE = "table"
    RULE = "rule"
    FORMULA = "formula"
    MARK = "mark"  # a line that is sent with a text and is not of it, such as the number of a page
    FOLD = "fold"  # a line that stands for what is not sent; its link is the way back


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Table whose `rows[0]` is the header if it `has_header`; every row has `len(aligns)` cells.

    An align is left | center | right or empty. `is_plain`: no cell holds a link; then no row is looked at for one.
    """

    aligns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    has_header: bool = True
    is_plain: bool = False


# Without one of these no Markdown is a link, and no bare address is made one.
_LINK_SIGNS = ("[", "<", "://", "www.", "WWW.", "@")


class UnreadText(Protocol):
    """Text of a leaf as it was written, of which it is not known yet what will be shown."""

    @property
    def outline(self) -> str:
        """The text as it was written, but for the addresses of its links; about as much will be shown."""
        ...

    def read(self) -> tuple[str, tuple[Span, ...]]:
        """Return what is shown of it: a text and its spans."""
        ...


class Leaf:
    """Leaf of a text: one box.

    `source` is its range of characters in the Markdown, for copying. Nothing of it ever changes.

    A stored text is opened at its end, so most of its leaves are never looked at: such a leaf is made with an
    `UnreadText`, which is read when `text` or `spans` are first asked for. `letters` tells cheaply how long it is.

    The `text` of a formula is its LaTeX without delimiters; inside other text they belong to the span.

    Code that is still open has `is_open`. A paragraph of a file beyond all measure comes as several leaves:
    those after the first go on where the one before ends, and `joint` is what stands between the two.
    """

    __slots__ = (
        *("_spans", "_text", "containers", "is_open", "joint", "kind", "language", "level", "source"),
        "table",
    )

    def __init__(
        self,
        kind: LeafKind,
        text: str | UnreadText = "",
        spans: tuple[Span, ...] = (),
        containers: tuple[Container, ...] = (),
        level: int = 0,  # of a heading, 1 to 6
        language: str = "",  # of a code block, as written
        table: Table | None = None,
        source: tuple[int, int] = (0, 0),
        is_open: bool = False,
        joint: str | None = None,
    ) -> None:
        self.kind = kind
        self._text = text
        self._spans = spans
        self.containers = containers
        self.level = level
        self.language = language
        self.table = table
        self.source = source
        self.is_open = is_open
        self.joint = joint

    def read(self) -> tuple[str, tuple[Span, ...]]:
        """Return its text and spans, which are read now if they have not been."""
        if not isinstance(self._text, str):
            self._text, self._spans = self._text.read()
        return self._text, self._spans

    @property
    def text(self) -> str:
        return self.read()[0]

    @property
    def spans(self) -> tuple[Span, ...]:
        return self.read()[1]

    @property
    def is_read(self) -> bool:
        return isinstance(self._text, str)

    @property
    def may_hold_links(self) -> bool:
        """True if reading it may bring links to light; cheap also for what has not been read."""
        if self.is_read:
            return any(span.href for span in self._spans)
        return any(sign in self.outline for sign in _LINK_SIGNS)

    @property
    def outline(self) -> str:
        """Its text, or about as much if that has not been read."""
        return self._text if isinstance(self._text, str) else self._text.outline

    @property
    def letters(self) -> int:
        """The approximate number of characters of `text`, without reading it.

        Of a table, of those that were written.
        """
        return len(self.outline) if self.table is None else self.source[1] - self.source[0]

    @property
    def weight(self) -> float:
        """`letters` by the room they take, those of two or three bytes being wider: a Chinese one counts for two."""
        text = self.outline
        return float(len(text)) if text.isascii() else (len(text) + len(text.encode("utf-8", "replace"))) / 2

    @property
    def line_breaks(self) -> int:
        """The approximate number of line breaks in `text`, without reading it."""
        return self.outline.count("\n")

    def changed(self, **fields: Any) -> Leaf:
        """Return the same leaf with other values of some of its fields."""
        own = {name: getattr(self, name) for name in self.__slots__ if not name.startswith("_")}
        return Leaf(**{**own, "text": self._text, "spans": self._spans, **fields})

    def _values(self) -> tuple[object, ...]:
        own = (self.kind, self.text, self.spans, self.containers, self.level, self.language, self.table, self.source)
        return (*own, self.is_open, self.joint)

    def __eq__(self, other: object) -> bool:
        return self._values() == other._values() if isinstance(other, Leaf) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        return f"Leaf{self._values()}"
