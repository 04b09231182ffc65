"""The places that the evidence pane walks through for a thing: its own, or those of the numbers it is computed from.

What is the user's own stands in their message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from desktop.core.claims.finding import figures_in
from desktop.core.documents.surroundings import by_section
from desktop.core.evidence.checked import Checked, Evidence, SourcePlace, Verdict

_SIGNS = re.compile(r"\s*[=+×÷*/]\s*|\s+[−–-]\s+")
_SMALL = re.compile(r"\d{1,2}")
_MOST = 50


def places_of(thing: Checked, evidence: Evidence) -> tuple[SourcePlace, ...]:
    """Return the places of a thing, in order; none where it stands nowhere and is not computed."""
    if thing.verdict is Verdict.FROM_QUESTION:
        return (_in_question(thing.text, evidence) or SourcePlace(len(evidence.sources), 0, 0),)
    if thing.places or thing.calculation is None:
        return tuple(piece for place in thing.places for piece in _by_section(place, evidence))
    found: list[SourcePlace] = []
    operands = [operand.strip("() ") for operand in _SIGNS.split(thing.calculation.shown)[:_MOST]]
    # A factor such as 2 or 12 stands anywhere.
    for operand in [each for each in operands if not _SMALL.fullmatch(each)] or operands:
        place = _place_of(operand, evidence)
        if place is not None and place not in found:
            found.append(place)
    return tuple(found)


def _by_section(place: SourcePlace, evidence: Evidence) -> Iterator[SourcePlace]:
    """Yield a place page by page."""
    source = evidence.source_of(place)
    for start, end in by_section(source.text, source.anchors, place.start, place.end):
        yield replace(place, start=start, end=end)


def _place_of(operand: str, evidence: Evidence) -> SourcePlace | None:
    """Return where a number of a calculation stands: as the answer's own thing, or as it is written."""
    for each in evidence.checked:
        if each.text == operand and each.places:
            return each.places[0]
    if not operand:
        return None
    whole = re.compile(rf"(?<![\w.,]){re.escape(operand)}(?![\w]|[.,]\d)")
    for index, source in enumerate(evidence.sources):
        if match := whole.search(source.text):
            return SourcePlace(index, match.start(), match.end())
    return _in_question(operand, evidence)


def _in_question(words: str, evidence: Evidence) -> SourcePlace | None:
    """Return where the user's own message has these words, or the same figure written otherwise."""
    start, end = evidence.question.find(words), len(words)
    if start < 0:
        values = {value for figure in figures_in(words, ".") for value in figure.values}
        said = figures_in(evidence.question, ".") if values else []
        same = next((each for each in said if not values.isdisjoint(each.values)), None)
        start, end = (same.start, same.end - same.start) if same is not None else (-1, 0)
    return SourcePlace(len(evidence.sources), start, start + end) if start >= 0 else None
