"""A watch on the thinking of a running reply, against the limit of its conversation.

What is done then is the generation's.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.core.reply import ReplyBuilder, ReplyPhase
from desktop.core.request import ThinkingLimit

# Where the server was given the limit too, it counts more exactly than we do, and ends the thinking without a break.
# It is left the first move.
_SLACK = 1.1


class LimitWatch(QObject):
    """A watch told after each change of a reply; `reached` is emitted once at most, since a second try would not help.

    A reply that is continued may think that long again: the user has asked for it.
    """

    reached = Signal()

    def __init__(self, limit: ThinkingLimit, builder: ReplyBuilder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limit = limit
        self._tokens_before = builder.reasoning_tokens
        self._seconds_before = builder.seconds_in(ReplyPhase.THINKING)
        self._is_over = False
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._reach)

    def look(self, builder: ReplyBuilder) -> None:
        """Note the present state of the reply."""
        if self._is_over:
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
        self._is_over = True
        self._timer.stop()
        self.reached.emit()
