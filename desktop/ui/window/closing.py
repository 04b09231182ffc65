"""The question before the window closes over words that no disk has: try again, close anyway, or stay."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.runtime.chat import Chat


class ClosingQuestion(QObject):
    """Question to a user who closes the window while the end of an answer is in memory alone."""

    def __init__(self, chat: Chat, window: QWidget) -> None:
        super().__init__(window)
        self._chat = chat
        self._window = window
        self._box: QMessageBox | None = None
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
        box = QMessageBox(QMessageBox.Icon.Warning, "Candor", "", QMessageBox.StandardButton.NoButton, self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("The end of an answer is not saved"))
        box.setInformativeText(
            self.tr(
                "The disk did not take it, as a rule because it is full. Free some space and try again, or copy the"
                " answer. If you close now, its last words are lost."
            )
        )
        again = box.addButton(self.tr("Save and close"), QMessageBox.ButtonRole.AcceptRole)
        close = box.addButton(self.tr("Close anyway"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(again)
        box.setEscapeButton(stay)
        again.clicked.connect(self._save_and_close)
        close.clicked.connect(self._close_anyway)
        box.finished.connect(self._forget)
        self._box = box
        box.open()

    def _forget(self) -> None:
        box, self._box = self._box, None
        if box is not None:
            box.deleteLater()

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
