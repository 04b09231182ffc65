"""Evidence in words: the lines below an answer, a sentence on one thing of it, and where in a file that stands.

Only where something stands, or that it does not; never a score, and no word on whether it is true.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from typing import assert_never

from desktop.core.claims.claim import Kind
from desktop.core.documents.document import ReadingProblem, SectionKind
from desktop.core.documents.surroundings import row_at, section_at
from desktop.core.evidence.checked import (
    Checked,
    Difference,
    Evidence,
    GivenText,
    Instead,
    SourcePlace,
    Verdict,
    sources_of,
)
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Indexes
from desktop.core.message import Message, Role
from desktop.rendering.page.box import MarkKind
from desktop.rendering.page.shown_claims import shown_in
from desktop.rendering.text.letters import show_invisible
from desktop.ui.words import fill, listed, number, say, say_each, shown_name, translate

MOST_MARKED = 2_000  # things of one answer; more lines below its words tell nobody anything
_MOST_FILES_NAMED = 3
_MOST_DIFFERENCES = 3
_FEW = 2  # things that were looked up; they say nothing of the words around them, and look as if they did
_LONGEST = 120  # letters of a thing in a sentence; the answer has all of it
_FIGURES = {Kind.NUMBER, Kind.DATE, Kind.IDENTIFIER}
_TABLES = frozenset(("text/csv", "text/tab-separated-values"))
_NUMBER = re.compile(r"\d[\d.]*(?<!\.)")
_DRESSED = re.compile("([\x02\x03])([^\x04]*)\x04")  # in bold, in italics: no value has such letters


class _Things(Enum):
    """What was looked up, as it is called in a line."""

    QUOTATIONS = auto()
    NAMES = auto()
    FIGURES = auto()
    ALL = auto()


class _Given(Enum):
    """What was given to be looked up in."""

    FILE = auto()
    FILES = auto()
    TEXT = auto()
    BOTH = auto()


class _NotDrawn(Enum):
    """Why a page is not shown as it looks."""

    GONE = auto()
    LOCKED = auto()
    BROKEN = auto()


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
class Sentence:
    """Sentence with the thing in bold and labels in italics: letters from start to end of each."""

    text: str
    bold: tuple[tuple[int, int], ...] = ()
    italic: tuple[tuple[int, int], ...] = ()


# Where something stands


def title(source: GivenText) -> str:
    """Return the name of what is shown: the file's, or that it is the user's own message."""
    return show_invisible(source.name) if source.name else say("evidence.your_text")


def where(source: GivenText, place: SourcePlace) -> str:
    """Return where a place is, as a piece of a sentence: "on page 7 (clause 7)", "in clause 4", "in the file"."""
    mark = section_at(source.text, source.anchors, place.start)
    clause, row = show_invisible(place.clause), row_number(source, place)
    match mark.kind if mark is not None else None, number(mark.number if mark is not None else 0):
        case SectionKind.PAGE, at if clause:
            return say("evidence.on_page_in_clause", at=at, clause=clause)
        case SectionKind.PAGE, at:
            return say("evidence.on_page", at=at)
        case SectionKind.SLIDE, at:
            return say("evidence.on_slide", at=at)
        case SectionKind.SHEET, at if mark is not None:
            sheet = show_invisible(mark.title) or at
            return (
                say("evidence.on_sheet_in_row", sheet=sheet, row=number(row))
                if row
                else say("evidence.on_sheet", sheet=sheet)
            )
    if row:
        return say("evidence.in_row", row=number(row))
    return say("evidence.in_clause", clause=clause) if clause else say_each("evidence.inside", _kind_of(source))


def row_number(source: GivenText, place: SourcePlace) -> int:
    """Return the number of the row that a place stands in; 0 where it is in none that is numbered."""
    row = row_at(source.text, source.anchors, place.start) if is_sheet(source, place) else None
    return row.number if row is not None else 0


def is_sheet(source: GivenText, place: SourcePlace) -> bool:
    """Return True if a place stands in a sheet, whose rows and columns have numbers and letters."""
    mark = section_at(source.text, source.anchors, place.start)
    return mark.kind is SectionKind.SHEET if mark is not None else source.media_type in _TABLES


def of_pages(page: int, count: int) -> str:
    """Return which page is shown; `count` of them, 0 where that is not known yet."""
    if not count:
        return say("evidence.page", at=number(page))
    return say("evidence.page_of", at=number(page), count=number(count))


def not_drawn(problem: ReadingProblem) -> str:
    """Return why a page is not shown as it looks."""
    match problem:
        case ReadingProblem.GONE:
            why = _NotDrawn.GONE
        case ReadingProblem.NEEDS_PASSWORD | ReadingProblem.WRONG_PASSWORD | ReadingProblem.PROTECTED:
            why = _NotDrawn.LOCKED
        case _:
            why = _NotDrawn.BROKEN
    return say_each("evidence.not_drawn", why)


def beginning(source: GivenText) -> str:
    """Return the line above the beginning of a text, where a thing has no place."""
    return say_each("evidence.begins", _kind_of(source))


# One thing of an answer


def sentence(thing: Checked, evidence: Evidence, place: SourcePlace | None) -> Sentence:
    """Return what became of a thing, at one of its places; no place where it has none."""
    source = evidence.source_of(place) if place is not None else None
    at = where(source, place) if source is not None and place is not None else say_each("evidence.inside", _Given.FILE)
    kind = _kind_of(source) if source is not None else _Given.FILE
    said = _bold(thing.text)
    match thing.verdict:
        case Verdict.FOUND if thing.kind is Kind.REFERENCE:
            return _dressed(say("evidence.reference_holds", said=said))
        case Verdict.FOUND:
            return _dressed(say("evidence.stands", said=said, at=at))
        case Verdict.ELSEWHERE if thing.kind is Kind.REFERENCE:
            return _dressed(say_each("evidence.reference_elsewhere", kind, said=said, at=at))
        case Verdict.ELSEWHERE:
            return _dressed(_elsewhere(thing, said, at))
        case Verdict.NEAR:
            return _dressed(_near(thing.differences, at, kind))
        case Verdict.COMPUTED | Verdict.MISCOMPUTED:
            return _dressed(_computed(thing, said))
        case Verdict.FROM_QUESTION:
            return _dressed(say("evidence.from_your_words", said=said))
        case Verdict.NOT_FOUND if place is None:
            return _dressed(_not_found(thing, evidence, said))
        case Verdict.NOT_FOUND if thing.kind is Kind.REFERENCE:
            return _dressed(say("evidence.may_be_another", said=said, at=at))
        case Verdict.NOT_FOUND:
            return _dressed(say("evidence.stands_perhaps", said=said, at=at))
        case Verdict.UNCHECKED:
            return _dressed(say("evidence.not_looked_up", said=said))
    assert_never(thing.verdict)


def hint(thing: Checked, instead: Instead, evidence: Evidence) -> Sentence:
    """Return what the file says of what the answer speaks of; of several files it is named which.

    Of what stands nowhere that is not sure, and only told as what stands there.
    """
    source = evidence.sources[instead.place.source]
    said, label, clause = _bold(instead.text), _italic(instead.label), show_invisible(instead.place.clause)
    kind, is_one = _kind_of(source), len(evidence.sources) == 1
    if thing.verdict is Verdict.NOT_FOUND and not thing.places:
        at = where(source, instead.place)
        words = (
            say("evidence.stands_as", said=said, at=at, label=label)
            if label
            else say("evidence.stands", said=said, at=at)
        )
        return _dressed(words if is_one else say("evidence.of_file", file=title(source), sentence=words))
    if not is_one:
        file = title(source)
        if not label:
            return _dressed(say("evidence.instead_of_file", file=file, said=said))
        return _dressed(say("evidence.instead_of_file_for", file=file, said=said, label=label))
    if not label:
        return _dressed(say_each("evidence.instead", kind, said=said))
    if clause and kind is _Given.FILE:
        return _dressed(say("evidence.instead_for_in_clause", said=said, label=label, clause=clause))
    return _dressed(say_each("evidence.instead_for", kind, said=said, label=label))


def _elsewhere(thing: Checked, said: str, at: str) -> str:
    label, other = _italic(thing.stands_as), _italic(thing.said_as)
    if label and other:
        return say("evidence.stands_as_not_said", said=said, at=at, label=label, other=other)
    if label:
        return say("evidence.stands_as", said=said, at=at, label=label)
    return say("evidence.stands_as_something_else", said=said, at=at)


def _near(differences: tuple[Difference, ...], at: str, kind: _Given) -> str:
    told = filter(None, (_difference(each, kind) for each in differences[:_MOST_DIFFERENCES]))
    how = say("evidence.between_differences").join(told)
    return say("evidence.words_differ_in", at=at, how=f"\x02{how}\x04") if how else say("evidence.words_differ", at=at)


def _difference(each: Difference, kind: _Given) -> str:
    said, stands = _short(each.said), _short(each.stands)
    if said and stands:
        return say_each("evidence.differs", kind, stands=stands, said=said)
    if stands:
        return say("evidence.leaves_out", stands=stands)
    return say("evidence.adds", said=said) if said else ""


def _computed(thing: Checked, said: str) -> str:
    if thing.calculation is None:
        return say("evidence.is_computed", said=said)
    shown, result = show_invisible(thing.calculation.shown), show_invisible(thing.calculation.result)
    if thing.verdict is Verdict.COMPUTED:
        return say("evidence.is_computed_from", said=said, sum=shown, result=result)
    return say("evidence.is_wrong", said=said, sum=shown, result=result)


def _not_found(thing: Checked, evidence: Evidence, said: str) -> str:
    if thing.kind is Kind.REFERENCE and thing.stands_as:
        # The same words with the other number, whatever parts of this file are called.
        other = _NUMBER.sub(lambda _: _short(thing.stands_as), _short(thing.text), count=1)
        if other != _short(thing.text):
            kind = _Given.FILE if any(source.name for source in evidence.sources) else _Given.TEXT
            return say_each("evidence.no_such_reference", kind, said=said, other=other)
    return say("evidence.nowhere", said=said, where=_given(evidence), origin=_origin({thing.kind}))


def _kind_of(source: GivenText) -> _Given:
    return _Given.FILE if source.name else _Given.TEXT


def _given(evidence: Evidence) -> str:
    """Return what an answer was looked up in, as a piece of a sentence: "the file", "the text you gave"."""
    given_ones = {(source.name, source.digest) for source in evidence.sources}
    if all(name for name, _ in given_ones):
        return say_each("evidence.given", _Given.FILES if len(given_ones) > 1 else _Given.FILE)
    return say_each("evidence.given", _Given.BOTH if len(given_ones) > 1 else _Given.TEXT)


def _origin(kinds: set[Kind]) -> str:
    """Return where what was not found may come from; only figures can have been computed."""
    return say_each("evidence.origin", _Things.FIGURES if kinds & _FIGURES else _Things.ALL)


def _bold(words: str) -> str:
    return f"\x02{_short(words)}\x04"


def _italic(words: str) -> str:
    return f"\x03{_short(words)}\x04" if words else ""


def _dressed(text: str) -> Sentence:
    """Return a sentence without what stands around its words in bold and italics, and where these are."""
    ranges: dict[str, list[tuple[int, int]]] = {"\x02": [], "\x03": []}
    made, end = "", 0
    for found in _DRESSED.finditer(text):
        made += text[end : found.start()]
        ranges[found[1]].append((len(made), len(made) + len(found[2])))
        made += found[2]
        end = found.end()
    return Sentence(made + text[end:], tuple(ranges["\x02"]), tuple(ranges["\x03"]))


def _short(text: str) -> str:
    shown = " ".join(show_invisible(text).split())
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1].rstrip()}…"


# All of an answer


def things_to_check(evidence: Evidence) -> list[tuple[str, MarkKind, list[int]]]:
    """Return what the reader should look at: words such as "2 to check", their mark, and the indices of the things."""
    doubtful, missing = [], []
    for index, each in enumerate(evidence.checked):
        if each.verdict is Verdict.NOT_FOUND and not each.places:
            missing.append(index)
        elif each.verdict.is_amiss or each.verdict is Verdict.NOT_FOUND or _differs(each):
            doubtful.append(index)
    of_missing = _in_general({evidence.checked[index].kind for index in missing})
    told = (
        (say("evidence.to_check", len(doubtful)), MarkKind.AMISS, doubtful),
        (say_each("evidence.not_in", of_missing, len(missing), where=_given(evidence)), MarkKind.MISSING, missing),
    )
    return [each for each in told if each[2]]


def first_found(evidence: Evidence) -> int | None:
    """Return the index of the thing to begin with among those that stand in what was given."""
    found = [at for at, each in enumerate(evidence.checked) if each.verdict is Verdict.FOUND]
    return most_telling(evidence, found) if found else None


def most_telling(evidence: Evidence, things: Iterable[int]) -> int:
    """Return the first quotation among things of an answer, else the first that is no name: names stand anywhere."""

    def rank(thing: int) -> int:
        match evidence.checked[thing].kind:
            case Kind.QUOTATION:
                return 0
            case Kind.NAME:
                return 2
            case _:
                return 1

    return min(things, key=rank)


def lines(evidence: Evidence) -> tuple[str, ...]:
    """Return all that was found out of an answer, for who asks: the counts, what is not there or otherwise, and notes.

    None if there is nothing.
    """
    looked_up = [each for each in evidence.checked if each.verdict is not Verdict.UNCHECKED]
    counts, total = Counter(each.verdict for each in looked_up), len(looked_up)
    if not total:
        return ()
    found = counts[Verdict.FOUND]
    things, where = _called({each.kind for each in looked_up}), _sources(evidence)
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
        phrases.append(say("evidence.nothing_else"))
    loud = (Verdict.ELSEWHERE, Verdict.NEAR, Verdict.MISCOMPUTED)
    amiss = [say_each("evidence.so_many", each, counts[each]) for each in loud if counts[each]]
    if differing := sum(map(_differs, evidence.checked)):
        amiss.append(say("evidence.differ_in_another_file", differing))
    return tuple(filter(None, (*map(" · ".join, (phrases, _missing(evidence), amiss)), *_notes(evidence, total))))


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
    return say("evidence.of_file", file=title(evidence.sources[place.source]), sentence=said)


def _called(kinds: set[Kind]) -> _Things:
    if kinds == {Kind.QUOTATION}:
        return _Things.QUOTATIONS
    if kinds == {Kind.NAME}:
        return _Things.NAMES
    return _in_general(kinds)


def _in_general(kinds: set[Kind]) -> _Things:
    return _Things.FIGURES if kinds <= _FIGURES else _Things.ALL


def _differs(thing: Checked) -> bool:
    """Return True for a thing that was found, and for which another file gives another value."""
    return thing.verdict is Verdict.FOUND and thing.instead is not None


def _missing(evidence: Evidence) -> list[str]:
    """Return what is said, without a warning, of what is not in the files, and of what may be something else there."""
    missing = evidence.of(Verdict.NOT_FOUND)
    kinds, phrases = [each.kind for each in missing if not each.places], []
    if kinds:
        things, where, origin = _in_general(set(kinds)), _given(evidence), _origin(set(kinds))
        phrases.append(say_each("evidence.not_found", things, len(kinds), where=where, origin=origin))
    if unsure := len(missing) - len(kinds):
        phrases.append(say("evidence.may_stand_for_something_else", unsure))
    return phrases


def _notes(evidence: Evidence, total: int) -> list[str]:
    notes = []
    if not evidence.is_whole:
        notes.append(say("evidence.very_long"))
    if total > MOST_MARKED:
        notes.append(say("evidence.first_marked", MOST_MARKED))
    return notes


def _sources(evidence: Evidence) -> str:
    """Return where was found what was found: the files that each of these things stands in, else all of them."""
    if len(evidence.sources) == 1:
        return shown_name(evidence.sources[0].name) or say_each("evidence.given", _Given.TEXT)
    places = [{place.source for place in each.places} for each in evidence.of(Verdict.FOUND) if each.places]
    every = set().union(*places) if places else set(range(len(evidence.sources)))
    told = (set.intersection(*places) if places else every) or every
    named = {(source.name, source.digest) for at, source in enumerate(evidence.sources) if at in told}
    names = sorted({name for name, _ in named})
    if "" in names:
        return _given(evidence) if len(names) > 1 else say_each("evidence.given", _Given.TEXT)
    return shown_name(names[0]) if len(names) == 1 else say("evidence.files", len(named))


_MOST_NAMED = 12  # pages or rows of one file, things to check


def sources_of_answers(
    messages: Sequence[Message], path: Sequence[Message], system: str = "", left_out: Iterable[str] = ()
) -> dict[str, str]:
    """Return the lines of those messages of a conversation's path that have one; `left_out` as in its settings."""
    absent = frozenset(left_out)
    indexes = Indexes()
    lines: dict[str, str] = {}
    for message in messages:
        if message.role is not Role.ASSISTANT or not message.text.strip():
            continue
        at = next((index for index, each in enumerate(path) if each.id == message.id), 0)
        above = [each for each in path[:at] if message.id in absent or each.id not in absent]
        sources = sources_of(above, system)
        if any(each.name for each in sources.given):
            given = indexes.of(sources.given)
            evidence = check(shown_in(message.text), given, sources.question, sources.earlier)
            if line := sources_line(evidence):
                lines[message.id] = line
    return lines


