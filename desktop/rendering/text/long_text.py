"""A plain text beyond all measure in parts, so that only the part of it in sight is laid out.

Nobody writes ten pages without a paragraph; files do. A part ends with a line or a sentence where there is one, so that
the line which breaks there looks like the end of a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from desktop.rendering.text.leaves import Container, Leaf

LONG = 8_000
_REACH = 600  # characters beyond that, within which a good place for the end of a part is looked for

_CUTS = (
    re.compile(r"(?<=[^\s\\])(?: *\n|(?<=[.!?]) )(?=\S)|(?<=[。！？])(?=\S)"),
    re.compile(r"(?<=[^\s\\]) (?=\S)|(?<=[\u2e80-\U0003ffff])(?=[\u2e80-\U0003ffff])"),
)


def cuts(text: str) -> Iterator[tuple[int, int]]:
    """Yield where parts of a text end, and where the next one begins: between them stands white space, or nothing."""
    start = 0
    while len(text) - start > LONG + _REACH:
        least = start + LONG
        found = next((found for cut in _CUTS if (found := cut.search(text, least, least + _REACH))), None)
        end, start = found.span() if found is not None else (least, least)
        yield end, start


def without_markers(containers: tuple[Container, ...]) -> tuple[Container, ...]:
    """Return the containers of a part that is not the first: the markers of items stand at the first alone."""
    return tuple(replace(container, marker="") for container in containers)


def split_long(leaf: Leaf) -> list[Leaf]:
    """Return a leaf of plain text, or its parts; where these end in the source is not known."""
    source = leaf.source[0], leaf.source[0]
    parts: list[Leaf] = []
    start, joint = 0, None
    for end, after in cuts(leaf.text):
        parts.append(leaf.changed(text=leaf.text[start:end], source=source, joint=joint))
        start, joint = after, leaf.text[end:after]
    return [*parts, leaf.changed(text=leaf.text[start:], source=source, joint=joint)] if parts else [leaf]
