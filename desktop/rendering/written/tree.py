"""The blocks of a text with the quotes and lists around them, for formats that write them within each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from desktop.rendering.text.leaves import Container, ContainerKind, Leaf, Span, Style

_NUMBER = re.compile(r"(\d{1,9})[.)]")


@dataclass(slots=True)
class Item:
    """Item of a list, or all of a quote. `sign` stands before its words: a box to tick, the number of a note."""

    sign: str = ""
    blocks: list[Leaf | Group] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """Quote, list, or the text of a footnote; the last two of these have one item. `start`: of a list with numbers."""

    kind: Literal["numbers", "bullets", "quote", "note"]
    items: list[Item]
    start: int = 0

    def goes_on_with(self, other: Group) -> bool:
        """Return True if another one is the next item of this list."""
        is_list = self.kind == other.kind in {"numbers", "bullets"}
        return is_list and (self.kind == "bullets" or other.start == self.start + len(self.items))


def tree(leaves: Sequence[Leaf]) -> list[Leaf | Group]:
    """Return the blocks of a text."""
    whole = Item()
    opened: list[Group] = []  # the quotes and lists around the leaf before
    for leaf in leaves:
        depth = 0
        for container, group in zip(leaf.containers, opened, strict=False):
            if container.marker or (container.kind is ContainerKind.QUOTE) is not (group.kind == "quote"):
                break
            depth += 1
        for at, container in enumerate(leaf.containers[depth:], depth):
            begun = _group(container)
            if at == depth < len(opened) and opened[depth].goes_on_with(begun):
                opened[depth].items += begun.items
                del opened[depth + 1 :]
                continue
            del opened[at:]
            (opened[-1].items[-1] if opened else whole).blocks.append(begun)
            opened.append(begun)
        del opened[len(leaf.containers) :]
        (opened[-1].items[-1] if opened else whole).blocks.append(leaf)
    return whole.blocks


def without_notes(leaves: Sequence[Leaf]) -> tuple[list[Leaf | Group], dict[str, Item]]:
    """Return the blocks of a text without its footnotes, and these by their raised numbers.

    A note that nothing refers to stays in the text: it would not be seen otherwise.
    """
    referred = {mark for leaf in leaves for mark in _references(leaf)}
    text: list[Leaf | Group] = []
    notes: dict[str, Item] = {}
    for block in tree(leaves):
        sign = block.items[0].sign if isinstance(block, Group) and block.kind == "note" else ""
        if isinstance(block, Group) and sign in referred and sign not in notes:
            notes[sign] = block.items[0]
        else:
            text.append(block)
    return text, notes


def _group(container: Container) -> Group:
    marker = container.marker
    if container.kind is ContainerKind.QUOTE:
        return Group("quote", [Item()])
    box = next((box for box in "☐☑" if box in marker), "")
    if found := _NUMBER.match(marker):
        return Group("numbers", [Item(box)], int(found[1]))
    return Group("bullets", [Item(box)]) if box or marker == "•" else Group("note", [Item(marker)])


def _references(leaf: Leaf) -> Iterator[str]:
    if leaf.table is None:
        yield from _marks(leaf.text, leaf.spans)
    for row in leaf.table.rows if leaf.table is not None else ():
        for cell in row:
            yield from _marks(cell.text, cell.spans)


def _marks(text: str, spans: Sequence[Span]) -> Iterator[str]:
    return (text[span.start : span.end] for span in spans if span.style & Style.NOTE)
