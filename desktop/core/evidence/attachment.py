"""Comparison of what a thing is attached to in the answer and in the files.

A thing that stands in a file is something else there if another value of its kind stands beside the very words that
the answer puts it beside, and none of the places of its own does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop.core.evidence.checked import Instead, ThingKind
from desktop.core.evidence.contexts import Context
from desktop.core.evidence.given import Given, is_same_day, units_agree
from desktop.core.evidence.index import Standing
from desktop.core.evidence.thing import Thing
from desktop.core.evidence.words import words_in
from desktop.core.text.late_regex import late_regex
from desktop.core.text.number_words import CURRENCY_UNITS
from desktop.core.text.scripts import HAN, has_han, is_chinese

# A lead in closeness from which on the other value is meant, and how much may speak for the thing itself.
_LEAD, _AGAINST = 0.3, 0.3
_LEAD_OVER_SAID, _LEAD_OF_NAME, _LEAD_OF_FIRM = 0.55, 0.5, 0.8
_CLOSE, _FROM_AFAR, _WITHIN_PASSAGE = 0.45, 0.3, 0.65
_WHOLE_LABEL, _SAID = 0.4, 0.5
_SAME_STATEMENT = 1.0
_SURE = 0.75  # closeness from which on a value is shown as the one that the file gives
_RIVALS = 12  # things beside the same words that are compared
_MOST_PLACES = 100
# Spans of time, by their order: what takes weeks may be said to take months, but hardly hours.
_SPANS = {"s": 0, "min": 0, "h": 1, "day": 2, "working day": 2, "week": 2, "month": 3, "year": 4}
_HOURS = {"s": 1 / 3600, "min": 1 / 60, "h": 1, "day": 24, "working day": 34, "week": 168, "month": 730, "year": 8766}
_MOST_TIMES_AS_LONG = 8
_MONEY = frozenset((*CURRENCY_UNITS, "p"))
_FIRM = late_regex(
    r"\b(?:ltd|gmbh|ag|plc|inc|llc|ohg|as|systems|university|association|company|group|bank|insurance|& )\b"
    r"|公司|大学|银行|集团|医院|学院"
)
_BETWEEN = r"(?:van|von|de|der|den|la|bin|al)"
_PERSON = late_regex(
    rf"(?:[A-Z][\w'’-]*\.? ){{1,3}}(?:{_BETWEEN} ){{0,2}}[A-Z][\w'’-]+"
    rf"|[A-Z][\w'’-]+ {_BETWEEN} (?:(?:der|den|la) )?[A-Z][\w'’-]+"
)
_YEAR = late_regex(r"(?:19|20)\d\d")
_PLACE = late_regex(
    r"\b(?:sea|street|road|lane|river|lake|bay|gulf|mountains?|valley|island|bridge|square|avenue|city|north|south|east"
    r"|west|republic|kingdom|states|england|wales|hotel|hall|room|house|school|park)\b"
)
_DIGIT, _LETTER = late_regex(r"\d"), late_regex(r"[a-z]")
_PLAIN = late_regex(r"-?\d+(?:\.\d+)?")
_MOST_TIMES = 200
_WORD = late_regex(rf"[{HAN}]+|[^\W_]+(?:[-'’][^\W_]+)*")
_LONGEST_LABEL = 40
_NUMBERING = late_regex(r"^\s*(?:第\S{1,6}[条章节款]|(?:[A-Za-z§]+ ?)?\d+(?:\.\d+)*[.)]?)\s+")


_LEAD_OF = {"person": _LEAD_OF_NAME, "firm": _LEAD_OF_FIRM, "": _LEAD_OF_FIRM}


@dataclass(frozen=True, slots=True)
class Attached:
    """What was found of a thing's attachment: its places, the closest first, and what stands for it instead."""

    places: tuple[Standing, ...] = ()
    is_something_else: bool = False
    stands_as: str = ""
    said_as: str = ""
    instead: Instead | None = None
    rival: Standing | None = None
    counts_alike: bool = False  # the same word stands behind both: parking spaces


