"""Counting a query in messages that are not laid out: as often as a page of them marks it."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.message import Message, ReasoningPart, Role, TextPart, user_message
from desktop.core.text.find import FoundIn, occurrences
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.page.shown_hits import found_in, may_show
from desktop.rendering.text.invisible import show_invisible
from desktop.rendering.text.shown_text import leaf_text

_T = TypeVar("_T")

_PIECES = [
    "word", "Word", "w", "or", "d", "**", "*", "_", "`", "~~", "\\", "# ", "- ", "1. ", "> ", "| ", "|---|---|\n", "\n",
    "\n\n", " ", "](http://a.b/word)", "[", "]", "![", "&amp;", "&#119;", "```\n", "$", "<http://word.org>", "合", "同",
    "\u200b", "    ", "[word]: http://x\n",
]  # fmt: skip
_SOURCES = st.lists(st.sampled_from(_PIECES), max_size=30).map("".join)


def ended(steps: Generator[None, None, _T]) -> _T:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: _T = end.value
            return result


def answer(text: str, reasoning: str = "") -> Message:
    return Message(role=Role.ASSISTANT, parts=(ReasoningPart(reasoning), TextPart(text)))


@pytest.mark.parametrize(
    ("source", "query", "count"),
    [
        ("A **con**tract and a contract.", "contract", 2),
        ("See [the paper](https://example.org/contract).", "contract", 0),
        ("See [the contract](https://example.org/) now.", "contract now", 1),
        ("A con[tra](https://example.org/)ct.", "contract", 1),
        ("| a | contract |\n|---|---|\n| contract | c |", "contract", 2),
        ("```python\ncontract = 1\n```", "contract", 1),
        ("```contract\n1\n```", "contract", 0),
        ("R&amp;D and R&#38;D", "r&d", 2),
        ("the end of one\n\nparagraph", "one paragraph", 0),
        ("the end of one\nline", "one line", 1),
        ("2 * 3", "2 * 3", 1),
        ("fo](o)", "fo](o", 1),
        ("nothing of it", "contract", 0),
        ("anything", "", 0),
    ],
)
def test_an_answer_counts_as_it_is_shown(source: str, query: str, count: int) -> None:
    assert ended(found_in(answer(source), query, with_reasoning=False)).count == count


def test_a_persons_words_count_as_they_are_written() -> None:
    message = user_message("**con**tract [x](contract)")

    assert ended(found_in(message, "contract", with_reasoning=True)) == FoundIn(message.id, (), ((0, 1),))
    assert ended(found_in(message, "**con", with_reasoning=True)) == FoundIn(message.id, (), ((0, 1),))


def test_each_block_that_has_it_is_named_by_its_start() -> None:
    source = "# contract\n\nnothing\n\n- a contract, a contract\n"
    found = ended(found_in(answer(source), "contract", with_reasoning=False))
    assert found.in_text == ((0, 1), (source.index("- a"), 2))


def test_thinking_counts_only_where_it_is_asked_for() -> None:
    message = answer("a contract", reasoning="contract, or **con**tract")

    assert ended(found_in(message, "contract", with_reasoning=True)) == FoundIn(message.id, ((0, 1),), ((0, 1),))
    assert ended(found_in(message, "contract", with_reasoning=False)) == FoundIn(message.id, (), ((0, 1),))


@given(_SOURCES, st.sampled_from(["word", "w", "or d", "合同", "&", "&w", "d w", "*", "U+200B"]))
def test_it_is_just_what_a_page_marks(source: str, query: str) -> None:
    marked = sum(len(occurrences(leaf_text(leaf), query)) for leaf in parse(source))

    assert ended(found_in(answer(source), query, with_reasoning=False)).count == marked


def test_every_character_that_is_made_visible_is_read() -> None:
    characters = map(chr, (*range(0x10000), *range(0xE0000, 0xE1000)))
    assert all(may_show(each, "word") for each in characters if show_invisible(each) != each)


def test_hostile_text_is_passed_over_quickly() -> None:
    query = "-" * 40 + "word"
    began = time.process_time()

    for text in ("-" * 100_000, "]( )" * 25_000, "w](o)" * 20_000, "w*" * 50_000, "word " * 20_000):
        may_show(text, query)

    assert time.process_time() - began < 1.0


def test_what_is_long_is_looked_through_in_steps_that_miss_nothing() -> None:
    steps = found_in(user_message("hay" * 100_000), "needle", with_reasoning=False)
    assert sum(1 for _ in steps) > 3
    for place in range(63_990, 64_010):
        message = user_message(("hay\n" * 20_000)[:place] + "need le" + "\nhay" * 30_000)
        assert ended(found_in(message, "need le", with_reasoning=False)).count == 1
