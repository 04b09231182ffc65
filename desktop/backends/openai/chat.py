"""`/chat/completions`: the body of a request, what refusals teach, and the replies, streamed or whole.

A body is a `ChatRequest` in the words of one provider. All differences come from the preset and from what was learnt of
the server (`Learnt`); no provider is named here. A server that refuses a request has a field left out, or named
otherwise, in the next one.

Of replies every shape is taken that was seen at the known servers, and none for granted: any field may be missing,
null, or of another type.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from desktop.backends.replies import ENOUGH_READ, ReplyReader, per_second
from desktop.backends.wire.bodies import StreamMark, data_url, sent_messages
from desktop.backends.wire.error_bodies import ServerSaid, said_in
from desktop.core.connection import ContinueWay, ProviderPreset, ThinkingSwitch
from desktop.core.converting import Within, converted, named
from desktop.core.errors import BackendError, Overloaded
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
from desktop.core.models.facts import LEVELS
from desktop.core.request import ChatRequest, Thinking, ThinkingMode, room_for_reply
from desktop.core.text.clean_text import encodable

# Where a provider lacks a level, the next one that does not think less.
_NEAREST = {
    ThinkingMode.LOW: ("low", "minimal", "medium", "high"),
    ThinkingMode.MEDIUM: ("medium", "high", "low"),
    ThinkingMode.HIGH: ("high", "max", "xhigh", "medium"),
}
_REFUSING = frozenset({400, 404, 422, 500, 501})
_NEEDED = frozenset({"model", "messages", "stream"})
_MAX_TOKENS = ("max_tokens", "max_completion_tokens")
_THINKING = (
    *("thinking_budget", "thinking_token_budget", "thinking_budget_tokens"),
    *("thinking", "enable_thinking", "chat_template_kwargs", "reasoning", "reasoning_effort"),
)
_TOO_LARGE = re.compile(
    r"too large|too high|exceed|at most|range|must be (?:less|between|smaller)|maximum (?:value|of)|<="
    r"|greater than|fewer output tokens"
)
_NUMBER = re.compile(r"(?<![\w.-])\d{2,9}(?![\w.-]*\d)")
# Of a sum of prompt and limit: older vLLMs, and others that count as they did.
_COUNTS_LIMIT = re.compile(r"in the (?:completion|output)|output tokens and your")
_UNSUPPORTED = re.compile(
    r"unsupported|(?:not|n't) support|unrecogni[sz]ed|unknown|unexpected|extra (?:fields|inputs)"
    r"|not (?:permitted|allowed)|(?:invalid|not a valid) (?:parameter|argument|field)|requires? .*parser|deprecated"
)
_OTHER_MAX_TOKENS = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


@dataclass(frozen=True, slots=True)
class Learnt:
    """The lessons of a server's refusals about one model: how the next body differs from the preset's.

    `most_tokens` is the largest limit of a reply that it takes, `efforts` are the strengths of thinking that it names.
    """

    dropped: frozenset[str] = frozenset()
    other_max_tokens: bool = False
    wants_reasoning_back: bool = False
    most_tokens: int | None = None
    efforts: tuple[str, ...] = ()
    without_summary: bool = False

    def dropping(self, *names: str) -> Learnt:
        """Return the lessons with fields left out besides."""
        return replace(self, dropped=self.dropped | set(names))


def request_body(
    preset: ProviderPreset, request: ChatRequest, learnt: Learnt | None = None, window: int | None = None
) -> dict[str, Any]:
    """Return the JSON of one streamed request. Thinking of earlier replies is never in it.

    A reply that has begun is its last message, marked in the preset's way. `window` is how many tokens the model holds
    there, where that is known: a limit beyond it limits nothing, and some servers refuse it.
    """
    learnt = learnt or Learnt()
    params, partial_reply = request.params, request.partial_reply
    limit_field = preset.max_tokens_field
    if learnt.other_max_tokens:
        limit_field = _OTHER_MAX_TOKENS.get(limit_field, limit_field)
    room = room_for_reply(request, counts_thinking=preset.max_tokens_includes_thinking)
    if room is not None and window is not None and room >= window:
        room = None
    fields: dict[str, Any] = {
        "model": request.model,
        "messages": _messages(preset, request, learnt.wants_reasoning_back),
        "stream": True,
        "stream_options": {"include_usage": True} if preset.stream_usage else None,
        "temperature": params.temperature,
        "top_p": params.top_p,
        "top_k": params.top_k,
        "seed": params.seed,
        "stop": list(params.stop) or None,
        limit_field: room if room is None or learnt.most_tokens is None else min(room, learnt.most_tokens),
        **thinking_fields(preset, request.thinking),
        **dict(preset.extra_body),
    }
    if request.fresh:  # keeps a server from reusing its cache of earlier conversations
        fields |= dict(preset.fresh_body)
        if preset.fresh_salt_field:
            fields[preset.fresh_salt_field] = secrets.token_hex(16)  # identifies nobody
    wants_answer = partial_reply is not None and bool(partial_reply.answer_by)
    if preset.control_path and request.thinking.mode is not ThinkingMode.OFF and not wants_answer:
        fields[CONTROL_FIELD] = True
    if partial_reply is not None and preset.continue_way is ContinueWay.FINAL_MESSAGE:
        # "content": behind the thinking, which the server closes in the model's way.
        fields |= {"continue_final_message": "content" if wants_answer else True, "add_generation_prompt": False}
    left_out = learnt.dropped | set(preset.omitted)
    return {name: value for name, value in fields.items() if value is not None and name not in left_out}


def thinking_fields(preset: ProviderPreset, thinking: Thinking) -> dict[str, Any]:
    """Return the fields that say how much to think.

    AUTO without a budget says nothing and leaves it to the provider.
    """
    mode, switch, effort = thinking.mode, preset.thinking_switch, effort_of(preset, thinking.mode)
    is_on, is_chosen = mode is not ThinkingMode.OFF, mode is not ThinkingMode.AUTO
    budget = thinking.budget if is_on and preset.budget_field else None
    if budget is not None and preset.budget_range is not None:
        low, high = preset.budget_range
        budget = min(max(budget, low), high)
    if switch is ThinkingSwitch.REASONING_OBJECT:
        if budget is not None:
            return {"reasoning": {preset.budget_field: budget}}  # excludes a strength
        if effort:
            return {"reasoning": {"effort": effort}}
        return {"reasoning": {"enabled": is_on}} if is_chosen else {}
    fields: dict[str, Any] = {}
    if is_chosen and switch is ThinkingSwitch.THINKING_TYPE:
        fields["thinking"] = {"type": "enabled" if is_on else "disabled"}
    elif is_chosen and switch is ThinkingSwitch.ENABLE_THINKING:
        fields["enable_thinking"] = is_on
    elif is_chosen and switch is ThinkingSwitch.TEMPLATE_KWARGS:
        fields["chat_template_kwargs"] = dict.fromkeys(preset.template_switches, is_on)
    if effort and preset.effort_field:
        fields[preset.effort_field] = effort
    if budget is not None:
        fields[preset.budget_field] = budget
    return fields


def thinking_modes(preset: ProviderPreset) -> tuple[ThinkingMode, ...]:
    """Return the modes that can be chosen at this provider; empty if nothing is known.

    Where the strength is the switch, it must have a word for off.
    """
    if preset.thinking_switch is ThinkingSwitch.NONE:
        return ()
    levels = tuple(level for level in LEVELS if level.value in preset.efforts) or (ThinkingMode.ON,)
    if preset.thinking_switch is ThinkingSwitch.REASONING_EFFORT and "none" not in preset.efforts:
        return (ThinkingMode.AUTO, *levels)
    return (ThinkingMode.AUTO, ThinkingMode.OFF, *levels)


def effort_of(preset: ProviderPreset, mode: ThinkingMode) -> str:
    """Return the strength in the provider's words; empty if there is none to send."""
    is_switch = preset.thinking_switch is ThinkingSwitch.REASONING_EFFORT
    if mode is ThinkingMode.OFF:
        return preset.efforts[0] if is_switch and preset.efforts else ""  # "none", or the least there is
    if mode is ThinkingMode.ON and is_switch:
        mode = ThinkingMode.MEDIUM
    return next((name for name in _NEAREST.get(mode, ()) if name in preset.efforts), "")