@dataclass(frozen=True, slots=True)
class InAnswer:
    """Thing of the answer, with the words that it is attached to, and those beside it in its passage."""

    thing: Thing
    context: Context
    text: str
    neighbours: tuple[InAnswer, ...] = ()


def attached(
    said: InAnswer, standing: Sequence[Standing], given: Given, near: Mapping[tuple[int, int], float]
) -> Attached:
    """Return what a thing is attached to in the sources.

    `standing`: where the same value stands; `near` as `Given.nearness` has it.
    """
    scores = {each: closeness(said.context, each, given) for each in standing}
    own = sorted(standing, key=lambda each: -scores[each])[:_MOST_PLACES]
    is_han = is_chinese(said.text[max(0, said.thing.start - 150) : said.thing.end + 100])
    same = {id(each) for each in standing}
    rivals = [
        each
        for each in given.nearest(near, said.thing.kind)
        if id(each) not in same
        and is_comparable(said.thing, each.thing)
        and (given.indexes[each.source].is_chinese == is_han or each.passage.cells or said.context.row)
    ]
    scores |= {each: closeness(said.context, each, given) for each in rivals}
    least = _LEAD if own else _SURE
    rivals = sorted((each for each in rivals if scores[each] >= least), key=lambda each: -scores[each])[:_RIVALS]
    best: tuple[float, Standing] | None = None
    for rival in rivals:
        lead = _lead(said, own, rival, scores[rival], given)
        if lead is None or (best is not None and lead <= best[0]):
            continue
        if _is_said_beside(said, rival) and lead < _LEAD_OVER_SAID:
            continue
        if not _belongs_to_neighbour(said, rival, scores[rival], given):
            best = lead, rival
    if best is None:
        return Attached(tuple(own))
    rival = best[1]
    counts_alike = _is_like(said, rival, given) or any(
        word.startswith("#") and word in rival.context.words for word in said.context.words
    )
    if not _is_called_alike(said.context, own[0] if own else None, rival, given):
        return Attached(tuple(own), rival=rival, counts_alike=counts_alike)
    instead = written_instead(said, rival, own[0] if own else None, given)
    stands_as = _label(own[0], said.context, given) if own else ""
    return Attached(tuple(own), bool(own), stands_as, instead.label, instead, rival, counts_alike)


def _is_called_alike(said: Context, own: Standing | None, rival: Standing, given: Given) -> bool:
    """Return True if answer and file call the other value by the same label, word for word, and this one otherwise."""
    theirs = _labels(rival, given)
    ours = _labels(own, given) if own is not None else []
    for labels, other in ((said.labels, rival.context), (theirs, said)):
        telling = [
            label
            for label in labels
            if label and label not in ours and not (own is not None and _has(own.context, label))
        ]
        if telling and all(_has(other, label) for label in telling):
            return True
    return False


def _labels(each: Standing, given: Given) -> list[frozenset[str]]:
    """Return what the row, the column or the line of a figure is called; where they have no name, the heading above."""
    labels = [label for label in each.context.labels if label]
    heading = each.passage.heading
    return labels or ([given.indexes[each.source].words_of(*heading)] if heading is not None else [])


def _has(context: Context, label: frozenset[str]) -> bool:
    return all(context.words.get(word, 0.0) >= _SAID for word in label)


def _is_like(said: InAnswer, rival: Standing, given: Given) -> bool:
    """Return True if another plain number stands beside so many of the same words that it must be the one meant."""
    return not rival.thing.unit and closeness(said.context, rival, given) >= _SAME_STATEMENT


