"""Targets in a text that the keyboard can stop at and press: its links, and the Copy of its code blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desktop.rendering.text.leaves import Leaf, LeafKind, Span


@dataclass(frozen=True, slots=True)
class Target:
    """Target of the keyboard at `start` to `end` of the shown text of the leaf `index`.

    A link to `href`, or else code that Copy copies.
    """

    index: int
    start: int = 0
    end: int = 0
    href: str = ""


def first_target(leaves: Sequence[Leaf]) -> Target | None:
    """Return the first of a text. None where there is nothing to press."""
    return next((each for index in range(len(leaves)) for each in _targets_of(index, leaves[index])), None)


def last_target(leaves: Sequence[Leaf]) -> Target | None:
    """Return the last of a text."""
    return target_before(leaves, Target(len(leaves)))


def next_target(leaves: Sequence[Leaf], target: Target) -> Target | None:
    """Return the one after `target`, which may be there no longer. None after the last."""
    below = (each for index in range(target.index, len(leaves)) for each in _targets_of(index, leaves[index]))
    return next((each for each in below if _place(each) > _place(target)), None)


def target_before(leaves: Sequence[Leaf], target: Target) -> Target | None:
    """Return the one before `target`. None before the first."""
    indices = range(min(target.index, len(leaves) - 1), -1, -1)
    above = (each for index in indices for each in reversed(list(_targets_of(index, leaves[index]))))
    return next((each for each in above if _place(each) < _place(target)), None)


def _place(target: Target) -> tuple[int, int]:
    return target.index, target.start


def _targets_of(index: int, leaf: Leaf) -> Iterator[Target]:
    if leaf.kind is LeafKind.CODE:
        yield Target(index)
    elif leaf.table is not None and leaf.table.is_plain:
        return
    elif leaf.table is not None:
        at = 0
        for row in leaf.table.rows:
            for cell in row:
                yield from _links(index, cell.spans, at)
                at += len(cell.text) + 1
    elif leaf.may_hold_links:
        yield from _links(index, leaf.spans, 0)


def _links(index: int, spans: Sequence[Span], at: int) -> Iterator[Target]:
    """Yield the links of a text; one whose words are partly bold has several spans."""
    link: Target | None = None
    for span in spans:
        if not span.href:
            continue
        start, end = at + span.start, at + span.end
        if link is not None and (link.href, link.end) == (span.href, start):
            link = Target(index, link.start, end, span.href)
            continue
        if link is not None:
            yield link
        link = Target(index, start, end, span.href)
    if link is not None:
        yield link
