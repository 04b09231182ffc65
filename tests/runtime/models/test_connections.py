"""Saved, found and built-in connections, over scripted backends and a keyring in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.connection import Connection, ConnectionKind, ProxyMode, Route, Secrets
from desktop.core.errors import AuthRejected
from desktop.core.model import ModelInfo
from desktop.core.policy.fixed import Policy
from desktop.runtime.background import BackgroundTasks
from desktop.runtime.models.connections import BUILT_IN_ID, Connections
from desktop.runtime.models.directory import ModelDirectory
from desktop.store.keys import KeyRing, KeyStorage
from tests.runtime.conftest import services_of
from tests.support.scripted_backend import ScriptedBackend


class MemoryKeys(KeyRing):
    """Keys by origin, and every question that was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, str] = {}
        self.asked: list[str] = []

    def get(self, origin: str) -> str | None:
        self.asked.append(origin)
        return self.kept.get(origin)

    def set(self, origin: str, key: str) -> KeyStorage:
        self.kept[origin] = key
        return KeyStorage.KEYRING

    def delete(self, origin: str) -> bool:
        return self.kept.pop(origin, None) is not None


class CountedBackend(ScriptedBackend):
    """Notes each time that it is asked for its models."""

    def __init__(self, *told: Any, note: Callable[[], None]) -> None:
        super().__init__(*told)
        self._note = note

    async def list_models(self) -> list[ModelInfo]:
        self._note()
        return await super().list_models()


class Case:
    """The parts; `used` lists the connections and keys that backends were made with."""

    def __init__(self, work: BackgroundTasks, found: list[Connection], starter: Path | None) -> None:
        self.keys = MemoryKeys()
        self.used: list[tuple[Connection, str]] = []
        self.listed: list[str] = []  # the connection, once for each time that it is asked for its models
        self.refuse = False

        def backend(connection: Connection, secrets: Secrets) -> ScriptedBackend:
            self.used.append((connection, secrets.key))
            failure = AuthRejected() if self.refuse else None
            return CountedBackend([], [ModelInfo("m")], failure, note=lambda: self.listed.append(connection.id))

        async def probe() -> list[Connection]:
            return found

        self.models = ModelDirectory(work, backend, lambda each: self.connections.secrets_of(each))
        self.services = services_of(work, self.models)
        self.connections = Connections(self.services, probe, lambda: self.keys, lambda: starter, "Engine")


OLLAMA = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434")
SERVER = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Server", address="https://models.example.com/v1")


@pytest.fixture
def make_case(work: BackgroundTasks) -> Callable[..., Case]:
    return lambda found=(), starter=None: Case(work, list(found), starter)


def _look(case: Case, qtbot: QtBot) -> list[str]:
    with qtbot.waitSignal(case.connections.settled, timeout=5000):
        case.connections.look()
    return [each.connection.id for each in case.models.listings]


def test_a_found_server_has_the_same_name_at_every_start(make_case: Callable[..., Case], qtbot: QtBot) -> None:
    first = _look(make_case([OLLAMA]), qtbot)
    again = Connection(kind=OLLAMA.kind, name=OLLAMA.name, address=OLLAMA.address)
    assert first == _look(make_case([again]), qtbot) == ["http://127.0.0.1:11434"]


def test_a_saved_server_is_not_found_a_second_time(make_case: Callable[..., Case], qtbot: QtBot) -> None:
    case = make_case([OLLAMA])
    case.connections.saved = (Connection(kind=OLLAMA.kind, name="Mine", address=OLLAMA.address, id="mine"),)
    assert _look(case, qtbot) == ["mine"]


def test_the_engine_is_there_with_a_file_to_run(make_case: Callable[..., Case], qtbot: QtBot, tmp_path: Path) -> None:
    assert _look(make_case(), qtbot) == []
    assert _look(make_case(starter=tmp_path / "starter.gguf"), qtbot) == [BUILT_IN_ID]


def test_the_keyring_stays_shut_without_keys(make_case: Callable[..., Case], qtbot: QtBot) -> None:
    case = make_case([OLLAMA])
    case.connections.saved = (SERVER,)
    _look(case, qtbot)
    assert case.keys.asked == []