def sources_line(evidence: Evidence) -> str:
    """Return the line: "From: Agreement.pdf, pages 2, 8; Prices.xlsx, rows 4–11 · 1 figure is not in the file: 33 %".

    Empty if there is nothing to say.
    """
    found = [each.places[0] for each in evidence.of(Verdict.FOUND) if each.places]
    files: dict[str, dict[tuple[str, str], list[str]]] = {}
    for place in sorted(found, key=lambda each: (each.source, each.start)):
        source = evidence.sources[place.source]
        if not source.name:
            continue
        template, number, sheet = _place(source, place)
        numbers = files.setdefault(title(source), {}).setdefault((template, sheet), [])
        if number and number not in numbers:
            numbers.append(number)
    named = [
        translate("export", ", ", "between a file and its pages").join([name, *_places(places)])
        for name, places in files.items()
    ]
    said = [fill(translate("export", "From: %1", "files"), translate("export", "; ").join(named))] if named else []
    for words, _, things in things_to_check(evidence):
        shown = list(dict.fromkeys(show_invisible(evidence.checked[each].text) for each in things))
        more = ["…"] * (len(shown) > _MOST_NAMED)
        said.append(say("exporting.to_check", what=words, things=listed([*shown[:_MOST_NAMED], *more])))
    return " · ".join(said)


