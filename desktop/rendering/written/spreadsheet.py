"""Tables as files of spreadsheets: workbooks of Excel, and text with commas.

A cell is text unless it is a number without any doubt, so nothing of a model's words is ever computed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from desktop.rendering.text.leaves import Leaf, Table
from desktop.rendering.written.html import allowed, looks_like_formula, office_file, xml_text

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_CELL, _LONGEST_NAME = 32_767, 31  # that Excel takes, in units of UTF-16, as all of its lengths
_OF_PAIRS = 2  # columns of a table of names and what each says, in which nothing is to be filtered
_FROZEN_HEAD = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
_RESERVED_NAMES = {"history"}

Rows = Sequence[Sequence[str]]


def rows_of(table: Table) -> list[list[str]]:
    """Return the words of a table's cells."""
    return [[cell.text for cell in row] for row in table.rows]


def tables_in(leaves: Sequence[Leaf]) -> Iterator[Rows]:
    """Yield the tables of a text."""
    yield from (rows_of(leaf.table) for leaf in leaves if leaf.table is not None and leaf.table.rows)


def csv_file(rows: Rows) -> bytes:
    """Return a table as text with commas, with the mark by which Excel knows UTF-8."""
    written = io.StringIO()
    writer = csv.writer(written)
    for row in rows:
        # A spreadsheet would run such a cell, whatever the file calls it; the sign before it makes it text.
        writer.writerow([allowed(f"'{cell}" if looks_like_formula(cell.strip()) else cell) for cell in row])
    return b"\xef\xbb\xbf" + written.getvalue().encode("utf-8", "backslashreplace")


def workbook(sheets: Sequence[tuple[str, Rows]]) -> bytes:
    """Return a workbook of sheets by their names; the first row of each is its head, which stands still and filters."""
    names = list(enumerate(_distinct(name for name, _ in sheets), 1))
    part = "xl/worksheets/sheet{}.xml".format
    values = {
        "types": "".join(f'<Override PartName="/{part(at)}" ContentType="{_SHEET}"/>' for at, _ in names),
        "sheets": "".join(f'<sheet name="{xml_text(name)}" sheetId="{at}" r:id="r{at}"/>' for at, name in names),
        "links": "".join(
            f'<Relationship Id="r{at}" Type="{_RELATION}" Target="{part(at).removeprefix("xl/")}"/>' for at, _ in names
        ),
    }
    return office_file("excel", values, {part(at): _sheet(rows) for at, (_, rows) in enumerate(sheets, 1)})


def _distinct(names: Iterator[str]) -> Iterator[str]:
    """Yield names that Excel takes for sheets: not too long, none of its own, and each another."""
    taken = set(_RESERVED_NAMES)
    for name in names:
        stem = _cut(_NOT_IN_NAMES.sub(" ", allowed(name)).strip(" '"), _LONGEST_NAME).rstrip(" '") or "1"
        made, number = stem, 1
        while made.casefold() in taken:
            number += 1
            made = f"{_cut(stem, _LONGEST_NAME - 7)} {number}"
        taken.add(made.casefold())
        yield made


def _cut(text: str, length: int) -> str:
    return text.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore")


def _sheet(rows: Rows) -> str:
    width = max((len(row) for row in rows), default=1)
    longest = [
        max((len(row[column]) for row in rows if column < len(row)), default=0) for column in range(min(width, 200))
    ]
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{min(80, max(8, letters + 2))}" customWidth="1"/>'
        for number, letters in enumerate(longest, 1)
    )
    head, filters = "", ""
    if len(rows) > 1 and (named := len(rows[0])) > _OF_PAIRS:
        head = f'<sheetViews><sheetView workbookViewId="0">{_FROZEN_HEAD}</sheetView></sheetViews>'
        filters = f'<autoFilter ref="A1:{_letters(named)}{len(rows)}"/>'
    lines = (f"<row>{''.join(_cell(cell, is_head=not at) for cell in row)}</row>" for at, row in enumerate(rows))
    content = f"{head}<cols>{columns}</cols><sheetData>{''.join(lines)}</sheetData>{filters}"
    return f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}">{content}</worksheet>'


def _letters(column: int) -> str:
    """Return what a spreadsheet calls a column, the first being 1: A, Z, AA."""
    return (_letters((column - 1) // 26) if column > 26 else "") + chr(ord("A") + (column - 1) % 26)


def _cell(text: str, *, is_head: bool) -> str:
    said = text.strip()
    if _NUMBER.fullmatch(said) and not is_head:
        return f"<c><v>{said}</v></c>"
    look = 1 if is_head else 2
    words = xml_text(_cut(allowed(text), _LONGEST_CELL))
    return f'<c s="{look}" t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'
