"""An answer as plain text: what is shown, without the signs of Markdown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.plain_text import plain_text
from desktop.rendering.text.shown_text import leaf_text
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
def test_what_is_shown(markdown: str, expected: str) -> None:
    assert plain_text(parse(markdown)) == expected


@pytest.mark.usefixtures("qapp")
@given(letters)
@settings(max_examples=examples(50), deadline=None)
def test_a_copy_has_the_lines_that_are_on_the_page(text: str) -> None:
    leaves = parse(text)
    page = page_of(leaves, width=_WIDE)
    on_page = {}  # lines by where they begin
    for y in range(0, int(page.height), 2):
        start, end = page.hit(0, y).position, page.hit(_WIDE, y).position
        on_page[start] = leaf_text(leaves[start.index])[start.offset : end.offset].removesuffix("\n")
    copied = [_MARKER.sub("", line).strip(" ") for line in plain_text(leaves).split("\n")]
    assert [line for line in copied if line] == [on_page[start].strip(" ") for start in sorted(on_page)]


@pytest.mark.parametrize("letter", ["Kind regards\nA. Clerk\n12 High Street", "床前明月光，\n疑是地上霜。"])
def test_an_answer_has_the_lines_that_a_question_and_thinking_have(letter: str) -> None:
    answer, words = MarkdownDocument(letter), PlainDocument()
    words.append(letter)
    assert [leaf.text for leaf in answer.leaves] == [leaf.text for leaf in words.leaves] == [letter]
