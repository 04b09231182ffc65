"""Web pages, and books of them: what a browser shows, in order; and no page takes minutes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.documents.document import Aside, RemarkKind, SectionKind
from desktop.core.documents.reading import ReadingProblem
from desktop.readers.text.html import decode_html, html_blocks
from tests.readers.conftest import problem_from
from tests.readers.making import asides, package, read, remarks, texts


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


def test_headings_have_levels_and_divide_the_page():
    page = b"<h1>A</h1><p>x</p><h2>B</h2><p>y</p><h3>C</h3>"
    found = read(page, "a.html").sections
    assert [(each.kind, each.title) for each in found] == [(SectionKind.CHAPTER, "A"), (SectionKind.CHAPTER, "B")]
    assert [block.level for each in found for block in each.blocks] == [1, 0, 2, 0, 3]


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
