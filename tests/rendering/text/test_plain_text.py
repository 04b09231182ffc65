"""An answer as plain text, a part of it, and what of it the keyboard stops at."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.text.excerpt import excerpt
from desktop.rendering.text.leaves import Span, Style
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.plain_text import plain_text
from desktop.rendering.text.shown_text import END, Position, leaf_text
from desktop.rendering.text.targets import Target, next_target, target_before
from tests.rendering.documents import letters
from tests.rendering.painted import page_of
from tests.support.examples import examples

_WIDE = 4_000.0
_MARKER = re.compile(r"^(?:•|\d\.) ")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("", ""),
        ("It is **four**, *surely*.", "It is four, surely."),
        ("# Title\n\nWords with `code`.", "Title\n\nWords with code."),
        ("- one\n- two\n  - three\n- four", "• one\n• two\n  • three\n• four"),
        ("2. one\n3. two\n\nafter", "2. one\n3. two\n\nafter"),
        ("before\n\n- one\n\n  more of it\n- two", "before\n\n• one\n\n  more of it\n• two"),
        ("- [ ] to do\n- [x] done", "☐ to do\n☑ done"),
        ("| a | b |\n|---|--:|\n| 1 | **2** |", "a\tb\n1\t2"),
        ("```python\nif a:\n    b()\n```", "if a:\n    b()"),
        ("- see\n\n  ```\n  a\n  b\n  ```", "• see\n\n  a\n  b"),
        ("> quoted\n> words\n\nafter", "quoted\nwords\n\nafter"),
        ("Kind regards\nA. *Clerk*\n12 High Street", "Kind regards\nA. Clerk\n12 High Street"),
        ("床前明月光，\n疑是地上霜。", "床前明月光，\n疑是地上霜。"),
        ("1. one\n   more\nand more\n2. two", "1. one\n   more\n   and more\n2. two"),
        ("> - a\n>   b", "• a\n  b"),
        ("above\n\n---\n\nbelow", "above\n\nbelow"),
        ("so $x_1$ is\n\n$$\n\\frac{a}{b}\n$$", "so $x_1$ is\n\n$$\\frac{a}{b}$$"),
        ("[Words](https://example.com) here", "Words here"),
    ],
)
def test_what_is_shown(markdown, expected):
    assert plain_text(parse(markdown)) == expected


@pytest.mark.usefixtures("qapp")
@given(letters)
@settings(max_examples=examples(50), deadline=None)
def test_a_copy_has_the_lines_that_are_on_the_page(text):
    leaves = parse(text)
    page = page_of(leaves, width=_WIDE)
    on_page = {}  # lines by where they begin
    for y in range(0, int(page.height), 2):
        start, end = page.hit(0, y).position, page.hit(_WIDE, y).position
        on_page[start] = leaf_text(leaves[start.index])[start.offset : end.offset].removesuffix("\n")
    copied = [_MARKER.sub("", line).strip(" ") for line in plain_text(leaves).split("\n")]
    assert [line for line in copied if line] == [on_page[start].strip(" ") for start in sorted(on_page)]


@pytest.mark.parametrize("letter", ["Kind regards\nA. Clerk\n12 High Street", "床前明月光，\n疑是地上霜。"])
def test_an_answer_has_the_lines_that_a_question_and_thinking_have(letter):
    answer, words = MarkdownDocument(letter), PlainDocument()
    words.append(letter)
    assert [leaf.text for leaf in answer.leaves] == [leaf.text for leaf in words.leaves] == [letter]


TABLE = "| a | b |\n|---|---|\n| one | two |\n| three | four |"


def test_all_of_a_text_is_the_text():
    leaves = parse(f"# Head\n\n1. *one*\n2. two\n\n{TABLE}")
    assert excerpt(leaves) == leaves


def test_of_a_paragraph_in_part_the_emphasis_stays():
    (part,) = excerpt(parse("some **bold words** here"), Position(0, 7), Position(0, 17))
    assert (part.text, part.spans) == ("ld words h", (Span(0, 8, Style.BOLD),))


def test_an_item_without_its_beginning_has_no_marker():
    first, second = excerpt(parse("1. one\n2. two"), Position(0, 1), END)
    assert [each.marker for each in first.containers + second.containers] == ["", "2."]
    assert first.text == "ne"


@pytest.mark.parametrize(
    ("start", "end", "rows"),
    [(5, 13, [["ne", "two"], ["t", ""]]), (8, 11, [["two"]])],  # from "ne" to "th" of the next row; of one row, a cell
)
def test_of_a_table_the_rows_that_are_touched(start, end, rows):
    (part,) = excerpt(parse(TABLE), Position(0, start), Position(0, end))
    assert part.table is not None
    assert [[cell.text for cell in row] for row in part.table.rows] == rows
    assert not part.table.has_header


PIECES = [
    "plain words\n\n",
    "see [one](https://one.example/) and [two **bold** words](https://two.example/)\n\n",
    "- item with https://bare.example/x\n- item\n\n",
    "| a | b |\n|---|---|\n| x | [in a table](https://table.example/) |\n\n",
    "```python\nprint(1)\n```\n\n",
    "## A [heading](https://head.example/)\n\n",
    "$x^2$ and `[code](https://no.example/)`\n\n",
]


def leaves_of(text):
    document = MarkdownDocument(text)
    document.finish()
    return list(document.leaves)


def walk(leaves):
    found, at = [], next_target(leaves)
    while at is not None:
        found.append(at)
        at = next_target(leaves, at)
    return found


def words(leaves, target):
    return leaf_text(leaves[target.index])[target.start : target.end]


def test_links_and_code_are_walked_as_they_are_read():
    leaves = leaves_of("".join(PIECES))
    found = walk(leaves)
    assert [(words(leaves, each), each.href) for each in found] == [
        ("one", "https://one.example/"),
        ("two bold words", "https://two.example/"),
        ("https://bare.example/x", "https://bare.example/x"),
        ("in a table", "https://table.example/"),
        ("", ""),
        ("heading", "https://head.example/"),
    ]


@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_the_way_back_is_the_same_way(pieces):
    leaves = leaves_of("".join(pieces))
    forward = walk(leaves)
    back, at = [], target_before(leaves)
    while at is not None:
        back.append(at)
        at = target_before(leaves, at)
    assert back[::-1] == forward


def test_a_target_that_is_gone_leads_on_to_what_stands_after_it():
    leaves = leaves_of("".join(PIECES))
    assert next_target(leaves, Target(99)) is None
    assert target_before(leaves, Target(99)) == target_before(leaves)
    assert target_before(leaves, Target(0)) is None
