"""The flat form of a text: a list of leaves, each one box of the page.

A leaf is a paragraph, a heading, a code block, a table, a rule, a formula or an image's placeholder, with the quotes
and list items that it stands in. Flat, since then a list of ten thousand items is ten thousand small boxes that can be
frozen, laid out and painted one by one. Plain values; no Qt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag, StrEnum


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


@dataclass(slots=True)
class Leaf:
    """Leaf of a text: one box. Once it is shown, nothing of it changes.

    `source` is its range of characters in the Markdown, for copying. The `text` of a formula is its LaTeX without
    delimiters; inside other text they belong to the span. Code that is still open has `is_open`. A paragraph of a file
    beyond all measure comes as several leaves: those after the first go on where the one before ends, and `joint` is
    what stands between the two.
    """

    kind: LeafKind
    text: str = ""
    spans: tuple[Span, ...] = ()
    containers: tuple[Container, ...] = ()
    level: int = 0  # of a heading, 1 to 6
    language: str = ""  # of a code block, as written
    table: Table | None = None
    source: tuple[int, int] = (0, 0)
    is_open: bool = False
    joint: str | None = None

    @property
    def letters(self) -> int:
        """The approximate number of its characters; of a table, of those that were written."""
        return len(self.text) if self.table is None else self.source[1] - self.source[0]
