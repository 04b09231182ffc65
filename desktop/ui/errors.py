"""The failures in words for the user: a title, a sentence with the next step, and what can be done about it.

Chosen by a failure's kind and reason from `resources/words/failures.toml`; the server's own text is only ever shown
beside it as a detail. Nothing here knows how an action is carried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QDate, QLocale

from desktop.core.documents.document import ReadingError
from desktop.core.errors import StoreError
from desktop.core.message import Failure
from desktop.core.models.file import FileFault
from desktop.core.place import place_of_host
from desktop.rendering.text.letters import show_invisible
from desktop.ui.words import in_words, said_in, say, say_each


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
class ErrorText:
    """A failure in words. `detail` is mostly the server's own text (plain, untrusted), for who wants to read it."""

    title: str
    sentence: str
    actions: tuple[ErrorAction, ...]
    detail: str = ""


def action_words(action: ErrorAction) -> str:
    """Return the words on an action's button."""
    return say_each("errors.button", action)


def describe(failure: Failure) -> ErrorText:
    """Return a backend's failure in words: of its kind and reason, else of its kind, else a general sentence."""
    kind, reason = failure.kind, failure.reason
    keys = [f"{kind} {reason}", kind, "backend_error"]
    if failure.host and place_of_host(failure.host).is_local:
        keys.insert(0, f"{kind} {reason} here")
    if kind == "request_rejected" and not reason and (failure.status or 0) >= _FAULT_OF_SERVER:
        keys.insert(0, f"{kind} failed")
    told = _told(failure)
    if told:
        keys.insert(0, f"{kind} {reason} told")
    has_words = is_of_server(failure) or reason in _WITH_DETAIL
    has_words = has_words or (reason == "refused" and "://" in failure.detail)  # else a library's words
    detail = failure.detail if has_words else ""
    if reason == FileFault.PIECE_MISSING:
        return _in_words(keys, failure.detail)
    return _in_words(keys, failure.host or say("errors.the_server"), detail, told)


def is_of_server(failure: Failure) -> bool:
    """Return True if the detail of a failure was written by a server that has answered, or by the engine."""
    return failure.kind in _SERVER_SPOKE


def _told(failure: Failure) -> str:
    """Return what is known beyond the reason of a certificate's fault: the day, the names, or who has issued it."""
    if not failure.reason.startswith("tls_"):
        return ""
    try:
        day = datetime.fromisoformat(failure.detail)
    except ValueError:
        return failure.detail
    return QLocale().toString(QDate(day.year, day.month, day.day), say("errors.day_as_qt_writes_formats"))


def describe_store(error: Exception, folder: str = "") -> ErrorText:
    """Return a failure of the disk in words.

    `folder` is that of the user's files if the program cannot start in it.
    """
    if not isinstance(error, StoreError):
        error = StoreError("other")
    keys = [f"disk {error.reason}", "disk other"]
    if folder:
        keys = [f"disk_at_start {error.reason}", *(keys[:1] if error.reason == "locked" else ()), "disk_at_start other"]
    return _in_words(keys, folder, error.detail)


def describe_reading(error: ReadingError) -> ErrorText:
    """Return a failure to read a file that the user gave in words."""
    return _in_words([f"file {error.problem}"], error.detail or say("errors.the_program_that_made_it"))


def _in_words(keys: Sequence[str], where: str, detail: str = "", told: str = "") -> ErrorText:
    """Return the first of the entries that is there in words."""
    failures = said_in("failures")
    entry = next(failures[key] for key in keys if key in failures)
    sentence = in_words(entry["sentence"], where=show_invisible(where), told=show_invisible(told))
    actions = tuple(map(ErrorAction, entry["actions"]))
    return ErrorText(in_words(entry["title"]), sentence, actions, show_invisible(detail))


_FAULT_OF_SERVER = 500  # from this status on; below, it is the request that was not right
# Reasons whose detail is an address, a file, or the words of a proxy.
_WITH_DETAIL = frozenset(
    (
        *("elsewhere", "proxy", "proxy_blocked", "proxy_far", "ca_file", "ca_none", "ca_pkcs7"),
        *("own_file", "own_key", "own_password"),
    )
)
# Kinds whose detail was written by a server or the engine; elsewhere it is a library's, in no one's language.
_SERVER_SPOKE = frozenset(
    (
        "pull_failed",
        "request_rejected",
        "auth_rejected",
        "model_missing",
        "context_too_long",
        "rate_limited",
        "out_of_credit",
        "overloaded",
        "content_filtered",
        "engine_failed",
    )
)
