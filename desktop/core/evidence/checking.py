"""The check of an answer against what was given: each thing that can be looked up, with what became of it.

By rules alone, without a connection: exactly, then in whatever form it is written, then near. Whether what stands in a
file is true is not judged.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from desktop.core.claims.claim import LOOKED_AT, Shown, blanked
from desktop.core.claims.names import known_names
from desktop.core.claims.numbers import decimal_sign
from desktop.core.evidence.attachment import Attached, InAnswer, attached
from desktop.core.evidence.checked import Checked, Evidence, SourcePlace, ThingKind, Verdict
from desktop.core.evidence.clauses import family_of_column, references_in
from desktop.core.evidence.computing.calculations import formulas_in, multiplied_in
from desktop.core.evidence.computing.reckoning import Reckoning
from desktop.core.evidence.computing.wording import is_position, is_supposed
from desktop.core.evidence.contexts import Context, Contexts
from desktop.core.evidence.contradicting import said_otherwise
from desktop.core.evidence.given import Given
from desktop.core.evidence.passages import Passage, passages_in
from desktop.core.evidence.people import people_in
from desktop.core.evidence.quotations import looked_up
from desktop.core.evidence.referring import Statement, referred, words_of_statement
from desktop.core.evidence.thing import (
    Thing,
    figures_in,
    things_in,
    with_days_of_cells,
    with_unit_above,
)
from desktop.core.evidence.together import Together
from desktop.core.evidence.unknown_names import is_plain, is_unknown
from desktop.core.evidence.words import words_in
from desktop.core.text.late_regex import late_regex
from desktop.core.text.plain_compare import squeezed
from desktop.core.text.scripts import has_han

_SMALL = 12  # numbers up to this, without a unit, are steps and points as often as facts
_SENTENCE_END = late_regex(r"[.!?][”\"’)]{0,2}(?=\s)|[。！？]|\n")
_PART_END = late_regex(r"[.!?][”\"’)]{0,2}(?=\s)|[。！？;；]|\n")
_BARE_NUMBER = late_regex(r"\d{1,3}(?:\.\d{1,3}){0,3}")
_BARE_NUMBERS = late_regex(rf"{_BARE_NUMBER.pattern}(?:\s?(?:[-–—,;、]|to|and|至)\s?{_BARE_NUMBER.pattern}){{0,8}}")
_FEW_WORDS = 2  # before a reference: "On notice, clause 12 says …"
_ONLY_JOINED = late_regex(r"[\s,，、和与及至到–-]*(?:and|or|to)?[\s()（）]*")


def check(answer: Shown, given: Given, question: str = "", earlier: str = "") -> Evidence:
    """Return the evidence for an answer.

    `question` is the user's last message, in their own words, without material; `earlier`: those before it.
    """
    if not given.indexes:
        return Evidence()
    return _Check(answer, given, question, earlier).evidence()


class _Check:
    """One answer, while it is checked."""

    def __init__(self, answer: Shown, given: Given, question: str, earlier: str) -> None:
        self._text = answer.text[:LOOKED_AT]
        self._blocks = answer.blocks
        self._is_whole = answer.is_whole and len(answer.text) <= LOOKED_AT
        self._given = given
        every_word = f"{earlier}\n\n{question}"
        self._question = question
        self._question_at = len(every_word) - len(question)
        decimal = decimal_sign(self._text, every_word)
        self._passages = passages_in(self._text, are_cells_tabbed=True)
        self._starts = [passage.start for passage in self._passages]
        visible = blanked(answer.text, answer.code)[:LOOKED_AT]
        known = known_names(visible).union(*(index.known_names for index in given.indexes))
        references = sorted([*references_in(visible), *self._column_references()], key=lambda each: each.start)
        things = things_in(Shown(self._text, answer.code, answer.links), references, decimal, known)
        self._things = [self._in_column(each) for each in _apart(things, self._people(visible))]
        for passage in self._passages:
            if passage.header:
                self._things = with_days_of_cells(self._text, passage.cells, passage.header, self._things)
        self._said = figures_in(every_word, decimal)  # by the user
        self._mentioned = frozenset(value for thing in self._things for value in thing.values)
        self._squeezed_question, self._squeezed_words = squeezed(question), squeezed(every_word)
        self._operands = {number.start for each in formulas_in(self._text, self._things) for number in each.numbers}
        self._operands |= set(multiplied_in(self._text, self._things))
        self._checked: dict[int, Checked] = {}  # by the place of the thing among all
        self._attached: dict[int, Attached] = {}
        self._near: dict[int, dict[tuple[int, int], float]] = {}

    def evidence(self) -> Evidence:
        """Return what became of each thing."""
        hidden: list[tuple[int, int]] = []  # within quotations, which tell what is in them
        for passage, first, contexts in self._with_contexts():
            beside = tuple(
                InAnswer(thing, context, self._text)
                for thing, context in zip(self._things[first : first + len(contexts)], contexts, strict=True)
            )
            for offset, each in enumerate(beside):
                thing = each.thing
                if thing.kind is ThingKind.REFERENCE or any(start < thing.start < end for start, end in hidden):
                    continue
                said = replace(each, neighbours=(*beside[:offset], *beside[offset + 1 :]))
                checked = self._looked_up(first + offset, said, passage)
                self._checked[first + offset] = checked
                if thing.kind is ThingKind.QUOTATION and checked.verdict is not Verdict.UNCHECKED:
                    hidden.append((thing.start, thing.end))
        Reckoning(
            self._text,
            self._things,
            self._passages,
            self._given,
            self._said,
            self._attached,
            self._near,
            self._checked,
        ).correct()
        Together(self._text, self._things, self._passages, self._given, self._attached).correct(self._checked)
        self._refer(hidden)
        every = tuple(sorted(self._checked.values(), key=lambda each: (each.start, -each.end)))
        sources = tuple(index.source for index in self._given.indexes)
        return Evidence(every, sources, self._is_whole, self._blocks, self._question)

    def _with_contexts(self) -> Iterator[tuple[Passage, int, list[Context]]]:
        starts = [thing.start for thing in self._things]
        for passage in self._passages:
            first, last = bisect_left(starts, passage.start), bisect_left(starts, passage.end)
            if first < last:
                contexts = Contexts(self._text, passage, self._things[first:last])
                yield passage, first, [contexts.of(at) for at in range(last - first)]

    def _column_references(self) -> Iterator[Thing]:
        """Yield the cells of a column of clauses or pages."""
        for passage in self._passages:
            for cell, head in zip(passage.cells, passage.header, strict=False):
                words = self._text[slice(*cell)]
                family = family_of_column(self._text[slice(*head)]) if _BARE_NUMBERS.fullmatch(words) else ""
                for one in _BARE_NUMBER.finditer(words) if family else ():
                    start, end = cell[0] + one.start(), cell[0] + one.end()
                    yield Thing(ThingKind.REFERENCE, one[0], start, end, (one[0],), family)

    def _in_column(self, thing: Thing) -> Thing:
        """Return a number with the unit that stands above its column or its list."""
        at = bisect_right(self._starts, thing.start) - 1
        passage = self._passages[at] if at >= 0 else None
        return with_unit_above(thing, self._text, passage) if passage and thing.end <= passage.end else thing

    def _people(self, visible: str) -> list[Thing]:
        """Return the people that the answer names: by its own words, and those that the files name."""
        names = set(self._given.people()) if has_han(visible) else set()
        found = people_in(visible) if has_han(visible) else []
        if names:
            for match in re.finditer("|".join(map(re.escape, sorted(names, key=len, reverse=True))), visible):
                found.append(Thing(ThingKind.NAME, match[0], match.start(), match.end(), (match[0],)))
        return sorted(found, key=lambda thing: thing.start)

    def _looked_up(self, at: int, said: InAnswer, passage: Passage) -> Checked:
        match said.thing.kind:
            case ThingKind.QUOTATION:
                return self._quotation(said)
            case ThingKind.NUMBER | ThingKind.DATE:
                return self._figure(at, said, passage)
            case ThingKind.NAME:
                return self._name(at, said, passage)
            case ThingKind.IDENTIFIER | ThingKind.ADDRESS | ThingKind.REFERENCE:
                return self._written(said)

    def _quotation(self, said: InAnswer) -> Checked:
        checked = looked_up(said.thing, self._given.indexes)
        if checked.verdict is not Verdict.FOUND and (own := self._verdict_of_own(said.thing.text)):
            return replace(checked, verdict=own, places=(), differences=())
        return checked

    def _figure(self, at: int, said: InAnswer, passage: Passage) -> Checked:
        thing = said.thing
        near = self._near[at] = self._given.nearness(said.context.words)
        in_row = bool(passage.cells) or thing.start in self._operands
        standing = self._given.with_value(thing, near, in_row=in_row)
        found = Attached(tuple(standing))
        if thing.start not in self._operands:  # the words beside those are not theirs
            found = self._attached[at] = attached(said, standing, self._given, near)
        if not standing and (own := self._verdict_of_own_figure(thing)):
            return _checked(thing, own)
        if standing:
            is_accused = found.is_something_else and not is_position(self._text, thing)
            verdict = Verdict.ELSEWHERE if is_accused else Verdict.FOUND
            checked = _checked(thing, verdict, self._places(found), found)
            if verdict is Verdict.FOUND and thing.start not in self._operands:
                return replace(checked, instead=said_otherwise(said, standing, self._given, near, self._mentioned))
            return checked
        if self._given.is_in_name(thing):
            return _checked(thing, Verdict.UNCHECKED)
        if is_position(self._text, thing) or (is_supposed(self._text, thing) and not found.instead):
            return _checked(thing, Verdict.UNCHECKED)
        if _says_little(thing) and not (found.instead and found.counts_alike):
            return _checked(thing, Verdict.UNCHECKED)
        return _checked(thing, Verdict.NOT_FOUND, (), found)

    def _name(self, at: int, said: InAnswer, passage: Passage) -> Checked:
        thing = said.thing
        if is_plain(thing, self._given.indexes):
            return _checked(thing, Verdict.UNCHECKED)
        places = self._squeezed_places(thing)
        if not places and self._given.is_name_of_source(thing.text):
            return _checked(thing, Verdict.UNCHECKED)
        near = self._given.nearness(said.context.words)
        if places:
            standing = self._given.with_value(thing, near)
            found = attached(said, standing, self._given, near) if standing else Attached()
            if found.is_something_else and len(standing) >= len(places):
                self._attached[at] = found
                return _checked(thing, Verdict.ELSEWHERE, self._places(found), found)
            own = self._places(found)
            return _checked(thing, Verdict.FOUND, (*own, *(place for place in places if place not in own)))
        if said_by_user := self._verdict_of_own(thing.text):
            return _checked(thing, said_by_user)
        if not is_unknown(thing, self._text, passage, self._given.indexes, self._squeezed_words):
            return _checked(thing, Verdict.UNCHECKED)
        found = self._attached[at] = attached(said, (), self._given, near)
        return _checked(thing, Verdict.NOT_FOUND, (), found)

    def _written(self, said: InAnswer) -> Checked:
        thing = said.thing
        places = self._squeezed_places(thing)
        if places and thing.kind is ThingKind.IDENTIFIER:
            near = self._given.nearness(said.context.words)
            if standing := self._given.with_value(thing, near):
                found = attached(said, standing, self._given, near)
                if found.is_something_else and len(standing) >= len(places):
                    return _checked(thing, Verdict.ELSEWHERE, self._places(found), found)
        if places:
            return _checked(thing, Verdict.FOUND, places)
        return _checked(thing, self._verdict_of_own(thing.value) or Verdict.NOT_FOUND)

    def _squeezed_places(self, thing: Thing) -> tuple[SourcePlace, ...]:
        words = squeezed(thing.value if thing.kind is ThingKind.ADDRESS else thing.text)
        return tuple(
            index.place(*span)
            for index in self._given.indexes
            for span in index.squeezed.places(words, whole_words=True)
        )

    def _verdict_of_own(self, words: str) -> Verdict | None:
        """Return what is told of words that the user wrote: those of earlier messages are left alone."""
        small = squeezed(words)
        if small in self._squeezed_question:
            return Verdict.FROM_QUESTION
        return Verdict.UNCHECKED if small in self._squeezed_words else None

    def _verdict_of_own_figure(self, thing: Thing) -> Verdict | None:
        """Return the same of a figure, which is the user's where value and unit are."""
        same = [
            each for each in self._said if each.kind is thing.kind and not set(each.values).isdisjoint(thing.values)
        ]
        if any(each.unit == thing.unit and each.start >= self._question_at for each in same):
            return Verdict.FROM_QUESTION
        # A bare number may count what the user's counts: 45, for 45 guests.
        return Verdict.UNCHECKED if any(thing.unit in ("", each.unit) for each in same) else None

    def _places(self, found: Attached) -> tuple[SourcePlace, ...]:
        return tuple(self._given.indexes[each.source].place(each.thing.start, each.thing.end) for each in found.places)

    def _refer(self, hidden: Sequence[tuple[int, int]]) -> None:
        """Look up the references, when it is known where everything else stands."""
        references = [
            (at, thing)
            for at, thing in enumerate(self._things)
            if thing.kind is ThingKind.REFERENCE and not any(start < thing.start < end for start, end in hidden)
        ]
        for number, (at, thing) in enumerate(references):
            before = references[number - 1][1] if number else None
            behind = references[number + 1][1] if number + 1 < len(references) else None
            if before and _ONLY_JOINED.fullmatch(self._text[before.end : thing.start]):
                known = bool([1 for index in self._given.indexes if index.clauses.named(thing.unit, thing.value)])
                self._checked[at] = _checked(thing, Verdict.FOUND if known else Verdict.UNCHECKED)
                continue
            start, end = self._statement(thing, before, behind)
            within = [
                self._checked[other]
                for other, each in enumerate(self._things)
                if other in self._checked and start <= each.start < end and each.kind is not ThingKind.REFERENCE
            ]
            words = words_of_statement(self._text, start, end, self._things)
            found = referred(thing, Statement(words, tuple(within)), self._given)
            if found.stands_as and found.stands_as in self._joined_to(number, references):
                found = _checked(thing, Verdict.FOUND)
            self._checked[at] = found

    def _joined_to(self, number: int, references: Sequence[tuple[int, Thing]]) -> set[str]:
        """Return the numbers of the references that follow one without other words: clauses 2.1 to 2.3."""
        found: set[str] = set()
        for (_, one), (_, other) in pairwise(references[number:]):
            if not _ONLY_JOINED.fullmatch(self._text[one.end : other.start]):
                break
            found.add(other.value)
        return found

    def _statement(self, thing: Thing, before: Thing | None, behind: Thing | None) -> tuple[int, int]:
        """Return the stretch of the answer that a reference is given for."""
        passage = next((each for each in self._passages if each.start <= thing.start < each.end), None)
        if passage is None:
            return thing.start, thing.end
        if passage.cells:
            return passage.start, passage.end
        start = passage.start
        for match in _SENTENCE_END.finditer(self._text, passage.start, thing.start):
            if match.end() < thing.start - 2:
                start = match.end()
        if before and before.start >= passage.start:
            start = max(start, before.end)
        ends = _PART_END.search(self._text, thing.end, passage.end)
        end = ends.start() if ends else passage.end
        if behind and behind.start < end:
            end = behind.start
        said_before = sum(1 for _ in words_in(self._text, start, thing.start))
        said_before += sum(_FEW_WORDS for each in self._things if start <= each.start < thing.start)
        if said_before >= _FEW_WORDS or not any(words_in(self._text, thing.end, end)):
            return start, thing.start
        return start, end


