"""The attempts at one reply, the same for every protocol: which request is made next when a server refuses one.

A protocol writes the body, reads the events of one request, and learns from refusals. Pauses before retries are the
business of `wire/retrying.py`, the words of a reply that is continued that of `continuing.py`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from typing import Any, Protocol

from desktop.backends.continuing import ContinuedReply, brought_nothing, refuses_beginning, refuses_for_good
from desktop.backends.reasoning_splitter import ReasoningSplitter, joined
from desktop.backends.wire.error_bodies import RefusedError
from desktop.backends.wire.http_reply import HttpReply
from desktop.backends.wire.redaction import MASK, SHORTEST_SECRET
from desktop.backends.wire.retrying import RetryPolicy, with_retries
from desktop.core.errors import BackendError, ProtocolError, RequestRejected
from desktop.core.events import Phase, Progress, ReasoningDelta, StreamEvent, TextDelta, UsageReported
from desktop.core.request import ChatRequest

# One refusal names one field, and some servers refuse all that they do not know: as many as a body has besides those it
# needs. A server that goes on after so many has another complaint.
_MAX_LESSONS = 20


class ChatProtocol(Protocol):
    """A protocol that can be asked for a reply. All but `ways` are for one of the requests that `ways` gave."""

    async def ways(self, request: ChatRequest) -> list[ChatRequest]:
        """Return the requests that may bring the reply, the best first. Raises `BackendError` if none may be made."""
        ...

    def body(self, way: ChatRequest) -> dict[str, Any]:
        """Return the JSON to send, with all that was learnt so far."""
        ...

    def splitter(self, way: ChatRequest, body: Mapping[str, Any], *, has_begun: bool) -> ReasoningSplitter:
        """Return a splitter for the reply to this body; `has_begun`: the reply already has words."""
        ...

    def reply(
        self, way: ChatRequest, body: Mapping[str, Any], splitter: ReasoningSplitter
    ) -> AsyncGenerator[StreamEvent, None]:
        """Yield the events of one request. Raises `RefusedError` for the server's words, `BackendError` for all else.

        Ends `splitter` with the reply; when this raises, the caller does.
        """
        ...

    def learn_from(self, refused: RefusedError, way: ChatRequest, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return what to add to the next body for this reply, maybe nothing, or None if the refusal teaches nothing.

        What holds for every reply of the model is remembered, and stands in the next `body` by itself.
        """
        ...


class ReplyReader(Protocol):
    """A reader of the body of one reply. `fault` is raised once the words before it are out."""

    fault: Exception | None

    @property
    def patience(self) -> float | None:
        """How long the end of the body may be waited for, in seconds; None while the reply goes on."""
        ...

    def read(self, batch: Iterable[Any]) -> Iterable[StreamEvent]:
        """Return the events of values that came together; none after its end or a fault."""
        ...

    def end(self) -> Iterable[StreamEvent]:
        """Return the last events, when the body has ended. Raises `BackendError` where the reply had not."""
        ...


async def events_of(
    reply: HttpReply, batches: AsyncGenerator[list[Any], None], reader: ReplyReader
) -> AsyncGenerator[StreamEvent, None]:
    """Yield the events of a reply whose head has come. Raises `RefusedError` and `BackendError`."""
    yield Progress(Phase.READING)
    async with aclosing(batches):
        async for batch in batches:
            for event in joined(reader.read(batch)):
                yield event
            if reader.fault is not None:
                raise reader.fault
            reply.patience = reader.patience
    for event in reader.end():
        yield event


