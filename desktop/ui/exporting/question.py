"""The question where to write a conversation to, and as what; and what is said when that fails."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.core.exporting.format import ExportFormat
from desktop.core.text.file_names import file_stem, numbered
from desktop.ui.errors import ErrorText
from desktop.ui.words import fill


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """The path of a file, its format, and what goes into it."""

    file: Path
    form: ExportFormat
    with_thinking: bool


def users_documents() -> Path:
    """Return the folder of the user's documents, or their home where there is none."""
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return documents if os.path.isdir(documents) else Path.home()


def ask_where(parent: QWidget, title: str, formats: Sequence[ExportFormat], folder: Path) -> ExportChoice | None:
    """Ask the user, beginning in a folder; return None when they think better of it.

    Each format is offered without and with thinking.
    """
    translate = QCoreApplication.translate
    offered: dict[str, tuple[ExportFormat, bool]] = {}
    for each in formats:
        name = translate("export", each.NAME)
        with_thinking = fill(translate("export", "%1 with the thinking"), name)
        offered[f"{name} (*{each.ENDING})"] = (each, False)
        offered[f"{with_thinking} (*{each.ENDING})"] = (each, True)
    first = next(iter(offered))
    stem = file_stem(title, translate("export", "Conversation"))
    caption = translate("export", "Export the conversation")
    suggested = str(folder / (stem + offered[first][0].ENDING))
    file, kind = QFileDialog.getSaveFileName(parent, caption, suggested, ";;".join(offered))
    if not file:
        return None
    form, thinking = offered.get(kind, offered[first])
    return ExportChoice(_with_ending(Path(file), form.ENDING, {each.ENDING for each in formats}), form, thinking)


def _with_ending(file: Path, ending: str, known: set[str]) -> Path:
    """Return `file` with the ending of its format in the place of another's.

    The dialog has asked about no other name than its own, so a changed one avoids the files that are there.
    """
    if file.suffix.lower() == ending:
        return file
    stem = file.stem if file.suffix.lower() in known else file.name
    names = (file.with_name(name) for name in numbered(stem, ending))
    return next(each for each in names if not os.path.exists(each))  # False where nothing may be looked at


def describe_failed_export(file: str, reason: str) -> ErrorText:
    """Return what to tell the user; `reason` is a `StoreError`'s."""
    translate = QCoreApplication.translate
    match reason:
        case "full":
            sentence = translate("export", "There is no room for %1. Choose another disk, or free some space.")
        case "read_only":
            sentence = translate("export", "Candor may not write %1. Choose another folder.")
        case _:
            sentence = translate("export", "%1 could not be written. Choose another folder, or try again.")
    title = translate("export", "The conversation was not exported")
    return ErrorText(title, fill(sentence, file), ())
