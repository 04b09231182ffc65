"""A part of a text: as leaves of its own, each block in one, or as plain text without the signs of Markdown.

In plain text the cells of a table are set apart by tabs, so that a spreadsheet takes them; code is the code alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from desktop.rendering.text.leaves import Cell, Container, ContainerKind, Leaf, LeafKind, Span, Table
from desktop.rendering.text.shown_text import END, START, Position, chosen, leaf_text


def excerpt(leaves: Sequence[Leaf], start: Position = START, end: Position = END) -> list[Leaf]:
    """Return what stands between two positions. A block whose beginning is left out has lost its marker."""
    found: list[list[tuple[str, Leaf]]] = []  # of one block each: what stands before a part, and the part
    for _, leaf, a, b in chosen(leaves, start, end):
        part = _part(leaf, a, b)
        if leaf.joint is not None and found and found[-1][0][1].table is None:
            found[-1].append((leaf.joint, part))
        else:
            found.append([("", part)])
    return [parts[0][1] if len(parts) == 1 else _joined(parts) for parts in found]


def _part(leaf: Leaf, start: int, end: int) -> Leaf:
    table = leaf.table
    if table is not None:
        is_whole = not start and end == len(leaf_text(leaf))
        return leaf if is_whole else _with(leaf, "", (), leaf.containers, _rows(table, start, end))
    if not start and end == len(leaf.text):
        return leaf
    containers = leaf.containers
    if start:
        containers = tuple(Container(each.kind) for each in containers)
    return _with(leaf, leaf.text[start:end], tuple(_cut(leaf.spans, start, end)), containers, None)


def _joined(parts: list[tuple[str, Leaf]]) -> Leaf:
    texts: list[str] = []
    spans: list[Span] = []
    length = 0
    for joint, part in parts:
        by = length + len(joint)
        spans += [replace(span, start=span.start + by, end=span.end + by) for span in part.spans] if by else part.spans
        texts += [joint, part.text]
        length = by + len(part.text)
    first = parts[0][1]
    return _with(first, "".join(texts), tuple(spans), first.containers, None)


def _cut(spans: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    for span in spans:
        a, b = max(span.start, start), min(span.end, end)
        if a < b:
            yield replace(span, start=a - start, end=b - start)


def _rows(table: Table, start: int, end: int) -> Table:
    """Return the rows that are touched, of one row alone the cells; a cell in part has that part."""
    rows: list[tuple[Cell, ...]] = []
    has_header = False
    at = 0
    for index, row in enumerate(table.rows):
        cells: list[Cell | None] = []
        for cell in row:
            a, b = max(start - at, 0), min(end - at, len(cell.text))
            touched = a < b or (start <= at <= end and not cell.text)
            cells.append(Cell(cell.text[a:b], tuple(_cut(cell.spans, a, b))) if touched else None)
            at += len(cell.text) + 1
        if any(cell is not None and cell.text for cell in cells):
            rows.append(tuple(cell or Cell("") for cell in cells))
            has_header = has_header or (index == 0 and table.has_header)
    if len(rows) == 1:
        kept = [place for place, cell in enumerate(rows[0]) if cell.text]
        first, last = kept[0], kept[-1] + 1
        return Table(table.aligns[first:last], [rows[0][first:last]], has_header, table.is_plain)
    return Table(table.aligns, rows, has_header, table.is_plain)


def _with(
    leaf: Leaf, text: str, spans: tuple[Span, ...], containers: tuple[Container, ...], table: Table | None
) -> Leaf:
    return Leaf(leaf.kind, text, spans, containers, leaf.level, leaf.language, table, leaf.source)


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
