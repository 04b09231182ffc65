"""The reading of a reply, the same for every protocol: events out of the values of its body, and its end.

Its words are split into thinking and answer. A thinking field of the protocol wins: once it has spoken, tags in the
text are text. Without one, the text itself is searched for tags.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from desktop.backends.wire.bodies import StreamMark, TextMender
from desktop.backends.wire.error_bodies import RefusedError, ServerSaid
from desktop.backends.wire.exchange import HttpReply
from desktop.backends.wire.http import HttpClient
from desktop.core.errors import BackendError, ContentFiltered, ProtocolError, StreamBroken
from desktop.core.events import FinishReason, Phase, Progress, ReasoningDelta, Reclassified, StreamEvent, TextDelta
from desktop.core.message import Split
from desktop.core.think_tags import ThinkTagSplitter


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
