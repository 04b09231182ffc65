"""Comparison of what a thing is attached to in the answer and in the files.

Each value of its kind that stands in the files is as close to it as the words beside both are alike. Where another
value is closer than its own places, it is in doubt; where that one is in the very row and column, or behind the very
label, that the answer names, the file says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from desktop.core.claims.claim import Finding, Kind
from desktop.core.claims.dates import may_be_same
from desktop.core.claims.numbers import are_of_one_kind, decimal_of
from desktop.core.evidence.checked import Instead
from desktop.core.evidence.given import Given, Standing, bare
from desktop.core.evidence.passages import Context, Passage
from desktop.core.evidence.words import word_set, words_in
from desktop.core.text.scripts import HAN, has_han

_SAID = 0.5  # closeness from which on the answer says a word of the very thing
_WHOLE_LABEL = 0.1  # what it counts that all of a label is said
_OTHER_FILE = 1.0
_SURE = 0.75  # closeness from which on a value is shown as the one that the file gives
_RIVALS, _MOST_PLACES, _MOST_BESIDE = 40, 100, 20
_FAR_APART = 60  # times
_TELLING = 3  # digits of a number that hardly stands in a row by chance
_COUNTS = frozenset(("", "person", "th"))
_YEAR = re.compile(r"(?:19|20)\d\d")
_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[a-z]")
_FIRM = re.compile(r"\b(?:ltd|gmbh|ag|plc|inc|university|company|group|bank)\b|公司|大学|银行|集团|医院|学院")
_PERSON = re.compile(r"(?:[A-Z][\w'’-]*\.? ){1,3}(?:(?:van|von|de[rn]?|la|al) ){0,2}[A-Z][\w'’-]{2,}")
_WORD = re.compile(rf"[{HAN}]+|[^\W_]+(?:[-'’][^\W_]+)*")
_INTO = re.compile(r"[^.;,\d\n\t，。；]*(?:\b(?:to|into|instead of|after|from)\b|[至到为]|→|->)[^.;,\d\n\t，。；]*")
_LONGEST_LABEL, _BEFORE = 40, 300
_NUMBERING = re.compile(r"^\s*(?:第\S{1,6}[条章节款]|(?:[A-Za-z§]+ ?)?\d+(?:\.\d+)*[.)]?)\s+")


@dataclass(frozen=True, slots=True)
class Said:
    """Thing of the answer, with the words that it is attached to, and those of its passage by kind and value.

    `source`: the file that the words name, among several.
    """

    finding: Finding
    context: Context
    passage: Passage
    text: str
    beside: Mapping[tuple[Kind, str], Sequence[Said]] = field(default_factory=dict)
    source: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Places of a thing, the closest first, and by how much another value, `rival`, is closer to the answer's words."""

    places: tuple[Standing, ...] = ()
    closeness: float = 0.0
    rival: Standing | None = None
    lead: float = 0.0
    coverage: float = 0.0  # of the answer's nearest words, how much stands beside the other value as well
    is_rival_in_same_cell: bool = False
    instead: Instead | None = None
    stands_as: str = ""


def match(said: Said, standing: Sequence[Standing], given: Given, near: Mapping[tuple[int, int], float]) -> Match:
    """Return how a thing is attached to the sources; `standing`: where it stands, `near` as `Given.nearness` has it."""
    scores = {id(each): _closeness(said, each, given) for each in standing}
    own = sorted(standing, key=lambda each: -scores[id(each)])[:_MOST_PLACES]
    best = own[0] if own else None
    closeness = scores[id(best)] if best is not None else 0.0
    rivals = [
        each
        for each in given.nearest(near, said.finding.kind)[:_RIVALS]
        if id(each) not in scores
        and said.source in (None, each.source)
        and _are_comparable(said.finding, best, each)
        and not _are_ends(best, each, given)
    ]
    rival, score = None, 0.0
    for each in rivals:
        its = _closeness(said, each, given)
        if its > score and not _belongs_to_another(said, each, its, given):
            rival, score = each, its
    if rival is None:
        return Match(tuple(own), closeness)
    is_same = _is_in_same_cell(said, rival, best, given)
    instead = (
        _instead(said, rival, best, given) if score >= _SURE or is_same or is_slip(said.finding, rival.thing) else None
    )
    stands_as = _label(best, said.context, given) if best is not None else ""
    coverage = _coverage(said, rival, given)
    return Match(tuple(own), closeness, rival, score - closeness, coverage, is_same, instead, stands_as)


