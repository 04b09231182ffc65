"""OpenDocument files: texts (.odt) by paragraphs, slides (.odp) by their shapes, spreadsheets (.ods) by rows.

A spreadsheet holds the shown text beside the value, so nothing is calculated or formatted. Repeated rows and columns,
which stand for a million empty cells in a few bytes, are followed as far as they have words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from desktop.core.documents.document import (
    Aside,
    Block,
    Opened,
    ReadingError,
    ReadingEvent,
    ReadingProblem,
    Run,
    Section,
    SectionKind,
)
from desktop.readers.office.drawing import child_text
from desktop.readers.office.elements import number, parse_if_there, short_names, stream, walk
from desktop.readers.office.odf_text import Change, OdfStyles, OdfText
from desktop.readers.office.sheet import Book, CellComment, Grid, as_cell
from desktop.readers.source import Source
from desktop.readers.text.blocks import Runs, chapters, left_out, margins
from desktop.readers.zip_package import Package

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_LAST_COLUMN = 16_383
_OFF = frozenset({"collapse", "filter"})


def sheets(package: Package, styles: OdfStyles) -> Iterator[ReadingEvent]:
    """Yield the sheets of a spreadsheet. Raises `ReadingError`."""
    yield Opened(MEDIA_TYPE)
    reader = _Reader(styles)
    shapes = count = 0
    for event, element, depth in walk(package, "content.xml"):
        tag = short_names[element.tag]
        if event == "start":
            shapes += tag in {"table:shapes", "office:annotation"}
            if tag == "table:table" and not shapes and not reader.is_open:
                count += 1
                reader.open_sheet(element.get(_name("name"), ""), element.get(_name("style-name")), count, depth)
            continue
        if not shapes:
            if tag == "table:table-row":
                reader.append_row(element)
                element.clear()
            elif tag == "table:table-column":
                reader.append_column(element)
            elif tag == "table:table" and depth == reader.depth:
                yield reader.close_sheet()
        shapes -= tag in {"table:shapes", "office:annotation"}
    yield from reader.book.remarks()


class _Reader:
    """Sheet that is read, and what all sheets share."""

    def __init__(self, styles: OdfStyles) -> None:
        self._styles = styles
        self.book = Book()
        self._grid = Grid(self.book)
        self._section = Section(SectionKind.SHEET, 0)
        self._row = 0
        self._column = 0
        self._hidden: list[tuple[int, int]] = []
        self.is_open = False
        self.depth = 0  # of the sheet's element

    def open_sheet(self, title: str, style: str | None, count: int, depth: int) -> None:
        """Begin a sheet."""
        self._hidden = []
        self._grid = Grid(self.book, self._hidden)
        self._section = Section(SectionKind.SHEET, count, title, (), self._styles.is_hidden(style))
        self._row = self._column = 0
        self.is_open, self.depth = True, depth

    def close_sheet(self) -> Section:
        """Return the sheet that was read."""
        self.is_open = False
        section = self._section
        return Section(section.kind, section.number, section.title, self._grid.blocks(), section.is_hidden)

    def append_column(self, column: Element) -> None:
        """Take note of a column, or of several alike."""
        repeated = number(column.get(_name("number-columns-repeated")), 1)
        if column.get(_name("visibility")) in _OFF:
            self._hidden.append((self._column, self._column + repeated - 1))
        self._column += repeated

    def append_row(self, row: Element) -> None:
        """Append a row, or several alike."""
        repeated = max(number(row.get(_name("number-rows-repeated")), 1), 1)
        cells, comments = self._cells(row)
        first = self._row + 1
        self._row += repeated
        if not cells and not comments:
            return
        for column, comment in comments:
            self._grid.comments.setdefault((first, column), []).append(comment)
        is_hidden = row.get(_name("visibility")) in _OFF
        for offset in range(repeated if cells else 0):
            if self.book.is_full:
                self.book.leave_out(self._section.title, repeated - offset)
                return
            self._grid.append_row(first + offset, cells, is_hidden=is_hidden)

    def _cells(self, row: Element) -> tuple[list[tuple[int, str]], list[tuple[int, CellComment]]]:
        """Return (column, text) of the cells with words, and the comments on cells by column."""
        cells: list[tuple[int, str]] = []
        comments: list[tuple[int, CellComment]] = []
        column = 0
        for cell in row:
            repeated = max(number(cell.get(_name("number-columns-repeated")), 1), 1)
            tag = short_names[cell.tag]
            if tag == "table:table-cell" and len(cell) and column <= _LAST_COLUMN:
                text = self._shown(cell, column, comments)
                for offset in range(min(repeated, _LAST_COLUMN + 1 - column) if text else 0):
                    cells.append((column + offset, text))
            elif tag == "table:table-cell" and cell.get(_name("formula")) and not cell.get(_OFFICE + "value-type"):
                self.book.not_calculated += 1
                cells.append((column, as_cell(cell.get(_name("formula"), "").partition(":")[2])))
            if tag.startswith("table:"):
                column += repeated
        return cells, comments

    def _shown(self, cell: Element, column: int, comments: list[tuple[int, CellComment]]) -> str:
        lines: list[str] = []
        for each in cell:
            match short_names[each.tag]:
                case "text:p":
                    lines.append(_text_in_cell(each))
                case "office:annotation":
                    words = " ".join(_text_in_cell(line) for line in each if short_names[line.tag] == "text:p")
                    by = next((line.text or "" for line in each if short_names[line.tag] == "dc:creator"), "")
                    if words.strip():
                        comments.append((column, CellComment(words, by)))
                case "draw:frame":
                    self.book.pictures += 1
        return as_cell("\n".join(lines))


def _text_in_cell(paragraph: Element) -> str:
    if not len(paragraph):
        return paragraph.text or ""
    said = [paragraph.text or ""]
    for each in paragraph:
        if short_names[each.tag] == "text:s":
            said.append(" ")
        elif short_names[each.tag] != "office:annotation":
            said.append(_text_in_cell(each))
        said.append(each.tail or "")
    return "".join(said)


_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def _name(local: str) -> str:
    return "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}" + local


_MEDIA_TYPE = "application/vnd.oasis.opendocument."
_LENGTH = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")
_UNITS = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96}


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the text of an OpenDocument file. Raises `ReadingError`."""
    with Package(source) as package:
        _turn_away_encrypted(package)
        kind = "text"
        if "mimetype" in package:
            kind = package.read("mimetype").decode("ascii", "replace").strip().rpartition(".")[2]
        kind = kind.removesuffix("-template").removesuffix("-master")
        styles = OdfStyles(package)
        if kind == "spreadsheet":
            yield from sheets(package, styles)
            return
        text = OdfText(package, styles)
        yield Opened(_MEDIA_TYPE + kind)
        if kind == "text":
            yield from chapters(_text(package, text))
        else:
            yield from _slides(package, text)
        yield from left_out(text.pictures, text.files)


