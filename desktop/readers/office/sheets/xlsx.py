"""Excel workbooks (.xlsx and its variants): values as their cells show them, sheet by sheet, read row by row.

Formulas are not calculated; one without a stored value stands as itself. `place` of a block is the number of its first
row. Sheets of a chart alone are read as its values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from desktop.core.documents.document import Block, Remark, RemarkKind, Run, Section, SectionKind
from desktop.core.documents.reading import Opened, ReadingError, ReadingEvent, ReadingProblem
from desktop.readers.office.drawing import chart_blocks, child_text, shape_paragraph
from desktop.readers.office.elements import child, number, parse, parse_if_there, stream, value
from desktop.readers.office.parts import Related, main_part, parts_of_kind, related
from desktop.readers.office.sheets.grid import Allowance, CellComment, Grid, as_cell, cell_at, column_of, comments_at
from desktop.readers.office.sheets.number_format import BUILT_IN, Shown, general, number_format
from desktop.readers.office.sheets.xlsx_rows import SheetRows, StoredCell
from desktop.readers.source import Source
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
    part: Related
    is_hidden: bool


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the sheets of a workbook. Raises `ReadingError`."""
    with Package(source) as package:
        workbook = _Workbook(package)
        yield Opened(MEDIA_TYPE, len(workbook.sheets))
        for index, sheet in enumerate(workbook.sheets, 1):
            yield Section(SectionKind.SHEET, index, sheet.title, workbook.blocks(sheet), sheet.is_hidden)
        yield from workbook.remarks()


