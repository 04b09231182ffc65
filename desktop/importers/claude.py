"""Files of Claude: the archive that its settings export, or what is in it, a list of messages for each conversation.

A message names the one that it answers; in older exports it does not, and answers the one before. What tools were told
is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop.core.exporting import Imported
from desktop.core.message import AttachmentPart, Part
from desktop.importers.shape import Branch, Foreign, named_file, spoken
from desktop.importers.values import Record

_PASTED = "pasted.txt"  # a long text that was pasted is a file without a name


def read(found: Record) -> Iterator[Imported] | None:
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
    branches = _branches(found.records("chat_messages"), found.text("model"))
    return iter([foreign.with_branches(branches, head=found.text("current_leaf_message_uuid"))])


def _branches(listed: list[Record], model: str) -> Iterator[Branch]:
    is_tree = any("parent_message_uuid" in each for each in listed)
    before = ""
    for number, record in enumerate(listed):
        name = record.text("uuid") or str(number)
        yield Branch(
            id=name,
            parent=record.text("parent_message_uuid") if is_tree else before,
            role=record.text("sender"),
            parts=_parts(record),
            model=record.text("model") or model,
            created_at=record.moment("created_at"),
        )
        before = name


def _parts(record: Record) -> tuple[Part, ...]:
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
