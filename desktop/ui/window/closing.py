"""The question before the window closes over words that no disk has: try again, close anyway, or stay."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.runtime.chat import Chat
from desktop.ui.widgets.boxes import QuestionBox


class ClosingQuestion(QObject):
    """Question to a user who closes the window while the end of an answer is in memory alone."""

    def __init__(self, chat: Chat, window: QWidget) -> None:
        super().__init__(window)
        self._chat = chat
        self._window = window
        self._box: QuestionBox | None = None
        self._may_be_lost = False
        self._closes_when_saved = False
        chat.ends_saved.connect(self._on_saved)
        chat.store_failed.connect(self._on_refused)

    def may_close(self) -> bool:
        """Return True if nothing would be lost, or the user has agreed to it; else ask."""
        if self._may_be_lost or not self._chat.has_unsaved_ends:
            return True
        if self._box is None:
            self._ask()
        return False

    def _ask(self) -> None:
        explanation = self.tr(
            "The disk did not take it, as a rule because it is full. Free some space and try again, or copy the"
            " answer. If you close now, its last words are lost."
        )
        box = self._box = QuestionBox(
            self._window, self.tr("The end of an answer is not saved"), explanation, warns=True
        )
        box.offer(self.tr("Save and close"), self._save_and_close)
        box.offer(self.tr("Close anyway"), self._close_anyway, destroys=True)
        box.finished.connect(self._forget)
        box.ask(self.tr("Cancel"))

    def _forget(self) -> None:
        self._box = None

    def _save_and_close(self) -> None:
        self._closes_when_saved = True
        self._chat.save_again()

    def _close_anyway(self) -> None:
        self._may_be_lost = True
        self._window.close()

    def _on_saved(self) -> None:
        if self._closes_when_saved:
            self._window.close()

    def _on_refused(self) -> None:
        self._closes_when_saved = False
