"""PDF files: pages, each a section of paragraphs, headings and tables; a place is the index of a letter on its page.

Files that tell their structure by tags are read by these: they name pieces of what is drawn by the numbers of their
marks, and what no tag names is no text of the page. Others are read by the place of their words. What is filled into
forms comes behind the words of its page.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from desktop.core.bounds import PDF_PAGES
from desktop.core.documents.document import (
    Aside,
    Block,
    Opened,
    ReadingError,
    ReadingEvent,
    ReadingProblem,
    Remark,
    RemarkKind,
    Run,
    Section,
    SectionKind,
    table_row,
)
from desktop.readers.pdf.layout import BlockWriter, blocks_by_place, lines_of
from desktop.readers.pdf.words import Word, words_of
from desktop.readers.source import DamagedError, Source

_DEEPEST = 60
_MOST_ELEMENTS = 20_000  # of a page
_MOST_COLUMNS = 200
_COVERED = 0.5  # of the words are named by tags that can be relied on
_LEVELS = {"Title": 1, "H": 1, **{f"H{level}": level for level in range(1, 7)}}
_ROWS = {"TR"}
_CELLS = {"TD", "TH"}
# Elements that stand by themselves; others are part of what they are in.
_BLOCKS = {
    "Table",
    "P",
    "LI",
    "Caption",
    "BlockQuote",
    "Note",
    "TOCI",
    "Formula",
    "Code",
    "Figure",
    "FENote",
    "Form",
    *_LEVELS,
}
_MARGIN = 0.14  # of the page's height, at the top and the bottom
_MOST_FIELDS = 5_000  # of a page
_TICKED, _UNTICKED = "☑", "☐"
_BOXES = {pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON}
_VALUES = {pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX}
_MOST_BYTES = 1 << 20


@dataclass(slots=True)
class Element:
    """Tag with what is in it: other tags, and marks. A hole is one that is empty in the file."""

    kind: str
    inside: list[Element | int] = field(default_factory=list)


def tree_of(page: pypdfium2.PdfPage) -> Element | None:
    """Return what the tags of a page name; None if it has none."""
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    if not tree:
        return None
    try:
        left = iter(range(_MOST_ELEMENTS))
        count = pdfium.FPDF_StructTree_CountChildren(tree)
        children = (pdfium.FPDF_StructTree_GetChildAtIndex(tree, index) for index in range(count))
        root = Element("", [_element(child, 0, left) for child in children if child])
        return root if root.inside else None
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _element(handle: Any, depth: int, left: Iterator[int]) -> Element:
    made = Element(_kind(handle))
    count = pdfium.FPDF_StructElement_CountChildren(handle) if depth < _DEEPEST else 0
    for index, _ in zip(range(count), left, strict=False):
        if child := pdfium.FPDF_StructElement_GetChildAtIndex(handle, index):
            made.inside.append(_element(child, depth + 1, left))
        elif (mark := pdfium.FPDF_StructElement_GetChildMarkedContentID(handle, index)) >= 0:
            made.inside.append(mark)
        elif made.kind in _ROWS:
            made.inside.append(Element("TD"))  # an empty cell is a hole
    return made


def _kind(handle: Any) -> str:
    buffer = ctypes.create_string_buffer(128)
    size = pdfium.FPDF_StructElement_GetType(handle, buffer, len(buffer))
    return buffer.raw[: max(0, min(size, len(buffer)) - 2)].decode("utf-16-le", "replace")


def blocks_by_tags(root: Element, words: Sequence[Word], writer: BlockWriter, height: float) -> list[Block] | None:
    """Return the blocks that tags name, and around them what they don't; None if they name too little."""
    named: dict[int, list[Word]] = {}
    for word in words:
        named.setdefault(word.mark, []).append(word)
    marks = set(_marks(root))
    if sum(len(named[mark]) for mark in marks & named.keys()) < _COVERED * len(words):
        return None
    blocks = list(_Tagged(named, writer).blocks(root))
    rest = [word for word in words if word.mark not in marks]
    above = [word for word in rest if word.bottom > (1 - _MARGIN) * height]
    below = [word for word in rest if word.bottom <= (1 - _MARGIN) * height]
    return [*_margin(above, writer, height), *blocks, *_margin(below, writer, height)]


def _marks(element: Element) -> Iterator[int]:
    for each in element.inside:
        if isinstance(each, int):
            yield each
        else:
            yield from _marks(each)


def _margin(words: list[Word], writer: BlockWriter, height: float) -> Iterator[Block]:
    for line in lines_of(words):
        is_header = not _MARGIN * height < line.bottom < (1 - _MARGIN) * height
        yield Block((Run(writer.text([line]), Aside.HEADER if is_header else None),), str(line.words[0].start))


