"""The dialog of what the next message will take along: every word, before it is sent."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.core.place import Place
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.boxes import TextDialog
from desktop.ui.words import fill, place_sentence

translate = QCoreApplication.translate

_SIZE = (640, 500)


class OutgoingDialog(TextDialog):
    """A dialog that opens empty and is given the text as soon as the earlier messages have been read."""

    def __init__(self, theme: Theme, model: str, place: Place | None, parent: QWidget | None) -> None:
        title = translate("OutgoingDialog", "What will be sent")
        super().__init__(theme, title, _words(model, place), parent, _SIZE)
        self.text.setPlaceholderText(self.tr("Reading what would be sent…"))
        self.instructions = self.offer(self.tr("Instructions…"))

    def show_detail(self, text: str) -> None:
        """Show all that would be sent."""
        self.text.show_text(text)


def _words(model: str, place: Place | None) -> str:
    if place is None:
        return translate("OutgoingDialog", "No model is chosen yet. This goes to the one that you choose.")
    words = translate("OutgoingDialog", "This goes to %1 with your next message. %2")
    return fill(words, model, place_sentence(place))
