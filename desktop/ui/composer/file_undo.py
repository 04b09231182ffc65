"""The files that came by pasting or went by a press, in order with the words: which of them undo is about."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from desktop.ui.inputs.message_input import MessageInput


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
