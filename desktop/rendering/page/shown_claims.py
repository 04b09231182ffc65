"""An answer's Markdown as what is shown of it, for comparing; and where a claim stands in a leaf, for marking it.

What claims are is `core.claims`; painting the marks is `marks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from desktop.core.claims.claim import LOOKED_AT, Shown
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.text.leaves import Leaf, LeafKind, Span, Style
from desktop.rendering.text.shown_text import leaf_text

if TYPE_CHECKING:  # answers are looked up in a process that does without Qt
    from desktop.rendering.page.marks import Finder

_LEAF_END = "\n"
# Claims that are marked in one text; beyond that, marks tell nobody anything.
_MOST_MARKED = 400
# A line of so many letters was broken because it was long, and its sentence goes on; a shorter one, as in an address or
# a poem, is over.
_WRAPPED = re.compile(r"(?<=[^\n]{50})\n")
_ADDRESS = re.compile(r"\b[A-Za-z][A-Za-z0-9+.-]*://\S+")


def shown_in(source: str) -> Shown:
    """Return what a reader sees of a Markdown text, up to the length that is compared. May take a while."""
    pieces: list[str] = []
    code: list[tuple[int, int]] = []
    links: list[tuple[int, int, str]] = []
    blocks: list[tuple[int, int]] = []
    at = 0
    for leaf in parse(source[:LOOKED_AT]):
        text = leaf_text(leaf)
        blocks.append((at, leaf.source[0]))
        if leaf.kind in (LeafKind.PARAGRAPH, LeafKind.HEADING):
            text = _WRAPPED.sub(" ", text)
        elif leaf.kind in (LeafKind.CODE, LeafKind.FORMULA):
            code.append((at, at + len(text)))
        for start, span in _spans(leaf):
            place = at + start + span.start, at + start + span.end
            if span.style & (Style.CODE | Style.FORMULA):
                code.append(place)
            elif span.style & Style.LINK and span.href:
                links.append((*place, span.href))
        pieces.append(text)
        at += len(text) + len(_LEAF_END)
    is_whole = len(source) <= LOOKED_AT
    return Shown(_LEAF_END.join(pieces), tuple(code), tuple(links), is_whole, tuple(blocks))


def finder_of(claims: Iterable[str]) -> Finder | None:
    """Return what finds these claims, as they are written, in the text of a leaf; None where there are none."""
    written = sorted({_line(text) for claim in claims for text in claim.split("\n")} - {""}, key=len, reverse=True)
    if not written:
        return None
    pattern = re.compile("|".join(map(_bounded, written[:_MOST_MARKED])))

    def find(text: str) -> Sequence[tuple[int, int]]:
        addresses = [match.span() for match in _ADDRESS.finditer(text)]
        places = [match.span() for match in pattern.finditer(text)]
        # A number in an address is no claim; the address as a whole may be one.
        return [at for at in places if not any(start < at[0] < end for start, end in addresses)]

    return find


def _spans(leaf: Leaf) -> Iterable[tuple[int, Span]]:
    """Yield the spans of a leaf, each with where its text begins in the leaf's."""
    if leaf.table is None:
        yield from ((0, span) for span in leaf.spans)
        return
    at = 0
    for row in leaf.table.rows:
        for cell in row:
            yield from ((at, span) for span in cell.spans)
            at += len(cell.text) + 1  # a tab, or the end of the row


def _line(text: str) -> str:
    return text.strip()


def _bounded(text: str) -> str:
    """Return a pattern for the text, not as a part of a longer word or number; its spaces may be line breaks."""
    before = r"(?<![A-Za-z0-9])(?<!\d[.,])" if text[0].isascii() and text[0].isalnum() else ""
    after = r"(?![A-Za-z0-9]|[.,]\d)" if text[-1].isascii() and text[-1].isalnum() else ""
    return before + re.escape(text).replace(r"\ ", r"\s") + after
