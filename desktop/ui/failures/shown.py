"""A failure as it is shown: its words, and those on the buttons for what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication

from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.failures.entry import ErrorAction


@dataclass(frozen=True, slots=True)
class ErrorText:
    """A failure in words. `detail` is mostly the server's own text (plain, untrusted), for who wants to read it."""

    title: str
    sentence: str
    actions: tuple[ErrorAction, ...]
    detail: str = ""


def action_words(action: ErrorAction) -> str:
    """Return the words on an action's button."""
    return QCoreApplication.translate("errors", _ACTIONS[action])


_ACTIONS: Mapping[ErrorAction, str] = MappingProxyType(
    {
        ErrorAction.TRY_AGAIN: QT_TRANSLATE_NOOP("errors", "Try again"),
        ErrorAction.OPEN_CONNECTIONS: QT_TRANSLATE_NOOP("errors", "Open connections"),
        ErrorAction.CHOOSE_MODEL: QT_TRANSLATE_NOOP("errors", "Choose another model"),
        ErrorAction.OPEN_FILE: QT_TRANSLATE_NOOP("errors", "Open a model file"),
        ErrorAction.START_FRESH: QT_TRANSLATE_NOOP("errors", "Start fresh"),
        ErrorAction.MAKE_ROOM: QT_TRANSLATE_NOOP("errors", "Let it read more"),
        ErrorAction.OPEN_OFFLINE_LOCK: QT_TRANSLATE_NOOP("errors", "Open settings"),
        ErrorAction.OPEN_DATA_FOLDER: QT_TRANSLATE_NOOP("errors", "Open the data folder"),
        ErrorAction.REPAIR: QT_TRANSLATE_NOOP("errors", "Repair…"),
        ErrorAction.RESTORE_BACKUP: QT_TRANSLATE_NOOP("errors", "Restore a backup…"),
        ErrorAction.QUIT: QT_TRANSLATE_NOOP("errors", "Quit Candor"),
    }
)
