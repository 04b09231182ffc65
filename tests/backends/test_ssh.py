"""Rented computers, each a real OpenSSH server on loopback under a name of the internet."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncssh
import psutil
import pytest

from desktop.backend_factory import BackendFactory
from desktop.backends import ssh
from desktop.backends.discovery import found_through
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.ssh import Tunnel, through
from desktop.backends.wire.http import HttpSettings
from desktop.core.connection import Connection, ConnectionKind, Secrets, SshLogin, SshProof
from desktop.core.connections.tunnel import LoginGate, TunnelState
from desktop.core.errors import BackendError
from desktop.core.events import TextDelta
from desktop.core.place import Place, PlaceKind, place_of_host
from desktop.core.policy.reach import Reach
from desktop.core.trust.ledger import Ending, Errand
from desktop.ui.errors import describe
from tests.backends.outcome import AT_ONCE, asking, outcome, run
from tests.backends.wire.asking import Kept, Names
from tests.support.missing import on_unix
from tests.support.scripted_server import Hold, Reply, ScriptedServer
from tests.support.scripts import openai_chunks, openai_script, sse
from tests.support.ssh_server import PASSPHRASE, PASSWORD, OpenSsh
from tests.support.waiting import until, wait_until

HOST = "region-1.rented.example"
pytestmark = on_unix


@pytest.fixture(scope="module")
def rented() -> Iterator[OpenSsh]:
    with OpenSsh() as server:
        yield server


@pytest.fixture(autouse=True)
def _soon_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a computer that stands still be noticed in two seconds, in place of twenty."""
    monkeypatch.setitem(ssh.KEEP_ALIVE, "keepalive_interval", 0.5)


class Keeper:
    """What a login asks: knows what it is told, and keeps what it hears."""

    def __init__(self, secret: str = "", known: Sequence[str] = ()) -> None:
        self.gate = LoginGate(lambda: self.now)
        self.now = 0.0
        self.secret = secret
        self.known = list(known)
        self.shown: list[str] = []
        self.states: list[TunnelState] = []

    def known_keys(self, login: SshLogin) -> Sequence[str]:
        return self.known

    def note_key(self, login: SshLogin, key: str, fingerprint: str) -> None:
        self.shown.append(key)

    def note_state(self, login: SshLogin, state: TunnelState) -> None:
        self.states.append(state)


class Way:
    """A way through a rented computer to a model server behind it."""

    def __init__(self, server: OpenSsh, keeper: Keeper | None = None, **login: Any) -> None:
        self.keeper = keeper or Keeper(known=[public(server)])
        usual = {"host": HOST, "port": server.port, "user": server.user}
        if not login:
            usual |= {"proof": SshProof.KEY_FILE, "key_file": str(server.own_key)}
        self.login = SshLogin(**(usual | login))
        self.entries = Kept()
        self.names = Names("127.0.0.1")
        self.settings = HttpSettings(resolve=self.names, record=self.entries)

    def through(self, place: Place | None = None) -> HttpSettings:
        place = place or place_of_host(HOST)
        return through(self.login, self.keeper.secret, place, self.settings, self.keeper, set())

    def tunnel(self, place: Place | None = None) -> Tunnel:
        tunnel = self.through(place).dial
        assert isinstance(tunnel, Tunnel)
        return tunnel

    def backend(self, port: int) -> OpenAICompatBackend:
        settings = self.through()
        return OpenAICompatBackend(f"http://localhost:{port}/v1", "a-key", settings=settings, retries=AT_ONCE)

    async def error(self, port: int = 1) -> BackendError:
        backend = self.backend(port)
        try:
            with pytest.raises(BackendError) as caught:
                await backend.list_models()
        finally:
            await backend.aclose()
        return caught.value


def public(server: OpenSsh) -> str:
    return " ".join(asyncssh.read_public_key(f"{server.host_key}.pub").export_public_key().decode().split()[:2])


def port_of(server: ScriptedServer) -> int:
    return urlsplit(server.url).port or 0


def saying(*replies: Reply) -> ScriptedServer:
    return ScriptedServer(openai_script(*(replies or (sse(openai_chunks("Hello")),))))


def logins_seen(server: OpenSsh) -> int:
    return server.count("Accepted p")


def test_words_go_through_and_no_port_is_opened(rented: OpenSsh) -> None:
    way = Way(rented)

    async def work() -> None:
        async with saying() as server:
            before = logins_seen(rented)
            backend = way.backend(port_of(server))
            listening = {each.laddr for each in psutil.Process().net_connections() if each.status == "LISTEN"}
            told = await asyncio.gather(outcome(backend), outcome(backend), backend.list_models())
            after = {each.laddr for each in psutil.Process().net_connections() if each.status == "LISTEN"}
            await backend.aclose()
            assert [each.text for each in told[:2]] == ["Hello", "Hello"]
            assert after == listening
            assert logins_seen(rented) == before + 1  # one for all that began at the same time
            assert server.requests[0].headers["host"].startswith("localhost:")

    run(work())
    assert way.keeper.states == [TunnelState.CONNECTING, TunnelState.CONNECTED, TunnelState.CLOSED]
    assert set(way.names.asked) == {HOST}


