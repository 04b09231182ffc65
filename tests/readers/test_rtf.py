"""Older office programs' files, RTF and Office 97; web pages, and books of them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.documents.document import Aside, ReadingProblem, RemarkKind, SectionKind
from desktop.readers.office.rtf import RichText
from desktop.readers.text.html import decode_html, html_blocks
from tests.readers.conftest import FILES, problem_from
from tests.readers.making import asides, blocks, package, read, remarks, texts
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


def said(page):
    return [block.text for block in html_blocks(page)]


@pytest.mark.parametrize(
    ("page", "blocks"),
    [
        ("<p>One &amp; <b>two</b>\n  lines<p>Next", ["One & two lines", "Next"]),
        ("a<br>b", ["a\nb"]),
        ("<ul><li>a<li><p>b</p><ul><li>c</ul><li>d</ul>", ["• a", "• b", "  • c", "• d"]),
        ("<ol start=3><li>a</li><li value=7>b</li></ol>", ["3. a", "7. b"]),
        ("<pre>  a\n   b</pre>", ["  a\n   b"]),
        ("a < b & c <3 > d", ["a < b & c <3 > d"]),
        ("<script>x</script><style>x</style><noscript>x</noscript><template>x</template>a", ["a"]),
        ("<p hidden>x</p><p style='color:red; display : none'>x</p>a", ["a"]),
        ("<!-- x -->a<!-- > b", ["a"]),
        ("<script>if (a < b) document.write('<p>x')</script >a", ["a"]),
        ("<textarea>a\nb</textarea>", ["a\nb"]),
        ("<input type=checkbox checked>yes <input type=hidden value=x>", ["☒ yes"]),
        ("<a href='x>y'>link</a>", ["link"]),
        ("<math><mi>x</mi><annotation encoding='application/x-tex'>x^2</annotation></math>", ["$x^2$"]),
        ("<table><tr><th>A<th>B<tr><td>1|2<td>x</table>", ["| A | B |\n| 1\\|2 | x |"]),
        (
            "<table><tr><td>A<td colspan=2>B<tr><td rowspan=2>1<td>2<td>3<tr><td>4<td>5</table>",
            ["| A | B |  |\n| 1 | 2 | 3 |\n|  | 4 | 5 |"],
        ),
        (
            "<table><tr><td>side<td><table><tr><td>a<td>b<tr><td>c<td>d</table></table>",
            ["side", "| a | b |\n| c | d |"],
        ),
        ("<table><tr><td><p>a</p><p>b</p></table>", ["a", "b"]),
        ("&#" + "9" * 6000 + ";", ["&#" + "9" * 6000 + ";"]),
        ("<![CDATA[a<b]]>", ["a<b"]),
    ],
)
def test_pages_as_text(page, blocks):
    assert said(page) == blocks


def test_changes_and_pictures_are_told():
    page = b"<p>We <ins>always</ins><del>never</del> pay<img src=x><img>"
    assert asides(page, Aside.INSERTED, "a.html") == [("always", "")]
    assert asides(page, Aside.DELETED, "a.html") == [("never", "")]
    assert remarks(page, "a.html") == {RemarkKind.PICTURES: 2}


@pytest.mark.parametrize("encoding", ["gb18030", "shift_jis", "cp1251", "utf-16"])
def test_the_encoding_that_a_page_tells(encoding):
    words = {"gb18030": "文件", "shift_jis": "ファイル", "cp1251": "файл", "utf-16": "文件"}[encoding]
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}"><p>{words}'.encode(encoding)
    assert said(decode_html(page).text) == [words]
    page = '<meta charset="cp1252"><p>файл'.encode("cp1251")
    assert said(decode_html(page, "cp1251").text) == ["файл"]  # one that is given wins
    assert texts("<meta charset='klingon'><p>naïve".encode(), "a.html") == ["naïve"]


@pytest.mark.parametrize(
    "page",
    [
        "<a " * 50_000,
        "<!--" * 50_000,
        '<a "' * 50_000,
        "<a x='" * 50_000,
        "<![CDATA[" * 50_000,
        "<script>" * 50_000,
        "<div>" * 50_000,
        "</p>" * 50_000,
        "<table><tr><td>" * 10_000,
        "<b>" * 20_000 + "</i>" * 20_000,
        "<table>" + "<tr><td colspan=9999 rowspan=9999>x<td>y" * 1_000 + "</table>",
    ],
)
def test_no_page_takes_more_than_its_length(page):
    """Time grows with length alone: the standard library's parser takes minutes for the first of these."""
    began = time.process_time()
    html_blocks(page)
    assert time.process_time() - began < 10


@given(st.text(alphabet="<>/!-a p&#;x=\"'\n", max_size=60) | st.text(max_size=40))
def test_any_text_is_a_page(page):
    html_blocks(page)


CONTAINER = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
BOOK = """<?xml version="1.0"?><opf:package xmlns:opf="http://www.idpf.org/2007/opf"><opf:manifest>
<opf:item id="b" href="two%20.xhtml" media-type="application/xhtml+xml"/>
<opf:item id="a" href="one.xhtml" media-type="application/xhtml+xml"/>
<opf:item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<opf:item id="c" href="gone.xhtml" media-type="application/xhtml+xml"/>
</opf:manifest><opf:spine>
<opf:itemref idref="a"/><opf:itemref idref="b"/><opf:itemref idref="c"/></opf:spine></opf:package>"""
CONTENTS = """<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">
<ncx><navMap><navPoint><navLabel><text>The first</text></navLabel>
<content src="one.xhtml#x"/></navPoint></navMap></ncx>"""


def book(**more):
    return package(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": BOOK,
            "OEBPS/toc.ncx": CONTENTS,
            "OEBPS/one.xhtml": "<html><head><title>no</title></head><body><p>Once&#160;upon</p><img/></body></html>",
            "OEBPS/two .xhtml": "<html><body><h2>The second</h2><p>文</p></body></html>",
            **more,
        }
    )


def test_chapters_in_the_order_of_reading():
    found = read(book())
    assert [(each.kind, each.number, each.title) for each in found.sections] == [
        (SectionKind.CHAPTER, 1, "The first"),
        (SectionKind.CHAPTER, 2, "The second"),
    ]
    assert [block.text for each in found.sections for block in each.blocks] == ["Once\xa0upon", "The second", "文"]
    assert [(each.kind, each.count) for each in found.remarks] == [(RemarkKind.DAMAGED, 1), (RemarkKind.PICTURES, 1)]


def test_a_book_that_is_locked_or_has_no_description_is_said():
    locked = "".join(
        f"<enc:CipherData><enc:CipherReference URI='OEBPS/{name}'/></enc:CipherData>"
        for name in ("one.xhtml", "two%20.xhtml", "gone.xhtml")
    )
    made = book(**{"META-INF/encryption.xml": f"<encryption>{locked}</encryption>"})
    assert problem_from(made) is ReadingProblem.PROTECTED
    assert problem_from(package({"mimetype": "application/epub+zip"})) is ReadingProblem.DAMAGED
