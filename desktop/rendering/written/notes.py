"""Footnotes taken out of a text, for formats that have a place of their own for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desktop.rendering.text.leaves import Cell, Container, ContainerKind, Leaf, Span, Style

_RAISED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote: what it says, without its number."""

    leaves: tuple[Leaf, ...]


def taken_apart(leaves: Sequence[Leaf]) -> tuple[list[Leaf], dict[str, Footnote]]:
    """Return the text without its footnotes, and these by their raised numbers.

    A note that nothing refers to stays in the text: it would not be seen otherwise.
    """
    referred = {mark for leaf in leaves for mark in _references(leaf)}
    text: list[Leaf] = []
    notes: dict[str, Footnote] = {}
    mark = ""  # of the note that is being read
    for leaf in leaves:
        own = leaf.containers[0].marker if leaf.containers else ""
        if own and _RAISED.issuperset(own):
            mark = own if own in referred and own not in notes else ""
        elif own or not leaf.containers or leaf.containers[0].kind is ContainerKind.QUOTE:
            mark = ""
        if mark:
            had = notes[mark].leaves if mark in notes else ()
            notes[mark] = Footnote((*had, _without_outer(leaf)))
        else:
            text.append(leaf)
    return text, notes


def _without_outer(leaf: Leaf) -> Leaf:
    containers: tuple[Container, ...] = leaf.containers[1:]
    return Leaf(leaf.kind, leaf.text, leaf.spans, containers, leaf.level, leaf.language, leaf.table, leaf.source)


def _references(leaf: Leaf) -> Iterator[str]:
    if leaf.table is None:
        yield from _marks(leaf.text, leaf.spans)
        return
    cells: Iterator[Cell] = (cell for row in leaf.table.rows for cell in row)
    for cell in cells:
        yield from _marks(cell.text, cell.spans)


def _marks(text: str, spans: Sequence[Span]) -> Iterator[str]:
    return (text[span.start : span.end] for span in spans if span.style & Style.NOTE)
