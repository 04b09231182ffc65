"""The question where a file goes that words are taken along in; and what is said when it cannot be written."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.core.exporting.format import ExportFormat
from desktop.core.text.file_names import file_stem, numbered
from desktop.ui.errors import ErrorText
from desktop.ui.words import fill


def ask_where(parent: QWidget, title: str, form: ExportFormat, folder: Path) -> Path | None:
    """Ask the user for a file, beginning in a folder with a name made of the title; None when they think better of it.

    The system's dialog asks before a file is written over.
    """
    translate = QCoreApplication.translate
    stem = file_stem(title, translate("export", "Conversation"))
    kind = f"{translate('export', form.NAME)} (*{form.ENDING})"
    caption = translate("export", "Export the conversation")
    file, _ = QFileDialog.getSaveFileName(parent, caption, str(folder / (stem + form.ENDING)), kind)
    return _with_ending(Path(file), form.ENDING) if file else None


def ask_where_table(parent: QWidget, name: str, folder: Path) -> Path | None:
    """Ask the user for a file for one table, a workbook or text with commas; None when they think better of it."""
    translate = QCoreApplication.translate
    stem = file_stem(name, translate("export", "Table"))
    workbook, text = translate("export", "Excel workbook (*.xlsx)"), translate("export", "Text with commas (*.csv)")
    caption = translate("export", "Save the table")
    file, kind = QFileDialog.getSaveFileName(parent, caption, str(folder / f"{stem}.xlsx"), f"{workbook};;{text}")
    if not file:
        return None
    path = Path(file)
    return path if path.suffix.lower() in (".xlsx", ".csv") else _with_ending(path, ".csv" if kind == text else ".xlsx")


def _with_ending(file: Path, ending: str) -> Path:
    """Return `file` with the ending of its format.

    The dialog has asked about no other name than its own, so a changed one avoids the files that are there.
    """
    if file.suffix.lower() == ending:
        return file
    names = (file.with_name(name) for name in numbered(file.name, ending))
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