def test_the_ledger_names_the_rented_computer(rented: OpenSsh) -> None:
    way = Way(rented)

    async def work() -> None:
        async with saying() as server:
            backend = way.backend(port_of(server))
            await outcome(backend)
            await backend.aclose()

    run(work())
    by_errand = {each.purpose.errand: each for each in way.entries}
    signed_in, question = by_errand[Errand.LOGIN], by_errand[Errand.QUESTION]
    for entry in (signed_in, question):
        assert (entry.host, entry.place.kind, entry.ending) == (HOST, PlaceKind.INTERNET, Ending.DONE)
        assert (entry.peer.address, entry.peer.port) == ("127.0.0.1", rented.port)
        assert entry.sent
        assert entry.received
    assert question.peer.issuer == "SSH"
    assert len(question.peer.certificate) == 64


def test_a_passphrase_opens_a_key(rented: OpenSsh) -> None:
    key = rented.sealed_key()

    async def reasons() -> list[str]:
        found = []
        for secret in ("", "wrong", PASSPHRASE):
            keeper = Keeper(secret, [public(rented)])
            way = Way(rented, keeper, proof=SshProof.KEY_FILE, key_file=str(key))
            found.append((await way.error()).reason)
        return found

    before = logins_seen(rented)
    assert run(reasons()) == ["ssh_passphrase", "ssh_passphrase", "ssh_port"]
    assert logins_seen(rented) == before + 1  # a key that cannot be opened is no reason to knock


