"""Code in a text of Markdown: where it is open, and the text without it."""

from __future__ import annotations

import pytest

from desktop.core.text.markdown import Fence, open_fence, without_code, without_code_blocks


@pytest.mark.parametrize(
    ("text", "fence"),
    [
        ("", None),
        ("text", None),
        ("```\na", Fence("```", "")),
        ("```python\na\n", Fence("```", "python")),
        ("```\na\n```\n", None),
        ("```\na\n```\n~~~ c\n", Fence("~~~", "c")),
        ("````\n```\na", Fence("````", "")),
        ("````\n```\n````", None),
        ("- item\n\n  ```js\n  a", Fence("```", "js")),
        ("> ```js\n> a", Fence("```", "js")),
        ("- ```js\n  a", Fence("```", "js")),
        ("a ``` b", None),
        ("```a``` is inline", None),
    ],
)
def test_open_fences(text, fence):
    assert open_fence(text) == fence


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("", ""),
        ("a `b` c", "a  c"),
        ("a\n```py\nb\n```\nc `d`", "a\n\nc "),
        ("a\n  ~~~~\n`b`\n~~~\n~~~~~\nc", "a\n\nc"),
        ("a\n```\nb", "a\n"),
        ("a ``` b", "a ``` b"),
    ],
)
def test_code_is_left_out(text, bare):
    assert without_code(text) == bare


def test_code_in_a_line_stays_where_only_blocks_go():
    assert without_code_blocks("a `b`\n```\nc\n```\n") == "a `b`\n\n"
