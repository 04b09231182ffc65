"""Asking models that do not reason to think first: whom, in which words, and that nothing else changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.message import AnswerWay, AttachmentPart, Message, Role, TextPart, user_message
from desktop.core.model import ModelInfo
from desktop.core.outgoing.asking import asking_to_think_first, cannot_reason, modes_of
from desktop.core.request import ChatRequest, PartialReply, Thinking, ThinkingMode

OFF, ON, AUTO = ThinkingMode.OFF, ThinkingMode.ON, ThinkingMode.AUTO
PLAIN = ModelInfo("llama", capabilities=frozenset({"completion"}))
LISTED = ModelInfo("gpt-4o", thinking_modes=(OFF,))
REASONING = ModelInfo("qwen3", capabilities=frozenset({"completion", "thinking"}), thinking_modes=(AUTO, OFF, ON))
ALWAYS = ModelInfo("r1", capabilities=frozenset({"completion", "thinking"}))
UNKNOWN = ModelInfo("something")
EMBEDDING = ModelInfo("embed", capabilities=frozenset({"embedding"}))


@pytest.mark.parametrize(
    ("model", "cannot"),
    [(PLAIN, True), (LISTED, True), (REASONING, False), (ALWAYS, False), (UNKNOWN, False), (EMBEDDING, False)],
    ids=lambda value: value.name if isinstance(value, ModelInfo) else "",
)
def test_who_is_asked(model, cannot):
    assert cannot_reason(model) is cannot
    assert modes_of(model) == ((OFF, ON) if cannot else model.thinking_modes)


def request(*texts, **more):
    roles = (Role.USER, Role.ASSISTANT)
    messages = tuple(Message(role=roles[at % 2], parts=(TextPart(text),)) for at, text in enumerate(texts))
    return replace(ChatRequest("m", messages, system="Be kind.", thinks_first=True), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "begins"),
    [("What is 2 + 2?", "Think before you answer."), ("二加二是多少？", "请先思考，再回答。")],
)
def test_the_last_question_asks_in_its_own_language(question, begins):
    before = request("Hello", "Hi", question)
    asked = asking_to_think_first(before)
    *earlier, last = asked.messages
    assert earlier == list(before.messages[:-1])
    said, _, asking = last.text.partition("\n\n")
    assert said == question
    assert asking.startswith(begins)
    assert "<think>" in asking
    assert "</think>" in asking
    assert (last.id, last.role, asked.system, asked.thinking) == (
        before.messages[-1].id,
        Role.USER,
        "Be kind.",
        Thinking(),
    )


def test_it_is_asked_once():
    asked = asking_to_think_first(request("What is 2 + 2?"))
    assert asking_to_think_first(asked) == asked


def test_attachments_go_before_it():
    message = replace(
        user_message("Sum it up."), parts=(TextPart("Sum it up."), AttachmentPart("a.txt", "", "Price: 4"))
    )
    (sent,) = asking_to_think_first(replace(request(), messages=(message,))).messages
    assert sent.text.index("Price: 4") < sent.text.index("Sum it up.") < sent.text.index("<think>")


@pytest.mark.parametrize(
    "unchanged",
    [
        request("What is 2 + 2?", thinks_first=False),
        request("What is 2 + 2?", partial_reply=PartialReply("Fo")),
        request("What is 2 + 2?", partial_reply=PartialReply("", "Two and", answer_by=(AnswerWay.ASKED,))),
        request(),
    ],
    ids=["not wanted", "begun", "to be answered now", "nothing was asked"],
)
def test_where_no_thought_is_wanted(unchanged):
    assert asking_to_think_first(unchanged) == unchanged


def test_thinking_that_was_cut_off_is_asked_for_again():
    assert (
        "<think>"
        in asking_to_think_first(request("What is 2 + 2?", partial_reply=PartialReply("", "Two and"))).messages[0].text
    )
