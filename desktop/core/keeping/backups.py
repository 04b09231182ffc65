"""The seam to the care for the file of conversations: backups, checks, and what is left of a damaged file.

All methods block on the disk and may take seconds, so none is called on the GUI's thread. Implemented in `store/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


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


class FileCare(Protocol):
    """Care for the file of conversations. Every method raises `StoreError` when the disk fails."""

    def check(self) -> str:
        """Read the whole file, and return the first fault that is found in it; empty if there is none."""
        ...

    def back_up_if_due(self) -> Backup | None:
        """Make today's backup if the file has changed since the last one.

        Raises `StoreError` damaged instead of keeping a copy of a damaged file in the place of a good one.
        """
        ...

    def is_check_due(self) -> bool:
        """Return True if the file was not checked for a week, or was not closed properly the last time."""
        ...

    def backups(self) -> list[Backup]:
        """Return all backups, the latest first."""
        ...

    def restore(self, backup: Backup) -> Path:
        """Put a backup in the place of the file, and return where the file was put aside.

        Nothing is changed before the backup has been read whole. Called on the store's thread.
        """
        ...

    def repair(self) -> Repaired:
        """Put a new file, with all that can be read of the present one, in its place. Called on the store's thread."""
        ...
