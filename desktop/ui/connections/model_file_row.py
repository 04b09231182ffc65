"""A model file in the list of those that are offered, and the button to offer it no more."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.models.file import OpenedFile
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.labels import NameLabel, PlainLabel
from desktop.ui.words import fill


class ModelFileRow(QFrame):
    """A row of a file. Removing asks for no confirmation: the file stays, and can be opened again."""

    def __init__(self, theme: Theme, file: OpenedFile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = file.path
        path = Path(file.path)
        name = show_invisible(path.name)
        set_look(self, "card")
        self.setAccessibleName(name)
        remove = IconButton(theme, "trash", self.tr("Remove from this list; the file stays where it is"))
        remove.setAccessibleName(fill(self.tr("Remove %1 from this list"), name))
        self.removed: SignalInstance = remove.clicked
        words = QVBoxLayout()
        words.setSpacing(GAP_TIGHT)
        words.addWidget(NameLabel(name, "strong"))
        words.addWidget(NameLabel(show_invisible(str(path.parent)), "small"))
        gone = self.tr("It is not there now: moved, deleted, or on a drive that is not connected.")
        self._gone = PlainLabel(gone, "small warning", wraps=True)
        words.addWidget(self._gone)
        self.set_there(file.is_there)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_SECTION, GAP_WIDE, GAP_WIDE, GAP_WIDE)
        row.setSpacing(GAP_TIGHT)
        row.addLayout(words, 1)
        row.addWidget(remove)

    def set_there(self, is_there: bool) -> None:
        """Show or hide that the file is gone."""
        self._gone.setHidden(is_there)
