"""Conversations and messages that the tests of the store put in."""

from __future__ import annotations

from desktop.core.conversation import Conversation
from desktop.core.message import Message, MessageStatus, Role, TextPart, user_message


def turn(question: str, answer: str = "") -> tuple[Conversation, Message, Message]:
    """A conversation, the user's message and the reply: running, or complete where `answer` is given."""
    asked = user_message(question)
    reply = Message(
        role=Role.ASSISTANT,
        parent_id=asked.id,
        status=MessageStatus.COMPLETE if answer else MessageStatus.STREAMING,
        parts=(TextPart(answer),) if answer else (),
        model="tiny",
    )
    return Conversation(title=question[:40], head_id=reply.id), asked, reply
