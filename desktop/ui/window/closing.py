"""The close of the window: what was typed is saved first, and what no disk takes is asked about."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.runtime.chat import Chat
from desktop.ui.widgets.boxes import QuestionBox


class ClosingQuestion(QObject):
    """The wait for the disk before the window closes, and the question where that refuses something."""

    stayed = Signal()  # the user wants the window not to close

    def __init__(self, chat: Chat, window: QWidget, keep_typed: Callable[[], None]) -> None:
        """`keep_typed` saves what stands in the window."""
        super().__init__(window)
        self._unsaved = chat.unsaved
        self._window = window
        self._keep_typed = keep_typed
        self._box: QuestionBox | None = None
        self._may_be_lost = False
        self._is_closing = False  # as soon as all is on the disk
        chat.unsaved.settled.connect(self._go_on)

    def may_close(self) -> bool:
        """Return True if nothing would be lost, or the user has agreed to it.

        Else the window closes by itself when the disk has taken all, or the user is asked.
        """
        if self._may_be_lost:
            return True
        self._keep_typed()
        if self._unsaved.is_settled:
            return True
        self._is_closing = True
        self._unsaved.save_again_quietly()
        return False

    def _go_on(self) -> None:
        if not self._is_closing:
            return
        if self._unsaved.is_settled:
            if self._box is not None:
                self._box.close()
            self._is_closing = False
            self._window.close()
        elif self._box is None:
            self._ask()

    def _ask(self) -> None:
        if self._unsaved.refused_kinds == {"reply"}:
            words = self.tr("The end of an answer is not saved")
            explanation = self.tr(
                "The disk did not take it, as a rule because it is full. Free some space and try again, or copy the"
                " answer. If you close now, its last words are lost."
            )
        else:
            words = self.tr("What you wrote last is not saved")
            explanation = self.tr(
                "The disk did not take it, as a rule because it is full. Free some space and try again, or copy it."
                " If you close now, it is lost."
            )
        box = self._box = QuestionBox(self._window, words, explanation, warns=True)
        box.offer(self.tr("Save and close"), self._save_and_close)
        box.offer(self.tr("Close anyway"), self._close_anyway, destroys=True)
        box.finished.connect(self._forget)
        box.rejected.connect(self._stay)
        box.ask(self.tr("Cancel"))

    def _forget(self) -> None:
        self._box = None

    def _stay(self) -> None:
        self._is_closing = False
        self.stayed.emit()

    def _save_and_close(self) -> None:
        self._is_closing = True
        self._unsaved.save_again_quietly()

    def _close_anyway(self) -> None:
        self._may_be_lost = True
        self._window.close()
