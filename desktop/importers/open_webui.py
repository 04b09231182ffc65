"""Files of Open WebUI: a list of chats, each with a history of messages that name the one they answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desktop.core.exporting.imported import Imported
from desktop.importers.shape import Branch, Foreign, named_file, spoken
from desktop.importers.values import mapping, moment, records, said, unfolded


def read(found: Any) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's."""
    if not isinstance(found, dict) or not isinstance(found.get("chat"), dict):
        return None
    chat = found["chat"]
    history = mapping(chat.get("history"))
    foreign = Foreign(
        program="Open WebUI",
        id=said(found.get("id") or chat.get("id")),
        title=said(found.get("title") or chat.get("title")),
        created_at=moment(found.get("created_at") or chat.get("timestamp")),
        updated_at=moment(found.get("updated_at")),
        pinned=found.get("pinned") is True,
    )
    branches = [_branch(name, mapping(each)) for name, each in mapping(history.get("messages")).items()]
    return iter([foreign.with_branches(branches, head=said(history.get("currentId")))])


def _branch(name: str, record: dict[str, Any]) -> Branch:
    thinking, text = unfolded(said(record.get("content")))
    files = [named_file(said(each.get("name") or each.get("type"))) for each in records(record.get("files"))]
    return Branch(
        id=said(name),
        parent=said(record.get("parentId")),
        role=said(record.get("role")),
        parts=spoken(text, thinking, files),
        model=said(record.get("model")),
        created_at=moment(record.get("timestamp")),
    )
