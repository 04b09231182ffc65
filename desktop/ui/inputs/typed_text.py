"""A box to type in, of one line or many, which is safe with input methods: the base of all boxes for text.

While something is composed its keys are the input method's, and the grey hint is hidden; each word is undone by itself.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from desktop.ui.widgets.composing import asks_for_something, tell_place
from desktop.ui.widgets.keys import claim_escape


class TypedText(QPlainTextEdit):
    """A plain text box that knows what an input method is composing in it."""

    composing_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._preedit = ""  # what an input method is composing, which the text does not hold yet
        self._hint = ""

    @property
    def is_composing(self) -> bool:
        """True while an input method has words that are not in the text yet."""
        return bool(self._preedit)

    def set_hint(self, hint: str) -> None:
        """Set the grey words of an empty box. While something is composed there they are not shown."""
        self._hint = hint
        self._show_hint()

    def _hint_now(self) -> str:
        return self._hint

    def _show_hint(self) -> bool:
        """Show the hint unless something is composed: Qt would draw it below those words, which the text lacks yet.

        Return True if that changes it.
        """
        shown = "" if self.is_composing else self._hint_now()
        if shown == self.placeholderText():
            return False
        self.setPlaceholderText(shown)
        self.viewport().update()  # Qt paints the hint anew only when the box loses or gets the keyboard
        return True

    def finish_composing(self) -> None:
        """Commit what an input method is composing, so that it is sent, kept or moved with the rest."""
        if not self._preedit:
            return
        QGuiApplication.inputMethod().commit()
        if self._preedit:  # the platform's method did not answer
            event = QInputMethodEvent()
            event.setCommitString(self._preedit)
            QCoreApplication.sendEvent(self, event)
            QGuiApplication.inputMethod().reset()

    def end_step(self) -> None:
        """End the undo step, so that what is typed next is undone apart from it."""
        self.document().setModified(False)  # Qt joins a step to the one before only in a text that was modified

    # Qt's own methods

    def event(self, event: QEvent) -> bool:
        return (self.is_composing and claim_escape(event)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not (self.is_composing and asks_for_something(event)):
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        was_composing, self._preedit = self.is_composing, event.preeditString()
        is_word = bool(event.commitString()) and was_composing
        if is_word:
            self.end_step()  # a composed word is undone by itself, as it was chosen by itself
        self._show_hint()
        super().inputMethodEvent(event)
        if is_word:
            self.end_step()
        if self.is_composing and self.hasFocus():
            tell_place(self)  # at each letter: what the first one has moved or scrolled is in its place by the next
        if was_composing is not self.is_composing:
            self.composing_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.finish_composing()
        super().focusOutEvent(event)
