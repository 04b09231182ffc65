"""OpenAI's Responses API: the body of a request, what its refusals teach, and its replies.

The server is asked to keep nothing: the whole conversation goes out each time, as words and pictures, and no id of an
earlier response.

The names of events are those of the API's reference; `response.reasoning_text.delta` is what servers of open models
send, which show the thinking itself and not a summary of it. Unknown events say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from desktop.backends.openai.chat import Learnt, TokenCounts, effort_of
from desktop.backends.replies import ReplyReader
from desktop.backends.wire.bodies import StreamMark, data_url, sent_messages
from desktop.backends.wire.error_bodies import ServerSaid, said_in
from desktop.core.connection import ProviderPreset
from desktop.core.converting import converted
from desktop.core.events import Finished, FinishReason, Phase, Progress, StreamEvent, UsageReported
from desktop.core.request import ChatRequest, room_for_reply
from desktop.core.text.clean_text import encodable

# The API refuses a smaller limit.
_LEAST_OUTPUT = 16
# `store` too: some servers keep what they are not told to forget, so none is asked that will not be told.
_NEEDED = frozenset({"model", "input", "store"})
_REFUSING = frozenset({400, 404, 422})
_UNSUPPORTED = re.compile(r"unsupported|(?:not|n't) support|unknown|unrecogni[sz]ed|not (?:permitted|allowed)|verified")
_SUPPORTED_VALUES = re.compile(r"supported values are:?(.*)", re.IGNORECASE | re.DOTALL)
_REASONING = frozenset(
    {"response.reasoning_summary_text.delta", "response.reasoning_text.delta", "response.reasoning_summary.delta"}
)
_TEXT = frozenset({"response.output_text.delta", "response.refusal.delta"})
_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed", "response.cancelled"})
_INCOMPLETE = {"max_output_tokens": FinishReason.LENGTH, "content_filter": FinishReason.CONTENT_FILTER}


def responses_body(preset: ProviderPreset, request: ChatRequest, learnt: Learnt | None = None) -> dict[str, Any]:
    """Return the JSON of one streamed request. Thinking of earlier replies is never in it."""
    learnt = learnt or Learnt()
    params = request.params
    room = room_for_reply(request, counts_thinking=preset.max_tokens_includes_thinking)
    messages = sent_messages(request, _add_pictures)
    if request.system and "instructions" in learnt.dropped:
        messages.insert(0, {"role": "system", "content": encodable(request.system)})
    effort = effort_of(replace(preset, efforts=learnt.efforts or preset.efforts), request.thinking.mode)
    reasoning = {"effort": effort} if effort else {}
    if not learnt.without_summary and effort != "none":
        reasoning["summary"] = "auto"  # all that can be seen of the thinking
    fields: dict[str, Any] = {
        "model": request.model,
        "input": [{"type": "message", **each} for each in messages],  # else a llama-server takes no answer among them
        "instructions": encodable(request.system) or None,
        "stream": True,
        "store": False,
        "reasoning": reasoning or None,
        "max_output_tokens": None if room is None else max(room, _LEAST_OUTPUT),
        "temperature": params.temperature,
        "top_p": params.top_p,
    }
    return {name: value for name, value in fields.items() if value is not None and name not in learnt.dropped}


def _add_pictures(message: dict[str, Any], pictures: list[tuple[str, str]]) -> None:
    parts = [{"type": "input_image", "image_url": data_url(*each)} for each in pictures]
    words = [{"type": "input_text", "text": message["content"]}] if message["content"] else []
    message["content"] = [*parts, *words]


def learnt_from_response(said: ServerSaid, status: int | None, body: Mapping[str, Any], before: Learnt) -> Learnt:
    """Return how the next request should differ; as before, if the refusal teaches nothing."""
    words = f"{said.param} {said.labels}".lower()
    if (status is not None and status not in _REFUSING) or not _UNSUPPORTED.search(words):
        return before
    sent = body.get("reasoning") or {}
    if "summary" in sent and "summar" in words:
        # Organisations that are not verified may use the model, but not see what it thinks.
        return replace(before, without_summary=True)
    if "effort" in sent and "effort" in words and (values := _SUPPORTED_VALUES.search(said.message)):
        known = tuple(re.findall(r"['\"`](\w+)['\"`]", values[1]))
        return replace(before, efforts=known) if known else before
    named = said.param.split(".")[0] or next(iter(re.findall(r"['\"`](\w+)(?:\.\w+)*['\"`]", said.message)), "")
    if named in body.keys() - _NEEDED:
        return before.dropping(named)
    return before


@dataclass(frozen=True, slots=True)
class _Text:
    text: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class _Item:
    type: str = ""
    summary: tuple[_Text, ...] = ()
    content: tuple[_Text, ...] = ()


@dataclass(frozen=True, slots=True)
class _Incomplete:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Response:
    status: str = ""
    output: tuple[_Item, ...] = ()
    usage: TokenCounts = field(default_factory=TokenCounts)
    incomplete_details: _Incomplete = _Incomplete()
    error: Any = None

    def thinking(self) -> str:
        found = [item for item in self.output if item.type == "reasoning"]
        parts = [part for item in found for part in item.summary] or [part for item in found for part in item.content]
        return "\n\n".join(part.text for part in parts if part.text)

    def text(self) -> str:
        parts = [part for item in self.output if item.type == "message" for part in item.content]
        return "\n\n".join(words for part in parts if (words := part.text or part.refusal))


@dataclass(frozen=True, slots=True)
class _Event:
    type: str = ""
    delta: str | _Text = ""
    output_index: int | str | None = None
    summary_index: int | str | None = None
    content_index: int | str | None = None
    item: _Item = _Item()
    response: _Response = _Response()


@dataclass(eq=False)
class ResponseReply(ReplyReader):
    """A reader of one response."""

    _thinks: bool = False  # it has begun to, visibly or not
    _reasoning_by: str = ""  # the kind of event that the thinking comes with
    _parts: dict[str, tuple[Any, ...]] = field(default_factory=dict)  # of the output, that words came of last
    _finish: FinishReason = FinishReason.STOP
    _raw_finish: str = ""

    def end(self) -> Iterator[StreamEvent]:
        if not self.is_done:
            raise self.broken()
        yield from self.last_words(self._finish)
        yield Finished(self._finish, self._raw_finish)

    def read(self, value: Any) -> Iterator[StreamEvent]:
        if isinstance(value, StreamMark):
            return
        if not isinstance(value, dict):
            self._fail(said_in(value))
            return
        event = converted(_Event, value)
        if event.type in _REASONING:
            yield from self._reasoning(event)
        elif event.type in _TEXT and isinstance(event.delta, str) and event.delta:
            self.say(self._break("text", event, event.content_index) + event.delta)
        elif event.type in _ENDS:
            yield from self._end(event.type, event.response)
        elif event.type == "response.output_item.added" and event.item.type == "reasoning":
            yield from self._thinking()
        elif value.get("object") == "response" and isinstance(value.get("output"), list):  # not streamed
            whole = converted(_Response, value)
            yield from self._end(f"response.{whole.status}", whole)
        elif event.type in ("", "error") or value.get("error"):
            self._fail(said_in(value))

    def _reasoning(self, event: _Event) -> Iterator[StreamEvent]:
        words = event.delta if isinstance(event.delta, str) else event.delta.text
        if words and self._reasoning_by in ("", event.type):
            part = (event.summary_index, event.content_index)
            self.say(self._break("thinking", event, *part) + words, thinking=True)
            self._reasoning_by = event.type
        yield from self._thinking()

    def _thinking(self) -> Iterator[StreamEvent]:
        if not self._thinks:
            self._thinks = True
            yield Progress(Phase.THINKING)

    def _break(self, side: str, event: _Event, *part: Any) -> str:
        """Return the break in front of words that are of another part of the output than those before."""
        place = (event.output_index, *part)
        before, self._parts[side] = self._parts.get(side, place), place
        return "" if before == place else "\n\n"

    def _end(self, kind: str, response: _Response) -> Iterator[StreamEvent]:
        if (usage := response.usage.usage) is not None:
            yield UsageReported(usage)
        # A response that was not streamed, or whose deltas were lost on the way, is here as a whole.
        if not self._reasoning_by:
            self.say(response.thinking(), thinking=True)
        if "text" not in self._parts:
            self.say(response.text())
        self._raw_finish = kind.removeprefix("response.")
        self.is_done = True
        match kind:
            case "response.completed":
                self._finish = FinishReason.STOP
            case "response.incomplete":
                self._raw_finish = response.incomplete_details.reason or self._raw_finish
                self._finish = _INCOMPLETE.get(self._raw_finish, FinishReason.LENGTH)
            case _:
                self._fail(said_in({"error": response.error}) or ServerSaid(message=kind))

    def _fail(self, said: ServerSaid | None) -> None:
        """Raise the error of an event; the server's own failing counts as the status it would have had."""
        if said is not None:
            raise self.refused(said, 500 if said.code == "server_error" else None)
