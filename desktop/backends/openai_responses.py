"""OpenAI's Responses API, for models that think; all others of the same server are requested by `openai_compat`.

A model that turns out to know the other protocol only is requested by that one from then on. Writing bodies is
`openai/responses_request.py`, reading events `openai/responses_events.py`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from typing import Any

from desktop.backends.attempts import Attempts
from desktop.backends.openai.responses_events import ResponseEvents, ResponseStep
from desktop.backends.openai.responses_request import LearntOfResponses, learnt_of_responses, responses_body
from desktop.backends.openai.stream import StreamMark, batches
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.reasoning_splitter import ReasoningSplitter, WordRun
from desktop.backends.wire.error_bodies import RefusedError, ServerSaid
from desktop.backends.wire.forwarding import check_forwarding
from desktop.backends.wire.http import HttpClient, HttpSettings
from desktop.backends.wire.http_reply import END_LAG, HttpReply
from desktop.backends.wire.retrying import RetryPolicy
from desktop.core.connections.api_address import AddressError, api_address
from desktop.core.connections.provider import ProviderPreset
from desktop.core.errors import BackendError, ContentFiltered, ProtocolError, StreamBroken
from desktop.core.events import (
    Failed,
    Finished,
    FinishReason,
    Phase,
    Progress,
    Started,
    StreamEvent,
    UsageReported,
)
from desktop.core.message import Split
from desktop.core.model import ModelInfo
from desktop.core.outgoing.messages import ways_to_go_on
from desktop.core.request import ChatRequest
from desktop.core.trust.ledger import purpose_of


class OpenAIResponsesBackend:
    """A client of the server at `base_url` that speaks both of OpenAI's protocols."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        preset: ProviderPreset,
        *,
        settings: HttpSettings | None = None,
        retries: RetryPolicy | None = None,
    ) -> None:
        self._chat = OpenAICompatBackend(base_url, api_key, preset, settings=settings, retries=retries)
        with suppress(AddressError):  # every request will say that the address cannot be used
            base_url = api_address(base_url)
        self._http = HttpClient(base_url, api_key, settings)
        self._preset = preset
        self._attempts = Attempts(self, retries or RetryPolicy(), api_key)
        self._learnt: dict[str, LearntOfResponses] = {}
        self._by_responses: dict[str, bool] = {}  # what the server has said of a model, against the preset

    async def list_models(self) -> list[ModelInfo]:
        return await self._chat.list_models()

    async def describe(self, model: str) -> ModelInfo:
        return await self._chat.describe(model)

    async def count_prompt(self, request: ChatRequest) -> int | None:
        return await self._chat.count_prompt(request)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Stream one reply; cancelling the task closes the connection, which ends the response on the server."""
        is_started = False
        for is_last in (False, True):
            by_responses = self._is_asked_by_responses(request.model)
            made = self._attempts.stream(request) if by_responses else self._chat.stream(request)
            async with aclosing(made) as events:
                async for event in events:
                    match event:
                        case Started() if is_started:
                            continue
                        case Failed(error) if not is_last and _is_for_the_other(error, by_responses):
                            self._by_responses[request.model] = not by_responses
                            break
                        case _:
                            is_started = True
                            yield event
                else:
                    return

    async def aclose(self) -> None:
        await self._chat.aclose()
        await self._http.aclose()

    def _is_asked_by_responses(self, model: str) -> bool:
        thinks = bool(self._preset.for_model(model).efforts)
        return self._by_responses.get(model, thinks)

    async def ways(self, request: ChatRequest) -> list[ChatRequest]:
        """Return the one request to make: the API cannot go on with a reply that has begun, it is asked to."""
        check_forwarding(self._http, ModelInfo(request.model), request)
        return ways_to_go_on(request, from_last_character=False, with_thinking=False)[-1:]

    def body(self, way: ChatRequest) -> dict[str, Any]:
        return responses_body(self._preset.for_model(way.model), way, self._learnt.get(way.model))

    def splitter(self, way: ChatRequest, body: Mapping[str, Any], *, has_begun: bool) -> ReasoningSplitter:
        return ReasoningSplitter(has_begun=has_begun, split=Split.AUTO if has_begun else way.split)

    def learn_from(self, refused: RefusedError, way: ChatRequest, body: Mapping[str, Any]) -> dict[str, Any] | None:
        before = self._learnt.get(way.model, LearntOfResponses())
        after = learnt_of_responses(refused.said, refused.error.status, body, before)
        if after is None:
            return None
        self._learnt[way.model] = after
        return {}

    async def reply(
        self, way: ChatRequest, body: Mapping[str, Any], splitter: ReasoningSplitter
    ) -> AsyncGenerator[StreamEvent, None]:
        reply = await self._http.open("POST", "/responses", body, accept="text/event-stream", purpose=purpose_of(way))
        try:
            if reply.status >= 400:
                said = await reply.said()
                raise RefusedError(said, reply.error_for(said))
            yield Progress(Phase.READING)
            async with aclosing(self._events(reply, splitter)) as events:
                async for event in events:
                    yield event
        finally:
            await reply.aclose()

    async def _events(self, reply: HttpReply, splitter: ReasoningSplitter) -> AsyncGenerator[StreamEvent, None]:
        response = ResponseEvents()
        end: ResponseStep | None = None
        thinks = False
        async with aclosing(batches(self._http, reply)) as coming:
            async for batch in coming:
                run = WordRun(splitter)
                for value in batch:
                    if isinstance(value, StreamMark) or end is not None:
                        continue
                    step = ResponseStep(said=value) if isinstance(value, ServerSaid) else response.read(value)
                    if step.usage is not None:
                        yield UsageReported(step.usage)
                    for event in (*run.reasoning(step.reasoning), *run.text(step.text)):
                        yield event
                    if step.said is not None:
                        for event in run.close():
                            yield event
                        raise RefusedError(step.said, self._error(step.said))
                    if step.thinks and not thinks:
                        thinks = True
                        for event in (*run.close(), Progress(Phase.THINKING)):
                            yield event
                    if step.finish is not None:
                        end = step
                        reply.patience = END_LAG
                for event in run.close():
                    yield event
        if end is None or end.finish is None:
            raise StreamBroken("the stream ended before the reply did", host=self._http.host, reason="eof")
        for event in splitter.end(by_itself=end.finish is FinishReason.STOP):
            yield event
        if not splitter.has_words:
            if end.finish is FinishReason.STOP:
                raise ProtocolError("the reply has no words", host=self._http.host, reason="empty")
            if end.finish is FinishReason.CONTENT_FILTER:
                raise ContentFiltered(host=self._http.host)
        yield Finished(end.finish, end.raw_finish)

    def _error(self, said: ServerSaid) -> BackendError:
        """Return the error of an event; the server's own failing counts as the status it would have had."""
        return self._http.error(said, 500 if said.code == "server_error" else None)


def _is_for_the_other(error: BackendError, by_responses: bool) -> bool:
    """Return True if a model, or the whole server, knows the other protocol only."""
    words = error.detail.lower()
    is_missing = isinstance(error, ProtocolError) and error.status in (404, 405)
    return is_missing or ("chat/completions" if by_responses else "v1/responses") in words or "responses api" in words
