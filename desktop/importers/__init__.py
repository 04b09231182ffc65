"""Imports of conversations from files of other programs: one module a program. Reads values, touches no database.

A file is told by what is in it, not by its name. What cannot be read of it is named, and the rest is brought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from desktop.core.exporting import BrokenConversation, Imported, ImportedConversation, ImportFault
from desktop.importers import candor, chatgpt, cherry_studio, claude, jan, lm_studio, open_webui
from desktop.importers.sources import Report, values
from desktop.importers.values import Record

_READERS: tuple[Callable[[Record], Iterator[Imported] | None], ...] = (
    candor.read,
    chatgpt.read,
    claude.read,
    open_webui.read,
    jan.read,
    lm_studio.read,
    cherry_studio.read,
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
