"""What the models are said to be, which of them is near, and that a changed connection leaves its replies alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.backend import Backend
from desktop.core.connection import Connection, ConnectionKind, Secrets
from desktop.core.context.window import Window, WindowSource
from desktop.core.events import TextDelta
from desktop.core.message import MessageStatus, user_message
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.place import Place, PlaceKind
from desktop.core.request import ChatRequest
from desktop.runtime.background import BackgroundTasks
from desktop.runtime.models.directory import ModelDirectory
from tests.runtime.conftest import CONNECTION, MakeBench, drain
from tests.support.scripted_backend import Hold, ScriptedBackend
from tests.support.scripted_server import Hold as HoldServer
from tests.support.scripted_server import Reply, running_server
from tests.support.scripts import FORWARDED, MODEL, llama_server_script, ndjson, ollama_end, ollama_line, ollama_script
from tests.support.waiting import PATIENCE

CHOICE = ModelChoice("here", MODEL)


def _server(place: str, address: str, kind: ConnectionKind = ConnectionKind.OLLAMA) -> Connection:
    return Connection(kind=kind, name=place, address=address, id=place)


HERE = _server("here", "http://127.0.0.1:1")
NEAR = _server("near", "http://10.0.0.9:11434")
FAR = _server("far", "https://models.example.com/v1", ConnectionKind.OPENAI_COMPAT)
FILES = _server("files", "", ConnectionKind.BUILT_IN)


def _directory(
    work: BackgroundTasks, qtbot: QtBot, connections: list[Connection], make: Callable[[Connection, str], Backend]
) -> ModelDirectory:
    models = ModelDirectory(work, make, lambda connection: Secrets())
    models.set_connections(connections)
    qtbot.waitUntil(lambda: not models.is_loading, timeout=5000)
    return models


@pytest.mark.parametrize(
    ("connections", "near", "anywhere"),
    [
        ([FAR, FILES, NEAR, HERE], "here", "here"),
        ([FAR, FILES, NEAR], "near", "near"),
        ([FAR, FILES], "files", "files"),
        ([FAR], None, "far"),
        ([], None, None),
    ],
)
def test_the_nearest_model(
    work: BackgroundTasks, qtbot: QtBot, connections: list[Connection], near: str | None, anywhere: str | None
) -> None:
    models = _directory(work, qtbot, connections, lambda connection, key: ScriptedBackend([]))
    assert models.nearest_choice() == (near and ModelChoice(near, "scripted"))
    assert models.nearest_choice(allow_internet=True) == (anywhere and ModelChoice(anywhere, "scripted"))


def test_the_nearest_model_can_chat(work: BackgroundTasks, qtbot: QtBot) -> None:
    offers = {"here": ModelInfo("embed", capabilities=frozenset({"embedding"})), "near": ModelInfo("chat")}
    models = _directory(work, qtbot, [HERE, NEAR], lambda each, key: ScriptedBackend([], [offers[each.id]]))
    assert models.nearest_choice() == ModelChoice("near", "chat")


def test_the_largest_that_runs_here_comes_first_and_no_forwarded_one(work: BackgroundTasks, qtbot: QtBot) -> None:
    gib = 1 << 30
    offers = [
        ModelInfo("newest:1t-cloud", forwarded_to="ollama.com"),
        ModelInfo("newer", size_on_disk=gib),
        ModelInfo("fits", size_on_disk=4 * gib),
        ModelInfo("too-large", size_on_disk=40 * gib),
    ]
    models = ModelDirectory(
        work, lambda each, key: ScriptedBackend([], offers), lambda each: Secrets(), memory=lambda: 16 * gib
    )
    models.set_connections([HERE, NEAR])
    qtbot.waitUntil(lambda: not models.is_loading, timeout=5000)
    for allow_internet in (False, True):
        assert models.nearest_choice(allow_internet=allow_internet) == ModelChoice("here", "fits")
    assert models.choice_at("here") == ModelChoice("here", "fits")
    assert models.choice_at("near") == ModelChoice("near", "too-large"), "whose memory is not this computer's"


@pytest.mark.parametrize("where", [HERE, NEAR])
def test_nothing_is_begun_with_where_all_is_forwarded(work: BackgroundTasks, qtbot: QtBot, where: Connection) -> None:
    offers = [ModelInfo("copied", forwarded_to="ollama.com"), ModelInfo("glm-5.1:cloud")]
    models = _directory(work, qtbot, [where], lambda each, key: ScriptedBackend([], offers))
    assert models.nearest_choice(allow_internet=True) is None
    assert models.choice_at(where.id) is None
    assert models.place_of(ModelChoice(where.id, "copied")) == Place(PlaceKind.INTERNET, "ollama.com")
    assert models.place_of(ModelChoice(where.id, "other")) == where.server_place
    assert models.place_of(ModelChoice("gone", "copied")) is None


class TestDescription:
    def test_of_a_forwarded_model_is_not_asked_for(self, make_bench: MakeBench, qtbot: QtBot) -> None:
        with running_server(ollama_script(forwarded=[FORWARDED])) as server:
            bench = make_bench(OllamaBackend(server.url))
            bench.chat.choose_model(ModelChoice("here", FORWARDED))
            bench.chat.choose_model(CHOICE)
            server.wait_for_requests(1, suffix="/api/show")
            drain(bench.work)
            assert [each.json["model"] for each in server.requests if each.path == "/api/show"] == [MODEL]

    def test_of_the_model_in_front_is_asked_for_once(self, make_bench: MakeBench, qtbot: QtBot) -> None:
        with running_server(llama_server_script()) as server:
            bench = make_bench(OpenAICompatBackend(f"{server.url}/v1", "", load_presets()["llama-server"]))
            listed = bench.models.find(CHOICE)
            assert listed is not None
            assert bench.models.window_of(CHOICE) == Window(131072, WindowSource.TRAINED)
            bench.chat.choose_model(CHOICE)
            qtbot.waitUntil(lambda: bench.models.find(CHOICE) != listed, timeout=5000)
            assert bench.models.find(CHOICE) == replace(listed, loaded_context=8192, sees=False)
            assert bench.models.window_of(CHOICE) == Window(
                8192, WindowSource.LOADED
            )  # what the server was started with
            bench.models.refresh()
            qtbot.waitUntil(lambda: not bench.models.is_loading, timeout=5000)
            bench.chat.new()
            drain(bench.work)
            assert bench.models.find(CHOICE) == replace(listed, loaded_context=8192, sees=False)
            assert [each.path for each in server.requests].count("/props") == 1

    def test_comes_as_soon_as_a_chosen_model_is_listed(self, make_bench: MakeBench, qtbot: QtBot) -> None:
        with running_server(llama_server_script()) as server:
            bench = make_bench(OpenAICompatBackend(f"{server.url}/v1", "", load_presets()["llama-server"]))
            bench.models.set_connections([])
            bench.chat.choose_model(CHOICE)
            bench.models.set_connections([CONNECTION])

            def is_described() -> bool:
                found = bench.models.find(CHOICE)
                return found is not None and found.loaded_context == 8192

            qtbot.waitUntil(is_described, timeout=5000)

    def test_that_fails_leaves_what_was_listed(self, work: BackgroundTasks, qtbot: QtBot) -> None:
        script = ollama_script(**{"POST /api/show": []})
        with running_server(script) as server:
            models = _directory(work, qtbot, [HERE], lambda each, key: OllamaBackend(server.url))
            listed = models.find(CHOICE)
            assert listed is not None
            models.describe(CHOICE)
            server.wait_for_requests(1, suffix="/api/show")
            models.refresh()  # once this has been answered, so has the other
            qtbot.waitUntil(lambda: not models.is_loading, timeout=5000)
            assert models.find(CHOICE) == listed
            assert models.listings[0].failure is None


class _HeldLists(ScriptedBackend):
    """Answers each question for its models when the test gives that answer."""

    def __init__(self, count: int) -> None:
        super().__init__([])
        self.answers: list[Future[list[ModelInfo]]] = [Future() for _ in range(count)]
        self._waiting = iter(self.answers)

    async def list_models(self) -> list[ModelInfo]:
        return await asyncio.shield(asyncio.wrap_future(next(self._waiting)))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in turn", "the newer first"])
def test_what_was_asked_last_counts_whichever_answer_comes_last(
    work: BackgroundTasks, qtbot: QtBot, order: tuple[int, int]
) -> None:
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


def test_a_key_that_was_fetched_before_it_changed_is_not_used(work: BackgroundTasks, qtbot: QtBot) -> None:
    keys, is_asked, go_on = iter(("old", "new")), threading.Event(), threading.Event()
    used: list[str] = []

    def secrets_of(connection: Connection) -> Secrets:
        key = next(keys)
        is_asked.set()
        assert go_on.wait(PATIENCE)
        return Secrets(key)

    def make(connection: Connection, secrets: Secrets) -> ScriptedBackend:
        used.append(secrets.key)
        return ScriptedBackend([])

    models = ModelDirectory(work, make, secrets_of)
    models.set_connections([replace(HERE, has_key=True)])
    assert is_asked.wait(PATIENCE)
    models.forget_key(HERE.id)
    go_on.set()
    qtbot.waitUntil(lambda: not models.is_loading, timeout=5000)
    assert used == ["new"]


class TestChangedConnection:
    @pytest.mark.parametrize("change", ["name", "key"])
    def test_leaves_its_running_reply_alone(self, make_bench: MakeBench, qtbot: QtBot, change: str) -> None:
        reply = ndjson(
            [ollama_line("Half an")], then=[HoldServer(), *ndjson([ollama_line(" answer."), ollama_end()]).steps]
        )
        with running_server(ollama_script(reply)) as server:
            bench = make_bench(OllamaBackend(server.url))
            bench.chat.choose_model(CHOICE)
            bench.chat.send("question")
            generation = bench.running
            qtbot.waitUntil(lambda: generation.builder.has_text, timeout=5000)
            if change == "name":
                bench.models.set_connections([replace(CONNECTION, name="renamed")])
            else:
                bench.models.forget_key("here")
            drain(bench.work)
            with qtbot.waitSignal(bench.chat.generation_ended, timeout=5000):
                server.release()
        assert (bench.path[-1].text, bench.path[-1].status) == ("Half an answer.", MessageStatus.COMPLETE)

    @pytest.mark.parametrize("change", ["key", "way"])
    def test_is_asked_anew_while_it_is_being_asked(self, work: BackgroundTasks, qtbot: QtBot, change: str) -> None:
        script = dict(ollama_script())
        script["GET /api/tags"] = [Reply([HoldServer()]), *script["GET /api/tags"]]
        with running_server(script) as server:
            models = ModelDirectory(work, lambda each, key: OllamaBackend(server.url), lambda each: Secrets())
            models.set_connections([HERE])
            qtbot.waitUntil(lambda: any(each.path == "/api/tags" for each in server.requests), timeout=5000)
            if change == "key":
                models.forget_key("here")
            else:
                models.renew_backends()
            qtbot.waitUntil(lambda: models.find(CHOICE) is not None, timeout=5000)
            drain(work)
            assert models.listings[0].failure is None
            assert models.backend("here") is not None

    def test_closes_the_old_backend_after_its_last_reply(self, work: BackgroundTasks, qtbot: QtBot) -> None:
        made: list[ScriptedBackend] = []
        models = _directory(work, qtbot, [HERE], lambda each, key: _made(made))
        first, second = _read(models, work), _read(models, work)
        models.set_connections([replace(HERE, name="renamed")])
        drain(work)
        first.cancel()
        qtbot.waitUntil(lambda: made[0].was_cancelled, timeout=5000)
        drain(work)
        assert not made[0].was_closed
        second.cancel()
        qtbot.waitUntil(lambda: made[0].was_closed, timeout=5000)

    def test_closes_an_idle_backend_at_once(self, work: BackgroundTasks, qtbot: QtBot) -> None:
        made: list[ScriptedBackend] = []
        models = _directory(work, qtbot, [HERE], lambda each, key: _made(made))
        models.set_connections([])
        drain(work)
        assert made[0].was_closed

    def test_closes_the_old_backend_at_the_end_of_the_program(self, work: BackgroundTasks, qtbot: QtBot) -> None:
        made: list[ScriptedBackend] = []
        models = _directory(work, qtbot, [HERE], lambda each, key: _made(made))
        running = _read(models, work)
        models.set_connections([])
        work.loop.submit(models.aclose()).result(PATIENCE)
        assert made[0].was_closed
        running.cancel()


def _made(backends: list[ScriptedBackend]) -> ScriptedBackend:
    backends.append(ScriptedBackend([TextDelta("a"), Hold()]))
    return backends[-1]


def _read(models: ModelDirectory, work: BackgroundTasks) -> Future[None]:
    """Begin to read a reply of the server here; cancel the future to stop."""
    backend = models.backend("here")
    assert backend is not None
    arrived = threading.Event()

    async def read() -> None:
        async for _ in backend.stream(ChatRequest(model="scripted", messages=(user_message("question"),))):
            arrived.set()

    future = work.loop.submit(read())
    assert arrived.wait(PATIENCE)
    return future