def is_comparable(one: Thing, other: Thing) -> bool:
    """Return True if two things of different values can be said of the same."""
    if one.kind is not other.kind or set(one.values) & set(other.values):
        return False
    match one.kind:
        case ThingKind.NUMBER:
            if _is_year(one) != _is_year(other):
                return False
            if _PLAIN.fullmatch(one.value) and _PLAIN.fullmatch(other.value) and _is_far_apart(one, other):
                return False
            if one.unit in _SPANS and other.unit in _SPANS:
                return abs(_SPANS[one.unit] - _SPANS[other.unit]) <= 1 and _are_near_spans(one, other)
            return _class_of(one.unit) == _class_of(other.unit) or (
                not (one.unit and other.unit)
                and "%" not in (one.unit, other.unit)
                and _class_of(one.unit or other.unit) in ("money", "count")
            )
        case ThingKind.DATE:
            return (":" in one.value) == (":" in other.value) and not is_same_day(one.value, other.value)
        case ThingKind.IDENTIFIER:
            return _form_of(one.value) == _form_of(other.value)
        case ThingKind.NAME:
            kind = _kind_of(one)
            return bool(kind) and kind == _kind_of(other) and has_han(one.text) == has_han(other.text)
        case _:
            return False


def _form_of(identifier: str) -> str:
    return _LETTER.sub("a", _DIGIT.sub("0", identifier))


def _are_near_spans(one: Thing, other: Thing) -> bool:
    """Return True if one of two spans of time in different units is not many times as long as the other."""
    if one.unit == other.unit or not (_PLAIN.fullmatch(one.value) and _PLAIN.fullmatch(other.value)):
        return True
    short, long = sorted(abs(float(each.value)) * _HOURS[each.unit] for each in (one, other))
    return long <= _MOST_TIMES_AS_LONG * short


def _is_far_apart(one: Thing, other: Thing) -> bool:
    """Return True if one of two plain numbers is so much larger that both cannot be said of the same."""
    if one.unit and other.unit:
        return False
    small, large = sorted(abs(Decimal(each)) for each in (one.value, other.value))
    return large > _MOST_TIMES * max(small, Decimal(1))


def _is_year(thing: Thing) -> bool:
    return thing.unit == "" and _YEAR.fullmatch(thing.value) is not None


def _class_of(unit: str) -> str:
    if unit in _MONEY:
        return "money"
    return unit if unit not in ("", "person", "th") else "count"


def _kind_of(thing: Thing) -> str:
    """Return whether a name has the form of a firm's or a person's; empty where it has neither."""
    if _FIRM.search(thing.text.lower()):
        return "firm"
    if _PLACE.search(thing.text.lower()):
        return ""
    is_person = len(thing.text) <= 4 if has_han(thing.text) else _PERSON.fullmatch(thing.text) is not None
    return "person" if is_person else ""


def closeness(context: Context, each: Standing, given: Given) -> float:
    """Return how much of what a thing is attached to in the answer stands beside one in a file."""
    stands = each.context.words
    score = sum(given.rarity(word) * weight * stands[word] for word, weight in context.words.items() if word in stands)
    return score + _label_bonus(context, each, given)


def _label_bonus(context: Context, each: Standing, given: Given) -> float:
    """Return what it counts that the answer says all of what a row or column is called."""
    said = context.words
    return sum(
        _WHOLE_LABEL for label in each.context.labels if label and all(said.get(word, 0.0) >= _SAID for word in label)
    )


def _lead(said: InAnswer, own: Sequence[Standing], rival: Standing, score: float, given: Given) -> float | None:
    """Return by how much the words beside a thing speak for another value; None where it is not enough."""
    leads: list[float] = []
    for each in own[:_RIVALS]:
        if not _counts_alike(each, rival):
            return None
        gained, lost = _gain(said.context, each, rival, given)
        least = _LEAD if said.thing.kind is not ThingKind.NAME else _LEAD_OF[_kind_of(said.thing)]
        if gained - lost < least or lost > _AGAINST * gained:
            return None
        leads.append(gained - lost)
    if not own:
        return score if score >= _SURE else None
    return min(leads)


def _counts_alike(own: Standing, rival: Standing) -> bool:
    """Return True if two numbers of a file count the same; in a table a column may name what is counted."""
    one, other = own.thing.unit, rival.thing.unit
    if own.thing.kind is not ThingKind.NUMBER or _class_of(one) == _class_of(other) or {one, other} <= _SPANS.keys():
        return True
    return bool(own.passage.cells or rival.passage.cells) and not (one and other)


