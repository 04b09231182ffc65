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

from desktop.rendering.text.leaves import Leaf, LeafKind, Span, Style

# A part is laid out in some milliseconds; links and emphasis are dearer than letters. What is beyond the shorter
# measure cannot settle before the longer one is reached, and is laid out at each flush: they must lie close together.
_LONG = 8_000
_LONGEST = 8_600
_MANY_SPANS = 400
_MOST_SPANS = 430

_CUTS = (
    re.compile(r"\n|(?<=[.!?]) |(?<=[。！？])"),
    re.compile(r" |(?<=[\u2e80-\U0003ffff])(?=[\u2e80-\U0003ffff])"),
)
_LOOK_AHEAD = 2  # characters behind a cut that it depends on
_start_of, _end_of = attrgetter("start"), attrgetter("end")


def split_long(leaf: Leaf, known: Sequence[Leaf] = ()) -> list[Leaf]:
    """Return the leaf itself, or its parts.

    `known` are parts of an earlier form of it; those that have settled are kept.
    """
    if leaf.kind not in (LeafKind.PARAGRAPH, LeafKind.HEADING):
        return [leaf]
    if not _is_long(leaf):
        return [_ready_to_be_cut(leaf)]
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


def _is_long(leaf: Leaf) -> bool:
    # A text that has not been read yet is a short one, and is not read for this.
    return leaf.letters > _LONGEST or (leaf.is_read and len(leaf.spans) > _MOST_SPANS)


def _ready_to_be_cut(leaf: Leaf) -> Leaf:
    """Return a leaf that may become several when it grows: what will then be in others has not settled."""
    if leaf.settled <= _LONG and (leaf.settled <= _MANY_SPANS or len(leaf.spans) <= _MANY_SPANS):
        return leaf
    least = _least_end(leaf, 0) - _LOOK_AHEAD
    return leaf if leaf.settled <= least else leaf.with_settled(least)


def _kept(leaf: Leaf, known: Sequence[Leaf]) -> list[Leaf]:
    """Return the first parts of those known, as long as they have settled, but for the last."""
    if len(known) < 2 or known[0].source[0] != leaf.source[0] or known[1].joint is None:
        return []
    kept: list[Leaf] = []
    for part, following in itertools.pairwise(known):
        if following.joint is None or part.settled < len(part.text) or not part.text:
            break
        kept.append(part)
    return kept


def _next_cut(leaf: Leaf, start: int) -> tuple[int, int] | None:
    """Return where the part that begins at `start` ends, and where the next begins; None for the last one."""
    text, spans = leaf.text, leaf.spans
    first = bisect_right(spans, start, key=_end_of)
    if len(text) - start <= _LONGEST and len(spans) - first <= _MOST_SPANS:
        return None
    least, most = _least_end(leaf, start), start + _LONGEST
    if len(spans) - first > _MOST_SPANS:
        most = min(most, max(least, spans[first + _MOST_SPANS].start))
    for cut in _CUTS:
        if found := cut.search(text, least, most):
            return _outside_formula(leaf, found.start(), found.end())
    return _outside_formula(leaf, most, most)


def _least_end(leaf: Leaf, start: int) -> int:
    """Return where a part that begins at `start` ends at the earliest, if the text reaches so far."""
    many = bisect_right(leaf.spans, start, key=_end_of) + _MANY_SPANS
    return min(start + _LONG, leaf.spans[many].start) if many < len(leaf.spans) else start + _LONG


def _outside_formula(leaf: Leaf, end: int, after: int) -> tuple[int, int]:
    """Return the cut, moved behind a formula or a placeholder that it would tear."""
    index = bisect_left(leaf.spans, end, key=_start_of) - 1
    if index >= 0 and (span := leaf.spans[index]).end > end and span.style & (Style.FORMULA | Style.IMAGE):
        return span.end, span.end
    return end, after


def _part(leaf: Leaf, start: int, end: int, joint: str | None, growing: Leaf | None) -> Leaf:
    containers = leaf.containers
    if joint is not None:
        containers = tuple(replace(container, marker="") for container in containers)
    settled = end - start
    if end + _LOOK_AHEAD > leaf.settled:  # it may be cut shorter when more is known
        settled = max(0, min(end, leaf.settled, _least_end(leaf, start)) - start - _LOOK_AHEAD)
    return Leaf(
        leaf.kind,
        leaf.text[start:end],
        _spans_between(leaf.spans, start, end, growing),
        containers,
        leaf.level,
        source=(leaf.source[0], leaf.source[0]),  # where it ends in the source is not known
        settled=settled,
        joint=joint,
    )


def _spans_between(spans: tuple[Span, ...], start: int, end: int, growing: Leaf | None) -> tuple[Span, ...]:
    """Return the spans of a part, counted from its start.

    Those that have settled in an earlier form of it are taken over.
    """
    first = bisect_right(spans, start, key=_end_of)
    last = bisect_left(spans, end, key=_start_of)
    known: tuple[Span, ...] = ()
    if growing is not None:
        known = growing.spans[: bisect_right(growing.spans, min(growing.settled, end - start), key=_end_of)]
    fresh = spans[first + len(known) : last]
    return known + tuple(
        Span(max(span.start, start) - start, min(span.end, end) - start, span.style, span.href) for span in fresh
    )
