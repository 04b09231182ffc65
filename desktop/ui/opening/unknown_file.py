"""The boxes about a model file that was given to the program and that it cannot open (yet), whatever page is shown."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.rendering.text.invisible import show_invisible
from desktop.ui.errors import ErrorText
from desktop.ui.widgets.labels import set_tooltip
from desktop.ui.words import fill, shown_name, translate


def unusable_model_box(path: str, error: ErrorText, parent: QWidget | None = None) -> QMessageBox:
    """Return a box that says why a file does not become the model."""
    template = translate("unknown_file", "“%1” was not opened")
    return _box(template, f"{error.title}\n{error.sentence}", path, parent)


def looking_box(path: str, parent: QWidget | None = None) -> QMessageBox:
    """Return a box that says that checking a file takes long; its only button ends that."""
    sentence = translate("unknown_file", "The drive that it is on takes its time to answer.")
    box = _box(translate("unknown_file", "Looking at “%1”…"), sentence, path, parent)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setStandardButtons(QMessageBox.StandardButton.NoButton)
    box.addButton(translate("unknown_file", "Stop looking"), QMessageBox.ButtonRole.RejectRole)
    return box


def _box(template: str, sentence: str, path: str, parent: QWidget | None) -> QMessageBox:
    box = QMessageBox(QMessageBox.Icon.Warning, "Candor", "", QMessageBox.StandardButton.Ok, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(fill(template, shown_name(Path(path).name)))
    set_tooltip(box, show_invisible(path))
    box.setInformativeText(sentence)
    return box
