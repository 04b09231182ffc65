"""Models that a server forwards: told by its list, asked about by nobody, refused where that was not agreed."""

from __future__ import annotations

from contextlib import aclosing

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.openai_responses import OpenAIResponsesBackend
from desktop.backends.presets import load_presets
from desktop.backends.wire.http import HttpSettings
from desktop.core.errors import BackendError
from desktop.core.events import Phase
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.request import ThinkingMode
from tests.backends.outcome import AT_ONCE, asking, outcome, run
from tests.support.scripted_server import ScriptedServer, json_reply
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
GATEWAY = Place(PlaceKind.INTERNET, "api.example.com")
HOUSE = Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")
LOCKED = HttpSettings(allow_host=lambda place: place.is_local)
ENTRY = forwarded_entry(FORWARDED)
COPIED = forwarded_entry("copied:latest")  # a name that says nothing


async def _asked(work, reply, entry, settings):
    script = {**ollama_script(reply, forwarded=[FORWARDED]), "GET /api/tags": [json_reply({"models": [entry]})]}
    async with ScriptedServer(script) as server:
        async with aclosing(OllamaBackend(server.url, settings=settings, retries=AT_ONCE)) as backend:
            try:
                found = await work(backend)
            except BackendError as error:
                found = error
        return found, [each.path for each in server.requests]


def listed(entry):
    """What is told of a model, and what the server was asked for."""
    found, routes = run(_asked(lambda backend: backend.list_models(), HELLO, entry, None))
    return found[0], routes


def asked(told, model=FORWARDED, *, reply=HELLO, entry=ENTRY, settings=None, list_first=True):
    """A question to a server that forwards, and which of its routes were asked; `told`: where the words would go."""

    async def work(backend):
        if list_first:
            await backend.list_models()
        return await outcome(backend, asking(model=model, place=told))

    return run(_asked(work, reply, entry, settings))


def test_the_list_of_a_real_server_says_where_a_model_answers():
    model, routes = listed(ENTRY)
    assert (model.name, model.forwarded_to) == (FORWARDED, "ollama.com")
    assert model.size_on_disk is None, "277 bytes are a note about the model, not the model"
    assert (model.capabilities, model.context_length) == ({"completion", "thinking"}, 262_144)
    assert routes == ["/api/tags"]


@pytest.mark.parametrize(
    ("entry", "host"),
    [
        (COPIED, "ollama.com"),
        (forwarded_entry("m:latest", remote_host=""), "ollama.com"),
        (forwarded_entry("m:latest", remote_model=""), "ollama.com"),
        (forwarded_entry("m:latest", remote_host="http://gpu-server:11434"), "gpu-server"),
        # An older server leaves the capabilities out, which has each model asked for by itself, but for these.
        (forwarded_entry(FORWARDED, ()), "ollama.com"),
        ({"name": FORWARDED, "size": 384}, "ollama.com"),
        ({"name": "glm-5.1:cloud", "size": 5_000_000_000}, "ollama.com"),
        ({"name": MODEL, "size": 384}, ""),
    ],
)
def test_one_sign_of_forwarding_is_enough(entry, host):
    model, routes = listed(entry)
    assert model.forwarded_to == host
    assert not host or routes == ["/api/tags"]


REFUSED = [
    *(({"told": CLOUD, "settings": LOCKED, "list_first": first}, "offline", "ollama.com") for first in (True, False)),
    # The model was chosen before the server's list had come, and a nearer place was told.
    *(
        ({"told": told, "model": "copied:latest", "entry": COPIED, "list_first": first}, "forwarded", "ollama.com")
        for told in (THIS_COMPUTER, HOUSE)
        for first in (True, False)
    ),
    ({"told": THIS_COMPUTER, "model": "copied", "entry": COPIED, "list_first": False}, "forwarded", "ollama.com"),
]


@pytest.mark.parametrize(("question", "reason", "host"), REFUSED)
def test_what_was_not_agreed_is_refused_before_anything_is_sent(question, reason, host):
    got, routes = asked(**question)
    assert (got.error.reason, got.error.host, routes) == (reason, host, ["/api/tags"])


def test_the_lock_holds_for_a_gateway_that_only_the_user_knows_of_and_leaves_the_servers_own_models_alone():
    got, routes = asked(GATEWAY, MODEL, settings=LOCKED)
    assert (got.error.reason, got.error.host) == ("offline", "api.example.com")
    assert "/api/chat" not in routes
    assert asked(THIS_COMPUTER, MODEL, settings=LOCKED)[0].text == "Hello"


def test_under_the_lock_nothing_is_asked_about_a_forwarded_model():
    async def work(backend):
        await backend.list_models()
        return await backend.describe(FORWARDED)

    error, routes = run(_asked(work, HELLO, ENTRY, LOCKED))
    assert (error.reason, routes) == ("offline", ["/api/tags"])


@pytest.mark.parametrize("kind", [OpenAICompatBackend, OpenAIResponsesBackend])
async def test_the_lock_holds_for_ollamas_other_protocols(kind):
    script = openai_script() if kind is OpenAICompatBackend else responses_script()
    async with ScriptedServer(script) as server:
        backend = kind(f"{server.url}/v1", "", load_presets()["openai"], settings=LOCKED, retries=AT_ONCE)
        got = await outcome(backend, asking(model=FORWARDED))
        await backend.aclose()
    assert (got.error.reason, got.error.host, server.chats) == ("offline", "ollama.com", [])


def test_where_the_internet_was_told_it_is_asked_and_nothing_is_said_to_be_loading():
    got, routes = asked(CLOUD, reply=ndjson([ollama_line("Hello"), ollama_end()]))
    assert (got.text, Phase.LOADING.value in got.phases) == ("Hello", False)
    assert not {"/api/show", "/api/ps"} & set(routes)


SIGN_IN = "https://ollama.com/connect?name=laptop&key=c3No"


@pytest.mark.parametrize(
    ("reply", "kind", "reason", "words"),
    [
        (no_way_on(), "unreachable", "forwarding", "no such host"),
        # An account that is missing is not taken for a key.
        (json_reply({"error": "unauthorized", "signin_url": SIGN_IN}, 401), "auth_rejected", "sign_in", SIGN_IN),
    ],
)
def test_what_is_behind_the_server_is_told_of(reply, kind, reason, words):
    error = asked(CLOUD, reply=reply)[0].error
    assert (error.kind, error.reason, error.host) == (kind, reason, "ollama.com")
    assert words in error.detail


async def test_thinking_is_switched_by_what_the_list_says():
    async with ScriptedServer(ollama_script(HELLO, forwarded=[FORWARDED])) as server:
        backend = OllamaBackend(server.url)
        for mode in (ThinkingMode.ON, ThinkingMode.OFF):
            await outcome(backend, asking(model=FORWARDED, mode=mode, place=CLOUD))
        await backend.aclose()
        assert [each.json["think"] for each in server.chats] == [True, False]