class _Tagged:
    """The blocks of a page, of words by the numbers of their marks."""

    def __init__(self, named: dict[int, list[Word]], writer: BlockWriter) -> None:
        self._named = named
        self._writer = writer

    def blocks(self, element: Element) -> Iterator[Block]:
        """Yield the blocks in an element; words that stand between its blocks are one, too."""
        loose: list[Word] = []
        for each in element.inside:
            if isinstance(each, int):
                loose += self._named.get(each, ())
            elif not _is_block(each):
                loose += self._words(each)
            else:
                yield from self._writer.paragraph(lines_of(loose))
                loose = []
                if each.kind == "Table":
                    yield from self._table(each)
                elif _has_blocks(each):
                    yield from self.blocks(each)
                else:  # some programs tag headings as paragraphs, which their size tells
                    yield from self._writer.paragraph(lines_of(self._words(each)), _LEVELS.get(each.kind, 0))
        yield from self._writer.paragraph(lines_of(loose))

    def _words(self, element: Element) -> list[Word]:
        return [word for mark in _marks(element) for word in self._named.get(mark, ())]

    def _table(self, table: Element) -> Iterator[Block]:
        rows = [[self._words(cell) for cell in _within(row, _CELLS)] for row in _within(table, _ROWS)]
        rows = [row for row in rows if any(row)]
        if rows:
            yield self._writer.table([map(lines_of, row) for row in _aligned(rows)])
        else:
            yield from self._writer.paragraph(lines_of(self._words(table)))


def _within(element: Element, kinds: Iterable[str]) -> Iterator[Element]:
    """Yield the elements of these kinds in an element, but not those inside of such."""
    for each in element.inside:
        if isinstance(each, Element):
            if each.kind in kinds:
                yield each
            else:
                yield from _within(each, kinds)


def _has_blocks(element: Element) -> bool:
    return any(isinstance(each, Element) and _is_block(each) for each in element.inside)


def _is_block(element: Element) -> bool:
    return element.kind in _BLOCKS or _has_blocks(element)


def _aligned(rows: list[list[list[Word]]]) -> list[list[list[Word]]]:
    """Return rows with as many cells as the widest has, by the place of their words: files leave empty cells out."""
    widest = max(rows, key=lambda row: (len(row), sum(map(bool, row))))
    if all(len(row) == len(widest) for row in rows) or len(widest) > _MOST_COLUMNS:
        return rows
    starts = [min((word.left for word in cell), default=None) for cell in widest]
    aligned = []
    for row in rows:
        if len(row) == len(widest):
            aligned.append(row)
            continue
        cells: list[list[Word]] = [[] for _ in widest]
        column = 0
        for index, cell in enumerate(row):
            last = len(widest) - (len(row) - index)  # so that those that follow have their places
            if cell:
                middle = (min(word.left for word in cell) + max(word.right for word in cell)) / 2
                left_of = [number for number, start in enumerate(starts) if start is not None and start <= middle]
                column = min(max([column, *left_of]), last)
            cells[min(column, last)] = cell
            column += 1
        aligned.append(cells)
    return aligned


def _fields(page: pypdfium2.PdfPage) -> Iterator[list[str]]:
    """Yield the fields of a page that say something, each with its value."""
    for index in range(min(_MOST_FIELDS, pdfium.FPDFPage_GetAnnotCount(page))):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            is_field = pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_WIDGET
            if is_field and (said := _field(page.formenv, annotation)):
                yield said
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _field(form: Any, annotation: Any) -> list[str] | None:
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    name = _told(pdfium.FPDFAnnot_GetFormFieldAlternateName, form, annotation) or _told(
        pdfium.FPDFAnnot_GetFormFieldName, form, annotation
    )
    if kind in _BOXES:
        value = _TICKED if pdfium.FPDFAnnot_IsChecked(form, annotation) else _UNTICKED
        if kind == pdfium.FPDF_FORMFIELD_RADIOBUTTON:  # of several with one name, this tells which
            value = f"{value} {_told(pdfium.FPDFAnnot_GetFormFieldExportValue, form, annotation)}".rstrip(" ")
    else:
        value = _told(pdfium.FPDFAnnot_GetFormFieldValue, form, annotation) if kind in _VALUES else ""
    return [name, value] if value.strip() else None


