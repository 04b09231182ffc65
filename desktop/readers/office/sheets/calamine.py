"""Binary workbooks of Excel (.xls, .xlsb), by a library: values without the formats of their cells.

A percentage is therefore told as its number, and an error as nothing; hidden rows and comments are not told apart.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from desktop.core.documents.document import Remark, RemarkKind, Section, SectionKind
from desktop.core.documents.reading import Opened, ReadingError, ReadingEvent, ReadingProblem
from desktop.readers.office.sheets.grid import Allowance, Grid, as_cell
from desktop.readers.office.sheets.number_format import general
from desktop.readers.source import Source

_XLS = "application/vnd.ms-excel"
_XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
_MOST_BYTES = 200 << 20
_ERRORS = (CalamineError, OSError, ValueError, OverflowError)


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the sheets of a workbook. Raises `ReadingError`."""
    if source.size > _MOST_BYTES:
        raise ReadingError(ReadingProblem.TOO_LARGE, f"{source.size} bytes")
    with source.open() as file:
        data = file.read()
    workbook = _opened(data)
    with workbook:
        listed = workbook.sheets_metadata
        yield Opened(_XLSB if data.startswith(b"PK") else _XLS, len(listed))
        allowance = Allowance()
        damaged: list[str] = []
        left_out: list[str] = []
        for index, each in enumerate(listed):
            grid = Grid(allowance)
            try:
                is_all = _fill(grid, workbook.get_sheet_by_index(index))
            except BaseException as error:
                if not _is_damage(error):
                    raise
                if len(listed) == 1:
                    raise ReadingError(ReadingProblem.DAMAGED, str(error)) from error
                damaged.append(each.name)
                is_all = True
            if not is_all:
                left_out.append(each.name)
            is_hidden = each.visible != SheetVisibleEnum.Visible
            yield Section(SectionKind.SHEET, index + 1, each.name, grid.blocks(), is_hidden)
        if damaged:
            yield Remark(RemarkKind.DAMAGED, len(damaged), ", ".join(damaged))
        if left_out:
            yield Remark(RemarkKind.ROWS_LEFT_OUT, 0, ", ".join(left_out))


def _opened(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise ReadingError(ReadingProblem.PROTECTED) from error
    except BaseException as error:
        if not _is_damage(error):
            raise
        raise ReadingError(ReadingProblem.DAMAGED, str(error)) from error


def _is_damage(error: BaseException) -> bool:
    """Return True for what the library raises of a file; a panic of it is no `Exception`."""
    return isinstance(error, _ERRORS) or type(error).__name__ == "PanicException"


def _fill(grid: Grid, sheet: CalamineSheet) -> bool:
    """Read the rows of a sheet; return False if some had to be left out."""
    # Rows come from the first one on, cells from the first column that has any.
    first = sheet.start[1] if sheet.start else 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        if grid.allowance.is_used_up:
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
