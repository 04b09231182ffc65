"""A second look at what stands as something else, by what stands beside it: in the answer, and in the file.

A figure alone says little; two that an answer gives side by side and that stand side by side in a file say where the
answer has them from. So where only the name before them is another one's, it is the name that is wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from desktop.core.evidence.attachment import Attached, is_comparable
from desktop.core.evidence.checked import Checked, Instead, ThingKind, Verdict
from desktop.core.evidence.given import Given
from desktop.core.evidence.passages import Passage
from desktop.core.evidence.thing import Thing
from desktop.core.text.late_regex import late_regex
from desktop.core.text.scripts import has_han

_STATEMENT_END = late_regex(r"(?<![.\s]\w)[.!?;](?=\s)|[。！？；\n]")
_FIGURES = (ThingKind.NUMBER, ThingKind.DATE)
_TOLD = (ThingKind.NAME, ThingKind.IDENTIFIER)
_LEAST_TOGETHER = 2
_LEAST_HAN = 2
_LONGEST = 400
_FOUND = (Verdict.FOUND, Verdict.ELSEWHERE)

_NEAR = 40
# From 200 to 260: what was changed into what. Two signs stand for the two values.
_CHANGED = late_regex(
    r".*[由从][^\0，。；]{0,12}\0[^\0，。；]{0,6}(?:调整|提高|降低|增加|减少|上调|下调|改|变更|升|降|涨|延长|缩短)[为至到][^\0，。；]{0,6}\0"
    r"|.*\b(?:rais\w+|ris\w+|rose|increas\w+|reduc\w+|cut|lower\w*|chang\w+|go\w*|up|down|extend\w*|fall\w*|fell|mov\w+)"
    r"\b[^\0.;]{0,20} from \0 to \0",
    re.DOTALL,
)
_SAYS_OLD = late_regex(
    r"\b(?:previous\w*|before|former\w*|was|were|used to|old|instead|until now|so far|original\w*)\b"
    r"|\bfrom \W?$|[由从]$|[原曾]|此前|之前|过去|以前",
    re.IGNORECASE,
)
_RANGE = late_regex(r"\s?(?:[-–—~～至到]|to)\s?")
_SIDE_BY_SIDE = late_regex(r" \w+ and ")  # 107 turbines and 1.5 gigawatts
_AND = late_regex(r"\s?(?:and|和|与)\s?")
_BETWEEN = late_regex(r"(?:\bbetween|在)\s?$")

Stretch = tuple[int, int, int]  # source, first and last letter


@dataclass(frozen=True, slots=True)
class _Group:
    """Things of one statement of the answer, by their places among all."""

    start: int
    end: int
    members: tuple[int, ...]


class Together:
    """Things of one answer, after each of them was looked up by itself."""

    def __init__(
        self,
        text: str,
        things: Sequence[Thing],
        passages: Sequence[Passage],
        given: Given,
        attached: Mapping[int, Attached],
    ) -> None:
        self._text, self._things, self._passages = text, things, passages
        self._given, self._attached = given, attached
        self._starts = [thing.start for thing in things]

    def correct(self, checked: dict[int, Checked]) -> None:
        """Change the verdicts of what stands in a file, where its company says otherwise."""
        for group in self._groups():
            for at in group.members:
                self._accuse_outdated(at, group, checked)
            for at, behind in pairwise(group.members):
                self._accuse_end_of_range(at, behind, group, checked)
            doubted = [at for at in group.members if self._is_doubted(at, checked)]
            if doubted:
                self._blame_name(group, doubted, checked)

    def _is_doubted(self, at: int, checked: Mapping[int, Checked]) -> bool:
        """Return True for a figure that stands in a file, but not beside what the answer says with it."""
        found = self._attached.get(at)
        is_figure = at in checked and checked[at].verdict in _FOUND and self._things[at].kind in _FIGURES
        return is_figure and found is not None and bool(found.places) and found.rival is not None

    def _groups(self) -> Iterator[_Group]:
        for passage in self._passages:
            start = passage.start
            ends = () if passage.cells else _STATEMENT_END.finditer(self._text, passage.start, passage.end)
            for end in [*(match.end() for match in ends), passage.end]:
                first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
                if first < last:
                    yield _Group(start, end, tuple(range(first, last)))
                start = end

    def _blame_name(self, group: _Group, figures: Sequence[int], checked: dict[int, Checked]) -> None:
        """Take the name for wrong where all figures beside it stand together elsewhere."""
        ours = {stretch for at in figures if (stretch := self._stretch_of_own(at)) is not None}
        theirs = {stretch for at in figures if (stretch := self._stretch_of_rival(at)) is not None}
        if len(ours) != 1 or len(theirs) != 1 or ours == theirs:
            return
        (own,), (rival,) = ours, theirs
        beside = [at for at in group.members if self._things[at].kind in _FIGURES and at in checked]
        with_own = {self._things[at].value for at in beside if self._stands_in(at, own, checked)}
        if len(with_own) < _LEAST_TOGETHER or any(self._stands_in(at, rival, checked) for at in beside):
            return
        name = self._name_of(rival, own, group, checked)
        if name is None:
            return
        at, thing = name
        place = self._given.indexes[rival[0]].place(rival[1], rival[2])
        checked[at] = Checked(ThingKind.NAME, thing.text, thing.start, thing.end, Verdict.ELSEWHERE, (place,))
        for each in figures:
            checked[each] = _found(checked[each])

    def _name_of(
        self, rival: Stretch, own: Stretch, group: _Group, checked: Mapping[int, Checked]
    ) -> tuple[int, Thing] | None:
        """Return the name that the statement shares with the other place alone."""
        there = self._given.indexes[rival[0]].text[rival[1] : rival[2]]
        here = self._given.indexes[own[0]].text[own[1] : own[2]]
        for at in group.members:
            thing = self._things[at]
            if thing.kind in _TOLD and at in checked and thing.text in there and thing.text not in here:
                return at, thing
        said = self._text[group.start : group.end]
        if not has_han(said):
            return None
        for match in SequenceMatcher(None, said, there, autojunk=False).get_matching_blocks():
            words = said[match.a : match.a + match.size].strip(" ：:，,、。（()）|*\t\n")
            if len(words) >= _LEAST_HAN and words not in here and not any(map(str.isdigit, words)):
                start = group.start + said.index(words)
                return -1 - start, Thing(ThingKind.NAME, words, start, start + len(words), (words,))
        return None

    def _accuse_outdated(self, at: int, group: _Group, checked: dict[int, Checked]) -> None:
        """Take a value for another one that the file says was changed, where the answer does not tell the new one."""
        found = self._attached.get(at)
        if found is None or not found.places or at not in checked or checked[at].verdict is not Verdict.FOUND:
            return
        own = found.places[0]
        index = self._given.indexes[own.source]
        new = next((each.thing for each in index.standing(own.passage_at) if each.thing.start >= own.thing.end), None)
        if (
            new is None
            or new.kind is not own.thing.kind
            or (new.unit and own.thing.unit and new.unit != own.thing.unit)
        ):
            return
        if not _is_changed(index.visible, own.passage.start, own.thing, new):
            return
        before, behind = self._text[group.start : self._things[at].start], self._text[self._things[at].end : group.end]
        if (
            _SAYS_OLD.search(before)
            or _SAYS_OLD.search(behind)
            or any(self._things[each].value in new.values for each in group.members)
        ):
            return
        self._accuse(at, own.source, new, checked)

    def _accuse_end_of_range(self, at: int, behind: int, group: _Group, checked: dict[int, Checked]) -> None:
        """Take one end of a range for wrong whose other end stands in the file with another one."""
        low, high = self._things[at], self._things[behind]
        if low.kind is not high.kind or not all(
            each in checked and checked[each].verdict is Verdict.FOUND for each in (at, behind)
        ):
            return
        between = self._text[low.end : high.start]
        is_range = _is_range(self._text, group.start, low, high)
        if not is_range and not (high.unit and _SIDE_BY_SIDE.fullmatch(between)):
            return
        mates: list[tuple[int, Thing]] = []
        for place in self._attached[at].places if at in self._attached else ():
            index = self._given.indexes[place.source]
            there = [each.thing for each in index.standing(place.passage_at)]
            if is_range and any(set(each.values) & set(high.values) for each in there):
                return  # both stand there
            for one, other in pairwise(there):
                is_mate = (
                    _is_range(index.visible, place.passage.start, one, other)
                    if is_range
                    else other.unit == high.unit and index.visible[one.end : other.start] == between
                )
                if one is place.thing and is_mate:
                    mates.append((place.source, other))
        if len(mates) == 1 and is_comparable(high, mates[0][1]):
            self._accuse(behind, *mates[0], checked)

    def _accuse(self, at: int, source: int, other: Thing, checked: dict[int, Checked]) -> None:
        place = self._given.indexes[source].place(other.start, other.end)
        checked[at] = replace(checked[at], verdict=Verdict.ELSEWHERE, instead=Instead(other.text, "", place))

    def _stands_in(self, at: int, stretch: Stretch, checked: Mapping[int, Checked]) -> bool:
        source, start, end = stretch
        return checked[at].verdict in _FOUND and any(
            place.source == source and start <= place.start < end for place in checked[at].places
        )

    def _stretch_of_own(self, at: int) -> Stretch | None:
        found = self._attached.get(at)
        if found is None or not found.places:
            return None
        return self._stretch(found.places[0].source, found.places[0].thing.start)

    def _stretch_of_rival(self, at: int) -> Stretch | None:
        found = self._attached.get(at)
        if found is None or found.rival is None:
            return None
        return self._stretch(found.rival.source, found.rival.thing.start)

    def _stretch(self, source: int, place: int) -> Stretch | None:
        """Return the row or the statement in which a place of a file lies."""
        index = self._given.indexes[source]
        passage = index.passage_at(place)
        if passage is None:
            return None
        if passage.cells:
            return source, passage.start, passage.end
        start = passage.start
        for match in _STATEMENT_END.finditer(index.visible, max(passage.start, place - _LONGEST), place):
            start = match.end()
        ends = _STATEMENT_END.search(index.visible, place, min(passage.end, place + _LONGEST))
        return source, start, ends.start() if ends else passage.end


def _is_changed(text: str, start: int, old: Thing, new: Thing) -> bool:
    """Return True if a text says that one value was changed into the other."""
    before = text[max(start, old.start - _NEAR) : old.start]
    return len(before) > 0 and _CHANGED.fullmatch(f"{before}\0{text[old.end : new.start]}\0") is not None


def _is_range(text: str, start: int, low: Thing, high: Thing) -> bool:
    between = text[low.end : high.start]
    if _RANGE.fullmatch(between):
        return True
    return (
        _AND.fullmatch(between) is not None and _BETWEEN.search(text, max(start, low.start - 9), low.start) is not None
    )


def _found(checked: Checked) -> Checked:
    return replace(checked, verdict=Verdict.FOUND, stands_as="", said_as="", instead=None)
