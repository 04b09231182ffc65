"""Watches over a running reply: the length of its answer, the length of its thinking, and repetition in both.

What is done then is the generation's.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.core.events import Finished, FinishReason, StreamEvent, UsageReported
from desktop.core.message import Message
from desktop.core.models.window import AnswerLimit, limit_in_force
from desktop.core.reply import ReplyBuilder, ReplyPhase
from desktop.core.request import ChatRequest, ThinkingLimit
from desktop.core.signs.ending import Loop, LoopDetector

# Where the server was given the limit of thinking too, it counts more exactly than we do, and ends the thinking without
# a break. It is left the first move.
_SLACK = 1.1
_PIECE = 200  # characters that are looked at together: a few at a time would cost half as much again
# Looking costs a second for each megabyte: no more than this in one turn of the event loop.
_AT_ONCE = 2_000


class AnswerWatch:
    """A counter of the answer tokens of a very small model, which may not end by itself.

    It is told of each request and its events. `tokens`: the limit, see `core.models.window`, or None.
    """

    def __init__(self, tokens: int | None) -> None:
        self._tokens = tokens
        self._limit: AnswerLimit | None = None
        self._used: int | None = None
        self.limit_reached: int | None = None  # tokens; once the reply has been ended for it

    def begin_request(self, request: ChatRequest) -> None:
        """Note the request whose events come from now on."""
        self._limit, self._used = limit_in_force(request, self._tokens), None

    def accept_event(self, event: StreamEvent) -> None:
        """Note an event of the stream."""
        match event:
            case UsageReported(usage):
                self._used = usage.completion_tokens
            case Finished(FinishReason.LENGTH) if self._limit is not None and self._limit.was_reached(self._used):
                self.limit_reached = self._limit.tokens
            case _:
                pass

    def is_over(self, builder: ReplyBuilder) -> bool:
        """Return True if the reply is to be ended now."""
        if self._limit is None or not self._limit.is_reached(builder.answer_tokens, has_thought=builder.has_reasoning):
            return False
        self.limit_reached = self._limit.tokens
        return True


class LimitWatch(QObject):
    """A watch told after each change of a reply; `reached` is emitted once at most, since a second try would not help.

    A reply that is continued may think that long again: the user has asked for it.
    """

    reached = Signal()

    def __init__(self, limit: ThinkingLimit | None, builder: ReplyBuilder, parent: QObject) -> None:
        super().__init__(parent)
        self._limit = limit  # None also when it was reached
        self._tokens_before = builder.reasoning_tokens
        self._seconds_before = builder.seconds_in(ReplyPhase.THINKING)
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._reach)

    def look(self, builder: ReplyBuilder) -> None:
        """Note the present state of the reply."""
        if self._limit is None:
            return
        if builder.phase is not ReplyPhase.THINKING:
            self._timer.stop()
            return
        tokens, seconds = self._limit.tokens, self._limit.seconds
        if tokens is not None and builder.reasoning_tokens - self._tokens_before >= tokens * _SLACK:
            self._reach()
        elif seconds is not None and not self._timer.isActive():
            spent = builder.seconds_in(ReplyPhase.THINKING) - self._seconds_before
            self._timer.start(max(0, round((seconds - spent) * 1000)))

    def _reach(self) -> None:
        self._limit = None
        self._timer.stop()
        self.reached.emit()


@dataclass(frozen=True, slots=True)
class LoopNoticed:
    """A loop, and the channel of the reply it is in."""

    in_thinking: bool
    loop: Loop


@dataclass(slots=True)
class _Channel:
    """One channel of a reply, and its words that wait to be looked at. The detector goes when it has found one."""

    detector: LoopDetector | None
    waiting: str = ""

    @property
    def is_behind(self) -> bool:
        return self.detector is not None and len(self.waiting) >= _PIECE

    def look(self) -> Loop | None:
        if self.detector is None or not self.is_behind:
            return None
        piece, self.waiting = self.waiting[:_AT_ONCE], self.waiting[_AT_ONCE:]
        loop = self.detector.feed(piece)
        if loop is not None:
            self.detector = None
        return loop


class LoopWatch(QObject):
    """A loop detector for both channels of a reply, a little in each turn of the event loop where much comes at once.

    Each loop is reported once. `reply` is what a continued reply has already.
    """

    noticed = Signal(object)  # LoopNoticed

    def __init__(self, reply: Message, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thinking = _Channel(LoopDetector(len(reply.reasoning)))
        self._answer = _Channel(LoopDetector(len(reply.text)))
        self._next_turn = QTimer(self, singleShot=True, interval=0)
        self._next_turn.timeout.connect(self._look)

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
        for channel, added in ((self._thinking, reasoning), (self._answer, text)):
            if channel.detector is not None:
                channel.waiting += added
        if not self._next_turn.isActive():
            self._look()

    def end(self) -> None:
        """Look at no more: nothing can be cut."""
        self._next_turn.stop()
        self._thinking = self._answer = _Channel(None)

    def _look(self) -> None:
        told = ((True, self._thinking.look()), (False, self._answer.look()))
        if self.is_behind:
            self._next_turn.start()
        for in_thinking, loop in told:
            if loop is not None:
                self.noticed.emit(LoopNoticed(in_thinking, loop))