def _gain(context: Context, own: Standing, rival: Standing, given: Given) -> tuple[float, float]:
    # Within one passage it is the words of each that count, however often they stand elsewhere.
    least = _WITHIN_PASSAGE if own.passage is rival.passage else 0.0
    bonus = _label_bonus(context, rival, given) - _label_bonus(context, own, given)
    gained, lost = max(0.0, bonus), max(0.0, -bonus)
    theirs, ours = given.leaning(context.words, rival.source), given.leaning(context.words, own.source)
    if rival.source != own.source:
        gained, lost = gained + theirs, lost + ours
    for word, weight in context.words.items():
        if given.tells_source(word):
            continue
        weight *= 1.0 if weight >= _CLOSE else _FROM_AFAR
        mine, others = own.context.words.get(word, 0.0), rival.context.words.get(word, 0.0)
        if mine != others:
            worth = max(least, given.rarity(word)) * weight * (others - mine)
            if worth > 0:
                gained += worth
            else:
                lost -= worth
    return gained, lost


def _is_said_beside(said: InAnswer, rival: Standing) -> bool:
    """Return True if the answer gives the other value for something else in the same passage."""
    return any(
        other.thing.kind is rival.thing.kind and not set(other.thing.values).isdisjoint(rival.thing.values)
        for other in said.neighbours
    )


def _belongs_to_neighbour(said: InAnswer, rival: Standing, score: float, given: Given) -> bool:
    """Return True if the answer names the other value itself, beside words that suit it better."""
    return any(
        other.thing.kind is rival.thing.kind
        and set(other.thing.values) & set(rival.thing.values)
        and units_agree(other.thing, rival.thing)
        and closeness(other.context, rival, given) >= score
        for other in said.neighbours
    )


def written_instead(said: InAnswer, rival: Standing, own: Standing | None, given: Given) -> Instead:
    """Return another value with what the answer calls it, as far as that does not hold for its own place."""
    without = own.context.words if own else {}
    shared = {
        word: weight * rival.context.words[word] * given.rarity(word)
        for word, weight in said.context.words.items()
        if rival.context.words.get(word, 0.0) > without.get(word, 0.0)
    }
    index = given.indexes[rival.source]
    label = _written(said.text, said.thing, shared)
    return Instead(rival.thing.text, label, index.place(rival.thing.start, rival.thing.end))


def _label(own: Standing, context: Context, given: Given) -> str:
    """Return what a thing is called in its file, as far as the answer does not call it so."""
    text = given.indexes[own.source].visible
    for span in (own.context.row, own.context.column):
        if span is not None and any(word not in context.words for _, word in words_in(text, *span)):
            return " ".join(text[span[0] : span[1]].split()).strip(" :：*")[:_LONGEST_LABEL]
    if own.passage.heading is None or own.passage.cells:
        return ""
    return _NUMBERING.sub("", text[slice(*own.passage.heading)])[:_LONGEST_LABEL].strip()


def _written(text: str, thing: Thing, weights: dict[str, float]) -> str:
    """Return the weightiest word near a thing as the text writes it, with the Chinese that it is a part of."""
    if not weights:
        return ""
    best = max(weights.values())
    near = [
        (abs(place - thing.start), place)
        for place, word in words_in(text, max(0, thing.start - 400), min(len(text), thing.end + 200))
        if weights.get(word, 0.0) >= 0.7 * best
    ]
    if not near:
        return ""
    at = min(near)[1]
    for match in _WORD.finditer(text, max(0, at - 12), at + 40):
        if match.start() <= at < match.end():
            return match[0] if not has_han(match[0]) else _phrase(match, at)
    return ""


def _phrase(match: re.Match[str], at: int) -> str:
    words, offset = match[0], at - match.start()
    if len(words) <= 8:
        return words
    return words[max(0, offset - 2) : offset + 4]
