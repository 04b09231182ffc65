"""A text that grows: the same leaves in the end however it is cut, and the same cost at its end as at its beginning."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.rendering.markdown.document import MarkdownDocument, normalize
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.text.leaves import Leaf, LeafKind
from tests.rendering.calls import count_calls
from tests.rendering.documents import ANSWERS, fragments, letters, well_formed, without_growth
from tests.rendering.markdown.shapes import SHAPES
from tests.support.examples import examples


def _final(leaves: list[Leaf]) -> list[Leaf]:
    return [without_growth(leaf) for leaf in leaves]


def _grow(text: str, cuts: list[int]) -> MarkdownDocument:
    """Append the text in pieces of these lengths, in turn, checking each promise on the way."""
    document = MarkdownDocument()
    position = turn = 0
    while position < len(text):
        before = list(document.leaves)
        length = cuts[turn % len(cuts)]
        first = document.append(text[position : position + length])
        _check_step(before, document.leaves, first)
        position, turn = position + length, turn + 1
    before = list(document.leaves)
    _check_step(before, document.leaves, document.finish() if before else 0)
    document.finish()
    return document


def _check_step(before: list[Leaf], after: list[Leaf], first: int) -> None:
    assert first <= len(after)
    assert all(old is new for old, new in zip(before[:first], after[:first], strict=True))
    for leaf in after:
        assert 0 <= leaf.settled <= len(leaf.text)
    for old, new in zip(before[first:], after[first:], strict=False):
        if (old.kind, old.level, old.containers, old.source[0]) == (new.kind, new.level, new.containers, new.source[0]):
            settled = old.settled
            assert new.text[:settled] == old.text[:settled]
            assert [s for s in new.spans if s.end <= settled] == [s for s in old.spans if s.end <= settled]


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("cuts", [[1], [3], [17, 1], [64]], ids=str)
def test_answers_in_pieces(name: str, cuts: list[int]) -> None:
    text = ANSWERS[name]
    document = _grow(text, cuts)
    assert _final(document.leaves) == _final(parse(text))
    assert document.source == normalize(text)


@given(fragments, st.lists(st.integers(1, 40), min_size=1, max_size=6))
@settings(max_examples=examples(250), deadline=None)
def test_any_text_in_any_pieces(text: str, cuts: list[int]) -> None:
    document = _grow(text, cuts)
    assert _final(document.leaves) == _final(parse(text))
    assert document.source == normalize(text)


def _load(text: str, cuts: list[int]) -> MarkdownDocument:
    """Read a stored text in pieces of these lengths, in turn."""
    document = MarkdownDocument()
    position = turn = 0
    while position < len(text):
        before = list(document.leaves)
        length = cuts[turn % len(cuts)]
        first = document.append(text[position : position + length], more_follows=turn % 3 > 0)
        _check_step(before, document.leaves, first)
        position, turn = position + length, turn + 1
    document.finish()
    return document


@given(fragments, st.lists(st.integers(1, 40), min_size=1, max_size=6))
@settings(max_examples=examples(150), deadline=None)
def test_any_stored_text_in_any_pieces(text: str, cuts: list[int]) -> None:
    assert _final(_load(text, cuts).leaves) == _final(parse(text))


@given(letters, st.lists(st.integers(1, 40), min_size=1, max_size=6))
@settings(max_examples=examples(150), deadline=None)
def test_lines_break_while_they_are_written_as_they_do_in_the_end(text: str, cuts: list[int]) -> None:
    whole, document, position = _lines_of(parse(text)), MarkdownDocument(), 0
    while position < len(text):
        length = cuts[position % len(cuts)]
        document.append(text[position : position + length])
        position += length
        shown = _lines_of(document.leaves)
        assert shown[:-1] == whole[: max(0, len(shown) - 1)]  # the last line is still being written
    document.finish()
    assert _lines_of(document.leaves) == whole


def _lines_of(leaves: list[Leaf]) -> list[str]:
    return [line for leaf in leaves for line in leaf.text.split("\n")]


@pytest.mark.parametrize("opening", ["", "**", "$x_1 + ", "[a link"])
def test_an_open_construct_keeps_its_lines_while_it_is_written(opening: str) -> None:
    """Also where it is so long that its end is shown as it stands."""
    lines = [f"line {number}" for number in range(400)]
    document = MarkdownDocument(opening)
    for number, line in enumerate(lines):
        document.append(line + "\n")
        shown = [each.removesuffix("$") for each in _lines_of(document.leaves)]
        assert shown[-3:] == [opening + lines[0], *lines[1 : number + 1]][-3:]


def test_a_stored_text_is_read_when_it_is_looked_at() -> None:
    text = "# A *heading*\n\nSee [it][1].\n\n- an `item`\n\n[1]: https://x.y\n"
    document = MarkdownDocument()
    for position in range(0, len(text), 10):
        document.append(text[position : position + 10], more_follows=True)
    document.finish()
    assert not any(leaf.is_read for leaf in document.leaves)
    assert [leaf.letters for leaf in document.leaves] == [len("A *heading*"), len("See [it][1]."), len("an `item`")]
    assert [leaf.text for leaf in document.leaves] == ["A heading", "See it.", "an item"]
    assert document.leaves[1].spans[0].href == "https://x.y"
    assert all(leaf.is_read for leaf in document.leaves)


@pytest.mark.parametrize("name", SHAPES)
def test_long_shapes_in_pieces(name: str) -> None:
    text = SHAPES[name](9_000)
    assert _final(_grow(text, [55]).leaves) == _final(parse(text))
    assert _final(_load(text, [1_000]).leaves) == _final(parse(text))


def _looks(leaves: list[Leaf]) -> dict[int, list[object]]:
    """How each block looks, by where it begins in the source."""
    looks: dict[int, list[object]] = {}
    for leaf in leaves:
        looks.setdefault(leaf.source[0], []).append((leaf.kind, leaf.level, leaf.containers))
    return looks


def _changes_of_look(text: str) -> dict[int, list[object]]:
    """The looks of each block that has more than two of them while the text is written letter by letter."""
    document = MarkdownDocument()
    history: dict[int, list[object]] = {}
    for letter in [*text, ""]:
        if letter:
            document.append(letter)
        else:
            document.finish()
        now = _looks(document.leaves)
        for start in history.keys() | now.keys():
            seen = history.setdefault(start, [])
            if not seen or seen[-1] != now.get(start):
                seen.append(now.get(start))
    return {start: seen for start, seen in history.items() if len(seen) > 2}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_block_changes_its_look_once_at_most(name: str) -> None:
    assert _changes_of_look(ANSWERS[name]) == {}


@given(well_formed)
@settings(max_examples=examples(150), deadline=None)
def test_a_block_of_any_well_formed_text_changes_its_look_once_at_most(text: str) -> None:
    assert _changes_of_look(text) == {}


def test_open_code_grows_without_being_read_again() -> None:
    document = MarkdownDocument()
    document.append("Look:\n\n```py\na = 1\nb")
    assert document.append(" = 2") == 1
    leaf = document.leaves[1]
    assert (leaf.text, leaf.is_open, leaf.settled) == ("a = 1\nb = 2", True, len("a = 1"))
    document.append("\n``")
    assert document.leaves[1].text == "a = 1\nb = 2"  # what may be the closing fence is not shown
    document.append("`\n")
    assert not document.leaves[1].is_open
    document.append("after")
    assert [leaf.kind for leaf in document.leaves] == [LeafKind.PARAGRAPH, LeafKind.CODE, LeafKind.PARAGRAPH]


def test_code_in_an_item_grows_too() -> None:
    document = MarkdownDocument("1. Do:\n\n   ```sh\n   ls\n   cd")
    assert document.leaves[1].is_open
    assert document.leaves[1].text == "ls\ncd"


def test_a_paragraph_is_one_leaf_whose_text_settles() -> None:
    document = MarkdownDocument()
    settled = 0
    for _ in range(200):
        document.append("some *more* words and ")
        assert len(document.leaves) == 1
        assert document.leaves[0].settled >= settled
        settled = document.leaves[0].settled
    assert settled > len(document.leaves[0].text) - 500


def test_rows_of_a_table_are_kept() -> None:
    document = MarkdownDocument("| a | b |\n|---|---|\n| 1 | 2 |\n| 3")
    first = document.leaves[0].table
    document.append(" | 4 |\n| 5 | 6 |\n")
    second = document.leaves[0].table
    assert first is not None
    assert second is not None
    assert all(old is new for old, new in zip(first.rows[:2], second.rows[:2], strict=True))
    assert [[cell.text for cell in row] for row in second.rows] == [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]


def test_links_defined_at_the_end_become_links_when_it_is_finished() -> None:
    document = MarkdownDocument("[a]\n\nb\n\n| [a] |\n|--|\n\n[a]: https://x.y\n")
    assert document.leaves[0].text == "[a]"
    assert document.finish() == 0
    assert document.leaves[0].spans[0].href == "https://x.y"
    assert document.leaves[2].table is not None
    assert document.leaves[2].table.rows[0][0].spans[0].href == "https://x.y"


def test_nothing_follows_the_end() -> None:
    document = MarkdownDocument("a")
    document.finish()
    assert document.finish() == 1
    with pytest.raises(ValueError, match="finished"):
        document.append("b")


@pytest.mark.parametrize("name", SHAPES)
def test_the_end_costs_what_the_beginning_cost(name: str) -> None:
    """By counting calls, which does not depend on the machine: early, when there are parts already, and late."""
    text = SHAPES[name](40_000)
    pieces = [text[position : position + 20] for position in range(0, len(text), 20)]
    document = MarkdownDocument()
    for piece in pieces[:700]:
        document.append(piece)
    early = count_calls(lambda: [document.append(piece) for piece in pieces[700:1000]])
    for piece in pieces[1000:-300]:
        document.append(piece)
    late = count_calls(lambda: [document.append(piece) for piece in pieces[-300:]])
    assert late <= early * 1.2
