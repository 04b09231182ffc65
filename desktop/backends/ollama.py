"""Ollama's own protocol: `/api/chat` and what belongs to it.

Not its OpenAI-compatible routes, which lose errors in mid-stream and cannot set the context length. What is told of
models is `ollama_models.py`, fetching and deleting them `ollama_keeping.py`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from desktop.backends.ollama_models import (
    LONGER_STAY,
    Count,
    Loaded,
    count_of,
    full_name,
    loaded_in,
    model_of_show,
    model_of_tag,
    phase_if_listed,
    shared_fields,
    think_field,
    with_lists,
)
from desktop.backends.replies import ENOUGH_READ, ChatClient, ReasoningSplitter, ReplyReader, RetryPolicy, per_second
from desktop.backends.wire.bodies import StreamMark, record_in, sent_messages
from desktop.backends.wire.error_bodies import RefusedError, ServerSaid, beyond, said_in
from desktop.backends.wire.exchange import HttpReply
from desktop.backends.wire.http import HttpClient, HttpSettings
from desktop.core.connections import normalise_ollama_host
from desktop.core.converting import named
from desktop.core.errors import BackendError, ProtocolError, RequestRejected
from desktop.core.events import Finished, FinishReason, Measured, Phase, Progress, StreamEvent, UsageReported
from desktop.core.message import Role, Split, Usage
from desktop.core.model import ENOUGH_WRITTEN, ModelInfo
from desktop.core.models.facts import OPENINGS
from desktop.core.models.window import SMALLEST_STEP, larger_window
from desktop.core.outgoing import closed_thinking, ways_to_go_on
from desktop.core.request import ChatRequest, Errand, PartialReply, room_for_reply
from desktop.core.text.clean_text import encodable
from desktop.core.trust import purpose_of

# Old servers are asked for each model by itself; more at a time would only queue there.
_SHOWN_AT_ONCE = 4
# Undocumented, and not in all versions: whoever does not know it begins to answer.
_RENDERS = {"_debug_render_only": True}
_NANOSECONDS = 1e9


@dataclass(slots=True)
class _Known:
    """What is known of a model: what its server tells of it, and what its replies have shown."""

    info: ModelInfo | None = None
    closes_by_tag: bool | None = None  # its template ends thinking with `</think>`; None until it was asked for
    leaves_open: bool | None = None  # its template leaves a last message of the assistant open
    largest: int | None = None  # tokens; a longer window does not fit into the server's memory
    refuses_think: bool = False
    refuses_levels: bool = False
    leaves_soon: bool = False  # the memory, and with it goes what it has read

    @property
    def is_forwarded(self) -> bool:
        return self.info is not None and bool(self.info.forwarded_to)


class OllamaBackend(ChatClient):
    """A client of the Ollama server at `base_url`, in any form of `OLLAMA_HOST`.

    The key is for servers behind a gateway.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str = "",
        *,
        settings: HttpSettings | None = None,
        retries: RetryPolicy | None = None,
        poll_interval: float = 1.0,
    ) -> None:
        super().__init__(HttpClient(normalise_ollama_host(base_url), api_key, settings), api_key, retries)
        self._poll_interval = poll_interval
        self._models: dict[str, _Known] = {}
        self._shows_prompts = True  # until the server has shown that it does not

    async def list_models(self) -> list[ModelInfo]:
        """Return the installed models, newest first as Ollama lists them, embedding models among them.

        Some are asked for by themselves: those of whose abilities nothing is listed, and those that look as if they had
        the same weights. None that is forwarded is: Ollama would ask the internet.
        """
        models = await self._listed()
        gate = asyncio.Semaphore(_SHOWN_AT_ONCE)
        looks = Counter(_look_of(model) for model in models)

        async def completed(model: ModelInfo) -> ModelInfo:
            if model.forwarded_to or (model.capabilities and looks[_look_of(model)] == 1):
                return model
            async with gate:
                try:
                    return await self.describe(model.name)
                except BackendError:
                    return model  # a model that cannot be described can still be offered

        return list(await asyncio.gather(*(completed(model) for model in models)))

    async def describe(self, model: str) -> ModelInfo:
        """Return all that `/api/show` tells, and the window that the model is loaded with, if it is.

        Raises `ModelMissing` for a model that is not installed.
        """
        known = self._known(model)
        self.http.check_forwarding(known.info or ModelInfo(model))
        asked = self.http.json("POST", "/api/show", {"model": model})
        shown, loaded = await asyncio.gather(asked, self._loaded(model))
        if not isinstance(shown, dict) or "error" in shown:
            raise self._not_ollama(shown)
        shown = await with_lists(self.http, model, shown)
        info = known.info = replace(model_of_show(model, shown, known.info), loaded_context=loaded.context_length)
        known.closes_by_tag = "</think>" in str(shown.get("template"))
        return info

    # --- What is sent --------------------------------------------------------------------------------------------

    async def ways(self, request: ChatRequest) -> list[ChatRequest]:
        """Return the requests that may bring the reply, the best first.

        Ollama continues a last message of the assistant where the template leaves it open. Thinking in such a message
        is not used by all templates; closed in its text, it reaches all that know the tag. In the prompt itself, it can
        even go on.
        """
        known = await self._asked_about(request.model)
        info = known.info or ModelInfo(request.model)
        self.http.check_forwarding(info, request)
        if info.sees is False and _has_pictures(request):
            # Some versions would leave the pictures out and answer as if there were none.
            raise RequestRejected(host=self.http.host, reason="pictures")
        knows_way = self.can_go_on(request)
        has_thought = request.partial_reply is not None and bool(request.partial_reply.reasoning.strip())
        if has_thought and knows_way and known.closes_by_tag is None:
            with suppress(BackendError):  # the chat will say it
                await self.describe(request.model)
        knows_tag = has_thought and knows_way and bool(known.closes_by_tag)
        return ways_to_go_on(
            request,
            from_last_character=knows_way,
            with_thinking=knows_tag and not known.is_forwarded and self._can_show_prompt(request),
            from_tags=knows_tag and request.wants_answer,
        )

    def body(self, way: ChatRequest) -> dict[str, Any]:
        """Return the JSON of `/api/chat`. Thinking of earlier replies is never in it.

        What is too long is to be refused and not cut (`truncate`); older servers do not know that. Only options that
        are set are sent: another context length than the loaded one makes the server load the model again.
        """
        known, params = self._known(way.model), way.params
        think = None if known.refuses_think else think_field(way.thinking, known.info)
        if known.refuses_levels and isinstance(think, str):
            think = True
        options: dict[str, Any] = {
            "temperature": params.temperature,
            "top_p": params.top_p,
            "top_k": params.top_k,
            "num_predict": room_for_reply(way, counts_thinking=bool(think)),
            "num_ctx": params.context_length,
            "seed": params.seed,
            "stop": list(params.stop) or None,
        }
        options = {name: value for name, value in options.items() if value is not None}
        messages = [{"role": "system", "content": encodable(way.system)}] if way.system else []
        messages += sent_messages(way, _add_pictures)
        if way.partial_reply is not None:
            messages.append({"role": Role.ASSISTANT.value, "content": encodable(way.partial_reply.text)})
        body = shared_fields(way.model, options, LONGER_STAY if known.leaves_soon else None)
        body |= {"messages": messages, "stream": True, "truncate": False}
        if think is not None:
            body["think"] = think
        if options:
            body["options"] = options
        return body

    async def _raw_body(self, way: ChatRequest, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the body of `/api/generate` with which the model goes on from the last letter.

        None where `/api/chat` does, with `body`, or nothing better can be had. Many templates close a last message of
        the assistant, and the model begins another one. So the server is asked to show the prompt that it makes; where
        that is closed, the prompt without that message is sent back, with the words of the reply behind it. Thinking is
        in no message, so that only this way takes it along.
        """
        known, partial = self._known(way.model), way.partial_reply
        if partial is None or known.is_forwarded or not self._can_show_prompt(way):
            return None
        beginning = encodable(_beginning_of(partial))
        if not partial.reasoning:
            if known.leaves_open is None and (whole := await self._prompt_of(way, body)) is not None:
                known.leaves_open = whole.rstrip().endswith(beginning.rstrip())
            if known.leaves_open is not False:
                return None
        prompt = await self._prompt_of(way, {**body, "messages": body["messages"][:-1]})
        if prompt is None:
            return None
        opened = next((each for each in OPENINGS if prompt.rstrip().endswith(each)), "")
        if opened and beginning.startswith(opened):  # thinking that both open is opened once
            prompt = prompt.rstrip().removesuffix(opened)
        kept = {name: value for name, value in body.items() if name not in ("messages", "think")}
        return kept | {"prompt": prompt + beginning, "raw": True}

    def _can_show_prompt(self, request: ChatRequest) -> bool:
        return self._shows_prompts and not _has_pictures(request)  # which stand in none

    async def _prompt_of(self, way: ChatRequest, body: Mapping[str, Any]) -> str | None:
        """Return the prompt that the server makes of a body; None where it does not show it."""
        purpose = purpose_of(replace(way, errand=Errand.COUNT))
        asked = {**body, **_RENDERS, "options": {**body.get("options", {}), "num_predict": 1}}
        try:
            async with aclosing(await self.http.open("POST", "/api/chat", asked, purpose=purpose)) as reply:
                if reply.status >= 400:
                    return None
                async with aclosing(reply.values()) as batches:
                    [line, *_] = await anext(batches)
        except BackendError:
            return None  # the request for the reply will say it
        prompt = record_in(_Line, line).debug_info.rendered_template
        self._shows_prompts = prompt is not None
        return prompt

    # --- What comes back -----------------------------------------------------------------------------------------

    def splitter(self, way: ChatRequest, body: Mapping[str, Any], *, has_begun: bool) -> ReasoningSplitter:
        info = self._known(way.model).info
        # Servers before 0.9 do not know which models think, nor the field; then nothing has been switched off.
        off = body.get("think") is False and (info is None or "thinking" in info.capabilities)
        partial = way.partial_reply
        return ReasoningSplitter(
            starts_inside=way.model in self.opens_thinking and not off and partial is None,
            thinking_off=off,
            has_begun=has_begun,
            goes_on=partial is not None and bool(partial.reasoning) and not partial.has_words and not way.wants_answer,
            split=way.split if partial is None else Split.AUTO,
        )

    def learn_from(
        self, refused: RefusedError, way: ChatRequest, body: Mapping[str, Any], tried: set[str]
    ) -> dict[str, Any] | None:
        """Remember that a model refuses `think`, or a strength of it; have another window where that is of use."""
        options, known = body.get("options", {}), self._known(way.model)
        if (window := _other_window(refused.error, way, count_of(options.get("num_ctx")), known)) is not None:
            return {"options": {**options, "num_ctx": window}}
        words = refused.error.detail.lower()
        if not isinstance(refused.error, RequestRejected) or refused.error.reason or "think" not in body:
            return None
        if "does not support thinking" in words:
            known.refuses_think = True
            return {}
        if isinstance(body["think"], str) and "think" in words:
            known.refuses_levels = True
            return {}
        return None

    async def reply(
        self, way: ChatRequest, body: Mapping[str, Any], splitter: ReasoningSplitter
    ) -> AsyncGenerator[StreamEvent, None]:
        """Yield what the server does with the model until its reply begins, then the reply.

        The server sends nothing, not even a status, before the first token. A forwarded model is loaded elsewhere, if
        at all: then there is only the reply, and no longer silence is borne than from a server on the internet.
        """
        known, options = self._known(way.model), body.get("options", {})
        raw = await self._raw_body(way, body)
        if raw is None and way.partial_reply is not None and way.partial_reply.reasoning:
            raise RefusedError(ServerSaid("no prompt is shown"), RequestRejected(host=self.http.host))
        opening = asyncio.create_task(
            self.http.open(
                "POST",
                "/api/chat" if raw is None else "/api/generate",
                body if raw is None else raw,
                accept="application/x-ndjson",
                limit=self.http.settings.idle_limit if known.is_forwarded else None,
                purpose=purpose_of(way),
            )
        )
        news: asyncio.Queue[Phase | asyncio.Task[HttpReply]] = asyncio.Queue()
        opening.add_done_callback(news.put_nowait)
        watching = asyncio.create_task(self._watch(way.model, news))
        loaded = Loaded()
        try:
            while isinstance(phase := await news.get(), Phase):
                yield Progress(phase)
            is_told = not (known.is_forwarded or watching.done())
            watching.cancel()
            reply = opening.result()
            if reply.status >= 400:
                refused = await reply.refusal()
                error = refused.error
                if error.status == 403 and not error.detail:
                    # The server's check of the host name (it listens for this computer only), not of a key.
                    error = RequestRejected(host=error.host, status=403, reason="host_check")
                raise RefusedError(refused.said, beyond(error))
            async with aclosing(_OllamaReply(self.http, splitter).events(reply)) as events:
                async for event in events:
                    if isinstance(event, Measured):
                        loaded = await self._loaded(way.model) if is_told else loaded
                        asked = count_of(options.get("num_ctx"))
                        event = replace(event, window=loaded.context_length, asked=asked, memory=loaded.size)
                    yield event
        finally:
            opening.cancel()
            watching.cancel()
            await asyncio.wait([opening, watching])
            if not opening.cancelled() and opening.exception() is None:
                await opening.result().aclose()
        if loaded.leaves_soon and not known.leaves_soon:
            known.leaves_soon = True  # from now on each request says that it is to stay
            with suppress(BackendError):
                stay = shared_fields(way.model, options, LONGER_STAY) | {"messages": []}
                await self.http.json("POST", "/api/chat", stay)

    async def _watch(self, model: str, news: asyncio.Queue[Any]) -> None:
        """Tell what the server does with a model whenever that changes; end where it does not tell."""
        shown: Phase | None = None
        if_listed: Phase | None = None
        with suppress(BackendError):
            while not self._known(model).is_forwarded:
                phase = Phase.LOADING
                if loaded_in(await self.http.json("GET", "/api/ps", limit=5.0), model) is not None:
                    phase = if_listed = if_listed or await phase_if_listed(self.http)
                if phase is not shown:
                    shown = phase
                    news.put_nowait(phase)
                await asyncio.sleep(self._poll_interval)

    # --- What is known -------------------------------------------------------------------------------------------

    def _known(self, model: str) -> _Known:
        return self._models.setdefault(full_name(model), _Known())

    async def _asked_about(self, model: str) -> _Known:
        """Return what is known of a model, with its details; they are asked for once. The chat says why there are none.

        For a model that has not been listed yet the list is read first, since it says whether the model is forwarded.
        """
        known = self._known(model)
        if known.info is None:
            await self._listed()
        if known.info is None or not (known.info.capabilities or known.info.forwarded_to):
            try:
                await self.describe(model)
            except BackendError as error:
                if error.kind in ("unreachable", "auth_rejected"):
                    raise
        return known

    async def _listed(self) -> list[ModelInfo]:
        """Return what `/api/tags` tells of each model. Raises `BackendError`."""
        answer = await self.http.json("GET", "/api/tags")
        entries = answer.get("models") if isinstance(answer, dict) else None
        if not isinstance(answer, dict) or not (entries is None or isinstance(entries, list)) or "error" in answer:
            raise self._not_ollama(answer)
        models = [model_of_tag(entry) for entry in entries or () if isinstance(entry, dict)]
        models = [model for model in models if model.name]
        for model in models:
            self._known(model.name).info = model
        return models

    async def _loaded(self, model: str) -> Loaded:
        """Return what the server tells of the loaded model; nothing where it does not."""
        with suppress(BackendError):
            return loaded_in(await self.http.json("GET", "/api/ps", limit=2.0), model) or Loaded()
        return Loaded()

    def _not_ollama(self, answer: Any) -> BackendError:
        said = said_in(answer)
        if said is not None:
            return self.http.error(said)
        return ProtocolError("not the answer of an Ollama server", host=self.http.host, reason="garbled")


def _look_of(model: ModelInfo) -> tuple[Any, ...]:
    """Return what models of the same weights have in common in a list."""
    return model.family, model.parameters, model.quantization, model.context_length


def _has_pictures(request: ChatRequest) -> bool:
    return any(each.pictures for each in request.messages)


def _add_pictures(message: dict[str, Any], pictures: list[tuple[str, str]]) -> None:
    message["images"] = [content for _, content in pictures]  # without their types, which the server finds out


def _other_window(error: BackendError, way: ChatRequest, asked: int | None, known: _Known) -> int | None:
    """Return the window to ask for once more; None where that is of no use.

    A request that was counted and found too long is asked with the step that holds it, if the user's memory allows
    that. One for which the server had no memory, with half of it.
    """
    if error.reason == "out_of_memory" and asked is not None and asked > SMALLEST_STEP:
        known.largest = asked // 2
        return known.largest
    if asked is not None and error.available is not None and error.available < asked:
        return None  # the server cuts what it is asked for, and says so only here
    most = way.params.largest_context or 0
    return larger_window(error, most if known.largest is None else min(most, known.largest))


def _beginning_of(partial: PartialReply) -> str:
    """Return what the model has written so far: its thinking, closed where there is an answer or one is wanted."""
    if not partial.reasoning:
        return partial.text
    if partial.has_words or partial.answer_by:
        return closed_thinking(partial.reasoning) + partial.text
    return f"{OPENINGS[0]}\n{partial.reasoning}"


@dataclass(frozen=True, slots=True)
class _Message:
    thinking: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class _DebugInfo:
    rendered_template: str | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a reply: of `/api/chat` a `message`, of `/api/generate` a `response`. Durations in nanoseconds."""

    message: _Message | None = None
    response: str | None = None
    done: bool | None = None
    done_reason: str = ""
    load_duration: Count | None = None
    prompt_eval_count: Count | None = None
    prompt_eval_duration: Count | None = None
    eval_count: Count | None = None
    eval_duration: Count | None = None
    debug_info: _DebugInfo = field(default=_DebugInfo(), metadata=named("_debug_info"))

    @property
    def measured(self) -> Measured:
        """What a last line tells of the model's speed.

        That of reading only where all was read, since the tokens of the whole prompt are counted, read before or not.
        """
        load, read = self.load_duration, self.prompt_eval_duration
        told = Measured(
            load_seconds=load / _NANOSECONDS if load is not None else None,
            read_seconds=read / _NANOSECONDS if read is not None else None,
            written_per_second=per_second(self.eval_count, self.eval_duration, ENOUGH_WRITTEN, _NANOSECONDS),
        )
        of_reading = per_second(self.prompt_eval_count, read, ENOUGH_READ, _NANOSECONDS)
        return replace(told, read_per_second=of_reading) if told.has_loaded else told


@dataclass(eq=False)
class _OllamaReply(ReplyReader):
    """A reader of the lines of one reply."""

    _last: _Line = field(default_factory=_Line)
    _unknown: str | None = ""  # a line of no known form; None once one has come that is of one

    def read(self, value: Any) -> Iterator[StreamEvent]:
        if value is StreamMark.DONE:
            return
        if (said := said_in(value)) is not None:
            raise self.refused(said)
        line = record_in(_Line, value)
        if (line.message, line.response, line.done) != (None, None, None):
            self._unknown = None
        elif self._unknown is not None:
            self._unknown = str(value)
        if line.response is not None:
            self.say(line.response)
        elif line.message is not None:
            self.say(line.message.thinking, thinking=True)
            self.say(line.message.content)
        if line.done:
            self._last, self.is_done = line, True
        yield from ()

    def end(self) -> Iterator[StreamEvent]:
        last = self._last
        if self._unknown:
            raise self.http.unreadable(self._unknown.encode("utf-8", "replace"))
        if not self.is_done:
            raise self.broken()
        reason = FinishReason.LENGTH if last.done_reason == "length" else FinishReason.STOP
        yield from self.last_words(reason)
        if last.prompt_eval_count or last.eval_count:
            yield UsageReported(Usage(prompt_tokens=last.prompt_eval_count, completion_tokens=last.eval_count))
        yield last.measured
        yield Finished(reason, last.done_reason)
