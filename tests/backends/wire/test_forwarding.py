"""Models that a server forwards: told by its list, asked about by nobody, refused where that was not agreed."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.openai_responses import OpenAIResponsesBackend
from desktop.backends.presets import load_presets
from desktop.backends.wire.http import HttpSettings
from desktop.core.errors import BackendError
from desktop.core.events import Phase
from desktop.core.model import ModelInfo
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.request import ThinkingMode
from tests.backends.outcome import AT_ONCE, Outcome, asking, outcome, run
from tests.support.scripted_server import Reply, Script, ScriptedServer, json_reply
from tests.support.scripts import (
    FORWARDED,
    MODEL,
    forwarded_entry,
    ndjson,
    no_way_on,
    ollama_end,
    ollama_line,
    ollama_lines,
    ollama_script,
    openai_script,
    responses_script,
)

HELLO = ndjson(ollama_lines("Hello"))
CLOUD = Place(PlaceKind.INTERNET, "ollama.com")
LOCKED = HttpSettings(allow_host=lambda place: place.is_local)


def listed(entry: dict[str, Any]) -> tuple[ModelInfo, list[str]]:
    """What is told of a model, and what the server was asked for."""

    async def work() -> tuple[ModelInfo, list[str]]:
        script = dict(ollama_script(HELLO)) | {"GET /api/tags": [json_reply({"models": [entry]})]}
        async with ScriptedServer(script) as server:
            backend = OllamaBackend(server.url)
            try:
                [model] = await backend.list_models()
            finally:
                await backend.aclose()
            return model, [each.path for each in server.requests]

    return run(work())


class TestList:
    def test_of_a_real_server_says_where_a_model_answers(self) -> None:
        model, asked = listed(forwarded_entry(FORWARDED))
        assert (model.name, model.forwarded_to) == (FORWARDED, "ollama.com")
        assert model.size_on_disk is None, "277 bytes are a note about the model, not the model"
        assert model.capabilities == {"completion", "thinking"}
        assert model.context_length == 262_144
        assert asked == ["/api/tags"]

    @pytest.mark.parametrize(
        ("entry", "host"),
        [
            (forwarded_entry("copied:latest"), "ollama.com"),
            (forwarded_entry("m:latest", remote_host=""), "ollama.com"),
            (forwarded_entry("m:latest", remote_model=""), "ollama.com"),
            (forwarded_entry("m:latest", remote_host="http://gpu-server:11434"), "gpu-server"),
            ({"name": FORWARDED, "size": 384}, "ollama.com"),
            ({"name": "glm-5.1:cloud", "size": 5_000_000_000}, "ollama.com"),
            ({"name": MODEL, "size": 384}, ""),
        ],
    )
    def test_one_sign_of_forwarding_is_enough(self, entry: dict[str, Any], host: str) -> None:
        assert listed(entry)[0].forwarded_to == host

    def test_of_an_older_server_asks_about_no_forwarded_one(self) -> None:
        """It leaves the capabilities out, which has each model asked for by itself; these live on the internet."""
        for entry in (forwarded_entry(FORWARDED, ()), {"name": "glm-5.1:cloud", "size": 384}):
            assert listed(entry)[1] == ["/api/tags"]


async def _asked(
    script: Script, settings: HttpSettings | None, place: Place | None, model: str, *, list_first: bool
) -> tuple[Outcome, list[str]]:
    async with ScriptedServer(script) as server:
        backend = OllamaBackend(server.url, settings=settings, retries=AT_ONCE)
        try:
            if list_first:
                await backend.list_models()
            got = await outcome(backend, asking(model=model, place=place))
        finally:
            await backend.aclose()
        return got, [each.path for each in server.requests]


def asked(
    reply: Reply = HELLO,
    settings: HttpSettings | None = None,
    place: Place | None = None,
    model: str = FORWARDED,
    script: Script | None = None,
    *,
    list_first: bool = True,
) -> tuple[Outcome, list[str]]:
    """A question to a server that forwards, and which of its routes were asked."""
    script = script or ollama_script(reply, forwarded=[FORWARDED])
    return run(_asked(script, settings, place, model, list_first=list_first))


class TestLock:
    @pytest.mark.parametrize("list_first", [True, False])
    def test_refuses_a_forwarded_model_before_anything_is_sent(self, list_first: bool) -> None:
        got, routes = asked(settings=LOCKED, place=CLOUD, list_first=list_first)
        assert (got.error.kind, got.error.reason, got.error.host) == ("unreachable", "offline", "ollama.com")
        assert routes == ["/api/tags"]

    def test_asks_the_server_nothing_about_one(self) -> None:
        async def work() -> tuple[BackendError, list[str]]:
            async with ScriptedServer(ollama_script(HELLO, forwarded=[FORWARDED])) as server:
                backend = OllamaBackend(server.url, settings=LOCKED)
                await backend.list_models()
                with pytest.raises(BackendError) as failed:
                    await backend.describe(FORWARDED)
                await backend.aclose()
                return failed.value, [each.path for each in server.requests]

        error, routes = run(work())
        assert error.reason == "offline"
        assert routes == ["/api/tags"]

    def test_leaves_the_server_s_own_models_alone(self) -> None:
        got, _ = asked(settings=LOCKED, place=THIS_COMPUTER, model=MODEL)
        assert got.text == "Hello"

    def test_holds_for_a_gateway_that_only_the_user_knows_of(self) -> None:
        got, routes = asked(settings=LOCKED, place=Place(PlaceKind.INTERNET, "api.example.com"), model=MODEL)
        assert (got.error.reason, got.error.host) == ("offline", "api.example.com")
        assert "/api/chat" not in routes

    @pytest.mark.parametrize("kind", [OpenAICompatBackend, OpenAIResponsesBackend])
    def test_holds_for_ollama_s_other_protocol(self, kind: type[OpenAICompatBackend | OpenAIResponsesBackend]) -> None:
        async def work() -> tuple[Outcome, int]:
            script = openai_script() if kind is OpenAICompatBackend else responses_script()
            async with ScriptedServer(script) as server:
                backend = kind(f"{server.url}/v1", "", load_presets()["openai"], settings=LOCKED, retries=AT_ONCE)
                got = await outcome(backend, asking(model=FORWARDED))
                await backend.aclose()
                return got, len(server.chats)

        got, chats = run(work())
        assert (got.error.reason, got.error.host, chats) == ("offline", "ollama.com", 0)


class TestWhatWasTold:
    @pytest.mark.parametrize("list_first", [True, False])
    @pytest.mark.parametrize("told", [THIS_COMPUTER, Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")])
    def test_a_nearer_place_was_told_than_the_words_would_go_to(self, told: Place, list_first: bool) -> None:
        """The model has a name that says nothing, and was chosen before the server's list had come."""
        entry = forwarded_entry("copied:latest")
        script = dict(ollama_script(HELLO)) | {"GET /api/tags": [json_reply({"models": [entry]})]}
        got, routes = asked(place=told, model="copied:latest", script=script, list_first=list_first)
        assert (got.error.kind, got.error.reason, got.error.host) == ("request_rejected", "forwarded", "ollama.com")
        assert routes == ["/api/tags"]

    def test_a_name_without_a_tag_is_found_in_the_list(self) -> None:
        entry = forwarded_entry("copied:latest")
        script = dict(ollama_script(HELLO)) | {"GET /api/tags": [json_reply({"models": [entry]})]}
        got, _ = asked(place=THIS_COMPUTER, model="copied", script=script, list_first=False)
        assert got.error.reason == "forwarded"

    def test_the_internet_was_told(self) -> None:
        got, routes = asked(place=CLOUD)
        assert got.text == "Hello"
        assert "/api/show" not in routes


