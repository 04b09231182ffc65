"""The rest of a reply: turns the words that a server sends for it into events. The rules are in `core`.

Neither how the rest is requested (`core.outgoing.messages.ways_to_go_on` and the protocols' files), nor what becomes
of it.
"""

from __future__ import annotations

from desktop.backends.wire.error_bodies import ServerSaid
from desktop.core.errors import BackendError, ProtocolError
from desktop.core.events import (
    AnsweredEarly,
    BeganAgain,
    Failed,
    Finished,
    ReasoningDelta,
    Reclassified,
    StreamEvent,
    TextDelta,
)
from desktop.core.message import AnswerWay
from desktop.core.outgoing.continuation import Joint
from desktop.core.request import ChatRequest, PartialReply
from desktop.core.text.late_regex import late_regex

# What a server says of requests that it will never take, and not of a bad moment.
_LASTING = frozenset({400, 404, 422, 501})

_CONTINUING = late_regex(
    r"prefill|\bprefix\b|\bpartial\b|continue_final_message|add_generation_prompt|reasoning_content"
    r"|(?:last|final|trailing) message|assistant message|user (?:query|message|role)"
)


def refuses_for_good(error: BackendError) -> bool:
    """Return True if a beginning that was refused this way need not be sent to this model again."""
    return error.status in _LASTING


def refuses_beginning(said: ServerSaid) -> bool:
    """Return True if the words are about a begun reply that was to be continued, and not about another field."""
    return bool(_CONTINUING.search(f"{said.param} {said.labels}".lower()))


class ContinuedReply:
    """One attempt at a reply or its rest. `wanted` is the backend's request, `sent` its form for the server."""

    def __init__(self, wanted: ChatRequest, sent: ChatRequest) -> None:
        self._partial_reply = wanted.partial_reply
        self._told = False
        self._asked = sent.partial_reply is None
        # Where the model goes on with its own thinking, that is one text; all other thinking is new.
        wants_answer = wanted.partial_reply is not None and bool(wanted.partial_reply.answer_by)
        goes_on_thinking = sent.partial_reply is not None and not sent.partial_reply.has_words and not wants_answer
        has_thought = wanted.partial_reply is not None and bool(
            wanted.partial_reply.reasoning or wanted.partial_reply.withholds_thinking
        )
        self._needs_break = has_thought and not goes_on_thinking
        self._way = (
            _way_of(wanted.partial_reply, asked=self._asked)
            if wanted.partial_reply is not None and wants_answer
            else None
        )
        self._joint = self._new_joint()

    def events(self, event: StreamEvent) -> list[StreamEvent]:
        """Return the events that an event of the server becomes; some words wait for the next ones."""
        if self._partial_reply is None:
            return [event]
        if self._way is not None and isinstance(event, ReasoningDelta | TextDelta):
            way, self._way = self._way, None  # said once words come, since the server might have refused this way
            return [AnsweredEarly(way), *self.events(event)]
        match event:
            case TextDelta(text):
                return self._joined(self._joint.feed(text))
            case ReasoningDelta(text):
                return self._reasoning(text)
            case Reclassified():
                # The words so far were no part of the answer, so that its start is still to come.
                held, self._joint = self._joined(self._joint.close()), self._new_joint()
                return [*held, event]
            case Finished() | Failed():
                return [*self.close(), event]
            case _:
                return [event]

    def close(self) -> list[StreamEvent]:
        """Return the words that still waited; no more come."""
        return self._joined(self._joint.close())

    def _joined(self, text: str) -> list[StreamEvent]:
        """Return the events of words that the joint gave back, the first of which may be no rest at all."""
        if self._joint.began_again and not self._told:
            self._told = True
            return [BeganAgain(), TextDelta(text)]
        return [TextDelta(text)] if text else []

    def _new_joint(self) -> Joint:
        self._told = False
        return Joint(self._partial_reply.text if self._partial_reply else "", asked=self._asked)

    def _reasoning(self, text: str) -> list[StreamEvent]:
        if self._needs_break:
            text = text.lstrip()
            if not text:
                return []
            self._needs_break = False
            text = f"\n\n{text}"
        return [ReasoningDelta(text)]


def _way_of(partial_reply: PartialReply, *, asked: bool) -> AnswerWay:
    if not asked:
        return AnswerWay.CONTINUED
    return (
        AnswerWay.ASKED if partial_reply.reasoning.strip() and not partial_reply.has_words else AnswerWay.ASKED_AFRESH
    )


def brought_nothing(error: BackendError) -> bool:
    """Return True if a server took a request, and ended its reply without a word."""
    return isinstance(error, ProtocolError) and error.reason == "empty"
