"""The control of a form for a blank of the kind file: a button to choose one with, and a place to drop it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from desktop.core.recipes.recipe import Blank, file_name
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.inputs.picked_folder import users_documents
from desktop.ui.inputs.plain_paste import GivenFiles
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP
from desktop.ui.widgets.file_drop import FilesPlace
from desktop.ui.widgets.labels import NameLabel
from desktop.ui.words import fill


class FileInput(QWidget):
    """A field whose value is the path of a file; the file is looked at when the recipe is used."""

    changed = Signal()
    entered = Signal()  # never: Enter opens the dialog

    def __init__(self, theme: Theme, blank: Blank) -> None:
        super().__init__()
        self._title = blank.title
        self._path = ""
        self.button = QPushButton(self.tr("Choose a file…"))
        self.button.setAutoDefault(False)
        self.setFocusProxy(self.button)
        self._name = NameLabel("", "small ink")
        self._remove = IconButton(theme, "close", self.tr("Take this file out"), token="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.button)
        row.addWidget(self._name, 1)
        row.addWidget(self._remove)
        row.addStretch(0)
        self.button.clicked.connect(self._choose)
        removed: SignalInstance = self._remove.clicked
        removed.connect(lambda: self._take(""))
        FilesPlace(self, blank.title).given.connect(self._take_given)
        self._show()

    def value(self) -> str:
        return self._path

    def begin_with(self, text: str) -> None:
        """Begin with this file, which is none: a recipe that is handed on names no file of its maker's."""
        self._path = text
        self._show()

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self.window(), fill(self.tr("A file for “%1”"), self._title), str(users_documents())
        )
        if path:
            self._take(path)

    def _take_given(self, given: GivenFiles) -> None:
        if given.paths:
            self._take(str(Path(given.paths[0])))

    def _take(self, path: str) -> None:
        self._path = path
        self._show()
        self.changed.emit()
        self.button.setFocus()

    def _show(self) -> None:
        name = show_invisible(file_name(self._path)) if self._path else ""
        set_look(self._name, "small ink" if name else "small")
        self._name.show_text(name or self.tr("or drop it here"))
        self._remove.setVisible(bool(self._path))
        self.button.setText(self.tr("Another file…") if self._path else self.tr("Choose a file…"))
        self.button.setAccessibleDescription(name)
