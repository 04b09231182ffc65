"""Ollama's own protocol: `/api/chat` and what belongs to it.

Not its OpenAI-compatible routes, which lose errors in mid-stream and cannot set the context length. Pulling and
deleting models is no business of this file.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any

from desktop.backends.attempts import Attempts
from desktop.backends.ollama_lists import with_lists
from desktop.backends.ollama_loading import Loaded, LoadWatch, LongerStay, opened_chat
from desktop.backends.ollama_models import count_of, model_of_show, model_of_tag, think_field
from desktop.backends.ollama_request import BegunReplies, chat_body
from desktop.backends.ollama_window import WindowLessons, measured
from desktop.backends.reasoning_splitter import ReasoningSplitter, WordRun
from desktop.backends.wire.error_bodies import RefusedError, ServerSaid, said_in, said_in_body, shortened
from desktop.backends.wire.forwarding import beyond, check_forwarding
from desktop.backends.wire.framing import NdjsonDecoder, parse_json
from desktop.backends.wire.http import HttpClient, HttpSettings
from desktop.backends.wire.http_reply import END_LAG, HttpReply
from desktop.backends.wire.retrying import RetryPolicy
from desktop.core.connections.ollama_host import normalise_ollama_host
from desktop.core.errors import BackendError, ProtocolError, RequestRejected, StreamBroken
from desktop.core.events import (
    Finished,
    FinishReason,
    Measured,
    Phase,
    Progress,
    StreamEvent,
    UsageReported,
)
from desktop.core.message import Split, Usage
from desktop.core.model import ModelInfo
from desktop.core.outgoing.messages import ways_to_go_on
from desktop.core.request import ChatRequest
from desktop.core.trust.ledger import purpose_of

# Old servers are asked for each model by itself; more at a time would only queue there.
_SHOWN_AT_ONCE = 4


class OllamaBackend:
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
        self._http = HttpClient(normalise_ollama_host(base_url), api_key, settings)
        self._attempts = Attempts(self, retries or RetryPolicy(), api_key)
        self._begun = BegunReplies(self._http)
        self._stay = LongerStay()
        self._poll_interval = poll_interval
        self._models: dict[str, ModelInfo] = {}
        self._windows = WindowLessons()
        self._refuses_think: set[str] = set()
        self._refuses_levels: set[str] = set()
        self._closes_by_tag: dict[str, bool] = {}  # whether the template of a model ends thinking with `</think>`

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
        check_forwarding(self._http, self._models.get(model, ModelInfo(model)))
        shown, loaded = await asyncio.gather(
            self._http.json("POST", "/api/show", {"model": model}), LoadWatch(self._http, model).loaded()
        )
        if not isinstance(shown, dict) or "error" in shown:
            raise self._not_ollama(shown)
        shown = await with_lists(self._http, model, shown)
        info = replace(model_of_show(model, shown, self._models.get(model)), loaded_context=loaded.window)
        self._models[model] = info
        template = shown.get("template")
        self._closes_by_tag[model] = isinstance(template, str) and "</think>" in template
        return info

    async def count_prompt(self, request: ChatRequest) -> int | None:
        """Return None: Ollama counts with its replies only."""
        return None

    def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Stream one reply; cancelling the task closes the connection, which is how Ollama is told to stop."""
        return self._attempts.stream(request)

    async def aclose(self) -> None:
        await self._http.aclose()

    async def ways(self, request: ChatRequest) -> list[ChatRequest]:
        """Return the requests that may bring the reply, the best first.

        Ollama continues a last message of the assistant where the template leaves it open. Thinking in such a message
        is not used by all templates; closed in its text, it reaches all that know the tag. In the prompt itself, it can
        even go on.
        """
        known = await self._known(request.model)
        check_forwarding(self._http, known or ModelInfo(request.model), request)
        if known is not None and known.sees is False and any(each.pictures for each in request.messages):
            # Some versions would leave the pictures out and answer as if there were none.
            raise RequestRejected(host=self._http.host, reason="pictures")
        knows_way = self._attempts.can_go_on(request)
        has_thought = request.partial_reply is not None and bool(request.partial_reply.reasoning.strip())
        knows_tag = has_thought and knows_way and await self._knows_tag(request.model)
        with_thinking = knows_tag and not (known and known.forwarded_to) and self._begun.can_be_asked(request)
        return ways_to_go_on(
            request,
            from_last_character=knows_way,
            with_thinking=with_thinking,
            from_tags=knows_tag and request.wants_answer,
        )

    def body(self, way: ChatRequest) -> dict[str, Any]:
        think = think_field(way.thinking, self._noted(way.model))
        if way.model in self._refuses_think:
            think = None
        elif way.model in self._refuses_levels and isinstance(think, str):
            think = True
        return chat_body(way, think, self._stay.asked_for(way.model))

    def splitter(self, way: ChatRequest, body: Mapping[str, Any], *, has_begun: bool) -> ReasoningSplitter:
        known = self._noted(way.model)
        # Servers before 0.9 do not know which models think, nor the field; then nothing has been switched off.
        off = body.get("think") is False and (known is None or "thinking" in known.capabilities)
        partial = way.partial_reply
        goes_on = partial is not None and bool(partial.reasoning) and not partial.has_words and not way.wants_answer
        inside = way.model in self._attempts.opens_thinking and not off and partial is None
        split = way.split if way.partial_reply is None else Split.AUTO
        return ReasoningSplitter(
            starts_inside=inside, thinking_off=off, has_begun=has_begun, goes_on=goes_on, split=split
        )

    def learn_from(self, refused: RefusedError, way: ChatRequest, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """Remember that a model refuses `think`, or a strength of it; have a larger window where that was too small."""
        if (options := self._windows.options_after(refused.error, way, body.get("options", {}))) is not None:
            return {"options": options}
        words = refused.error.detail.lower()
        if not isinstance(refused.error, RequestRejected) or refused.error.reason or "think" not in body:
            return None
        if "does not support thinking" in words:
            self._refuses_think.add(way.model)
            return {}
        if isinstance(body["think"], str) and "think" in words:
            self._refuses_levels.add(way.model)
            return {}
        return None

    async def reply(
        self, way: ChatRequest, body: Mapping[str, Any], splitter: ReasoningSplitter
    ) -> AsyncGenerator[StreamEvent, None]:
        known = self._noted(way.model)
        is_forwarded = known is not None and bool(known.forwarded_to)
        watch, loaded = LoadWatch(self._http, way.model), Loaded()
        raw = None if is_forwarded else await self._begun.raw_body(way, body)
        if raw is None and way.partial_reply is not None and way.partial_reply.reasoning:
            raise RefusedError(ServerSaid("no prompt is shown"), RequestRejected(host=self._http.host))
        path, sent = ("/api/chat", body) if raw is None else ("/api/generate", raw)
        opened = opened_chat(
            self._http, watch, path, sent, self._poll_interval, is_forwarded=is_forwarded, purpose=purpose_of(way)
        )
        async with aclosing(opened) as opening:
            async for step in opening:
                if isinstance(step, Progress):
                    yield step
                    continue
                try:
                    async with aclosing(self._events(step, splitter)) as events:
                        async for event in events:
                            if isinstance(event, Measured):
                                asked = count_of(body.get("options", {}).get("num_ctx"))
                                loaded = loaded if is_forwarded else await watch.loaded()
                                event = replace(event, window=loaded.window, asked=asked, memory=loaded.memory)
                            yield event
                finally:
                    await step.aclose()
        await self._stay.ask_for(self._http, way.model, loaded, sent.get("options", {}))

    async def _listed(self) -> list[ModelInfo]:
        """Return what `/api/tags` tells of each model. Raises `BackendError`."""
        answer = await self._http.json("GET", "/api/tags")
        entries = answer.get("models") if isinstance(answer, dict) else None
        if not isinstance(answer, dict) or not (entries is None or isinstance(entries, list)) or "error" in answer:
            raise self._not_ollama(answer)
        models = [model_of_tag(entry) for entry in entries or () if isinstance(entry, dict)]
        models = [model for model in models if model.name]
        self._models |= {model.name: model for model in models}
        return models

    async def _known(self, model: str) -> ModelInfo | None:
        """Return the model's details, requested once; None if the server cannot tell (the chat will say why).

        For a model that has not been listed yet the list is read first, since it says whether the model is forwarded.
        """
        if model not in self._models:
            await self._listed()
        known = self._noted(model)
        if known is None or not (known.capabilities or known.forwarded_to):
            try:
                known = await self.describe(model)
            except BackendError as error:
                if error.kind in ("unreachable", "auth_rejected"):
                    raise
        return known

    def _noted(self, model: str) -> ModelInfo | None:
        return self._models.get(model) or self._models.get(f"{model}:latest")

    async def _knows_tag(self, model: str) -> bool:
        """Return True if the model's template ends thinking with `</think>`; requested once."""
        if model not in self._closes_by_tag:
            with suppress(BackendError):  # the chat will say it
                await self.describe(model)
        return self._closes_by_tag.get(model, False)

    async def _events(self, reply: HttpReply, splitter: ReasoningSplitter) -> AsyncGenerator[StreamEvent, None]:
        """Yield the events of a reply whose head has come. Raises like `reply`."""
        if reply.status >= 400:
            words = await reply.said()
            raise RefusedError(words, self._refusal(reply.error_for(words)))
        yield Progress(Phase.READING)
        understood = False
        last_line = ""
        end: list[StreamEvent] = []
        async with aclosing(_batches(reply)) as batches:
            async for lines in batches:
                run = WordRun(splitter)
                for line in lines if not end else ():
                    last_line = line
                    value, fault = self._understood(line)
                    message = _message(value)
                    understood = understood or isinstance(message, dict) or "done" in value
                    for event in _words(message, run):
                        yield event
                    if fault is not None or value.get("done") is True:
                        for event in run.close():
                            yield event
                    if fault is not None:
                        raise fault
                    if value.get("done") is True:
                        end = self._ending(value, splitter)
                        reply.patience = END_LAG
                        break
                for event in run.close():
                    yield event
        for event in end:
            yield event
        if end:
            return
        if last_line and not understood:
            raise ProtocolError(shortened(self._http.without_key(last_line)), host=self._http.host, reason="garbled")
        raise StreamBroken("the stream ended before the reply did", host=self._http.host, reason="eof")

    def _ending(self, value: Mapping[str, Any], splitter: ReasoningSplitter) -> list[StreamEvent]:
        raw = value.get("done_reason")
        raw = raw if isinstance(raw, str) else ""
        reason = FinishReason.LENGTH if raw == "length" else FinishReason.STOP
        events = splitter.end(by_itself=reason is FinishReason.STOP)
        if not splitter.has_words and reason is FinishReason.STOP:
            raise ProtocolError("the reply has no words", host=self._http.host, reason="empty")
        prompt, completion = count_of(value.get("prompt_eval_count")), count_of(value.get("eval_count"))
        if prompt or completion:
            events.append(UsageReported(Usage(prompt_tokens=prompt, completion_tokens=completion)))
        return [*events, measured(value), Finished(reason, raw)]

    def _understood(self, line: str) -> tuple[Mapping[str, Any], Exception | None]:
        """Return the object in a line, and what is to be raised once the words before it are out."""
        try:
            value = self._parsed(line)
        except BackendError as error:
            return {}, error
        if (said := said_in(value)) is not None:
            return {}, RefusedError(said, self._http.error(said))
        return value, None

    def _parsed(self, line: str) -> Mapping[str, Any]:
        try:
            value = parse_json(line)
        except ValueError:
            value = None
        if isinstance(value, dict):
            return value
        if line.lstrip().startswith("<"):
            raise self._http.error(said_in_body(line.encode()), 200)
        raise ProtocolError(shortened(self._http.without_key(line)), host=self._http.host, reason="garbled")

    def _not_ollama(self, answer: Any) -> BackendError:
        said = said_in(answer)
        if said is not None:
            return self._http.error(said)
        return ProtocolError("not the answer of an Ollama server", host=self._http.host, reason="garbled")

    def _refusal(self, error: BackendError) -> BackendError:
        """Return the error, with its reason if it is an empty 403.

        That is the server's check of the host name (it listens for this computer only), not of a key.
        """
        if error.status == 403 and not error.detail:
            return RequestRejected(host=error.host, status=403, reason="host_check")
        return beyond(error)


def _look_of(model: ModelInfo) -> tuple[Any, ...]:
    """Return what models of the same weights have in common in a list."""
    return model.family, model.parameters, model.quantization, model.context_length


def _message(value: Mapping[str, Any]) -> Any:
    """Return the message in a line of `/api/chat`, or the text in one of `/api/generate` as if it were one."""
    text = value.get("response")
    return {"content": text} if isinstance(text, str) else value.get("message")


def _words(message: Any, run: WordRun) -> list[StreamEvent]:
    events: list[StreamEvent] = []
    if isinstance(message, dict):
        thinking, content = message.get("thinking"), message.get("content")
        if isinstance(thinking, str):
            events.extend(run.reasoning(thinking))
        if isinstance(content, str):
            events.extend(run.text(content))
    return events


async def _batches(reply: HttpReply) -> AsyncGenerator[list[str], None]:
    """Yield lines of JSON, together what came together; a page of HTML comes as one line."""
    decoder = NdjsonDecoder()
    page: list[str] | None = None
    async with aclosing(reply.chunks()) as chunks:
        async for chunk in chunks:
            lines: list[str] = []
            for line in decoder.feed(chunk):
                if page is None and line.lstrip().startswith("<"):
                    page = []
                if page is None:
                    lines.append(line)
                elif len(page) < 200:  # the title is all that is wanted of it
                    page.append(line)
            yield lines
    rest = decoder.close()
    yield ["\n".join([*page, *rest])] if page is not None else rest