def _place(source: GivenText, place: SourcePlace) -> tuple[str, str, str]:
    """Return what kind of place it is, its number, and of several sheets the name of its own."""
    mark = section_at(source.text, source.anchors, place.start)
    if mark is not None and mark.kind in (SectionKind.PAGE, SectionKind.SLIDE):
        return mark.kind, str(mark.number), ""
    if row := row_number(source, place):
        is_one_of_several = mark is not None and len({each.section for each in source.anchors}) > 1
        return SectionKind.SHEET, str(row), show_invisible(mark.title) if mark and is_one_of_several else ""
    return ("clause", show_invisible(place.clause), "") if place.clause else ("", "", "")


def _places(places: dict[tuple[str, str], list[str]]) -> Iterable[str]:
    """Yield the places in one file, kind by kind."""
    for (kind, sheet), numbers in places.items():
        if numbers:
            yield fill(_template(kind, bool(sheet), len(numbers)), _listed(numbers), sheet)


def _template(kind: str, has_sheet: bool, count: int) -> str:
    is_one = count == 1
    match kind:
        case SectionKind.PAGE:
            return translate("export", "page %1") if is_one else translate("export", "pages %1")
        case SectionKind.SLIDE:
            return translate("export", "slide %1") if is_one else translate("export", "slides %1")
        case SectionKind.SHEET if has_sheet:
            return translate("export", "row %1 of “%2”") if is_one else translate("export", "rows %1 of “%2”")
        case SectionKind.SHEET:
            return translate("export", "row %1") if is_one else translate("export", "rows %1")
        case _:
            return translate("export", "clause %1") if is_one else translate("export", "clauses %1")


def _listed(numbers: Sequence[str]) -> str:
    """Return numbers in their order, those that follow each other as a range: "2, 4–11"."""
    ranges = [[numbers[0]]]
    for before, after in pairwise(numbers):
        if before.isdecimal() and after.isdecimal() and int(after) == int(before) + 1:
            ranges[-1] = [ranges[-1][0], after]
        else:
            ranges.append([after])
    listed = ["–".join(each) for each in ranges[:_MOST_NAMED]] + ["…"] * (len(ranges) > _MOST_NAMED)
    return translate("export", ", ", "between numbers").join(listed)