class _Workbook:
    """Workbook with what its sheets share."""

    def __init__(self, package: Package) -> None:
        part = main_part(package, "xl/workbook.xml")
        root = parse(package, part)
        self._package = package
        self._related = related(package, part)
        self._since_1904 = value(root, "x:workbookPr", attribute="date1904") in {"1", "true"}
        listed = child(root, "x:sheets")
        self.sheets = [
            _Sheet(each.get("name", ""), self._related[name], each.get("state", "visible") != "visible")
            for each in (listed if listed is not None else ())
            if (name := each.get("r:id", "")) in self._related
        ]
        self._strings = [
            as_cell(_rich_text(each))
            for kind in parts_of_kind(self._related, "sharedStrings")
            if kind in package
            for each in stream(package, kind, "x:sst")
        ]
        self._formats = self._cell_formats()
        self._people = self._names_of_people()
        self._seen: dict[tuple[str | None, ...], str] = {}  # by kind, style and value
        self._allowance = Allowance()
        self._damaged: list[str] = []
        self._rows_left_out: list[str] = []
        self._count_left_out = 0
        self._not_calculated = 0
        self._pictures = 0

    def blocks(self, sheet: _Sheet) -> tuple[Block, ...]:
        """Return the blocks of a sheet."""
        refers_to = related(self._package, sheet.part.part)
        if sheet.part.kind == "chartsheet":
            return tuple(self._charts(refers_to))
        grid = Grid(self._allowance, [], self._comments(refers_to))
        try:
            self._read_rows(sheet, grid)
        except ReadingError as error:
            # What was read of it, and the other sheets, are worth having.
            if error.problem is not ReadingProblem.DAMAGED or len(self.sheets) == 1:
                raise
            self._damaged.append(sheet.title)
        return grid.blocks(self._shapes(refers_to))

    def remarks(self) -> Iterator[Remark]:
        """Yield what was not read."""
        if self._damaged:
            yield Remark(RemarkKind.DAMAGED, len(self._damaged), ", ".join(self._damaged))
        if self._rows_left_out:
            yield Remark(RemarkKind.ROWS_LEFT_OUT, self._count_left_out, ", ".join(self._rows_left_out))
        if self._not_calculated:
            yield Remark(RemarkKind.NOT_CALCULATED, self._not_calculated)
        if self._pictures:
            yield Remark(RemarkKind.PICTURES, self._pictures)

    def _read_rows(self, sheet: _Sheet, grid: Grid) -> None:
        found = SheetRows()
        last = 0
        for _ in self._package.feed(sheet.part.part, found.parser):
            grid.hidden_columns = [(number(first, 1) - 1, number(end, 1) - 1) for first, end in found.hidden_columns]
            for attributes, cells in found.taken():
                last = number(attributes.get("r"), last + 1)
                grid.append_row(last, self._cells(cells), is_hidden=attributes.get("hidden") in {"1", "true"})
                if self._allowance.is_used_up:
                    told = cell_at(found.last)
                    self._rows_left_out.append(sheet.title)
                    self._count_left_out += max((told[0] if told else 0) - last, 0)
                    return

    def _cells(self, cells: Sequence[StoredCell]) -> list[tuple[int, str]]:
        """Return (column, text) of the cells of a row that are not empty."""
        found: list[tuple[int, str]] = []
        column = -1
        in_order = True
        shown, seen = self._shown, self._seen
        for cell in cells:
            letters = cell.address.rstrip("0123456789")
            before = column
            column = column_of(letters) if letters else column + 1
            if not 0 <= column <= _LAST_COLUMN:
                continue
            in_order = in_order and column > before
            # Most cells hold what another one holds, too.
            key = cell[1:4]
            text = seen.get(key)
            if text is None:
                text = shown(cell)
                if cell.value:
                    if len(seen) >= _MOST_SEEN:
                        seen.clear()
                    seen[key] = text
            if text:
                found.append((column, text))
        return found if in_order else sorted(dict(found).items())

    def _shown(self, cell: StoredCell) -> str:
        """Return what a cell shows, as it stands in a row."""
        _, kind, style, stored, formula, inline = cell
        if not stored:
            if kind == "inlineStr" and inline is not None:
                return as_cell(inline)
            if formula is None or kind == "str":
                return ""
            self._not_calculated += 1
            return as_cell(f"={formula}")
        match kind:
            case "s":
                index = number(stored, -1)
                return self._strings[index] if 0 <= index < len(self._strings) else ""
            case "n":
                return self._number(stored, style)
            case "b":
                return "TRUE" if stored in {"1", "true"} else "FALSE"
            case "d":
                return stored.replace("T", " ")
        return as_cell(stored)

    def _number(self, stored: str, style: str) -> str:
        index = number(style)
        form = self._formats[index] if 0 <= index < len(self._formats) else None
        try:
            # A cell without a format shows a short number as it is stored.
            is_as_stored = form is None and len(stored) <= _PLAIN_NUMBER and "e" not in stored.lower()
            return as_cell(stored if is_as_stored else (form or general)(float(stored)))
        except ValueError:
            return as_cell(stored)

    def _cell_formats(self) -> list[Shown | None]:
        """Return what writes the numbers of each style of cells; None for those without a format."""
        part = next(iter(parts_of_kind(self._related, "styles")), "")
        root = parse_if_there(self._package, part)
        codes = dict(BUILT_IN)
        own = child(root, "x:numFmts")
        for each in own if own is not None else ():
            codes[number(each.get("numFmtId"))] = each.get("formatCode", "")
        styles = child(root, "x:cellXfs")
        found: list[Shown | None] = []
        for each in styles if styles is not None else ():
            code = codes.get(number(each.get("numFmtId")), "General")
            is_plain = code.lower() in {"general", "", "@"}
            found.append(None if is_plain else number_format(code, since_1904=self._since_1904))
        return found

    def _comments(self, refers_to: dict[str, Related]) -> dict[tuple[int, int], list[CellComment]]:
        """Return the comments of a sheet; those of the newer kind stand in the file a second time, as the older."""
        threads = [
            (cell, CellComment(child_text(each, "xtc:text"), self._people.get(each.get("personId", ""), "")))
            for part in parts_of_kind(refers_to, "threadedComment")
            if (root := parse_if_there(self._package, part)) is not None
            for each in root
            if (cell := cell_at(each.get("ref"))) is not None
        ]
        found = comments_at(threads)
        for part in parts_of_kind(refers_to, "comments"):
            root = parse_if_there(self._package, part)
            authors = [each.text or "" for each in child(root, "x:authors") or ()]
            listed = child(root, "x:commentList")
            for each in listed if listed is not None else ():
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

    def _names_of_people(self) -> dict[str, str]:
        return {
            each.get("id", ""): each.get("displayName", "")
            for part in parts_of_kind(self._related, "person")
            if (root := parse_if_there(self._package, part)) is not None
            for each in root
        }

    def _shapes(self, refers_to: dict[str, Related]) -> Iterator[Block]:
        """Yield the text boxes that lie over a sheet; charts show what stands in cells."""
        for part in parts_of_kind(refers_to, "drawing"):
            root = parse_if_there(self._package, part)
            for anchor in root if root is not None else ():
                self._pictures += sum(1 for _ in anchor.iter("xdr:pic"))
                begin = child(anchor, "xdr:from")
                row = 1 if begin is None else number(child_text(begin, "xdr:row")) + 1
                for shape in anchor.iter("xdr:sp"):
                    text = "\n".join(shape_paragraph(each).text for each in shape.iter("a:p")).strip()
                    if text:
                        yield Block((Run(Runs(text).text),), str(row))

    def _charts(self, refers_to: dict[str, Related]) -> Iterator[Block]:
        for drawing in parts_of_kind(refers_to, "drawing"):
            for chart in parts_of_kind(related(self._package, drawing), "chart"):
                yield from chart_blocks(self._package, chart, "")


def _rich_text(element: Element) -> str:
    """Return a text that may be in pieces, without the sounds of its characters."""
    said: list[str] = []
    for each in element:
        if each.tag == "x:t":
            said.append(each.text or "")
        elif each.tag == "x:r":
            said.append(child_text(each, "x:t"))
    return "".join(said)
