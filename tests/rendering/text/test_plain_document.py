"""A plain text gives the same leaves in whatever pieces it comes; all of it is in them, or in the parts of one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.message import Message, Role, TextPart
from desktop.rendering.page.shown_hits import found_in
from desktop.rendering.text.excerpt import excerpt
from desktop.rendering.text.leaves import Container, ContainerKind, Leaf, LeafKind
from desktop.rendering.text.plain_document import PlainDocument, split_long
from desktop.rendering.text.plain_text import plain_text
from tests.rendering.page.test_shown_hits import ended

PIECES = st.sampled_from(
    ["word ", "A sentence. ", "\n", "\n\n", " \n\n\t\n", "    indented", "长句子。", "x" * 900, "😀"]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)
LONG = {
    "sentences": "This is one more sentence of a long thought. " * 300,
    "no breaks at all": "x" * 9_000,
    "lines": "one line of code\n" * 700,
    "chinese": "他想了很久，还是没有答案。" * 700,
    "a gap at the seam": "y" * 3_998 + "\n\n   \n\n" + "z" * 500,
    "a gap across the seam": "y" * 3_999 + "\n\n\n" + "z" * 5_000,
    "code": "def f():\n    a = 1\n\n    return a",
    "cut early": "One sentence." + "\n" + "v" * 2_500 + " end. " + "w" * 3_000,
}


def leaves_of(text, cuts):
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
    assert leaves_of(text, cuts) == leaves_of(text, [])


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize("size", [7, 640, 3_997])
def test_pieces_of_long_texts_do_not_matter(text, size):
    cuts = list(range(size, len(text), size))
    assert leaves_of(text, cuts) == leaves_of(text, [])


@given(TEXTS)
def test_nothing_is_lost_and_nothing_is_read_as_markup(text):
    leaves = leaves_of(text, [])
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


def test_what_is_short_is_one():
    leaf = Leaf(LeafKind.PARAGRAPH, "some words", containers=(Container(ContainerKind.QUOTE),))
    assert split_long(leaf) == [leaf]


def test_what_is_searched_for_is_found_in_a_long_paragraph():
    text = ENDLESS["sentences"] + "The needle stands here. " + ENDLESS["sentences"]
    message = Message(role=Role.ASSISTANT, parts=(TextPart(text),))
    assert ended(found_in(message, "needle", with_reasoning=False)).count == 1
