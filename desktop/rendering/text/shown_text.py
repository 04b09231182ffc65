"""Places in a text as it is shown, and what stands between two of them: its Markdown, leaves, or plain text.

Offsets count the characters of a leaf's shown text. Whole leaves are copied from the source; of a leaf that is chosen
in part, the emphasis, code and links in the chosen part are written anew. In plain text the cells of a table are set
apart by tabs, so that a spreadsheet takes them; code is the code alone. Targets are what the keyboard can stop at and
press: links, and the Copy of code blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import total_ordering

from desktop.rendering.text.leaves import Cell, Container, ContainerKind, Leaf, LeafKind, Span, Style, Table


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


def excerpt(leaves: Sequence[Leaf], start: Position = START, end: Position = END) -> list[Leaf]:
    """Return what stands between two positions. A block whose beginning is left out has lost its marker."""
    found: list[list[tuple[str, Leaf]]] = []  # of one block each: what stands before a part, and the part
    for _, leaf, a, b in chosen(leaves, start, end):
        part = _leaf_of_part(leaf, a, b)
        if leaf.joint is not None and found and found[-1][0][1].table is None:
            found[-1].append((leaf.joint, part))
        else:
            found.append([("", part)])
    return [parts[0][1] if len(parts) == 1 else _joined(parts) for parts in found]


def _leaf_of_part(leaf: Leaf, start: int, end: int) -> Leaf:
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
