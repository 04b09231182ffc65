"""Tables as files of spreadsheets: workbooks of Excel, and text with commas.

A cell is text unless it is a number without any doubt, so nothing of a model's words is ever computed.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence

from desktop.rendering.text.leaves import Leaf, Table
from desktop.rendering.written.html import looks_like_formula
from desktop.rendering.written.xml_text import allowed, xml_text

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MOMENT = (1980, 1, 1, 0, 0, 0)  # of each part: the same tables make the same file
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_CELL, _LONGEST_NAME = 32_767, 31  # that Excel takes, in units of UTF-16, as all of its lengths
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
    """Return a workbook of sheets by their names; the first row of each is its head."""
    names = list(_distinct(name for name, _ in sheets))
    parts = {
        "[Content_Types].xml": _content_types(len(names)),
        "_rels/.rels": _links([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _book(names),
        "xl/_rels/workbook.xml.rels": _links(
            [*(("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(names) + 1)), _STYLES_LINK]
        ),
        "xl/styles.xml": _styles(),
    }
    for number, (_, rows) in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(rows)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, _MOMENT), _HEAD + content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


_STYLES_LINK = ("styles", "styles.xml")


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


def _content_types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for number in range(1, count + 1)
    )
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    book = f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    styles = f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{rels}{xml}{book}{styles}{sheets}</Types>'


def _links(targets: Sequence[tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="r{number}" Type="{_R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _book(names: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name="{xml_text(name)}" sheetId="{number}" r:id="r{number}"/>' for number, name in enumerate(names, 1)
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_R}"><sheets>{sheets}</sheets></workbook>'


def _styles() -> str:
    """Return three looks: plain, bold for heads, and text that wraps."""
    fonts = '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/>'
    fonts += '<name val="Calibri"/></font></fonts>'
    fills = '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    fills += "</fill></fills>"
    borders = '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    wraps = '<alignment vertical="top" wrapText="1"/>'
    looks = (
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/>'
        '<xf fontId="1" xfId="0" applyFont="1"/>'
        f'<xf numFmtId="49" xfId="0" applyNumberFormat="1" applyAlignment="1">{wraps}</xf></cellXfs>'
    )
    return f'<styleSheet xmlns="{_MAIN}">{fonts}{fills}{borders}{looks}</styleSheet>'


def _sheet(rows: Rows) -> str:
    width = max((len(row) for row in rows), default=1)
    longest = [
        max((len(row[column]) for row in rows if column < len(row)), default=0) for column in range(min(width, 200))
    ]
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{min(80, max(8, letters + 2))}" customWidth="1"/>'
        for number, letters in enumerate(longest, 1)
    )
    lines = (f"<row>{''.join(_cell(cell, is_head=not at) for cell in row)}</row>" for at, row in enumerate(rows))
    return f'<worksheet xmlns="{_MAIN}"><cols>{columns}</cols><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell(text: str, *, is_head: bool) -> str:
    said = text.strip()
    if _NUMBER.fullmatch(said) and not is_head:
        return f"<c><v>{said}</v></c>"
    look = 1 if is_head else 2
    words = xml_text(_cut(allowed(text), _LONGEST_CELL))
    return f'<c s="{look}" t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'