def _coverage(said: Said, rival: Standing, given: Given) -> float:
    words = {
        word: given.rarity(word)
        for word, weight in said.context.words.items()
        if weight >= _SAID and word[0] not in "=#"
    }
    shared = sum(rarity for word, rarity in words.items() if rival.context.words.get(word, 0.0) >= _SAID)
    return shared / sum(words.values()) if shared else 0.0


def _closeness(said: Said, each: Standing, given: Given) -> float:
    """Return how much of what a thing is attached to in the answer stands beside one in a file."""
    stands, says = each.context.words, said.context.words
    score = sum(given.rarity(word) * weight * stands[word] for word, weight in says.items() if word in stands)
    for label in each.context.labels:
        score += _WHOLE_LABEL * (bool(label) and all(says.get(word, 0.0) >= _SAID for word in label))
    return score - (_OTHER_FILE if said.source is not None and each.source != said.source else 0.0)


def _belongs_to_another(said: Said, rival: Standing, score: float, given: Given) -> bool:
    """Return True if the answer names the other value itself, beside words that suit it as well."""
    others = (each for value in bare(rival.thing) for each in said.beside.get((rival.thing.kind, value), ()))
    return any(_closeness(other, rival, given) >= score for other in islice(others, _MOST_BESIDE))


def _are_ends(one: Standing | None, other: Standing, given: Given) -> bool:
    """Return True for two values in a file that change into each other: from 62 % to 88 %."""
    if one is None or one.passage is not other.passage:
        return False
    first, last = sorted((one.thing, other.thing), key=lambda each: each.start)
    text = given.indexes[one.source].visible
    return last.start - first.end <= _LONGEST_LABEL and _INTO.fullmatch(text, first.end, last.start) is not None


def _are_comparable(one: Finding, own: Standing | None, other: Standing) -> bool:
    """Return True if two things of different values can be said of the same."""
    rival = other.thing
    if one.kind is not rival.kind or set(bare(one)) & set(bare(rival)):
        return False
    match one.kind:
        case Kind.NUMBER:
            unit = one.unit or (own.thing.unit if own is not None else "")
            is_year, its_year = (each.unit == "" and _YEAR.fullmatch(each.value) is not None for each in (one, rival))
            return is_year == its_year and _count_alike(unit, rival.unit) and not _are_far_apart(one, rival)
        case Kind.DATE:
            # A day, a month or a time of day.
            is_alike = (":" in one.value, one.value[-1] == "?") == (":" in rival.value, rival.value[-1] == "?")
            return is_alike and not may_be_same(one.value, rival.value)
        case Kind.IDENTIFIER:
            return _form_of(one.value) == _form_of(rival.value)
        case Kind.ADDRESS:
            return ("@" in one.value) == ("@" in rival.value)
        case Kind.NAME if one.value in rival.value or rival.value in one.value:
            return False
        case Kind.NAME:
            if own is not None and own.context.column is not None and own.context.column == other.context.column:
                return True
            kind = _kind_of(one)
            return bool(kind) and kind == _kind_of(rival) and has_han(one.text) == has_han(rival.text)
        case _:
            return False


def _count_alike(one: str, other: str) -> bool:
    return are_of_one_kind(one, other) or (one in _COUNTS and other in _COUNTS)


def _are_far_apart(one: Finding, other: Finding) -> bool:
    """Return True if one of two numbers is so much larger that both cannot be said of the same."""
    a, b = decimal_of(one), decimal_of(other)
    if a is None or b is None:
        return False
    small, large = min(abs(a), abs(b)), max(abs(a), abs(b))
    if not (one.unit or other.unit) and (small == int(small)) != (large == int(large)):
        return True  # one is counted, the other measured
    return one.unit == other.unit and large > _FAR_APART * max(small, Decimal(1))


def _form_of(identifier: str) -> str:
    return _LETTER.sub("a", _DIGIT.sub("0", identifier))


