"""A text as it is read aloud to a text field: what is shown, without the signs of Markdown.

For copying. The cells of a table are set apart by tabs, so that a spreadsheet takes them; code is the code alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop.rendering.text.leaves import ContainerKind, Leaf, LeafKind
from desktop.rendering.text.shown_text import END, START, Position, chosen, leaf_text

_INDENT = "  "


def plain_text(leaves: Sequence[Leaf], start: Position = START, end: Position = END) -> str:
    """Return the leaves as plain text: a blank line between blocks, one line break between the items of a list."""
    pieces: list[str] = []
    previous: Leaf | None = None
    for _, leaf, a, b in chosen(leaves, start, end):
        if leaf.kind is LeafKind.RULE:
            continue
        if previous is not None:
            pieces.append(_between(previous, leaf))
        text = leaf_text(leaf)[a:b].removesuffix("\n")
        if leaf.kind is LeafKind.FORMULA:
            text = f"$${text}$$"  # as formulas in a line keep their signs: without them it is not known for one
        pieces.append(text if a or leaf.joint is not None else _with_markers(leaf, text))
        previous = leaf
    return "".join(pieces)


def _between(before: Leaf, leaf: Leaf) -> str:
    if leaf.joint is not None:
        return leaf.joint
    return "\n" if _begins_item(leaf) and before.containers else "\n\n"


def _begins_item(leaf: Leaf) -> bool:
    return any(container.marker for container in leaf.containers)


def _with_markers(leaf: Leaf, text: str) -> str:
    """Return the text with the markers of the items that begin here, and the others' indents before every line."""
    items = [container for container in leaf.containers if container.kind is ContainerKind.ITEM]
    if not items:
        return text
    later = "".join(" " * (len(item.marker) + 1) if item.marker else _INDENT for item in items)
    first = "".join(f"{item.marker} " if item.marker else _INDENT for item in items)
    return first + text.replace("\n", f"\n{later}")
