"""The scripts of a text."""

from __future__ import annotations

import pytest

from desktop.core.text.scripts import count_han, has_han, is_chinese


@pytest.mark.parametrize(
    ("text", "han", "chinese"),
    [
        ("", 0, False),
        ("two words", 0, False),
        ("写一封信", 4, True),
        ("㐀", 1, True),
        ("用 Python 写一个程序", 6, True),
        ("What does 你好 mean?", 2, False),
        ("東京へ行きましょう", 3, False),
        ("안녕하세요", 0, False),
    ],
)
def test_chinese(text: str, han: int, chinese: bool) -> None:
    assert (count_han(text), has_han(text), is_chinese(text)) == (han, han > 0, chinese)
