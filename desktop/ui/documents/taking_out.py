"""What is selected in the text of a file, as pieces that are taken out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from desktop.core.documents.selection import Cut, WordsPiece, cut_of
from desktop.rendering.text.sent_text import SentLeaf
from desktop.rendering.text.shown_text import leaf_text
from desktop.ui.text.selection import Range


def cuts_in(leaf_at: Callable[[int], SentLeaf | None], count: int, chosen: Range) -> list[Cut]:
    """Return the cuts that take a range of the text out; `leaf_at` returns one of its `count` leaves."""
    start, end = chosen
    found: list[Cut | None] = []
    for index in range(max(0, start.index), min(end.index, count - 1) + 1):
        leaf = leaf_at(index)
        if leaf is None or not isinstance(leaf.piece, WordsPiece):
            continue
        first = start.offset if index == start.index else 0
        last = end.offset if index == end.index else len(leaf_text(leaf.leaf))
        pieces = _pieces_of_rows(leaf, first, last) if leaf.rows else _piece_of_words(leaf, first, last)
        found += [cut_of(*each) for each in pieces]
    return [each for each in found if each is not None]


def _piece_of_words(leaf: SentLeaf, first: int, last: int) -> Iterator[tuple[WordsPiece, int, int]]:
    assert isinstance(leaf.piece, WordsPiece)
    if first < last:
        yield leaf.piece, leaf.offset + first, leaf.offset + last


def _pieces_of_rows(leaf: SentLeaf, first: int, last: int) -> Iterator[tuple[WordsPiece, int, int]]:
    """Yield the rows that are touched: each piece, and where its rows begin and end in its text."""
    text = leaf_text(leaf.leaf)
    rows = leaf.rows[text.count("\n", 0, first) : text.count("\n", 0, max(first, last - 1)) + 1]
    lines: dict[int, tuple[WordsPiece, list[int]]] = {}
    for piece, line in rows:
        lines.setdefault(id(piece), (piece, []))[1].append(line)
    for piece, numbers in lines.values():
        lengths = [len(each) + 1 for each in piece.text.split("\n")]
        yield piece, sum(lengths[: numbers[0]]), sum(lengths[: numbers[-1] + 1])
