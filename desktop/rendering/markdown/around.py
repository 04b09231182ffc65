"""The surroundings of a place in a text: the word, the whole leaf, the code or table, the formula."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.rendering.markdown.formula_syntax import without_delimiters
from desktop.rendering.text.leaves import Leaf, LeafKind, Span, Style
from desktop.rendering.text.shown_text import Position, leaf_text


def word_around(leaves: Sequence[Leaf], position: Position) -> tuple[Position, Position]:
    """Return the word or the formula around a position, for a double click."""
    if not leaves:
        return position, position
    if leaves[position.index].kind is LeafKind.FORMULA:
        return leaf_around(leaves, position)
    if formula := _formula_at(leaves, position):
        return Position(position.index, formula.start), Position(position.index, formula.end)
    text = leaf_text(leaves[position.index])
    start = end = min(position.offset, len(text))
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return Position(position.index, start), Position(position.index, end)


def leaf_around(leaves: Sequence[Leaf], position: Position) -> tuple[Position, Position]:
    """Return the whole leaf around a position, for a triple click."""
    if not leaves:
        return position, position
    return Position(position.index, 0), Position(position.index, len(leaf_text(leaves[position.index])))


def block_around(leaves: Sequence[Leaf], position: Position) -> Leaf | None:
    """Return the code block or the table at a position; None where there is none."""
    leaf = leaves[position.index] if position.index < len(leaves) else None
    return leaf if leaf is not None and leaf.kind in (LeafKind.CODE, LeafKind.TABLE) else None


def formula_around(leaves: Sequence[Leaf], position: Position) -> str:
    """Return the LaTeX of the formula at a position; empty where there is none."""
    leaf = leaves[position.index] if position.index < len(leaves) else None
    if leaf is not None and leaf.kind is LeafKind.FORMULA:
        return leaf.text
    span = _formula_at(leaves, position)
    return without_delimiters(leaf.text[span.start : span.end])[0] if leaf is not None and span is not None else ""


def _formula_at(leaves: Sequence[Leaf], position: Position) -> Span | None:
    """Return the formula in a line of text that a position is in or beside."""
    leaf = leaves[position.index] if position.index < len(leaves) else None
    spans = leaf.spans if leaf is not None and leaf.table is None else ()
    formulas = (span for span in spans if span.style & Style.FORMULA)
    return next((span for span in formulas if span.start <= position.offset <= span.end), None)
