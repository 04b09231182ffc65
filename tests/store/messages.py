"""Conversations and messages that the tests of the store put in, and how it refuses."""

from __future__ import annotations

import contextlib

import pytest

from desktop.core.conversation import Conversation
from desktop.core.errors import StoreError
from desktop.core.message import Message, MessageStatus, Role, TextPart, user_message


def turn(question, answer=""):
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


def say(store, question, answer=""):
    """The same, stored."""
    conversation, asked, reply = turn(question, answer)
    store.begin_reply(conversation, [asked, reply])
    return conversation, asked, reply


def titles(store):
    """Of all conversations that are listed, in their order."""
    return [each.title for each in store.conversations()]


def erase(store, title):
    """Erase the conversations of a title for good."""
    for each in store.conversations():
        if each.title == title:
            store.delete_for_good(each.id)


@contextlib.contextmanager
def refused(reason):
    with pytest.raises(StoreError) as caught:
        yield
    assert caught.value.reason == reason
