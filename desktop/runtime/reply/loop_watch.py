"""A watch for repetition in a running reply, in its thinking and in its answer. Each loop is reported once.

It sees every word, so at the end it knows of most replies that there is no loop in them: nobody has to search again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.message import Message
from desktop.core.signs.endless import Loop
from desktop.core.signs.loops import LoopDetector

# Characters that are looked at together: a few at a time would cost half as much again, and those of a single look at
# a quick stream, which has gone cold since the one before, a third.
_PIECE = 200
# Looking costs a second for each megabyte: no more than this in one turn of the event loop.
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class LoopNoticed:
    """A loop, and the channel of the reply it is in."""

    in_thinking: bool
    loop: Loop


@dataclass(slots=True)
class _Side:
    """One channel of a reply; `waiting` has been searched up to `at`. The detector goes when it has no more to find."""

    detector: LoopDetector | None
    waiting: str = ""
    at: int = 0
    accepted: list[str] = field(default_factory=list)

    def accept(self, added: str) -> None:
        if added and self.detector is not None:
            self.waiting, self.at = self.waiting[self.at :] + added, 0
            self.accepted.append(added)

    @property
    def is_behind(self) -> bool:
        return self.detector is not None and len(self.waiting) - self.at >= _PIECE

    def look(self) -> Loop | None:
        if self.detector is None or not self.is_behind:
            return None
        piece = self.waiting[self.at : self.at + _AT_ONCE]
        self.at += len(piece)
        loop = self.detector.feed(piece)
        if loop is not None:
            self.end()
        return loop

    def has_none_in(self, text: str) -> bool:
        """Return True if this text is all that came, and no loop is in it. Nothing can be added after that."""
        detector, rest, accepted = self.detector, self.waiting[self.at :], "".join(self.accepted)
        self.end()
        if detector is None or len(rest) > _AT_ONCE or accepted != text:
            return False
        return detector.feed_last(rest) is None

    def end(self) -> None:
        """Look at no more, and remember nothing."""
        self.detector, self.waiting, self.at = None, "", 0
        self.accepted.clear()


class LoopWatch(QObject):
    """A loop detector for both channels of a reply, a little in each turn of the event loop where much comes at once.

    `reply` is what a continued reply has already.
    """

    noticed = Signal(object)  # LoopNoticed

    def __init__(self, reply: Message, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thinking = _Side(LoopDetector(len(reply.reasoning)))
        self._answer = _Side(LoopDetector(len(reply.text)))
        self._next_turn = QTimer(self, singleShot=True, interval=0)
        self._next_turn.timeout.connect(self._look)
        self.found_none = False  # in the whole reply, once it has ended

    @property
    def is_behind(self) -> bool:
        """True while words wait to be looked at."""
        return self._thinking.is_behind or self._answer.is_behind

    def accept_words(self, reasoning: str, text: str, *, are_swapped: bool = False) -> None:
        """Add new text to the channels, and look at it unless there is still other to be looked at.

        `are_swapped`: what was thinking so far turned out to be the answer, and the other way about.
        """
        if are_swapped:
            self._thinking, self._answer = self._answer, self._thinking
        self._thinking.accept(reasoning)
        self._answer.accept(text)
        if not self._next_turn.isActive():
            self._look()

    def end(self, reply: Message) -> None:
        """Look at no more: nothing can be cut. `found_none` says if all words of the final `reply` were looked at."""
        self._next_turn.stop()
        has_none = self._thinking.has_none_in(reply.reasoning), self._answer.has_none_in(reply.text)
        self.found_none = all(has_none)

    def _look(self) -> None:
        told = ((True, self._thinking.look()), (False, self._answer.look()))
        if self.is_behind:
            self._next_turn.start()
        for in_thinking, loop in told:
            if loop is not None:
                self.noticed.emit(LoopNoticed(in_thinking, loop))
