"""The question where to write a conversation to, and whether with its thinking; and the words for a failure."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.core.text.file_names import file_stem
from desktop.ui.errors import ErrorText
from desktop.ui.words import fill

_ENDING = ".md"


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """The path of a file, and what goes into it."""

    file: str
    with_thinking: bool


def ask_where(parent: QWidget, title: str) -> ExportChoice | None:
    """Ask the user, and return the choice; None if they cancel."""
    translate = QCoreApplication.translate
    plain = translate("export", "Markdown (*.md)")
    with_thinking = translate("export", "Markdown with the thinking (*.md)")
    name = file_stem(title, translate("export", "Conversation")) + _ENDING
    caption = translate("export", "Export the conversation")
    file, chosen = QFileDialog.getSaveFileName(parent, caption, name, f"{plain};;{with_thinking}")
    if not file:
        return None
    has_ending = file.lower().endswith((_ENDING, ".markdown", ".txt"))
    return ExportChoice(file if has_ending else file + _ENDING, chosen == with_thinking)


def describe_failed_export(file: str, reason: str) -> ErrorText:
    """Return the failure in words for the user; `reason` is a `StoreError`'s."""
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
