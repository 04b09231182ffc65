"""The quiet row above the input field while an earlier message is being edited, with a way out."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.ui.look.icons import ThemedIcon
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.widgets.labels import ElidedLabel


class EditBanner(QWidget):
    """A row that is hidden until an edit begins."""

    builder_requested = Signal(str)  # the id of the message

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = ElidedLabel(self.tr("Editing an earlier message"), "small")
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.setToolTip(self.tr("Cancel (Esc)"))
        cancel.setAccessibleName(self.tr("Stop editing, and take back what was written before"))
        self.cancelled: SignalInstance = cancel.clicked
        ThemedIcon(cancel, theme, "close", "muted")
        set_look(cancel, "muted")
        self._message_id = ""
        self._builder = QPushButton(self.tr("Open in the prompt builder"))
        self._builder.setAutoDefault(False)
        self._builder.clicked.connect(lambda: self.builder_requested.emit(self._message_id))
        ThemedIcon(self._builder, theme, "prompt", "muted")
        set_look(self._builder, "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_TIGHT, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(words, 1)
        row.addWidget(self._builder)
        row.addWidget(cancel)
        self.setAccessibleName(words.text())
        self._builder.hide()
        self.hide()

    def offer_builder(self, message_id: str) -> None:
        """Offer to change this message in its parts; empty: it has none."""
        self._message_id = message_id
        self._builder.setVisible(bool(message_id))
