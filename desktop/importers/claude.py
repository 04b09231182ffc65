"""Files of Claude: the archive that its settings export, or what is in it, a list of messages for each conversation.

A message names the one that it answers; in older exports it does not, and answers the one before. What tools were told
is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desktop.core.exporting.imported import Imported
from desktop.core.message import AttachmentPart, Part
from desktop.importers.shape import Branch, Foreign, named_file, spoken
from desktop.importers.values import moment, records, said

_PASTED = "pasted.txt"  # a long text that was pasted is a file without a name


def read(found: Any) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's."""
    if not isinstance(found, dict) or not isinstance(found.get("chat_messages"), list):
        return None
    foreign = Foreign(
        program="Claude",
        id=said(found.get("uuid")),
        title=said(found.get("name")),
        created_at=moment(found.get("created_at")),
        updated_at=moment(found.get("updated_at")),
        pinned=found.get("is_starred") is True,
    )
    branches = _branches(records(found["chat_messages"]), said(found.get("model")))
    return iter([foreign.with_branches(branches, head=said(found.get("current_leaf_message_uuid")))])


def _branches(listed: list[dict[str, Any]], model: str) -> Iterator[Branch]:
    is_tree = any("parent_message_uuid" in each for each in listed)
    before = ""
    for number, record in enumerate(listed):
        name = said(record.get("uuid")) or str(number)
        yield Branch(
            id=name,
            parent=said(record.get("parent_message_uuid")) if is_tree else before,
            role=said(record.get("sender")),
            parts=_parts(record),
            model=said(record.get("model")) or model,
            created_at=moment(record.get("created_at")),
        )
        before = name


def _parts(record: dict[str, Any]) -> tuple[Part, ...]:
    blocks = records(record.get("content"))
    thoughts = [said(each.get("thinking")) for each in blocks if each.get("type") == "thinking"]
    texts = [said(each.get("text")) for each in blocks if each.get("type") in ("text", "voice_note")]
    text = "\n\n".join(filter(None, texts)) if blocks else said(record.get("text"))
    return spoken(text, "\n\n".join(filter(None, thoughts)), _files(record))


def _files(record: dict[str, Any]) -> Iterator[AttachmentPart]:
    read_ones = records(record.get("attachments"))
    for each in read_ones:
        yield named_file(said(each.get("file_name")) or _PASTED, "", said(each.get("extracted_content")))
    known = {said(each.get("file_name")) for each in read_ones}
    for each in records(record.get("files")):
        if (name := said(each.get("file_name"))) not in known:
            yield named_file(name)
