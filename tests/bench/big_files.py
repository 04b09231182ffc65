"""Large files of known size for the benchmark of files: a PDF of 300 pages, a workbook of 100,000 rows, a long text."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

from tests.readers.pdf_making import pages

PAGES = 300
ROWS = 100_000
_LINES, _LETTERS = 45, 76  # of a page: a megabyte in 300
_CLAUSE = (
    "the supplier shall deliver goods within two weeks of order at own cost unless parties agree otherwise in writing"
    " payment falls due thirty days after receipt of invoice deposit is returned when premises are handed back"
)
_WORDS = _CLAUSE.split()
_KINDS = """<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="3">
<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/></cellXfs></styleSheet>"""
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def write_pdf(path: Path, count: int = PAGES) -> None:
    """Write a PDF without tags, of pages full of lines."""
    chance = random.Random(14)
    path.write_bytes(pages([_page(chance, number) for number in range(1, count + 1)]))


def _page(chance: random.Random, number: int) -> str:
    drawn = [f"BT /F 10 Tf 14 TL 60 790 Td (Page {number} of the agreement) Tj T*"]
    for _ in range(_LINES):
        drawn.append(f"({_line(chance)}) Tj T*")
    return "\n".join([*drawn, "ET"])


def _line(chance: random.Random) -> str:
    line = ""
    while len(line) < _LETTERS:
        line += chance.choice(_WORDS) + " "
    return line[:_LETTERS]


def write_xlsx(path: Path, rows: int = ROWS) -> None:
    """Write a workbook as Excel does: shared words, days, percentages, and formulas with their values."""
    names = [f"Supplier {number}" for number in range(1000)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        made.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/></Types>',
        )
        made.writestr("_rels/.rels", _relationships({"r1": ("officeDocument", "xl/workbook.xml")}))
        made.writestr(
            "xl/workbook.xml",
            f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets><sheet name="Orders" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        parts = {
            "r1": ("worksheet", "worksheets/sheet1.xml"),
            "r2": ("sharedStrings", "sharedStrings.xml"),
            "r3": ("styles", "styles.xml"),
        }
        made.writestr("xl/_rels/workbook.xml.rels", _relationships(parts))
        made.writestr("xl/styles.xml", _KINDS)
        made.writestr(
            "xl/sharedStrings.xml", f"<sst {_MAIN}>{''.join(f'<si><t>{each}</t></si>' for each in names)}</sst>"
        )
        made.writestr(
            "xl/worksheets/sheet1.xml", f"<worksheet {_MAIN}><sheetData>{''.join(_rows(rows))}</sheetData></worksheet>"
        )


def _relationships(parts: dict[str, tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="{id}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for id, (kind, to) in parts.items()
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'
    )


def _rows(count: int) -> list[str]:
    return [
        f'<row r="{row}"><c r="A{row}" t="s"><v>{row % 1000}</v></c><c r="B{row}" s="1"><v>{45000 + row % 900}</v></c>'
        f'<c r="C{row}"><v>{row * 37 % 9973 / 4}</v></c><c r="D{row}" s="2"><v>{row % 97 / 97:.4f}</v></c>'
        f'<c r="E{row}"><f>C{row}*D{row}</f><v>{row % 311 / 7:.3f}</v></c></row>'
        for row in range(1, count + 1)
    ]


def write_text(path: Path, megabytes: int) -> None:
    """Write a text in paragraphs."""
    chance = random.Random(14)
    paragraph = "\n".join(_line(chance) for _ in range(6)) + "\n\n"
    path.write_text(paragraph * (megabytes * 1_000_000 // len(paragraph)), encoding="utf-8")