def _apart(things: list[Thing], people: list[Thing]) -> list[Thing]:
    """Return all in order, the people that are not named among the others already."""
    taken = [(each.start, each.end) for each in things if each.kind is not ThingKind.QUOTATION]
    found = list(things)
    for each in people:
        if not any(each.start < end and start < each.end for start, end in taken):
            found.append(each)
            taken.append((each.start, each.end))
    return sorted(found, key=lambda thing: (thing.start, -thing.end))


def _checked(
    thing: Thing, verdict: Verdict, places: tuple[SourcePlace, ...] = (), found: Attached | None = None
) -> Checked:
    if found is None:
        return Checked(thing.kind, thing.text, thing.start, thing.end, verdict, places)
    is_amiss = verdict.is_amiss
    return Checked(
        thing.kind,
        thing.text,
        thing.start,
        thing.end,
        verdict,
        places,
        stands_as=found.stands_as if is_amiss else "",
        said_as=found.said_as if is_amiss else "",
        instead=found.instead if is_amiss else None,
    )


def _says_little(thing: Thing) -> bool:
    """Return True for a small number that counts nothing named: a step, a point, one of two."""
    return (
        thing.kind is ThingKind.NUMBER
        and thing.unit in ("", "th", "person")
        and thing.value.isdigit()
        and len(thing.value) <= len(str(_SMALL))
        and int(thing.value) <= _SMALL
    )
