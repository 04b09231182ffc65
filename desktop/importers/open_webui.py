"""Files of Open WebUI: a list of chats, each with a history of messages that name the one they answer."""

from __future__ import annotations

from typing import Any

from desktop.core.conversation import Conversation
from desktop.core.exporting.imported import ImportedConversation, ImportedFile, as_own
from desktop.core.message import Message, Part, ReasoningPart, Role, TextPart
from desktop.importers.values import apart, mapping, moment, said

_PROGRAM = "Open WebUI"
_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT}


def read(found: Any) -> ImportedFile | None:
    """Return what a file holds, or None for another program's."""
    listed = found if isinstance(found, list) else [found]
    if not listed or not all(isinstance(each, dict) and isinstance(each.get("chat"), dict) for each in listed):
        return None
    made, broken = [], []
    for each in listed:
        one = _conversation(each)
        if one.messages:
            made.append(one)
        else:
            broken.append(said(each.get("title")))
    return ImportedFile(_PROGRAM, tuple(made), tuple(broken))


def _conversation(record: dict[str, Any]) -> ImportedConversation:
    chat = record["chat"]
    history = mapping(chat.get("history"))
    listed = mapping(history.get("messages"))
    messages = [message for name, each in listed.items() if (message := _message(name, each)) is not None]
    conversation = Conversation(
        title=said(record.get("title") or chat.get("title")),
        id=said(record.get("id") or chat.get("id")) or said(history.get("currentId")),
        head_id=said(history.get("currentId")) or None,
        created_at=moment(record.get("created_at") or chat.get("timestamp")),
        updated_at=moment(record.get("updated_at") or record.get("created_at") or chat.get("timestamp")),
        pinned=record.get("pinned") is True,
    )
    return as_own(_PROGRAM, conversation, messages)


def _message(name: str, record: Any) -> Message | None:
    if not isinstance(record, dict):
        return None
    role = _ROLES.get(said(record.get("role")))
    if role is None:
        return None
    thinking, text = apart(said(record.get("content")))
    parts: list[Part] = [ReasoningPart(thinking)] if thinking else []
    parts.append(TextPart(text))
    return Message(
        role=role,
        parts=tuple(parts),
        id=name,
        parent_id=said(record.get("parentId")) or None,
        model=said(record.get("model")) if role is Role.ASSISTANT else "",
        created_at=moment(record.get("timestamp")),
    )
