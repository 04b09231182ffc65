"""Rows of a sheet as blocks, in columns that keep their letters, and numbers as their cells show them.

A row is told from column A on, so that its second cell is column B; what stands far to the right is told with its
address instead of the empty cells before it. A quotation is looked up by what the cell shows, so that is what is read:
15.3 % instead of 0.153, dates in the form of ISO 8601. The codes are those of Excel ("0.00%;-0.00%", "[h]:mm"), as
sheets and charts carry them. Widths and colours are not followed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne

from desktop.core.bounds import SHEET_CELLS, SHEET_LETTERS
from desktop.core.documents.document import Aside, Block, Remark, RemarkKind, Run
from desktop.readers.text.blocks import ROWS_OF_A_BLOCK, Runs

Shown = Callable[[float], str]

# The codes that a file names by number alone, each with its numbers.
_BUILT_IN = {
    "General": (0,),
    "0": (1,),
    "0.00": (2,),
    "#,##0": (3,),
    "#,##0.00": (4,),
    "$#,##0;-$#,##0": (5, 6),
    "$#,##0.00;-$#,##0.00": (7, 8),
    "0%": (9,),
    "0.00%": (10,),
    "0.00E+00": (11,),
    "# ?/?": (12,),
    "# ??/??": (13,),
    "yyyy-mm-dd": (14, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58),
    "d-mmm-yy": (15,),
    "d-mmm": (16,),
    "mmm-yy": (17,),
    "h:mm AM/PM": (18,),
    "h:mm:ss AM/PM": (19,),
    "h:mm": (20, 32, 55, 34, 35),
    "h:mm:ss": (21, 33, 56),
    "m/d/yy h:mm": (22,),
    "#,##0;(#,##0)": (37, 38),
    "#,##0.00;(#,##0.00)": (39, 40),
    "#,##0;-#,##0;-": (41, 42),
    "#,##0.00;-#,##0.00;-": (43, 44),
    "mm:ss": (45,),
    "[h]:mm:ss": (46,),
    "mm:ss.0": (47,),
    "##0.0E+0": (48,),
    "@": (49,),
}
BUILT_IN = {number: code for code, numbers in _BUILT_IN.items() for number in numbers}
_TOKENS = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<general>General)'
    r"|(?P<noon>AM/PM|A/P|上午/下午)|(?P<exponent>[eE][+-])|(?P<clock>[ymdhsgb]+)|(?P<digits>[0#?]+)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?\d+(?:\.\d+)?)\Z")
_COMPARISONS = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
_ELAPSED = re.compile(r"(h+|m+|s+)\Z", re.IGNORECASE)
_MOST_DECIMALS = 30
_MOST_WIDTH = 60  # of the digits of a number
_MOST_DAYS = 2_958_465  # 31 December 9999
_NUDGE = 1 + 4e-16  # halves go up, as in spreadsheets, also those that are a hair below in binary
_SHORT = 13  # letters of a number that somebody typed; longer ones are results, of which a cell shows eleven
_LEAP_BUG = 60  # the serial of 29 February 1900, which did not exist
_WIDEST_GAP = 64  # empty cells that are told as such
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Section:
    """Section of a code: its tokens as (kind, text), and the numbers it is for."""

    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, float] | None

    def has(self, kind: str) -> bool:
        return any(each == kind for each, _ in self.tokens)


def shown_as(code: str, text: str, *, since_1904: bool = False) -> str:
    """Return a value as a cell with this code shows it; what is no number stays as it is."""
    if not text:
        return ""
    try:
        value = float(text)
    except ValueError:
        return text
    return number_format(code or "General", since_1904=since_1904)(value)


@lru_cache(maxsize=2000)
def number_format(code: str, *, since_1904: bool = False) -> Shown:
    """Return what writes numbers by a code. `since_1904`: days are counted from 1904, not from 1900."""
    sections = [_section(each) for each in _sections(code)][:4]
    writers = [_writer(each, since_1904=since_1904) for each in sections]
    if len(sections) == 1 and sections[0].condition is None:
        only = writers[0]
        return lambda value: only(value, value < 0)

    def show(value: float) -> str:
        for index, section in enumerate(sections[:3]):
            if _is_for(section, index, sections, value):
                # A section for negative numbers says by itself how they are marked.
                is_marked = value < 0 and not (index == 1 and sections[0].condition is None)
                return writers[index](value, is_marked and section.condition is None)
        return general(value)

    return show


def general(value: float) -> str:
    """Return a number as a cell without a format shows it; whole numbers with all their digits."""
    if value != value or value in {float("inf"), float("-inf")}:
        return "#NUM!"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    written = repr(float(f"{value:.15g}"))
    if len(written) <= _SHORT and "e" not in written:
        return written
    size = abs(value)
    if 1e-4 <= size < 1e11:
        whole = len(str(int(size)))
        decimals = max(10 - whole, 0)
        return f"{value * _NUDGE:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:.0f}"
    mantissa, _, exponent = f"{value:.5E}".partition("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"


def _sections(code: str) -> list[str]:
    found, last = [], 0
    for match in re.finditer(r'"[^"]*"?|\\.|\[[^\]]*\]|;', code, re.DOTALL):
        if match[0] == ";":
            found.append(code[last : match.start()])
            last = match.end()
    return [*found, code[last:]]


def _section(code: str) -> _Section:
    tokens: list[tuple[str, str]] = []
    condition = None
    for match in _TOKENS.finditer(code):
        kind, text = match.lastgroup, match[match.lastgroup] if match.lastgroup else ""
        match kind:
            case "quoted" | "escaped":
                tokens.append(("text", text))
            case "bracket":
                if found := _CONDITION.match(text):
                    condition = found[1], float(found[2])
                elif _ELAPSED.match(text):
                    tokens.append(("elapsed", text[0].lower()))
                elif text.startswith("$"):
                    tokens.append(("text", text[1:].partition("-")[0]))
            case "clock":
                tokens.extend(("clock", letter) for letter in dict.fromkeys(text.lower()))
            case "other" if text in ".,%/@":
                tokens.append((text, text))
            case "other":
                tokens.append(("text", text))
            case None:  # a gap as wide as a letter, or a filling
                pass
            case _:
                tokens.append((kind, text))
    return _Section(tuple(tokens), condition)


def _is_for(section: _Section, index: int, sections: list[_Section], value: float) -> bool:
    if section.condition is not None:
        sign, limit = section.condition
        return bool(_COMPARISONS[sign](value, limit))
    if index == 0:
        return value > 0 or (value == 0 and len(sections) < 3)
    # The second is for negative numbers, unless the first one says by itself which it is for.
    return value < 0 if index == 1 and (len(sections) > 2 or sections[0].condition is None) else True


def _writer(section: _Section, *, since_1904: bool) -> Callable[[float, bool], str]:
    if section.has("general") or section.has("@"):
        return lambda value, is_marked: _around(section, general(value if is_marked else abs(value)))
    if section.has("clock") or section.has("elapsed"):
        return lambda value, is_marked: _moment(section, value, since_1904=since_1904)
    if not section.has("digits"):
        return lambda value, is_marked: _said(section.tokens, "text", "%")
    if section.has("/"):  # a fraction, which is told in digits
        return lambda value, is_marked: general(value if is_marked else abs(value))
    return _number_writer(section)


def _around(section: _Section, inner: str) -> str:
    """Return a number with the text of a section around it."""
    return "".join(inner if kind in {"general", "@"} else text for kind, text in section.tokens if kind != ",")


def _said(tokens: Sequence[tuple[str, str]], *kinds: str) -> str:
    return "".join(text for kind, text in tokens if kind in kinds)


def _number_writer(section: _Section) -> Callable[[float, bool], str]:
    tokens = section.tokens
    places = [index for index, (kind, _) in enumerate(tokens) if kind == "digits"]
    exponent = next((index for index, (kind, _) in enumerate(tokens) if kind == "exponent"), len(tokens))
    point = next((index for index, (kind, _) in enumerate(tokens) if kind == "."), exponent)
    # Digits, points and commas make up the number; literal text within it stands where it is among the digits.
    first, last = places[0], max(index for index in places if index < exponent or exponent == len(tokens))
    front_tokens = tokens[first : min(point, last + 1)]
    after = _said(tokens[point : min(last + 1, exponent)], "digits")[:_MOST_DECIMALS]
    groups = bool(_said(tokens[first : min(point, last)], ","))
    thousands = 0
    for kind, _ in tokens[last + 1 :]:
        if kind != ",":
            break
        thousands += 1
    factor = 100.0 ** sum(kind == "%" for kind, _ in tokens) / 1000.0**thousands
    least = min(_said(front_tokens, "digits").count("0"), _MOST_WIDTH)
    decimals, least_decimals = len(after), len(after.rstrip("#"))
    has_inner = any(kind == "text" for kind, _ in front_tokens)
    before, behind = _said(tokens[:first], "text", "%"), _said(tokens[last + 1 :], "text", "%")
    exponent_width = max(len(_said(tokens[exponent:], "digits")), 1)

    def write(value: float, is_marked: bool) -> str:
        size = abs(value) * factor
        if size > 1e300 or size != size:
            return general(value)
        if exponent < len(tokens):
            mantissa, _, power = f"{size:.{decimals}E}".partition("E")
            digits = f"{mantissa}E{power[0]}{power[1:].lstrip('0').rjust(exponent_width, '0')}"
        else:
            digits = f"{size * _NUDGE:.{decimals}f}"
            front, _, end = digits.partition(".")
            front = front.lstrip("0") if not least else front.rjust(least, "0")
            if groups and len(front) > 3:
                front = f"{int(front):,}" if len(front) >= least and not front.startswith("0") else front
            if has_inner:
                front = _with_inner(front, front_tokens)
            if least_decimals < decimals:
                end = end[:least_decimals] + end[least_decimals:].rstrip("0")
            digits = f"{front}.{end}" if after else front
        sign = "-" if is_marked and any(digit in "123456789" for digit in digits) else ""
        return f"{sign}{before}{digits}{behind}".strip()

    return write


def _with_inner(digits: str, tokens: tuple[tuple[str, str], ...]) -> str:
    """Return digits filled into their places from the right, with the text that stands between them."""
    written, left = [], digits
    places = [index for index, (kind, _) in enumerate(tokens) if kind == "digits"]
    for index in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[index]
        if kind == "text":
            written.append(text)
        elif kind == "digits":
            width = len(left) if index == places[0] else len(text)
            written.append(left[len(left) - width :] if width else "")
            left = left[: len(left) - width]
    return "".join(reversed(written))


def _moment(section: _Section, value: float, *, since_1904: bool) -> str:
    """Return a date, a time or both, as a cell of this section holds them."""
    if not 0 <= value < _MOST_DAYS + 1:
        return general(value)
    clock = [text for kind, text in section.tokens if kind in {"clock", "elapsed"}]
    if section.has("elapsed"):
        return _elapsed(clock, value)
    has_time = "h" in clock or "s" in clock
    has_date = any(letter in clock for letter in "yd") or not has_time
    has_fraction = any(
        kind == "." and section.tokens[index + 1 : index + 2] and section.tokens[index + 1][0] == "digits"
        for index, (kind, _) in enumerate(section.tokens)
    )
    days, seconds = divmod(value * 86400, 86400)
    seconds = round(seconds, 3) if has_fraction else round(seconds)
    if has_date and not has_time:
        seconds = 0
    if since_1904:
        first = datetime(1904, 1, 1)
    else:
        first = datetime(1899, 12, 31) if days < _LEAP_BUG else datetime(1899, 12, 30)
    try:
        moment = first + timedelta(days=days, seconds=seconds)
    except OverflowError:
        return general(value)
    shown = []
    if has_date and not (has_time and value < 1):
        shown.append(f"{moment:%Y-%m-%d}" if moment.year >= 1000 else moment.date().isoformat())
    if has_time:
        form = "%H:%M" if "h" in clock else "%M"
        shown.append(moment.strftime(form + (":%S" if "s" in clock else "")))
        if has_fraction and moment.microsecond:
            shown[-1] += f".{moment.microsecond // 1000:03}".rstrip("0")
    return " ".join(shown)


def _elapsed(clock: list[str], value: float) -> str:
    total = round(value * 86400)
    match clock[0]:
        case "h":
            hours, rest = divmod(total, 3600)
            written = f"{hours}:{rest // 60:02}" if "m" in clock else str(hours)
            return f"{written}:{rest % 60:02}" if "s" in clock else written
        case "m":
            return f"{total // 60}:{total % 60:02}" if "s" in clock else str(total // 60)
    return str(total)


@dataclass(frozen=True, slots=True)
class CellComment:
    """Comment on a cell."""

    text: str
    by: str = ""


@dataclass(slots=True)
class Book:
    """Workbook that is read: the cells and letters that may still be read of it, and what was not, by sheet."""

    cells: int = SHEET_CELLS
    letters: int = SHEET_LETTERS
    left_out: list[str] = field(default_factory=list)
    rows_left_out: int = 0
    damaged: list[str] = field(default_factory=list)
    not_calculated: int = 0
    pictures: int = 0

    @property
    def is_full(self) -> bool:
        """True if no further row is to be read."""
        return self.cells <= 0 or self.letters <= 0

    def leave_out(self, sheet: str, rows: int = 0) -> None:
        """Note that rows of a sheet are not read; 0 for an unknown number."""
        self.left_out += [sheet] if sheet not in self.left_out else []
        self.rows_left_out += rows

    def remarks(self) -> Iterator[Remark]:
        """Yield what was not read."""
        if self.damaged:
            yield Remark(RemarkKind.DAMAGED, len(self.damaged), ", ".join(self.damaged))
        if self.left_out:
            yield Remark(RemarkKind.ROWS_LEFT_OUT, self.rows_left_out, ", ".join(self.left_out))
        if self.not_calculated:
            yield Remark(RemarkKind.NOT_CALCULATED, self.not_calculated)
        if self.pictures:
            yield Remark(RemarkKind.PICTURES, self.pictures)


@dataclass(slots=True)
class Grid:
    """Sheet that is filled row by row. `comments` by (row, column); columns are counted from 0, rows from 1."""

    book: Book
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    comments: dict[tuple[int, int], list[CellComment]] = field(default_factory=dict)
    _blocks: list[Block] = field(default_factory=list)
    _runs: Runs = field(default_factory=Runs)
    _first: int = 0
    _last: int = 0
    _columns: dict[int, bool] = field(default_factory=dict)

    def append_row(self, number: int, cells: Sequence[tuple[int, str]], *, is_hidden: bool = False) -> None:
        """Append a row of (column, text as `as_cell` returns it) in the order of the columns, without empty ones."""
        if not cells:
            return
        if not self._first or number != self._last + 1 or number >= self._first + ROWS_OF_A_BLOCK:
            self._end_block()
            self._first = number
        self._last = number
        self.book.cells -= len(cells)
        if self._runs.last_letter:
            self._runs.append("\n")
        written = _with_gaps(number, cells)
        if is_hidden:
            line = " | ".join(text for _, text in written)
            self._runs.append("| ")
            self._runs.append(line, Aside.HIDDEN)
            self._runs.append(" |")
        elif self.comments or self.hidden_columns:
            self._append_marked(number, written)
            line = ""
        else:
            line = " | ".join(text for _, text in written)
            self._runs.append(f"| {line} |")
        self.book.letters -= len(line)

    def blocks(self, beside: Iterable[Block] = ()) -> tuple[Block, ...]:
        """Return the blocks of the rows, those `beside` them, and the comments on cells without words."""
        self._end_block()
        comments = [
            Block((Run(f"{address(row, column)}: {comment.text}", Aside.COMMENT, comment.by),), str(row))
            for (row, column), each in sorted(self.comments.items())
            for comment in each
        ]
        return (*self._blocks, *beside, *comments)

    def _append_marked(self, number: int, cells: Sequence[tuple[int, str]]) -> None:
        """Append a row of which some cells are hidden or have comments."""
        self._runs.append("|")
        for column, text in cells:
            self._runs.append(" ")
            self._runs.append(text, Aside.HIDDEN if text and self._is_hidden(column) else None)
            self.book.letters -= len(text)
            for comment in self.comments.pop((number, column), ()) if text else ():
                self._runs.append(" ")
                self._runs.append(as_cell(comment.text), Aside.COMMENT, comment.by)
            self._runs.append(" |")

    def _is_hidden(self, column: int) -> bool:
        if column not in self._columns:
            self._columns[column] = any(first <= column <= last for first, last in self.hidden_columns)
        return self._columns[column]

    def _end_block(self) -> None:
        if runs := self._runs.runs():
            self._blocks.append(Block(runs, str(self._first), is_table=True))
        self._runs = Runs()


def as_cell(text: str) -> str:
    """Return a text as it stands in a cell of a row: on one line, with bars escaped."""
    if text.isalnum():
        return text
    return _SPACE.sub(" ", text.replace("\\", "\\\\").replace("|", "\\|")).strip()


def address(row: int, column: int) -> str:
    """Return the address of a cell, such as "B7"; the column counts from 0."""
    letters, left = "", column + 1
    while left > 0:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def cell_at(written: str | None) -> tuple[int, int] | None:
    """Return (row, column) of an address, the column from 0; None for what is no address of a cell."""
    found = _ADDRESS.match(written or "")
    return (int(found[2]), column_of(found[1])) if found else None


@lru_cache(maxsize=20_000)
def column_of(letters: str) -> int:
    """Return the number of a column from 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def comments_at(found: Iterable[tuple[tuple[int, int], CellComment]]) -> dict[tuple[int, int], list[CellComment]]:
    """Return comments by the cells that they are on."""
    comments: dict[tuple[int, int], list[CellComment]] = {}
    for cell, comment in found:
        comments.setdefault(cell, []).append(comment)
    return comments


def _with_gaps(row: int, cells: Sequence[tuple[int, str]]) -> Sequence[tuple[int, str]]:
    """Return the cells with the empty ones between them; behind a wide gap, a cell with its address."""
    if cells[-1][0] == len(cells) - 1:  # there are none
        return cells
    found: list[tuple[int, str]] = []
    following = 0
    for column, text in cells:
        gap = column - following
        if gap > _WIDEST_GAP:
            text = f"{address(row, column)}: {text}"
        else:
            found.extend((following + index, "") for index in range(gap))
        found.append((column, text))
        following = column + 1
    return found
