"""What the models are said to be, which of them is near, and that a changed connection leaves its replies alone."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from dataclasses import replace

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.connection import Secrets
from desktop.core.events import TextDelta
from desktop.core.message import MessageStatus, user_message
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.window import Window, WindowSource
from desktop.core.place import Place, PlaceKind
from desktop.core.request import ChatRequest
from desktop.runtime.models.directory import Listing, ModelDirectory, sight_of
from tests.runtime.conftest import CONNECTION, FAR, FILES, HERE, NEAR, drain
from tests.support.ollama_window import WindowedModel
from tests.support.scripted_backend import Hold, ScriptedBackend
from tests.support.scripted_server import Hold as HoldServer
from tests.support.scripted_server import Reply, running_server
from tests.support.scripts import FORWARDED, MODEL, llama_server_script, ndjson, ollama_end, ollama_line, ollama_script
from tests.support.waiting import PATIENCE

CHOICE = ModelChoice("here", MODEL)
EMBEDDING = ModelInfo("embed", capabilities=frozenset({"embedding"}))
CLOUD = [ModelInfo("copied", forwarded_to="ollama.com"), ModelInfo("glm-5.1:cloud")]
GIB = 1 << 30
SIZED = [CLOUD[0], *(ModelInfo(name, size_on_disk=n * GIB) for name, n in (("new", 1), ("fits", 4), ("too-large", 40)))]
CHAT = [ModelInfo("chat")]


# The connections with what each offers, the nearest model, and the nearest where the internet is allowed.
NEAREST: list[tuple[dict[str, list[ModelInfo]], str, str]] = [
    ({"far": CHAT, "files": CHAT, "near": CHAT, "here": CHAT}, "here chat", "here chat"),
    ({"far": CHAT, "files": CHAT, "near": CHAT}, "near chat", "near chat"),
    ({"far": CHAT, "files": CHAT}, "files chat", "files chat"),
    ({"far": CHAT}, "", "far chat"),
    ({}, "", ""),
    ({"here": [EMBEDDING], "near": CHAT}, "near chat", "near chat"),
    ({"here": SIZED, "near": SIZED}, "here fits", "here fits"),
    ({"near": SIZED}, "near too-large", "near too-large"),  # whose memory is not this computer's
    ({"here": CLOUD, "near": CLOUD}, "", ""),
]


@pytest.mark.parametrize(("offered", "near", "anywhere"), NEAREST)
def test_the_nearest_model(offer, offered, near, anywhere):
    connections = [each for each in (FAR, FILES, NEAR, HERE) if each.id in offered]
    models = offer(connections, lambda each: ScriptedBackend([], offered[each.id]), memory=lambda: 16 * GIB)
    found = [models.nearest_choice(), models.nearest_choice(allow_internet=True)]
    assert [f"{each.connection_id} {each.model}" if each else "" for each in found] == [near, anywhere]
    if near:
        assert models.choice_at(near.split()[0]) == found[0]
    elif "here" in offered:
        assert models.choice_at("here") is None
        assert models.place_of(ModelChoice("here", "copied")) == Place(PlaceKind.INTERNET, "ollama.com")
        assert models.place_of(ModelChoice("near", "other")) == NEAR.server_place
        assert models.place_of(ModelChoice("gone", "copied")) is None


def test_who_can_look_at_pictures():
    eyes = [ModelInfo("words", sees=False), ModelInfo("eyes", sees=True), replace(EMBEDDING, sees=True)]
    listings = [Listing(FAR, [ModelInfo("far-eyes", sees=True), ModelInfo("far-unknown")]), Listing(HERE, eyes)]
    cases = {
        ("here", "words"): (False, True, ["eyes", "far-eyes"]),  # the nearest first
        ("here", "eyes"): (True, False, ["far-eyes"]),
        ("far", "far-unknown"): (None, False, ["eyes", "far-eyes"]),
        ("far", "gone"): (None, False, ["eyes", "far-eyes"]),
    }
    for choice, (sees, is_blind, others) in cases.items():
        sight = sight_of(listings, ModelChoice(*choice))
        assert (sight.sees, sight.is_blind, [each.title for each in sight.others]) == (sees, is_blind, others), choice
    sight = sight_of(listings, ModelChoice("here", "words"))
    assert (sight.title, sight.others[0].choice) == ("words", ModelChoice("here", "eyes"))
    assert sight_of(listings, None).sees is None


class TestDescription:
    def test_of_a_forwarded_model_is_not_asked_for(self, make_bench, qtbot):
        with running_server(ollama_script(forwarded=[FORWARDED])) as server:
            bench = make_bench(OllamaBackend(server.url))
            bench.chat.choose_model(ModelChoice("here", FORWARDED))
            bench.chat.choose_model(CHOICE)
            server.wait_for_requests(1, suffix="/api/show")
            drain(bench.work)
            assert [each.json["model"] for each in server.requests if each.path == "/api/show"] == [MODEL]

    def test_of_the_model_in_front_is_asked_for_once_it_is_listed(self, make_bench, qtbot):
        with running_server(llama_server_script()) as server:
            bench = make_bench(OpenAICompatBackend(f"{server.url}/v1", "", load_presets()["llama-server"]))
            models, listed = bench.models, bench.models.find(CHOICE)
            assert listed is not None
            assert models.window_of(CHOICE) == Window(131072, WindowSource.TRAINED)
            models.set_connections([])
            bench.chat.choose_model(CHOICE)
            models.set_connections([CONNECTION])
            told = replace(listed, loaded_context=8192, sees=False)
            qtbot.waitUntil(lambda: models.find(CHOICE) == told)
            assert models.window_of(CHOICE) == Window(8192, WindowSource.LOADED)  # what it was started with
            models.refresh()
            qtbot.waitUntil(lambda: not models.is_loading)
            bench.chat.new()
            drain(bench.work)
            assert models.find(CHOICE) == told
            assert [each.path for each in server.requests].count("/props") == 1


class _HeldLists(ScriptedBackend):
    """Answers each question for its models when the test gives that answer."""

    def __init__(self, count):
        super().__init__([])
        self.answers: list[Future[list[ModelInfo]]] = [Future() for _ in range(count)]
        self._waiting = iter(self.answers)

    async def list_models(self):
        return await asyncio.shield(asyncio.wrap_future(next(self._waiting)))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in turn", "the newer first"])
def test_what_was_asked_last_counts_whichever_answer_comes_last(work, order):
    backend = _HeldLists(2)
    models = ModelDirectory(work, lambda each, key: backend, lambda each: Secrets())
    models.set_connections([FILES])
    drain(work)  # so that it has been asked
    models.refresh(FILES.id)
    drain(work)
    for each in order:
        backend.answers[each].set_result([ModelInfo(("before", "now")[each])])
        for _ in range(3):
            drain(work)  # the answer goes to the loop, from there to the window, and is taken
        assert models.is_loading == (models.find(ModelChoice(FILES.id, "now")) is None)
    assert [model.name for model in models.listings[0].models or []] == ["now"]


def test_a_key_that_was_fetched_before_it_changed_is_not_used(work, qtbot):
    keys, is_asked, go_on = iter(("old", "new")), threading.Event(), threading.Event()
    used: list[str] = []

    def secrets_of(connection):
        key = next(keys)
        is_asked.set()
        assert go_on.wait(PATIENCE)
        return Secrets(key)

    def make(connection, secrets):
        used.append(secrets.key)
        return ScriptedBackend([])

    models = ModelDirectory(work, make, secrets_of)
    models.set_connections([replace(HERE, has_key=True)])
    assert is_asked.wait(PATIENCE)
    models.forget_key(HERE.id)
    go_on.set()
    qtbot.waitUntil(lambda: not models.is_loading)
    assert used == ["new"]


class TestChangedConnection:
    @pytest.mark.parametrize("change", ["name", "key"])
    def test_leaves_its_running_reply_alone(self, make_bench, qtbot, change):
        rest = ndjson([ollama_line(" answer."), ollama_end()]).steps
        reply = ndjson([ollama_line("Half an")], then=[HoldServer(), *rest])
        with running_server(ollama_script(reply)) as server:
            bench = make_bench(OllamaBackend(server.url))
            bench.chat.choose_model(CHOICE)
            bench.chat.send("question")
            generation = bench.running
            qtbot.waitUntil(lambda: generation.builder.has_text)
            if change == "name":
                bench.models.set_connections([replace(CONNECTION, name="renamed")])
            else:
                bench.models.forget_key("here")
            drain(bench.work)
            with qtbot.waitSignal(bench.chat.generation_ended):
                server.release()
        assert (bench.path[-1].text, bench.path[-1].status) == ("Half an answer.", MessageStatus.COMPLETE)

    @pytest.mark.parametrize("change", ["key", "way"])
    def test_is_asked_anew_while_it_is_being_asked(self, work, qtbot, change):
        script = dict(ollama_script())
        script["GET /api/tags"] = [Reply([HoldServer()]), *script["GET /api/tags"]]
        with running_server(script) as server:
            models = ModelDirectory(work, lambda each, key: OllamaBackend(server.url), lambda each: Secrets())
            models.set_connections([HERE])
            qtbot.waitUntil(lambda: any(each.path == "/api/tags" for each in server.requests))
            if change == "key":
                models.forget_key("here")
            else:
                models.renew_backends()
            qtbot.waitUntil(lambda: models.find(CHOICE) is not None)
            drain(work)
            assert models.listings[0].failure is None
            assert models.backend(CHOICE) is not None
            work.loop.submit(models.aclose()).result(PATIENCE)

    def test_closes_the_old_backend_after_its_last_reply(self, work, offer, qtbot):
        backend = ScriptedBackend([TextDelta("a"), Hold()])
        models = offer([HERE], lambda _: backend)
        first, second = _read(models, work), _read(models, work)
        models.set_connections([])
        drain(work)
        first.cancel()
        qtbot.waitUntil(lambda: backend.was_cancelled)
        drain(work)
        assert not backend.was_closed
        second.cancel()
        qtbot.waitUntil(lambda: backend.was_closed)


def _read(models, work):
    """Begin to read a reply of the server here; cancel the future to stop."""
    backend = models.backend(CHOICE)
    assert backend is not None
    arrived = threading.Event()

    async def read():
        async for _ in backend.stream(ChatRequest(model="scripted", messages=(user_message("question"),))):
            arrived.set()

    future = work.loop.submit(read())
    assert arrived.wait(PATIENCE)
    return future


# What is measured of models while they answer, and that it is used: a real client of a scripted Ollama.


PAGES = "The rent is due on the first of each month. " * 600


def ask(bench, qtbot, *texts):
    for text in texts:
        with qtbot.waitSignal(bench.chat.generation_ended):
            assert bench.chat.send(text)
    drain(bench.work)


def opened(make_bench, server):
    bench = make_bench(OllamaBackend(server.url, poll_interval=0.01))
    bench.chat.choose_model(CHOICE)
    return bench


def test_a_model_holds_what_it_was_made_for_until_its_server_tells(make_bench, qtbot):
    with running_server(WindowedModel().script) as server:
        bench = opened(make_bench, server)
        assert bench.models.window_of(CHOICE) == Window(40_960, WindowSource.TRAINED)
        ask(bench, qtbot, "Hi")
        assert bench.models.window_of(CHOICE) == Window(4_096, WindowSource.LOADED)
        assert bench.models.reach_of(CHOICE) == Window(32_768, WindowSource.ASKED)  # without asking the user
        assert [chat.json.get("options") for chat in server.chats] == [None]


def test_a_server_that_takes_no_other_window_is_told_of_as_it_is(make_bench, qtbot):
    with running_server(WindowedModel(is_fixed=True).script) as server:
        bench = opened(make_bench, server)
        ask(bench, qtbot, PAGES)
        failure = bench.path[-1].failure
        assert failure is not None
        assert (failure.kind, failure.available) == ("context_too_long", 4_096)
        stored = bench.stored().path(bench.chat.current.id)[-1].failure
        assert stored == failure
        assert bench.models.window_of(CHOICE) == Window(4_096, WindowSource.LOADED)
