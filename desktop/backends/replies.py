"""The reading of a reply, the same for every protocol: events out of the values of its body, and its end."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing
from itertools import groupby
from operator import itemgetter
from typing import Any

from desktop.backends.reasoning_splitter import ReasoningSplitter
from desktop.backends.wire.error_bodies import RefusedError, ServerSaid
from desktop.backends.wire.framing import StreamMark
from desktop.backends.wire.http import HttpClient
from desktop.backends.wire.http_reply import HttpReply
from desktop.core.errors import BackendError, ContentFiltered, ProtocolError, StreamBroken
from desktop.core.events import FinishReason, Phase, Progress, StreamEvent

_END_LAG = 0.05  # seconds by which the end of a body may lag behind the end of the reply in it


class ReplyReader:
    """A reader of one reply. A protocol says in `read` what a value means, and in `end` what comes at last."""

    def __init__(self, http: HttpClient, splitter: ReasoningSplitter) -> None:
        self.http = http
        self.splitter = splitter
        self.is_done = False  # what comes behind the end of the reply is not read
        self._said: list[tuple[bool, str]] = []

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
