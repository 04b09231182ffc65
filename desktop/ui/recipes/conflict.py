"""The notice over a recipe that another program has changed meanwhile: three ways on, none of which loses words."""

from __future__ import annotations

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_WIDE
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import FlowLayout

_MOST_SHOWN = 20_000  # characters of theirs; a text box lays out all that it holds


class RecipeConflict(QFrame):
    """A notice that is hidden until there is a conflict."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "warning")
        words = PlainLabel(
            self.tr("Another program has changed this recipe since you opened it. Nothing has been saved yet."),
            wraps=True,
        )
        self._both = QPushButton(self.tr("Keep both"))
        self._both.setToolTip(self.tr("Save yours as a recipe of its own"))
        self._overwrite = QPushButton(self.tr("Overwrite"))
        self._look = QPushButton(self.tr("Look at theirs"))
        self._theirs = QPlainTextEdit()
        self._theirs.setReadOnly(True)
        self._theirs.setTabChangesFocus(True)
        self._theirs.setAccessibleName(self.tr("The recipe as another program has written it"))
        self._theirs.setFont(theme.mono_font())
        self._theirs.setMinimumHeight(theme.px(160))
        row = QWidget()
        flow = FlowLayout(row)
        for button in (self._both, self._overwrite, self._look):
            button.setAutoDefault(False)
            flow.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_WIDE, GAP_WIDE, GAP_WIDE, GAP_WIDE)
        column.setSpacing(GAP)
        for widget in (words, row, self._theirs):
            column.addWidget(widget)
        self.keep_both_requested: SignalInstance = self._both.clicked
        self.overwrite_requested: SignalInstance = self._overwrite.clicked
        self._look.clicked.connect(lambda: self._theirs.setVisible(self._theirs.isHidden()))
        self.hide()

    def show_theirs(self, text: str) -> None:
        """Ask how to resolve it; `text` is what stands in the file now."""
        self._theirs.setPlainText(text[:_MOST_SHOWN])
        self._theirs.hide()
        self.show()
        self._both.setFocus()
