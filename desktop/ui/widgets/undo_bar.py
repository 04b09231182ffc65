"""The bar that names what was deleted and offers to restore it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.labels import PlainLabel

_UNDO_MS = 10_000


class UndoBar(QFrame):
    """A bar with an Undo button, for ten seconds or as long as the keyboard is in it.

    One that `stays` is there until it is hidden, for what could not be restored otherwise.
    """

    undone = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, stays: bool = False) -> None:
        super().__init__(parent)
        self._stays = stays
        set_look(self, "notice")
        self._words = PlainLabel("", "", wraps=True)
        self._button = QPushButton(self.tr("Undo"))
        self._button.setAccessibleName(self.tr("Undo"))
        self._button.setAutoDefault(False)
        set_look(self._button, "link")
        self._button.clicked.connect(self._undo)
        self._button.installEventFilter(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_WIDE, GAP_TIGHT, GAP_TIGHT, GAP_TIGHT)
        row.addWidget(self._words, 1)
        row.addWidget(self._button)
        self._countdown = QTimer(self)
        self._countdown.setSingleShot(True)
        self._countdown.setInterval(_UNDO_MS)
        self._countdown.timeout.connect(self.hide)
        self.hide()

    def announce(self, words: str) -> None:
        """Show it with these words and start the time, unless it stays."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self.show()
        self._count()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def begin(self) -> None:
        """Focus the button."""
        self._button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _count(self) -> None:
        if not self._stays:
            self._countdown.start()

    def _undo(self) -> None:
        self._countdown.stop()
        self.hide()
        self.undone.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusIn:
            self._countdown.stop()
        elif event.type() is QEvent.Type.FocusOut and self.isVisible():
            self._count()
        return super().eventFilter(watched, event)
