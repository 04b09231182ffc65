"""The changes of what stands beside the words of a box, in order with the changes of words, which the box keeps itself.

Undo and redo go through both as they were made. What is restored, and how, is its owner's business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from desktop.ui.inputs.message_input import MessageInput

_State = TypeVar("_State")


@dataclass(frozen=True, slots=True)
class _Step(Generic[_State]):
    """A change: the state that it leads back to, the box it was made in, and where that stood among its own steps.

    The words of the box changed with it if the two positions differ.
    """

    state: _State
    box: MessageInput
    before: int
    after: int

    def is_at(self, box: MessageInput, position: int, steps_of_words: int) -> bool:
        """Return True if this comes next for a box: it was made there, or that one has no such steps of its own."""
        return position == box.undo_steps if self.box is box else not steps_of_words


class StepHistory(Generic[_State]):
    """The steps that can be undone and those that can be redone, of one or several boxes."""

    def __init__(self, restore: Callable[[_State], _State | None]) -> None:
        """Keep `restore`, which shows a state and returns the one that was shown before; None where it no longer can.

        What cannot be shown any more is passed over.
        """
        self._restore = restore
        self._done: list[_Step[_State]] = []
        self._undone: list[_Step[_State]] = []

    def position(self, box: MessageInput) -> tuple[int, int]:
        """Return where a box stands among its own steps and all others; more than before once anything was changed."""
        return box.undo_steps, len(self._done)

    def follow(self, box: MessageInput) -> None:
        """Redo nothing any more once words are written in this box."""
        box.document().undoCommandAdded.connect(lambda: self._undone.clear())

    def note(self, before: _State, box: MessageInput, position: int | None = None) -> None:
        """Record a change from this state; `position` of the box before it, where its words have changed as well."""
        box.end_step()
        after = box.undo_steps
        self._undone.clear()
        self._done.append(_Step(before, box, after if position is None else position, after))

    def undo(self, box: MessageInput) -> None:
        """Take back the last change, of words or of what stands beside them."""
        while self._done and self._done[-1].box is box and self._done[-1].after > box.undo_steps:
            self._done.pop()  # the box undid its share of that step by itself
        if not self._done or not self._done[-1].is_at(box, self._done[-1].after, box.undo_steps):
            box.undo()
            return
        step = self._done.pop()
        if step.before != step.after:
            box.undo()
        left = self._restore(step.state)
        if left is None:
            self.undo(box)
        else:
            self._undone.append(replace(step, state=left))

    def redo(self, box: MessageInput) -> None:
        """Make the change again that was taken back last."""
        if not self._undone or not self._undone[-1].is_at(box, self._undone[-1].before, box.redo_steps):
            box.redo()
            return
        step = self._undone.pop()
        if step.before != step.after:
            box.redo()
        left = self._restore(step.state)
        if left is None:
            self.redo(box)
        else:
            self._done.append(replace(step, state=left))

    def clear(self) -> None:
        """Forget all steps."""
        self._done.clear()
        self._undone.clear()
