"""Files in words: how much a file holds, what of it is sent, and what became of it while it was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop.core.context import OF_PICTURE
from desktop.core.documents.document import Document, Remark, RemarkKind, SectionKind, row_cells
from desktop.core.documents.marks import MarkLine, PlaceWord, sentence_for
from desktop.core.documents.selection import BlocksLeftOut, CutOut, LinesLeftOut, SectionsLeftOut, Selection
from desktop.core.documents.surroundings import section_at
from desktop.core.message import AttachmentPart, FilePart, ImagePart
from desktop.core.prompts.prompt import Language
from desktop.core.text.tokens import estimate_tokens
from desktop.rendering.text.letters import show_invisible
from desktop.rendering.text.sent_text import Fold
from desktop.ui.words import number, prompt_language, say, say_each, tokens_of_a_page

_SAMPLE = 40_000  # letters, by which the tokens of a longer text are told: nobody waits for a few per cent
_BLOCKS_LOOKED_AT = 50  # for a table, of a text that is one whole
_NAMES_OF_FILES_INSIDE = 200  # characters; a mail may hold any number of files


def extent(document: Document) -> str:
    """Return how much a file holds: "14 pages", "310 rows", "about 2 pages of text"."""
    kind = kind_of(document)
    if kind is SectionKind.WHOLE or (kind is SectionKind.SHEET and len(document.sections) == 1):
        return say("documents.rows", _rows(document)) if _is_table(document) else text_length(tokens_of(document))
    return say_each("documents.sections", kind, len(document.sections))


def ask_for_places(places: Sequence[PlaceWord]) -> str:
    """Return the words of what asks for places."""
    if len(places) == 1:
        return say_each("documents.ask_for", places[0])
    return say("documents.ask_for_places")


def explained_places(places: Sequence[PlaceWord]) -> str:
    """Return what asking for places adds to a message."""
    sample = "请" if prompt_language() is Language.CHINESE else ""
    return say("documents.adds_to_your_message", sentence_for=sentence_for(places, sample))


def chosen_extent(document: Document, selection: Selection) -> str:
    """Return what of a file is chosen: "14 pages" for all, "3 of 14 pages" for some."""
    chosen = sum(1 for section in document.sections if selection.has(section))
    if chosen < len(document.sections):
        return chosen_sections(kind_of(document), chosen, len(document.sections))
    if selection.cuts or selection.columns_off or selection.passages is not None:
        return say("documents.part_of", extent=extent(document))
    return extent(document)


def kind_of(document: Document) -> SectionKind:
    """Return the kind of a document's sections."""
    return document.sections[0].kind if document.sections else SectionKind.WHOLE


def tokens_of(document: Document) -> float:
    """Return the estimated tokens of all of a document's words."""
    sample: list[str] = []
    letters = sampled = 0
    for section in document.sections:
        for block in section.blocks:
            length = sum(len(run.text) for run in block.runs)
            letters += length
            if sampled < _SAMPLE:
                sample.append(block.text)
                sampled += length
    return estimate_tokens("".join(sample)[:_SAMPLE]) * letters / max(1, min(sampled, _SAMPLE))


def tokens_of_text(text: str) -> float:
    """Return the estimated tokens of a text, of a very long one by its beginning."""
    return estimate_tokens(text[:_SAMPLE]) * max(1.0, len(text) / _SAMPLE)


def tokens_of_part(part: FilePart) -> float:
    """Return the estimated tokens of what is sent of a file."""
    return OF_PICTURE if isinstance(part, ImagePart) else tokens_of_text(part.text)


def text_length(tokens: float) -> str:
    """Return the length of a text: "about 2 pages of text"."""
    pages = tokens / tokens_of_a_page()
    if pages < 0.75:
        return say("documents.less_than_a_page_of_text")
    return say("documents.about_pages_of_text", round(pages))


def sent_extent(part: FilePart) -> str:
    """Return how much of a file went out with a message, or the measures of a picture."""
    if isinstance(part, ImagePart):
        if not part.width:
            return ""
        return say("documents.measures", width=number(part.width), height=number(part.height))
    if not part.text:  # of another program, whose export names its files
        return say("documents.its_name_alone")
    return part.extent or _whole_extent(part)


def _whole_extent(part: AttachmentPart) -> str:
    """Return how much a file holds that was sent as a whole, as `extent` told it before."""
    last = section_at(part.text, part.anchors, len(part.text) - 1)
    kind = last.kind if last is not None else None
    if last is not None and kind is not None and (kind is not SectionKind.SHEET or last.number > 1):
        return say_each("documents.sections", kind, last.number)
    rows = [line for line in part.text.split("\n") if line.startswith("|")]
    return say("documents.rows", _count_rows(rows)) if rows else text_length(tokens_of_text(part.text))


