"""The failures in words for the user: a title, a sentence with the next step, and what can be done about it.

Chosen from a failure's kind and reason by the tables below; the server's own text is only ever shown beside it as a
detail. Nothing here knows how an action is carried out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication

from desktop.core.message import Failure
from desktop.core.models.file import FileFault
from desktop.core.place import place_of_host
from desktop.core.repository import StoreError
from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.words import fill, translate


class ErrorAction(StrEnum):
    """A next step that an error offers as a button; the first is the likeliest."""

    TRY_AGAIN = "try_again"
    OPEN_CONNECTIONS = "open_connections"
    CHOOSE_MODEL = "choose_model"
    OPEN_FILE = "open_file"
    START_FRESH = "start_fresh"
    OPEN_OFFLINE_LOCK = "open_offline_lock"
    OPEN_DATA_FOLDER = "open_data_folder"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class ErrorText:
    """A failure in words. `detail` is the server's own text (plain, untrusted), for those who want to read it."""

    title: str
    sentence: str
    actions: tuple[ErrorAction, ...]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    sentence: str  # %1 is the host, or "the server" where it is not known; of the disk at start, the folder
    actions: tuple[ErrorAction, ...]


def describe(failure: Failure) -> ErrorText:
    """Return a backend's failure in words: of its kind and reason, else of its kind, else a general sentence."""
    keys = [(failure.kind, failure.reason), (failure.kind, ""), ("backend_error", "")]
    if failure.host and place_of_host(failure.host).is_local:
        keys.insert(0, (failure.kind, f"{failure.reason} here"))
    entry = next(_BACKEND[key] for key in keys if key in _BACKEND)
    detail = failure.detail if failure.kind in _SERVER_SPOKE else ""
    return _in_words(entry, failure.host or translate("errors", "the server"), detail)


def describe_store(error: StoreError, folder: str = "") -> ErrorText:
    """Return a failure of the disk in words.

    `folder` is that of the user's files if the program cannot start in it.
    """
    entry = _STORE.get(error.reason, _STORE["other"])
    if folder:
        entry = _STORE_AT_START.get(error.reason, _STORE_AT_START["other"])
    return _in_words(entry, folder, error.detail)


def action_words(action: ErrorAction) -> str:
    """Return the words on an action's button."""
    return QCoreApplication.translate("errors", _ACTIONS[action])


def _in_words(entry: _Entry, where: str, detail: str) -> ErrorText:
    title = QCoreApplication.translate("errors", entry.title)
    sentence = QCoreApplication.translate("errors", entry.sentence)
    return ErrorText(title, fill(sentence, where), entry.actions, detail)


