"""Excel workbooks (.xlsx and its variants): values as their cells show them, sheet by sheet, read row by row.

Formulas are not calculated; one without a stored value stands as itself. `place` of a block is the number of its first
row. Sheets of a chart alone are read as its values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element

from desktop.core.documents.document import Block, Opened, ReadingEvent, Run, Section, SectionKind
from desktop.readers.office.drawing import chart_blocks, child_text, shape_paragraph
from desktop.readers.office.elements import Part, child, children, main_part, number, parse, short_names, stream, value
from desktop.readers.office.sheet import (
    BUILT_IN,
    Book,
    CellComment,
    Grid,
    Shown,
    as_cell,
    cell_at,
    column_of,
    comments_at,
    general,
    number_format,
)
from desktop.readers.source import BROKEN, Source
from desktop.readers.text.blocks import Runs
from desktop.readers.zip_package import Package

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LAST_COLUMN = 16_383
_MOST_SEEN = 20_000  # values whose text is kept: dates, percentages and words come again and again
_PLAIN_NUMBER = 11  # letters of a number that a cell without a format shows as it is stored


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Sheet as the workbook lists it."""

    title: str
    part: Part
    is_hidden: bool


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the sheets of a workbook. Raises `ReadingError`."""
    with Package(source) as package:
        workbook = _Workbook(package)
        yield Opened(MEDIA_TYPE, len(workbook.sheets))
        for index, sheet in enumerate(workbook.sheets, 1):
            yield Section(SectionKind.SHEET, index, sheet.title, workbook.blocks(sheet), sheet.is_hidden)
        yield from workbook.book.remarks()


class _Workbook:
    """Workbook with what its sheets share."""

    def __init__(self, package: Package) -> None:
        part = main_part(package, "xl/workbook.xml")
        root = parse(package, part.name)
        self._since_1904 = value(root, "x:workbookPr", attribute="date1904") in {"1", "true"}
        self.sheets = [
            _Sheet(each.get("name", ""), part.related[name], each.get("state", "visible") != "visible")
            for each in children(root, "x:sheets")
            if (name := each.get("r:id", "")) in part.related
        ]
        self._strings = [
            as_cell(_rich_text(each))
            for strings in part.of_kind("sharedStrings")
            if strings.name in package
            for each in stream(package, strings.name, "x:sst")
        ]
        self._formats = self._cell_formats(next(part.roots("styles"), None))
        self._people = {
            each.get("id", ""): each.get("displayName", "") for people in part.roots("person") for each in people
        }
        self.book = Book()

    def blocks(self, sheet: _Sheet) -> tuple[Block, ...]:
        """Return the blocks of a sheet."""
        if sheet.part.kind == "chartsheet":
            return tuple(_charts(sheet.part))
        grid = Grid(self.book, comments=self._comments(sheet.part))
        try:
            self._read_rows(sheet, grid)
        except BROKEN:
            # What was read of it, and the other sheets, are worth having.
            if len(self.sheets) == 1:
                raise
            self.book.damaged.append(sheet.title)
        return grid.blocks(self._shapes(sheet.part))

    def _read_rows(self, sheet: _Sheet, grid: Grid) -> None:
        last = end = 0
        rows: Element | None = None
        for event, element in sheet.part.package.iterparse(sheet.part.name, ("start", "end")):
            tag = short_names[element.tag]
            if event == "start":
                rows = element if tag == "x:sheetData" else rows
            elif tag == "x:dimension":
                corner = cell_at(element.get("ref", "").rpartition(":")[2])
                end = corner[0] if corner else 0
            elif tag == "x:col" and element.get("hidden") in {"1", "true"}:
                grid.hidden_columns.append((number(element.get("min"), 1) - 1, number(element.get("max"), 1) - 1))
            elif tag == "x:row":
                last = number(element.get("r"), last + 1)
                grid.append_row(last, self._cells(element), is_hidden=element.get("hidden") in {"1", "true"})
                if rows is not None:
                    rows.clear()
                if self.book.is_full:
                    self.book.leave_out(sheet.title, max(end - last, 0))
                    return

    def _cells(self, row: Element) -> list[tuple[int, str]]:
        """Return (column, text) of the cells of a row that are not empty."""
        found: dict[int, str] = {}
        column = -1
        for cell in row:
            letters = cell.get("r", "").rstrip("0123456789")
            column = column_of(letters) if letters else column + 1
            if 0 <= column <= _LAST_COLUMN and (text := self._shown(cell)):
                found[column] = text
        return sorted(found.items())

    def _shown(self, cell: Element) -> str:
        """Return what a cell shows, as it stands in a row."""
        kind, stored, formula = cell.get("t", "n"), "", ""
        for each in cell:
            match short_names[each.tag]:
                case "x:v":
                    stored = each.text or ""
                case "x:f":
                    formula = f"={each.text or ''}"
                case "x:is" if kind == "inlineStr":
                    return as_cell(_rich_text(each))
        match kind:
            case _ if not stored:
                self.book.not_calculated += bool(formula) and kind != "str"
                return as_cell(formula) if kind != "str" else ""
            case "s":
                index = number(stored, -1)
                return self._strings[index] if 0 <= index < len(self._strings) else ""
            case "n":
                return _written(stored, self._formats.get(cell.get("s", "0")))
            case "b":
                return "TRUE" if stored in {"1", "true"} else "FALSE"
            case "d":
                return stored.replace("T", " ")
        return as_cell(stored)

    def _cell_formats(self, root: Element | None) -> dict[str, Shown | None]:
        """Return what writes the numbers of each style of cells, by its number; None for those without a format."""
        codes = dict(BUILT_IN)
        for each in children(root, "x:numFmts"):
            codes[number(each.get("numFmtId"))] = each.get("formatCode", "")
        found: dict[str, Shown | None] = {}
        for index, each in enumerate(children(root, "x:cellXfs")):
            code = codes.get(number(each.get("numFmtId")), "General")
            is_plain = code.lower() in {"general", "", "@"}
            found[str(index)] = None if is_plain else number_format(code, since_1904=self._since_1904)
        return found

    def _comments(self, sheet: Part) -> dict[tuple[int, int], list[CellComment]]:
        """Return the comments of a sheet; those of the newer kind stand in the file a second time, as the older."""
        threads = [
            (cell, CellComment(child_text(each, "xtc:text"), self._people.get(each.get("personId", ""), "")))
            for root in sheet.roots("threadedComment")
            for each in root
            if (cell := cell_at(each.get("ref"))) is not None
        ]
        found = comments_at(threads)
        for root in sheet.roots("comments"):
            authors = [each.text or "" for each in children(root, "x:authors")]
            for each in children(root, "x:commentList"):
                cell = cell_at(each.get("ref"))
                words = child(each, "x:text")
                if cell is None or words is None or any(cell == other for other, _ in threads):
                    continue
                index = number(each.get("authorId"), -1)
                by = authors[index] if 0 <= index < len(authors) else ""
                text = _rich_text(words).strip()
                # Excel writes the author once more as the first line.
                text = text.removeprefix(f"{by}:").strip() if by else text
                found.setdefault(cell, []).append(CellComment(text, by))
        return found

    def _shapes(self, sheet: Part) -> Iterator[Block]:
        """Yield the text boxes that lie over a sheet; charts show what stands in cells."""
        for root in sheet.roots("drawing"):
            for anchor in root:
                self.book.pictures += sum(1 for _ in anchor.iter("xdr:pic"))
                begin = child(anchor, "xdr:from")
                row = 1 if begin is None else number(child_text(begin, "xdr:row")) + 1
                for shape in anchor.iter("xdr:sp"):
                    text = "\n".join(shape_paragraph(each).text for each in shape.iter("a:p")).strip()
                    if text:
                        yield Block((Run(Runs(text).text),), str(row))


@lru_cache(_MOST_SEEN)
def _written(stored: str, form: Shown | None) -> str:
    try:
        # A cell without a format shows a short number as it is stored.
        is_as_stored = form is None and len(stored) <= _PLAIN_NUMBER and "e" not in stored.lower()
        return as_cell(stored if is_as_stored else (form or general)(float(stored)))
    except ValueError:
        return as_cell(stored)


def _charts(sheet: Part) -> Iterator[Block]:
    for drawing in sheet.of_kind("drawing"):
        for chart in drawing.of_kind("chart"):
            yield from chart_blocks(chart, "")


def _rich_text(element: Element) -> str:
    """Return a text that may be in pieces, without the sounds of its characters."""
    pieces = [each for each in element if short_names[each.tag] in {"x:t", "x:r"}]
    texts = (
        each if short_names[each.tag] == "x:t" else next((t for t in each if short_names[t.tag] == "x:t"), each)
        for each in pieces
    )
    return "".join(each.text or "" for each in texts)
