"""Places in a text as it is shown, and the Markdown of what stands between two of them.

Offsets count the characters of a leaf's shown text. Whole leaves are copied from the source; of a leaf that is chosen
in part, the emphasis, code and links in the chosen part are written anew. Without Markdown: see `plain_text`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import total_ordering

from desktop.rendering.text.leaves import Leaf, LeafKind, Span, Style


@total_ordering
@dataclass(frozen=True, slots=True)
class Position:
    """Place in a text: the character `offset` of the leaf `index`."""

    index: int
    offset: int

    def __lt__(self, other: Position) -> bool:
        return (self.index, self.offset) < (other.index, other.offset)


START = Position(-1, 0)
END = Position(1 << 40, 0)
"""Before and after everything, whatever is there, and whatever comes to stand there."""


def leaf_text(leaf: Leaf) -> str:
    """Return the characters of a leaf that offsets count; cells are joined by tabs, rows by line breaks."""
    if leaf.table is not None:
        return "\n".join("\t".join(cell.text for cell in row) for row in leaf.table.rows)
    return leaf.text


def share_above(leaf: Leaf, offset: int) -> float:
    """Return what share of a leaf's height is above a character: by its line in code and tables, else by its place."""
    text = leaf_text(leaf)
    if leaf.kind in (LeafKind.CODE, LeafKind.TABLE):
        return text.count("\n", 0, offset) / (text.count("\n") + 1)
    return offset / max(1, len(text))


def chosen(leaves: Sequence[Leaf], start: Position, end: Position) -> list[tuple[int, Leaf, int, int]]:
    """Return the leaves between two positions: index, leaf, and start and end of what is chosen of its text."""
    found: list[tuple[int, Leaf, int, int]] = []
    for index in range(max(0, start.index), min(end.index, len(leaves) - 1) + 1):
        leaf = leaves[index]
        length = len(leaf_text(leaf))
        a = min(start.offset, length) if index == start.index else 0
        b = min(end.offset, length) if index == end.index else length
        if a < b or (start.index < index < end.index):
            found.append((index, leaf, a, b))
    return found


def markdown_text(leaves: Sequence[Leaf], source: str, start: Position, end: Position) -> str:
    """Return the Markdown of what stands between two positions; `source` is what the leaves were read from."""
    parts = chosen(leaves, start, end)
    pieces: list[str] = []
    whole_from: int | None = None  # where a run of whole leaves begins in the source
    for place, (_, leaf, a, b) in enumerate(parts):
        is_whole = _is_whole(leaves, parts[place])
        if is_whole and whole_from is None:
            whole_from = leaf.source[0]
        goes_on = is_whole and place + 1 < len(parts) and _is_whole(leaves, parts[place + 1])
        if is_whole and not goes_on and whole_from is not None:
            pieces += ["\n\n", source[whole_from : leaf.source[1]].strip("\n")]
            whole_from = None
        elif not is_whole:
            pieces += ["\n\n" if leaf.joint is None else leaf.joint, _part(leaf, a, b)]
    return "".join(pieces[1:])


def _is_whole(leaves: Sequence[Leaf], part: tuple[int, Leaf, int, int]) -> bool:
    """Return True if all of a block is chosen; of one in several leaves it is not looked for."""
    index, leaf, start, end = part
    is_split = leaf.joint is not None or (index + 1 < len(leaves) and leaves[index + 1].joint is not None)
    return start == 0 and end == len(leaf_text(leaf)) and not is_split


def _part(leaf: Leaf, start: int, end: int) -> str:
    """Return a part of one leaf as Markdown."""
    if leaf.kind not in (LeafKind.PARAGRAPH, LeafKind.HEADING):
        return leaf_text(leaf)[start:end]
    pieces: list[str] = []
    position = start
    for span in leaf.spans:
        a, b = max(span.start, start), min(span.end, end)
        if a < b:
            pieces += [leaf.text[position:a], _dressed(leaf.text[a:b], span)]
            position = b
    pieces.append(leaf.text[position:end])
    return "".join(pieces)


def _dressed(text: str, span: Span) -> str:
    style = span.style
    if style & (Style.IMAGE | Style.FORMULA) or not text.strip():
        return text
    if style & Style.CODE:
        fence = "``" if "`" in text else "`"
        text = f"{fence}{text}{fence}"
    for each, sign in ((Style.STRIKE, "~~"), (Style.ITALIC, "*"), (Style.BOLD, "**")):
        if style & each:
            text = f"{sign}{text}{sign}"
    return f"[{text}]({span.href})" if style & Style.LINK and span.href and span.href != text else text
