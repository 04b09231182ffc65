"""The line below an answer in an export: which files, and where in them, it was found in, and what is to be checked.

Each thing is named at the place that fits it best. Runs on the writing thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from desktop.core.documents.document import SectionKind
from desktop.core.documents.surroundings import section_at
from desktop.core.evidence.checked import Evidence, GivenText, SourcePlace, Verdict
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Indexes
from desktop.core.evidence.sources import sources_of
from desktop.core.message import Message, Role
from desktop.rendering.page.shown_claims import shown_in
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.evidence.words import row_number, things_to_check, title
from desktop.ui.words import fill, listed, say, translate

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
    for before, number in pairwise(numbers):
        if before.isdecimal() and number.isdecimal() and int(number) == int(before) + 1:
            ranges[-1] = [ranges[-1][0], number]
        else:
            ranges.append([number])
    listed = ["–".join(each) for each in ranges[:_MOST_NAMED]] + ["…"] * (len(ranges) > _MOST_NAMED)
    return translate("export", ", ", "between numbers").join(listed)
