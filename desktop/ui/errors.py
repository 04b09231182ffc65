"""The failures in words for the user: a title, a sentence with the next step, and what can be done about it.

Chosen from a failure's kind and reason in the tables of `failures`; the server's own text is only ever shown beside it
as a detail. Nothing here knows how an action is carried out.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from desktop.core.documents.reading import ReadingError
from desktop.core.message import Failure
from desktop.core.models.catalogue import CatalogueFault, CatalogueProblem
from desktop.core.models.file import FileFault
from desktop.core.place import place_of_host
from desktop.core.repository import StoreError
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.failures.disk import AT_START_FAILURES, DISK_FAILURES
from desktop.ui.failures.engine import ENGINE_FAILURES
from desktop.ui.failures.entry import ErrorAction, FailureEntry
from desktop.ui.failures.gateway import GATEWAY_FAILURES
from desktop.ui.failures.pulling import PULL_FAILURES
from desktop.ui.failures.reading import READING_FAILURES
from desktop.ui.failures.rented import RENTED_FAILURES
from desktop.ui.failures.server import SERVER_FAILURES
from desktop.ui.failures.shown import ErrorText, action_words
from desktop.ui.failures.way import WAY_FAILURES
from desktop.ui.words import fill, translate

__all__ = [
    "FAILURES",
    "ErrorAction",
    "ErrorText",
    "action_words",
    "describe",
    "describe_catalogue",
    "describe_reading",
    "describe_store",
]


def describe(failure: Failure) -> ErrorText:
    """Return a backend's failure in words: of its kind and reason, else of its kind, else a general sentence."""
    keys = [(failure.kind, failure.reason), (failure.kind, ""), ("backend_error", "")]
    if failure.host and place_of_host(failure.host).is_local:
        keys.insert(0, (failure.kind, f"{failure.reason} here"))
    if failure.kind == "request_rejected" and not failure.reason and (failure.status or 0) >= _FAULT_OF_SERVER:
        keys.insert(0, (failure.kind, "failed"))
    told = _told(failure)
    if told:
        keys.insert(0, (failure.kind, f"{failure.reason} told"))
    entry = next(FAILURES[key] for key in keys if key in FAILURES)
    has_words = is_of_server(failure) or failure.reason in _WITH_DETAIL
    has_words = has_words or (failure.reason == "refused" and "://" in failure.detail)  # else a library's words
    detail = failure.detail if has_words else ""
    if failure.reason == FileFault.PIECE_MISSING:
        return _in_words(entry, failure.detail, "")
    return _in_words(entry, failure.host or translate("errors", "the server"), detail, told)


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
    form = translate("errors", "d MMMM yyyy", "a day, as Qt writes formats")
    return QLocale().toString(QDate(day.year, day.month, day.day), form)


def describe_store(error: StoreError, folder: str = "") -> ErrorText:
    """Return a failure of the disk in words.

    `folder` is that of the user's files if the program cannot start in it.
    """
    entry = DISK_FAILURES.get(error.reason, DISK_FAILURES["other"])
    if folder:
        entry = AT_START_FAILURES.get(error.reason, AT_START_FAILURES["other"])
    return _in_words(entry, folder, error.detail)


def describe_reading(error: ReadingError) -> ErrorText:
    """Return a failure to read a file that the user gave in words."""
    where = error.detail or translate("errors", "the program that made it")
    return _in_words(READING_FAILURES[error.problem], where, "")


def describe_catalogue(problem: CatalogueProblem) -> ErrorText:
    """Return in words why a file of the catalogue of models is not used. `detail` is for whoever wrote it."""
    title = translate("errors", "The list of models is not whole")
    match problem.fault:
        case CatalogueFault.NEWER:
            sentence = translate("errors", "%1 was made for a newer version of Candor and is not used.")
        case CatalogueFault.BROKEN:
            sentence = translate(
                "errors", "%1 cannot be read and is not used. Whoever looks after it can put it right."
            )
    return ErrorText(title, fill(sentence, problem.file), (), problem.where)


def _in_words(entry: FailureEntry, where: str, detail: str, told: str = "") -> ErrorText:
    title = QCoreApplication.translate("errors", entry.title)
    sentence = QCoreApplication.translate("errors", entry.sentence)
    said = fill(sentence, show_invisible(where), show_invisible(told))
    return ErrorText(title, said, entry.actions, show_invisible(detail))


FAILURES = {
    **SERVER_FAILURES,
    **WAY_FAILURES,
    **GATEWAY_FAILURES,
    **RENTED_FAILURES,
    **ENGINE_FAILURES,
    **PULL_FAILURES,
}
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
