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


def next_target(leaves: Sequence[Leaf], target: Target | None = None) -> Target | None:
    """Return the target after this one, which may be there no longer, or the first. None where there is no more."""
    at = (target.index, target.start) if target is not None else (0, -1)
    below = (each for index in range(at[0], len(leaves)) for each in _targets_of(index, leaves[index]))
    return next((each for each in below if (each.index, each.start) > at), None)


def target_before(leaves: Sequence[Leaf], target: Target | None = None) -> Target | None:
    """Return the target before this one, or the last. None where there is none."""
    at = (target.index, target.start) if target is not None else (len(leaves), 0)
    indices = range(min(at[0], len(leaves) - 1), -1, -1)
    above = (each for index in indices for each in reversed(list(_targets_of(index, leaves[index]))))
    return next((each for each in above if (each.index, each.start) < at), None)


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
    else:
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
