"""Plain values of conversations and messages: there and back without loss, and nothing wrong is let in."""

from __future__ import annotations

import json

import pytest

from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.converting import UnusableError, as_dict, converted
from desktop.core.exporting.imported import as_own, message_from, to_plain
from desktop.core.message import (
    Anchor,
    AnswerWay,
    AttachmentPart,
    EarlyAnswer,
    Failure,
    ImagePart,
    Message,
    MessageStatus,
    ReasoningPart,
    Role,
    TextPart,
    Timings,
    Usage,
)
from desktop.core.model import ModelChoice
from desktop.core.place import Place, PlaceKind
from desktop.core.sign import Sign, SignKind

MESSAGE = Message(
    role=Role.ASSISTANT,
    parts=(
        ReasoningPart("hm", elsewhere=True),
        TextPart("**yes**"),
        AttachmentPart("a.pdf", "application/pdf", "words", "ab", "page 1", (Anchor(0, 1, "p"),)),
        ImagePart("b.png", "image/png", "cd", 3, 4),
    ),
    parent_id="p",
    status=MessageStatus.CUT_OFF,
    model="qwen3:4b",
    place=Place(PlaceKind.INTERNET, "x.example"),
    usage=Usage(1, 2, None, 4),
    timings=Timings(0.5, 1.0),
    failure=Failure("timeout", host="h"),
    early=EarlyAnswer(AnswerWay.ASKED, by_limit=True),
    signs=(Sign(SignKind.LOOP, "x", counts=(1, 2)),),
    created_at=1_790_000_000.25,
)
CONVERSATION = Conversation(
    title="Terms \ud800",
    head_id="h",
    settings=ConversationSettings(choice=ModelChoice("c", "m"), system="Be short.", temperature=0.5, left_out=("m",)),
    pinned=True,
)


@pytest.mark.parametrize("message", [MESSAGE, Message(role=Role.USER)])
def test_there_and_back_with_a_name_of_another_version(message):
    assert message_from(json.loads(json.dumps(to_plain(message) | {"colour": "red"}))) == message


@pytest.mark.parametrize("conversation", [CONVERSATION, Conversation()])
def test_a_conversation_there_and_back(conversation):
    plain = json.loads(json.dumps(as_dict(conversation, without_defaults=True) | {"colour": "red"}))
    assert converted(Conversation, plain, whole=True) == conversation


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        "text",
        {"role": "emperor"},
        {"role": "user", "parts": "text"},
        {"role": "user", "parts": [{"kind": "bomb"}]},
        {"role": "user", "parts": [{"kind": "text"}]},
        {"role": "user", "parts": [{"kind": "text", "text": 5}]},
        {"role": "user", "created_at": "today"},
        {"role": "user", "id": 5},
        {"role": "user", "place": {"kind": "moon"}},
        {},
    ],
)
def test_what_is_no_message_is_refused(wrong):
    with pytest.raises(UnusableError):
        message_from(wrong)


class TestOwnIds:
    def test_the_same_file_gives_the_same_ids_and_another_program_gives_others(self):
        messages = [Message(role=Role.USER, id="a"), Message(role=Role.ASSISTANT, id="b", parent_id="a")]
        conversation = Conversation(id="c", head_id="b")
        one, again, other = (as_own(each, conversation, messages) for each in ("", "", "X"))
        assert one == again
        assert one.conversation.id == "c"
        assert other.conversation.id != "c"
        assert not {"a", "b"} & {message.id for message in one.messages}
        assert one.messages[1].parent_id == one.messages[0].id
        assert one.conversation.head_id == one.messages[1].id

    def test_messages_that_hang_on_each_other_become_first_ones(self):
        ring = [Message(role=Role.USER, id="a", parent_id="b"), Message(role=Role.USER, id="b", parent_id="a")]
        lost = Message(role=Role.USER, id="d", parent_id="nowhere")
        made = as_own("", Conversation(head_id="nowhere"), [*ring, lost])
        ids = [message.id for message in made.messages]
        assert len(ids) == 3
        for at, message in enumerate(made.messages):
            assert message.parent_id is None or message.parent_id in ids[:at]
        assert made.conversation.head_id in ids

    def test_a_reply_that_was_running_has_been_interrupted(self):
        running = Message(role=Role.ASSISTANT, status=MessageStatus.STREAMING)
        assert as_own("", Conversation(), [running]).messages[0].status is MessageStatus.INTERRUPTED
