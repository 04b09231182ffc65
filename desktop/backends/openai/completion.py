"""A reply of `/chat/completions` as it comes: its values become events, and its end is judged.

How a value is read is `chunks.py`, what the values are wrapped in `stream.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from desktop.backends.openai.chunks import Chunk, DetailsSoFar, WordsSoFar, chunk_of, words_alone
from desktop.backends.openai.live_control import can_end_thinking
from desktop.backends.openai.stream import StreamMark
from desktop.backends.reasoning_splitter import ReasoningSplitter, WordRun
from desktop.backends.wire.error_bodies import RefusedError, ServerSaid
from desktop.backends.wire.http import HttpClient
from desktop.core.errors import ContentFiltered, Overloaded, ProtocolError, StreamBroken
from desktop.core.events import (
    Finished,
    FinishReason,
    Measured,
    Opaque,
    Phase,
    Progress,
    StreamEvent,
    UsageReported,
)
from desktop.core.message import Usage

_FINISH = {
    "length": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "content_filter": FinishReason.CONTENT_FILTER,
    "sensitive": FinishReason.CONTENT_FILTER,
}
_BROKEN = frozenset({"error", "abort", "aborted", "insufficient_system_resource", "engine_error", "network_error"})


class Completion:
    """A reply that is read batch by batch. `finish` is the reason of its end once the server has given one."""

    def __init__(self, http: HttpClient, provider: str, splitter: ReasoningSplitter, control: str) -> None:
        """`control` is the path at which the server can be told to end the thinking; empty if it cannot."""
        self._http = http
        self._provider = provider
        self._splitter = splitter
        self._control = control
        self._words, self._details = WordsSoFar(), DetailsSoFar()
        self._usage: Usage | None = None
        self._read_per_second: float | None = None
        self._written_per_second: float | None = None
        self._has_tool_calls = False
        self.finish: str | None = None
        self.is_done = False  # by the mark at the end of the stream

    def read(self, batch: Iterable[Any]) -> Iterator[StreamEvent]:
        """Yield the events of values that came together. Raises `RefusedError` for the server's words."""
        run = WordRun(self._splitter)
        for value in batch:
            if value is StreamMark.ALIVE or self.is_done:
                continue
            if value is StreamMark.DONE:
                self.is_done = True
                self.finish = self.finish or ""
                continue
            usual = words_alone(value) if not self._control else None
            if usual is not None:
                self._words.append(*usual)
            else:
                chunk = Chunk(said=value) if isinstance(value, ServerSaid) else chunk_of(value)
                if chunk.said is not None:
                    yield from run.close()
                    raise RefusedError(chunk.said, self._http.error(chunk.said))
                for event in self._beside_words(chunk, value):
                    yield from run.close()
                    yield event
                usual = self._words.new_in(chunk)
                self._note(chunk)
            if usual[0]:
                yield from run.reasoning(usual[0])
            if usual[1]:
                yield from run.text(usual[1])
        yield from run.close()

    def _beside_words(self, chunk: Chunk, value: Any) -> list[StreamEvent]:
        events: list[StreamEvent] = []
        if self._control and (can_end := can_end_thinking(self._http, self._control, value)) is not None:
            self._control = ""
            events.append(can_end)
        if chunk.progress is not None:
            events.append(Progress(Phase.READING, chunk.progress))
        if chunk.details and not chunk.reasoning:
            events.append(Progress(Phase.THINKING))  # in a form that only its provider can read
        return events

    def _note(self, chunk: Chunk) -> None:
        self._details.merge_chunk(chunk.details)
        self._usage = chunk.usage or self._usage
        self._read_per_second = chunk.read_per_second or self._read_per_second
        self._written_per_second = chunk.written_per_second or self._written_per_second
        self._has_tool_calls = self._has_tool_calls or chunk.has_tool_calls
        self.finish = chunk.finish or self.finish

    def end(self) -> Iterator[StreamEvent]:
        """Yield the last events, when the body has ended. Raises `BackendError` where the reply had not."""
        if self._usage is not None:
            yield UsageReported(self._usage)
        if self._read_per_second is not None or self._written_per_second is not None:
            yield Measured(read_per_second=self._read_per_second, written_per_second=self._written_per_second)
        host, finish, splitter = self._http.host, self.finish, self._splitter
        if finish is None:
            raise StreamBroken("the stream ended before the reply did", host=host, reason="eof")
        if finish == "insufficient_system_resource":
            raise Overloaded(finish, host=host, retryable=True)
        if finish in _BROKEN:
            raise StreamBroken(finish, host=host, reason="eof")
        reason = _FINISH.get(finish, FinishReason.STOP)
        events = splitter.end(by_itself=reason is FinishReason.STOP)
        if not splitter.has_words:
            if self._has_tool_calls:
                raise ProtocolError("the reply has nothing but a call of a tool", host=host, reason="tool")
            if reason is FinishReason.STOP:
                raise ProtocolError("the reply has no words", host=host, reason="empty")
            if reason is FinishReason.CONTENT_FILTER:
                raise ContentFiltered(host=host)
        yield from events
        if kept := self._details.to_keep:
            yield Opaque(self._provider, {"reasoning_details": kept})
        yield Finished(reason, finish)
