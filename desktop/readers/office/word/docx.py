"""Word documents (.docx and its variants): paragraphs and tables in order, and what stands beside them in its place.

The file tells no pages: `place` is the number of the paragraph or table in the body, with row and column in a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from desktop.core.documents.document import Aside, Block, Opened, ReadingEvent, Run
from desktop.readers.office.drawing import chart_blocks, diagram_blocks
from desktop.readers.office.elements import Part, child, children, chosen, is_on, main_part, number, stream, value
from desktop.readers.office.word.paragraphs import Numbers, Styles, WordMark, WordParagraph, WordText
from desktop.readers.source import Source
from desktop.readers.text.blocks import Cell, Runs, accepted, chapters, comment, left_out, margins, table_blocks
from desktop.readers.text.html import decode_html, html_blocks
from desktop.readers.zip_package import Package

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WIDEST_CELL = 64  # columns that a cell may span
_WRAPPERS = frozenset(
    {"w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:del", "w:moveTo", "w:moveFrom", "w:smartTag"}
)


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the text of a Word document. Raises `ReadingError`."""
    with Package(source) as package:
        part = main_part(package, "word/document.xml")
        yield Opened(MEDIA_TYPE)
        document = _Document(part)
        yield from chapters(document.blocks())
        yield from left_out(document.text.pictures, document.files)


