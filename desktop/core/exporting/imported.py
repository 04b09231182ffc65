"""What a file of conversations holds, before any of it is taken: conversations with their trees, and what is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from desktop.core.conversation import Conversation, is_temporary
from desktop.core.message import Message, MessageStatus

MOST_BYTES = 200 * 1024 * 1024
"""Of a file that is read; what it comes to in memory is several times as much."""


class ImportFault(StrEnum):
    """The reasons why a file brings nothing."""

    TOO_LARGE = "too_large"
    BROKEN = "broken"  # no JSON, or its end is missing
    UNKNOWN = "unknown"  # of a program whose files are not known
    NEWER = "newer"  # of a newer version of this program
    UNREADABLE = "unreadable"  # by the system


class ImportFaultError(Exception):
    """Error for a file that brings nothing."""

    def __init__(self, fault: ImportFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class ImportedConversation:
    """A conversation from a file, with all its messages: each after the one that it answers."""

    conversation: Conversation
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """The conversations of a file; `broken` names those that could not be read, `program` what wrote it."""

    program: str
    conversations: tuple[ImportedConversation, ...]
    broken: tuple[str, ...] = ()


def as_own(source: str, conversation: Conversation, messages: Iterable[Message]) -> ImportedConversation:
    """Return a conversation under ids that are the same whenever it is read, and that no other file can name.

    Its own id stays if `source` is empty. Messages that hang in the air, or on each other, become first ones.
    """
    keeps = not source and not is_temporary(conversation.id)
    own = conversation.id if keeps else _hashed(source or "temporary", conversation.id)
    by_id = {message.id: message for message in messages}
    ordered: dict[str, Message] = {}
    for start in by_id.values():
        way: list[Message] = []
        at: Message | None = start
        while at is not None and at.id not in ordered and at not in way:
            way.append(at)
            at = by_id.get(at.parent_id or "")
        for message in reversed(way):
            ordered[message.id] = _owned(own, message, message.parent_id if message.parent_id in ordered else None)
    head = conversation.head_id if conversation.head_id in ordered else next(reversed(ordered), None)
    settings = conversation.settings
    left_out = tuple(_hashed(own, each) for each in settings.left_out)
    return ImportedConversation(
        replace(
            conversation,
            id=own,
            head_id=_hashed(own, head) if head is not None else None,
            origin=None,
            settings=replace(settings, left_out=left_out, unread=False, folder=""),
        ),
        tuple(ordered.values()),
    )


def _owned(conversation_id: str, message: Message, parent_id: str | None) -> Message:
    status = MessageStatus.INTERRUPTED if message.status is MessageStatus.STREAMING else message.status
    parent = _hashed(conversation_id, parent_id) if parent_id is not None else None
    return replace(message, id=_hashed(conversation_id, message.id), parent_id=parent, status=status)


def _hashed(source: str, name: str) -> str:
    return hashlib.sha256(f"{source}/{name}".encode("utf-8", "backslashreplace")).hexdigest()[:32]
