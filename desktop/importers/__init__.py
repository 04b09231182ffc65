"""Imports of conversations from files of Candor's own and of other programs. Reads values, touches no database.

A file is told by what is in it, not by its name. What cannot be read of it is named, and the rest is brought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop.core.conversation import Conversation
from desktop.core.converting import UnusableError, converted
from desktop.core.exporting import (
    FORMAT,
    VERSION,
    BrokenConversation,
    Imported,
    ImportedConversation,
    ImportFault,
    ImportFaultError,
    as_own,
    message_from,
    pictures_of,
)
from desktop.importers.foreign import Record
from desktop.importers.programs import read_cherry_studio, read_jan, read_lm_studio
from desktop.importers.services import read_chatgpt, read_claude, read_open_webui
from desktop.importers.sources import Report, values


def _own(found: Record) -> Iterator[Imported] | None:
    """Return the conversations in a value, or None for another program's.

    Raises `ImportFaultError` for a newer version's.
    """
    if found.get("format") != FORMAT:
        return None
    version = found.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise ImportFaultError(ImportFault.NEWER)
    records = found.get("conversations")
    return (_own_conversation(each) for each in records) if isinstance(records, list) else iter(())


def _own_conversation(record: Any) -> Imported:
    try:
        conversation = converted(Conversation, record, whole=True)
        listed = record.get("messages")
        messages = [message_from(each) for each in listed] if isinstance(listed, list) else []
    except UnusableError:
        title = record.get("title") if isinstance(record, dict) else None
        return BrokenConversation(title if isinstance(title, str) else "", ImportFault.BROKEN)
    return replace(as_own("", conversation, messages), pictures=pictures_of(record), program="Candor")


_READERS: tuple[Callable[[Record], Iterator[Imported] | None], ...] = (
    _own,
    read_chatgpt,
    read_claude,
    read_open_webui,
    read_jan,
    read_lm_studio,
    read_cherry_studio,
)


def read(path: Path, report: Report) -> Iterator[Imported]:
    """Yield the conversations of a file, an archive or a folder, one by one, as they are read.

    Raises `ImportFaultError` for one that brings nothing, `OSError`, and what `report` raises.
    """
    damage: BrokenConversation | None = None  # told, until something whole follows
    is_known = False
    for value in values(path, report):
        if isinstance(value, BrokenConversation):
            if value != damage:
                yield value
            damage = value
        elif (found := _conversations(value)) is not None:
            damage, is_known = None, True
            yield from map(_checked, found)
        elif is_known and damage is None and (title := Record.of(value).text("title")):
            yield BrokenConversation(title, ImportFault.UNKNOWN)


def _conversations(value: Any) -> Iterator[Imported] | None:
    record = Record.of(value)
    return next((found for reader in _READERS if (found := reader(record)) is not None), None)


def _checked(entry: Imported) -> Imported:
    """Return a conversation, or, for one without messages, that it is empty."""
    if isinstance(entry, ImportedConversation) and not entry.messages:
        return BrokenConversation(entry.conversation.title, ImportFault.EMPTY)
    return entry
