"""What a user has written of a message, without what a prompt put around it."""

from __future__ import annotations

import pytest

from desktop.core.prompts.parse import words_of

HEADINGS = {"# Task", "# Context", "# 任务", "# 背景"}


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ("Reply to this.", "Reply to this."),
        ("# Task\n\nReply to this.\n\n# Context\n\nWe were late.", "Reply to this.\n\nWe were late."),
        ('# Task\n\nShorten it.\n\nText:\n"""\nOne.\n\nTwo.\n"""', "Shorten it.\n\nOne.\n\nTwo."),
        ("# 任务\n\n翻译。\n\n文本：\n<text>\n# Task\n</text>", "翻译。\n\n# Task"),
        ("# My own heading\n\nWords.", "# My own heading\n\nWords."),
        ('Shorten it.\n\n"""\nOne.\n"""', 'Shorten it.\n\n"""\nOne.\n"""'),
        ('# Task\n\nIt is """ open\n"""\nand never closed', 'It is """ open\n"""\nand never closed'),
    ],
)
def test_marks_of_a_prompt_are_left_out_and_nothing_else(sent: str, written: str) -> None:
    assert words_of(sent, HEADINGS) == written


def test_a_megabyte_of_lines_is_read_at_once() -> None:
    sent = "# Task\n\n" + 'Text:\n"""\nOne.\n"""\n' * 40_000
    assert words_of(sent, HEADINGS).count("One.") == 40_000
