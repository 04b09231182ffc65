"""A watch on the length of the answer of a very small model, which may not end by itself.

Ending it is the generation's. The limit, and which models have one, is `core.models.answer_limit`.
"""

from __future__ import annotations

from desktop.core.events import Finished, FinishReason, StreamEvent, UsageReported
from desktop.core.models.answer_limit import AnswerLimit, limit_in_force
from desktop.core.reply import ReplyBuilder
from desktop.core.request import ChatRequest


class AnswerWatch:
    """A counter of one reply's answer tokens, told of each request and its events. `tokens`: the limit, or None."""

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
        if self._limit is None:
            return
        match event:
            case UsageReported(usage):
                self._used = usage.completion_tokens
            case Finished(FinishReason.LENGTH) if self._limit.was_reached(self._used):
                self.limit_reached = self._limit.tokens
            case _:
                pass

    def is_over(self, builder: ReplyBuilder) -> bool:
        """Return True if the reply is to be ended now."""
        if self._limit is None or not self._limit.is_reached(builder.answer_tokens, has_thought=builder.has_reasoning):
            return False
        self.limit_reached = self._limit.tokens
        return True
