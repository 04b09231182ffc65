"""Evidence in words: the lines below an answer, and what is said of one thing in it.

Only where something stands, or that it does not; never a score, and no word on whether it is true.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QObject

from desktop.core.claims.claim import Kind
from desktop.core.evidence.checked import Checked, Evidence, SourcePlace, Verdict
from desktop.core.text.scripts import has_han
from desktop.rendering.page.box import MarkKind
from desktop.ui.evidence.pane_words import FIGURES, given, hint, origin, sentence, title
from desktop.ui.words import fill, number, shown_name, translate

MOST_MARKED = 2_000  # things of one answer; more lines below its words tell nobody anything
_MOST_FILES_NAMED = 3
_FEW = 2  # things that were looked up; they say nothing of the words around them, and look as if they did
_GAP_AFTER_HAN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=%([1-9]))")

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


def things_to_check(evidence: Evidence) -> list[tuple[str, MarkKind, list[int]]]:
    """Return what the reader should look at: words such as "2 to check", their mark, and the indices of the things."""
    doubtful, missing = [], []
    for index, each in enumerate(evidence.checked):
        if each.verdict is Verdict.NOT_FOUND and not each.places:
            missing.append(index)
        elif each.verdict.is_amiss or each.verdict is Verdict.NOT_FOUND or _differs(each):
            doubtful.append(index)
    found = []
    if doubtful:
        found.append((_COUNTS.to_check(len(doubtful)), MarkKind.AMISS, doubtful))
    if missing:
        found.append((fill(_COUNTS.missing(len(missing)), given(evidence)), MarkKind.MISSING, missing))
    return found


def first_found(evidence: Evidence) -> int | None:
    """Return the index of the first thing that stands in what was given."""
    return next((at for at, each in enumerate(evidence.checked) if each.verdict is Verdict.FOUND), None)


def lines(evidence: Evidence) -> tuple[str, ...]:
    """Return all that was found out of an answer, for who asks: the counts, what is not there or otherwise, and notes.

    None if there is nothing.
    """
    counts: Counter[Verdict] = Counter(
        each.verdict for each in evidence.checked if each.verdict is not Verdict.UNCHECKED
    )
    total = sum(counts.values())
    if not total:
        return ()
    found = counts[Verdict.FOUND]
    kinds = {each.kind for each in evidence.checked if each.verdict is not Verdict.UNCHECKED}
    quiet = ((Verdict.COMPUTED, _COUNTS.computed), (Verdict.FROM_QUESTION, _COUNTS.from_question))
    if found:
        head = _COUNTS.found(kinds, found, total)
    elif counts[Verdict.NOT_FOUND] or any(counts[verdict] for verdict, _ in quiet):
        # "None" would deny what is said of the quiet ones, and say twice what the next line says of those not found.
        head = _COUNTS.looked_up(kinds, total)
    else:
        head = _COUNTS.none_found(kinds, total)
    phrases = [_filled(head, (number(found), _sources(evidence)))]
    phrases += [say(counts[verdict]) for verdict, say in quiet if counts[verdict]]
    if total <= _FEW:
        phrases.append(translate("evidence", "nothing else was looked up"))
    loud = (
        (Verdict.ELSEWHERE, _COUNTS.elsewhere),
        (Verdict.NEAR, _COUNTS.near),
        (Verdict.MISCOMPUTED, _COUNTS.miscomputed),
    )
    amiss = [say(counts[verdict]) for verdict, say in loud if counts[verdict]]
    if differing := sum(map(_differs, evidence.checked)):
        amiss.append(_COUNTS.differing(differing))
    return tuple(filter(None, (*map(" · ".join, (phrases, _missing(evidence), amiss)), *_notes(evidence, total))))


def failure_words() -> str:
    """Return what is said below an answer that could not be looked up."""
    return translate("evidence", "This answer could not be looked up in what you gave.")


def spoken(evidence: Evidence) -> str:
    """Return all lines as a screen reader says them."""
    return "\n".join(lines(evidence))


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


def _filled(template: str, values: Sequence[str]) -> str:
    """Return a template with its values; Chinese words follow Chinese ones without a space, all others with one."""

    def gap(place: re.Match[str]) -> str:
        return "" if has_han(values[int(place[1]) - 1][:1]) else " "

    return fill(_GAP_AFTER_HAN.sub(gap, template), *values)


def _differs(thing: Checked) -> bool:
    """Return True for a thing that was found, and for which another file gives another value."""
    return thing.verdict is Verdict.FOUND and thing.instead is not None


def _missing(evidence: Evidence) -> list[str]:
    """Return what is said, without a warning, of what is not in the files, and of what may be something else there."""
    missing = evidence.of(Verdict.NOT_FOUND)
    nowhere, phrases = [each for each in missing if not each.places], []
    if nowhere:
        kinds = {each.kind for each in nowhere}
        say = _COUNTS.not_found if kinds <= FIGURES else _COUNTS.things_not_found
        phrases.append(_filled(say(len(nowhere)), (given(evidence), origin(kinds))))
    if unsure := len(missing) - len(nowhere):
        phrases.append(_COUNTS.unsure(unsure))
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
            return self.tr("%1 of %Ln quotations found in %2", "", total)
        if kinds == {Kind.NAME}:
            return self.tr("%1 of %Ln names found in %2", "", total)
        if kinds <= FIGURES:
            return self.tr("%1 of %Ln figures found in %2", "", total)
        return self.tr("%1 of %Ln figures and quotations found in %2", "", total)

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

    def to_check(self, count: int) -> str:
        return self.tr("%Ln to check", "", count)

    def missing(self, count: int) -> str:
        return self.tr("%Ln not in %1", "", count)

    def computed(self, count: int) -> str:
        return self.tr("%Ln computed", "", count)

    def from_question(self, count: int) -> str:
        return self.tr("%Ln from your question", "", count)

    def not_found(self, count: int) -> str:
        return self.tr("%Ln figures are not in %1: %2", "", count)

    def things_not_found(self, count: int) -> str:
        return self.tr("%Ln things are not in %1: %2", "", count)

    def unsure(self, count: int) -> str:
        return self.tr("%Ln things may stand there for something else", "", count)

    def elsewhere(self, count: int) -> str:
        return self.tr("%Ln stand there as something else", "", count)

    def near(self, count: int) -> str:
        return self.tr("%Ln quotations differ", "", count)

    def miscomputed(self, count: int) -> str:
        return self.tr("%Ln wrongly computed", "", count)

    def differing(self, count: int) -> str:
        return self.tr("%Ln differ in another file", "", count)

    def files(self, count: int) -> str:
        return self.tr("%Ln files", "", count)

    def more_files(self, count: int) -> str:
        return self.tr("It stands in %Ln more files, too.", "", count)


_COUNTS = _EvidenceCounts()
