"""What of a text the keyboard stops at: every link and every block of code, in order, both ways."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.text.leaves import Leaf
from desktop.rendering.text.shown_text import leaf_text
from desktop.rendering.text.targets import Target, next_target, target_before

PIECES = [
    "plain words\n\n",
    "see [one](https://one.example/) and [two **bold** words](https://two.example/)\n\n",
    "- item with https://bare.example/x\n- item\n\n",
    "| a | b |\n|---|---|\n| x | [in a table](https://table.example/) |\n\n",
    "```python\nprint(1)\n```\n\n",
    "## A [heading](https://head.example/)\n\n",
    "$x^2$ and `[code](https://no.example/)`\n\n",
]


def leaves_of(text: str) -> list[Leaf]:
    document = MarkdownDocument(text)
    document.finish()
    return list(document.leaves)


def walk(leaves: list[Leaf]) -> list[Target]:
    found, at = [], next_target(leaves)
    while at is not None:
        found.append(at)
        at = next_target(leaves, at)
    return found


def words(leaves: list[Leaf], target: Target) -> str:
    return leaf_text(leaves[target.index])[target.start : target.end]


def test_links_and_code_are_walked_as_they_are_read() -> None:
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
def test_the_way_back_is_the_same_way(pieces: list[str]) -> None:
    leaves = leaves_of("".join(pieces))
    forward = walk(leaves)
    back, at = [], target_before(leaves)
    while at is not None:
        back.append(at)
        at = target_before(leaves, at)
    assert back[::-1] == forward


def test_a_target_that_is_gone_leads_on_to_what_stands_after_it() -> None:
    leaves = leaves_of("".join(PIECES))
    assert next_target(leaves, Target(99)) is None
    assert target_before(leaves, Target(99)) == target_before(leaves)
    assert target_before(leaves, Target(0)) is None
