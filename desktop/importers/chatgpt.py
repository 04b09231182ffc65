"""Files of ChatGPT: the archive that its settings export, or what is in it, a tree of messages each.

A mapping from ids to nodes, each with its parent and a message or none. Pictures and what tools were told are left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from desktop.core.conversation import Conversation
from desktop.core.exporting.imported import ImportedConversation, ImportedFile, as_own
from desktop.core.message import Message, Part, ReasoningPart, Role, TextPart
from desktop.importers.values import moment, said

_PROGRAM = "ChatGPT"
_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT}


def read(found: Any) -> ImportedFile | None:
    """Return what a file holds, or None for another program's."""
    listed = found if isinstance(found, list) else [found]
    if not listed or not all(isinstance(each, dict) and isinstance(each.get("mapping"), dict) for each in listed):
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
    nodes = {name: node for name, node in record["mapping"].items() if isinstance(node, dict)}
    messages = {name: message for name, node in nodes.items() if (message := _message(name, node)) is not None}
    linked = [_linked(name, message, nodes, messages) for name, message in messages.items()]
    head = _nearest(said(record.get("current_node")), nodes, messages)
    conversation = Conversation(
        title=said(record.get("title")),
        id=said(record.get("conversation_id") or record.get("id")) or said(record.get("current_node")),
        head_id=head,
        created_at=moment(record.get("create_time")),
        updated_at=moment(record.get("update_time") or record.get("create_time")),
    )
    return as_own(_PROGRAM, conversation, linked)


def _linked(name: str, message: Message, nodes: dict[str, Any], messages: dict[str, Message]) -> Message:
    return replace(message, parent_id=_nearest(said(nodes[name].get("parent")), nodes, messages))


def _nearest(name: str, nodes: dict[str, Any], messages: dict[str, Message]) -> str | None:
    """Return the message at a node, or else the nearest above it: nodes of tools and of the system have none."""
    seen: set[str] = set()
    while name in nodes and name not in seen:
        if name in messages:
            return name
        seen.add(name)
        name = said(nodes[name].get("parent"))
    return None


def _message(name: str, node: dict[str, Any]) -> Message | None:
    message = node.get("message")
    if not isinstance(message, dict):
        return None
    author, content, about = message.get("author"), message.get("content"), message.get("metadata")
    role = _ROLES.get(said(author.get("role"))) if isinstance(author, dict) else None
    parts = _parts(content) if isinstance(content, dict) else ()
    if role is None or not parts:
        return None
    model = said(about.get("model_slug")) if isinstance(about, dict) else ""
    return Message(
        role=role,
        parts=parts,
        id=name,
        model=model if role is Role.ASSISTANT else "",
        created_at=moment(message.get("create_time")),
    )


def _parts(content: dict[str, Any]) -> tuple[Part, ...]:
    listed = content.get("parts")
    match content.get("content_type"):
        case "text" | "multimodal_text" if isinstance(listed, list):
            text = "\n\n".join(each for each in listed if isinstance(each, str) and each)
            return (TextPart(text),) if text else ()
        case "thoughts" if isinstance(content.get("thoughts"), list):
            thoughts = [said(each.get("content")) for each in content["thoughts"] if isinstance(each, dict)]
            return (ReasoningPart("\n\n".join(filter(None, thoughts))),) if any(thoughts) else ()
        case "code":
            text = said(content.get("text"))
            return (TextPart(f"```\n{text}\n```"),) if text else ()
        case _:
            return ()
