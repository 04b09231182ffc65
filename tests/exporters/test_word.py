"""A conversation as a Word file and as a PDF file: whole, over any number of pages, and its words can be read."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from itertools import pairwise, product
from xml.etree import ElementTree

import pypdfium2
import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QFont, QFontInfo, QPdfWriter

from desktop.core.message import TextPart
from desktop.exporters import pdf
from desktop.exporters.word import write
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.printed import Bookmark, Sheets, portions, with_bookmarks, with_true_letters
from tests.exporters.talk import ANSWER, QUESTION, talk

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def parts_of(export):
    with zipfile.ZipFile(io.BytesIO(write(export))) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def answered(markdown):
    return talk(QUESTION, replace(ANSWER, parts=(TextPart(markdown),)))


def body(markdown):
    document = ElementTree.fromstring(parts_of(answered(markdown))["word/document.xml"])  # noqa: S314
    found = document.find(f"{W}body")
    assert found is not None
    return found


def lines(markdown):
    """The paragraphs of the answer, each with its style, its place in a list, and its words."""
    return lines_in(body(markdown))[6:]  # after the title, the question, and who answered


def lines_in(part):
    found = []
    for paragraph in part.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        level, number = (paragraph.find(f"{W}pPr/{W}numPr/{W}{name}") for name in ("ilvl", "numId"))
        place = f" {number.get(W + 'val')}.{level.get(W + 'val')}" if level is not None and number is not None else ""
        words = "".join(each.text or "" for each in paragraph.iter(f"{W}t"))
        found.append(f"{style.get(W + 'val') if style is not None else ''}{place}: {words}")
    return found


def test_each_part_is_well_formed_and_named():
    parts = parts_of(
        answered("# A\n\n1. b [c](https://x.example/?a=1&b=2)\n\nd[^1]\n\n[^1]: e $x^2$\n\n| f |\n|---|\n| g |")
    )
    for name, content in parts.items():
        ElementTree.fromstring(content)  # noqa: S314
        if name.startswith(("word/", "docProps/")) and not name.endswith(".rels"):
            assert f'PartName="/{name}"' in parts["[Content_Types].xml"]
    links = set(re.findall('r:id="([^"]+)"', parts["word/document.xml"]))
    assert links == {"footer", "link1"}
    assert all(f'Id="{each}"' in parts["word/_rels/document.xml.rels"] for each in links)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# A\n\n## B", ["Heading2: A", "Heading3: B"]),
        ("a\n\n> b", ["BodyText: a", "Quote: b"]),
        ("```\nx\n```", ["Code: x"]),
        (
            "1. a\n   - b\n2. c\n\nx\n\n1. d",
            ["BodyText 1.0: a", "BodyText 2.1: b", "BodyText 1.0: c", "BodyText: x", "BodyText 3.0: d"],
        ),
        ("1. a\n\n   b\n2. c", ["BodyText 1.0: a", "BodyText: b", "BodyText 1.0: c"]),
        ("- [x] a", ["BodyText 1.0: ☑ a"]),
        ("1. > a\n2. b", ["Quote 1.0: a", "BodyText 1.0: b"]),
        ("- [x] > a", ["Quote 1.0: ☑ a"]),
        ("1. - a\n2. b", ["BodyText 1.0: ", "BodyText 2.1: a", "BodyText 1.0: b"]),
        ("| a |\n|---|\n| b |", ["TableText: a", "TableText: b", "AfterTable: "]),
        ("a[^1]\n\n[^1]: note", ["BodyText: a"]),
        ("a[^2]\n\n[^1]: note", ["BodyText: a²", "BodyText: ¹ note"]),
    ],
)
def test_blocks_have_styles_of_word(markdown, expected):
    assert lines(markdown) == expected


def test_notes_are_footnotes_and_refer_to_no_others():
    parts = parts_of(answered("a[^1] b[^2]\n\n[^1]: one [^2]\n\n[^2]: two"))
    assert parts["word/document.xml"].count("<w:footnoteReference") == 2
    assert "footnoteReference" not in parts["word/footnotes.xml"]
    assert "two" in parts["word/footnotes.xml"]


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (
            "one\n\n    | f |\n    |---|\n    | g |",
            ("FootnoteText:  one", "TableText: f", "TableText: g", "AfterTable: "),
        ),
        ("| f |\n    |---|\n    | g |", ("FootnoteText:  ", "TableText: f", "TableText: g", "AfterTable: ")),
        ("one\n\n    - a\n    - b", ("FootnoteText:  one", "FootnoteText 2.0: a", "FootnoteText 2.0: b")),
        ("one\n\n    ```\n    x\n    ```", ("FootnoteText:  one", "Code: x")),
    ],
)
def test_a_footnote_holds_what_a_text_does(note, expected):
    parts = parts_of(answered(f"- x\n- a[^1]\n- y\n\n[^1]: {note}"))
    notes = ElementTree.fromstring(parts["word/footnotes.xml"])  # noqa: S314
    assert tuple(lines_in(notes)[2:]) == expected
    assert parts["word/document.xml"].count('<w:numId w:val="1"/>') == 3


def test_formulas_can_be_edited_and_what_is_none_stays_source():
    document = parts_of(answered("$x^2$ and $\\nosuchthing$\n\n$$\n\\frac12\n$$"))["word/document.xml"]
    assert "<m:sSup>" in document
    assert "<m:oMathPara><m:oMath><m:f>" in document
    assert "nosuchthing" in document


def test_the_order_of_properties_is_the_schemas():
    document = parts_of(answered("1. **a *b ~~c~~ `d`***"))["word/document.xml"]
    order = ["rStyle", "rFonts", "b", "i", "strike", "noProof", "color", "sz", "vertAlign"]
    for run in re.findall(r"<w:rPr>(.*?)</w:rPr>", document):
        names = re.findall(r"<w:(\w+)", run)
        assert names == sorted(names, key=order.index)


TWO = "| Rent | 4,150 |\n|---|---|\n| VAT | 20 % |"
FOUR = (
    "| Item | Quantity | Price | Total |\n|---|---|---|---|\n| "
    + "Stackable chairs in grey wool " * 5
    + "| 20 | 189 | 3,780 |"
)
EIGHT = f"{'| Acknowledgement ' * 8}|\n{'|---' * 8}|\n{'| Incomprehensibilities ' * 8}|"
CHINESE = "| 项目 | 说明 |\n|---|---|\n| 差旅报销 | " + "员工因公出差产生的交通、住宿、餐饮及其他合理费用" * 4 + " |"
FORMULA = "| Mean | $\\mathrm{x} = \\mathrm{y}$ |\n|---|---|\n| a | b |"


@pytest.mark.parametrize(
    ("markdown", "narrowest", "widest"),  # in twentieths of a point: of each column, and of the table
    [
        (TWO, (700, 800), 2_500),
        (FOUR, (3_000, 1_100, 750, 800), 9_298),
        (EIGHT, (1_000,) * 8, 9_298),
        (CHINESE, (1_000, 5_000), 9_298),
        (FORMULA, (800, 600), 2_500),
        ("| a |\n|---|\n| " + "x" * 200 + " |", (9_000,), 9_298),
        ("| a | b |\n|---|---|\n| " + "x" * 200 + " | short words |", (5_000, 600), 9_298),
        ("1. a\n\n   | b |\n   |---|\n   | " + "c " * 200 + "|", (8_000,), 9_298 - 425),
        ("| |\n|---|\n| |", (200,), 400),
    ],
)
def test_tables_are_as_wide_as_their_words_within_the_page(markdown, narrowest, widest):
    table = body(markdown).find(f"{W}tbl")
    assert table is not None
    columns = [int(each.get(W + "w") or 0) for each in table.findall(f"{W}tblGrid/{W}gridCol")]
    for row in table.iter(f"{W}tr"):
        assert [int(each.get(W + "w") or 0) for each in row.findall(f"{W}tc/{W}tcPr/{W}tcW")] == columns
    width = table.find(f"{W}tblPr/{W}tblW")
    assert width is not None
    assert width.get(W + "w") == str(sum(columns))
    assert sum(columns) <= widest
    assert all(one >= least for one, least in zip(columns, narrowest, strict=True))


def test_rows_are_not_broken_and_the_head_comes_again():
    rows = list(body(FOUR).iter(f"{W}tr"))
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, False]


_CHINESE = "Noto Sans CJK SC"


def answered_page(markdown, title="Terms"):
    return talk(QUESTION, replace(ANSWER, parts=(TextPart(markdown),)), title=title)


def pages(export):
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf.write(export))]


def leaves_of(text):
    return parse(text)


@pytest.mark.window
def test_words_and_numbers_of_pages_can_be_read_again(qapp):
    (page,) = pages(answered_page("# Terms of it\n\n| a | b |\n|---|---|\n| 45 days | 12 |\n\nSome **words**, $x^2$."))
    for words in ("Terms", "What is *due*?", "qwen3:4b", "Terms of it", "45 days", "Some words,"):
        assert words in page
    assert page.rstrip().endswith("1")


@pytest.mark.window
def test_digits_of_a_font_for_chinese_can_be_read_again_in_any_language(qapp):
    before = qapp.font()
    qapp.setFont(QFont(_CHINESE))
    try:
        (page,) = pages(answered_page("The rent is 12,500 since 2026."))
    finally:
        qapp.setFont(before)
    assert QFontInfo(QFont(_CHINESE)).family() == _CHINESE
    assert "The rent is 12,500 since 2026." in page


@pytest.mark.window
def test_a_formula_among_words_hangs_below_their_line_as_far_as_it_should(qapp):
    page = pypdfium2.PdfDocument(pdf.write(answered_page(r"xxx $\frac{p}{100}$ xxx")))[0]
    text = page.get_textpage()
    _, baseline, _, _ = text.get_charbox(text.get_text_bounded().rindex("x"))
    outlines = [each.get_bounds() for each in page.get_objects() if each.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH]
    bottoms = [bottom for _, bottom, _, top in outlines if bottom < baseline < top + 10 and top - bottom < 30]
    assert 3 < baseline - min(bottoms) < 6  # of a denominator, in points


@pytest.mark.window
def test_a_long_answer_goes_on_over_pages_and_nothing_is_lost(qapp):
    found = pages(answered_page("\n\n".join(f"Paragraph {number} of many." for number in range(400))))
    assert len(found) > 5
    assert [
        f"Paragraph {number} of many." for number in range(400) if f"Paragraph {number} of" not in "".join(found)
    ] == []
    assert [page.rstrip().endswith(str(number)) for number, page in enumerate(found, 1)] == [True] * len(found)


@pytest.mark.window
@pytest.mark.parametrize("before", range(0, 40, 4))
def test_the_head_of_a_table_comes_again_on_each_page_and_stands_with_a_row(qapp, before):
    lines = "a\n\n" * before
    rows = "".join(f"| row {number} | x |\n" for number in range(60))
    found = pages(answered_page(f"{lines}| Heading | b |\n|---|---|\n{rows}"))
    with_rows = [page for page in found if "row " in page]
    assert len(with_rows) > 1
    assert [page.count("Heading") for page in with_rows] == [1] * len(with_rows)
    assert sum("Heading" in page for page in found) == len(with_rows)


@pytest.mark.window
def test_words_of_a_table_with_many_columns_stay_whole(qapp):
    words = ("Obligation", "Deadline", "Confidentiality", "Acknowledgement", "Management", "GBP 250,000.00", "Remarks")
    (page,) = pages(answered_page(f"| {' | '.join(words)} |\n{'|---' * len(words)}|\n| {' | '.join(words)} |"))
    assert [page.count(each.split()[-1]) for each in words] == [2] * len(words)


@pytest.mark.window
def test_a_huge_message_is_laid_out_in_portions_and_can_be_given_up(qapp):
    rows = "".join(f"| row {number} | {number} |\n" for number in range(300))
    code = "".join(f"step {number}\n" for number in range(800))
    line = "word " * 4_000
    huge = f"| name | figure |\n|---|---|\n{rows}\n```\n{code}```\n\n{line}\n"
    shares: list[float] = []
    mine = replace(QUESTION, parts=(TextPart("My own line.\n" * 2_000),))
    export = replace(talk(mine, replace(ANSWER, parts=(TextPart(huge),)), title="T"), progress=shares.append)
    said = "\n".join(pages(export))
    assert all(f"row {number}" in said for number in range(300))
    assert all(f"step {number}" in said for number in range(800))
    assert said.count("My own line.") == 2_000
    assert said.count("word") >= 4_000
    assert said.count("figure") > 3  # each piece of the table has its header
    longest = max(after - before for before, after in pairwise(shares))
    assert longest < 0.2  # no portion is more than a part of it
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    with pytest.raises(KeyboardInterrupt):
        pdf.write(replace(export, progress=_given_up_after_a_third))


def _given_up_after_a_third(share):
    assert share < 0.7
    if share > 0.3:
        raise KeyboardInterrupt


@pytest.mark.window
def test_messages_stand_below_each_other_until_a_page_is_full(qapp):
    many = [replace(each, parts=(TextPart(f"said {at}"),)) for at, each in enumerate([QUESTION, ANSWER] * 30)]
    found = pages(talk(*many))
    assert 2 < len(found) < 12
    assert all(f"said {at}" in "\n".join(found) for at in range(60))


@pytest.mark.window
def test_bookmarks_lead_to_questions_and_headings(qapp):
    filling = "\n\n".join(["Some words."] * 90)
    document = pypdfium2.PdfDocument(pdf.write(answered_page(f"# One\n\n{filling}\n\n# Two & ü")))
    found = [(mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    assert found[:3] == [(0, "Terms", 0), (0, "What is *due*?", 0), (1, "One", 0)]
    assert found[3][:2] == (1, "Two & ü")
    assert found[3][2] > 0


@pytest.mark.window
def test_what_follows_a_heading_that_was_moved_to_the_next_page_stands_below_it(qapp):
    for lines, points in product(range(40, 47), range(8, 24, 5)):  # some leave the heading just too little room
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        device = QPdfWriter(buffer)
        sheets = Sheets(device)
        sheets.add_text(f'<p style="font-size: {points}pt">before</p>', [], 2)
        filling = "".join(f"line {number}\n\n" for number in range(lines))
        sheets.add_text("", leaves_of(f"{filling}## Heading\n"), 2, goes_on=True)
        sheets.add_text("", leaves_of("Next\n"), 2, bookmark="next", goes_on=True)
        heading, following = sheets.bookmarks
        sheets.end()
        is_below = following.page == heading.page and following.top > heading.top + 10
        assert is_below or following.top == 0, (lines, points)


@pytest.mark.window
def test_a_heading_is_in_one_portion_with_what_stands_below_it():
    words = "word " * 700
    whole = leaves_of(f"{words}\n\n# A\n\n## B\n\n{words}\n\n# C\n")
    assert [[leaf.text.strip()[:4] for leaf in portion] for portion in portions(whole)] == [
        ["word"],
        ["A", "B", "word", "C"],
    ]


@pytest.mark.window
def test_links_can_be_followed_and_no_other_thing_is_read(qapp):
    content = pdf.write(answered_page("[page](https://x.example/a) ![b](file:///etc/passwd) <img src=/etc/passwd>"))
    assert b"/URI (https://x.example/a)" in content
    assert b"/Subtype /Image" not in content


@pytest.mark.window
def test_letters_that_look_alike_get_the_codes_that_the_text_has():
    table = b"2 beginbfchar\n<0001> <2F42>\n<0002> <2ED3>\n<0003> <0009>\nendbfchar\n<2F42>"
    mended = with_true_letters(table, "文长 ")
    assert mended == b"2 beginbfchar\n<0001> <6587>\n<0002> <957F>\n<0003> <0020>\nendbfchar\n<2F42>"
    assert with_true_letters(b"beginbfchar <2F42> endbfchar", "⽂") == b"beginbfchar <2F42> endbfchar"


@pytest.mark.window
def test_a_file_of_another_make_is_left_alone():
    assert with_bookmarks(b"%PDF-1.4 something", [Bookmark("a", 0, 0, 0.0)], 800.0) == b"%PDF-1.4 something"
