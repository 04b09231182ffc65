"""Evidence in words: the lines below an answer, and what is said of one thing in it.

Only where something stands, or that it does not; never a score, and no word on whether it is true.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from desktop.core.claims.claim import Kind
from desktop.core.evidence.checked import Evidence, SourcePlace, Verdict
from desktop.core.text.late_regex import late_regex
from desktop.core.text.scripts import has_han
from desktop.rendering.page.box import MarkKind
from desktop.ui.evidence.pane_words import FIGURES, given, hint, origin, sentence, title
from desktop.ui.words import fill, number, shown_name, translate

MOST_MARKED = 2_000  # things of one answer; more lines below its words tell nobody anything
_MOST_FILES_NAMED = 3
_FEW = 2  # things that were looked up; they say nothing of the words around them, and look as if they did
_GAP_AFTER_HAN = late_regex(r"(?<=[\u4e00-\u9fff]) (?=%([1-9]))")
_PART = late_regex(r"\[([^\[\]]+)\]")

MARKS = {
    Verdict.FOUND: MarkKind.STANDS,
    Verdict.COMPUTED: MarkKind.ASIDE,
    Verdict.FROM_QUESTION: MarkKind.ASIDE,
    Verdict.NOT_FOUND: MarkKind.MISSING,
    Verdict.ELSEWHERE: MarkKind.AMISS,
    Verdict.NEAR: MarkKind.AMISS,
    Verdict.MISCOMPUTED: MarkKind.AMISS,
}
"""The mark of each verdict; what was not looked up has none."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Words of a line, `start` to `end`, that carry a mark and lead to a thing, by its index in the evidence."""

    start: int
    end: int
    mark: MarkKind
    thing: int


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """EvidenceLine below an answer; `is_amiss`: it warns."""

    text: str
    linked: tuple[Linked, ...] = ()
    is_amiss: bool = False


def lines(evidence: Evidence) -> tuple[EvidenceLine, ...]:
    """Return the lines below an answer: the counts, what is not in the files, where they say otherwise, and notes.

    None if there is nothing.
    """
    first = _first_of_each(evidence)
    counts = Counter(each.verdict for each in evidence.checked if each.verdict in first)
    total = sum(counts.values())
    if not total:
        return ()
    found = counts[Verdict.FOUND]
    kinds = {each.kind for each in evidence.checked if each.verdict is not Verdict.UNCHECKED}
    quiet = ((Verdict.COMPUTED, _COUNTS.computed), (Verdict.FROM_QUESTION, _COUNTS.from_question))
    if found:
        head = _COUNTS.found(kinds, found, total)
    elif Verdict.NOT_FOUND in first or any(verdict in first for verdict, _ in quiet):
        # "None" would deny what is said of the quiet ones, and say twice what the next line says of those not found.
        head = _COUNTS.looked_up(kinds, total)
    else:
        head = _COUNTS.none_found(kinds, total)
    phrases = [_Phrase(head, Verdict.FOUND, (number(found), _sources(evidence)))]
    loud = (
        (Verdict.ELSEWHERE, _COUNTS.elsewhere),
        (Verdict.NEAR, _COUNTS.near),
        (Verdict.MISCOMPUTED, _COUNTS.miscomputed),
    )
    phrases += [_Phrase(say(counts[verdict]), verdict) for verdict, say in quiet if verdict in first]
    if total <= _FEW:
        phrases.append(_Phrase(translate("evidence", "nothing else was looked up"), Verdict.FOUND))
    made = [_line(phrases, first)]
    if missing := _missing(evidence):
        made.append(_line(missing, first))
    amiss = [_Phrase(say(counts[verdict]), verdict) for verdict, say in loud if verdict in first]
    if differing := _differing(evidence):
        amiss.append(_Phrase(_COUNTS.differing(len(differing)), Verdict.FOUND, thing=differing[0]))
    if amiss:
        made.append(_line(amiss, first, is_amiss=True))
    made += [EvidenceLine(note) for note in _notes(evidence, total)]
    return tuple(made)


def failure_line() -> EvidenceLine:
    """Return the line below an answer that could not be looked up."""
    return EvidenceLine(translate("evidence", "This answer could not be looked up in what you gave."))


