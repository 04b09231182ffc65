"""What is said of a file that was given to the program and that it cannot open (yet), whatever page is in front."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.ui.errors import ErrorText
from desktop.ui.words import fill, shown_name, translate


def tell(box: QMessageBox) -> None:
    """Show a box of those below; the program goes on meanwhile."""
    box.finished.connect(box.deleteLater)
    box.open()


def unknown_file_box(path: str, parent: QWidget | None = None) -> QMessageBox:
    """Which files can be opened."""
    template = translate("unknown_file", "“%1” is neither a model nor a recipe")
    sentence = translate(
        "unknown_file",
        "Candor opens model files (.gguf) and recipes (.candor.toml or .toml). "
        "A model whose file has another ending is opened by “Open a model file…” (Ctrl+O).",
    )
    return _box(fill(template, _name_of(path)), sentence, parent)


def unusable_model_box(path: str, error: ErrorText, parent: QWidget | None = None) -> QMessageBox:
    """Why a file does not become the model."""
    title = fill(translate("unknown_file", "“%1” was not opened"), _name_of(path))
    return _box(title, f"{error.title}\n{error.sentence}", parent)


def looking_box(path: str, parent: QWidget | None = None) -> QMessageBox:
    """That a file is being looked at where that takes its time; to be left by its only button."""
    title = fill(translate("unknown_file", "Looking at “%1”…"), _name_of(path))
    box = _box(title, translate("unknown_file", "The drive that it is on takes its time to answer."), parent)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setStandardButtons(QMessageBox.StandardButton.NoButton)
    box.addButton(translate("unknown_file", "Stop looking"), QMessageBox.ButtonRole.RejectRole)
    return box


def _box(title: str, sentence: str, parent: QWidget | None) -> QMessageBox:
    box = QMessageBox(QMessageBox.Icon.Warning, "Candor", "", QMessageBox.StandardButton.Ok, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(title)
    box.setInformativeText(sentence)
    return box


def _name_of(path: str) -> str:
    return shown_name(Path(path).name)
