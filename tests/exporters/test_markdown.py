"""A conversation as Markdown: everything that was said, in order, with or without what was thought."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.conversation import Conversation
from desktop.core.message import Message, ReasoningPart, Role, TextPart, user_message
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.exporters.markdown import Labels, markdown

LABELS = Labels(untitled="Untitled", you="You", answer="Answer", place_name=lambda place: f"{place.kind} {place.host}")
QUESTION = replace(user_message("What is *due*?"), created_at=1_790_000_000.0)
ANSWER = Message(
    role=Role.ASSISTANT,
    parts=(ReasoningPart("Let me\n\n> see"), TextPart("**45 days**\n")),
    model="qwen3:4b",
    place=Place(PlaceKind.INTERNET, "api.example"),
    created_at=1_790_000_060.0,
)


def test_all_that_was_said_is_there_with_its_speaker_and_place() -> None:
    text = markdown(Conversation(title="Terms\nof payment"), [QUESTION, ANSWER], LABELS)
    assert text.startswith("# Terms of payment\n\n---\n\n**You** · 2026-")
    assert "\n\nWhat is *due*?\n\n---\n\n**qwen3:4b** · 2026-" in text
    assert text.endswith(" · internet api.example\n\n**45 days**\n")
    assert "Let me" not in text


def test_thinking_is_quoted_where_it_is_wanted() -> None:
    text = markdown(Conversation(), [QUESTION, ANSWER], LABELS, with_thinking=True)
    assert text.startswith("# Untitled\n")
    assert text.endswith("\n\n> Let me\n>\n> > see\n\n**45 days**\n")


def test_an_answer_without_words_still_has_its_line() -> None:
    silent = replace(ANSWER, parts=(), model="", place=THIS_COMPUTER)
    assert markdown(Conversation(), [silent], LABELS).endswith(" · this_computer \n")


@given(st.lists(st.text(min_size=1), max_size=5))
def test_no_word_is_lost(texts: list[str]) -> None:
    exported = markdown(Conversation(), [user_message(each) for each in texts], LABELS)
    at = 0
    for each in texts:
        at = exported.index(each.strip("\r\n"), at) + len(each.strip("\r\n"))
