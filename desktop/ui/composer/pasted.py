"""What is written in the message box and stands above it, changed together: one undo takes back both."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.ui.inputs.message_input import MessageInput, StepHistory
from desktop.ui.inputs.pasted_text import PastedChips, fits_box
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.layout import ChipRow

_BETWEEN_TEXTS = "\n\n"

Step = Callable[[], Any]
"""Takes a change back, and returns the step that makes it again; None where it cannot be taken back any more."""


def text_below(written: str, text: str) -> str:
    """Return a text below what is written already."""
    return f"{written}{_BETWEEN_TEXTS}{text}" if written.strip() else text


class PastedTexts(QObject):
    """The texts that are too long for the box, each a chip above it."""

    changed = Signal()  # the words of the box, or these texts
    explained = Signal(str)  # why something could not be put into the box

    def __init__(self, theme: Theme, row: ChipRow, box: MessageInput) -> None:
        super().__init__(row)
        self._box = box
        self._chips = PastedChips(theme, row, "texts", self._remove, self._open)
        self._history: StepHistory[Step] = StepHistory(lambda step: step())
        self._history.follow(box)
        box.long_text_pasted.connect(self.append)

    @property
    def texts(self) -> list[str]:
        return self._chips.texts

    @property
    def all_text(self) -> str:
        """All that would be sent: the words of the box, then these texts."""
        return _BETWEEN_TEXTS.join(piece for piece in (self._box.toPlainText(), *self.texts) if piece)

    def begin_with(self, words: str, pasted: list[str]) -> None:
        """Show what belongs to another conversation, without the undo steps of this one."""
        self._history.clear()
        self._box.begin_with(words)
        self._chips.show_texts(pasted)

    def change(self, words: str | None, pasted: list[str]) -> None:
        """Set the words of the box (None: leave them) and the chips, as one undo step."""
        before, position = self.texts, self._box.undo_steps
        if words is not None and words != self._box.toPlainText():
            self._box.replace_text(words)
        if pasted != before:
            self._chips.show_texts(pasted)
            self._history.note(partial(self._show, before), self._box, position)
        self.changed.emit()

    def note(self, step: Step) -> None:
        """Keep a change of the files above the box in order with all others."""
        self._history.note(step, self._box)

    @property
    def position(self) -> tuple[int, int]:
        return self._history.position(self._box)

    def append(self, text: str) -> None:
        """Show another text, unless there is nothing in it."""
        if text.strip():
            self.change(None, [*self.texts, text])

    def take_out(self) -> tuple[str, ...]:
        """Return the texts, which are no longer kept here: no undo brings them back."""
        texts = tuple(self.texts)
        self._history.clear()
        self._chips.show_texts([])
        self.changed.emit()
        return texts

    def undo(self) -> None:
        """Take back the last change, of words, of what stands above them, or of both."""
        self._history.undo(self._box)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._history.redo(self._box)

    def _show(self, texts: list[str]) -> Step:
        before = self.texts
        self._chips.show_texts(texts)
        self.changed.emit()
        return partial(self._show, before)

    def _remove(self, index: int) -> None:
        texts = self.texts
        del texts[index]
        self.change(None, texts)
        self._box.setFocus()

    def _open(self, index: int) -> None:
        texts = self.texts
        text = texts.pop(index)
        written = self._box.toPlainText()
        if fits_box(text, len(written)):
            self.change(text_below(written, text), texts)
        else:
            self.explained.emit(self.tr("There is too much in the message box already for this text."))
        self._box.setFocus()
