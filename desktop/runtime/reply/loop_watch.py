"""A watch for repetition in a running reply, in its thinking and in its answer. Each loop is reported once."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.message import Message
from desktop.core.signs.endless import Loop
from desktop.core.signs.loops import LoopDetector

# Characters that are looked at together: a few at a time would cost half as much again.
_PIECE = 100


@dataclass(frozen=True, slots=True)
class LoopNoticed:
    """A loop, and the channel of the reply it is in."""

    in_thinking: bool
    loop: Loop


@dataclass(slots=True)
class _Side:
    """One channel of a reply; `waiting` has not been searched yet."""

    detector: LoopDetector
    waiting: str = ""
    is_told: bool = False

    def take(self, added: str) -> Loop | None:
        if self.is_told:
            return None
        self.waiting += added
        if len(self.waiting) < _PIECE:
            return None
        loop = self.detector.feed(self.waiting)
        self.waiting, self.is_told = "", loop is not None
        return loop


class LoopWatch:
    """A loop detector for both channels of a reply. `reply` is what a continued reply has already."""

    def __init__(self, reply: Message) -> None:
        self._thinking = _Side(LoopDetector(len(reply.reasoning)))
        self._answer = _Side(LoopDetector(len(reply.text)))

    def swap(self) -> None:
        """Swap the channels: the thinking turned out to be the answer, and the other way about."""
        self._thinking, self._answer = self._answer, self._thinking

    def accept_words(self, reasoning: str, text: str) -> list[LoopNoticed]:
        """Add new text to the channels; return the loops that this made certain."""
        told = ((True, self._thinking.take(reasoning)), (False, self._answer.take(text)))
        return [LoopNoticed(in_thinking, loop) for in_thinking, loop in told if loop is not None]
