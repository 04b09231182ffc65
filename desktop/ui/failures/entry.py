"""An entry of the tables of failures: a title, a sentence with the next step, and what can be done about it.

Untranslated: `errors.py` puts an entry into the language of the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ErrorAction(StrEnum):
    """A next step that an error offers as a button; the first is the likeliest."""

    TRY_AGAIN = "try_again"
    OPEN_CONNECTIONS = "open_connections"
    CHOOSE_MODEL = "choose_model"
    OPEN_FILE = "open_file"
    START_FRESH = "start_fresh"
    MAKE_ROOM = "make_room"
    OPEN_OFFLINE_LOCK = "open_offline_lock"
    OPEN_DATA_FOLDER = "open_data_folder"
    REPAIR = "repair"
    RESTORE_BACKUP = "restore_backup"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class FailureEntry:
    """A failure in English. `%1` in the sentence is the host or "the server"; of the disk at start, the folder."""

    title: str
    sentence: str
    actions: tuple[ErrorAction, ...]


RETRY = (ErrorAction.TRY_AGAIN,)
RETRY_OR_CONNECT = (ErrorAction.TRY_AGAIN, ErrorAction.OPEN_CONNECTIONS)
CONNECT_OR_RETRY = (ErrorAction.OPEN_CONNECTIONS, ErrorAction.TRY_AGAIN)
RETRY_OR_CHOOSE = (ErrorAction.TRY_AGAIN, ErrorAction.CHOOSE_MODEL)
