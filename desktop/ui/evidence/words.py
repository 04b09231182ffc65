"""Evidence in words: the lines below an answer, and what is said of one thing in it.

Only where something stands, or that it does not; never a score, and no word on whether it is true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import Enum, auto

from desktop.core.claims.claim import Kind
from desktop.core.evidence.checked import Checked, Evidence, SourcePlace, Verdict
from desktop.rendering.page.box import MarkKind
from desktop.ui.evidence.pane_words import FIGURES, given, hint, origin, sentence, title
from desktop.ui.words import fill, number, say, say_each, shown_name, translate

MOST_MARKED = 2_000  # things of one answer; more lines below its words tell nobody anything
_MOST_FILES_NAMED = 3
_FEW = 2  # things that were looked up; they say nothing of the words around them, and look as if they did


class _Things(Enum):
    """What was looked up, as it is called in a line."""

    QUOTATIONS = auto()
    NAMES = auto()
    FIGURES = auto()
    ALL = auto()


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
        found.append((say("evidence.to_check", len(doubtful)), MarkKind.AMISS, doubtful))
    if missing:
        things = _nowhere(evidence.checked[index] for index in missing)
        words = say_each("evidence.not_in", things, len(missing), where=given(evidence))
        found.append((words, MarkKind.MISSING, missing))
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
    things, where = _called(kinds), _sources(evidence)
    quiet = [each for each in (Verdict.COMPUTED, Verdict.FROM_QUESTION) if counts[each]]
    if found:
        head = say_each("evidence.found", things, total, found=number(found), where=where)
    elif counts[Verdict.NOT_FOUND] or quiet:
        # "None" would deny what is said of the quiet ones, and say twice what the next line says of those not found.
        head = say_each("evidence.looked_up", things, total, where=where)
    else:
        head = say_each("evidence.none_found", things, total, where=where)
    phrases = [head, *(say_each("evidence.so_many", each, counts[each]) for each in quiet)]
    if total <= _FEW:
        phrases.append(translate("evidence", "nothing else was looked up"))
    loud = (Verdict.ELSEWHERE, Verdict.NEAR, Verdict.MISCOMPUTED)
    amiss = [say_each("evidence.so_many", each, counts[each]) for each in loud if counts[each]]
    if differing := sum(map(_differs, evidence.checked)):
        amiss.append(say("evidence.differ_in_another_file", differing))
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
        told.append(say("evidence.stands_in_more_files", len(firsts) - _MOST_FILES_NAMED))
    if not told:
        told.append(sentence(thing, evidence, None).text)
    if thing.instead is not None:
        told.append(hint(thing, thing.instead, evidence).text)
    return "\n".join(told)


def _in_file(evidence: Evidence, place: SourcePlace, said: str) -> str:
    """Return a sentence with the name of the file that it is about, where there are several."""
    if len(evidence.sources) < 2:
        return said
    return fill(translate("evidence", "%1: %2", "file, sentence"), title(evidence.sources[place.source]), said)


def _called(kinds: set[Kind]) -> _Things:
    if kinds == {Kind.QUOTATION}:
        return _Things.QUOTATIONS
    if kinds == {Kind.NAME}:
        return _Things.NAMES
    return _Things.FIGURES if kinds <= FIGURES else _Things.ALL


def _nowhere(things: Iterable[Checked]) -> _Things:
    return _Things.FIGURES if {each.kind for each in things} <= FIGURES else _Things.ALL


def _differs(thing: Checked) -> bool:
    """Return True for a thing that was found, and for which another file gives another value."""
    return thing.verdict is Verdict.FOUND and thing.instead is not None


def _missing(evidence: Evidence) -> list[str]:
    """Return what is said, without a warning, of what is not in the files, and of what may be something else there."""
    missing = evidence.of(Verdict.NOT_FOUND)
    nowhere, phrases = [each for each in missing if not each.places], []
    if nowhere:
        kinds = {each.kind for each in nowhere}
        where = given(evidence)
        phrases.append(
            say_each("evidence.not_found", _nowhere(nowhere), len(nowhere), where=where, origin=origin(kinds))
        )
    if unsure := len(missing) - len(nowhere):
        phrases.append(say("evidence.may_stand_for_something_else", unsure))
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
    return shown_name(names[0]) if len(names) == 1 else say("evidence.files", len(named))
