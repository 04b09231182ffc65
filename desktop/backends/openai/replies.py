"""The replies of `/chat/completions`, streamed or whole.

Takes every shape seen at the known servers, and none for granted: any field may be missing, null, or of another type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from desktop.backends.replies import ENOUGH_READ, ReasoningSplitter, ReplyReader, per_second
from desktop.backends.wire.error_bodies import said_in
from desktop.backends.wire.framing import StreamMark
from desktop.backends.wire.http import HttpClient
from desktop.core.converting import Within, converted, named
from desktop.core.errors import Overloaded
from desktop.core.events import (
    Finished,
    FinishReason,
    Measured,
    Phase,
    Progress,
    StreamEvent,
    ThinkingCanEnd,
    UsageReported,
)
from desktop.core.message import Usage
from desktop.core.model import ENOUGH_WRITTEN

CONTROL_FIELD = "reasoning_control"  # in a request: without it, llama-server refuses to end the thinking of its reply
_TO_CONTROL = 2.0  # seconds; a server that streams answers within a token, and for a busy one nobody need wait
_REPEATED = 24  # letters; a shorter repetition may be meant ("ha" after "ha")
_FINISH = {
    "length": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "content_filter": FinishReason.CONTENT_FILTER,
    "sensitive": FinishReason.CONTENT_FILTER,
}
_BROKEN = frozenset({"error", "abort", "aborted", "insufficient_system_resource", "engine_error", "network_error"})

Count = Annotated[int, Within(0, 1e15)]


@dataclass(frozen=True, slots=True)
class _Details:
    reasoning_tokens: Count | None = None
    cached_tokens: Count | None = None


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """A `usage` object, in the names of all providers and of both protocols."""

    prompt: Count | None = field(default=None, metadata=named("prompt_tokens", "input_tokens"))
    completion: Count | None = field(default=None, metadata=named("completion_tokens", "output_tokens"))
    of_prompt: _Details = field(default=_Details(), metadata=named("prompt_tokens_details", "input_tokens_details"))
    of_completion: _Details = field(
        default=_Details(), metadata=named("completion_tokens_details", "output_tokens_details")
    )
    prompt_cache_hit_tokens: Count | None = None

    @property
    def usage(self) -> Usage | None:
        """The counts; None if there are none."""
        cached = self.of_prompt.cached_tokens
        usage = Usage(
            prompt_tokens=self.prompt,
            completion_tokens=self.completion,
            reasoning_tokens=self.of_completion.reasoning_tokens,
            cached_tokens=self.prompt_cache_hit_tokens if cached is None else cached,
        )
        return None if usage == Usage() else usage


@dataclass(frozen=True, slots=True)
class _Timings:
    """What llama-server tells of its work, also where `usage` was not requested."""

    prompt_n: Count | None = None
    cache_n: Count | None = None
    predicted_n: Count | None = None
    prompt_ms: float = 0.0
    predicted_ms: float = 0.0

    @property
    def usage(self) -> Usage | None:
        if self.predicted_n is None:
            return None
        prompt = None if self.prompt_n is None else self.prompt_n + (self.cache_n or 0)
        return Usage(prompt_tokens=prompt, completion_tokens=self.predicted_n, cached_tokens=self.cache_n)

    @property
    def measured(self) -> Measured:
        """The speeds; None for what was too little to tell, or is still under way."""
        return Measured(
            read_per_second=per_second(self.prompt_n, self.prompt_ms, ENOUGH_READ, 1000),
            written_per_second=per_second(self.predicted_n, self.predicted_ms, ENOUGH_WRITTEN, 1000),
        )


@dataclass(frozen=True, slots=True)
class _PromptProgress:
    total: Count
    processed: Count
    cache: Count = 0

    @property
    def share(self) -> float:
        """The share of the prompt that is read (0 to 1), without what the server still had in memory."""
        to_read = self.total - self.cache
        return min(1.0, max(0.0, (self.processed - self.cache) / to_read)) if to_read > 0 else 1.0


@dataclass(frozen=True, slots=True)
class _Words:
    """A delta or a message. Several servers name the same thinking twice: the first field with words wins."""

    content: Any = None
    refusal: str = ""
    reasoning_content: str = ""
    reasoning: str = ""
    thinking: str = ""
    reasoning_details: tuple[Mapping[str, Any], ...] = ()
    tool_calls: Any = None

    def texts(self) -> tuple[str, str]:
        """Return (thinking, text)."""
        text, thinking = _parts(self.content)
        details = self.reasoning_details
        of_details = "".join(_string(each.get("text")) or _string(each.get("summary")) for each in details)
        found = self.reasoning_content or self.reasoning or of_details or self.thinking or thinking
        return found, text or self.refusal


@dataclass(frozen=True, slots=True)
class _Choice:
    delta: _Words | None = None
    message: _Words | None = None  # the reply from the start, not a further piece
    text: str = ""
    finish_reason: str = ""
    usage: TokenCounts | None = None


@dataclass(frozen=True, slots=True)
class _Chunk:
    id: str = ""
    choices: tuple[_Choice, ...] = ()
    usage: TokenCounts | None = None
    timings: _Timings | None = None
    prompt_progress: _PromptProgress | None = None


class ChatReply(ReplyReader):
    """A reader of one reply."""

    def __init__(self, http: HttpClient, splitter: ReasoningSplitter, control: str, finish_grace: float) -> None:
        """Read nothing yet. `control` is the path at which the server can be told to end the thinking, if it can.

        `finish_grace`: seconds in which counts may come behind the end; a server that then leaves the connection open
        has finished.
        """
        super().__init__(http, splitter)
        self._control = control
        self._finish_grace = finish_grace
        self._text: list[str] = []
        self._thinking: list[str] = []
        self._usage: Usage | None = None
        self._measured = Measured()
        self._has_tool_calls = False
        self._finish: str | None = None

    @property
    def patience(self) -> float | None:
        is_ending = self._finish and not self.is_done
        return self._finish_grace if is_ending else super().patience

    def read(self, value: Any) -> Iterator[StreamEvent]:
        if value is StreamMark.DONE:
            self.is_done = True
            self._finish = self._finish or ""
            return
        is_chunk = isinstance(value, dict) and value.get("choices") and not value.get("error")
        if not is_chunk and (said := said_in(value)) is not None:
            raise self.refused(said)
        if not isinstance(value, dict):
            return
        chunk = converted(_Chunk, value)
        choice = chunk.choices[0] if chunk.choices else _Choice()
        words = choice.delta or choice.message or _Words(choice.text)
        thinking, text = words.texts()
        if self._control and chunk.id:
            yield self._way_to_end_thinking(chunk.id, self._control)
            self._control = ""
        if chunk.prompt_progress is not None:
            yield Progress(Phase.READING, chunk.prompt_progress.share)
        if words.reasoning_details and not thinking:
            yield Progress(Phase.THINKING)  # in a form that only its provider can read
        self.say(_new(self._thinking, thinking, choice), thinking=True)
        self.say(_new(self._text, text, choice))
        for told in (choice.usage, chunk.timings, chunk.usage):  # the last one counts most
            if told is not None:
                self._usage = told.usage or self._usage
        if chunk.timings is not None:
            self._measured = chunk.timings.measured
        self._has_tool_calls = self._has_tool_calls or bool(words.tool_calls)
        self._finish = choice.finish_reason or self._finish

    def _way_to_end_thinking(self, reply: str, path: str) -> ThinkingCanEnd:
        """Return the handle by which llama-server is told to go on with the answer in the same stream."""

        async def end() -> bool:
            answer = await self.http.json("POST", path, {"id": reply, "action": "reasoning_end"}, limit=_TO_CONTROL)
            return isinstance(answer, dict) and answer.get("success") is True

        return ThinkingCanEnd(end)

    def end(self) -> Iterator[StreamEvent]:
        if self._usage is not None:
            yield UsageReported(self._usage)
        if self._measured != Measured():
            yield self._measured
        finish = self._finish
        if finish is None:
            raise self.broken()
        if finish == "insufficient_system_resource":
            raise Overloaded(finish, host=self.http.host, retryable=True)
        if finish in _BROKEN:
            raise self.broken(finish)
        reason = _FINISH.get(finish, FinishReason.STOP)
        yield from self.last_words(reason, has_tool_calls=self._has_tool_calls)
        yield Finished(reason, finish)


def _new(pieces: list[str], words: str, choice: _Choice) -> str:
    """Return the words that have not come before: some servers end with the whole reply, as `message` or last delta."""
    is_whole = choice.delta is None and choice.message is not None
    if words and pieces and (is_whole or (choice.finish_reason and len(pieces) > 1 and len(words) >= _REPEATED)):
        so_far = "".join(pieces)
        if is_whole:
            words = words.removeprefix(so_far) if words.startswith(so_far) else ""
        elif words == so_far:
            words = ""
    if words:
        pieces.append(words)
    return words


def _parts(content: Any) -> tuple[str, str]:
    """Return (text, thinking) of a content that is a string or a list of typed parts."""
    if not isinstance(content, list):
        return _string(content), ""
    text, thinking = "", ""
    for part in content:
        if isinstance(part, dict):
            inner = part.get("thinking", part.get("reasoning"))
            thinking += "".join(_parts(inner))
            text += "" if inner is not None else _string(part.get("text"))
        else:
            text += _string(part)
    return text, thinking


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""
