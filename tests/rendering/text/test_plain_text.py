"""An answer as plain text: what is shown, without the signs of Markdown."""

from __future__ import annotations

import pytest

from desktop.rendering.markdown.leaves import parse
from desktop.rendering.text.plain_text import plain_text


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
        ("> quoted\n> words\n\nafter", "quoted words\n\nafter"),
        ("above\n\n---\n\nbelow", "above\n\nbelow"),
        ("so $x_1$ is\n\n$$\n\\frac{a}{b}\n$$", "so $x_1$ is\n\n$$\\frac{a}{b}$$"),
        ("[Words](https://example.com) here", "Words here"),
    ],
)
def test_what_is_shown(markdown: str, expected: str) -> None:
    assert plain_text(parse(markdown)) == expected
