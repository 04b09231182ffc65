"""What a file of conversations holds, before any of it is taken: conversations with their trees, and what is wrong.

A conversation is plain values for JSON, every field by its name, so that nothing is left out. What comes from a file is
checked against the types of the fields; a value of another type is refused, an unknown name is passed over, and a
missing one has its default. `docs/take-along.md` describes the file.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any, assert_never

from desktop.core.conversation import Conversation, is_temporary
from desktop.core.converting import UnusableError, as_dict, converted
from desktop.core.message import AttachmentPart, ImagePart, Message, MessageStatus, Part, ReasoningPart, TextPart

FORMAT = "candor-conversations"
VERSION = 2  # since 2, the bytes of pictures
PICTURES = "pictures"

_KINDS: dict[str, type[Part]] = {
    "text": TextPart,
    "thinking": ReasoningPart,
    "file": AttachmentPart,
    "picture": ImagePart,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def to_plain(message: Message) -> dict[str, Any]:
    """Return a message as dictionaries, lists, texts, numbers and None. Defaults are left out."""
    parts = [{"kind": _NAMES[type(part)], **as_dict(part, without_defaults=True)} for part in message.parts]
    return as_dict(message, without_defaults=True) | {"parts": parts}


def message_from(record: Any) -> Message:
    """Return the message that plain values stand for. Raises `UnusableError`."""
    listed = record.get("parts", []) if isinstance(record, dict) else None
    if not isinstance(listed, list):
        raise UnusableError("no message")
    message = converted(Message, record | {"parts": []}, whole=True)
    return replace(message, parts=tuple(map(_part, listed)))


def _part(record: Any) -> Part:
    kind = _KINDS.get(str(record.get("kind"))) if isinstance(record, dict) else None
    if kind is None:
        raise UnusableError("no part of a message")
    return converted(kind, record, whole=True)


def pictures_to_plain(messages: Iterable[Message], read: Callable[[str], bytes | None]) -> dict[str, str]:
    """Return the bytes of all pictures by their digests, in base64; `read` returns None for those that are gone."""
    digests = dict.fromkeys(picture.digest for message in messages for picture in message.pictures)
    found = {digest: content for digest in digests if (content := read(digest)) is not None}
    return {digest: b64encode(content).decode("ascii") for digest, content in found.items()}


def pictures_of(record: Any) -> dict[str, bytes]:
    """Return the bytes of the pictures of a conversation's record, without those that are not what their name says."""
    listed = record.get(PICTURES)
    found: dict[str, bytes] = {}
    for digest, text in listed.items() if isinstance(listed, dict) else ():
        try:
            content = b64decode(text, validate=True)
        except (ValueError, TypeError):
            continue
        if sha256(content).hexdigest() == digest:
            found[digest] = content
    return found


MOST_BYTES = 200 * 1024 * 1024
"""Of one conversation, or of a backup that is read whole; what it comes to in memory is several times as much."""
MOST_WHOLE_BYTES = 8 * 1024 * 1024 * 1024
"""Of a file that is read conversation by conversation; more is no export, but an archive made to fill a disk."""


class ImportFault(StrEnum):
    """The reasons why a file brings nothing."""

    TOO_LARGE = "too_large"
    BROKEN = "broken"  # no JSON, or its end is missing
    UNKNOWN = "unknown"  # of a program whose files are not known
    NEWER = "newer"  # of a newer version of this program
    SEALED = "sealed"  # a copy of another program's own database, which only that program can read
    UNREADABLE = "unreadable"  # by the system
    EMPTY = "empty"  # without a message that could be brought


class ImportFaultError(Exception):
    """Error for a file that brings nothing."""

    def __init__(self, fault: ImportFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class ImportedConversation:
    """A conversation from a file, with all its messages: each after the one that it answers.

    `pictures` are the bytes of those of its pictures that came along, by their digests; `program` is what wrote it.
    """

    conversation: Conversation
    messages: tuple[Message, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    program: str = ""


@dataclass(frozen=True, slots=True)
class BrokenConversation:
    """A conversation, or a stretch of a file, that could not be read; `title` is what is known of it."""

    title: str
    fault: ImportFault


Imported = ImportedConversation | BrokenConversation


@dataclass(frozen=True, slots=True)
class FoundConversation:
    """A conversation of a file as a list shows it; its messages are read again when it is taken."""

    conversation: Conversation
    count: int  # of messages


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """The conversations of a file or folder, what could not be read of it, and the programs that wrote it."""

    programs: tuple[str, ...]
    conversations: tuple[FoundConversation, ...]
    broken: tuple[BrokenConversation, ...] = ()


def summary(entries: Iterable[Imported]) -> ImportedFile:
    """Return what a file holds, without the messages. Of two conversations with the same id, the first counts.

    Raises `ImportFaultError` if it holds nothing.
    """
    programs: dict[str, None] = {}
    found: dict[str, FoundConversation] = {}
    broken: list[BrokenConversation] = []
    for entry in entries:
        match entry:
            case BrokenConversation():
                broken.append(entry)
            case ImportedConversation():
                programs[entry.program] = None
                one = FoundConversation(entry.conversation, len(entry.messages))
                found.setdefault(entry.conversation.id, one)
            case _:
                assert_never(entry)
    if not found:
        raise ImportFaultError(broken[0].fault if broken else ImportFault.UNKNOWN)
    return ImportedFile(tuple(programs), tuple(found.values()), tuple(broken))


def as_own(source: str, conversation: Conversation, messages: Iterable[Message]) -> ImportedConversation:
    """Return a conversation under ids that are the same whenever it is read, and that no other file can name.

    Its own id stays if `source` is empty. Messages that hang in the air, or on each other, become first ones.
    """
    keeps = not source and not is_temporary(conversation.id)
    own = conversation.id if keeps else _hashed(source or "temporary", conversation.id)
    by_id = {message.id: message for message in messages}
    ordered: dict[str, Message] = {}
    for start in by_id.values():
        way: dict[str, Message] = {}
        at: Message | None = start
        while at is not None and at.id not in ordered and at.id not in way:
            way[at.id] = at
            at = by_id.get(at.parent_id or "")
        for message in reversed(way.values()):
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
        program=source,
    )


def _owned(conversation_id: str, message: Message, parent_id: str | None) -> Message:
    status = MessageStatus.INTERRUPTED if message.status is MessageStatus.STREAMING else message.status
    parent = _hashed(conversation_id, parent_id) if parent_id is not None else None
    return replace(message, id=_hashed(conversation_id, message.id), parent_id=parent, status=status)


def _hashed(source: str, name: str) -> str:
    return hashlib.sha256(f"{source}/{name}".encode("utf-8", "backslashreplace")).hexdigest()[:32]
