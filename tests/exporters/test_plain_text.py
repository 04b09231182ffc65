"""A conversation as plain text: no mark but a line between the messages, and thinking that stands apart."""

from __future__ import annotations

from desktop.exporters.plain_text import write
from tests.exporters.talk import ANSWER, QUESTION, talk


def test_messages_stand_under_the_title_as_they_were_written() -> None:
    text = write(talk(QUESTION, ANSWER, title="Terms\nof payment")).decode()
    assert text.startswith("Terms of payment\n\n-----")
    assert "---\nYou · 2026-" in text
    assert "\n\nWhat is *due*?\n\n---" in text
    assert text.endswith(" · internet api.example\n\n**45 days**\n")
    assert "Let me" not in text


def test_thinking_stands_indented_above_its_answer() -> None:
    text = write(talk(QUESTION, ANSWER, with_thinking=True)).decode()
    assert text.endswith("\n\nThinking:\n    Let me\n\n    > see\n\n**45 days**\n")
