"""The text of a document that is to be sent, as leaves: the very words that go out, and what stays here at its place.

Each leaf knows which piece of the document it shows, so that what is selected on the page can be found in the file. Of
a text that was sent, of which no document is at hand, a place is found among its leaves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import overload

from desktop.core.documents.document import row_cells
from desktop.core.documents.selection import (
    BlocksLeftOut,
    CutOut,
    LinesLeftOut,
    MarkPiece,
    Piece,
    SectionsLeftOut,
    WordsPiece,
)
from desktop.rendering.text.leaves import Cell, Leaf, LeafKind, Span, Style, Table
from desktop.rendering.text.plain_document import split_long

Fold = SectionsLeftOut | BlocksLeftOut | LinesLeftOut | CutOut
FoldWords = Callable[[Fold], tuple[str, str]]
"""Returns what stays here in words, and the words of the link that has it sent all the same, empty for none."""

_ROWS_OF_A_LEAF = 1_000  # more are a leaf of their own: a table is searched leaf by leaf
_HEADING = 3  # the level at which headings of files are shown: a little larger than the text
_MARK = re.compile(r"\[[^\[\]]{1,300}\]")  # of a page, a sheet or a slide
_SECTION_STEP, _BLOCK_STEP = 1 << 50, 1 << 20  # between the places of leaves, which only have to be in order


@dataclass(frozen=True, slots=True)
class SentLeaf:
    """Leaf, and where it comes from.

    `piece`: what it shows; None for a line at the fence. `offset`: where its first letter stands in the piece's text.
    `rows`: of a table, the piece and the line in it of each row.
    """

    leaf: Leaf
    piece: Piece | None = None
    offset: int = 0
    rows: Sequence[tuple[WordsPiece, int]] = field(default=())


def fold_address(fold: Fold) -> str:
    """Return the address of the link on a folded line, by which it is known which one was pressed."""
    match fold:
        case SectionsLeftOut(first, last):
            return f"sections:{first}-{last}"
        case BlocksLeftOut(section, first, last):
            return f"blocks:{section}:{first}-{last}"
        case LinesLeftOut(section, block, first, last):
            return f"lines:{section}:{block}:{first}-{last}"
        case CutOut(cut):
            return f"cut:{cut.section}:{cut.block}:{cut.start}-{cut.end}"


def sent_leaves(pieces: Iterable[Piece], fold_words: FoldWords) -> Iterator[SentLeaf]:
    """Yield the leaves of pieces, in order."""
    table = _TableInMaking()
    for piece in pieces:
        if isinstance(piece, WordsPiece) and piece.is_table:
            yield from table.take_rows(piece)
            continue
        yield from table.leaves()
        match piece:
            case MarkPiece(text, section):
                place = section * _SECTION_STEP
                yield SentLeaf(Leaf(LeafKind.MARK, text, source=(place, place)), piece)
            case WordsPiece():
                yield from _of_words(piece)
            case SectionsLeftOut() | BlocksLeftOut() | LinesLeftOut() | CutOut():
                yield SentLeaf(_folded(piece, *fold_words(piece)), piece)
    yield from table.leaves()


def fence_leaf(text: str, *, at_end: bool) -> SentLeaf:
    """Return the line in front of a file's text, or behind it."""
    place = 1 << 80 if at_end else -1
    return SentLeaf(Leaf(LeafKind.MARK, text, source=(place, place)))


def leaves_of_sent(text: str) -> Iterator[Leaf]:
    """Yield the leaves of a text that was sent, of which no document is at hand: told by their look."""
    at = 0
    for block in text.split("\n\n"):
        lines = block.split("\n")
        place = (at, at + len(block))
        at += len(block) + 2
        if len(lines) == 1 and _MARK.fullmatch(block):
            yield Leaf(LeafKind.MARK, block, source=place)
        elif all(line.startswith("| ") and line.endswith(" |") for line in lines):
            columns = max(line.count("|") - line.count("\\|") for line in lines) - 1
            table = Table(("",) * max(1, columns), LazyRows(lines, max(1, columns)), is_plain=True)
            yield Leaf(LeafKind.TABLE, table=table, source=place)
        elif block.strip():
            yield from split_long(Leaf(LeafKind.PARAGRAPH, block.strip("\n"), source=place))


def _of_words(piece: WordsPiece) -> Iterator[SentLeaf]:
    kind = LeafKind.HEADING if piece.level else LeafKind.PARAGRAPH
    text = piece.text
    place = _place(piece.section, piece.block, piece.start)
    offset = 0
    for leaf in split_long(Leaf(kind, text, level=_HEADING if piece.level else 0, source=(place, place))):
        offset += len(leaf.joint or "")
        yield SentLeaf(leaf, piece, offset)
        offset += len(leaf.text)


