"""The words of the evidence pane: a sentence on a thing of an answer, and where in a file it stands.

Only what the rules have told: where something stands, or that it does not; never a word on truth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import assert_never

from PySide6.QtCore import QCoreApplication

from desktop.core.claims.claim import Kind
from desktop.core.documents.document import SectionKind
from desktop.core.documents.reading import ReadingProblem
from desktop.core.documents.surroundings import row_at, section_at
from desktop.core.evidence.checked import Checked, Difference, Evidence, GivenText, Instead, SourcePlace, Verdict
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.words import fill, number

translate = QCoreApplication.translate

FIGURES = {Kind.NUMBER, Kind.DATE, Kind.IDENTIFIER}
_TABLES = frozenset(("text/csv", "text/tab-separated-values"))
_NUMBER = re.compile(r"\d[\d.]*(?<!\.)")
_LONGEST = 120  # letters of a thing in a sentence; the answer has all of it
_MOST_DIFFERENCES = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """Sentence with the thing in bold and labels in italics: letters from start to end of each."""

    text: str
    bold: tuple[tuple[int, int], ...] = ()
    italic: tuple[tuple[int, int], ...] = ()


def title(source: GivenText) -> str:
    """Return the name of what is shown: the file's, or that it is the user's own message."""
    return show_invisible(source.name) if source.name else translate("evidence_pane", "Text in your message")


def given(evidence: Evidence) -> str:
    """Return what an answer was looked up in, as a piece of a sentence: "the file", "the text you gave"."""
    given_ones = {(source.name, source.digest) for source in evidence.sources}
    if all(name for name, _ in given_ones):
        return translate("evidence", "the files") if len(given_ones) > 1 else translate("evidence", "the file")
    if len(given_ones) > 1:
        return translate("evidence", "the files and the text you gave")
    return translate("evidence", "the text you gave")


def origin(kinds: set[Kind]) -> str:
    """Return where what was not found may come from; only figures can have been computed."""
    if kinds & FIGURES:
        return translate("evidence", "computed, or from elsewhere")
    return translate("evidence", "from elsewhere")


def where(source: GivenText, place: SourcePlace) -> str:
    """Return where a place is, as a piece of a sentence: "on page 7 (clause 7)", "in clause 4", "in the file"."""
    mark = section_at(source.text, source.anchors, place.start)
    clause = show_invisible(place.clause)
    number_of = number(mark.number) if mark is not None else ""
    kind = mark.kind if mark is not None else None
    if kind is SectionKind.PAGE:
        words = (
            translate("evidence_pane", "on page %1 (clause %2)") if clause else translate("evidence_pane", "on page %1")
        )
        return fill(words, number_of, clause)
    if kind is SectionKind.SLIDE:
        return fill(translate("evidence_pane", "on slide %1"), number_of)
    row = row_number(source, place)
    if kind is SectionKind.SHEET and mark is not None:
        name = show_invisible(mark.title) or number_of
        words = translate("evidence_pane", "on the sheet “%1”, row %2")
        return fill(words if row else translate("evidence_pane", "on the sheet “%1”"), name, number(row))
    if row:
        return fill(translate("evidence_pane", "in row %1"), number(row))
    if clause:
        return fill(translate("evidence_pane", "in clause %1"), clause)
    return translate("evidence_pane", "in the file") if source.name else translate("evidence_pane", "in your message")


def row_number(source: GivenText, place: SourcePlace) -> int:
    """Return the number of the row that a place stands in; 0 where it is in none that is numbered."""
    row = row_at(source.text, source.anchors, place.start) if is_sheet(source, place) else None
    return row.number if row is not None else 0


def is_sheet(source: GivenText, place: SourcePlace) -> bool:
    """Return True if a place stands in a sheet, whose rows and columns have numbers and letters."""
    mark = section_at(source.text, source.anchors, place.start)
    return mark.kind is SectionKind.SHEET if mark is not None else source.media_type in _TABLES


def sentence(thing: Checked, evidence: Evidence, place: SourcePlace | None) -> Sentence:
    """Return what became of a thing, at one of its places; no place where it has none."""
    said = _short(thing.text)
    at = where(evidence.source_of(place), place) if place is not None else translate("evidence_pane", "in the file")
    is_file = place is None or bool(evidence.source_of(place).name)
    match thing.verdict:
        case Verdict.FOUND if thing.kind is Kind.REFERENCE:
            return _made(translate("evidence_pane", "What the answer names %1 for stands there."), said)
        case Verdict.FOUND:
            return _made(translate("evidence_pane", "%1 stands %2."), said, at)
        case Verdict.ELSEWHERE:
            return _elsewhere(thing, said, at, is_file=is_file)
        case Verdict.NEAR:
            return _near(thing.differences, at, is_file=is_file)
        case Verdict.COMPUTED | Verdict.MISCOMPUTED:
            return _computed(thing, said)
        case Verdict.FROM_QUESTION:
            return _made(translate("evidence_pane", "%1 comes from your own words."), said)
        case Verdict.NOT_FOUND:
            if place is None:
                return _not_found(thing, evidence, said)
            if thing.kind is Kind.REFERENCE:
                return _made(translate("evidence_pane", "%1 may be another one: this seems to stand %2."), said, at)
            return _made(translate("evidence_pane", "%1 stands %2, perhaps for something else."), said, at)
        case Verdict.UNCHECKED:
            return _made(translate("evidence_pane", "%1 was not looked up: it says too little by itself."), said)
    assert_never(thing.verdict)


def hint(thing: Checked, instead: Instead, evidence: Evidence) -> Sentence:
    """Return what the file says of what the answer speaks of; of several files it is named which.

    Of what stands nowhere that is not sure, and only told as what stands there.
    """
    clause = show_invisible(instead.place.clause)
    if thing.verdict is Verdict.NOT_FOUND and not thing.places:
        return _nearest(instead, evidence)
    if len(evidence.sources) > 1:
        name = title(evidence.sources[instead.place.source])
        words = (
            translate("evidence_pane", "“%4” says %1 for %2.")
            if instead.label
            else translate("evidence_pane", "“%4” says %1.")
        )
        return _made(words, _short(instead.text), _short(instead.label), clause, name, italic=(2,))
    if not evidence.sources[instead.place.source].name:
        with_label = translate("evidence_pane", "Your text says %1 for %2.")
        without = translate("evidence_pane", "Your text says %1.")
    else:
        with_label = (
            translate("evidence_pane", "The file says %1 for %2 (clause %3).")
            if clause
            else translate("evidence_pane", "The file says %1 for %2.")
        )
        without = translate("evidence_pane", "The file says %1.")
    words = with_label if instead.label else without
    return _made(words, _short(instead.text), _short(instead.label), clause, italic=(2,))


def _nearest(instead: Instead, evidence: Evidence) -> Sentence:
    source = evidence.sources[instead.place.source]
    words = (
        translate("evidence_pane", "%1 stands %2, as %3.")
        if instead.label
        else translate("evidence_pane", "%1 stands %2.")
    )
    if len(evidence.sources) > 1:
        words = fill(translate("evidence", "%1: %2", "file, sentence"), "%4", words)
    at = where(source, instead.place)
    return _made(words, _short(instead.text), at, _short(instead.label), title(source), italic=(3,))


def of_places(at: int, count: int) -> str:
    """Return which of several places is shown, counted from 0."""
    return fill(translate("evidence_pane", "%1 of %2 places"), number(at + 1), number(count))


def of_pages(page: int, count: int) -> str:
    """Return which page is shown; `count` of them, 0 where that is not known yet."""
    words = translate("evidence_pane", "Page %1 of %2") if count else translate("evidence_pane", "Page %1")
    return fill(words, number(page), number(count))


def heads(row: str, column: str) -> str:
    """Return the heads of a cell's row and column in words."""
    if not row:
        return show_invisible(column)
    words = translate("evidence_pane", "%1 · %2") if column else "%1"
    return fill(words, show_invisible(row), show_invisible(column))


