"""A message in portions, each small enough to be laid out in one go: a huge one holds up nothing and can be given up.

A portion is counted in letters, not timed, so that a text comes out the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from desktop.rendering.text.excerpt import excerpt
from desktop.rendering.text.leaves import Cell, Leaf, LeafKind, Span, Style
from desktop.rendering.text.plain_document import cuts, without_markers
from desktop.rendering.text.shown_text import Position

LETTERS = 4_000  # of a portion: about a page, which takes some 20 ms
_FORMULA = 1_500  # letters of prose that take as long as one
_CELL = 28  # for what a cell takes beside its own letters
_SPAN = 40  # for a link or emphasis


def portions(leaves: Iterable[Leaf]) -> Iterator[list[Leaf]]:
    """Yield the leaves in portions; tables and code that are longer are divided, and a table repeats its header.

    A heading goes with what stands below it.
    """
    portion: list[Leaf] = []
    letters = 0
    for leaf in leaves:
        for piece in _pieces(leaf):
            cost = _cost_of(piece)
            if portion and letters + cost > LETTERS:
                headings = _headings_at_end_of(portion)
                yield portion[: len(portion) - headings]
                portion, letters = portion[len(portion) - headings :], 0
            portion.append(piece)
            letters += cost
    if portion:
        yield portion


def _headings_at_end_of(portion: Sequence[Leaf]) -> int:
    """Return how many headings end a portion; 0 where it has nothing else."""
    count = 0
    while count < len(portion) and portion[-1 - count].kind is LeafKind.HEADING:
        count += 1
    return count if count < len(portion) else 0


def parts_of(text: str) -> Iterator[str]:
    """Yield a plain text in parts that each fit into a portion, or nearly; what stood between two is left out."""
    for start, end in _places(text):
        yield text[start:end]


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of parts: as many lines as fit into a portion, or what a longer line is cut into."""
    start = 0
    while start < len(text):
        end = len(text) if len(text) - start <= LETTERS else text.rfind("\n", start, start + LETTERS)
        if end < 0:
            end = text.find("\n", start) % (len(text) + 1)  # of the line, or of all
            whole = start
            for cut, after in cuts(text[start:end]):
                yield start, whole + cut
                start = whole + after
        yield start, end
        start = end + 1


def _pieces(leaf: Leaf) -> Iterator[Leaf]:
    if leaf.table is not None and _cost_of(leaf) > LETTERS:
        yield from _pieces_of_table(leaf)
    elif leaf.kind in (LeafKind.CODE, LeafKind.PARAGRAPH) and leaf.letters > LETTERS:
        for start, end in _places(leaf.text):
            yield from excerpt([leaf], Position(0, start), Position(0, end))
    else:
        yield leaf


def _pieces_of_table(leaf: Leaf) -> Iterator[Leaf]:
    table = leaf.table
    assert table is not None
    head, rows = (table.rows[:1], table.rows[1:]) if table.has_header else ((), table.rows)
    containers = leaf.containers
    start, letters = 0, 0
    for at, row in enumerate(rows):
        cost = _cost_of_row(row)
        if at > start and letters + cost > LETTERS:
            yield Leaf(leaf.kind, containers=containers, table=replace(table, rows=(*head, *rows[start:at])))
            containers, start, letters = without_markers(containers), at, 0
        letters += cost
    yield Leaf(leaf.kind, containers=containers, table=replace(table, rows=(*head, *rows[start:])))


def _cost_of(leaf: Leaf) -> int:
    if leaf.table is not None:
        return sum(map(_cost_of_row, leaf.table.rows))
    if leaf.kind is LeafKind.FORMULA:
        return _FORMULA
    return len(leaf.text) + _cost_of_spans(leaf.spans)


def _cost_of_row(row: Sequence[Cell]) -> int:
    return sum(len(cell.text) + _CELL + _cost_of_spans(cell.spans) for cell in row)


def _cost_of_spans(spans: Sequence[Span]) -> int:
    return sum(_FORMULA if span.style & Style.FORMULA else _SPAN for span in spans)
