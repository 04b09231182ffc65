"""The flat form of a text: a list of leaves, each one box of the page.

A leaf is a paragraph, a heading, a code block, a table, a rule, a formula or an image's placeholder, with the quotes
and list items that it stands in. Flat, since then a list of ten thousand items is ten thousand small boxes that can be
frozen, laid out and painted one by one. Plain values; no Qt.
"""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` of a leaf has this style; spans are in order and do not overlap. `href` for links only."""

    start: int
    end: int
    style: Style
    href: str = ""


class ContainerKind(StrEnum):
    QUOTE = "quote"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Container:
    """A quote or a list item around a leaf. `marker` is set on the first leaf of an item only: "•", "3.", "☐", "☑"."""

    kind: ContainerKind
    marker: str = ""


class LeafKind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CODE = "code"
    TABLE = "table"
    RULE = "rule"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """`rows[0]` is the header; every row has `len(aligns)` cells. An align is left | center | right or empty."""

    aligns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One box. `source` is its range of characters in the Markdown, for copying.

    The `text` of a formula is its LaTeX without delimiters; inside other text they belong to the span.

    `settled` counts the characters of `text` (and with them the spans that end there) that will not change while
    the block grows: what has been laid out for them may be kept. Code that is still open has `is_open`.
    """

    kind: LeafKind
    text: str = ""
    spans: tuple[Span, ...] = ()
    containers: tuple[Container, ...] = ()
    level: int = 0  # of a heading, 1 to 6
    language: str = ""  # of a code block, as written
    table: Table | None = None
    source: tuple[int, int] = (0, 0)
    settled: int = 0
    is_open: bool = False
