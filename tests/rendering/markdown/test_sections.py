"""The sections of a text, read one by one, are the text."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.rendering.markdown import sections
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.markdown.sections import section_starts
from desktop.rendering.text.leaves import Leaf
from tests.bench.texts import SHAPES
from tests.support.examples import examples

BLOCKS = [
    "A paragraph with **bold** and `code`.\n\n",
    "# Heading\n\n",
    "- one\n- two\n\n  still two\n\n",
    "- one\n\nafter the list\n\n",
    "1. first\n\n   ```python\n   x = 1\n\nnot code any more\n   ```\n\n",
    "```python\nx = 1\n\nA = 2\n```\n\n",
    "````\n```\n\nA fence in a fence\n\n```\n````\n\n",
    "~~~\nA tilde\n\nB\n~~~\n\n",
    "> a quote\n\n> ```\n> code\n\nEnd of it\n\n",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n",
    "    indented\n\nplain\n\n",
    "- ```\n  in a list\n\n  Still\n  ```\n\nOut of it\n\n",
    "Text ``` not a fence\n\n",
    "中文的段落。\n\n",
    "**Bold start** of a line\n\n",
    "* * *\n\n",
    "Title\n===\n\n",
    "<div>\n\nText in a div\n\n</div>\n\n",
]


def in_sections(text: str) -> list[Leaf]:
    starts = section_starts(text)
    found: list[Leaf] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        document = MarkdownDocument(base=start)
        document.append(text[start:end])
        document.finish()
        found += document.leaves
    return found


@given(blocks=st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=40))
@settings(max_examples=examples(150), deadline=None)
def test_sections_give_the_leaves_of_the_whole(blocks: list[str]) -> None:
    text = "".join(blocks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sections, "SHORTEST", 30)
        assert in_sections(text) == parse(text)


@given(data=st.text(alphabet="ab#*`~->1. \n|$[]:", max_size=400))
@settings(max_examples=examples(300), deadline=None)
def test_so_do_the_sections_of_nonsense(data: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sections, "SHORTEST", 5)
        assert in_sections(data) == parse(data)


@pytest.mark.parametrize("name", ["mixed", "list", "table", "code", "paragraph"])
def test_real_answers_are_cut_where_they_can_be(name: str) -> None:
    text = SHAPES[name](200_000)
    starts = section_starts(text)
    assert in_sections(text) == parse(text)
    assert (len(starts) > 5) is (name == "mixed")


@pytest.mark.parametrize("text", ["[a]: https://a.example/\n\n", "[^1]: a note\n\n", "$$\nx\n\nA\n$$\n\n"])
def test_what_reaches_everywhere_is_read_in_one(text: str) -> None:
    assert section_starts(text + "Words of it.\n\n" * 10_000) == [0]


def test_cutting_is_quick() -> None:
    generator = random.Random(1)
    text = "".join(
        generator.choices([block for block in BLOCKS if "not code" not in block and "> code" not in block], k=60_000)
    )
    began = time.process_time()
    assert len(section_starts(text)) > 20
    assert time.process_time() - began < 1.0
