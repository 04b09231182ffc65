"""The quiet row above the input field while an earlier message is being edited, with a way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from desktop.ui.look.icons import ThemedIcon
from desktop.ui.widgets.labels import ElidedLabel
from desktop.ui.widgets.quiet_line import QuietLine

if TYPE_CHECKING:
    from desktop.ui.look.theme import Theme


class EditBanner(QuietLine):
    """A row that is hidden until an edit begins."""

    builder_requested = Signal(str)  # the id of the message

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, ElidedLabel("", "small"), "", parent=parent)
        self.say(self.tr("Editing an earlier message"))
        self._message_id = ""
        self._builder = self.offer(self.tr("Open in the prompt builder"), "muted")
        self._builder.clicked.connect(lambda: self.builder_requested.emit(self._message_id))
        ThemedIcon(self._builder, theme, "prompt", "muted")
        self._builder.hide()
        cancel = self.offer(self.tr("Cancel"), "muted")
        cancel.setToolTip(self.tr("Cancel (Esc)"))
        cancel.setAccessibleName(self.tr("Stop editing, and take back what was written before"))
        ThemedIcon(cancel, theme, "close", "muted")
        self.cancelled: SignalInstance = cancel.clicked

    def offer_builder(self, message_id: str) -> None:
        """Offer to change this message in its parts; empty: it has none."""
        self._message_id = message_id
        self._builder.setVisible(bool(message_id))
