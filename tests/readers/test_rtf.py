"""Files of older office programs: RTF and Office 97."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.documents.document import Aside, RemarkKind, SectionKind
from desktop.core.documents.reading import ReadingProblem
from desktop.readers.office.rtf import RichText
from tests.readers.conftest import FILES
from tests.readers.making import asides, blocks, read, remarks, texts
from tests.readers.test_hostile import outcome

FONTS = r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset134 SimSun;}{\f2\fcharset204 Arial Cyr;}{\f3\fcharset2 Symbol;}}"


def rtf(body, head=FONTS):
    return (r"{\rtf1\ansi\ansicpg1252" + head + body + "}").encode("latin-1")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"one\tab two\line three\par", "one\ttwo\nthree"),
        (r"caf\'e9 \endash  \ldblquote x\rdblquote\par", "café – “x”"),
        (r"\f1\'b8\'b6\f0  and \f2\'ff\par", "付 and я"),
        (r"\u8364?\u-10179?\u-8704?x\par", "€😀x"),
        (r"\uc2\u25991 ??\uc0\u20214 x\par", "文件x"),
        (r"\u25991\'b8\'b6x\par", "文\u00b6x"),
        (r"{\f3 \'61}\par", "α"),
        (r"\{a\\b\}\~c\_d\-e\par", "{a\\b}\xa0c\u2011de"),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}} end\par", "link end"),
        (r"{\*\unknown no}yes{\info{\title no}}\par", "yes"),
        (r"{\upr{ansi}{\*\ud{unicode}}}\par", "unicode"),
        (r"{\listtext\tab 1.\tab}item\par", "1. item"),
        (
            r"\pard a\
b",
            "a",
        ),
        (r"before\bin5 {{{{{after\par", "beforeafter"),
        (r"{\shp{\*\shpinst{\sp{\sn no}{\sv 1}}}{\shprslt no}}x\par", "x"),
    ],
)
def test_letters(body, text):
    assert texts(rtf(body))[0] == text


def test_the_character_set_of_the_file():
    content = rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fnil A;}}\f0 \'ce\'c4\'bc\'fe\par}"
    assert texts(content) == ["文件"]
    assert texts(content.replace(b"936", b"1252")) == ["ÎÄ¼þ"]


def test_headings_are_told_by_their_styles():
    head = FONTS + r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 First;}{\s2 heading 2;}{\s9 Title;}}"
    body = r"\pard\s9 T\par\pard\s1 A\par\pard x\par\pard\s2 B\par\pard\outlinelevel2 C\par\pard y\par"
    found = blocks(rtf(body, head))
    assert [(each.text, each.level) for each in found] == [("T", 1), ("A", 1), ("x", 0), ("B", 2), ("C", 3), ("y", 0)]


def test_tables():
    row = r"\trowd\pard\intbl {}\cell {}\par two\cell\row"
    made = rtf(r"\pard before\par" + row.format("a", "b") + row.format("c|", "d") + r"\pard after\par")
    assert [(each.text, each.place, each.is_table) for each in blocks(made)] == [
        ("before", "1", False),
        ("| a | b two |\n| c\\| | d two |", "2:1:1", True),
        ("after", "3", False),
    ]


def test_what_stands_beside_the_text():
    head = FONTS + r"{\*\revtbl{Unknown;}{Ann;}{Bo;}}"
    body = (
        r"{\header Secret\par}{\header Secret\par}The price{\footnote\pard\plain {\chftn} By a lot.\par Really.}"
        r"{\*\atnid A}{\*\atnauthor Ann}\chatn{\*\annotation Which?} {\v unseen}{\revised\revauth1 always }"
        r"{\deleted\revauthdel2 never }pay\par next\par{\pict\pngblip 00ff}"
    )
    made = rtf(body, head)
    assert texts(made) == ["Secret", "The price unseenalways never pay", "By a lot.\nReally.", "Which?", "next"]
    assert asides(made, Aside.HEADER) == [("Secret", "")]
    assert asides(made, Aside.FOOTNOTE) == [("By a lot.\nReally.", "")]
    assert asides(made, Aside.COMMENT) == [("Which?", "Ann")]
    assert asides(made, Aside.HIDDEN) == [("unseen", "")]
    assert asides(made, Aside.INSERTED) == [("always ", "Ann")]
    assert asides(made, Aside.DELETED) == [("never ", "Bo")]
    assert remarks(made) == {RemarkKind.PICTURES: 1}


def test_groups_may_stand_as_deep_as_they_like_and_need_no_end():
    assert texts(b"{\\rtf1" + b"{" * 500_000 + b"x" + b"}" * 500_000 + b"}") == ["x"]
    assert texts(rtf(r"x{\shp{\*\shpinst\shpleft1{\shptxt In the box\par}}}\par")) == ["x", "In the box"]
    assert texts(rtf(r"one\par two{\b three")[:-2]) == ["one", "twothre"]  # of a file that was cut off what is there


@given(
    st.lists(
        st.sampled_from(["{", "}", "\\", "*", "u", "-1", "'b8", "par", " ", "cell", "row", "\\footnote", "x", "\n"])
    )
)
def test_any_text_is_read(pieces):
    list(RichText(("{\\rtf1" + "".join(pieces)).encode()).blocks())


@given(st.binary(max_size=80))
def test_any_bytes_are_read(content):
    list(RichText(b"{\\rtf1" + content).blocks())


def test_a_document_of_word_97():
    content = (FILES / "report.doc").read_bytes()
    found = [(each.text, each.level, each.is_table) for each in blocks(content)]
    assert ("The report", 1, False) in found
    assert ("Numbers of 2025 and 数字", 2, False) in found
    assert ("| North | 15.3% |\n| South | 9 \\| 10 |", 0, True) in found
    assert [each.title for each in read(content).sections] == ["The report", "Numbers of 2025 and 数字"]
    texts = [each for each, _, _ in found]
    assert texts.index("It rose.") == texts.index("The price of it.") + 1
    assert asides(content, Aside.FOOTNOTE) == [("It rose.", "")]
    assert asides(content, Aside.HEADER) == [("Secret", "")]
    assert asides(content, Aside.COMMENT) == [("Which?", "Ann")]
    assert [text for text, _ in asides(content, Aside.DELETED)] == ["never "]
    assert [text for text, _ in asides(content, Aside.INSERTED)] == ["always "]
    assert [text for text, _ in asides(content, Aside.HIDDEN)] == ["unseen"]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_document_that_was_cut_off_is_text_or_said(share):
    content = (FILES / "report.doc").read_bytes()
    assert outcome(content[: int(len(content) * share)]) in {None, ReadingProblem.OLD_KIND, ReadingProblem.DAMAGED}


def test_a_directory_that_is_damaged_is_an_old_file():
    """Word mends such files, so the sentence names it."""
    broken = bytearray((FILES / "report.doc").read_bytes())
    table = broken.index("1Table".encode("utf-16-le"))
    broken[table + 66] = 1  # a folder
    assert outcome(bytes(broken)) is ReadingProblem.OLD_KIND


def test_any_byte_of_a_header_may_be_wrong():
    content = (FILES / "report.doc").read_bytes()
    start = content.index(b"\xec\xa5")
    for at in range(start, start + 900, 7):
        broken = bytearray(content)
        broken[at] ^= 0xFF
        outcome(bytes(broken))


def test_a_workbook_of_excel_97():
    found = read((FILES / "sales.xls").read_bytes()).sections
    assert [(each.kind, each.title, each.is_hidden) for each in found] == [
        (SectionKind.SHEET, "Sales", False),
        (SectionKind.SHEET, "Secret", True),
    ]
    assert [(each.text.split("\n")[0], each.place) for each in found[0].blocks] == [
        ("|  | Region | Share | Day |", "2"),
        ("|  | 数字 \\| x |", "6"),
    ]
    assert found[0].blocks[0].text.split("\n")[1:] == [
        "|  | North | 15.3% | 2023-03-15 |",
        "|  | South | #DIV/0! | TRUE |",
    ]
    assert [run.text for run in found[0].blocks[0].runs if run.aside] == [" | South | #DIV/0! | TRUE"]


def test_any_byte_may_be_wrong():
    content = (FILES / "sales.xls").read_bytes()
    for at in range(0, len(content), 41):
        broken = bytearray(content)
        broken[at] ^= 0xFF
        outcome(bytes(broken))
