"""What of a message may reach a model, and how long the reply may be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.message import AttachmentPart, Message, ReasoningPart, Role, TextPart, user_message
from desktop.core.request import (
    ChatRequest,
    GenerationParams,
    PartialReply,
    Thinking,
    ThinkingMode,
    outgoing_text,
    room_for_reply,
)


def message(*parts):
    return Message(role=Role.ASSISTANT, parts=parts)


def test_attachment_is_quoted_under_its_name():
    part = AttachmentPart("plan.txt", "text/plain", "a\nb")
    assert outgoing_text(message(TextPart("Read."), part)) == '""" plan.txt\na\nb\n"""\n\nRead.'


def test_attachment_cannot_close_its_quotation():
    part = AttachmentPart("code.py", "text/x-python", 'x = """a"""\ny = """"b""""')
    assert outgoing_text(message(part)).splitlines() == [
        *('""""" code.py', 'x = """a"""', 'y = """"b""""', '"""""'),
    ]


PARTS = st.one_of(
    st.builds(TextPart, st.text("ab\n")),
    st.builds(ReasoningPart, st.text("REASON", min_size=1)),
    st.builds(AttachmentPart, st.text("cd", min_size=1), st.just("text/plain"), st.text('ef"\n')),
)


@given(st.lists(PARTS, max_size=8))
def test_no_letter_of_thinking_gets_out_and_all_else_does(parts):
    text = outgoing_text(message(*parts))
    assert not set(text) & set("REASON")
    for part in parts:
        if not isinstance(part, ReasoningPart):
            assert part.text in text


def room(thinking, partial_reply=None, *, counts_thinking=True):
    request = ChatRequest("m", (user_message("Hi"),), "", GenerationParams(max_tokens=50), thinking, partial_reply)
    return room_for_reply(request, counts_thinking=counts_thinking)


def test_thinking_has_room_beside_the_answer_where_there_will_be_some():
    auto, off = Thinking(), Thinking(ThinkingMode.OFF)
    assert room(Thinking(budget=200)) == 250
    assert (room(auto) or 0) > 5_000
    assert room(auto, PartialReply("", "Hm")) == room(auto)
    assert room(auto, counts_thinking=False) == 50
    assert room(off) == 50
    assert room(auto, PartialReply("The answer has", "Hm")) == 50
