"""OpenDocument spreadsheets (.ods): what each cell shows, sheet by sheet, read row by row.

The file holds the shown text beside the value, so nothing is calculated or formatted. Repeated rows and columns, which
stand for a million empty cells in a few bytes, are followed as far as they have words.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from desktop.core.bounds import XML_DEPTH
from desktop.core.documents.document import Section, SectionKind
from desktop.core.documents.reading import Opened, ReadingEvent
from desktop.readers.office.elements import number, short_names
from desktop.readers.office.odf_text import OdfStyles
from desktop.readers.office.sheets.grid import Book, CellComment, Grid, as_cell
from desktop.readers.source import DamagedError
from desktop.readers.zip_package import Package

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_LAST_COLUMN = 16_383
_OFF = frozenset({"collapse", "filter"})


def sheets(package: Package, styles: OdfStyles) -> Iterator[ReadingEvent]:
    """Yield the sheets of a spreadsheet. Raises `ReadingError`."""
    yield Opened(MEDIA_TYPE)
    reader = _Reader(styles)
    depth = shapes = count = 0
    for event, element in package.iterparse("content.xml", ("start", "end")):
        tag = short_names[element.tag]
        if event == "start":
            depth += 1
            if depth > XML_DEPTH:
                raise DamagedError("content.xml is nested too deeply")
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
        depth -= 1
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
                    lines.append(_text(each))
                case "office:annotation":
                    words = " ".join(_text(line) for line in each if short_names[line.tag] == "text:p")
                    by = next((line.text or "" for line in each if short_names[line.tag] == "dc:creator"), "")
                    if words.strip():
                        comments.append((column, CellComment(words, by)))
                case "draw:frame":
                    self.book.pictures += 1
        return as_cell("\n".join(lines))


def _text(paragraph: Element) -> str:
    if not len(paragraph):
        return paragraph.text or ""
    said = [paragraph.text or ""]
    for each in paragraph:
        if short_names[each.tag] == "text:s":
            said.append(" ")
        elif short_names[each.tag] != "office:annotation":
            said.append(_text(each))
        said.append(each.tail or "")
    return "".join(said)


_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def _name(local: str) -> str:
    return "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}" + local
