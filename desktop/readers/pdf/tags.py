"""The blocks of a page whose file tells them by tags: headings, paragraphs, lists, and tables cell by cell.

Tags name pieces of what is drawn by the numbers of their marks. What no tag names is what the file itself says is no
text of the page: headers, footers, page numbers.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from desktop.core.documents.document import Aside, Block, Run
from desktop.readers.pdf.layout import BlockWriter, lines_of
from desktop.readers.pdf.words import Word

_DEEPEST = 60
_MOST_ELEMENTS = 20_000  # of a page
_MOST_COLUMNS = 200
_COVERED = 0.5  # of the words are named by tags that can be relied on
_LEVELS = {"Title": 1, "H": 1, **{f"H{level}": level for level in range(1, 7)}}
_ROWS = {"TR"}
_CELLS = {"TD", "TH"}
# Elements that stand by themselves; others are part of what they are in.
_BLOCKS = {
    "Table",
    "P",
    "LI",
    "Caption",
    "BlockQuote",
    "Note",
    "TOCI",
    "Formula",
    "Code",
    "Figure",
    "FENote",
    "Form",
    *_LEVELS,
}
_MARGIN = 0.14  # of the page's height, at the top and the bottom


@dataclass(slots=True)
class Element:
    """Tag with what is in it: other tags, and marks. A hole is one that is empty in the file."""

    kind: str
    inside: list[Element | int] = field(default_factory=list)


def tree_of(page: pypdfium2.PdfPage) -> Element | None:
    """Return what the tags of a page name; None if it has none."""
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    if not tree:
        return None
    try:
        left = iter(range(_MOST_ELEMENTS))
        count = pdfium.FPDF_StructTree_CountChildren(tree)
        children = (pdfium.FPDF_StructTree_GetChildAtIndex(tree, index) for index in range(count))
        root = Element("", [_element(child, 0, left) for child in children if child])
        return root if root.inside else None
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _element(handle: Any, depth: int, left: Iterator[int]) -> Element:
    made = Element(_kind(handle))
    count = pdfium.FPDF_StructElement_CountChildren(handle) if depth < _DEEPEST else 0
    for index, _ in zip(range(count), left, strict=False):
        if child := pdfium.FPDF_StructElement_GetChildAtIndex(handle, index):
            made.inside.append(_element(child, depth + 1, left))
        elif (mark := pdfium.FPDF_StructElement_GetChildMarkedContentID(handle, index)) >= 0:
            made.inside.append(mark)
        elif made.kind in _ROWS:
            made.inside.append(Element("TD"))  # an empty cell is a hole
    return made


def _kind(handle: Any) -> str:
    buffer = ctypes.create_string_buffer(128)
    size = pdfium.FPDF_StructElement_GetType(handle, buffer, len(buffer))
    return buffer.raw[: max(0, min(size, len(buffer)) - 2)].decode("utf-16-le", "replace")


def blocks_by_tags(root: Element, words: Sequence[Word], writer: BlockWriter, height: float) -> list[Block] | None:
    """Return the blocks that tags name, and around them what they don't; None if they name too little."""
    named: dict[int, list[Word]] = {}
    for word in words:
        named.setdefault(word.mark, []).append(word)
    marks = set(_marks(root))
    if sum(len(named[mark]) for mark in marks & named.keys()) < _COVERED * len(words):
        return None
    blocks = list(_Tagged(named, writer).blocks(root))
    rest = [word for word in words if word.mark not in marks]
    above = [word for word in rest if word.bottom > (1 - _MARGIN) * height]
    below = [word for word in rest if word.bottom <= (1 - _MARGIN) * height]
    return [*_margin(above, writer, height), *blocks, *_margin(below, writer, height)]


def _marks(element: Element) -> Iterator[int]:
    for each in element.inside:
        if isinstance(each, int):
            yield each
        else:
            yield from _marks(each)


def _margin(words: list[Word], writer: BlockWriter, height: float) -> Iterator[Block]:
    for line in lines_of(words):
        is_header = not _MARGIN * height < line.bottom < (1 - _MARGIN) * height
        yield Block((Run(writer.text([line]), Aside.HEADER if is_header else None),), str(line.words[0].start))


class _Tagged:
    """The blocks of a page, of words by the numbers of their marks."""

    def __init__(self, named: dict[int, list[Word]], writer: BlockWriter) -> None:
        self._named = named
        self._writer = writer

    def blocks(self, element: Element) -> Iterator[Block]:
        """Yield the blocks in an element; words that stand between its blocks are one, too."""
        loose: list[Word] = []
        for each in element.inside:
            if isinstance(each, int):
                loose += self._named.get(each, ())
            elif not _is_block(each):
                loose += self._words(each)
            else:
                yield from self._writer.paragraph(lines_of(loose))
                loose = []
                if each.kind == "Table":
                    yield from self._table(each)
                elif _has_blocks(each):
                    yield from self.blocks(each)
                else:  # some programs tag headings as paragraphs, which their size tells
                    yield from self._writer.paragraph(lines_of(self._words(each)), _LEVELS.get(each.kind, 0))
        yield from self._writer.paragraph(lines_of(loose))

    def _words(self, element: Element) -> list[Word]:
        return [word for mark in _marks(element) for word in self._named.get(mark, ())]

    def _table(self, table: Element) -> Iterator[Block]:
        rows = [[self._words(cell) for cell in _within(row, _CELLS)] for row in _within(table, _ROWS)]
        rows = [row for row in rows if any(row)]
        if rows:
            yield self._writer.table([map(lines_of, row) for row in _aligned(rows)])
        else:
            yield from self._writer.paragraph(lines_of(self._words(table)))


def _within(element: Element, kinds: Iterable[str]) -> Iterator[Element]:
    """Yield the elements of these kinds in an element, but not those inside of such."""
    for each in element.inside:
        if isinstance(each, Element):
            if each.kind in kinds:
                yield each
            else:
                yield from _within(each, kinds)


def _has_blocks(element: Element) -> bool:
    return any(isinstance(each, Element) and _is_block(each) for each in element.inside)


def _is_block(element: Element) -> bool:
    return element.kind in _BLOCKS or _has_blocks(element)


def _aligned(rows: list[list[list[Word]]]) -> list[list[list[Word]]]:
    """Return rows with as many cells as the widest has, by the place of their words: files leave empty cells out."""
    widest = max(rows, key=lambda row: (len(row), sum(map(bool, row))))
    if all(len(row) == len(widest) for row in rows) or len(widest) > _MOST_COLUMNS:
        return rows
    starts = [min((word.left for word in cell), default=None) for cell in widest]
    aligned = []
    for row in rows:
        if len(row) == len(widest):
            aligned.append(row)
            continue
        cells: list[list[Word]] = [[] for _ in widest]
        column = 0
        for index, cell in enumerate(row):
            last = len(widest) - (len(row) - index)  # so that those that follow have their places
            if cell:
                middle = (min(word.left for word in cell) + max(word.right for word in cell)) / 2
                left_of = [number for number, start in enumerate(starts) if start is not None and start <= middle]
                column = min(max([column, *left_of]), last)
            cells[min(column, last)] = cell
            column += 1
        aligned.append(cells)
    return aligned
