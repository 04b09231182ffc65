"""The messages that wait until the answer is done, as chips above the input field.

Shows them and emits which the user wants back; the conversation keeps and sends them.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QWidget

from desktop.core.message import FilePart, QueuedText
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import ElidedLabel, NameLabel, PlainLabel
from desktop.ui.widgets.layout import ChipRow, stack
from desktop.ui.words import fill, number

_FIRST_WORDS = 60  # characters on a chip
_WIDEST_FILES_PX = 200
_MOST_CHIPS = 5  # the conversation keeps its room


class QueuedMessages(ChipRow):
    """A row of chips, hidden while nothing waits."""

    taken_back = Signal(int)  # which one, from 0

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(("messages", "end"), parent)
        self._theme = theme
        self._more = PlainLabel("", "small")
        self._send = button(self.tr("Send now"), "link")
        self._send.setAccessibleDescription(self.tr("Sends the first of the messages that wait"))
        self.send_requested: SignalInstance = self._send.clicked  # now, since nothing runs any more
        self.show_chips("end", [self._more, self._send])
        self._is_running = False
        self.show_messages([])

    def show_messages(self, texts: Sequence[QueuedText]) -> None:
        """Show these as waiting, in their order."""
        self.show_chips("messages", [self._chip(*each) for each in enumerate(texts[:_MOST_CHIPS])])
        hidden = max(0, len(texts) - _MOST_CHIPS)
        self._more.setText(fill(self.tr("and %1 more"), number(hidden)))
        self._more.setVisible(hidden > 0)
        self.setVisible(bool(texts))
        self.set_running(self._is_running)

    def set_running(self, running: bool) -> None:
        """Set if a reply runs: then they are sent by themselves; after a stop or failure, the user decides."""
        self._is_running = running
        self._send.setHidden(running)

    def _chip(self, index: int, message: QueuedText) -> QFrame:
        """Make a chip of one waiting message: its first words, its files, and a way to take it back."""
        words, files = _first_words(message.text), self._files_in_words(message.files)
        said = fill(self.tr("Queued: %1"), words or files)
        name = fill(self.tr("%1, with %2", "a queued message, its files"), said, files) if words and files else said
        chip, label = QFrame(), NameLabel(files, "small ink")
        set_look(chip, "chip")
        chip.setAccessibleName(name)
        label.setMaximumWidth(self._theme.px(_WIDEST_FILES_PX))
        back = IconButton(self._theme, "close", self.tr("Take back into the box"), token="muted")
        back.setAccessibleDescription(name)
        back.clicked.connect(lambda: self.taken_back.emit(index))
        margins = (GAP, 0, GAP_TIGHT, 0)
        stack(ElidedLabel(said, "small"), label, back, gap=GAP_TIGHT, margins=margins, across=True, on=chip)
        label.setVisible(bool(words and files))  # in its place by now: before, it would open a window
        return chip

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