class Attempts:
    """The attempts of one connection, with what replies have shown of its models."""

    def __init__(self, protocol: ChatProtocol, retries: RetryPolicy, key: str) -> None:
        self._protocol = protocol
        self._key = key
        self._retries = retries
        self.opens_thinking: set[str] = set()  # models whose template opens the thinking itself
        self._refuses_beginning: set[str] = set()  # models that cannot go on with a reply
        self._refuses_closed: set[str] = set()  # models that cannot go on behind thinking that was closed

    def can_go_on(self, request: ChatRequest) -> bool:
        """Return False if the model has refused to go on with a beginning such as this request has."""
        refuses_it = request.wants_answer and request.model in self._refuses_closed
        return not refuses_it and request.model not in self._refuses_beginning

    def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Stream one reply, from `Started` to `Finished` or `Failed`; cancelling the task closes the connection."""
        events = with_retries(request.model, lambda: self._attempt(request), self._retries)
        return _without_key(events, self._key) if len(self._key) >= SHORTEST_SECRET else events

    async def _attempt(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Stream one reply, with the fall-backs that need another request. Raises `BackendError`."""
        protocol = self._protocol
        ways = await protocol.ways(request)
        extra: dict[str, Any] = {}
        lessons = 0
        shown = False
        while True:
            body = protocol.body(ways[0]) | extra
            splitter = protocol.splitter(ways[0], body, has_begun=request.has_begun)
            joined = ContinuedReply(request, ways[0])
            try:
                async with aclosing(protocol.reply(ways[0], body, splitter)) as events:
                    async for arrived in events:
                        for event in joined.events(arrived):
                            shown = shown or isinstance(event, (ReasoningDelta, TextDelta))
                            yield event
                self._remember_template(request.model, splitter)
                return
            except RefusedError as refused:
                error = refused.error
                is_of_beginning = len(ways) > 1 and refuses_beginning(refused.said)
                if not shown and lessons < _MAX_LESSONS and not is_of_beginning:
                    lesson = protocol.learn_from(refused, ways[0], body)
                    if lesson is not None:
                        extra |= lesson
                        lessons += 1
                        continue
                if not shown and len(ways) > 1 and _is_refusal(error):
                    self._take_next_way(request, ways, refused)
                    continue
            except BackendError as failure:
                error = failure
                if len(ways) > 1 and request.wants_answer and brought_nothing(error):
                    del ways[0]  # not remembered: the server did what it was asked to
                    continue
            for arrived in splitter.end(by_itself=False):
                for event in joined.events(arrived):
                    yield event
            for event in joined.close():
                yield event
            raise error

    def _take_next_way(self, request: ChatRequest, ways: list[ChatRequest], refused: RefusedError) -> None:
        del ways[0]
        # Some servers fail (500) where a template cannot do it; then their words say so.
        is_lasting = refuses_for_good(refused.error) or refuses_beginning(refused.said)
        if ways[0].partial_reply is None and is_lasting:
            (self._refuses_closed if request.wants_answer else self._refuses_beginning).add(request.model)

    def _remember_template(self, model: str, splitter: ReasoningSplitter) -> None:
        match splitter.template_opens:
            case True:
                self.opens_thinking.add(model)
            case False:
                self.opens_thinking.discard(model)


async def _without_key(events: AsyncGenerator[StreamEvent, None], key: str) -> AsyncGenerator[StreamEvent, None]:
    """Yield events with the key masked in their words, which a server may repeat, and in several pieces."""
    kind: type[TextDelta | ReasoningDelta] = TextDelta
    held = ""  # words that may be the beginning of the key
    async with aclosing(events):
        async for event in events:
            if held and not isinstance(event, (kind, UsageReported)):
                yield kind(held)
                held = ""
            if isinstance(event, TextDelta | ReasoningDelta):
                kind = type(event)
                text = (held + event.text).replace(key, MASK)
                length = next((n for n in range(min(len(key) - 1, len(text)), 0, -1) if key.startswith(text[-n:])), 0)
                text, held = text[: len(text) - length], text[len(text) - length :]
                if text:
                    yield kind(text)
            else:
                yield event
    if held:
        yield kind(held)


def _is_refusal(error: BackendError) -> bool:
    """Return True if the server did not take the request as it was written, at the address where it was sent."""
    if isinstance(error, RequestRejected):
        return not error.reason  # else it was about something else, such as memory
    return isinstance(error, ProtocolError) and (error.status or 0) >= 400
