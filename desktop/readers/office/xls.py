"""Binary workbooks of Excel: of 97 to 2003 (.xls) with all that their cells show, others by a library.

Of the former: values as their cells show them, what is hidden, comments, text boxes; layouts and numbers are those of
Microsoft's [MS-XLS]. Of still older ones, and of the newer ones (.xlsb), the library gives values without the
formats of their cells: a percentage is told as its number, and an error as nothing; hidden rows and comments are not
told apart.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import olefile
from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from desktop.core.documents.document import (
    Block,
    Opened,
    ReadingError,
    ReadingEvent,
    ReadingProblem,
    Run,
    Section,
    SectionKind,
)
from desktop.readers.office.sheet import BUILT_IN, Book, CellComment, Grid, Shown, as_cell, general, number_format
from desktop.readers.source import DamagedError, Source, ole_damage
from desktop.readers.text.blocks import clean

_CONTINUE = 0x003C
_ERRORS = {
    **{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"},
    0x2B: "#GETTING_DATA",
}
_WIDE, _EXTENDED, _RICH = 0x01, 0x04, 0x08
_XLS = "application/vnd.ms-excel"
_XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"


@dataclass(frozen=True, slots=True)
class Record:
    """Record of a stream. `more`: the contents of those that continue it."""

    kind: int
    data: bytes
    more: tuple[bytes, ...] = ()


def _records(stream: bytes, position: int) -> Iterator[Record]:
    """Yield the records from a position on; what was cut off ends them."""
    kind, data, more = -1, b"", list[bytes]()
    while position + 4 <= len(stream):
        following, length = struct.unpack_from("<HH", stream, position)
        content = stream[position + 4 : position + 4 + length]
        position += 4 + length
        if following == _CONTINUE and kind >= 0:
            more.append(content)
            continue
        if kind >= 0:
            yield Record(kind, data, tuple(more))
        kind, data, more = following, content, []
    if kind >= 0:
        yield Record(kind, data, tuple(more))


def _text_at(data: bytes, position: int, length_size: int = 2) -> str:
    """Return a string with its length in one or two bytes in front."""
    length = int.from_bytes(data[position : position + length_size], "little")
    flags = data[position + length_size]
    start = position + length_size + 1
    if flags & _WIDE:
        return data[start : start + 2 * length].decode("utf-16-le", "replace")
    return data[start : start + length].decode("latin-1")


def _text_of_box(record: Record) -> str:
    """Return the text of a box or a comment, which stands in what continues its record."""
    (length,) = struct.unpack_from("<H", record.data, 10)
    said = ""
    for each in record.more:
        if len(said) >= length or not each:
            break
        said += each[1:].decode("utf-16-le" if each[0] & _WIDE else "latin-1", "replace")
    return said[:length]


def _shared_strings(record: Record) -> list[str]:
    """Return the strings that the cells of a workbook share; as many as can be read."""
    pieces = _Pieces((record.data, *record.more))
    found: list[str] = []
    try:
        _, count = struct.unpack("<II", pieces.raw(8))
        while len(found) < count:
            found.append(_shared_string(pieces))
    except (struct.error, EOFError):
        pass
    return found


def _number_of(packed: int) -> float:
    """Return a number that is packed into 30 bits (RK)."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return value / 100 if packed & 1 else value


class _Pieces:
    """Content of a record and of those that continue it."""

    def __init__(self, pieces: tuple[bytes, ...]) -> None:
        self._pieces = pieces
        self._index = 0
        self._position = 0

    def raw(self, count: int) -> bytes:
        """Return the next bytes."""
        found = b""
        while len(found) < count:
            piece = self._piece()
            taken = piece[self._position : self._position + count - len(found)]
            self._position += len(taken)
            found += taken
        return found

    def letters(self, count: int, flags: int) -> str:
        """Return so many letters; each piece says again how wide its own are."""
        said: list[str] = []
        while count > 0:
            index = self._index
            piece = self._piece()
            if self._index != index:
                flags = piece[0]
                self._position = 1
            width = 2 if flags & _WIDE else 1
            taken = piece[self._position : self._position + count * width]
            if len(taken) < width:
                raise EOFError
            self._position += len(taken)
            said.append(taken.decode("utf-16-le" if width == 2 else "latin-1", "replace"))
            count -= len(taken) // width
        return "".join(said)

    def _piece(self) -> bytes:
        while self._index < len(self._pieces) and self._position >= len(self._pieces[self._index]):
            self._index += 1
            self._position = 0
        if self._index >= len(self._pieces):
            raise EOFError
        return self._pieces[self._index]


