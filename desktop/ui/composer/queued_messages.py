"""The messages that wait until the answer is done, as chips above the input field.

Shows them and emits which the user wants back; the conversation keeps and sends them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.widgets.labels import ElidedLabel, NameLabel, PlainLabel
from desktop.ui.widgets.layout import FlowLayout
from desktop.ui.words import fill, number

if TYPE_CHECKING:
    from desktop.core.message import FilePart, QueuedText
    from desktop.ui.look.theme import Theme

_FIRST_WORDS = 60  # characters on a chip
_WIDEST_FILES_PX = 200
_MOST_CHIPS = 5  # the conversation keeps its room


class _QueuedChip(QFrame):
    """A chip of one waiting message: its first words, its files, and a way to take it back."""

    def __init__(self, theme: Theme, message: QueuedText) -> None:
        super().__init__()
        set_look(self, "chip")
        words, files = _first_words(message.text), self._files_in_words(message.files)
        said = fill(self.tr("Queued: %1"), words or files)
        name = fill(self.tr("%1, with %2", "a queued message, its files"), said, files) if words and files else said
        self.setAccessibleName(name)
        back = IconButton(theme, "close", self.tr("Take back into the box"), token="muted")
        back.setAccessibleDescription(name)
        self.taken_back: SignalInstance = back.clicked
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, 0, GAP_TIGHT, 0)
        row.setSpacing(GAP_TIGHT)
        row.addWidget(ElidedLabel(said, "small"))
        if words and files:
            label = NameLabel(files, "small ink")
            label.setMaximumWidth(theme.px(_WIDEST_FILES_PX))
            row.addWidget(label)
        row.addWidget(back)

    def _files_in_words(self, files: Sequence[FilePart]) -> str:
        if not files:
            return ""
        name = show_invisible(files[0].name)
        more = len(files) - 1
        return fill(self.tr("%1 and %2 more", "a file, how many others"), name, number(more)) if more else name


def _first_words(text: str) -> str:
    words = " ".join(text[: 4 * _FIRST_WORDS].split())
    if len(words) > _FIRST_WORDS or len(text) > 4 * _FIRST_WORDS:
        return words[:_FIRST_WORDS].rstrip() + "…"
    return words


class QueuedMessages(QWidget):
    """A row of chips, hidden while nothing waits."""

    taken_back = Signal(int)  # which one, from 0

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row = FlowLayout(self)
        self._row.setContentsMargins(GAP_TIGHT, 0, GAP_TIGHT, 0)  # in line with the words in the box
        self._send = QPushButton(self.tr("Send now"))
        self._send.setAutoDefault(False)
        self._send.setAccessibleDescription(self.tr("Sends the first of the messages that wait"))
        self.send_requested: SignalInstance = self._send.clicked  # now, since nothing runs any more
        set_look(self._send, "link")
        self._row.addWidget(self._send)
        self._chips: list[_QueuedChip] = []
        self._more = PlainLabel("", "small")
        self._row.addWidget(self._more)
        self._is_running = False
        self.hide()

    def show_messages(self, texts: Sequence[QueuedText]) -> None:
        """Show these as waiting, in their order."""
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        for part in (self._more, self._send):
            self._row.removeWidget(part)
        self._chips = [self._chip(index, text) for index, text in enumerate(texts[:_MOST_CHIPS])]
        for part in (self._more, self._send):
            self._row.addWidget(part)
        hidden = len(texts) - len(self._chips)
        self._more.setText(fill(self.tr("and %1 more"), number(hidden)) if hidden else "")
        self._more.setVisible(hidden > 0)
        self.setVisible(bool(texts))
        self._show_send()

    def set_running(self, running: bool) -> None:
        """Set if a reply runs: then they are sent by themselves; after a stop or failure, the user decides."""
        self._is_running = running
        self._show_send()

    def _chip(self, index: int, text: QueuedText) -> _QueuedChip:
        chip = _QueuedChip(self._theme, text)
        chip.taken_back.connect(lambda: self.taken_back.emit(index))
        self._row.addWidget(chip)
        chip.show()
        return chip

    def _show_send(self) -> None:
        self._send.setVisible(bool(self._chips) and not self._is_running)
