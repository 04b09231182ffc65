"""A plain text without end comes in parts: nothing is lost, and nothing is torn."""

from __future__ import annotations

import pytest

from desktop.core.message import Message, Role, TextPart
from desktop.rendering.page.shown_hits import found_in
from desktop.rendering.text.excerpt import excerpt
from desktop.rendering.text.leaves import Container, ContainerKind, Leaf, LeafKind
from desktop.rendering.text.plain_document import split_long
from desktop.rendering.text.plain_text import plain_text
from tests.rendering.page.test_shown_hits import ended

LONG = {
    "sentences": "A sentence of some words. " * 2_000,
    "chinese": "合同的付款期限是三十天。" * 3_000,
    "words": "word " * 9_000,
    "one word": "x" * 40_000,
    "lines": "one line of the paragraph\n" * 1_500,
}


@pytest.mark.parametrize("name", LONG)
def test_parts_make_the_whole(name: str) -> None:
    text = LONG[name].strip()
    parts = split_long(Leaf(LeafKind.PARAGRAPH, text))
    assert len(parts) > 3
    assert all(len(part.text) <= 12_000 for part in parts)
    assert plain_text(parts) == text
    assert [leaf.text for leaf in excerpt(parts)] == [text]
    if name == "sentences":
        assert all(part.text.startswith("A sentence") and part.text.endswith("words.") for part in parts)


def test_what_is_short_is_one() -> None:
    leaf = Leaf(LeafKind.PARAGRAPH, "some words", containers=(Container(ContainerKind.QUOTE),))
    assert split_long(leaf) == [leaf]


def test_what_is_searched_for_is_found_in_a_long_paragraph() -> None:
    text = LONG["sentences"] + "The needle stands here. " + LONG["sentences"]
    message = Message(role=Role.ASSISTANT, parts=(TextPart(text),))
    assert ended(found_in(message, "needle", with_reasoning=False)).count == 1
