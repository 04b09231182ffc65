"""A paragraph without end comes in parts: nothing is lost, nothing is torn, and what has settled stays as it is."""

from __future__ import annotations

import random

import pytest

from desktop.core.message import Message, Role, TextPart
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.page.shown_hits import found_in
from desktop.rendering.text.leaves import Container, ContainerKind, Leaf, LeafKind
from desktop.rendering.text.plain_text import plain_text
from desktop.rendering.text.shown_text import Position, markdown_text
from tests.rendering.page.test_shown_hits import ended

LONG = {
    "sentences": "A sentence of some words. " * 2_000,
    "chinese": "合同的付款期限是三十天。" * 3_000,
    "words": "word " * 9_000,
    "one word": "x" * 40_000,
    "links": "[a *b* c](https://example.com/1) and `code` " * 1_500,
    "list": "- first\n- " + "An item that goes on. " * 1_500 + "\n- last",
    "quote": "> " + "A quote that goes on. " * 1_500,
    "lines": "one line of the paragraph  \n" * 1_500,
    "heading": "# " + "A heading that goes on " * 1_000,
    "brackets": "[" * 30_000,
}


def whole(leaf: Leaf) -> Leaf:
    return Leaf(LeafKind.PARAGRAPH, leaf.text, leaf.spans)


@pytest.mark.parametrize("name", LONG)
def test_parts_make_the_whole(name: str) -> None:
    leaves = parse(LONG[name])
    assert all(len(leaf.text) <= 12_000 for leaf in leaves)
    assert sum(leaf.joint is not None for leaf in leaves) >= 1
    assert all(leaf.kind is leaves[0].kind for leaf in leaves)
    text = plain_text(leaves)
    assert text.count("\n\n") == 0
    for leaf in leaves:
        assert all(0 <= span.start < span.end <= len(leaf.text) for span in leaf.spans)


def test_a_part_ends_with_a_sentence() -> None:
    parts = parse(LONG["sentences"])
    assert all(part.text.startswith("A sentence") and part.text.endswith("words.") for part in parts)
    assert [part.joint for part in parts] == [None, *[" "] * (len(parts) - 1)]
    assert plain_text(parts) == LONG["sentences"].strip()


def test_links_are_whole() -> None:
    texts = {leaf.text[span.start : span.end] for leaf in parse(LONG["links"]) for span in leaf.spans if span.href}
    assert texts <= {"a ", "b", " c", "a", "c"}


def test_the_marker_of_an_item_stands_at_its_first_part() -> None:
    markers = [leaf.containers[0].marker for leaf in parse(LONG["list"])]
    assert markers[0] == markers[1] == markers[-1] == "•"
    assert set(markers[2:-1]) == {""}
    assert parse(LONG["quote"])[1].containers == (Container(ContainerKind.QUOTE),)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", LONG)
def test_grown_in_pieces_it_is_the_same(name: str, seed: int) -> None:
    text = LONG[name]
    generator = random.Random(f"{name} {seed}")
    document = MarkdownDocument()
    start = 0
    while start < len(text):
        end = start + generator.randint(1, (400, 4_000, 30_000)[seed])
        before = list(document.leaves)
        first = document.append(text[start:end])
        assert all(old is new for old, new in zip(before[:first], document.leaves[:first], strict=True))
        start = end
    document.finish()
    expected = parse(text)
    assert [(leaf.text, leaf.spans, leaf.joint) for leaf in document.leaves] == [
        (leaf.text, leaf.spans, leaf.joint) for leaf in expected
    ]


def test_a_growing_end_leaves_the_beginning_alone() -> None:
    document = MarkdownDocument()
    text = LONG["sentences"]
    document.append(text[:40_000])
    assert document.append(text[40_000:40_100]) >= 2


def test_markdown_of_a_part_is_written_anew() -> None:
    source = LONG["links"].strip()
    parts = parse(source)
    copied = markdown_text(parts, source, Position(0, 0), Position(len(parts) - 1, len(parts[-1].text)))
    assert "\n\n" not in copied
    assert copied.count("](https://example.com/1)") >= 1_500


def test_what_is_searched_for_is_found_in_every_part() -> None:
    text = LONG["sentences"] + "The needle stands here. " + LONG["sentences"]
    assert sum(leaf.text.count("needle") for leaf in parse(text)) == 1
    message = Message(role=Role.ASSISTANT, parts=(TextPart(text),))
    assert ended(found_in(message, "needle", with_reasoning=False)).count == 1
