"""Files in words: how much a file holds, what of it is sent, and what became of it while it was read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from desktop.core.context.filling import OF_PICTURE
from desktop.core.documents.document import Aside, Document, Remark, RemarkKind, SectionKind
from desktop.core.documents.naming_places import PlaceWord, sentence_for
from desktop.core.documents.selection import Selection
from desktop.core.message import FilePart, ImagePart
from desktop.core.prompts.prompt import Language
from desktop.core.text.tokens import estimate_tokens
from desktop.ui.words import fill, number, prompt_language, tokens_of_a_page, translate

_SAMPLE = 40_000  # letters, by which the tokens of a longer text are told: nobody waits for a few per cent
_BLOCKS_LOOKED_AT = 50  # for a table, of a text that is one whole
_NAMES_OF_FILES_INSIDE = 200  # characters; a mail may hold any number of files


def extent(document: Document) -> str:
    """Return how much a file holds: "14 pages", "310 rows", "about 2 pages of text"."""
    kind = kind_of(document)
    if kind is SectionKind.WHOLE or (kind is SectionKind.SHEET and len(document.sections) == 1):
        return _COUNTS.rows(_rows(document)) if _is_table(document) else text_length(tokens_of(document))
    return _COUNTS.sections(kind, len(document.sections))


def ask_for_places(places: Sequence[PlaceWord]) -> str:
    """Return the words of what asks for places."""
    match places:
        case [PlaceWord.PAGE]:
            return translate("documents", "Ask for pages")
        case [PlaceWord.SHEET]:
            return translate("documents", "Ask for sheets")
        case [PlaceWord.SLIDE]:
            return translate("documents", "Ask for slides")
        case [PlaceWord.CLAUSE]:
            return translate("documents", "Ask for clauses")
        case _:
            return translate("documents", "Ask for places")


def explained_places(places: Sequence[PlaceWord]) -> str:
    """Return what asking for places adds to a message."""
    sample = "请" if prompt_language() is Language.CHINESE else ""
    return fill(translate("documents", "Adds to your message: “%1”"), sentence_for(places, sample))


def chosen_extent(document: Document, selection: Selection) -> str:
    """Return what of a file is chosen: "14 pages" for all, "3 of 14 pages" for some."""
    chosen = sum(1 for section in document.sections if selection.has(section))
    if chosen < len(document.sections):
        return _COUNTS.sections_of(kind_of(document), chosen, len(document.sections))
    if selection.cuts or selection.columns_off or selection.passages is not None:
        return fill(translate("documents", "part of %1"), extent(document))
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
        return translate("documents", "less than a page of text")
    return _COUNTS.pages_of_text(round(pages))


def sent_extent(part: FilePart) -> str:
    """Return how much of a file went out with a message, or the measures of a picture."""
    if isinstance(part, ImagePart):
        if not part.width:
            return ""
        return fill(translate("documents", "%1 × %2", "pixels"), number(part.width), number(part.height))
    if not part.text:  # of another program, whose export names its files
        return translate("documents", "its name alone")
    return part.extent or text_length(tokens_of_text(part.text))


def sections_name(kind: SectionKind) -> str:
    """Return the heading over the sections of a file: "Pages"."""
    match kind:
        case SectionKind.PAGE:
            return translate("documents", "Pages")
        case SectionKind.SHEET:
            return translate("documents", "Sheets")
        case SectionKind.SLIDE:
            return translate("documents", "Slides")
        case SectionKind.CHAPTER:
            return translate("documents", "Sections")
        case SectionKind.MAIL:
            return translate("documents", "Mails")
        case SectionKind.FILE:
            return translate("documents", "Files")
        case SectionKind.WHOLE:
            return translate("documents", "Text")


def section_name(kind: SectionKind, section: int) -> str:
    """Return the name of a section that has no title: "Page 4"."""
    names = {
        SectionKind.PAGE: translate("documents", "Page %1"),
        SectionKind.SHEET: translate("documents", "Sheet %1"),
        SectionKind.SLIDE: translate("documents", "Slide %1"),
        SectionKind.CHAPTER: translate("documents", "Section %1"),
        SectionKind.MAIL: translate("documents", "Mail %1"),
        SectionKind.FILE: translate("documents", "File %1"),
        SectionKind.WHOLE: translate("documents", "Text"),
    }
    return fill(names[kind], number(section))


def chosen_sections(kind: SectionKind, chosen: int, of: int) -> str:
    """Return how many sections are chosen: "3 of 14 pages"."""
    return _COUNTS.sections_of(kind, chosen, of) if chosen < of else _COUNTS.sections(kind, of)


def use_sections(kind: SectionKind, chosen: int) -> str:
    """Return the words of the button that takes what is chosen: "Use these 3 pages"."""
    return _COUNTS.use(kind, chosen)


def pages_as_pictures(count: int, of: int) -> str:
    """Return the words of the button that sends pages as pictures, of so many: "Send the first 10 as pictures"."""
    return _COUNTS.first_pictures(count) if count < of else _COUNTS.all_pictures(count)


def sections_left_out(kind: SectionKind, first: int, last: int) -> str:
    """Return the words of a folded line: "Pages 5–6 stay here."."""
    if first == last:
        return fill(translate("documents", "%1 stays here.", "such as page 5"), section_name(kind, first))
    templates = {
        SectionKind.PAGE: translate("documents", "Pages %1–%2 stay here."),
        SectionKind.SHEET: translate("documents", "Sheets %1–%2 stay here."),
        SectionKind.SLIDE: translate("documents", "Slides %1–%2 stay here."),
        SectionKind.CHAPTER: translate("documents", "Sections %1–%2 stay here."),
        SectionKind.MAIL: translate("documents", "Mails %1–%2 stay here."),
        SectionKind.FILE: translate("documents", "Files %1–%2 stay here."),
        SectionKind.WHOLE: "",
    }
    return fill(templates[kind], number(first), number(last))


def lines_taken_out(text: str) -> str:
    """Return the words of a folded line for a text that was taken out: "4 lines taken out"."""
    lines = text.strip("\n").count("\n") + 1
    return _COUNTS.lines_out(lines) if lines > 1 else _COUNTS.words_out(len(text.split()))


def paragraphs_left_out(count: int) -> str:
    """Return the words of a folded line: "12 paragraphs stay here"."""
    return _COUNTS.paragraphs_out(count)


def lines_left_out(count: int) -> str:
    """Return the words of a folded line: "340 lines stay here"."""
    return _COUNTS.lines_left(count)


def aside_name(aside: Aside) -> str:
    """Return the name of a switch for text that stands beside the text itself."""
    match aside:
        case Aside.FOOTNOTE:
            return translate("documents", "Footnotes")
        case Aside.COMMENT:
            return translate("documents", "Comments")
        case Aside.INSERTED:
            return translate("documents", "Tracked insertions")
        case Aside.DELETED:
            return translate("documents", "Tracked deletions")
        case Aside.NOTE:
            return translate("documents", "Speaker's notes")
        case Aside.HIDDEN:
            return translate("documents", "Hidden text")
        case Aside.HEADER:
            return translate("documents", "Headers and footers")


def remark(said: Remark) -> str:
    """Return what became of a part of a file, as a sentence."""
    match said.kind:
        case RemarkKind.WITHOUT_TEXT:
            return _COUNTS.without_text(said.count)
        case RemarkKind.PICTURES:
            return _COUNTS.pictures(said.count)
        case RemarkKind.ROWS_LEFT_OUT if said.count:
            return _COUNTS.rows_out(said.count)
        case RemarkKind.ROWS_LEFT_OUT:
            return translate("documents", "The table is too long: rows at its end were left out.")
        case RemarkKind.SECTIONS_LEFT_OUT if said.count:
            return _COUNTS.sections_out(said.count)
        case RemarkKind.SECTIONS_LEFT_OUT:
            return translate("documents", "The file is too long: its end was left out.")
        case RemarkKind.NOT_CALCULATED:
            return _COUNTS.not_calculated(said.count)
        case RemarkKind.FILES_INSIDE if not said.detail:
            return _COUNTS.objects_inside(said.count)
        case RemarkKind.FILES_INSIDE:
            return fill(_COUNTS.files_inside(said.count), said.detail[:_NAMES_OF_FILES_INSIDE])
        case RemarkKind.ENCODING:
            words = translate("documents", "Read as %1. If letters look wrong, choose another way to read it.")
            return fill(words, said.detail)
        case RemarkKind.DAMAGED:
            return translate("documents", "A part of the file is damaged and could not be read.")
        case RemarkKind.FORM:
            return _COUNTS.form(said.count)


def _is_table(document: Document) -> bool:
    first = document.sections[0].blocks[:_BLOCKS_LOOKED_AT] if document.sections else ()
    return any(block.is_table for block in first)


def _rows(document: Document) -> int:
    return sum(
        block.text.count("\n") + 1 for section in document.sections for block in section.blocks if block.is_table
    )


class _FileCounts(QObject):
    """The counted nouns. A class only since the translators' tool finds plural forms nowhere but in `self.tr`."""

    def sections(self, kind: SectionKind, count: int) -> str:
        match kind:
            case SectionKind.PAGE:
                return self.tr("%Ln pages", "", count)
            case SectionKind.SHEET:
                return self.tr("%Ln sheets", "", count)
            case SectionKind.SLIDE:
                return self.tr("%Ln slides", "", count)
            case SectionKind.CHAPTER:
                return self.tr("%Ln sections", "", count)
            case SectionKind.MAIL:
                return self.tr("%Ln mails", "", count)
            case SectionKind.FILE:
                return self.tr("%Ln files", "", count)
            case SectionKind.WHOLE:
                return translate("documents", "Text")

    def sections_of(self, kind: SectionKind, chosen: int, of: int) -> str:
        """Return "3 of 14 pages"."""
        match kind:
            case SectionKind.PAGE:
                template = self.tr("%1 of %Ln pages", "", of)
            case SectionKind.SHEET:
                template = self.tr("%1 of %Ln sheets", "", of)
            case SectionKind.SLIDE:
                template = self.tr("%1 of %Ln slides", "", of)
            case SectionKind.CHAPTER:
                template = self.tr("%1 of %Ln sections", "", of)
            case SectionKind.MAIL:
                template = self.tr("%1 of %Ln mails", "", of)
            case _:
                template = self.tr("%1 of %Ln files", "", of)
        return fill(template, number(chosen))

    def use(self, kind: SectionKind, count: int) -> str:
        match kind if count != 1 else SectionKind.WHOLE:
            case SectionKind.PAGE:
                return self.tr("Use these %Ln pages", "", count)
            case SectionKind.SHEET:
                return self.tr("Use these %Ln sheets", "", count)
            case SectionKind.SLIDE:
                return self.tr("Use these %Ln slides", "", count)
            case SectionKind.CHAPTER:
                return self.tr("Use these %Ln sections", "", count)
            case SectionKind.MAIL:
                return self.tr("Use these %Ln mails", "", count)
            case SectionKind.FILE:
                return self.tr("Use these %Ln files", "", count)
            case SectionKind.WHOLE:
                return translate("documents", "Use this text")

    def all_pictures(self, count: int) -> str:
        return self.tr("Send %Ln pages as pictures", "", count)

    def first_pictures(self, count: int) -> str:
        return self.tr("Send the first %Ln pages as pictures", "", count)

    def rows(self, count: int) -> str:
        return self.tr("%Ln rows", "", count)

    def pages_of_text(self, count: int) -> str:
        return self.tr("about %Ln pages of text", "", count)

    def lines_out(self, count: int) -> str:
        return self.tr("%Ln lines taken out", "", count)

    def words_out(self, count: int) -> str:
        return self.tr("%Ln words taken out", "", count)

    def paragraphs_out(self, count: int) -> str:
        return self.tr("%Ln paragraphs stay here.", "", count)

    def lines_left(self, count: int) -> str:
        return self.tr("%Ln lines stay here.", "", count)

    def without_text(self, count: int) -> str:
        return self.tr("%Ln pages are pictures without text, such as a scan: nothing of them is sent.", "", count)

    def pictures(self, count: int) -> str:
        return self.tr("%Ln pictures in the file are not read.", "", count)

    def rows_out(self, count: int) -> str:
        return self.tr("The table is too long: %Ln rows at its end were left out.", "", count)

    def sections_out(self, count: int) -> str:
        return self.tr("The file is too long: %Ln pages at its end were left out.", "", count)

    def not_calculated(self, count: int) -> str:
        return self.tr("%Ln cells hold a formula without a result; they are empty here.", "", count)

    def files_inside(self, count: int) -> str:
        return self.tr("%Ln files inside were not read: %1", "", count)

    def objects_inside(self, count: int) -> str:
        return self.tr(
            "%Ln objects of other programs in the file are not read, such as a drawing or a table.", "", count
        )

    def form(self, count: int) -> str:
        return self.tr("%Ln values that were typed into its form are included.", "", count)


_COUNTS = _FileCounts()