def trouble(problem: ReadingProblem) -> str:
    """Return why a page is not shown as it looks."""
    match problem:
        case ReadingProblem.GONE:
            return translate("evidence_pane", "The file is not kept here any more. This is its text as it was sent.")
        case ReadingProblem.NEEDS_PASSWORD | ReadingProblem.WRONG_PASSWORD | ReadingProblem.PROTECTED:
            return translate(
                "evidence_pane",
                "The page needs the file's password, which is not kept. This is its text as it was sent.",
            )
        case _:
            return translate("evidence_pane", "The page could not be drawn. This is its text as it was sent.")


def drawing() -> str:
    """Return what stands on a page while it is drawn."""
    return translate("evidence_pane", "Drawing the page…")


def beginning(source: GivenText) -> str:
    """Return the line above the beginning of a text, where a thing has no place."""
    if not source.name:
        return translate("evidence_pane", "It stands nowhere, so this is where your text begins.")
    return translate("evidence_pane", "It stands nowhere, so this is where the file begins.")


def _elsewhere(thing: Checked, said: str, at: str, *, is_file: bool) -> Sentence:
    stands_as, said_as = _short(thing.stands_as), _short(thing.said_as)
    if thing.kind is Kind.REFERENCE:
        words = (
            translate("evidence_pane", "It does not stand in %1: the file has it %2.")
            if is_file
            else translate("evidence_pane", "It does not stand in %1: your text has it %2.")
        )
        return _made(words, said, at)
    if stands_as and said_as:
        words = translate("evidence_pane", "%1 stands %2, as %3; the answer says %4.")
        return _made(words, said, at, stands_as, said_as, italic=(3, 4))
    if stands_as:
        return _made(translate("evidence_pane", "%1 stands %2, as %3."), said, at, stands_as, italic=(3,))
    return _made(translate("evidence_pane", "%1 stands %2, as something else than in the answer."), said, at)


