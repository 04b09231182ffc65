"""The quotes and lists that are open at the end of a Markdown text, outermost first.

Knows which of them a line is still in, and gives each block its place with the markers of the items that begin
there. What else a line means is `block_parser`'s business.
"""

from __future__ import annotations

import copy
import functools
from dataclasses import dataclass

from desktop.rendering.markdown.block_rules import ListMarker, task_state
from desktop.rendering.markdown.line_cursor import CODE_INDENT, LineCursor
from desktop.rendering.text.leaves import Container, ContainerKind

_QUOTE = Container(ContainerKind.QUOTE)
_ITEM = Container(ContainerKind.ITEM)


@functools.lru_cache(maxsize=1024)
def _marked(marker: str) -> Container:
    """Return the same object for each item with this marker: a long list has thousands."""
    return Container(ContainerKind.ITEM, marker)


@dataclass(slots=True)
class BlockPosition:
    """Position of a block: the quotes and items around it and its range of the source."""

    containers: tuple[Container, ...]
    start: int
    end: int

    @property
    def source(self) -> tuple[int, int]:
        return (self.start, self.end)


@dataclass(slots=True)
class Quote:
    """Quote that is open."""


@dataclass(slots=True)
class List:
    """List that is open: what its items share, and the number of the next."""

    kind: str
    next_number: int


@dataclass(slots=True)
class Item:
    """Item that is open, whose lines are indented by `indent` columns. `marker` waits for the first block in it."""

    indent: int
    marker: str
    start: int
    end: int
    is_empty: bool = True


class OpenContainers:
    """Stack of containers; a list stands below its open item, or alone when its last item has ended."""

    def __init__(self) -> None:
        self._stack: list[Quote | List | Item] = []
        self._taken: list[tuple[int, str]] = []  # markers that the last place took: where in the stack, and which

    def __len__(self) -> int:
        return len(self._stack)

    def clone(self) -> OpenContainers:
        other = OpenContainers()
        other._stack = [copy.copy(entry) for entry in self._stack]
        other._taken = self._taken.copy()
        return other

    def match(self, line: LineCursor) -> int:
        """Move over the markers of what is open; return how many entries of the stack the line is in."""
        for index, entry in enumerate(self._stack):
            match entry:
                case Quote():
                    if line.indent >= CODE_INDENT or line.peek != ">":
                        return index
                    line.skip_marker(1)
                    line.skip_columns(1)
                case Item():
                    if line.is_blank and entry.is_empty:
                        return index
                    if line.indent >= entry.indent:
                        line.skip_columns(entry.indent)
                    elif line.is_blank:
                        line.skip_to_next()
                    else:
                        return index
                case List():
                    pass
        return len(self._stack)

    def open_quote(self, line: LineCursor) -> None:
        """Open a quote, whose marker comes next."""
        self.leave_list()
        line.skip_marker(1)
        line.skip_columns(1)
        self._push(Quote())

    def open_item(self, line: LineCursor, marker: ListMarker, start: int, end: int) -> None:
        """Open an item with this marker, which comes next: in the open list if it is of its kind, else in a new one."""
        before = line.indent
        line.skip_marker(marker.length)
        spaces = line.indent
        if line.is_blank or not 1 <= spaces <= CODE_INDENT:
            spaces = 1  # what is indented further is code in the item
        line.skip_columns(spaces)
        top = self._stack[-1] if self._stack else None
        if isinstance(top, List) and top.kind == marker.kind:
            own_list = top
        else:
            self.leave_list()
            own_list = List(marker.kind, marker.number)
            self._push(own_list)
        text = f"{own_list.next_number}{marker.kind}" if marker.is_ordered else "•"
        own_list.next_number += 1
        is_done = task_state(line.content) if line.indent < CODE_INDENT else None
        if is_done is not None:
            line.skip_marker(3)
            line.skip_to_next()
            box = "☑" if is_done else "☐"
            text = f"{text} {box}" if marker.is_ordered else box
        indent = before + marker.length + spaces
        self._push(Item(indent, text, start, end, is_empty=is_done is None))

    def open_footnote(self, line: LineCursor, length: int, marker: str, start: int, end: int) -> None:
        """Open a note, whose mark of this length comes next, as an item."""
        self.leave_list()
        line.skip_marker(length)
        line.skip_to_next()
        self._push(Item(CODE_INDENT, marker, start, end))

    def extend_line(self, end: int, by: int) -> None:
        """Continue the line that ended at `end` in the source, and so the items that begin in it."""
        for entry in reversed(self._stack):
            if isinstance(entry, Item):
                if entry.end != end:
                    return
                entry.end += by

    def leave_list(self) -> None:
        """Leave the list whose last item has ended: what comes is no item."""
        if self._stack and isinstance(self._stack[-1], List):
            self._stack.pop()

    def place(self, start: int, end: int) -> BlockPosition:
        """Return the position of a block that begins now; it takes the markers that no block has yet."""
        self._fill_item()
        self._taken.clear()
        containers: list[Container] = []
        for index, entry in enumerate(self._stack):
            match entry:
                case Quote():
                    containers.append(_QUOTE)
                case Item() if entry.marker:
                    containers.append(_marked(entry.marker))
                    self._taken.append((index, entry.marker))
                    entry.marker = ""
                case Item():
                    containers.append(_ITEM)
                case List():
                    pass
        return BlockPosition(tuple(containers), start, end)

    def give_back_markers(self) -> None:
        """Give back the markers of a block that turned out to be nothing."""
        for index, marker in self._taken:
            entry = self._stack[index]
            if isinstance(entry, Item):
                entry.marker = marker
        self._taken.clear()

    def pop(self) -> BlockPosition | None:
        """Close the innermost; return the position of its marker, if it is an item in which no block took it."""
        top = self._stack[-1]
        place = self.place(top.start, top.end) if isinstance(top, Item) and top.marker else None
        self._stack.pop()
        return place

    def _push(self, entry: Quote | List | Item) -> None:
        self._fill_item()
        self._stack.append(entry)

    def _fill_item(self) -> None:
        if self._stack and isinstance(top := self._stack[-1], Item):
            top.is_empty = False
