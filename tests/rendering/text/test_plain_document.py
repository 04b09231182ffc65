"""A plain text gives the same leaves in whatever pieces it comes, and all of it is in them."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.rendering.text.leaves import Leaf, LeafKind
from desktop.rendering.text.plain_document import PlainDocument

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
    "cut early": "One sentence." + "\n" + "v" * 2_500 + " end. " + "w" * 3_000,
}


def leaves_of(text: str, cuts: list[int]) -> list[Leaf]:
    document = PlainDocument()
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        first = document.append(text[start:end])
        assert 0 <= first <= len(document.leaves)
    document.finish()
    assert document.source == text
    return document.leaves


def without_settled(leaves: list[Leaf]) -> list[tuple[str, tuple[int, int]]]:
    return [(leaf.text, leaf.source) for leaf in leaves]


@given(TEXTS, st.data())
def test_pieces_do_not_matter(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=20)))
    assert without_settled(leaves_of(text, cuts)) == without_settled(leaves_of(text, []))


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize("size", [1, 7, 640, 3_997])
def test_pieces_of_long_texts_do_not_matter(text: str, size: int) -> None:
    cuts = list(range(size, len(text), size))
    assert without_settled(leaves_of(text, cuts)) == without_settled(leaves_of(text, []))


@given(TEXTS)
def test_nothing_is_lost_and_nothing_is_read_as_markup(text: str) -> None:
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


def test_indentation_behind_a_blank_line_stays() -> None:
    text = "def f():\n    a = 1\n\n    return a"
    assert [leaf.text for leaf in leaves_of(text, [])] == ["def f():\n    a = 1", "    return a"]


def test_what_has_been_settled_stays_the_very_same() -> None:
    document = PlainDocument()
    generator = random.Random(7)
    text = "".join(generator.choice(["a sentence. ", "\n\n", "\n", "x" * 300]) for _ in range(400))
    kept: list[Leaf] = []
    for start in range(0, len(text), 50):
        first = document.append(text[start : start + 50])
        assert all(now is before for now, before in zip(document.leaves[:first], kept, strict=False))
        kept = list(document.leaves)
    assert max(len(leaf.text) for leaf in document.leaves) <= 4_000
