"""The files that came by pasting or went by a press, in order with the words: which of them undo is about."""

from __future__ import annotations

from collections.abc import Collection
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

    def __init__(self, box: MessageInput) -> None:
        super().__init__(box)
        self._box = box
        self._steps: list[tuple[int, str]] = []  # positions, and ids of pasted files; empty for the one taken out

    def note_removed(self, removed: bool) -> None:
        """Set if a file has just been taken out, which undo brings back as long as nothing is written after it."""
        self._steps = [step for step in self._steps if step[1]]
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
            self._steps.pop()
            self.unwanted.emit(file_id)
        else:
            self.wanted_back.emit()
        return True

    def _note(self, file_id: str) -> None:
        self._box.end_step()
        self._steps.append((self._box.undo_steps, file_id))