def _near(differences: tuple[Difference, ...], at: str, *, is_file: bool) -> Sentence:
    words = [_difference(each, is_file=is_file) for each in differences[:_MOST_DIFFERENCES]]
    listed = translate("evidence_pane", "; ").join(word for word in words if word)
    if not listed:
        return _made(translate("evidence_pane", "The words differ from what stands %1."), at, first=0)
    template = translate("evidence_pane", "The words differ from what stands %1: %2.")
    return _made(template, at, listed, first=2)


def _difference(each: Difference, *, is_file: bool) -> str:
    said, stands = _short(each.said), _short(each.stands)
    if said and stands:
        words = (
            translate("evidence_pane", "the file says “%1”, the answer “%2”")
            if is_file
            else translate("evidence_pane", "your text says “%1”, the answer “%2”")
        )
        return fill(words, stands, said)
    if stands:
        return fill(translate("evidence_pane", "the answer leaves out “%1”"), stands)
    return fill(translate("evidence_pane", "the answer adds “%1”"), said) if said else ""


def _computed(thing: Checked, said: str) -> Sentence:
    made = thing.calculation
    if made is None:
        return _made(translate("evidence_pane", "%1 is computed."), said)
    if thing.verdict is Verdict.COMPUTED:
        words = translate("evidence_pane", "%1 is computed: %2 = %3.")
    else:
        words = translate("evidence_pane", "%1 is wrong: %2 comes to %3.")
    return _made(words, said, show_invisible(made.shown), show_invisible(made.result))


def _not_found(thing: Checked, evidence: Evidence, said: str) -> Sentence:
    if thing.kind is Kind.REFERENCE and thing.stands_as:
        # The same words with the other number, whatever parts of this file are called.
        other = _NUMBER.sub(lambda _: _short(thing.stands_as), said, count=1)
        if other != said:
            words = (
                translate("evidence_pane", "The file has no %1; it has this in %2.")
                if any(source.name for source in evidence.sources)
                else translate("evidence_pane", "Your text has no %1; it has this in %2.")
            )
            return _made(words, said, other)
    return _made(translate("evidence_pane", "%1 is not in %2: %3."), said, given(evidence), origin({thing.kind}))


def _made(template: str, *values: str, first: int = 1, italic: tuple[int, ...] = ()) -> Sentence:
    """Return a template filled in: value number `first` in bold, those of `italic` in italics."""
    bold_at: list[tuple[int, int]] = []
    italic_at: list[tuple[int, int]] = []
    made, end = "", 0
    for found in re.finditer(r"%([1-9])", template):
        made += template[end : found.start()]
        which = int(found[1])
        value = values[which - 1]
        if which == first:
            bold_at.append((len(made), len(made) + len(value)))
        elif which in italic:
            italic_at.append((len(made), len(made) + len(value)))
        made += value
        end = found.end()
    return Sentence(made + template[end:], tuple(bold_at), tuple(italic_at))


def _short(text: str) -> str:
    shown = " ".join(show_invisible(text).split())
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1].rstrip()}…"
