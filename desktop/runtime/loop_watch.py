"""Whether a reply that runs has begun to repeat itself, in its thinking or in its answer. Each is told once."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.loops import Loop, LoopDetector
from desktop.core.message import Message


@dataclass(frozen=True, slots=True)
class LoopNoticed:
    """A loop, and which side of the reply it is in."""

    in_thinking: bool
    loop: Loop


class LoopWatch:
    """Told of what arrives. `reply` is what a reply that is continued has already."""

    def __init__(self, reply: Message) -> None:
        self._thinking = LoopDetector(len(reply.reasoning))
        self._answer = LoopDetector(len(reply.text))
        self._told: set[LoopDetector] = set()

    def swap(self) -> None:
        """What was thought turned out to be the answer, and the other way about."""
        self._thinking, self._answer = self._answer, self._thinking

    def take(self, reasoning: str, text: str) -> list[LoopNoticed]:
        """What has been added to either side; the loops that this made certain."""
        noticed = []
        for added, detector in ((reasoning, self._thinking), (text, self._answer)):
            if not added or detector in self._told:
                continue
            loop = detector.feed(added)
            if loop is not None:
                self._told.add(detector)
                noticed.append(LoopNoticed(detector is self._thinking, loop))
        return noticed
