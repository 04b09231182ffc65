"""The path of a conversation, message by message, without the words: enough to lay out ten thousand of them.

Values only. Reading a path is `store`; the current path, with the words of what is in sight, is `runtime.conversation`.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.message import Message, Role


@dataclass(frozen=True, slots=True)
class PathEntry:
    """Message of the path. `letters` are the characters of its text, `lines` the line feeds in it.

    It is number `version` of the `versions` that stand beside each other under one parent, the oldest first.
    """

    id: str
    role: Role
    letters: int
    lines: int
    version: int = 1
    versions: int = 1


def entry_of(message: Message, version: int = 1, versions: int = 1) -> PathEntry:
    """Return the entry of a message whose words are at hand."""
    text = message.text
    return PathEntry(message.id, message.role, len(text), text.count("\n"), version, versions)
