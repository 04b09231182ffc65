"""Backups of the file of conversations, and what was read of a damaged one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


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
