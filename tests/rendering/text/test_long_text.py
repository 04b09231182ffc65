"""A plain text without end comes in parts: nothing is lost, and nothing is torn."""

from __future__ import annotations

import pytest

from desktop.core.message import Message, Role, TextPart
from desktop.rendering.page.shown_hits import found_in
from desktop.rendering.text.leaves import Container, ContainerKind, Leaf, LeafKind
from desktop.rendering.text.long_text import split_long
from desktop.rendering.text.plain_text import plain_text
from tests.rendering.page.test_shown_hits import ended

LONG = {
    "sentences": "A sentence of some words. " * 2_000,
    "chinese": "合同的付款期限是三十天。" * 3_000,
    "words": "word " * 9_000,
    "one word": "x" * 40_000,
    "lines": "one line of the paragraph\n" * 1_500,
}


def parts_of(text: str, *around: Container) -> list[Leaf]:
    return split_long(Leaf(LeafKind.PARAGRAPH, text.strip(), containers=around))


@pytest.mark.parametrize("name", LONG)
def test_parts_make_the_whole(name: str) -> None:
    parts = parts_of(LONG[name])
    assert len(parts) > 3
    assert all(len(part.text) <= 12_000 for part in parts)
    assert [part.joint is None for part in parts] == [True, *[False] * (len(parts) - 1)]
    assert plain_text(parts) == LONG[name].strip()


def test_a_part_ends_with_a_sentence() -> None:
    parts = parts_of(LONG["sentences"])
    assert all(part.text.startswith("A sentence") and part.text.endswith("words.") for part in parts)


def test_what_is_short_is_one() -> None:
    quote = Container(ContainerKind.QUOTE)
    (whole,) = parts_of("some words", quote)
    assert (whole.text, whole.containers) == ("some words", (quote,))


def test_what_is_searched_for_is_found_in_a_long_paragraph() -> None:
    text = LONG["sentences"] + "The needle stands here. " + LONG["sentences"]
    message = Message(role=Role.ASSISTANT, parts=(TextPart(text),))
    assert ended(found_in(message, "needle", with_reasoning=False)).count == 1