def _turn_away_encrypted(package: Package) -> None:
    manifest = parse_if_there(package, "META-INF/manifest.xml")
    if manifest is not None and next(manifest.iter("manifest:encryption-data"), None) is not None:
        raise ReadingError(ReadingProblem.PROTECTED)


def _text(package: Package, text: OdfText) -> Iterator[Block]:
    yield from _margins(text, "header")
    count = 0
    for each in stream(package, "content.xml", "office:text"):
        if each.tag == "text:tracked-changes":
            text.changes.update(_changes(each))
            continue
        for element in _flattened(each):
            count += element.tag in {"text:p", "text:h", "text:list", "table:table"}
            yield from text.blocks([element], str(count))
    yield from _margins(text, "footer")


def _flattened(element: Element) -> Iterator[Element]:
    """Yield the pieces of a part of the text that is shown, so that each has its own place."""
    if element.tag == "text:section" and element.get("text:display") not in {"none", "condition"}:
        for each in element:
            yield from _flattened(each)
    else:
        yield element


def _changes(tracked: Element) -> Iterator[tuple[str, Change]]:
    for region in tracked:
        name = region.get("text:id", region.get("?:id", ""))
        for kind in region:
            creator = next(kind.iter("dc:creator"), None)
            by = creator.text or "" if creator is not None else ""
            if kind.tag == "text:insertion":
                yield name, Change(Aside.INSERTED, by)
            elif kind.tag == "text:deletion":
                yield name, Change(Aside.DELETED, by, kind)


def _margins(text: OdfText, kind: str) -> Iterator[Block]:
    tags = {f"style:{kind}{which}" for which in ("", "-left", "-first")}
    root = text.styles.root
    shown = (each for each in (root.iter() if root is not None else ()) if each.tag in tags)
    return margins((text.plain(each) for each in shown if each.get("style:display") != "false"), kind)


def _slides(package: Package, text: OdfText) -> Iterator[Section]:
    pages = 0
    for container in ("office:presentation", "office:drawing"):
        for page in stream(package, "content.xml", container):
            if page.tag == "draw:page":
                pages += 1
                yield _slide(page, pages, text)
        if pages:
            return


def _slide(page: Element, number: int, text: OdfText) -> Section:
    shapes = sorted(
        _shapes(page),
        key=lambda each: (each.get("presentation:class") != "title", _length(each, "svg:y"), _length(each, "svg:x")),
    )
    blocks: list[Block] = []
    title = ""
    for place, shape in enumerate(shapes, 1):
        is_title = shape.get("presentation:class") == "title"
        for block in _joined(text.blocks([shape], str(place)), str(place), level=int(is_title)):
            blocks.append(block)
            title = title or (" ".join(block.text.split()) if is_title else "")
    for notes in page.iter("presentation:notes"):
        for shape in notes:
            if shape.get("presentation:class") == "notes" and (words := text.plain([shape])):
                blocks.append(Block((Run(words, Aside.NOTE),), "notes"))
    for comment in page:
        if comment.tag == "office:annotation" and (words := text.plain(comment)):
            blocks.append(Block((Run(words, Aside.COMMENT, child_text(comment, "dc:creator")),), "comments"))
    return Section(
        SectionKind.SLIDE, number, title, tuple(blocks), is_hidden=text.styles.is_hidden(page.get("draw:style-name"))
    )


def _shapes(holder: Element) -> Iterator[Element]:
    for each in holder:
        if each.tag == "draw:g":
            yield from _shapes(each)
        elif each.tag.startswith("draw:") and each.get("presentation:placeholder") != "true":
            yield each


def _joined(blocks: Iterator[Block], place: str, level: int) -> Iterator[Block]:
    """Yield the paragraphs of a shape as one block, and tables as their own."""
    runs = Runs()
    for block in blocks:
        if block.is_table:
            if runs.has_words:
                yield Block(runs.runs(), place, level)
            runs = Runs()
            yield block
        elif block.runs:
            runs.append("\n" if runs.has_words else "")
            runs.extend(block.runs)
    if runs.has_words:
        yield Block(runs.runs(), place, level)


def _length(shape: Element, name: str) -> float:
    written = shape.get(name, shape.get(f"{name}1", ""))
    found = _LENGTH.match(written)
    return float(found[0]) * _UNITS.get(written[found.end() :], 1.0) if found else 0.0