def test_a_saved_key_is_kept_and_used(make_case: Callable[..., Case], qtbot: QtBot) -> None:
    case = make_case()
    _look(case, qtbot)
    with qtbot.waitSignal(case.connections.key_stored, timeout=5000) as stored:
        case.connections.save(SERVER, Secrets("secret"))
    assert stored.args == ["keyring"]
    assert case.keys.kept == {"https://models.example.com:443": "secret"}
    qtbot.waitUntil(lambda: "secret" in [key for _, key in case.used], timeout=5000)
    assert [each.has_key for each in case.connections.saved] == [True]


@pytest.mark.parametrize("key", ["", "secret"])
def test_saving_asks_once(make_case: Callable[..., Case], qtbot: QtBot, key: str) -> None:
    case = make_case()

    def is_answered() -> bool:
        return bool(case.models.listings) and not case.models.is_loading

    for count, connection in enumerate((SERVER, replace(SERVER, name="Renamed")), start=1):
        with qtbot.waitSignal(case.models.changed, timeout=5000):
            case.connections.save(connection, Secrets(key))
        qtbot.waitUntil(is_answered, timeout=5000)
        assert case.listed == [SERVER.id] * count
        assert case.keys.asked == [SERVER.origin] * (count if key else 0)


def test_a_new_key_alone_asks_once_more_and_is_used(make_case: Callable[..., Case], qtbot: QtBot) -> None:
    case = make_case()
    for count, key in enumerate(("wrong", "right"), start=1):
        case.connections.save(SERVER, Secrets(key))
        qtbot.waitUntil(lambda key=key: [each for _, each in case.used][-1:] == [key], timeout=5000)  # type: ignore[misc]
        qtbot.waitUntil(lambda: not case.models.is_loading, timeout=5000)
        assert case.listed == [SERVER.id] * count


def test_opening_a_file_reads_the_list_once(make_case: Callable[..., Case], qtbot: QtBot) -> None:
    case = make_case()
    for count, name in enumerate(("one", "two"), start=1):
        case.connections.open_file(f"/somewhere/{name}.gguf")
        qtbot.waitUntil(lambda: not case.models.is_loading, timeout=5000)
        assert case.listed == [BUILT_IN_ID] * count


def test_a_key_goes_with_the_last_connection_to_its_server(make_case: Callable[..., Case], qtbot: QtBot) -> None:
    case = make_case()
    with qtbot.waitSignal(case.connections.key_stored, timeout=5000):
        case.connections.save(SERVER, Secrets("secret"))
    case.connections.remove(SERVER.id)
    qtbot.waitUntil(lambda: case.keys.kept == {}, timeout=5000)


PROXY, MINE = "proxy+http://proxy.example:3128", f"certificate://{SERVER.id}"


def test_the_passwords_of_a_way_are_kept_apart_and_go_with_it(make_case: Callable[..., Case], qtbot: QtBot) -> None:
    """Each under its own name; that of a proxy is used for every connection through it, and goes with the last."""
    case = make_case()
    route = Route(
        proxy=ProxyMode.MANUAL, proxy_address="proxy.example:3128", proxy_user="anna", certificate="/home/me.p12"
    )
    with qtbot.waitSignal(case.connections.key_stored, timeout=5000):
        case.connections.save(replace(SERVER, route=route), Secrets("key", "of proxy", "of certificate"))
    assert case.keys.kept == {SERVER.origin: "key", PROXY: "of proxy", MINE: "of certificate"}
    kept = case.connections.saved[0]
    assert (kept.route.has_proxy_password, kept.route.has_certificate_password) == (True, True)
    assert case.connections.secrets_of(kept) == Secrets("key", "of proxy", "of certificate")
    assert "of proxy" not in f"{case.connections.secrets_of(kept)!r}{kept!r}"
    case.connections.save(replace(SERVER, name="Renamed", route=route), Secrets())
    assert case.connections.saved[0].route == kept.route
    second = replace(SERVER, id="second", route=replace(route, certificate=""))
    case.connections.save(second, Secrets())
    assert case.connections.saved[1].route.has_proxy_password
    case.connections.remove(SERVER.id)
    qtbot.waitUntil(lambda: MINE not in case.keys.kept, timeout=5000)
    assert case.keys.kept == {SERVER.origin: "key", PROXY: "of proxy"}
    case.connections.save(replace(second, route=replace(route, proxy=ProxyMode.NONE, certificate="")), Secrets())
    qtbot.waitUntil(lambda: case.keys.kept == {SERVER.origin: "key"}, timeout=5000)
    assert not case.connections.saved[0].route.has_proxy_password


