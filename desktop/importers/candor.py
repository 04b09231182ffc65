"""Candor's own files: see `core.exporting.record`."""

from __future__ import annotations

from typing import Any

from desktop.core.conversation import Conversation
from desktop.core.exporting.imported import ImportedFile, ImportFault, ImportFaultError, as_own
from desktop.core.exporting.record import FORMAT, VERSION, RecordError, from_plain
from desktop.core.message import Message


def read(found: Any) -> ImportedFile | None:
    """Return what a file holds, or None for another program's. Raises `ImportFaultError` for a newer version's."""
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        return None
    version = found.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise ImportFaultError(ImportFault.NEWER)
    records = found.get("conversations")
    made, broken = [], []
    for record in records if isinstance(records, list) else []:
        try:
            conversation = from_plain(Conversation, record)
            listed = record.get("messages")
            messages = [from_plain(Message, each) for each in listed] if isinstance(listed, list) else []
            made.append(as_own("", conversation, messages))
        except RecordError:
            title = record.get("title") if isinstance(record, dict) else None
            broken.append(title if isinstance(title, str) else "")
    return ImportedFile("Candor", tuple(made), tuple(broken))
