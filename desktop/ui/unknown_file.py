"""What is said of a file that was given to the program and that it cannot open, whatever page is in front."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.rendering.invisible import show_invisible
from desktop.ui.words import fill, plain_tooltip, short, translate


def tell_unknown_file(parent: QWidget, path: str) -> None:
    """Say which files can be opened; the program goes on meanwhile."""
    box = unknown_file_box(path, parent)
    box.finished.connect(box.deleteLater)
    box.open()


def unknown_file_box(path: str, parent: QWidget | None = None) -> QMessageBox:
    """What is said."""
    box = QMessageBox(QMessageBox.Icon.Warning, "Candor", "", QMessageBox.StandardButton.Ok, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    template = translate("unknown_file", "“%1” is neither a model nor a recipe")
    box.setText(fill(template, short(show_invisible(Path(path).name))))
    box.setToolTip(plain_tooltip(show_invisible(path)))
    box.setInformativeText(
        translate(
            "unknown_file",
            "Candor opens model files (.gguf) and recipes (.candor.toml or .toml). "
            "A model whose file has another ending is opened by “Open a model file…” (Ctrl+O).",
        )
    )
    return box