def _messages(preset: ProviderPreset, request: ChatRequest, wants_reasoning_back: bool) -> list[dict[str, Any]]:
    messages = sent_messages(request, _add_pictures)
    for message in messages:
        if wants_reasoning_back and message["role"] == "assistant":
            # The field must be there for such a server; an empty one is accepted, and thinking never goes back.
            message["reasoning_content"] = ""
    if request.system:
        messages.insert(0, {"role": "system", "content": encodable(request.system)})
    if (partial_reply := request.partial_reply) is not None:
        # The beginning of the reply, with its own thinking if the request was made with it.
        begun: dict[str, Any] = {"role": "assistant", "content": encodable(partial_reply.text)}
        if partial_reply.reasoning:
            begun["reasoning_content"] = encodable(partial_reply.reasoning)
        if preset.continue_way in (ContinueWay.PREFIX, ContinueWay.PARTIAL):
            begun[preset.continue_way.value] = True
            if partial_reply.answer_by and not partial_reply.text:
                begun["content"] = "\n\n"  # without a beginning of the answer, the thinking would go on
        messages.append(begun)
    return messages


def _add_pictures(message: dict[str, Any], pictures: list[tuple[str, str]]) -> None:
    """Put pictures in front of the words, which are asked about them."""
    parts: list[dict[str, Any]] = [{"type": "image_url", "image_url": {"url": data_url(*each)}} for each in pictures]
    message["content"] = [*parts, {"type": "text", "text": message["content"]}] if message["content"] else parts


