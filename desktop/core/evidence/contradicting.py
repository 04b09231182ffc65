"""Files that contradict each other: what another file gives for the very thing that an answer takes from one of them.

The answer's value stands where it says, so this makes no verdict; the reader is shown both. Nothing is told where the
answer names the other value itself, or says which of the files it speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desktop.core.evidence.attachment import InAnswer, closeness, is_comparable, written_instead
from desktop.core.evidence.checked import Instead
from desktop.core.evidence.given import Given
from desktop.core.evidence.index import Standing

_SURE = 0.75  # closeness to the answer's words from which on a value is taken to be of the same thing
_SHARE = 0.9  # of the closeness of the answer's own value


def said_otherwise(
    said: InAnswer,
    standing: Sequence[Standing],
    given: Given,
    near: Mapping[tuple[int, int], float],
    mentioned: frozenset[str],
) -> Instead | None:
    """Return what another file gives for what is said; None where no other file does.

    `standing`: where the answer's value stands; `near` as `Given.nearness` has it; `mentioned`: all values that the
    answer names.
    """
    if len(given.indexes) < 2 or not standing:
        return None
    having = {each.source for each in standing}
    own = max(standing, key=lambda each: closeness(said.context, each, given))
    least = max(_SURE, _SHARE * closeness(said.context, own, given))
    others = [
        each
        for each in given.nearest(near, said.thing.kind)
        if each.source not in having
        and is_comparable(said.thing, each.thing)
        and each.thing.unit == own.thing.unit
        and mentioned.isdisjoint(each.thing.values)
        and given.leaning(said.context.words, own.source) <= given.leaning(said.context.words, each.source)
        and closeness(said.context, each, given) >= least
    ]
    if not others:
        return None
    best = max(others, key=lambda each: closeness(said.context, each, given))
    return written_instead(said, best, None, given)