def _shared_string(pieces: _Pieces) -> str:
    length, flags = struct.unpack("<HB", pieces.raw(3))
    formats = struct.unpack("<H", pieces.raw(2))[0] if flags & _RICH else 0
    extended = struct.unpack("<I", pieces.raw(4))[0] if flags & _EXTENDED else 0
    text = pieces.letters(length, flags)
    pieces.raw(4 * formats + extended)
    return text


MEDIA_TYPE = "application/vnd.ms-excel"
_VERSION_97 = 0x0600
_ROW_HIDDEN = 0x20
_A_COMMENT, _A_PICTURE = 0x19, 0x08  # kinds of objects


class _Kind:
    """Kinds of records, as [MS-XLS] numbers them."""

    BEGIN = 0x0809
    END = 0x000A
    PASSWORD = 0x002F
    DATES = 0x0022  # days are counted from 1904
    FORMAT = 0x041E
    CELL_FORMAT = 0x00E0
    SHEET = 0x0085
    STRINGS = 0x00FC
    ROW = 0x0208
    COLUMNS = 0x007D
    NOTE = 0x001C
    OBJECT = 0x005D
    BOX = 0x01B6  # the text of the object before
    SHARED = 0x00FD  # a cell with one of the strings that are shared
    LABEL = 0x0204
    RICH = 0x00D6
    NUMBER = 0x0203
    PACKED = 0x027E  # a cell with a number in 30 bits
    SEVERAL = 0x00BD  # cells with such numbers
    FORMULA = 0x0006
    RESULT = 0x0207  # the text of the formula before
    BOOLEAN = 0x0205


_CELLS = (_Kind.SHARED, _Kind.LABEL, _Kind.RICH, _Kind.NUMBER, _Kind.PACKED, _Kind.BOOLEAN, _Kind.FORMULA)


def _truth_or_error(value: int, *, is_error: bool) -> str:
    return _ERRORS.get(value, "#N/A") if is_error else str(bool(value)).upper()


@dataclass(slots=True)
class _Listed:
    """Sheet as the workbook lists it."""

    title: str
    position: int
    is_hidden: bool


