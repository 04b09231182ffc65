"""The scripts of a text."""

from __future__ import annotations

import pytest

from desktop.core.text.scripts import count_han, count_words, has_han, is_chinese


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
def test_chinese(text, han, chinese):
    assert (count_han(text), has_han(text), is_chinese(text)) == (han, han > 0, chinese)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" two  words\n", 2),
        ("写一封信", 4),
        ("用Python写一个 good\u3000程序，好", 10),
        ("word " * 20_000, 20_000),
        ("x" * 50_000, 1),
        ("字" * 50_000, 50_000),
        ("这是 a long 句子，" * 5_000, 35_000),
    ],
)
def test_words_are_counted_and_none_twice_in_a_long_text(text, words):
    assert count_words(text) == words