def _folded(fold: Fold, words: str, link: str) -> Leaf:
    match fold:
        case SectionsLeftOut(first):
            place = first * _SECTION_STEP
        case BlocksLeftOut(section, first):
            place = _place(section, first)
        case LinesLeftOut(section, block, _, _, start):
            place = _place(section, block, start)
        case CutOut(cut):
            place = _place(cut.section, cut.block, cut.start)
    text = f"{words} {link}" if link else words
    spans = (Span(len(words) + 1, len(text), Style.LINK, fold_address(fold)),) if link else ()
    return Leaf(LeafKind.FOLD, text, spans, source=(place, place))


def _place(section: int, block: int, start: int = 0) -> int:
    return section * _SECTION_STEP + (block + 1) * _BLOCK_STEP + min(start, _BLOCK_STEP - 1)


class _TableInMaking:
    """Rows of one table, which a reader may give in several blocks."""

    def __init__(self) -> None:
        self.rows: list[tuple[WordsPiece, int]] = []
        self._lines: list[str] = []
        self._is_begun = False  # a leaf of the same table stands above

    def take_rows(self, piece: WordsPiece) -> Iterator[SentLeaf]:
        """Take the rows of a piece; yield what is enough for a leaf."""
        for number, line in enumerate(piece.text.split("\n")):
            self.rows.append((piece, number))
            self._lines.append(line)
            if len(self._lines) >= _ROWS_OF_A_LEAF:
                yield self._leaf()

    def leaves(self) -> Iterator[SentLeaf]:
        """Yield the rest of the table, which has ended."""
        if self._lines:
            yield self._leaf()
        self._is_begun = False

    def _leaf(self) -> SentLeaf:
        lines, rows = self._lines, self.rows
        self._lines, self.rows = [], []
        columns = max(line.count("|") - line.count("\\|") for line in lines) - 1
        first, line = rows[0]
        place = _place(first.section, first.block, first.start + line)
        table = Table(("",) * max(1, columns), LazyRows(lines, max(1, columns)), not self._is_begun, is_plain=True)
        joint = "\n" if self._is_begun else None
        self._is_begun = True
        source = (place, place + sum(map(len, lines)))
        return SentLeaf(Leaf(LeafKind.TABLE, table=table, source=source, joint=joint), first, rows=rows)


class LazyRows(Sequence[tuple[Cell, ...]]):
    """The rows of a table, each made of its line when it is first looked at."""

    def __init__(self, lines: Sequence[str], columns: int) -> None:
        self._lines = lines
        self._columns = columns

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> tuple[Cell, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[Cell, ...]]: ...
    def __getitem__(self, index: int | slice) -> tuple[Cell, ...] | Sequence[tuple[Cell, ...]]:
        if isinstance(index, slice):
            return [self._row(line) for line in self._lines[index]]
        return self._row(self._lines[index])

    def _row(self, line: str) -> tuple[Cell, ...]:
        cells = [Cell(cell) for cell in row_cells(line)[: self._columns]]
        return (*cells, *(Cell("") for _ in range(self._columns - len(cells))))


@dataclass(frozen=True, slots=True)
class PlaceInLeaves:
    """Place among leaves: those of its paragraph, and where it begins: the leaf, and start and end in its text.

    `at` is None where none of its letters is shown.
    """

    leaves: list[Leaf]
    paragraph: range
    at: tuple[int, int, int] | None


def place_in_leaves(text: str, paragraph: tuple[int, int], start: int, end: int) -> PlaceInLeaves:
    """Return the leaves of a text, and where among them letters `start` to `end` of it stand, in their paragraph."""
    leaves = list(leaves_of_sent(text))
    touched: list[int] = []
    at: tuple[int, int, int] | None = None
    begun, offset = -1, 0  # the source of the leaves that are one paragraph, and where the next of them begins
    for index, leaf in enumerate(leaves):
        if leaf.kind is LeafKind.TABLE:  # which is shown as one where a place is in it
            continue
        source = leaf.source[0]
        if source != begun:
            begun = source
            offset = source + _lead(text, source)
        else:
            offset += len(leaf.joint or "")
        first, offset = offset, offset + len(leaf.text)
        if first < paragraph[1] and paragraph[0] < offset:
            touched.append(index)
        if at is None and first <= start < offset:
            at = index, start - first, min(end, offset) - first
    return PlaceInLeaves(leaves, range(touched[0], touched[-1] + 1) if touched else range(0), at)


def _lead(text: str, at: int) -> int:
    """Return how many line breaks stand there, which are not shown."""
    end = at
    while end < len(text) and text[end] == "\n":
        end += 1
    return end - at
