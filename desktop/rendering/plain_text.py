"""A text as it is read aloud to a text field: what is shown, without the signs of Markdown.

For copying. The cells of a table are set apart by tabs, so that a spreadsheet takes them; code is the code alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop.rendering.leaves import ContainerKind, Leaf, LeafKind

_INDENT = "  "


def plain_text(leaves: Sequence[Leaf]) -> str:
    """The leaves as plain text: a blank line between blocks, one line break between the items of a list."""
    pieces: list[str] = []
    previous: Leaf | None = None
    for leaf in leaves:
        if leaf.kind is LeafKind.RULE:
            continue
        if previous is not None:
            pieces.append("\n" if _begins_item(leaf) and previous.containers else "\n\n")
        pieces.append(_with_markers(leaf, _text_of(leaf)))
        previous = leaf
    return "".join(pieces)


def _begins_item(leaf: Leaf) -> bool:
    return any(container.marker for container in leaf.containers)


def _text_of(leaf: Leaf) -> str:
    if leaf.table is None:
        return leaf.text.removesuffix("\n")
    return "\n".join("\t".join(cell.text for cell in row) for row in leaf.table.rows)


def _with_markers(leaf: Leaf, text: str) -> str:
    """The markers of the items that begin here, and the others' indents before every line."""
    items = [container for container in leaf.containers if container.kind is ContainerKind.ITEM]
    if not items:
        return text
    later = "".join(" " * (len(item.marker) + 1) if item.marker else _INDENT for item in items)
    first = "".join(f"{item.marker} " if item.marker else _INDENT for item in items)
    return first + text.replace("\n", f"\n{later}")
