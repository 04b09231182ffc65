"""What is written in the message box and pasted above it, changed together: one undo takes back both."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from desktop.ui.inputs.pasted_text import PastedChips, fits_box
from desktop.ui.inputs.step_history import StepHistory

if TYPE_CHECKING:
    from desktop.ui.inputs.message_input import MessageInput
    from desktop.ui.look.theme import Theme
    from desktop.ui.widgets.layout import ChipRow


class FileUndo(QObject):
    """The steps of files among those of words, which the box keeps by itself.

    A position is where the box stands among its own steps (`MessageInput.undo_steps`).
    """

    wanted_back = Signal()  # the file that was taken out last
    unwanted = Signal(str)  # the id of a pasted one
    wanted_again = Signal()  # the pasted one that `unwanted` took out last

    def __init__(self, box: MessageInput, redo_words: Callable[[], None]) -> None:
        """Keep the box; `redo_words` makes again what was undone of its words and texts."""
        super().__init__(box)
        self._box = box
        self._redo_words = redo_words
        self._steps: list[tuple[int, str]] = []  # positions, and ids of pasted files; empty for the one taken out
        self._undone: tuple[int, str] | None = None  # the step of a pasted file that undo has taken out last
        box.redo_pressed.connect(self._redo)

    def note_removed(self, removed: bool) -> None:
        """Set if a file has just been taken out, which undo brings back as long as nothing is written after it."""
        self._steps = [step for step in self._steps if step[1]]
        self._undone = None  # no more than one file can be brought back
        if removed:
            self._note("")

    def note_pasted(self, file_id: str) -> None:
        """Note that a text has just been pasted and became a file, which undo takes out."""
        self._note(file_id)

    def keep(self, file_ids: Collection[str]) -> None:
        """Forget pasted files that are no longer there."""
        self._steps = [step for step in self._steps if not step[1] or step[1] in file_ids]

    def undo(self) -> bool:
        """Ask for what undoes the last step, if that was one of files. Return False if it was one of words."""
        if not self._steps or self._box.undo_steps > self._steps[-1][0]:
            return False
        _, file_id = self._steps[-1]
        if file_id:
            self._undone = self._steps.pop()
            self.unwanted.emit(file_id)
        else:
            self.wanted_back.emit()
        return True

    def _redo(self) -> None:
        step, position = self._undone, self._box.undo_steps
        if step is None or position != step[0]:
            self._redo_words()
            return
        self._steps.append(step)
        self.wanted_again.emit()

    def _note(self, file_id: str) -> None:
        self._box.end_step()
        self._steps.append((self._box.undo_steps, file_id))


_BETWEEN_TEXTS = "\n\n"


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
        self._history: StepHistory[list[str]] = StepHistory(self._restore)
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
            self._history.note(before, self._box, position)
        self.changed.emit()

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
        """Take back the last change, of words, of chips or of both."""
        self._history.undo(self._box)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._history.redo(self._box)

    def _restore(self, texts: list[str]) -> list[str]:
        before = self.texts
        self._chips.show_texts(texts)
        self.changed.emit()
        return before

    def _remove(self, index: int) -> None:
        texts = self.texts
        del texts[index]
        self.change(None, texts)
        self._box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, index: int) -> None:
        texts = self.texts
        text = texts.pop(index)
        written = self._box.toPlainText()
        if fits_box(text, len(written)):
            self.change(text_below(written, text), texts)
        else:
            self.explained.emit(self.tr("There is too much in the message box already for this text."))
        self._box.setFocus(Qt.FocusReason.OtherFocusReason)
