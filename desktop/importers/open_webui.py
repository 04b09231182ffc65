"""Files of Open WebUI: a list of chats, each with a history of messages that name the one they answer."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.core.exporting import Imported
from desktop.importers.shape import Branch, Foreign, named_file, spoken
from desktop.importers.values import Record, said, unfolded


def read(found: Record) -> Iterator[Imported] | None:
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