def section_name(kind: SectionKind, section: int) -> str:
    """Return the name of a section that has no title: "Page 4"."""
    return say_each("documents.section", kind, at=number(section))


def place_in_words(kind: SectionKind, section: int, title: str = "") -> str:
    """Return where in a file something stands, as a piece of a sentence: "page 4", "sheet Bank"; empty in a whole."""
    if kind is SectionKind.SHEET and title:
        return say("passages.sheet", title=show_invisible(title))
    return "" if kind is SectionKind.WHOLE else say_each("passages.at", kind, at=number(section))


def places_in_words(marks: Iterable[MarkLine]) -> str:
    """Return all of these places: "pages 3 · 7", "sheet Bank · sheet Rents"."""
    places = list(dict.fromkeys((mark.kind, mark.number, mark.title) for mark in marks if mark.kind is not None))
    if len(places) > 1 and {kind for kind, _, _ in places} == {places[0][0]} - {SectionKind.SHEET}:
        return say_each("passages.several", places[0][0], at=" · ".join(number(at) for _, at, _ in places))
    return " · ".join(place_in_words(*each) for each in places)


def passages_of(passages: int, files: int) -> str:
    """Return how much of folders went: "6 passages of 4 files"."""
    return say("passages.of_files", files, passages=say("passages.passages", passages))


def chosen_sections(kind: SectionKind, chosen: int, of: int) -> str:
    """Return how many sections are chosen: "3 of 14 pages"."""
    if chosen < of:
        return say_each("documents.some_sections", kind, of, chosen=number(chosen))
    return say_each("documents.sections", kind, of)


def use_sections(kind: SectionKind, chosen: int) -> str:
    """Return the words of the button that takes what is chosen: "Use these 3 pages"."""
    return say_each("documents.use", kind if chosen != 1 else SectionKind.WHOLE, chosen)


def pages_as_pictures(count: int, of: int) -> str:
    """Return the words of the button that sends pages as pictures, of so many: "Send the first 10 as pictures"."""
    if count < of:
        return say("documents.send_the_first_pages_as_pictures", count)
    return say("documents.send_pages_as_pictures", count)


def left_out(kind: SectionKind, fold: Fold) -> str:
    """Return the words of a line that stands for what is not sent: "Pages 5–6 stay here."."""
    match fold:
        case SectionsLeftOut(first, last) if first == last:
            return say("documents.section_stays_here", section=section_name(kind, first))
        case SectionsLeftOut(first, last):
            return say_each("documents.sections_stay_here", kind, first=number(first), last=number(last))
        case BlocksLeftOut(_, first, last):
            return say("documents.paragraphs_stay_here", last - first + 1)
        case LinesLeftOut(_, _, first, last):
            return say("documents.lines_stay_here", last - first + 1)
        case CutOut(_, text) if lines := text.strip("\n").count("\n"):
            return say("documents.lines_taken_out", lines + 1)
        case CutOut(_, text):
            return say("documents.words_taken_out", len(text.split()))


def remark(said: Remark) -> str:
    """Return what became of a part of a file, as a sentence."""
    detail = said.detail[:_NAMES_OF_FILES_INSIDE]
    match said.kind:
        case RemarkKind.ROWS_LEFT_OUT if not said.count:
            return say("documents.rows_at_its_end_were_left_out")
        case RemarkKind.SECTIONS_LEFT_OUT if not said.count:
            return say("documents.its_end_was_left_out")
        case RemarkKind.FILES_INSIDE if not detail:
            return say("documents.objects_of_other_programs", said.count)
        case kind:
            return say_each("documents.remark", kind, said.count, detail=detail)


def _is_table(document: Document) -> bool:
    first = document.sections[0].blocks[:_BLOCKS_LOOKED_AT] if document.sections else ()
    return any(block.is_table for block in first)


def _rows(document: Document) -> int:
    tables = [block.text for section in document.sections for block in section.blocks if block.is_table]
    return _count_rows([row for text in tables for row in text.split("\n")])


def _count_rows(rows: Sequence[str]) -> int:
    """Return how many of the rows stand below the one that names the columns: of several, one without a figure."""
    names = row_cells(rows[0]) if rows else []
    has_names = len(names) > 1 and not any(cell[:1].isdecimal() for cell in names)
    return len(rows) - 1 if has_names and len(rows) > 1 else len(rows)
