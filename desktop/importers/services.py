"""Files of services: the archives that ChatGPT and Claude export from their settings, and the chats of Open WebUI.

A file of each is a list of conversations, or one; what tools were told is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.core.exporting import Imported
from desktop.core.message import AttachmentPart, Part
from desktop.importers.foreign import Branch, Foreign, Record, named_file, said, spoken, unfolded

_MARK = re.compile("\ue200[^\ue201]*\ue201")  # where the program puts a link to a source


def read_chatgpt(found: Record) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's."""
    if not isinstance(found.get("mapping"), dict):
        return None
    foreign = Foreign(
        program="ChatGPT",
        id=found.text("conversation_id", "id"),
        title=found.text("title"),
        created_at=found.moment("create_time"),
        updated_at=found.moment("update_time"),
    )
    return iter([foreign.with_branches(_chatgpt_branches(found.inside("mapping")), head=found.text("current_node"))])


def _chatgpt_branches(nodes: Record) -> Iterator[Branch]:
    for name in nodes:
        node = nodes.inside(name)
        message = node.inside("message")
        about = message.inside("metadata")
        yield Branch(
            id=said(name),
            parent=node.text("parent"),
            role=message.inside("author").text("role"),
            parts=_chatgpt_parts(message.inside("content"), about),
            model=about.text("model_slug"),
            created_at=message.moment("create_time"),
        )


def _chatgpt_parts(content: Record, about: Record) -> tuple[Part, ...]:
    files = [named_file(each.text("name"), each.text("mime_type")) for each in about.records("attachments")]
    listed = content.get("parts")
    match content.get("content_type"):
        case "text" | "multimodal_text" if isinstance(listed, list):
            texts = [said(each if isinstance(each, str) else Record.of(each).get("text")) for each in listed]
            return spoken((_MARK.sub("", text) for text in texts), files=files)
        case "thoughts":
            return spoken((), (each.text("content") for each in content.records("thoughts")))
        case "code" if text := content.text("text"):
            return spoken([f"```\n{text}\n```"])
        case _:
            return ()


_PASTED = "pasted.txt"  # a long text that was pasted is a file without a name


def read_claude(found: Record) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's."""
    if not isinstance(found.get("chat_messages"), list):
        return None
    foreign = Foreign(
        program="Claude",
        id=found.text("uuid"),
        title=found.text("name"),
        created_at=found.moment("created_at"),
        updated_at=found.moment("updated_at"),
        pinned=found.get("is_starred") is True,
    )
    branches = _claude_branches(found.records("chat_messages"), found.text("model"))
    return iter([foreign.with_branches(branches, head=found.text("current_leaf_message_uuid"))])


def _claude_branches(listed: list[Record], model: str) -> Iterator[Branch]:
    is_tree = any("parent_message_uuid" in each for each in listed)
    before = ""
    for number, record in enumerate(listed):
        name = record.text("uuid") or str(number)
        yield Branch(
            id=name,
            parent=record.text("parent_message_uuid") if is_tree else before,
            role=record.text("sender"),
            parts=_claude_parts(record),
            model=record.text("model") or model,
            created_at=record.moment("created_at"),
        )
        before = name


def _claude_parts(record: Record) -> tuple[Part, ...]:
    blocks = record.records("content")
    thoughts = [each.text("thinking") for each in blocks if each.get("type") == "thinking"]
    texts = [each.text("text") for each in blocks if each.get("type") in ("text", "voice_note")]
    return spoken(texts if blocks else [record.text("text")], thoughts, _files(record))


def _files(record: Record) -> Iterator[AttachmentPart]:
    read_ones = record.records("attachments")
    for each in read_ones:
        yield named_file(each.text("file_name") or _PASTED, "", each.text("extracted_content"))
    known = {each.text("file_name") for each in read_ones}
    for each in record.records("files"):
        if (name := each.text("file_name")) not in known:
            yield named_file(name)


def read_open_webui(found: Record) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's."""
    if not isinstance(found.get("chat"), dict):
        return None
    chat = found.inside("chat")
    history = chat.inside("history")
    foreign = Foreign(
        program="Open WebUI",
        id=found.text("id") or chat.text("id"),
        title=found.text("title") or chat.text("title"),
        created_at=found.moment("created_at") or chat.moment("timestamp"),
        updated_at=found.moment("updated_at"),
        pinned=found.get("pinned") is True,
    )
    messages = history.inside("messages")
    branches = [_branch(name, messages.inside(name)) for name in messages]
    return iter([foreign.with_branches(branches, head=history.text("currentId"))])


def _branch(name: str, record: Record) -> Branch:
    thinking, text = unfolded(record.text("content"))
    files = [named_file(each.text("name", "type")) for each in record.records("files")]
    return Branch(
        id=said(name),
        parent=record.text("parentId"),
        role=record.text("role"),
        parts=spoken([text], [thinking], files),
        model=record.text("model"),
        created_at=record.moment("timestamp"),
    )
