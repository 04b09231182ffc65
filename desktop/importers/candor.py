"""Candor's own files: see `core.exporting`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from desktop.core.conversation import Conversation
from desktop.core.converting import UnusableError, converted
from desktop.core.exporting import (
    FORMAT,
    VERSION,
    BrokenConversation,
    Imported,
    ImportFault,
    ImportFaultError,
    as_own,
    message_from,
    pictures_of,
)
from desktop.importers.values import Record


def read(found: Record) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's.

    Raises `ImportFaultError` for a newer version's.
    """
    if found.get("format") != FORMAT:
        return None
    version = found.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise ImportFaultError(ImportFault.NEWER)
    records = found.get("conversations")
    return (_conversation(each) for each in records) if isinstance(records, list) else iter(())


def _conversation(record: Any) -> Imported:
    try:
        conversation = converted(Conversation, record, whole=True)
        listed = record.get("messages")
        messages = [message_from(each) for each in listed] if isinstance(listed, list) else []
    except UnusableError:
        title = record.get("title") if isinstance(record, dict) else None
        return BrokenConversation(title if isinstance(title, str) else "", ImportFault.BROKEN)
    return replace(as_own("", conversation, messages), pictures=pictures_of(record), program="Candor")