@pytest.mark.parametrize("content", [None, "no key", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"])
def test_what_is_no_key_is_told_before_anything_is_sent(rented: OpenSsh, tmp_path: Any, content: str | None) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_text(content)
    way = Way(rented, proof=SshProof.KEY_FILE, key_file=str(file))
    assert run(way.error()).reason == "ssh_key_file"


def test_a_key_that_is_not_taken_is_not_shown_twice(rented: OpenSsh, tmp_path: Any) -> None:
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(tmp_path / "other")
    way = Way(rented, proof=SshProof.KEY_FILE, key_file=str(tmp_path / "other"))

    async def twice() -> list[str]:
        backend = way.backend(1)
        found = []
        for _ in range(2):
            with pytest.raises(BackendError) as caught:
                await backend.list_models()
            found.append(caught.value.reason)
        await backend.aclose()
        return found

    before = rented.count("Connection from")
    assert run(twice()) == ["ssh_key", "ssh_key"]
    assert rented.count("Connection from") == before + 1


def test_without_a_choice_no_key_of_the_user_is_shown(
    rented: OpenSsh, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """Neither those of the folder .ssh nor an agent's, nor a line of its configuration."""
    folder = tmp_path / ".ssh"
    folder.mkdir()
    asyncssh.read_private_key(rented.own_key).write_private_key(folder / "id_ed25519")
    (folder / "config").write_text(f"Host *\n  User somebody\n  IdentityFile {rented.own_key}\n  ProxyCommand false\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
    way = Way(rented, Keeper("wrong", [public(rented)]), proof=SshProof.PASSWORD)
    before, knocks = logins_seen(rented), rented.count("Postponed publickey") + rented.count("Failed publickey")
    assert run(way.error()).reason == "ssh_password"
    assert logins_seen(rented) == before
    assert rented.count("Postponed publickey") + rented.count("Failed publickey") == knocks


def test_a_password_with_all_letters(rented: OpenSsh) -> None:
    if not rented.has_passwords:
        pytest.skip("a user with a password needs root and a mount namespace")
    way = Way(rented, Keeper(PASSWORD, [public(rented)]), proof=SshProof.PASSWORD)

    async def work() -> str:
        async with saying() as server:
            backend = way.backend(port_of(server))
            told = await outcome(backend)
            await backend.aclose()
            return told.text or str(told.error.reason)

    assert run(work()) == "Hello"


def test_without_a_password_nothing_is_sent(rented: OpenSsh) -> None:
    way = Way(rented, Keeper(known=[public(rented)]), proof=SshProof.PASSWORD)
    before = logins_seen(rented)
    assert run(way.error()).reason == "ssh_no_password"
    assert logins_seen(rented) == before


def test_wrong_four_times() -> None:
    """Tried by itself once; what cuts off whoever tries again is not knocked at for half a minute."""
    with OpenSsh(cuts_off=True) as server:
        keeper = Keeper("wrong", [public(server)])
        way = Way(server, keeper, proof=SshProof.PASSWORD)

        async def ask() -> str:
            return (await way.error()).reason

        async def by_itself() -> list[str]:
            return [await ask() for _ in range(3)]

        async def by_the_user() -> list[str]:
            found = []
            for _ in range(6):
                keeper.gate.forget(way.login)
                found.append(await ask())
            return found

        assert run(by_itself()) == ["ssh_password"] * 3
        assert server.count("Connection from") == 1
        found = run(by_the_user())
        assert found[0] == "ssh_password"
        if "ssh_reset" in found:  # OpenSSH 9.8 and later
            assert found[-1] == "ssh_wait"
            before = server.count("Connection")
            keeper.now += 29
            assert run(ask()) == "ssh_wait"
            assert server.count("Connection") == before
            keeper.now += 2
            keeper.gate.forget(way.login)
            assert run(ask()) in ("ssh_reset", "ssh_password")


def test_a_computer_is_asked_about_once_and_another_one_refused() -> None:
    with OpenSsh() as server:
        way = Way(server)
        way.keeper.known.clear()
        new = run(way.error())
        assert (new.reason, new.host, server.count("Accepted p")) == ("ssh_new", HOST, 0)
        assert new.detail == f"{asyncssh.read_public_key(f'{server.host_key}.pub').get_fingerprint()} (ED25519)"
        way.keeper.known = way.keeper.shown[-1:]
        assert run(way.error()).reason == "ssh_port"
        server.renew_key()
        changed = run(way.error())
        assert (changed.reason, server.count("Accepted p")) == ("ssh_changed", 1)
        assert changed.detail != new.detail


def test_a_computer_known_by_another_kind_of_key_shows_that() -> None:
    with OpenSsh(key_kind="ssh-rsa") as server:
        second = server._key("second")
        server.stop()
        server._settings.append(f"HostKey {second}")
        server.start()
        assert run(Way(server).error()).reason == "ssh_port"


def test_what_is_not_let_through_and_what_does_not_listen() -> None:
    with OpenSsh("AllowTcpForwarding no") as server:
        assert run(Way(server).error()).reason == "ssh_forwarding"


def test_ports_that_are_not_ssh() -> None:
    async def work() -> list[str]:
        found = []

        async def speak_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readline()
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        manners = [speak_http, lambda reader, writer: kept.append(writer), lambda reader, writer: writer.close()]
        kept: list[asyncio.StreamWriter] = []
        servers = [await asyncio.start_server(each, "127.0.0.1", 0) for each in manners]
        async with servers[0], servers[1], servers[2]:
            for port in (*(each.sockets[0].getsockname()[1] for each in servers), 1):
                way = Way.__new__(Way)
                way.keeper, way.entries, way.names = Keeper(PASSWORD), Kept(), Names("127.0.0.1")
                way.login = SshLogin(host=HOST, port=port, user="root")
                way.settings = HttpSettings(resolve=way.names, record=way.entries)
                found.append((await way.error()).reason)
            for each in kept:
                each.close()  # a server's end waits for them, from Python 3.12 on
        return found

    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(ssh, "BANNER_SECONDS", 0.5)
        assert run(work()) == ["ssh_not_ssh", "ssh_not_ssh", "ssh_reset", "ssh_refused"]


def test_a_stream_breaks_where_the_computer_stands_still_or_dies() -> None:
    """And the next question makes the way anew, with no word sent twice."""

    async def broken_by(server: OpenSsh, harm: Any, repair: Any) -> None:
        way = Way(server)
        held = sse(openai_chunks("Hello")[:2], done=False, then=[Hold()])
        async with saying(held, sse(openai_chunks("Again"))) as model:
            backend = way.backend(port_of(model))
            events = []
            stream = backend.stream(asking())
            async for event in stream:
                events.append(event)
                if isinstance(event, TextDelta):
                    harm()
            failure = events[-1].error.as_failure()
            assert (failure.kind, failure.reason, failure.host) == ("stream_broken", "ssh_lost", HOST)
            assert f"through the rented computer {HOST} ended" in describe(failure).sentence
            repair()
            await until(lambda: way.keeper.states[-1] is TunnelState.LOST)
            assert len([each for each in model.requests if each.method == "POST"]) == 1
            assert (await outcome(backend)).text == "Again"
            await backend.aclose()

    with OpenSsh() as server:
        run(broken_by(server, server.freeze, server.wake))
        run(broken_by(server, server.end_sessions, lambda: None))


def test_under_the_lock_nothing_is_looked_up_and_nothing_sent(rented: OpenSsh) -> None:
    way = Way(rented)
    way.settings = dataclasses.replace(way.settings, allow_host=lambda place: place.is_local, may_resolve=lambda: False)
    before = rented.count("Connection from")
    assert run(way.error()).reason == "offline"
    assert way.names.asked == []
    assert [each.ending for each in way.entries] == [Ending.LOCKED]

    async def servers() -> None:
        settings = way.through()
        await found_through(settings)

    for change, reason in (({}, "offline"), ({"reach": Reach(hosts=("*.other.example",))}, "policy")):
        way.settings = dataclasses.replace(way.settings, **change)
        with pytest.raises(BackendError) as caught:
            run(servers())
        assert caught.value.reason == reason
    assert rented.count("Connection from") == before


def test_an_agent_is_let_go_once_the_login_is_made(
    rented: OpenSsh, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    if shutil.which("ssh-agent") is None or shutil.which("ssh-add") is None:
        pytest.skip("needs ssh-agent")
    path = tempfile.mkdtemp(prefix="candor-agent-") + "/a"  # a short one, as sockets want it
    monkeypatch.setenv("SSH_AUTH_SOCK", path)
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", path], stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: Path(path).exists())
        subprocess.run(["ssh-add", "-q", str(rented.own_key)], check=True)
        ours = psutil.Process()  # an agent's own connections are for root alone to see

        async def work() -> str:
            alone = len(ours.net_connections("unix"))
            error = await Way(rented, proof=SshProof.AGENT).error()
            await until(lambda: len(ours.net_connections("unix")) == alone)
            return error.reason

        assert run(work()) == "ssh_port"
    finally:
        agent.terminate()
        agent.wait()
        shutil.rmtree(Path(path).parent)


def test_a_policy_holds_for_the_rented_computer(rented: OpenSsh) -> None:
    for hosts, reason in (("*.rented.example", "ssh_port"), ("*.other.example", "policy")):
        way = Way(rented)
        way.settings = dataclasses.replace(way.settings, reach=Reach(hosts=(hosts,), require_https=True))
        assert run(way.error()).reason == reason


def test_a_name_that_leads_further_than_was_told_gets_nothing(rented: OpenSsh) -> None:
    way = Way(rented)
    way.names.addresses = ("8.8.4.4",)
    tunnel = way.tunnel(Place(PlaceKind.PRIVATE_NETWORK, HOST))

    async def work() -> None:
        await tunnel("localhost", 1, Place(PlaceKind.PRIVATE_NETWORK, HOST), 10.0)

    with pytest.raises(BackendError) as caught:
        run(work())
    assert caught.value.reason == "elsewhere"


def test_servers_behind_are_found_by_what_they_say(rented: OpenSsh) -> None:
    async def work() -> list[tuple[str, str]]:
        listed = {"GET /v1/models": [Reply([b'{"object":"list","data":[{"id":"m","owned_by":"vllm"}]}'])]}
        async with ScriptedServer(listed) as vllm, ScriptedServer({"GET /": [Reply([b"a page"])]}) as other:
            settings = Way(rented).through()
            found = await found_through(settings, [port_of(other), port_of(vllm), 1])
            assert [each.address for each in found] == [f"http://localhost:{port_of(vllm)}/v1"]
            settings = Way(rented).through()
            with pytest.raises(BackendError) as caught:
                await found_through(settings, [port_of(other)])
            assert caught.value.reason == "ssh_no_server"
            return [(each.name, each.preset) for each in found]

    assert run(work()) == [("vLLM", "vllm")]


def test_the_lock_ends_every_login_also_where_that_cannot_be_told(rented: OpenSsh) -> None:
    """Also one that is still under way."""
    keepers = [Keeper(known=[public(rented)]) for _ in range(3)]
    given = iter(keepers)
    factory = BackendFactory(lambda: False, list, Kept(), logins=lambda: next(given))
    ended: list[TunnelState] = []

    def refuse(login: SshLogin, state: TunnelState) -> None:
        ended.append(state)
        raise RuntimeError("nobody listens")

    async def work() -> BackendError:
        login = Way(rented, host="127.0.0.1", proof=SshProof.KEY_FILE, key_file=str(rented.own_key)).login
        connection = Connection(
            kind=ConnectionKind.OPENAI_COMPAT, name="Far", address="http://localhost:1/v1", ssh=login
        )
        backends = [factory(connection, Secrets()) for _ in keepers]
        for backend, keeper in zip(backends[:2], keepers, strict=False):
            with pytest.raises(BackendError):
                await backend.list_models()
            keeper.note_state = refuse  # type: ignore[method-assign]
        under_way = asyncio.create_task(backends[2].list_models())
        await until(lambda: keepers[2].states)
        await factory.close_tunnels()
        with pytest.raises(BackendError) as caught:
            await under_way
        return caught.value

    assert run(work()).reason == "ssh_lost"
    assert ended == [TunnelState.CLOSED] * 2
    assert keepers[2].states == [TunnelState.CONNECTING, TunnelState.CLOSED]
