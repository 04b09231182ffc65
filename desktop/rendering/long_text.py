"""A paragraph beyond all measure as several leaves, so that only the part of it in sight is laid out.

Nobody writes ten pages without a paragraph; models that have lost their way do. A part ends with a sentence where there
is one, so that the line which breaks there looks like the end of a paragraph. Where the parts end depends on the text
alone: what has settled while a text grows is cut once.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from desktop.rendering.leaves import Leaf, LeafKind, Span, Style

# A part is laid out in some milliseconds.
_LONG = 8_000
_LONGEST = 12_000

_CUTS = (
    re.compile(r"\n|(?<=[.!?]) |(?<=[。！？])"),
    re.compile(r" |(?<=[\u2e80-\U0003ffff])(?=[\u2e80-\U0003ffff])"),
)
_LOOK_AHEAD = 2  # characters behind a cut that it depends on
_start_of, _end_of = attrgetter("start"), attrgetter("end")


def split_long(leaf: Leaf, known: Sequence[Leaf] = ()) -> list[Leaf]:
    """The leaf itself, or its parts. `known` are parts of an earlier form of it; those that have settled are kept."""
    if leaf.kind not in (LeafKind.PARAGRAPH, LeafKind.HEADING) or leaf.letters <= _LONGEST:
        return [leaf]
    parts = _kept(leaf, known)
    growing = known[len(parts)] if parts else None  # an earlier form of the part that comes next
    joint = growing.joint if growing is not None else None
    start = sum([part.settled + len(part.joint or "") for part in parts], len(joint or ""))
    while True:
        cut = _next_cut(leaf, start)
        end, after = (len(leaf.text), len(leaf.text)) if cut is None else cut
        parts.append(_part(leaf, start, end, joint, growing))
        if cut is None:
            return parts
        joint, start, growing = leaf.text[end:after], after, None


def _kept(leaf: Leaf, known: Sequence[Leaf]) -> list[Leaf]:
    """The first parts of those known, as long as they have settled, but for the last."""
    if len(known) < 2 or known[0].source[0] != leaf.source[0] or known[1].joint is None:
        return []
    kept: list[Leaf] = []
    for part, following in itertools.pairwise(known):
        if following.joint is None or part.settled < len(part.text) or not part.text:
            break
        kept.append(part)
    return kept


def _next_cut(leaf: Leaf, start: int) -> tuple[int, int] | None:
    """Where the part that begins at `start` ends, and where the next begins; None for the last one."""
    text = leaf.text
    if len(text) - start <= _LONGEST:
        return None
    for cut in _CUTS:
        if found := cut.search(text, start + _LONG, start + _LONGEST):
            return _outside_formula(leaf, found.start(), found.end())
    return _outside_formula(leaf, start + _LONGEST, start + _LONGEST)


def _outside_formula(leaf: Leaf, end: int, after: int) -> tuple[int, int]:
    """The cut, moved behind a formula or a placeholder that it would tear."""
    index = bisect_left(leaf.spans, end, key=_start_of) - 1
    if index >= 0 and (span := leaf.spans[index]).end > end and span.style & (Style.FORMULA | Style.IMAGE):
        return span.end, span.end
    return end, after


def _part(leaf: Leaf, start: int, end: int, joint: str | None, growing: Leaf | None) -> Leaf:
    containers = leaf.containers
    if joint is not None:
        containers = tuple(replace(container, marker="") for container in containers)
    is_settled = end + _LOOK_AHEAD <= leaf.settled
    settled = end - start if is_settled else max(0, min(end, leaf.settled) - start - _LOOK_AHEAD)
    return Leaf(
        leaf.kind,
        leaf.text[start:end],
        _spans_between(leaf.spans, start, end, growing),
        containers,
        leaf.level,
        source=leaf.source,
        settled=settled,
        joint=joint,
    )


def _spans_between(spans: tuple[Span, ...], start: int, end: int, growing: Leaf | None) -> tuple[Span, ...]:
    """The spans of a part, counted from its start; those that have settled in an earlier form of it are taken over."""
    first = bisect_right(spans, start, key=_end_of)
    last = bisect_left(spans, end, key=_start_of)
    known: tuple[Span, ...] = ()
    if growing is not None:
        known = growing.spans[: bisect_right(growing.spans, min(growing.settled, end - start), key=_end_of)]
    fresh = spans[first + len(known) : last]
    return known + tuple(
        Span(max(span.start, start) - start, min(span.end, end) - start, span.style, span.href) for span in fresh
    )
