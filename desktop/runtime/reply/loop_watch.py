"""Whether a reply that runs has begun to repeat itself, in its thinking or in its answer. Each is told once."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.message import Message
from desktop.core.signs.loops import Loop, LoopDetector

# Characters that are looked at together: a few at a time would cost half as much again, and a loop is longer.
_PIECE = 400


@dataclass(frozen=True, slots=True)
class LoopNoticed:
    """A loop, and which side of the reply it is in."""

    in_thinking: bool
    loop: Loop


@dataclass(slots=True)
class _Side:
    """One side of a reply; `waiting` has not been looked at yet."""

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
    """Told of what arrives. `reply` is what a reply that is continued has already."""

    def __init__(self, reply: Message) -> None:
        self._thinking = _Side(LoopDetector(len(reply.reasoning)))
        self._answer = _Side(LoopDetector(len(reply.text)))

    def swap(self) -> None:
        """What was thought turned out to be the answer, and the other way about."""
        self._thinking, self._answer = self._answer, self._thinking

    def take(self, reasoning: str, text: str) -> list[LoopNoticed]:
        """What has been added to either side; the loops that this made certain."""
        told = ((True, self._thinking.take(reasoning)), (False, self._answer.take(text)))
        return [LoopNoticed(in_thinking, loop) for in_thinking, loop in told if loop is not None]
