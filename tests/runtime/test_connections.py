"""Saved, found and built-in connections, over scripted backends and a keyring in memory; and how one is tested."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.core.connection import Connection, ConnectionKind, ProxyMode, Route, Secrets
from desktop.core.errors import AuthRejected
from desktop.core.model import ModelInfo
from desktop.core.policy.fixed import Policy
from desktop.runtime.models.connections import BUILT_IN_ID, Connections, check_model, model_to_ask
from desktop.runtime.models.directory import ModelDirectory
from desktop.store.keys import KeyRing, KeyStorage
from tests.runtime.conftest import services_of
from tests.support.scripted_backend import ScriptedBackend
from tests.support.scripted_server import Hold, Reply, ScriptedServer, json_reply
from tests.support.scripts import MODEL, ndjson, ollama_lines, ollama_script, openai_chunks, openai_script, sse


class MemoryKeys(KeyRing):
    """Keys by origin, and every question that was asked."""

    def __init__(self):
        super().__init__()
        self.kept: dict[str, str] = {}
        self.asked: list[str] = []

    def get(self, origin):
        self.asked.append(origin)
        return self.kept.get(origin)

    def set(self, origin, key):
        self.kept[origin] = key
        return KeyStorage.KEYRING

    def delete(self, origin):
        return self.kept.pop(origin, None) is not None


class Case:
    """The connections; `used` lists those that backends were made for, each with its key, once for each question."""

    def __init__(self, work, qtbot, found, starter):
        self.keys = MemoryKeys()
        self.made: list[tuple[Connection, str]] = []
        self.listed: list[str] = []  # the connection, once for each time that it is asked for its models
        self.failure: AuthRejected | None = None
        self._qtbot = qtbot
        case = self

        class Counted(ScriptedBackend):
            def __init__(self, connection):
                super().__init__([], [ModelInfo("m")], case.failure)
                self._connection = connection

            async def list_models(self):
                case.listed.append(self._connection.id)
                return await super().list_models()

        def backend(connection, secrets):
            self.made.append((connection, secrets.key))
            return Counted(connection)

        async def probe():
            return found

        self.models = ModelDirectory(work, backend, lambda each: self.connections.secrets_of(each))
        self.services = services_of(work, self.models)
        self.connections = Connections(self.services, probe, lambda: self.keys, lambda: starter, "Engine")

    def look(self):
        """Look what there is, and return its ids."""
        with self._qtbot.waitSignal(self.connections.settled):
            self.connections.look()
        return [each.connection.id for each in self.models.listings]

    def save(self, connection, typed=None):
        """Save one, wait until its secrets are kept, and return it as it is saved."""
        if typed is None:
            self.connections.save(connection, Secrets())
        else:
            with self._qtbot.waitSignal(self.connections.key_stored) as stored:
                self.connections.save(connection, typed)
            assert stored.args == ["keyring"]
        self._qtbot.waitUntil(lambda: bool(self.models.listings) and not self.models.is_loading)
        return next(each for each in self.connections.saved if each.id == connection.id)

    def wait_kept(self, kept):
        self._qtbot.waitUntil(lambda: self.keys.kept == kept)


OLLAMA = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434")
SERVER = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Server", address="https://models.example.com/v1")
MOVED = replace(SERVER, address="https://elsewhere.example.com/v1")
PROXY, MINE = "proxy+http://proxy.example:3128", f"certificate://{SERVER.id}"


@pytest.fixture
def make_case(work, qtbot):
    return lambda found=(), starter=None: Case(work, qtbot, list(found), starter)


@pytest.fixture
def case(make_case):
    return make_case()


def test_what_there_is(make_case, tmp_path):
    """A found server has the same name at every start, and stands beside no saved one of the same address."""
    assert make_case([OLLAMA]).look() == make_case([replace(OLLAMA, id="x")]).look() == ["http://127.0.0.1:11434"]
    saved = make_case([OLLAMA])
    saved.connections.saved = (replace(OLLAMA, id="mine"), SERVER)
    assert saved.look() == ["mine", SERVER.id]
    assert saved.keys.asked == []  # the keyring stays shut without keys
    assert make_case().look() == []
    assert make_case(starter=tmp_path / "starter.gguf").look() == [BUILT_IN_ID]


def test_a_found_server_can_be_changed_and_one_pointed_elsewhere_is_another(make_case):
    case = make_case([OLLAMA])
    case.look()
    [found] = [each.connection for each in case.models.listings]
    case.connections.save(replace(found, name="Mine"), Secrets())
    assert [each.connection.name for each in case.models.listings] == ["Mine"]
    assert case.look() == [found.id]
    other = make_case([OLLAMA])
    other.look()
    other.connections.save(replace(found, name="GPU", address="http://10.0.0.9:11434"), Secrets())
    assert len(set(other.look())) == 2
    assert {each.connection.name for each in other.models.listings} == {"GPU", "Ollama"}


@pytest.mark.parametrize("key", ["", "secret"])
def test_a_saved_connection_is_asked_once_with_its_key(case, key):
    for count, connection in enumerate((SERVER, replace(SERVER, name="Renamed")), start=1):
        saved = case.save(connection, Secrets(key) if key else None)
        assert saved.has_key is bool(key)
        assert case.made[-1] == (saved, key)
        assert case.listed == [SERVER.id] * count
        assert case.keys.asked == [SERVER.origin] * (count if key else 0)
    assert case.keys.kept == ({SERVER.origin: key} if key else {})


def test_a_new_key_alone_is_used(case, qtbot):
    for count, key in enumerate(("wrong", "right"), start=1):
        case.save(SERVER, Secrets(key))
        qtbot.waitUntil(lambda key=key: case.made[-1][1] == key)  # type: ignore[misc]
        qtbot.waitUntil(lambda: not case.models.is_loading)
        assert case.listed == [SERVER.id] * count


def test_a_key_goes_with_the_last_connection_and_to_no_other_address(case):
    left: list[str] = []
    case.connections.key_left.connect(left.append)
    case.save(SERVER, Secrets("secret"))
    case.save(replace(SERVER, name="Other name"))
    assert left == []
    assert case.save(MOVED) == MOVED
    assert case.made[-1] == (MOVED, "")
    assert left == [SERVER.origin]
    assert case.keys.kept == {SERVER.origin: "secret"}  # until the user says so
    case.connections.forget_key(SERVER.origin)
    case.wait_kept({})
    case.save(MOVED, Secrets("another"))
    case.connections.remove(SERVER.id)
    case.wait_kept({})


def test_the_passwords_of_a_way_are_kept_apart_and_go_with_it(case):
    """Each under its own name; that of a proxy is used for every connection through it, and goes with the last."""
    route = Route(
        proxy=ProxyMode.MANUAL, proxy_address="proxy.example:3128", proxy_user="anna", certificate="/home/me.p12"
    )
    secrets = Secrets("key", "of proxy", "of certificate")
    kept = case.save(replace(SERVER, route=route), secrets)
    assert case.keys.kept == {SERVER.origin: "key", PROXY: "of proxy", MINE: "of certificate"}
    assert (kept.route.has_proxy_password, kept.route.has_certificate_password) == (True, True)
    assert case.connections.secrets_of(kept) == secrets
    assert "of proxy" not in f"{case.connections.secrets_of(kept)!r}{kept!r}"
    assert case.save(replace(SERVER, name="Renamed", route=route)).route == kept.route
    second = replace(SERVER, id="second", route=replace(route, certificate=""))
    assert case.save(second).route.has_proxy_password
    case.connections.remove(SERVER.id)
    case.wait_kept({SERVER.origin: "key", PROXY: "of proxy"})
    direct = case.save(replace(second, route=replace(route, proxy=ProxyMode.NONE, certificate="")))
    case.wait_kept({SERVER.origin: "key"})
    assert not direct.route.has_proxy_password


def test_the_password_for_the_proxy_of_a_policy_stays_and_goes_with_the_last_connection(case):
    case.services.policy = Policy(proxy="http://proxy.example:3128")
    route = Route(proxy_user="anna")
    case.save(replace(SERVER, route=route), Secrets(proxy_password="of proxy"))
    assert case.save(replace(SERVER, name="Renamed", route=route)).route.has_proxy_password
    case.wait_kept({PROXY: "of proxy"})
    case.connections.remove(SERVER.id)
    case.wait_kept({})


def test_model_files_are_offered_until_they_are_forgotten(case, qtbot):
    for count, name in enumerate(("one", "two"), start=1):
        choice = case.connections.open_file(f"/somewhere/{name}.gguf")
        assert [each.connection.id for each in case.models.listings] == [choice.connection_id] == [BUILT_IN_ID]
        qtbot.waitUntil(lambda: not case.models.is_loading)
        assert case.listed == [BUILT_IN_ID] * count
    case.connections.forget_file("/somewhere/two.gguf")
    assert case.connections.files() == [Path("/somewhere/one.gguf")]
    case.connections.forget_file("/somewhere/one.gguf")
    assert case.models.listings == []


def test_a_test_says_why_a_server_refuses(case, qtbot):
    case.failure = AuthRejected()
    with qtbot.waitSignal(case.connections.tested) as tested:
        case.connections.test(SERVER, Secrets("wrong"))
    assert tested.args is not None
    assert (tested.args[0], tested.args[1].kind) == (None, "auth_rejected")
    assert case.connections.saved == ()


# A model of a tested connection is asked for a word.


def checked(script, make, path="", seconds=20.0):
    async def work():
        async with ScriptedServer(script) as server:
            backend = make(server.url + path)
            try:
                return await check_model(backend, ModelInfo(MODEL), seconds=seconds)
            finally:
                await backend.aclose()

    return asyncio.run(work())


def test_a_word_a_thought_no_answer_and_a_late_one():
    assert checked(openai_script(sse(openai_chunks("yes"))), OpenAICompatBackend, "/v1").failure is None
    found = checked(ollama_script(ndjson(ollama_lines("yes", thinking="Hm."))), OllamaBackend)
    assert (found.failure, found.showed_thinking) == (None, True)
    refused = json_reply({"error": {"message": "no such model"}}, status=404)
    assert checked(openai_script(refused), OpenAICompatBackend, "/v1").failure is not None
    assert checked(openai_script(Reply([Hold()])), OpenAICompatBackend, "/v1", seconds=0.2).is_slow


@pytest.mark.parametrize(
    ("models", "asked"),
    [
        ([], None),
        ([ModelInfo("e", capabilities=frozenset({"embedding"}))], None),
        ([ModelInfo("kimi:cloud", forwarded_to="ollama.com")], None),
        ([ModelInfo("big", size_on_disk=9), ModelInfo("small", size_on_disk=3)], "small"),
    ],
)
def test_the_smallest_that_the_server_runs_itself_is_asked(models, asked):
    found = model_to_ask(OLLAMA, models)
    assert (found and found.name) == asked
