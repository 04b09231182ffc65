"""Plain texts, Markdown and tables of text as they are read, in any encoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.documents.document import RemarkKind, SectionKind, row_cells
from desktop.core.documents.selection import attachment
from tests.readers.conftest import document_from, texts

SAMPLES = {
    "utf-8": "Grüße aus Zürich",
    "utf-8-sig": "Grüße aus Zürich",
    "utf-16": "Grüße, 你好",
    "utf-16-le": "Plain letters without a mark in front, but with a zero byte after each.",
    "gb18030": "会议定于下周一上午九点在三楼会议室举行，请各部门负责人准时参加，并带上本季度的工作总结和下季度的计划。",
    "big5": "會議定於下週一上午九點在三樓會議室舉行，請各部門負責人準時參加，並帶上本季度的工作總結和下季度的計劃。",
    "shift_jis": "会議は来週の月曜日の午前九時から三階の会議室で行います。資料は前日までにメールで配布してください。",
    "cp1252": "Die Kündigungsfrist beträgt drei Monate zum Monatsende, für die Vermieterin nach fünf Jahren länger.",
    "koi8-r": "Совещание состоится в следующий понедельник в девять часов утра в переговорной на третьем этаже.",
    "cp1251": "Совещание состоится в следующий понедельник в девять часов утра в переговорной на третьем этаже.",
    "euc_kr": "회의는 다음 주 월요일 오전 아홉 시에 삼층 회의실에서 열립니다. 자료는 전날까지 메일로 보내 주십시오.",
}
TOLD = {"utf-8", "utf-8-sig", "utf-16"}  # by the bytes themselves


@pytest.mark.parametrize("encoding", SAMPLES)
def test_letters_are_recognised(encoding):
    document = document_from(SAMPLES[encoding].encode(encoding))
    assert texts(document) == [SAMPLES[encoding]]
    guessed = [remark.detail for remark in document.remarks if remark.kind is RemarkKind.ENCODING]
    assert guessed == ([] if encoding in TOLD else [document.encoding])


def test_an_encoding_may_be_given():
    document = document_from("Größe".encode("latin-1"), encoding="latin-1")
    assert (texts(document), document.encoding, document.remarks) == (["Größe"], "latin-1", ())
    assert texts(document_from("Größe".encode(), encoding="nonsense")) == ["Größe"]
    assert texts(document_from("Größe".encode(), encoding="hex")) == ["Größe"]


def test_letters_that_an_encoding_does_not_have_are_told():
    document = document_from(b"a\xffb", encoding="utf-8")
    assert texts(document) == ["a\N{REPLACEMENT CHARACTER}b"]
    assert [(remark.kind, remark.count) for remark in document.remarks] == [(RemarkKind.DAMAGED, 1)]


def test_code_keeps_its_lines_and_their_indents():
    code = "def f():\n    if x:\n\n        return 1\n\nprint(f())"
    document = document_from(code.encode(), "a.py")
    assert attachment(document).text == code
    assert [block.place for block in document.sections[0].blocks] == ["1", "4", "6"]
    assert texts(document_from(b"a\r\nb\rc\n\r\nd")) == ["a\nb\nc", "d"]


MARKDOWN = """\
# The title

An introduction
on two lines.

Second title
------------

```python
# no heading

x = 1
```

| Name | Price \\| tax |
|:-----|---:|
| `a`  | 1 |
Setext
===
- item
"""


def test_markdown_has_headings_tables_and_code():
    document = document_from(MARKDOWN.encode(), "a.md")
    [section] = document.sections
    assert section.kind is SectionKind.WHOLE
    assert [(block.level, block.is_table, block.place, block.text) for block in section.blocks] == [
        (1, False, "1", "# The title"),
        (0, False, "3", "An introduction\non two lines."),
        (2, False, "6", "Second title\n------------"),
        (0, False, "9", "```python\n# no heading\n\nx = 1\n```"),
        (0, True, "15", "| Name | Price \\| tax |\n| `a` | 1 |"),
        (0, False, "18", "Setext\n===\n- item"),
    ]
    assert texts(document_from(b"a\n\n~~~\nb\n\nc", "a.md")) == ["a", "~~~\nb\n\nc"]


def test_a_long_text_with_headings_has_chapters():
    text = "Words before.\n\n" + "".join(f"## Part {number}\n\n{'word ' * 2000}\n\n" for number in range(1, 4))
    document = document_from(("# Book\n\n" + text).encode(), "a.md")
    assert [(section.kind, section.number, section.title) for section in document.sections] == [
        (SectionKind.CHAPTER, 1, "Book"),
        (SectionKind.CHAPTER, 2, "Part 1"),
        (SectionKind.CHAPTER, 3, "Part 2"),
        (SectionKind.CHAPTER, 4, "Part 3"),
    ]


def rows(content, name="a.csv"):
    return [row_cells(line) for block in texts(document_from(content.encode(), name)) for line in block.split("\n")]


@pytest.mark.parametrize("divider", [",", ";", "\t", "|"])
def test_the_divider_of_a_table_is_found(divider):
    content = "\n".join(divider.join(cells) for cells in (["name", "price"], ["a b", "1.5"], ["", "2"]))
    assert rows(content) == [["name", "price"], ["a b", "1.5"], ["", "2"]]


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        ('name,note\n"a, b","he said ""no""\nand left"\n', [["name", "note"], ["a, b", 'he said "no" and left']]),
        ("name;price\na;1,5\nb;2,5\n", [["name", "price"], ["a", "1,5"], ["b", "2,5"]]),
        ("sep=;\na;b\n", [["a", "b"]]),
    ],
    ids=["quotes", "a decimal comma divides nothing", "a divider that is named"],
)
def test_cells_as_spreadsheets_write_them(content, cells):
    assert rows(content) == cells


def test_a_list_of_lines_is_no_table():
    document = document_from(b"one\ntwo\nthree\n", "a.csv")
    assert [block.is_table for block in document.sections[0].blocks] == [False]
    assert texts(document) == ["one\ntwo\nthree"]


def test_rows_stand_in_blocks_that_know_their_number():
    blocks = document_from("".join(f"{row},x\n" for row in range(1, 51)).encode(), "a.csv").sections[0].blocks
    assert [block.place for block in blocks] == ["1", "21", "41"]
    assert all(block.is_table for block in blocks)


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.csv", "a.tsv"]))
def test_any_bytes_are_a_text_or_have_a_reason(content, name):
    from desktop.core.documents.document import ReadingError

    try:
        document = document_from(content, name)
    except ReadingError:
        return
    assert all(block.text for section in document.sections for block in section.blocks)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200))
def test_no_word_of_a_text_is_lost(text):
    content = f"x{text}"
    said = "".join("".join(texts(document_from(content.encode(), name))) for name in ("a.txt",))
    assert said.split() == content.split()
