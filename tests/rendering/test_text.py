"""Plain texts, and what in them cannot be seen."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.message import Message, Role, TextPart
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.page.marks import found_in
from desktop.rendering.text.leaves import Leaf, LeafKind, Span, Style
from desktop.rendering.text.letters import Units, has_stacked_marks, show_controls, show_invisible
from desktop.rendering.text.plain_document import PlainDocument, split_long
from desktop.rendering.text.shown_text import (
    Position,
    excerpt,
    leaf_text,
    next_target,
    plain_text,
    target_before,
)
from tests.rendering.documents import letters
from tests.rendering.painted import page_of
from tests.rendering.test_marks import ended
from tests.support.examples import examples

# --- What could deceive is shown, what a script needs is left alone; and letters are counted as Python -------------

SHOWN = {
    "a\u202eb": "a‹U+202E›b",
    "\u2066a\u2069": "‹U+2066›a‹U+2069›",
    "a\u200bb": "a‹U+200B›b",
    "pay\u00adpal": "pay‹U+00AD›pal",
    "\u200e\u200f\u061c": "‹U+200E›‹U+200F›‹U+061C›",
    "\ufeff\u2060\u180e": "‹U+FEFF›‹U+2060›‹U+180E›",
    "a\u3164\uffa0\u115f": "a‹U+3164›‹U+FFA0›‹U+115F›",
    "\U000e0041\U000e0001": "‹U+E0041›‹U+E0001›",
    "😀\ufe0f\U000e0110\U000e0120": "😀\ufe0f‹U+E0110›‹U+E0120›",
    "a\U000e0100": "a‹U+E0100›",
}

LEFT_ALONE = [
    "plain",
    "👨‍👩‍👧‍👦 👍🏽 🇩🇪 ❤️",
    "می‌خواهم",
    "שלום עולם",
    "葛\U000e0100城",  # a form of an ideograph that is chosen by a selector
    "e\u0301",
    "\t",
]


@pytest.mark.parametrize(("text", "shown"), SHOWN.items())
def test_shown(text, shown):
    assert show_invisible(text) == shown


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text):
    assert show_invisible(text) == text


def test_controls_become_signs_one_for_one():
    assert show_controls("a\x1b[1m\x00\tb\x7f\x85\u2028") == "a\ufffd[1m\ufffd\tb\ufffd\ufffd↵"


@given(st.text())
def test_offsets_stay_with_controls(text):
    assert len(show_controls(text)) == len(text)


def test_stacked_marks():
    assert has_stacked_marks("z\u0301\u0301\u0301\u0301")
    assert not has_stacked_marks("Việt Nam e\u0323\u0302 \u0e01\u0e35\u0e48 שָׁלוֹם")


@given(st.text(st.sampled_from("a é你😀👩\u200d🇩")))
def test_there_and_back(text):
    units = Units(text)
    for offset in range(len(text) + 1):
        unit = len(text[:offset].encode("utf-16-le")) // 2
        assert units.to_qt(offset) == unit
        assert units.to_python(unit) == offset


def test_the_middle_of_a_pair_belongs_to_its_character():
    assert Units("a😀b").to_python(2) == 1


# --- A plain text gives the same leaves in whatever pieces it comes; all of it is in them, or in the ---------------

LINES = st.sampled_from(
    ["word ", "A sentence. ", "\n", "\n\n", " \n\n\t\n", "    indented", "长句子。", "x" * 900, "😀"]
)
TEXTS = st.lists(LINES, max_size=40).map("".join)


def grown_leaves(text, cuts):
    document = PlainDocument()
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        before = list(document.leaves)
        first = document.append(text[start:end])
        assert 0 <= first <= len(document.leaves)
        assert all(now is old for now, old in zip(document.leaves[:first], before, strict=False))
    document.finish()
    assert document.source == text
    return document.leaves


@given(TEXTS, st.data())
def test_pieces_do_not_matter(text, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=20)))
    assert grown_leaves(text, cuts) == grown_leaves(text, [])


@given(TEXTS)
def test_nothing_is_lost_and_nothing_is_read_as_markup(text):
    leaves = grown_leaves(text, [])
    assert re.sub(r"\s", "", "".join(leaf.text for leaf in leaves)) == re.sub(r"\s", "", text)
    end = 0
    for leaf in leaves:
        start, stop = leaf.source
        assert start >= end
        assert text[end:start].strip() == ""
        assert text[start:stop].rstrip("\n") == leaf.text
        assert leaf.kind is LeafKind.PARAGRAPH
        end = stop
    assert text[end:].strip() == ""


ENDLESS = {
    "sentences": "A sentence of some words. " * 2_000,
    "chinese": "合同的付款期限是三十天。" * 3_000,
    "words": "word " * 9_000,
    "one word": "x" * 40_000,
    "lines": "one line of the paragraph\n" * 1_500,
}


@pytest.mark.parametrize("name", ENDLESS)
def test_parts_make_the_whole(name):
    text = ENDLESS[name].strip()
    parts = split_long(Leaf(LeafKind.PARAGRAPH, text))
    assert len(parts) > 3
    assert all(len(part.text) <= 12_000 for part in parts)
    assert plain_text(parts) == text
    assert [leaf.text for leaf in excerpt(parts)] == [text]
    if name == "sentences":
        assert all(part.text.startswith("A sentence") and part.text.endswith("words.") for part in parts)


def test_what_is_searched_for_is_found_in_a_long_paragraph():
    text = ENDLESS["sentences"] + "The needle stands here. " + ENDLESS["sentences"]
    message = Message(role=Role.ASSISTANT, parts=(TextPart(text),))
    assert ended(found_in(message, "needle", with_reasoning=False)).count == 1


# --- An answer as plain text, a part of it, and what of it the keyboard stops at -----------------------------------

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


TABLE = "| a | b |\n|---|---|\n| one | two |\n| three | four |"


def test_of_a_paragraph_in_part_the_emphasis_stays():
    (part,) = excerpt(parse("some **bold words** here"), Position(0, 7), Position(0, 17))
    assert (part.text, part.spans) == ("ld words h", (Span(0, 8, Style.BOLD),))


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


@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_the_way_back_is_the_same_way(pieces):
    leaves = leaves_of("".join(pieces))
    forward = walk(leaves)
    back, at = [], target_before(leaves)
    while at is not None:
        back.append(at)
        at = target_before(leaves, at)
    assert back[::-1] == forward