def test_a_server_without_a_way_on_is_told_in_its_own_words() -> None:
    got, _ = asked(no_way_on(), place=CLOUD)
    assert (got.error.kind, got.error.reason, got.error.host) == ("unreachable", "forwarding", "ollama.com")
    assert "no such host" in got.error.detail


def test_an_account_that_is_missing_is_not_taken_for_a_key() -> None:
    address = "https://ollama.com/connect?name=laptop&key=c3No"
    got, _ = asked(json_reply({"error": "unauthorized", "signin_url": address}, 401), place=CLOUD)
    assert (got.error.kind, got.error.reason, got.error.host) == ("auth_rejected", "sign_in", "ollama.com")
    assert address in got.error.detail


def test_nothing_is_said_to_be_loading_that_is_elsewhere() -> None:
    got, routes = asked(ndjson([ollama_line("Hello"), ollama_end()]), place=CLOUD)
    assert Phase.LOADING.value not in got.phases
    assert "/api/ps" not in routes


def test_thinking_is_switched_by_what_the_list_says() -> None:
    async def work() -> list[Any]:
        async with ScriptedServer(ollama_script(HELLO, forwarded=[FORWARDED])) as server:
            backend = OllamaBackend(server.url)
            for mode in (ThinkingMode.ON, ThinkingMode.OFF):
                await outcome(backend, asking(model=FORWARDED, mode=mode, place=CLOUD))
            await backend.aclose()
            return [each.json["think"] for each in server.chats]

    assert run(work()) == [True, False]
