"""A conversation as Markdown and as plain text: all that was said, in order, with or without what was thought."""

from __future__ import annotations

from dataclasses import replace

from desktop.core.message import user_message
from desktop.core.place import THIS_COMPUTER
from desktop.exporters.markdown import write
from desktop.exporters.plain_text import write as write_plainly
from tests.exporters.talk import ANSWER, FILES, QUESTION, talk


def test_all_that_was_said_is_there_with_its_speaker_and_place():
    text = write(talk(QUESTION, ANSWER, title="Terms\nof payment")).decode()
    assert text.startswith("# Terms of payment\n\n---\n\n**You** · 2026-")
    assert "\n\nWhat is *due*?\n\n---\n\n**qwen3:4b** · 2026-" in text
    assert text.endswith(" · internet api.example\n\n**45 days**\n")
    assert "Let me" not in text


def test_thinking_is_quoted_where_it_is_wanted():
    text = write(talk(QUESTION, ANSWER, with_thinking=True)).decode()
    assert text.startswith("# Untitled\n")
    assert text.endswith("\n\n> Let me\n>\n> > see\n\n**45 days**\n")


def test_an_answer_without_words_still_has_its_line():
    silent = replace(ANSWER, parts=(), model="", place=THIS_COMPUTER)
    text = write(talk(silent)).decode()
    assert "\n\n**Answer** · 2026-" in text
    assert text.endswith(" · this_computer \n")


def test_the_name_of_a_file_is_shown_as_it_is():
    text = write(talk(user_message("Sum it up", attached=FILES))).decode()
    assert "\n\nFiles: plan \\*B\\*.pdf (page 1 of 2), photo.png\n\nSum it up\n" in text


def test_messages_stand_under_the_title_as_they_were_written():
    text = write_plainly(talk(QUESTION, ANSWER, title="Terms\nof payment")).decode()
    assert text.startswith("Terms of payment\n\n-----")
    assert "---\nYou · 2026-" in text
    assert "\n\nWhat is *due*?\n\n---" in text
    assert text.endswith(" · internet api.example\n\n**45 days**\n")
    assert "Let me" not in text


def test_thinking_stands_indented_above_its_answer():
    text = write_plainly(talk(QUESTION, ANSWER, with_thinking=True)).decode()
    assert text.endswith("\n\nThinking:\n    Let me\n\n    > see\n\n**45 days**\n")
