"""A conversation as a Word file: its parts, and what Word needs in them to open it."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from desktop.core.message import TextPart
from desktop.exporters.word import write
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


def test_a_list_begins_with_its_own_number():
    numbering = parts_of(answered("3. a\n4. b"))["word/numbering.xml"]
    assert '<w:startOverride w:val="3"/>' in numbering


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


def test_a_footnote_has_formulas_and_links():
    parts = parts_of(answered("a[^1]\n\n[^1]: [b](https://x.example/)\n\n    $$\n    \\frac12\n    $$"))
    assert "<m:f>" in parts["word/footnotes.xml"]
    [link] = re.findall('r:id="([^"]+)"', parts["word/footnotes.xml"])
    assert f'Id="{link}"' in parts["word/_rels/footnotes.xml.rels"]


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


def test_the_model_is_the_author():
    core = parts_of(talk(QUESTION, replace(ANSWER, model="~/models/Smol.gguf"), title="A & B"))["docProps/core.xml"]
    assert "<dc:creator>Smol</dc:creator>" in core
    assert "<dc:title>A &amp; B</dc:title>" in core


def test_one_answer_stands_by_itself():
    document = parts_of(talk(replace(ANSWER, parts=(TextPart("# Terms"),))))["word/document.xml"]
    assert '"Title"' not in document
    assert '"Speaker"' not in document
    assert '"Heading1"' in document
    assert "qwen3:4b · 2026-" in document


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