def spoken(evidence: Evidence) -> str:
    """Return all lines as a screen reader says them."""
    return "\n".join(line.text for line in lines(evidence))


def thing_words(evidence: Evidence, index: int) -> str:
    """Return what is said of one thing: "12,500 stands in clause 7, as deposit; the answer says rent."

    Where several files were given, each that it stands in is named and has a line of its own, up to a few.
    """
    thing = evidence.checked[index]
    firsts = list({place.source: place for place in reversed(thing.places)}.values())[::-1]
    told = [_in_file(evidence, place, sentence(thing, evidence, place).text) for place in firsts[:_MOST_FILES_NAMED]]
    if len(firsts) > _MOST_FILES_NAMED:
        told.append(_COUNTS.more_files(len(firsts) - _MOST_FILES_NAMED))
    if not told:
        told.append(sentence(thing, evidence, None).text)
    if thing.instead is not None:
        told.append(hint(thing.instead, evidence).text)
    return "\n".join(told)


def _in_file(evidence: Evidence, place: SourcePlace, said: str) -> str:
    """Return a sentence with the name of the file that it is about, where there are several."""
    if len(evidence.sources) < 2:
        return said
    return fill(translate("evidence", "%1: %2", "file, sentence"), title(evidence.sources[place.source]), said)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Phrase of a line with places for values; what stands in its brackets leads to the first thing of a verdict."""

    template: str
    verdict: Verdict
    values: tuple[str, ...] = ()
    thing: int | None = None  # another one than the first of the verdict


def _line(phrases: Sequence[_Phrase], first: dict[Verdict, int], *, is_amiss: bool = False) -> EvidenceLine:
    """Return phrases side by side as a line."""
    text = ""
    linked: list[Linked] = []
    for phrase in phrases:
        text += " · " if text else ""
        part = _PART.search(phrase.template)  # before a file's name comes in, which may hold brackets too
        if part is None:
            text += _filled(phrase.template, phrase.values)
            continue
        text += _filled(phrase.template[: part.start()], phrase.values)
        start = len(text)
        text += fill(part[1], *phrase.values).replace(" ", "\u00a0")  # it is one button, which is not broken
        thing = first[phrase.verdict] if phrase.thing is None else phrase.thing
        linked.append(Linked(start, len(text), MARKS[phrase.verdict], thing))
        text += _filled(phrase.template[part.end() :], phrase.values)
    return EvidenceLine(text, tuple(linked), is_amiss)


def _filled(template: str, values: Sequence[str]) -> str:
    """Return a template with its values; Chinese words follow Chinese ones without a space, all others with one."""

    def gap(place: re.Match[str]) -> str:
        return "" if has_han(values[int(place[1]) - 1][:1]) else " "

    return fill(_GAP_AFTER_HAN.sub(gap, template), *values)


def _first_of_each(evidence: Evidence) -> dict[Verdict, int]:
    """Return the index of the first thing with each verdict that is told."""
    first: dict[Verdict, int] = {}
    for index, each in enumerate(evidence.checked):
        if each.verdict is not Verdict.UNCHECKED:
            first.setdefault(each.verdict, index)
    return first


def _differing(evidence: Evidence) -> list[int]:
    """Return the indices of the things that were found, and for which another file gives another value."""
    checked = evidence.checked
    return [at for at, each in enumerate(checked) if each.verdict is Verdict.FOUND and each.instead is not None]


def _missing(evidence: Evidence) -> list[_Phrase]:
    """Return what is said, without a warning, of what is not in the files, and of what may be something else there."""
    missing = [at for at, each in enumerate(evidence.checked) if each.verdict is Verdict.NOT_FOUND]
    nowhere = [at for at in missing if not evidence.checked[at].places]
    unsure = [at for at in missing if evidence.checked[at].places]
    phrases = []
    if nowhere:
        kinds = {evidence.checked[at].kind for at in nowhere}
        say = _COUNTS.not_found if kinds <= FIGURES else _COUNTS.things_not_found
        values = given(evidence), origin(kinds)
        phrases.append(_Phrase(say(len(nowhere)), Verdict.NOT_FOUND, values, thing=nowhere[0]))
    if unsure:
        phrases.append(_Phrase(_COUNTS.unsure(len(unsure)), Verdict.NOT_FOUND, thing=unsure[0]))
    return phrases


def _notes(evidence: Evidence, total: int) -> list[str]:
    notes = []
    if not evidence.is_whole:
        notes.append(translate("evidence", "The answer is very long: only its beginning was looked up."))
    if total > MOST_MARKED:
        notes.append(fill(translate("evidence", "The first %1 are marked in the text."), number(MOST_MARKED)))
    return notes


def _sources(evidence: Evidence) -> str:
    """Return where was found what was found: the files that each of these things stands in, else all of them."""
    if len(evidence.sources) == 1:
        return shown_name(evidence.sources[0].name) or translate("evidence", "the text you gave")
    places = [{place.source for place in each.places} for each in evidence.of(Verdict.FOUND) if each.places]
    every = set().union(*places) if places else set(range(len(evidence.sources)))
    told = (set.intersection(*places) if places else every) or every
    named = {(source.name, source.digest) for at, source in enumerate(evidence.sources) if at in told}
    names = sorted({name for name, _ in named})
    if "" in names:
        return given(evidence) if len(names) > 1 else translate("evidence", "the text you gave")
    return shown_name(names[0]) if len(names) == 1 else _COUNTS.files(len(named))


class _EvidenceCounts(QObject):
    """The counted nouns. A class only since the translators' tool finds plural forms nowhere but in `self.tr`."""

    def found(self, kinds: set[Kind], found: int, total: int) -> str:
        """Return a line with a place for the number that was found, and one for the file."""
        if kinds == {Kind.QUOTATION}:
            return self.tr("[%1 of %Ln] quotations found in %2", "", total)
        if kinds == {Kind.NAME}:
            return self.tr("[%1 of %Ln] names found in %2", "", total)
        if kinds <= FIGURES:
            return self.tr("[%1 of %Ln] figures found in %2", "", total)
        return self.tr("[%1 of %Ln] figures and quotations found in %2", "", total)

    def none_found(self, kinds: set[Kind], total: int) -> str:
        if kinds == {Kind.QUOTATION}:
            return self.tr("%Ln quotations: none found in %2", "", total)
        if kinds == {Kind.NAME}:
            return self.tr("%Ln names: none found in %2", "", total)
        if kinds <= FIGURES:
            return self.tr("%Ln figures: none found in %2", "", total)
        return self.tr("%Ln figures and quotations: none found in %2", "", total)

    def looked_up(self, kinds: set[Kind], total: int) -> str:
        if kinds == {Kind.QUOTATION}:
            return self.tr("%Ln quotations, looked up in %2", "", total)
        if kinds == {Kind.NAME}:
            return self.tr("%Ln names, looked up in %2", "", total)
        if kinds <= FIGURES:
            return self.tr("%Ln figures, looked up in %2", "", total)
        return self.tr("%Ln figures and quotations, looked up in %2", "", total)

    def computed(self, count: int) -> str:
        return self.tr("[%Ln computed]", "", count)

    def from_question(self, count: int) -> str:
        return self.tr("[%Ln from your question]", "", count)

    def not_found(self, count: int) -> str:
        return self.tr("[%Ln figures] are not in %1: %2", "", count)

    def things_not_found(self, count: int) -> str:
        return self.tr("[%Ln things] are not in %1: %2", "", count)

    def unsure(self, count: int) -> str:
        return self.tr("[%Ln things] may stand there for something else", "", count)

    def elsewhere(self, count: int) -> str:
        return self.tr("[%Ln stand there as something else]", "", count)

    def near(self, count: int) -> str:
        return self.tr("[%Ln quotations differ]", "", count)

    def miscomputed(self, count: int) -> str:
        return self.tr("[%Ln wrongly computed]", "", count)

    def differing(self, count: int) -> str:
        return self.tr("[%Ln differ in another file]", "", count)

    def files(self, count: int) -> str:
        return self.tr("%Ln files", "", count)

    def more_files(self, count: int) -> str:
        return self.tr("It stands in %Ln more files, too.", "", count)


_COUNTS = _EvidenceCounts()
