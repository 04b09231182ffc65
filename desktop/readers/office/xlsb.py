"""Binary workbooks of Excel (.xls, .xlsb), by a library: values without the formats of their cells.

A percentage is therefore told as its number, and an error as nothing; hidden rows and comments are not told apart.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from desktop.core.documents.document import Opened, ReadingError, ReadingEvent, ReadingProblem, Section, SectionKind
from desktop.readers.office.sheet import Book, Grid, as_cell, general
from desktop.readers.source import Source

_XLS = "application/vnd.ms-excel"
_XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the sheets of a workbook."""
    data = source.content()
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise ReadingError(ReadingProblem.PROTECTED) from error
    with workbook:
        listed = workbook.sheets_metadata
        yield Opened(_XLSB if data.startswith(b"PK") else _XLS, len(listed))
        book = Book()
        for index, each in enumerate(listed):
            grid = Grid(book)
            try:
                if not _fill(grid, workbook.get_sheet_by_index(index)):
                    book.leave_out(each.name)
            except BaseException:  # a panic of the library is no `Exception`
                if len(listed) == 1:
                    raise
                book.damaged.append(each.name)
            is_hidden = each.visible != SheetVisibleEnum.Visible
            yield Section(SectionKind.SHEET, index + 1, each.name, grid.blocks(), is_hidden)
        yield from book.remarks()


def _fill(grid: Grid, sheet: CalamineSheet) -> bool:
    """Read the rows of a sheet; return False if some had to be left out."""
    # Rows come from the first one on, cells from the first column that has any.
    first = sheet.start[1] if sheet.start else 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        if grid.book.is_full:
            return False
        cells = [(first + column, text) for column, value in enumerate(row) if (text := _shown(value))]
        grid.append_row(number, cells)
    return True


def _shown(value: int | float | str | bool | time | date | datetime | timedelta) -> str:
    match value:
        case str():
            return as_cell(value)
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return general(value)
        case datetime():
            is_day = value.time() == time()
            return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case _:
            return value.isoformat()
