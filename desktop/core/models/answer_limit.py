"""The length at which answers of very small models end: left alone, such a model may talk on until its context is full.

Rules on plain values. A server is told the limit where nothing but an answer can come; in any other reply the
generation counts what is certain to be answer, so that thinking never uses up the answer's room.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.model import ModelInfo
from desktop.core.place import Place
from desktop.core.request import ChatRequest

# Parameters. The smallest class of models; a "1B", of which Gemma's has 999,885,952, belongs to the next.
_VERY_SMALL = 950_000_000
# Tokens: about a page. Of 35 answers of the starter model to office questions, the longest that was of any use had 280;
# a letter of one page has about 450. At the 15 tokens a second of a busy laptop it is half a minute.
ANSWER_TOKENS = 500


def answer_limit(model: ModelInfo | None, place: Place) -> int | None:
    """Return the tokens at which answers of a model end; None where it is large enough, or not on this computer.

    Only a known number of parameters counts: the size of a file may be that of its first piece.
    """
    if model is None or not place.is_local or model.parameters is None or model.parameters >= _VERY_SMALL:
        return None
    return ANSWER_TOKENS


def limit_to_send(request: ChatRequest, limit: int | None) -> int | None:
    """Return the `max_tokens` for a request that may have none of its own."""
    return request.params.max_tokens or (limit if request.cannot_reason else None)


@dataclass(frozen=True, slots=True)
class AnswerLimit:
    """Limit in force for one request: `is_sent`, and so kept by the server, or else to be kept by the generation.

    `is_for_answer`: any text is answer. Otherwise a text without thinking before it may yet turn out to be thinking.
    """

    tokens: int
    is_sent: bool
    is_for_answer: bool

    def is_reached(self, answer_tokens: float, *, has_thought: bool) -> bool:
        """Return True if the generation is to end the reply, whose request has brought so many tokens of answer."""
        return not self.is_sent and answer_tokens >= self.tokens and (has_thought or self.is_for_answer)

    def was_reached(self, completion_tokens: int | None) -> bool:
        """Return True if it was this limit that a server ended a reply at, and not the end of its context."""
        return self.is_sent and (completion_tokens is None or completion_tokens >= self.tokens)


def limit_in_force(request: ChatRequest, limit: int | None) -> AnswerLimit | None:
    """Return the limit for the reply to a request; None where there is none, or where another one was asked for."""
    asked = request.params.max_tokens
    if limit is None or asked not in (None, limit):
        return None
    return AnswerLimit(limit, asked is not None, request.is_for_answer)
