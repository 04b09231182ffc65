"""A reply, the same for every protocol: events out of the values of its body, its end, and the attempts at it.

Its words are split into thinking and answer. A thinking field of the protocol wins: once it has spoken, tags in the
text are text. Without one, the text itself is searched for tags.

A protocol writes the body, reads the events of one request, and learns from refusals; which request is made next when a
server refuses one is told here. How the rest of a reply is asked for is the business of
`core.outgoing.messages.ways_to_go_on`.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from desktop.backends.wire.bodies import StreamMark, TextMender
from desktop.backends.wire.error_bodies import MAX_RETRY_AFTER, RefusedError, ServerSaid
from desktop.backends.wire.exchange import HttpReply
from desktop.backends.wire.http import HttpClient
from desktop.backends.wire.redaction import MASK, forms_of
from desktop.core.errors import BackendError, ContentFiltered, ProtocolError, RequestRejected, StreamBroken
from desktop.core.events import (
    AnsweredEarly,
    BeganAgain,
    Failed,
    Finished,
    FinishReason,
    Phase,
    Progress,
    ReasoningDelta,
    Reclassified,
    Started,
    StreamEvent,
    TextDelta,
    UsageReported,
)
from desktop.core.message import AnswerWay, Split
from desktop.core.outgoing import Joint
from desktop.core.request import ChatRequest, PartialReply
from desktop.core.think_tags import ThinkTagSplitter

# One refusal names one field, and some servers refuse all that they do not know: as many as a body has besides those it
# needs. A server that goes on after so many has another complaint.
_MAX_LESSONS = 20
# What a server says of requests that it will never take, and not of a bad moment.
_LASTING = frozenset({400, 404, 422, 501})

_CONTINUING = re.compile(
    r"prefill|\bprefix\b|\bpartial\b|continue_final_message|add_generation_prompt|reasoning_content"
    r"|(?:last|final|trailing) message|assistant message|user (?:query|message|role)"
)

_log = logging.getLogger(__name__)


class ReasoningSplitter:
    """A splitter for one reply.

    `starts_inside`: the model's template already opened the thinking, and the server does not split. `thinking_off`:
    the request was for an answer without thinking. `has_begun`: it is the rest of a reply with words, and may itself
    have none. `goes_on`: it is the rest of the thinking, as text. `split`: the user's choice for the model's replies,
    which counts for more.
    """

    def __init__(
        self,
        *,
        starts_inside: bool = False,
        thinking_off: bool = False,
        has_begun: bool = False,
        goes_on: bool = False,
        split: Split = Split.AUTO,
    ) -> None:
        if split is not Split.AUTO:
            starts_inside = split is Split.INSIDE and not thinking_off
        self._splitter = ThinkTagSplitter(starts_inside, goes_on=goes_on)
        if split is Split.NONE:
            self._splitter.bypass()
        self._starts_inside = starts_inside
        self._only_answers = thinking_off or split in (Split.OUTSIDE, Split.NONE)
        self._from_field = False
        self._reasoning_mender = TextMender()
        self._text_mender = TextMender()
        self.has_reasoning = False
        self.has_text = False
        self.has_words = has_begun  # anything but white space, on either side

    @property
    def template_opens(self) -> bool | None:
        """True if this reply shows that the template opens the thinking itself; None if it shows nothing."""
        if self._splitter.saw_orphan_close:
            return True
        return False if self._starts_inside and self._was_answer else None

    _was_answer = False

    def reasoning(self, text: str) -> list[StreamEvent]:
        """Take thinking that came in a field of its own; return its events."""
        text = self._reasoning_mender.feed(text)
        if not text:
            return []
        held: list[StreamEvent] = []
        if not self._from_field:
            self._from_field = True
            held.extend(self._splitter.bypass())
        return self._noted([*held, ReasoningDelta(text)])

    def text(self, text: str) -> list[StreamEvent]:
        """Take text of the answer, which may still have thinking in it; return its events."""
        text = self._text_mender.feed(text)
        return self._noted(self._splitter.feed(text)) if text else []

    def end(self, *, by_itself: bool) -> list[StreamEvent]:
        """Return what was held back at the end of the reply, and a last word on the channel it belongs to.

        `by_itself`: the model stopped, not a limit, a fault or the user.
        """
        events: list[StreamEvent] = []
        if rest := self._reasoning_mender.close():
            events.extend(self._noted([ReasoningDelta(rest)]))
        if rest := self._text_mender.close():
            events.extend(self._noted(self._splitter.feed(rest)))
        last = self._noted(self._splitter.close(finish_is_stop=by_itself))
        self._was_answer = any(isinstance(event, Reclassified) for event in last)
        events.extend(last)
        if by_itself and self._only_answers and self._from_field and self.has_reasoning and not self.has_text:
            # Some parsers report the whole answer as thinking when there is none.
            events.extend(self._noted([Reclassified()]))
        return events

    def _noted(self, events: Iterable[StreamEvent]) -> list[StreamEvent]:
        noted = list(events)
        for event in noted:
            match event:
                case ReasoningDelta(text):
                    self.has_reasoning = True
                    self.has_words = self.has_words or not text.isspace()
                case TextDelta(text):
                    self.has_text = self.has_text or not text.isspace()
                    self.has_words = self.has_words or not text.isspace()
                case Reclassified():
                    self.has_reasoning, self.has_text = self.has_text, self.has_reasoning
                case _:
                    pass
        return noted


def per_second(tokens: int | None, duration: float | None, enough: int, a_second: float) -> float | None:
    """Return a speed; None where there were too few tokens to tell it."""
    return tokens * a_second / duration if tokens and duration and duration > 0 and tokens >= enough else None


ENOUGH_READ = 64  # tokens; fewer tell nothing of the speed
_END_LAG = 0.05  # seconds by which the end of a body may lag behind the end of the reply in it


@dataclass(eq=False)
class ReplyReader:
    """A reader of one reply. A protocol says in `read` what a value means, and in `end` what comes at last."""

    http: HttpClient
    splitter: ReasoningSplitter
    is_done: bool = field(default=False, init=False)  # what comes behind the end of the reply is not read
    _said: list[tuple[bool, str]] = field(default_factory=list, init=False)

    @property
    def patience(self) -> float | None:
        """How long the end of the body may be waited for, in seconds; None while the reply goes on."""
        return _END_LAG if self.is_done else None

    def read(self, value: Any) -> Iterable[StreamEvent]:
        """Yield the events of a value, but for its words, which are `say`d. Raises `BackendError`, `RefusedError`."""
        raise NotImplementedError

    def end(self) -> Iterable[StreamEvent]:
        """Yield the last events, when the body has ended. Raises `BackendError` where the reply had not."""
        raise NotImplementedError

    def say(self, words: str, *, thinking: bool = False) -> None:
        """Take words of the reply. Those of one side that come together are split together: it costs by the piece."""
        if words:
            self._said.append((thinking, words))

    async def events(self, reply: HttpReply) -> AsyncGenerator[StreamEvent, None]:
        """Yield the events of a reply whose head has come. Raises `RefusedError` and `BackendError`."""
        yield Progress(Phase.READING)
        async with aclosing(reply.values()) as batches:
            async for batch in batches:
                for event in self.read_together(batch):
                    yield event
                reply.patience = self.patience
        for event in self.end():
            yield event

    def read_together(self, values: Iterable[Any]) -> Iterator[StreamEvent]:
        """Yield the events of values that came together; the words before a fault come before it is raised."""
        try:
            for value in values:
                if self.is_done:
                    break
                if isinstance(value, ProtocolError):
                    raise value
                if value is not StreamMark.ALIVE:
                    for event in self.read(value):
                        yield from self._words()
                        yield event
        except (BackendError, RefusedError):
            yield from self._words()
            raise
        yield from self._words()

    def refused(self, said: ServerSaid, status: int | None = None) -> RefusedError:
        """Return the error for a server's words in the middle of a reply."""
        return RefusedError(said, self.http.error(said, status))

    def broken(self, words: str = "the stream ended before the reply did") -> StreamBroken:
        """Return the error of a body that ended before the reply did."""
        return StreamBroken(words, host=self.http.host, reason="eof")

    def last_words(self, reason: FinishReason, *, has_tool_calls: bool = False) -> list[StreamEvent]:
        """Return the words held back to the end of a reply. Raises `BackendError` where it has none at all."""
        host = self.http.host
        events = self.splitter.end(by_itself=reason is FinishReason.STOP)
        if self.splitter.has_words:
            return events
        if has_tool_calls:
            raise ProtocolError("the reply has nothing but a call of a tool", host=host, reason="tool")
        if reason is FinishReason.STOP:
            raise ProtocolError("the reply has no words", host=host, reason="empty")
        if reason is FinishReason.CONTENT_FILTER:
            raise ContentFiltered(host=host)
        return events

    def _words(self) -> Iterator[StreamEvent]:
        said, self._said = self._said, []
        for thinking, run in groupby(said, itemgetter(0)):
            words = "".join(text for _, text in run)
            yield from self.splitter.reasoning(words) if thinking else self.splitter.text(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """The number and delays of retries; `sleep` and `jitter` (0 to 1) are fields so that tests need not wait."""

    tries: int = 2  # after the first
    first_delay: float = 0.5  # seconds, doubled each time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random

    def delay(self, attempt: int, error: BackendError) -> float | None:
        """Return the seconds to wait after `attempt` failures, or None if the user should be told instead."""
        if not error.retryable or attempt > self.tries:
            return None
        if error.retry_after is not None:
            return error.retry_after if error.retry_after <= MAX_RETRY_AFTER else None
        return float(self.first_delay * 2 ** (attempt - 1) * (1 + self.jitter() / 4))


class ChatClient:
    """A client of a server that answers. A protocol writes the body, reads the events of one request, and learns.

    It makes the attempts at a reply, the same for every protocol, and keeps what replies have shown of the models. All
    that a protocol adds, but for `ways`, is for one of the requests that `ways` gave.
    """

    def __init__(self, http: HttpClient, key: str, retries: RetryPolicy | None = None) -> None:
        self.http = http
        self.retries = retries or RetryPolicy()
        self.opens_thinking: set[str] = set()  # models whose template opens the thinking itself
        self._unsaid = forms_of(key)
        self._refuses_beginning: set[str] = set()  # models that cannot go on with a reply
        self._refuses_closed: set[str] = set()  # models that cannot go on behind thinking that was closed

    def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Stream one reply, from `Started` to `Finished` or `Failed`; cancelling the task closes the connection.

        On that all servers stop.
        """
        events = self._attempts(request)
        return _without(events, self._unsaid) if self._unsaid else events

    async def aclose(self) -> None:
        await self.http.aclose()

    def can_go_on(self, request: ChatRequest) -> bool:
        """Return False if the model has refused to go on with a beginning such as this request has."""
        refuses_it = request.wants_answer and request.model in self._refuses_closed
        return not refuses_it and request.model not in self._refuses_beginning

    # --- What a protocol adds ------------------------------------------------------------------------------------

    async def ways(self, request: ChatRequest) -> list[ChatRequest]:
        """Return the requests that may bring the reply, the best first. Raises `BackendError` if none may be made."""
        raise NotImplementedError

    def body(self, way: ChatRequest) -> dict[str, Any]:
        """Return the JSON to send, with all that was learnt so far."""
        raise NotImplementedError

    def splitter(self, way: ChatRequest, body: Mapping[str, Any], *, has_begun: bool) -> ReasoningSplitter:
        """Return a splitter for the reply to this body; `has_begun`: the reply already has words."""
        raise NotImplementedError

    def reply(
        self, way: ChatRequest, body: Mapping[str, Any], splitter: ReasoningSplitter
    ) -> AsyncGenerator[StreamEvent, None]:
        """Yield the events of one request. Raises `RefusedError` for the server's words, `BackendError` for all else.

        Ends `splitter` with the reply; when this raises, the caller does.
        """
        raise NotImplementedError

    def learn_from(
        self, refused: RefusedError, way: ChatRequest, body: Mapping[str, Any], tried: set[str]
    ) -> dict[str, Any] | None:
        """Return what to add to the next body for this reply, maybe nothing, or None if the refusal teaches nothing.

        What holds for every reply of the model is remembered, and stands in the next `body` by itself. `tried` is this
        reply's own, for the protocol to note what it must not try twice.
        """
        raise NotImplementedError

    # --- The attempts --------------------------------------------------------------------------------------------

    async def _attempts(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Stream one reply from as many attempts as are of use, once more after a bad moment of the server."""
        yield Started(request.model)
        yield Progress(Phase.CONNECTING)
        failures, shown = 0, False
        while True:
            try:
                async with aclosing(self._attempt(request)) as events:
                    async for event in events:
                        shown = shown or isinstance(event, ReasoningDelta | TextDelta)
                        yield event
                return
            except BackendError as error:
                failures += 1
                pause = None if shown else self.retries.delay(failures, error)
                if pause is None:
                    yield Failed(error)
                    return
                words = f"{error.kind} {error.reason}"
            _log.info("asking %s again in %.1f s: %s", request.model, pause, words)
            yield Progress(Phase.CONNECTING)
            await self.retries.sleep(pause)

    async def _attempt(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Stream one reply, with the fall-backs that need another request. Raises `BackendError`."""
        ways = await self.ways(request)
        extra: dict[str, Any] = {}
        lessons = 0
        tried: set[str] = set()
        shown = False
        while True:
            way = ways[0]
            body = self.body(way) | extra
            splitter = self.splitter(way, body, has_begun=request.has_begun)
            continued = _ContinuedReply(request, way)
            try:
                async with aclosing(self.reply(way, body, splitter)) as events:
                    async for arrived in events:
                        for event in continued.events(arrived):
                            shown = shown or isinstance(event, ReasoningDelta | TextDelta)
                            yield event
                if splitter.template_opens:
                    self.opens_thinking.add(request.model)
                elif splitter.template_opens is not None:
                    self.opens_thinking.discard(request.model)
                return
            except RefusedError as refused:
                error = refused.error
                is_of_beginning = len(ways) > 1 and _refuses_beginning(refused.said)
                if not shown and lessons < _MAX_LESSONS and not is_of_beginning:
                    lesson = self.learn_from(refused, way, body, tried)
                    if lesson is not None:
                        extra |= lesson
                        lessons += 1
                        continue
                if not shown and len(ways) > 1 and _is_refusal(error):
                    del ways[0]
                    # Some servers fail (500) where a template cannot do it; then their words say so.
                    if ways[0].partial_reply is None and (error.status in _LASTING or is_of_beginning):
                        refusing = self._refuses_closed if request.wants_answer else self._refuses_beginning
                        refusing.add(request.model)
                    continue
            except BackendError as failure:
                error = failure
                brought_nothing = isinstance(error, ProtocolError) and error.reason == "empty"
                if len(ways) > 1 and request.wants_answer and brought_nothing:
                    del ways[0]  # not remembered: the server did what it was asked to
                    continue
            for arrived in splitter.end(by_itself=False):
                for event in continued.events(arrived):
                    yield event
            for event in continued.close():
                yield event
            raise error


async def _without(events: AsyncGenerator[StreamEvent, None], unsaid: list[str]) -> AsyncGenerator[StreamEvent, None]:
    """Yield events with the forms of a key masked in their words, which a server may repeat, and in several pieces."""
    kind: type[TextDelta | ReasoningDelta] = TextDelta
    held = ""  # words that may be the beginning of one
    async with aclosing(events):
        async for event in events:
            if held and not isinstance(event, (kind, UsageReported)):
                yield kind(held)
                held = ""
            if isinstance(event, TextDelta | ReasoningDelta):
                kind = type(event)
                text = held + event.text
                for form in unsaid:
                    text = text.replace(form, MASK)
                end = min(_begun_at(text, form) for form in unsaid)
                text, held = text[:end], text[end:]
                if text:
                    yield kind(text)
            else:
                yield event
    if held:
        yield kind(held)


def _begun_at(text: str, form: str) -> int:
    """Return where, at the end of a text, something begins that may become `form`; its length if nothing does."""
    ends = range(max(0, len(text) - len(form) + 1), len(text))
    return next((at for at in ends if form.startswith(text[at:])), len(text))


def _is_refusal(error: BackendError) -> bool:
    """Return True if the server did not take the request as it was written, at the address where it was sent."""
    if isinstance(error, RequestRejected):
        return not error.reason  # else it was about something else, such as memory
    return isinstance(error, ProtocolError) and (error.status or 0) >= 400


def _refuses_beginning(said: ServerSaid) -> bool:
    """Return True if the words are about a begun reply that was to be continued, and not about another field."""
    return bool(_CONTINUING.search(f"{said.param} {said.labels}".lower()))


class _ContinuedReply:
    """One attempt at a reply or its rest. `wanted` is the backend's request, `sent` its form for the server."""

    def __init__(self, wanted: ChatRequest, sent: ChatRequest) -> None:
        partial = self._partial_reply = wanted.partial_reply
        self._told = False
        self._asked = sent.partial_reply is None
        # Where the model goes on with its own thinking, that is one text; all other thinking is new.
        is_early = partial is not None and bool(partial.answer_by)
        goes_on = sent.partial_reply is not None and not sent.partial_reply.has_words and not is_early
        has_thought = partial is not None and bool(partial.reasoning or partial.withholds_thinking)
        self._needs_break = has_thought and not goes_on
        self._way = _way_of(partial, asked=self._asked) if partial is not None and is_early else None
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
