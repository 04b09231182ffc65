"""Conversations as they are kept: in the order of the list, in backups, and as far as a damaged file can be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop.core.conversation import Conversation

READ_FIRST = 500  # are read alone, so that a list of a hundred thousand is there as soon as one of a hundred


def list_order(conversation: Conversation) -> tuple[float, str]:
    """Return the key by which conversations are listed: the newest first, those of one moment by their ids."""
    return -conversation.updated_at, conversation.id


@dataclass(frozen=True, slots=True)
class Backup:
    """Copy of the whole file of conversations.

    `made_at` in seconds since the epoch, `size` in bytes on the disk. `conversations` and `messages` are the numbers
    that it holds; None where they were not noted. `before_update`: made before a newer version changed the file.
    `is_too_old`: made by an earlier state of the program, which this one does not read.
    """

    path: Path
    made_at: float
    size: int
    conversations: int | None = None
    messages: int | None = None
    before_update: bool = False
    is_too_old: bool = False


@dataclass(frozen=True, slots=True)
class Repaired:
    """Numbers of what could be read of a damaged file, and the place where that file was put aside."""

    conversations: int
    messages: int
    aside: Path
