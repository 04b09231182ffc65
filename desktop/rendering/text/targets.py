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
    return next((each for index, leaf in enumerate(leaves) for each in _targets_of(index, leaf)), None)


def last_target(leaves: Sequence[Leaf]) -> Target | None:
    """Return the last of a text."""
    return _last_before(leaves, len(leaves))


def next_target(leaves: Sequence[Leaf], target: Target) -> Target | None:
    """Return the one after `target`, which may be there no longer. None after the last."""
    for index in range(target.index, len(leaves)):
        for each in _targets_of(index, leaves[index]):
            if (each.index, each.start) > (target.index, target.start):
                return each
    return None


def target_before(leaves: Sequence[Leaf], target: Target) -> Target | None:
    """Return the one before `target`. None before the first."""
    if target.index < len(leaves):
        here = [each for each in _targets_of(target.index, leaves[target.index]) if each.start < target.start]
        if here:
            return here[-1]
    return _last_before(leaves, min(target.index, len(leaves)))


def _last_before(leaves: Sequence[Leaf], end: int) -> Target | None:
    for index in range(end - 1, -1, -1):
        found = list(_targets_of(index, leaves[index]))
        if found:
            return found[-1]
    return None


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