def _told(ask: Callable[..., int], form: Any, annotation: Any) -> str:
    size = min(_MOST_BYTES, ask(form, annotation, None, 0))
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    ask(form, annotation, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")


_MOST_OBJECTS = 2_000  # of a page, that are looked at for pictures
_MOST_TITLES = 20_000
_LARGE = 40.0  # points; what is smaller is no picture that says something


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the pages of a PDF file as sections. Raises `ReadingError`."""
    with opened(source) as document:
        count = len(document)
        read_count = min(count, PDF_PAGES)
        yield Opened("application/pdf", read_count)
        pages = _Pages(document)
        for index in range(read_count):
            yield pages.section(index)
        yield from pages.remarks()
        if count > read_count:
            yield Remark(RemarkKind.SECTIONS_LEFT_OUT, count - read_count)


class _Pages:
    """Reader of the pages of a file, one after the other, which remembers what is to be said of them."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._document = document
        if document.get_formtype() != pdfium.FORMTYPE_NONE:
            document.init_forms()  # before its pages are opened
        self._is_tagged = bool(pdfium.FPDFCatalog_IsTagged(document))
        self._titles = _titles(document)
        self._writer = BlockWriter()
        self._without_text: list[int] = []
        self._damaged: list[int] = []
        self._pictures = 0
        self._fields = 0

    def section(self, index: int) -> Section:
        """Return the next page."""
        blocks: list[Block] = []
        try:
            page = self._document[index]
            try:
                blocks = self._blocks(page, index + 1)
            finally:
                page.close()
        except pypdfium2.PdfiumError:
            self._damaged.append(index + 1)
        headings = [block.text for block in blocks if block.level]
        starts_with_one = bool(blocks and blocks[0].level)
        title = (headings[0] if starts_with_one else self._titles.get(index)) or next(iter(headings), "")
        return Section(SectionKind.PAGE, index + 1, " ".join(title.split()), tuple(blocks))

    def remarks(self) -> Iterator[Remark]:
        """Yield what became of the pages."""
        for kind, pages in ((RemarkKind.WITHOUT_TEXT, self._without_text), (RemarkKind.DAMAGED, self._damaged)):
            if pages:
                yield Remark(kind, len(pages), _listed(pages))
        for kind, count in ((RemarkKind.FORM, self._fields), (RemarkKind.PICTURES, self._pictures)):
            if count:
                yield Remark(kind, count)

    def _blocks(self, page: pypdfium2.PdfPage, number: int) -> list[Block]:
        tree = tree_of(page) if self._is_tagged else None
        words = words_of(page, has_marks=tree is not None)
        self._writer.learn_words(words)
        blocks = blocks_by_tags(tree, words, self._writer, page.get_height()) if tree else None
        if blocks is None:
            blocks = list(blocks_by_place(words, self._writer))
        if page.formenv and (rows := list(_fields(page))):
            self._fields += len(rows)
            blocks.append(Block((Run("\n".join(map(table_row, rows))),), is_table=True))
        pictures, objects = _drawn(page)
        if blocks:
            self._pictures += pictures
        elif objects:
            self._without_text.append(number)
        return blocks


def _drawn(page: pypdfium2.PdfPage) -> tuple[int, int]:
    """Return how many pictures a page shows, and how many things of any kind."""
    count = pdfium.FPDFPage_CountObjects(page)
    pictures = 0
    for index in range(min(count, _MOST_OBJECTS)):
        drawn = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(drawn) == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = pypdfium2.PdfObject(drawn, page=page).get_bounds()
            pictures += right - left >= _LARGE and top - bottom >= _LARGE
    return pictures, count


def _titles(document: pypdfium2.PdfDocument) -> dict[int, str]:
    """Return the first entry of the outline for each page, by the page's index."""
    titles: dict[int, str] = {}
    try:
        for number, entry in enumerate(document.get_toc()):
            target = entry.get_dest()
            index = target.get_index() if target else None
            if index is not None and index not in titles and (title := entry.get_title()):
                titles[index] = title
            if number >= _MOST_TITLES:
                break
    except (pypdfium2.PdfiumError, ValueError):
        return titles  # an outline that is broken, or goes in a circle
    return titles


def _listed(numbers: list[int]) -> str:
    """Return numbers of pages, some at a time: "1-3, 7"."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in ranges[:20])


@contextmanager
def opened(source: Source) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF file. Raises `ReadingError`."""
    content = source.path if source.inside is None else source.inside
    try:
        document = pypdfium2.PdfDocument(content, password=source.password or None)
    except pypdfium2.PdfiumError as error:
        raise _problem(source) from error
    try:
        if len(document) == 0:
            raise DamagedError("no pages")
        yield document
    finally:
        document.close()


def _problem(source: Source) -> ReadingError:
    match pdfium.FPDF_GetLastError():
        case pdfium.FPDF_ERR_PASSWORD:
            return ReadingError(ReadingProblem.WRONG_PASSWORD if source.password else ReadingProblem.NEEDS_PASSWORD)
        case pdfium.FPDF_ERR_SECURITY:
            return ReadingError(ReadingProblem.PROTECTED)
        case _:
            return ReadingError(ReadingProblem.DAMAGED)
