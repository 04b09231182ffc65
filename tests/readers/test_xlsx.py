"""Workbooks: cells and numbers as they are shown, in columns that keep their letters, and nothing hidden in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.documents.document import Aside, RemarkKind, SectionKind
from desktop.core.documents.selection import Selection, attachment
from desktop.readers.office.sheet import number_format, shown_as
from tests.readers.making import asides, blocks, read, remarks, texts, xlsx, xml

STYLES = (
    '<x:numFmts><x:numFmt numFmtId="170" formatCode="[h]:mm"/><x:numFmt numFmtId="171" formatCode="0.0%"/></x:numFmts>'
    '<x:cellXfs><x:xf numFmtId="0"/><x:xf numFmtId="14"/><x:xf numFmtId="170"/><x:xf numFmtId="171"/>'
    '<x:xf numFmtId="49"/></x:cellXfs>'
)


def c(ref, value, attributes=""):
    return f'<x:c r="{ref}" {attributes}><x:v>{value}</x:v></x:c>'


def text(ref, words):
    return f'<x:c r="{ref}" t="inlineStr"><x:is><x:t>{words}</x:t></x:is></x:c>'


def row(number, *cells, attributes=""):
    return f'<x:row r="{number}" {attributes}>{"".join(cells)}</x:row>'


def sheet(*rows, before=""):
    return f"{before}<x:sheetData>{''.join(rows)}</x:sheetData>"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (c("A1", "0.153", 's="3"'), "15.3%"),
        (c("A1", "45000", 's="1"'), "2023-03-15"),
        (c("A1", "1.25", 's="2"'), "30:00"),
        (c("A1", "0.1", 's="0"'), "0.1"),
        (c("A1", "0.30000000000000004"), "0.3"),
        (c("A1", "12345678901234"), "12345678901234"),
        (c("A1", "1", 't="b"'), "TRUE"),
        (c("A1", "#DIV/0!", 't="e"'), "#DIV/0!"),
        (c("A1", "a|b", 't="str"'), "a\\|b"),
        (c("A1", "2024-05-01T08:00:00", 't="d"'), "2024-05-01 08:00:00"),
        (c("A1", "1", 't="s"'), "two lines"),
        (c("A1", "99", 't="s"'), None),
        (c("A1", "x", 's="77"'), "x"),
        (text("A1", "007"), "007"),
        (c("A1", "", 't="str"'), None),
    ],
)
def test_cells_as_they_are_shown(cell, shown):
    strings = "<x:si><x:t>one</x:t></x:si><x:si><x:r><x:t>two\n</x:t></x:r><x:r>"
    strings += "<x:t>lines</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh></x:si>"
    made = xlsx({"S": sheet(row(1, cell))}, {"styles": STYLES, "sharedStrings": strings})
    assert texts(made) == ([] if shown is None else [f"| {shown} |"])


def test_columns_keep_their_letters_and_blocks_their_rows():
    made = xlsx(
        {
            "S": sheet(
                row(1, c("A1", "1"), c("C1", "3")), row(2, c("B2", "2")), "<x:row><x:c><x:v>9</x:v></x:c></x:row>"
            ),
            "Nearly empty": sheet(row(1, c("A1", "0", 's="1"')), row(1_048_576, c("XFD1048576", "9"))),
            "Long": sheet(*(row(number, c(f"A{number}", "1")) for number in (*range(3, 300), 500))),
        },
        {"styles": STYLES, "workbook": '<x:workbookPr date1904="1"/>'},
    )
    first, second, third = read(made).sections
    assert [each.text for each in first.blocks] == ["| 1 |  | 3 |\n|  | 2 |\n| 9 |"]
    assert [(each.text, each.place) for each in second.blocks] == [
        ("| 1904-01-01 |", "1"),
        ("| XFD1048576: 9 |", "1048576"),
    ]
    assert [each.place for each in third.blocks] == ["3", "203", "500"]  # after a gap, and every 200 rows


def test_sheets_and_those_that_are_hidden():
    found = read(xlsx({"One": sheet(row(1, c("A1", "1"))), "-Two": sheet(), "Three": sheet()})).sections
    assert [(each.kind, each.number, each.title, each.is_hidden) for each in found] == [
        (SectionKind.SHEET, 1, "One", False),
        (SectionKind.SHEET, 2, "Two", True),
        (SectionKind.SHEET, 3, "Three", False),
    ]


def test_hidden_rows_and_columns_can_be_left_out():
    columns = '<x:cols><x:col min="2" max="2" hidden="1"/></x:cols>'
    rows = (
        row(1, c("A1", "1"), c("B1", "2"), c("C1", "3")),
        row(2, c("A2", "4"), c("B2", "5"), attributes='hidden="1"'),
    )
    made = xlsx({"S": sheet(*rows, before=columns)})
    assert asides(made, Aside.HIDDEN) == [("2", ""), ("4 | 5", "")]
    sent = attachment(read(made)).text
    assert sent.endswith("| 1 | [hidden: 2] | 3 |\n| [hidden: 4 | 5] |")
    assert attachment(read(made), Selection(without=frozenset({Aside.HIDDEN}))).text.endswith("| 1 |  | 3 |")


def test_comments_stand_at_their_cell():
    comments = xml(
        "x:comments",
        "<x:authors><x:author>Ann</x:author></x:authors><x:commentList>"
        '<x:comment ref="A1" authorId="0"><x:text><x:r><x:t>Ann:</x:t></x:r><x:r><x:t>\nTrue?</x:t></x:r></x:text>'
        "</x:comment>"
        '<x:comment ref="C9" authorId="7"><x:text><x:t>Empty here</x:t></x:text></x:comment></x:commentList>',
    )
    made = xlsx({"S": sheet(row(1, c("A1", "1"), c("B1", "2")))}, of_sheets={"comments": comments})
    assert asides(made, Aside.COMMENT) == [("True?", "Ann"), ("C9: Empty here", "")]
    assert texts(made) == ["| 1 True? | 2 |", "C9: Empty here"]


def test_formulas_without_a_value_stand_as_themselves():
    made = xlsx(
        {"S": sheet(row(1, "<x:c r='A1'><x:f>SUM(B1:B2)</x:f></x:c>", "<x:c r='B1'><x:f>A1</x:f><x:v/></x:c>"))}
    )
    assert texts(made) == ["| =SUM(B1:B2) | =A1 |"]
    assert remarks(made) == {RemarkKind.NOT_CALCULATED: 2}


def test_what_is_beyond_the_limit_is_said():
    long = "x" * 1_000_000
    rows = [row(number, text(f"A{number}", long)) for number in range(1, 41)]
    made = xlsx({"S": sheet(*rows, before='<x:dimension ref="A1:A40"/>')})
    found = read(made)
    left_out = next(each for each in found.remarks if each.kind is RemarkKind.ROWS_LEFT_OUT)
    kept = sum(block.text.count("\n") + 1 for section in found.sections for block in section.blocks)
    assert left_out.count == 40 - kept
    assert left_out.detail == "S"
    assert 20 < kept < 40


def test_text_boxes_and_pictures_over_a_sheet():
    drawing = xml(
        "xdr:wsDr",
        "<xdr:twoCellAnchor><xdr:from><xdr:row>4</xdr:row></xdr:from><xdr:sp><xdr:txBody><a:p><a:r><a:t>Look</a:t></a:r></a:p>"
        "</xdr:txBody></xdr:sp><xdr:pic/></xdr:twoCellAnchor>",
    )
    made = xlsx({"S": sheet()}, of_sheets={"drawing": drawing})
    assert [(each.text, each.place) for each in blocks(made)] == [("Look", "5")]
    assert remarks(made) == {RemarkKind.PICTURES: 1}


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("0.0%", 0.153, "15.3%"),
        ("0%", 0.5, "50%"),
        ("#,##0.00", 1234567.891, "1,234,567.89"),
        ("0.00", -0.125, "-0.13"),
        ("0.00", 1.005, "1.01"),
        ("0.00", -0.001, "0.00"),
        ("#,##0;(#,##0)", -1234, "(1,234)"),
        ('"$"#,##0_);[Red]("$"#,##0)', -5, "($5)"),
        ("[$€-407] #,##0.00", 5.5, "€ 5.50"),
        ('#,##0.0,,"M"', 12345678, "12.3M"),
        ("000-00-0000", 123456789, "123-45-6789"),
        ("00000", 7, "00007"),
        ("#.##", 5, "5."),
        ("0.###", 2.5, "2.5"),
        ("0.00E+00", 12345, "1.23E+04"),
        ("# ?/?", 1.5, "1.5"),
        ("[h]:mm", 1.25, "30:00"),
        ("mm:ss", 0.0038, "05:28"),
        ("yyyy-mm-dd", 45000, "2023-03-15"),
        ("mmm yyyy", 45000, "2023-03-15"),
        ("yyyy年m月d日", 45000, "2023-03-15"),
        ("m/d/yy h:mm", 45000.5, "2023-03-15 12:00"),
        ("h:mm AM/PM", 0.75, "18:00"),
        ("dd.mm.yyyy hh:mm:ss.000", 45000.123456, "2023-03-15 02:57:46.598"),
        ("d", 1, "1900-01-01"),
        ("d", -1, "-1"),
        ("General", 1 / 3, "0.333333333"),
        ("General", 0.1 + 0.2, "0.3"),
        ("General", 1e-7, "1E-07"),
        ("General", 1234567890.12, "1234567890.12"),
        ('General" kg"', 3.5, "3.5 kg"),
        ('0;-0;"none"', 0, "none"),
        ('[>100]"big";0.0', 200, "big"),
        ('[>100]"big";0.0', -2, "-2.0"),
        ("@", 5, "5"),
        ('"yes"', 1, "yes"),
    ],
)
def test_a_number_in_a_format(code, value, shown):
    assert number_format(code)(value) == shown


def test_what_is_no_number_stays_as_it_is():
    assert shown_as("0.0%", "North") == "North"
    assert shown_as("0.0%", "0.5") == "50.0%"
    assert shown_as("", "") == ""


@given(st.text(alphabet='0#?.,%/E+-;[]"\\_*@ymdhs>< aG', max_size=14) | st.text(max_size=10), st.floats())
def test_any_code_shows_any_number(code, value):
    assert isinstance(number_format(code)(value), str)
