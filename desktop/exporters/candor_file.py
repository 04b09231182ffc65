"""Conversations as Candor's own file: JSON with every message and every version of it, which can be imported again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from desktop.core.converting import as_dict
from desktop.core.exporting import ALL_PARTS, FORMAT, PICTURES, VERSION, Export, ExportPart, pictures_to_plain, to_plain
from desktop.core.message import Message, ReasoningPart
from desktop.core.resources import QT_TRANSLATE_NOOP

NAME = QT_TRANSLATE_NOOP("export", "Candor file, to be imported again")
ENDING = ".json"
PARTS = ALL_PARTS - {ExportPart.SOURCES, ExportPart.TIME}
HAS_VERSIONS = True


def write(export: Export) -> bytes:
    """Return the conversation with the tree of its messages, and the bytes of its pictures.

    Files are there as the text that was sent of them.
    """
    record: dict[str, Any] = as_dict(export.conversation, without_defaults=True)
    record["messages"] = [to_plain(_without(export, message)) for message in export.each()]
    if pictures := pictures_to_plain(export.messages, export.read_picture):
        record[PICTURES] = pictures
    whole = {"format": FORMAT, "version": VERSION, "conversations": [record]}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")


def _without(export: Export, message: Message) -> Message:
    """Return a message without what is not wanted."""
    if ExportPart.MODEL not in export.parts:
        message = replace(message, model="")
    if ExportPart.PLACE not in export.parts:
        message = replace(message, place=None)
    if not export.with_thinking:
        message = replace(message, parts=tuple(part for part in message.parts if not isinstance(part, ReasoningPart)))
    return message
