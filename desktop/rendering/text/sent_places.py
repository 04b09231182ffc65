"""A place in a text that was sent, among the leaves that show it and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.rendering.text.leaves import Leaf, LeafKind
from desktop.rendering.text.sent_text import leaves_of_sent


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