_ACTIONS: Mapping[ErrorAction, str] = MappingProxyType(
    {
        ErrorAction.TRY_AGAIN: QT_TRANSLATE_NOOP("errors", "Try again"),
        ErrorAction.OPEN_CONNECTIONS: QT_TRANSLATE_NOOP("errors", "Open connections"),
        ErrorAction.CHOOSE_MODEL: QT_TRANSLATE_NOOP("errors", "Choose another model"),
        ErrorAction.OPEN_FILE: QT_TRANSLATE_NOOP("errors", "Open a model file"),
        ErrorAction.START_FRESH: QT_TRANSLATE_NOOP("errors", "Start fresh"),
        ErrorAction.OPEN_OFFLINE_LOCK: QT_TRANSLATE_NOOP("errors", "Open settings"),
        ErrorAction.OPEN_DATA_FOLDER: QT_TRANSLATE_NOOP("errors", "Open the data folder"),
        ErrorAction.QUIT: QT_TRANSLATE_NOOP("errors", "Quit Candor"),
    }
)
# Kinds whose detail was written by a server or the engine; elsewhere it is a library's, in no one's language.
_SERVER_SPOKE = frozenset(
    (
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
_RETRY = (ErrorAction.TRY_AGAIN,)
_RETRY_OR_CONNECT = (ErrorAction.TRY_AGAIN, ErrorAction.OPEN_CONNECTIONS)
_CONNECT_OR_RETRY = (ErrorAction.OPEN_CONNECTIONS, ErrorAction.TRY_AGAIN)
_RETRY_OR_CHOOSE = (ErrorAction.TRY_AGAIN, ErrorAction.CHOOSE_MODEL)
_OTHER_MODEL_FILE = (ErrorAction.OPEN_FILE, ErrorAction.CHOOSE_MODEL, ErrorAction.TRY_AGAIN)

_BACKEND: Mapping[tuple[str, str], _Entry] = MappingProxyType(
    {
        ("backend_error", ""): _Entry(
            QT_TRANSLATE_NOOP("errors", "Something went wrong"),
            QT_TRANSLATE_NOOP("errors", "The reply did not come from %1. What had arrived is kept. Try again."),
            _RETRY_OR_CONNECT,
        ),
        ("unreachable", ""): _Entry(
            QT_TRANSLATE_NOOP("errors", "No connection"),
            QT_TRANSLATE_NOOP("errors", "Candor could not reach %1. Check the network and the address."),
            _RETRY_OR_CONNECT,
        ),
        ("unreachable", "refused"): _Entry(
            QT_TRANSLATE_NOOP("errors", "Nothing answers at this address"),
            QT_TRANSLATE_NOOP(
                "errors",
                "No model server is listening on %1. It may be switched off, or the port in the address may be wrong.",
            ),
            _RETRY_OR_CONNECT,
        ),
        ("unreachable", "refused here"): _Entry(
            QT_TRANSLATE_NOOP("errors", "The model server is not running"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Nothing is listening at this address on your computer. Start the model server, for example Ollama,"
                " then try again.",
            ),
            _RETRY_OR_CONNECT,
        ),
        ("unreachable", "timeout"): _Entry(
            QT_TRANSLATE_NOOP("errors", "No answer in time"),
            QT_TRANSLATE_NOOP(
                "errors",
                "There was no sign of life from %1. The server may be off, or a firewall or VPN may be in the way.",
            ),
            _RETRY_OR_CONNECT,
        ),
        ("unreachable", "dns"): _Entry(
            QT_TRANSLATE_NOOP("errors", "Server name not found"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your network does not know the name %1. Check its spelling, and whether you need the company's VPN.",
            ),
            _CONNECT_OR_RETRY,
        ),
        ("unreachable", "address"): _Entry(
            QT_TRANSLATE_NOOP("errors", "This is not the address of a server"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Nothing was sent. Correct the address under Connections; it looks like https://server.example.com/v1.",
            ),
            _CONNECT_OR_RETRY,
        ),
        ("unreachable", "tls"): _Entry(
            QT_TRANSLATE_NOOP("errors", "The connection is not safe"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The certificate of %1 could not be verified, so nothing was sent. Ask your administrator whether its"
                " certificate is installed on this computer.",
            ),
            _CONNECT_OR_RETRY,
        ),
        ("unreachable", "not_tls"): _Entry(
            QT_TRANSLATE_NOOP("errors", "http and https are mixed up"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The address and %1 do not agree on http or https. Try the other one in the address; https is the safe"
                " one.",
            ),
            _CONNECT_OR_RETRY,
        ),
        ("unreachable", "proxy"): _Entry(
            QT_TRANSLATE_NOOP("errors", "The proxy did not let us through"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your network's proxy refused the way to %1. Your administrator can open it or tell you the right"
                " proxy.",
            ),
            _RETRY_OR_CONNECT,
        ),
        ("unreachable", "reset"): _Entry(
            QT_TRANSLATE_NOOP("errors", "The connection was dropped"),
            QT_TRANSLATE_NOOP(
                "errors", "The connection to %1 was closed before a reply came. This often passes by itself."
            ),
            _RETRY_OR_CONNECT,
        ),
        ("unreachable", "offline"): _Entry(
            QT_TRANSLATE_NOOP("errors", "Candor's offline lock is on"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It is set in Candor's own settings and lets through nothing but this computer, so nothing was sent to"
                " %1. Switch it off there, or choose a model on this computer.",
            ),
            (ErrorAction.OPEN_OFFLINE_LOCK, ErrorAction.CHOOSE_MODEL, ErrorAction.TRY_AGAIN),
        ),
        ("unreachable", "forwarding"): _Entry(
            QT_TRANSLATE_NOOP("errors", "No way to the internet"),
            QT_TRANSLATE_NOOP(
                "errors",
                "This model is elsewhere: its server sends your words on to %1, and could not reach it. Check the"
                " network, or choose a model on this computer.",
            ),
            _RETRY_OR_CHOOSE,
        ),
        ("auth_rejected", ""): _Entry(
            QT_TRANSLATE_NOOP("errors", "The key was not accepted"),
            QT_TRANSLATE_NOOP(
                "errors", "The key for %1 is missing, wrong or expired. Enter it again under Connections."
            ),
            _CONNECT_OR_RETRY,
        ),
        ("auth_rejected", "letters"): _Entry(
            QT_TRANSLATE_NOOP("errors", "This cannot be a key"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It was not sent to %1: it has line breaks in it, or letters such as é, which no key has. Copy the key"
                " once more, and enter it under Connections.",
            ),
            _CONNECT_OR_RETRY,
        ),
        ("auth_rejected", "sign_in"): _Entry(
            QT_TRANSLATE_NOOP("errors", "Ollama is not signed in"),
            QT_TRANSLATE_NOOP(
                "errors",
                "This model answers at %1, and only to those who have an account there. Enter “ollama signin” in a"
                " terminal, or open the address in the details; then try again.",
            ),
            _RETRY_OR_CHOOSE,
        ),
        ("model_missing", ""): _Entry(
            QT_TRANSLATE_NOOP("errors", "The model is not there"),
            QT_TRANSLATE_NOOP(
                "errors", "This model is not, or no longer, available from %1. Choose another one to go on."
            ),
            (ErrorAction.CHOOSE_MODEL, ErrorAction.TRY_AGAIN),
        ),
        ("context_too_long", ""): _Entry(
            QT_TRANSLATE_NOOP("errors", "Too long for this model"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The conversation is longer than what this model can keep in mind. Start fresh with what matters of it,"
                " shorten your message, or choose a model with more room.",
            ),
            (ErrorAction.START_FRESH, ErrorAction.CHOOSE_MODEL, ErrorAction.TRY_AGAIN),
        ),
        ("rate_limited", ""): _Entry(
            QT_TRANSLATE_NOOP("errors", "Too many requests"),
            QT_TRANSLATE_NOOP("errors", "You have reached the limit of requests at %1. Wait a minute, then try again."),
            _RETRY_OR_CHOOSE,
        ),
        ("out_of_credit", ""): _Entry(
            QT_TRANSLATE_NOOP("errors", "The account is out of credit"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The account at %1 has no money or quota left. Top it up on the provider's site, or choose another"
                " model.",
            ),
            (ErrorAction.CHOOSE_MODEL, ErrorAction.TRY_AGAIN),
        ),
        ("overloaded", ""): _Entry(
            QT_TRANSLATE_NOOP("errors", "The server is busy"),
            QT_TRANSLATE_NOOP("errors", "There is too much work for %1 right now. Wait a moment, then try again."),
            _RETRY_OR_CHOOSE,
        ),
        ("request_rejected", ""): _Entry(
            QT_TRANSLATE_NOOP("errors", "The server refused the request"),
            QT_TRANSLATE_NOOP(
                "errors", "The request was understood by %1 but not accepted. The details say why, in its own words."
            ),
            _RETRY_OR_CHOOSE,
        ),
        ("request_rejected", "forwarded"): _Entry(
            QT_TRANSLATE_NOOP("errors", "This model is on the internet"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Its server would have sent your words on to %1, which was not known yet. Nothing was sent. Try again"
                " if they may go there, or choose another model.",
            ),
            _RETRY_OR_CHOOSE,
        ),
        ("content_filtered", ""): _Entry(
            QT_TRANSLATE_NOOP("errors", "Stopped by the provider's filter"),
            QT_TRANSLATE_NOOP(
                "errors",
                "A filter at %1 ended this reply because of its content. Put the question in other words, or choose"
                " another model.",
            ),
            _RETRY_OR_CHOOSE,
        ),
        ("protocol_error", ""): _Entry(
            QT_TRANSLATE_NOOP("errors", "The answer makes no sense"),
            QT_TRANSLATE_NOOP(
                "errors", "What came back from %1 is not what a model server sends. Check the address and the provider."
            ),
            _CONNECT_OR_RETRY,
        ),
        ("protocol_error", "html"): _Entry(
            QT_TRANSLATE_NOOP("errors", "A web page answered instead of a model"),
            QT_TRANSLATE_NOOP(
                "errors",
                "A web page came back from %1. A proxy or a sign-in page may be in between, or the address may lack"
                " its ending, such as /v1.",
            ),
            _CONNECT_OR_RETRY,
        ),
        ("protocol_error", "redirect"): _Entry(
            QT_TRANSLATE_NOOP("errors", "The server has moved"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Candor was sent on from %1 to another address and did not follow, so that your words and your key stay"
                " where you sent them. Enter the new address.",
            ),
            _CONNECT_OR_RETRY,
        ),
        ("protocol_error", "empty"): _Entry(
            QT_TRANSLATE_NOOP("errors", "The reply was empty"),
            QT_TRANSLATE_NOOP("errors", "The request went through, but no text came back from %1. Try again."),
            _RETRY_OR_CHOOSE,
        ),
        ("protocol_error", "garbled"): _Entry(
            QT_TRANSLATE_NOOP("errors", "The reply was damaged on its way"),
            QT_TRANSLATE_NOOP("errors", "Part of what came from %1 could not be read. What could be read is kept."),
            _RETRY_OR_CONNECT,
        ),
        ("protocol_error", "not_found"): _Entry(
            QT_TRANSLATE_NOOP("errors", "Wrong path in the address"),
            QT_TRANSLATE_NOOP(
                "errors",
                "There is a server at %1, but no model service at this path. Check the end of the address, such as /v1,"
                " and the provider.",
            ),
            _CONNECT_OR_RETRY,
        ),
        ("stream_broken", ""): _Entry(
            QT_TRANSLATE_NOOP("errors", "The reply broke off"),
            QT_TRANSLATE_NOOP(
                "errors", "The connection to %1 ended before the reply did. What had arrived is kept. Try again."
            ),
            _RETRY_OR_CONNECT,
        ),
        ("engine_failed", ""): _Entry(
            QT_TRANSLATE_NOOP("errors", "The built-in engine did not start"),
            QT_TRANSLATE_NOOP("errors", "The model on this computer could not be used. The details say why."),
            _RETRY_OR_CHOOSE,
        ),
        ("engine_failed", "bad_file"): _Entry(
            QT_TRANSLATE_NOOP("errors", "This file is not a usable model"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The file is damaged, incomplete, or not a .gguf model that the built-in engine knows. Open another"
                " one, or download it again.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.GONE): _Entry(
            QT_TRANSLATE_NOOP("errors", "The model's file is not there"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It was moved, renamed or deleted, or the drive that it is on is not connected. Open it where it is"
                " now.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.NOT_LISTED): _Entry(
            QT_TRANSLATE_NOOP("errors", "The model is not in the list"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Its file is not, or no longer, among the model files that were opened. Open it again, or choose"
                " another model.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.UNREADABLE): _Entry(
            QT_TRANSLATE_NOOP("errors", "The model's file cannot be read"),
            QT_TRANSLATE_NOOP(
                "errors",
                "You may lack the right to read it, or its drive may have a fault. Copy it into a folder of your own"
                " and open it there.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.NOT_ORDINARY): _Entry(
            QT_TRANSLATE_NOOP("errors", "This is not a file"),
            QT_TRANSLATE_NOOP("errors", "A folder or a device has this name. Open the model's file itself."),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.EMPTY): _Entry(
            QT_TRANSLATE_NOOP("errors", "The file is empty"),
            QT_TRANSLATE_NOOP(
                "errors",
                "There is nothing in it: its download may have ended before it began. Download or copy it once more.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.NOT_GGUF): _Entry(
            QT_TRANSLATE_NOOP("errors", "This is not a model file"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Whatever its name says, something else is in it, such as a web page that was saved in place of the"
                " model. Download the model once more.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.VERSION): _Entry(
            QT_TRANSLATE_NOOP("errors", "This kind of model file is not known here"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It was written in a version of the GGUF format that the built-in engine does not read. Look for a"
                " newer file of this model, or a newer Candor.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.CUT_OFF): _Entry(
            QT_TRANSLATE_NOOP("errors", "The model's file is not whole"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Its end is missing: downloading or copying it was broken off. Download or copy it once more.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.DAMAGED): _Entry(
            QT_TRANSLATE_NOOP("errors", "The model's file is damaged"),
            QT_TRANSLATE_NOOP("errors", "What stands at its beginning cannot be right. Download or copy it once more."),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.NO_WEIGHTS): _Entry(
            QT_TRANSLATE_NOOP("errors", "There is no model in this file"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It describes a model and lacks the numbers that make one. Open the larger file that has them.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.LATER_PIECE): _Entry(
            QT_TRANSLATE_NOOP("errors", "This is a later piece of a model"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The model is spread over several files. Keep them in one folder, and open the first, which has"
                " “00001-of-” in its name.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", FileFault.CANNOT_CHAT): _Entry(
            QT_TRANSLATE_NOOP("errors", "This model cannot talk"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It is made for searching: it turns texts into numbers and writes no answers. Open a model that is"
                " made for chat.",
            ),
            _OTHER_MODEL_FILE,
        ),
        ("engine_failed", "crashed"): _Entry(
            QT_TRANSLATE_NOOP("errors", "The built-in engine stopped unexpectedly"),
            QT_TRANSLATE_NOOP(
                "errors", "Your conversation is safe, and what had arrived is kept. Try again; the engine starts anew."
            ),
            _RETRY_OR_CHOOSE,
        ),
        ("engine_failed", "not_installed"): _Entry(
            QT_TRANSLATE_NOOP("errors", "Model files need the full edition of Candor"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The small one, which is installed here, has no engine to run them. Install the full edition in its"
                " place (conversations and settings stay), or connect to Ollama or to a server.",
            ),
            (ErrorAction.OPEN_CONNECTIONS, ErrorAction.CHOOSE_MODEL, ErrorAction.TRY_AGAIN),
        ),
        ("engine_failed", "out_of_memory"): _Entry(
            QT_TRANSLATE_NOOP("errors", "Not enough memory for this model"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The model is larger than the memory that is free. Close other programs, or open a smaller model.",
            ),
            (ErrorAction.TRY_AGAIN, ErrorAction.OPEN_FILE, ErrorAction.CHOOSE_MODEL),
        ),
        ("cancelled", ""): _Entry(
            QT_TRANSLATE_NOOP("errors", "Stopped"),
            QT_TRANSLATE_NOOP("errors", "You stopped this reply. What had arrived is kept."),
            _RETRY,
        ),
    }
)

_STORE: Mapping[str, _Entry] = MappingProxyType(
    {
        "full": _Entry(
            QT_TRANSLATE_NOOP("errors", "The disk is full"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your conversations cannot be saved until there is room. Free some space, then try again; what you see"
                " stays in the window until then.",
            ),
            (ErrorAction.TRY_AGAIN, ErrorAction.OPEN_DATA_FOLDER),
        ),
        "read_only": _Entry(
            QT_TRANSLATE_NOOP("errors", "Candor may not write to its folder"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Nothing can be saved while the data folder is read-only. Allow writing to it, or ask your"
                " administrator.",
            ),
            (ErrorAction.TRY_AGAIN, ErrorAction.OPEN_DATA_FOLDER),
        ),
        "newer_version": _Entry(
            QT_TRANSLATE_NOOP("errors", "Made by a newer Candor"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your conversations were saved by a newer version of Candor. Nothing was changed. Install that version"
                " to read them.",
            ),
            (ErrorAction.QUIT, ErrorAction.OPEN_DATA_FOLDER),
        ),
        "damaged": _Entry(
            QT_TRANSLATE_NOOP("errors", "The conversations file is damaged"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your conversations could not be read. The file was left as it is; older copies may lie beside it in"
                " the data folder.",
            ),
            (ErrorAction.OPEN_DATA_FOLDER, ErrorAction.TRY_AGAIN),
        ),
        "locked": _Entry(
            QT_TRANSLATE_NOOP("errors", "Another program holds your conversations"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The file with your conversations is in use, perhaps by another Candor or by a backup. Close it, then"
                " try again.",
            ),
            (ErrorAction.TRY_AGAIN, ErrorAction.QUIT),
        ),
        "other": _Entry(
            QT_TRANSLATE_NOOP("errors", "The disk did not take your words"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Saving failed. What you see stays in the window; copy what matters to you, then try again.",
            ),
            (ErrorAction.TRY_AGAIN, ErrorAction.OPEN_DATA_FOLDER),
        ),
    }
)

# Where there is no window yet; `%1` is the folder of the user's files.
_STORE_AT_START: Mapping[str, _Entry] = MappingProxyType(
    {
        "full": _Entry(
            QT_TRANSLATE_NOOP("errors", "The disk is full"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your conversations and settings are kept in %1, on a disk that has no room left. Free some space"
                " there, then start Candor again.",
            ),
            (ErrorAction.QUIT,),
        ),
        "read_only": _Entry(
            QT_TRANSLATE_NOOP("errors", "Candor may not write to its folder"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your conversations and settings are kept in %1, where nothing may be written now. Allow writing to"
                " this folder, or ask your administrator to, then start Candor again.",
            ),
            (ErrorAction.QUIT,),
        ),
        "locked": _STORE["locked"],
        "other": _Entry(
            QT_TRANSLATE_NOOP("errors", "Candor cannot use its folder"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your conversations and settings are kept in %1, which cannot be used now. The details say why. Put"
                " this right, or ask your administrator to, then start Candor again.",
            ),
            (ErrorAction.QUIT,),
        ),
    }
)