@dataclass(slots=True)
class _Cells:
    """Cells of a sheet while they are read: rows of (column, text), and what lies over them."""

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    notes: list[tuple[int, int, int, str]] = field(default_factory=list)  # row, column, object, author
    boxes: dict[int, str] = field(default_factory=dict)  # by object
    comments: set[int] = field(default_factory=set)  # objects that are comments
    object: int = 0
    result: tuple[int, int] | None = None  # the cell whose text follows
    left_out: bool = False

    def set_text(self, row: int, column: int, text: str) -> None:
        if text:
            self.rows.setdefault(row + 1, {})[column] = text


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the sheets of a workbook. Raises `ReadingError`."""
    with source.open() as file, ole_damage(), olefile.OleFileIO(file) as container:
        stream = container.openstream("Workbook" if container.exists("Workbook") else "Book").read()
    version = struct.unpack_from("<H", stream, 4)[0] if len(stream) > 8 else 0
    if version != _VERSION_97:
        yield from _read_by_library(source)
        return
    workbook = _Workbook(stream)
    yield Opened(MEDIA_TYPE, len(workbook.sheets))
    for index, each in enumerate(workbook.sheets, 1):
        yield Section(SectionKind.SHEET, index, each.title, workbook.blocks(each), each.is_hidden)
    yield from workbook.book.remarks()


class _Workbook:
    """Workbook with what its sheets share."""

    def __init__(self, stream: bytes) -> None:
        self._stream = stream
        self._strings: list[str] = []
        self._codes = dict(BUILT_IN)
        self._of_cells: list[int] = []
        self._since_1904 = False
        self._formats: dict[int, Shown] = {}
        self.book = Book()
        self.sheets: list[_Listed] = []
        for record in _records(stream, 0):
            if record.kind == _Kind.END:
                break
            try:
                self._take_in(record)
            except (struct.error, IndexError):
                continue
        if not self.sheets:
            raise DamagedError("no sheets")

    def blocks(self, sheet: _Listed) -> tuple[Block, ...]:
        """Return the blocks of a sheet."""
        cells = _Cells()
        depth = 0  # charts stand within a sheet like sheets of their own
        for record in _records(self._stream, sheet.position):
            if record.kind == _Kind.BEGIN:
                depth += 1
            elif record.kind == _Kind.END:
                depth -= 1
                if depth <= 0:
                    break
            elif depth == 1:
                try:
                    self._cell(record, cells)
                except (struct.error, IndexError):
                    if sheet.title not in self.book.damaged:
                        self.book.damaged.append(sheet.title)
        return self._grid(sheet, cells)

    def _grid(self, sheet: _Listed, cells: _Cells) -> tuple[Block, ...]:
        grid = Grid(self.book, cells.hidden_columns)
        for row, column, number, by in cells.notes:
            if text := cells.boxes.get(number, "").strip():
                told = text.removeprefix(f"{by}:").strip() if by else text
                grid.comments.setdefault((row + 1, column), []).append(CellComment(told, by))
        for row in sorted(cells.rows):
            if self.book.is_full:
                self.book.leave_out(sheet.title)
                break
            grid.append_row(row, sorted(cells.rows[row].items()), is_hidden=row in cells.hidden_rows)
        boxes = [
            Block((Run(clean(text).strip()),), "")
            for number, text in cells.boxes.items()
            if number not in cells.comments and clean(text).strip()
        ]
        return grid.blocks(boxes)

    def _take_in(self, record: Record) -> None:
        """Take in a record of what the sheets share."""
        data = record.data
        match record.kind:
            case _Kind.PASSWORD:
                raise ReadingError(ReadingProblem.PROTECTED)
            case _Kind.DATES:
                self._since_1904 = data[:2] == b"\x01\x00"
            case _Kind.FORMAT:
                self._codes[struct.unpack_from("<H", data)[0]] = _text_at(data, 2)
            case _Kind.CELL_FORMAT:
                self._of_cells.append(struct.unpack_from("<H", data, 2)[0])
            case _Kind.SHEET:
                position, state, kind = struct.unpack_from("<IBB", data)
                if kind == 0:
                    self.sheets.append(_Listed(_text_at(data, 6, 1), position, state & 3 != 0))
            case _Kind.STRINGS:
                self._strings = [as_cell(clean(each)) for each in _shared_strings(record)]

    def _cell(self, record: Record, cells: _Cells) -> None:
        """Take in a record of a sheet: a cell, what is hidden, or what lies over the cells."""
        data = record.data
        match record.kind:
            case _Kind.SEVERAL:
                row, first = struct.unpack_from("<HH", data)
                for index in range((len(data) - 6) // 6):
                    style, packed = struct.unpack_from("<HI", data, 4 + 6 * index)
                    cells.set_text(row, first + index, self._shown(_number_of(packed), style))
            case _Kind.RESULT if cells.result is not None:
                cells.set_text(*cells.result, as_cell(clean(_text_at(data, 0))))
                cells.result = None
            case _Kind.ROW:
                row, flags = struct.unpack_from("<H10xI", data)
                if flags & _ROW_HIDDEN:
                    cells.hidden_rows.add(row + 1)
            case _Kind.COLUMNS:
                first, last, _, _, flags = struct.unpack_from("<5H", data)
                if flags & 1:
                    cells.hidden_columns.append((first, last))
            case _Kind.OBJECT:
                kind, cells.object = struct.unpack_from("<4xHH", data)
                if kind == _A_COMMENT:
                    cells.comments.add(cells.object)
                self.book.pictures += kind == _A_PICTURE
            case _Kind.BOX:
                cells.boxes[cells.object] = _text_of_box(record)
            case _Kind.NOTE:
                row, column, _, number = struct.unpack_from("<4H", data)
                cells.notes.append((row, column, number, clean(_text_at(data, 8))))
            case kind if kind in _CELLS:
                row, column, style = struct.unpack_from("<3H", data)
                cells.set_text(row, column, self._text_of(kind, data, style))
                if kind == _Kind.FORMULA and data[12:14] == b"\xff\xff" and data[6] == 0:  # its text follows
                    cells.result = row, column

    def _text_of(self, kind: int, data: bytes, style: int) -> str:
        """Return what a cell shows, whose value stands behind its place and its style."""
        match kind:
            case _Kind.SHARED:
                (index,) = struct.unpack_from("<I", data, 6)
                return self._strings[index] if index < len(self._strings) else ""
            case _Kind.LABEL | _Kind.RICH:
                return as_cell(clean(_text_at(data, 6)))
            case _Kind.PACKED:
                return self._shown(_number_of(struct.unpack_from("<I", data, 6)[0]), style)
            case _Kind.BOOLEAN:
                return _truth_or_error(data[6], is_error=bool(data[7]))
            case _Kind.FORMULA if data[12:14] == b"\xff\xff":
                return _truth_or_error(data[8], is_error=data[6] == 2) if data[6] in (1, 2) else ""
        return self._shown(struct.unpack_from("<d", data, 6)[0], style)

    def _shown(self, value: float, style: int) -> str:
        shown = self._formats.get(style)
        if shown is None:
            code = self._codes.get(self._of_cells[style] if style < len(self._of_cells) else 0, "General")
            is_plain = code.lower() in {"", "general", "@"}
            shown = general if is_plain else number_format(code, since_1904=self._since_1904)
            self._formats[style] = shown
        return as_cell(shown(value))


def _read_by_library(source: Source) -> Iterator[ReadingEvent]:
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