def learnt_from(said: ServerSaid, status: int | None, body: Mapping[str, Any], before: Learnt) -> Learnt:
    """Return how the next request should differ; as before, if the refusal teaches nothing."""
    if status is not None and status not in _REFUSING:
        return before
    words = f"{said.param} {said.labels}".lower()
    is_unsupported = _UNSUPPORTED.search(words) is not None
    limit = next((name for name in _MAX_TOKENS if name in body), "")
    if "reasoning_content" in words:
        # Generations of one provider differ: some insist on the field of earlier replies, some refuse it.
        if before.wants_reasoning_back:
            return replace(before, wants_reasoning_back="must be passed" in words)
        has_replies = any(message.get("role") == "assistant" for message in body.get("messages", ()))
        return replace(before, wants_reasoning_back=has_replies and "must" in words)
    if limit and limit in words and _TOO_LARGE.search(words):
        allowed = [int(found) for found in _NUMBER.findall(said.message) if int(found) < body[limit]]
        if allowed and before.most_tokens is None:
            return replace(before, most_tokens=max(allowed))
        return before.dropping(limit)  # then the server's own holds
    if limit and is_unsupported and (said.param in _MAX_TOKENS or "max_completion_tokens" in words):
        return before.dropping(limit) if before.other_max_tokens else replace(before, other_max_tokens=True)
    if "stream_options" in words and "stream_options" in body:
        return before.dropping("stream_options")
    if not is_unsupported:
        return before
    thinking = [name for name in _THINKING if name in body]
    named = [name for name in thinking if re.search(rf"\b{name}\b", words)]
    if named and named != ["thinking"]:
        return before.dropping(*named)
    if thinking and re.search(r"thinking|reasoning", words):
        return before.dropping(*thinking)
    return before.dropping(*_named_fields(said, body))


def room_left(error: BackendError, said: ServerSaid, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a smaller limit for a request whose prompt fits, but not together with the limit; None for all else."""
    used = next((name for name in _MAX_TOKENS if name in body), "")
    if not used or error.needed is None or error.available is None or not _COUNTS_LIMIT.search(said.message):
        return None
    room = error.available - (error.needed - int(body[used]))
    return {used: room} if 0 < room < body[used] else None


def _named_fields(said: ServerSaid, body: Mapping[str, Any]) -> set[str]:
    """Return the body's fields that the server names: as `param`, in quotes, behind a colon, or by a unique word."""
    named = set(re.findall(r"[`'\"]([a-z_]+)(?:\.[a-z_.]+)?[`'\"]", said.message))
    named |= set(re.findall(r"supplied: (\w+)", said.message))
    named |= {name for name in body if "_" in name and re.search(rf"\b{name}\b", said.message)}
    return (named | {said.param.split(".")[0]}) & (body.keys() - _NEEDED)


# --- Replies ---------------------------------------------------------------------------------------------------------

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


@dataclass(eq=False)
class ChatReply(ReplyReader):
    """A reader of one reply. `control` is the path at which the server can be told to end the thinking, if it can.

    `finish_grace`: seconds in which counts may come behind the end; a server that then leaves the connection open has
    finished.
    """

    control: str
    finish_grace: float
    _text: list[str] = field(default_factory=list)
    _thinking: list[str] = field(default_factory=list)
    _usage: Usage | None = None
    _measured: Measured = field(default_factory=Measured)
    _has_tool_calls: bool = False
    _finish: str | None = None

    @property
    def patience(self) -> float | None:
        is_ending = self._finish and not self.is_done
        return self.finish_grace if is_ending else super().patience

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
        if self.control and chunk.id:
            yield self._way_to_end_thinking(chunk.id, self.control)
            self.control = ""
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