class _Document:
    """Blocks of a document, read in order."""

    def __init__(self, part: Part) -> None:
        self._main = self._part = part  # the latter is that which is read, the body or a header
        styles = Styles(self._first("styles"))
        self._styles = styles
        self._numbers = Numbers(self._first("numbering"), styles)
        self.text = WordText(styles)
        self._notes = {
            "w:footnoteReference": _by_id(self._first("footnotes")),
            "w:endnoteReference": _by_id(self._first("endnotes")),
            "w:commentReference": _by_id(self._first("comments")),
        }
        self.files = 0
        self._is_beside = False  # in a note, which may hang on itself

    def blocks(self) -> Iterator[Block]:
        """Yield headers, the body with what belongs to its paragraphs, and footers."""
        yield from margins(self._margins("header"), "header")
        count = 0
        for element in stream(self._main.package, self._main.name, "w:body"):
            for each in _unwrapped([element], {"w:p", "w:tbl", "w:altChunk"}):
                count += 1
                yield from self._body(each, str(count))
        yield from margins(self._margins("footer"), "footer")

    def _body(self, element: Element, place: str) -> Iterator[Block]:
        match element.tag:
            case "w:p":
                paragraph = self.text.paragraph(element)
                yield self._block(element, paragraph, place)
                yield from self._beside(paragraph.marks, place)
            case "w:tbl":
                yield from self._table(element, place)
            case "w:altChunk":
                part = self._main.related.get(element.get("r:id", ""))
                if part is not None and part.name.lower().endswith((".html", ".htm", ".mht")):
                    for block in html_blocks(decode_html(part.package.read(part.name)).text):
                        yield Block(block.runs, place, block.level, block.is_table)
                else:
                    self.files += 1

    def _block(self, element: Element, paragraph: WordParagraph, place: str) -> Block:
        properties = child(element, "w:pPr")
        label = self._numbers.label(properties)
        runs = paragraph.runs.runs()
        if label and runs:
            # The number of a paragraph that was inserted or deleted goes with it.
            kinds = {(run.aside, run.by) for run in runs}
            aside, by = next(iter(kinds)) if len(kinds) == 1 else (None, "")
            numbered = Runs()
            numbered.append(label, aside, by)
            numbered.extend(runs)
            runs = numbered.runs()
        return Block(runs, place, self._styles.level(properties))

    def _inside(self, elements: Iterable[Element], place: str) -> Iterator[Block]:
        """Yield what stands in a note, a text box or a cell."""
        for each in _unwrapped(elements, {"w:p", "w:tbl"}):
            yield from self._body(each, place)

    def _beside(self, marks: Iterable[WordMark], place: str) -> Iterator[Block]:
        """Yield what hangs on a paragraph."""
        for mark in marks:
            refers_to = self._referred(mark.element)
            match mark.kind:
                case "w:footnoteReference" | "w:endnoteReference" | "w:commentReference" if not self._is_beside:
                    yield from self._note(mark, place)
                case "w:txbxContent" if mark.element is not None:
                    yield from self._inside(mark.element, place)
                case "c:chart" if refers_to is not None:
                    yield from chart_blocks(refers_to, place)
                case "dgm:relIds" if refers_to is not None:
                    yield from diagram_blocks(refers_to, place)
                case "o:OLEObject":
                    self.files += 1
                case "v:textpath":
                    yield Block(Runs(mark.words).runs(), place)

    def _note(self, mark: WordMark, place: str) -> Iterator[Block]:
        note = self._notes[mark.kind].get(mark.of)
        if note is None:
            return
        self._is_beside = True
        text = self._words(note, place)
        self._is_beside = False
        if text and mark.kind == "w:commentReference":
            yield comment(text, mark.words, note.get("w:author", ""), place)
        elif text:
            yield Block((Run(text, Aside.FOOTNOTE),), place)

    def _referred(self, element: Element | None) -> Part | None:
        """Return the part that an element in a drawing refers to."""
        return None if element is None else self._part.related.get(element.get("r:id", element.get("r:dm", "")))

    def _table(self, table: Element, place: str) -> Iterator[Block]:
        rows = list(_unwrapped(table, {"w:tr"}))
        if len(rows) == 1 and len(cells := list(_unwrapped(rows[0], {"w:tc"}))) == 1:
            yield from self._inside(cells[0], f"{place}:1:1")  # a frame around text
            return
        marks: list[WordMark] = []
        yield from table_blocks([self._row(each, marks) for each in rows], place)
        yield from self._beside(marks, place)

    def _row(self, row: Element, marks: list[WordMark]) -> list[Cell]:
        properties = child(row, "w:trPr")
        is_hidden = is_on(properties, "w:hidden")
        change = child(properties, "w:ins")
        change = child(properties, "w:del") if change is None else change
        cells: list[Cell] = [()] * min(number(value(properties, "w:gridBefore")), _WIDEST_CELL)
        for cell in _unwrapped(row, {"w:tc"}):
            form = child(cell, "w:tcPr")
            merged = child(form, "w:vMerge")
            runs = Runs()
            if merged is None or merged.get("w:val") == "restart":
                self._cell(cell, runs, marks, change)
            cells.append(runs.aside(Aside.HIDDEN) if is_hidden else runs.runs())
            span = min(number(value(form, "w:gridSpan"), 1), _WIDEST_CELL)
            cells.extend([()] * (span - 1))
        return cells

    def _cell(self, cell: Element, runs: Runs, marks: list[WordMark], change: Element | None) -> None:
        """Collect the words of a cell; those of a table in it stand in one line."""
        for each in _unwrapped(cell, {"w:p", "w:tbl"}):
            if runs.has_words:
                runs.append(" ")
            if each.tag == "w:p":
                paragraph = self.text.paragraph(each, change)
                runs.extend(self._block(each, paragraph, "").runs)
                marks.extend(paragraph.marks)
                continue
            for index, row in enumerate(_unwrapped(each, {"w:tr"})):
                if index:
                    runs.append("; ")
                for inner in _unwrapped(row, {"w:tc"}):
                    self._cell(inner, runs, marks, change)

    def _margins(self, kind: str) -> Iterator[str]:
        """Yield the headers or footers of all pages, sections and variants."""
        for part in sorted(self._main.of_kind(kind), key=lambda each: each.name):
            self._part = part
            yield self._words(children(part.root), "")
        self._part = self._main

    def _words(self, element: Iterable[Element], place: str) -> str:
        """Return what stands in a note, a comment or a header as plain text, as it is with all changes accepted."""
        return accepted(self._inside(element, place))

    def _first(self, kind: str) -> Element | None:
        return next((part.root for part in self._main.of_kind(kind)), None)


def _by_id(root: Element | None) -> dict[str, Element]:
    return {each.get("w:id", ""): each for each in children(root)}


def _unwrapped(elements: Iterable[Element], tags: set[str]) -> Iterator[Element]:
    """Yield the elements with these tags, also out of content controls and whatever else is put around them."""
    for each in elements:
        if each.tag in tags:
            yield each
        elif each.tag == "mc:AlternateContent":
            if (best := chosen(each)) is not None:
                yield from _unwrapped(best, tags)
        elif each.tag in _WRAPPERS:
            yield from _unwrapped(each, tags)