def _kind_of(name: Finding) -> str:
    """Return whether a name has the form of a firm's or a person's; empty where it has neither."""
    if _FIRM.search(name.text.lower()):
        return "firm"
    is_person = len(name.text) <= 4 if has_han(name.text) else _PERSON.fullmatch(name.text) is not None
    return "person" if is_person else ""


def _is_in_same_cell(said: Said, rival: Standing, own: Standing | None, given: Given) -> bool:
    """Return True if another value stands in the row and the column, or behind the label, that the answer names."""
    mine, theirs = said.context, rival.context
    if rival.passage.cells:
        labels = [label for label in theirs.labels if label]
        is_said = len(labels) == 2 and all(_has(mine, label) for label in labels)
        is_number = said.finding.kind is Kind.NUMBER and len(said.finding.value) >= _TELLING
        if is_number and own is not None and own.context.column == theirs.column is not None:
            is_said = bool(labels) and _has(mine, labels[0])  # of one column, so that only the rows differ
        return is_said and (own is None or not all(_has(own.context, label) for label in labels))
    is_line = said.passage.label is not None and not said.passage.cells
    label = mine.labels[0] if is_line and mine.labels else frozenset()
    return bool(label) and label in _labels(rival, given) and (own is None or label not in _labels(own, given))


def _labels(each: Standing, given: Given) -> list[frozenset[str]]:
    """Return what the line of a figure is called, and the heading above it."""
    if each.passage.heading is None:
        return each.context.labels
    heading = _NUMBERING.sub("", given.indexes[each.source].visible[slice(*each.passage.heading)])
    return [*each.context.labels, frozenset(word_set(heading))]


def _has(context: Context, label: frozenset[str]) -> bool:
    return all(context.words.get(word, 0.0) >= _SAID for word in label)


def is_slip(one: Finding, other: Finding) -> bool:
    """Return True for what is another one but for one digit, or two that changed places."""
    a, b = (re.sub(r"\W", "", each.value) for each in (one, other))
    if a.rstrip("0") == b.rstrip("0") or min(len(each.rstrip("0")) for each in (a, b)) < _TELLING:
        return False
    if len(a) == len(b):
        apart = [at for at, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        return len(apart) == 1 or (len(apart) == 2 and sorted(a) == sorted(b))
    short, long = sorted((a, b), key=len)
    return len(short) > _TELLING and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _instead(said: Said, rival: Standing, own: Standing | None, given: Given) -> Instead:
    """Return another value with what the answer calls it, as far as that does not hold for its own place."""
    without = own.context.words if own is not None else {}
    shared = {
        word
        for word, weight in said.context.words.items()
        if weight >= _SAID and rival.context.words.get(word, 0.0) > without.get(word, 0.0)
    }
    place = given.indexes[rival.source].place(rival.thing.start, rival.thing.end)
    return Instead(rival.thing.text, _as_written(said, shared), place)


def _as_written(said: Said, words: set[str]) -> str:
    """Return the stretch of the answer that has these words, as it is written there; empty where it is long."""
    start = said.finding.start
    spans = [said.context.row, said.context.column, (max(said.passage.start, start - _BEFORE), start)]
    for start, end in (span for span in spans if span is not None):
        found = [place for place, word in words_in(said.text, start, end) if word in words]
        if found:
            last = _WORD.match(said.text, found[-1])
            label = said.text[found[0] : last.end() if last else end]
            if len(label) <= _LONGEST_LABEL and "\n" not in label and "\t" not in label:
                return label.strip(" :：*")
    return ""


def _label(own: Standing, context: Context, given: Given) -> str:
    """Return what a thing is called in its file, as far as the answer does not call it so."""
    text = given.indexes[own.source].visible
    for span in (own.context.row, own.context.column):
        if span is not None and any(word not in context.words for _, word in words_in(text, *span)):
            return " ".join(text[span[0] : span[1]].split()).strip(" :：*")[:_LONGEST_LABEL]
    if own.passage.heading is None or own.passage.cells:
        return ""
    return _NUMBERING.sub("", text[slice(*own.passage.heading)])[:_LONGEST_LABEL].strip()