def test_the_password_for_the_proxy_of_a_policy_stays_and_goes_with_the_last_connection(
    make_case: Callable[..., Case], qtbot: QtBot
) -> None:
    case = make_case()
    case.services.policy = Policy(proxy="http://proxy.example:3128")
    route = Route(proxy_user="anna")
    with qtbot.waitSignal(case.connections.key_stored, timeout=5000):
        case.connections.save(replace(SERVER, route=route), Secrets(proxy_password="of proxy"))
    case.connections.save(replace(SERVER, name="Renamed", route=route), Secrets())
    assert case.connections.saved[0].route.has_proxy_password
    assert case.keys.kept == {PROXY: "of proxy"}
    case.connections.remove(SERVER.id)
    qtbot.waitUntil(lambda: not case.keys.kept, timeout=5000)


def test_a_changed_address_does_not_take_the_key_along(make_case: Callable[..., Case], qtbot: QtBot) -> None:
    case = make_case()
    with qtbot.waitSignal(case.connections.key_stored, timeout=5000):
        case.connections.save(SERVER, Secrets("secret"))
    moved = Connection(kind=SERVER.kind, name="Server", address="https://elsewhere.example.com/v1", id=SERVER.id)
    case.connections.save(moved, Secrets())
    qtbot.waitUntil(lambda: bool(case.used) and case.used[-1][0].address == moved.address, timeout=5000)
    assert case.used[-1] == (moved, "")


def test_a_test_says_why_a_server_refuses(make_case: Callable[..., Case], qtbot: QtBot) -> None:
    case = make_case()
    case.refuse = True
    with qtbot.waitSignal(case.connections.tested, timeout=5000) as tested:
        case.connections.test(SERVER, Secrets("wrong"))
    assert tested.args is not None
    assert tested.args[0] is None
    assert tested.args[1].kind == "auth_rejected"
    assert case.connections.saved == ()


def test_a_found_server_can_be_changed_and_stays_changed(make_case: Callable[..., Case], qtbot: QtBot) -> None:
    case = make_case([OLLAMA])
    _look(case, qtbot)
    [found] = [each.connection for each in case.models.listings]
    renamed = replace(found, name="Mine")
    case.connections.save(renamed, Secrets())
    assert [each.connection.name for each in case.models.listings] == ["Mine"]
    assert _look(case, qtbot) == [renamed.id]


def test_a_found_server_pointed_elsewhere_is_another_one(make_case: Callable[..., Case], qtbot: QtBot) -> None:
    case = make_case([OLLAMA])
    _look(case, qtbot)
    [found] = [each.connection for each in case.models.listings]
    case.connections.save(replace(found, name="GPU", address="http://10.0.0.9:11434"), Secrets())
    _look(case, qtbot)
    assert {each.connection.name for each in case.models.listings} == {"GPU", "Ollama"}
    assert len({each.connection.id for each in case.models.listings}) == 2


def test_a_file_that_was_opened_is_offered_without_an_engine(make_case: Callable[..., Case], qtbot: QtBot) -> None:
    case = make_case()
    choice = case.connections.open_file("/somewhere/model.gguf")
    assert [each.connection.id for each in case.models.listings] == [choice.connection_id]


def test_a_file_is_offered_no_more(make_case: Callable[..., Case], qtbot: QtBot) -> None:
    case = make_case()
    for name in ("one", "two"):
        case.connections.open_file(f"/somewhere/{name}.gguf")
    case.connections.forget_file("/somewhere/two.gguf")
    assert case.connections.files() == [Path("/somewhere/one.gguf")]
    case.connections.forget_file("/somewhere/one.gguf")
    assert case.models.listings == []


def test_the_key_of_an_address_that_was_given_up_is_offered_for_removal(
    make_case: Callable[..., Case], qtbot: QtBot
) -> None:
    case = make_case()
    with qtbot.waitSignal(case.connections.key_stored, timeout=5000):
        case.connections.save(SERVER, Secrets("secret"))
    left: list[str] = []
    case.connections.key_left.connect(left.append)
    case.connections.save(replace(SERVER, name="Other name"), Secrets())
    assert left == []
    moved = Connection(kind=SERVER.kind, name="Server", address="https://elsewhere.example.com/v1", id=SERVER.id)
    case.connections.save(moved, Secrets())
    assert left == [SERVER.origin]
    assert case.keys.get(SERVER.origin) == "secret"  # until the user says so
    case.connections.forget_key(SERVER.origin)
    qtbot.waitUntil(lambda: case.keys.get(SERVER.origin) is None, timeout=5000)
