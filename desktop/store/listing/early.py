"""The newest conversations for a window that is there before the program is: read beside the store, which comes later.

The file is read as it lies there: no lock is waited for, nothing is written and nothing made. Where the store might say
something else of it, there is nothing to show.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.keeping.newest_first import READ_FIRST
from desktop.store.listing.conversations import listed, listed_one
from desktop.store.migrations import APPLICATION_ID, MIGRATIONS, has_content, version_of
from desktop.store.salvage import unwritten

if TYPE_CHECKING:
    from desktop.core.conversation import Conversation

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EarlyList:
    """The newest conversations, and the one that was asked for; None if there is none of that id."""

    newest: list[Conversation]
    wanted: Conversation | None


def early_list(file: Path, wanted: str = "") -> EarlyList | None:
    """Return what a database lists; None where that cannot be told without its store.

    It is new, of another version or program, damaged, or was not closed properly: then its newest words are in a log.
    """
    try:
        if not has_content(file) or has_content(Path(f"{file}-wal")):
            return None
        # By SQLite alone, which also refuses what is cut off: whoever else closes a file takes the locks of the whole
        # process away from it, and the store may have it open by now.
        with contextlib.closing(unwritten(file, is_read_only=True)) as connection:
            program = connection.execute("PRAGMA application_id").fetchone()[0]
            if (program, version_of(connection)) != (APPLICATION_ID, len(MIGRATIONS)):
                return None
            one = listed_one(connection, wanted) if wanted else None
            return EarlyList([each for each in listed(connection, READ_FIRST) if each.id], one)
    except (OSError, sqlite3.Error):
        _log.info("nothing could be read before the store was there", exc_info=True)
        return None
