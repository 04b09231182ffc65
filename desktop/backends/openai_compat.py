"""OpenAI's two protocols: `/chat/completions` of llama-server, vLLM, DeepSeek and every other, and `/responses`.

Servers differ by their `ProviderPreset` and by what they teach with their refusals, which is remembered for each model.
Writing bodies and reading replies is `openai/chat.py` and `openai/responses.py`, what is told of models
`openai/models.py`.

Of a server that speaks both, models that think are asked by Responses. One that turns out to know the other protocol
only is asked by that from then on.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from itertools import count
from typing import Any

from desktop.backends.openai.chat import (
    CONTROL_FIELD,
    ChatReply,
    Learnt,
    learnt_from,
    request_body,
    room_left,
    thinking_fields,
)
from desktop.backends.openai.models import (
    ListedModel,
    model_of_entry,
    models_listed,
    opens_thinking,
    own_entries,
    with_own_entry,
    with_props,
    with_template,
)
from desktop.backends.openai.responses import ResponseReply, learnt_from_response, responses_body
from desktop.backends.replies import ChatClient, ReasoningSplitter, ReplyReader, RetryPolicy
from desktop.backends.wire.error_bodies import RefusedError, ServerSaid, said_in
from desktop.backends.wire.http import HttpClient, HttpSettings
from desktop.core.connection import ApiFamily, ContinueWay, ProviderPreset
from desktop.core.connections import AddressError, api_address
from desktop.core.errors import BackendError, ModelMissing, ProtocolError
from desktop.core.events import Phase, Progress, StreamEvent
from desktop.core.message import Split
from desktop.core.model import ModelInfo
from desktop.core.outgoing import ways_to_go_on
from desktop.core.request import ChatRequest, ThinkingMode
from desktop.core.trust import purpose_of

CUSTOM = ProviderPreset(id="custom", name="Other server", address="", needs_key=False)

# A server that says "ready" and "loading" in turn is not loading.
_MAX_LOADS = 5
_HEALTH_INTERVAL = 0.5
_TO_FORGET = 10.0  # seconds


class OpenAICompatBackend(ChatClient):
    """A client of the server at `base_url`, in any form that `core.connections` reads."""

    def __init__(
        self,
        base_url: str,
        api_key: str = "",
        preset: ProviderPreset = CUSTOM,
        *,
        settings: HttpSettings | None = None,
        retries: RetryPolicy | None = None,
        finish_grace: float = 5.0,
    ) -> None:
        with suppress(AddressError):  # every request will say that the address cannot be used
            base_url = api_address(base_url)
        super().__init__(HttpClient(base_url, api_key, settings), api_key, retries)
        self._root = self.http.base_url.removesuffix("/v1")  # llama-server's own routes stand beside /v1
        self.preset = preset
        self._finish_grace = finish_grace
        self.learnt: dict[str, Learnt] = {}
        self._opens_when_unsplit: set[str] = set()  # told by the template
        self._windows: dict[str, int] = {}  # tokens, of the models whose window is told
        self._by_responses: dict[str, bool] = {}  # what the server has said of a model, against the preset

    async def list_models(self) -> list[ModelInfo]:
        """Return the models on offer, in the server's order; embedding models are marked by their capabilities."""
        models = [info for _, info in await self._offered()]
        for model in models:
            self._note_window(model)
        if self.preset.tokenize_path:
            return [replace(model, thinking_modes=()) for model in models]  # told when one is described
        return models

    async def describe(self, model: str) -> ModelInfo:
        """Return what the list tells of one model, and what a server of one's own adds. Raises `ModelMissing`."""
        found = next((each for each in await self._offered() if each[0].name == model), None)
        if found is None:
            raise ModelMissing(host=self.http.host)
        entry, info = found
        if self.preset.tokenize_path:
            url = f"{self._root}{self.preset.tokenize_path}"
            info, opens = await with_template(self.http, url, info, self.preset.template_switches)
            if opens:
                self.opens_thinking.add(model)
        if entry.is_of_llama_server and (props := await self._told("/props")) is not None:
            question = {"messages": [{"role": "user", "content": "?"}]}
            if opens_thinking(await self._told("/apply-template", question)):
                self._opens_when_unsplit.add(model)
            info = with_props(info, props)
        self._note_window(info)
        return info

    async def forget_prompt(self) -> None:
        """Have llama-server forget the prompt that it has in front of it; it ends what it is reading first."""
        with suppress(BackendError):
            await self.http.json("POST", f"{self._root}/slots/0?action=erase", {}, limit=_TO_FORGET)

    def _note_window(self, model: ModelInfo) -> None:
        if window := model.loaded_context or model.served_context:
            self._windows[model.name] = window

    async def _offered(self) -> list[tuple[ListedModel, ModelInfo]]:
        """Return the entries of the list, each with what it and the server's own list tell of the model."""
        answer = await self.http.json("GET", "/models")
        if (said := said_in(answer)) is not None:
            raise self.http.error(said)
        entries = models_listed(answer)
        if entries is None:
            raise ProtocolError("not a list of models", host=self.http.host, reason="garbled")
        own = own_entries(await self._told(self.preset.details_path)) if self.preset.details_path else {}
        return [(each, with_own_entry(model_of_entry(self.preset, each), own.get(each.name))) for each in entries]

    async def _told(self, route: str, question: Any = None) -> Any:
        """Return what one of the server's own routes tells; None where it is missing, in old versions, or closed."""
        try:
            return await self.http.json("GET" if question is None else "POST", f"{self._root}{route}", question)
        except BackendError:
            return None

    async def ways(self, request: ChatRequest) -> list[ChatRequest]:
        """Return the requests that may be made for this one; more than one only if the rest of a reply is wanted."""
        self.http.check_forwarding(ModelInfo(request.model), request)  # Ollama speaks this protocol, too
        knows_way = self.preset.continue_way is not ContinueWay.ASK and self.can_go_on(request)
        with_thinking = self.preset.continue_thinking
        from_tags = knows_way and self.preset.continue_way is ContinueWay.FINAL_MESSAGE and not with_thinking
        return ways_to_go_on(request, from_last_character=knows_way, with_thinking=with_thinking, from_tags=from_tags)

    def body(self, way: ChatRequest) -> dict[str, Any]:
        preset, learnt = self.preset.for_model(way.model), self.learnt.get(way.model)
        thinks = self.preset.api is ApiFamily.RESPONSES and bool(preset.efforts)
        if self._by_responses.get(way.model, thinks):
            return responses_body(preset, way, learnt)
        return request_body(preset, way, learnt, self._windows.get(way.model))

    def splitter(self, way: ChatRequest, body: Mapping[str, Any], *, has_begun: bool) -> ReasoningSplitter:
        sent = thinking_fields(self.preset.for_model(way.model), way.thinking).keys() & body.keys()
        off = way.thinking.mode is ThinkingMode.OFF and bool(sent)
        unsplit = "reasoning_format" in body
        # What the template says counts only for a reply that the server was asked not to split. (`/props` is no help
        # in this: its reasoning_format is "none" also where the server splits.)
        inside = way.model in self.opens_thinking or (unsplit and way.model in self._opens_when_unsplit)
        partial = way.partial_reply
        has_thought = partial is not None and (partial.has_words or bool(partial.answer_by))
        return ReasoningSplitter(
            starts_inside=inside and not off and not has_thought,
            thinking_off=off,
            has_begun=has_begun,
            split=Split.AUTO if has_thought else way.split,
        )

    def learn_from(
        self, refused: RefusedError, way: ChatRequest, body: Mapping[str, Any], tried: set[str]
    ) -> dict[str, Any] | None:
        if "peg-native" in refused.said.labels and "reasoning_format" not in body:
            # The reply did not fit the grammar made from the template: have it unsplit, and split it here.
            return {"reasoning_format": "none"}
        by_responses = "input" in body  # what is known of the model may have changed since, by another reply
        if self.preset.api is ApiFamily.RESPONSES and _is_for_the_other(refused.error, by_responses):
            if "the other" in tried:  # neither knows it
                self._by_responses.pop(way.model, None)
                return None
            tried.add("the other")
            self._by_responses[way.model] = not by_responses
            return {}
        if (room := room_left(refused.error, refused.said, body)) is not None:
            return room
        learn = learnt_from_response if by_responses else learnt_from
        before = self.learnt.get(way.model, Learnt())
        after = learn(refused.said, refused.error.status, body, before)
        if after == before:
            return None
        self.learnt[way.model] = after
        return {}

    async def reply(
        self, way: ChatRequest, body: Mapping[str, Any], splitter: ReasoningSplitter
    ) -> AsyncGenerator[StreamEvent, None]:
        # The rest of a reply may be asked for beside /v1.
        beside = self.preset.continue_path if way.partial_reply is not None else ""
        path, purpose = f"{self._root}{beside}/chat/completions" if beside else "/chat/completions", purpose_of(way)
        control = self.preset.control_path if CONTROL_FIELD in body else ""
        reader: ReplyReader = ChatReply(self.http, splitter, control, self._finish_grace)
        if "input" in body:
            path, reader = "/responses", ResponseReply(self.http, splitter)
        for loads in count():
            asking = self.http.open("POST", path, body, accept="text/event-stream", purpose=purpose)
            async with aclosing(await asking) as reply:
                if reply.status < 400:
                    async with aclosing(reader.events(reply)) as events:
                        async for event in events:
                            yield event
                    return
                refused = await reply.refusal()
                if loads == _MAX_LOADS or not _is_loading(refused.said):
                    raise refused
            yield Progress(Phase.LOADING)
            is_loading = True
            while is_loading:
                await self.retries.sleep(_HEALTH_INTERVAL)
                async with aclosing(await self.http.open("GET", f"{self._root}/health", limit=10.0)) as health:
                    is_loading = health.status == 503


def _is_loading(said: ServerSaid) -> bool:
    """Return True for llama-server's reply to everything while it loads a model."""
    words = said.message.lower()
    return "loading model" in words or (said.kind == "unavailable_error" and "loading" in words)


def _is_for_the_other(error: BackendError, by_responses: bool) -> bool:
    """Return True if a model, or the whole server, knows the other protocol only."""
    words = error.detail.lower()
    is_missing = isinstance(error, ProtocolError) and error.status in (404, 405)
    return is_missing or ("chat/completions" if by_responses else "v1/responses") in words or "responses api" in words
