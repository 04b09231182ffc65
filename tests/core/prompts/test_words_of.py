"""What a user has written of a message, without what a prompt put around it."""

from __future__ import annotations

import pytest

from desktop.core.prompts.parse import words_of
from tests.core.tables import table

CASES = table("prompts/words_of.toml")


HEADINGS = {"# Task", "# Context", "# 任务", "# 背景"}


@pytest.mark.parametrize(
    ("sent", "written"),
    CASES["marks_of_a_prompt_are_left_out_and_nothing_else"],
)
def test_marks_of_a_prompt_are_left_out_and_nothing_else(sent, written):
    assert words_of(sent, HEADINGS) == written


def test_a_megabyte_of_lines_is_read_at_once():
    sent = "# Task\n\n" + 'Text:\n"""\nOne.\n"""\n' * 40_000
    assert words_of(sent, HEADINGS).count("One.") == 40_000
