"""Rented computers, each a real OpenSSH server on loopback under a name of the internet."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import subprocess
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
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
from desktop.core.connections import LoginGate, TunnelState
from desktop.core.errors import BackendError
from desktop.core.events import TextDelta
from desktop.core.place import Place, PlaceKind, place_of_host
from desktop.core.policy.fixed import Reach
from desktop.core.request import Errand
from desktop.core.trust import Ending
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
def rented():
    with OpenSsh() as server:
        yield server


@pytest.fixture(autouse=True)
def _soon_noticed(monkeypatch):
    """Have a computer that stands still be noticed in two seconds, in place of twenty."""
    monkeypatch.setitem(ssh.KEEP_ALIVE, "keepalive_interval", 0.5)


class Keeper:
    """What a login asks: knows what it is told, and keeps what it hears."""

    def __init__(self, server=None, secret=""):
        self.gate = LoginGate(lambda: self.now)
        self.now = 0.0
        self.secret = secret
        self.known = [public(server)] if server is not None else []
        self.shown = []
        self.states = []

    def known_keys(self, login):
        return self.known

    def note_key(self, login, key, fingerprint):
        self.shown.append(key)

    def note_state(self, login, state):
        self.states.append(state)


class Way:
    """A way through a rented computer to a model server behind it."""

    def __init__(self, server, secret="", port=0, **login):
        self.keeper = Keeper(server, secret)
        usual = {"host": HOST, "port": port, "user": "root"}
        if server is not None:
            usual = {"host": HOST, "port": server.port, "user": server.user}
            usual |= {"proof": SshProof.KEY_FILE, "key_file": str(server.own_key)}
        self.login = SshLogin(**(usual | login))
        self.entries = Kept()
        self.names = Names("127.0.0.1")
        self.settings = HttpSettings(resolve=self.names, record=self.entries)

    def through(self, place=None):
        place = place or place_of_host(HOST)
        return through(self.login, self.keeper.secret, place, self.settings, self.keeper, set())

    @asynccontextmanager
    async def client(self, port=1):
        address = f"http://localhost:{port}/v1"
        backend = OpenAICompatBackend(address, "a-key", settings=self.through(), retries=AT_ONCE)
        try:
            yield backend
        finally:
            await backend.aclose()

    async def reasons(self, times=1):
        """Why one client does not get through, several times."""
        async with self.client() as backend:
            return [(await error_of(backend.list_models())).reason for _ in range(times)]

    def error(self):
        async def work():
            async with self.client() as backend:
                return await error_of(backend.list_models())

        return run(work())


async def error_of(work):
    with pytest.raises(BackendError) as caught:
        await work
    return caught.value


def public(server):
    return " ".join(asyncssh.read_public_key(f"{server.host_key}.pub").export_public_key().decode().split()[:2])


def port_of(server):
    return urlsplit(server.url).port or 0


def saying(*replies):
    return ScriptedServer(openai_script(*(replies or (sse(openai_chunks("Hello")),))))


def logins_seen(server):
    return server.count("Accepted p")


def test_words_go_through_and_no_port_is_opened(rented):
    way = Way(rented)

    def listening():
        return {each.laddr for each in psutil.Process().net_connections() if each.status == "LISTEN"}

    async def work():
        async with saying() as server, way.client(port_of(server)) as backend:
            ports, logins = listening(), logins_seen(rented)
            told = await asyncio.gather(outcome(backend), outcome(backend), backend.list_models())
            assert listening() == ports
            assert [each.text for each in told[:2]] == ["Hello", "Hello"]
            assert logins_seen(rented) == logins + 1  # one for all that began at the same time
            assert server.requests[0].headers["host"].startswith("localhost:")

    run(work())
    left = [each for each in psutil.Process().net_connections() if each.raddr and each.raddr.port == rented.port]
    assert not left  # also where the loop ends with the reply
    assert way.keeper.states == [TunnelState.CONNECTING, TunnelState.CONNECTED, TunnelState.CLOSED]
    assert set(way.names.asked) == {HOST}
    by_errand = {each.purpose.errand: each for each in way.entries}
    signed_in, question = by_errand[Errand.LOGIN], by_errand[Errand.QUESTION]
    for entry in (signed_in, question):
        assert (entry.host, entry.place.kind, entry.ending) == (HOST, PlaceKind.INTERNET, Ending.DONE)
        assert (entry.peer.address, entry.peer.port) == ("127.0.0.1", rented.port)
        assert entry.sent
        assert entry.received
    assert question.peer.issuer == "SSH"
    assert len(question.peer.certificate) == 64


def key_file(file, content):
    file.write_text(content)
    return {"key_file": str(file)}


def unknown_key(file):
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(file)
    return {"key_file": str(file)}


def sealed(server):
    return {"key_file": str(server.sealed_key())}


BY_PASSWORD = {"proof": SshProof.PASSWORD}

# the login, its secret, what it is refused for, and how often the computer hears of two attempts; `ssh_port` is reached
# by who is let in
OFFERED = {
    "no passphrase": (lambda server, file: sealed(server), "", "ssh_passphrase", 0),
    "a wrong passphrase": (lambda server, file: sealed(server), "wrong", "ssh_passphrase", 0),
    "the passphrase": (lambda server, file: sealed(server), PASSPHRASE, "ssh_port", 1),
    "no file": (lambda server, file: {"key_file": str(file)}, "", "ssh_key_file", 0),
    "no key": (lambda server, file: key_file(file, "no key"), "", "ssh_key_file", 0),
    "half a key": (
        lambda server, file: key_file(file, "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"),
        "",
        "ssh_key_file",
        0,
    ),
    "a key that is not taken": (lambda server, file: unknown_key(file), "", "ssh_key", 1),
    "no password": (lambda server, file: BY_PASSWORD, "", "ssh_no_password", 0),
    "a wrong password": (lambda server, file: BY_PASSWORD, "wrong", "ssh_password", 1),
}


@pytest.mark.parametrize("case", OFFERED)
def test_what_is_offered_decides_and_is_not_offered_twice(rented, monkeypatch, tmp_path, case):
    """Nothing else is: no key in the folder .ssh nor an agent's, nor a line of its configuration."""
    folder = tmp_path / ".ssh"
    folder.mkdir()
    asyncssh.read_private_key(rented.own_key).write_private_key(folder / "id_ed25519")
    (folder / "config").write_text(f"Host *\n  User somebody\n  IdentityFile {rented.own_key}\n  ProxyCommand false\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
    login, secret, reason, heard = OFFERED[case]
    way = Way(rented, secret, **login(rented, tmp_path / "key"))

    def seen():
        keys = rented.count("Postponed publickey") + rented.count("Failed publickey")
        return rented.count("Connection from"), logins_seen(rented), keys

    connections, logins, keys = seen()
    assert run(way.reasons(2)) == [reason] * 2
    after = seen()
    assert after[0] == connections + heard  # what cannot be opened is no reason to knock
    assert after[1] == logins + (reason == "ssh_port")
    assert way.login.proof is not SshProof.PASSWORD or after[2] == keys


async def test_a_password_with_all_letters(rented):
    if not rented.has_passwords:
        pytest.skip("a user with a password needs root and a mount namespace")

    async with saying() as server, Way(rented, PASSWORD, **BY_PASSWORD).client(port_of(server)) as backend:
        assert (await outcome(backend)).text == "Hello"


def test_wrong_four_times():
    """Tried by itself once; what cuts off whoever tries again is not knocked at for half a minute."""
    with OpenSsh(cuts_off=True) as server:
        way = Way(server, "wrong", **BY_PASSWORD)
        keeper = way.keeper

        def by_the_user():
            keeper.gate.forget(way.login)
            return way.error().reason

        assert [way.error().reason for _ in range(3)] == ["ssh_password"] * 3
        assert server.count("Connection from") == 1
        found = [by_the_user() for _ in range(6)]
        assert found[0] == "ssh_password"
        if "ssh_reset" in found:  # OpenSSH 9.8 and later
            assert found[-1] == "ssh_wait"
            before = server.count("Connection")
            keeper.now += 29
            assert way.error().reason == "ssh_wait"
            assert server.count("Connection") == before
            keeper.now += 2
            assert by_the_user() in ("ssh_reset", "ssh_password")


def test_a_computer_is_asked_about_once_and_another_one_refused():
    with OpenSsh() as server:
        way = Way(server)
        way.keeper.known.clear()
        new = way.error()
        assert (new.reason, new.host, server.count("Accepted p")) == ("ssh_new", HOST, 0)
        assert new.detail == f"{asyncssh.read_public_key(f'{server.host_key}.pub').get_fingerprint()} (ED25519)"
        way.keeper.known = way.keeper.shown[-1:]
        assert way.error().reason == "ssh_port"
        server.renew_key()
        changed = way.error()
        assert (changed.reason, server.count("Accepted p")) == ("ssh_changed", 1)
        assert changed.detail != new.detail


def test_a_computer_known_by_another_kind_of_key_shows_that():
    with OpenSsh(key_kind="ssh-rsa") as server:
        second = server._key("second")
        server.stop()
        server._settings.append(f"HostKey {second}")
        server.start()
        assert Way(server).error().reason == "ssh_port"


def test_what_is_not_let_through_and_what_does_not_listen():
    with OpenSsh("AllowTcpForwarding no") as server:
        assert Way(server).error().reason == "ssh_forwarding"


async def test_ports_that_are_not_ssh(monkeypatch):
    monkeypatch.setattr(ssh, "BANNER_SECONDS", 0.5)
    kept = []

    async def speak_http(reader, writer):
        await reader.readline()
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def reason_at(port):
        (reason,) = await Way(None, PASSWORD, port).reasons()
        return reason

    manners = [speak_http, lambda reader, writer: kept.append(writer), lambda reader, writer: writer.close()]
    servers = [await asyncio.start_server(each, "127.0.0.1", 0) for each in manners]
    async with servers[0], servers[1], servers[2]:
        found = [await reason_at(each.sockets[0].getsockname()[1]) for each in servers]
        for each in kept:
            each.close()  # a server's end waits for them, from Python 3.12 on
    assert [*found, await reason_at(1)] == ["ssh_not_ssh", "ssh_not_ssh", "ssh_reset", "ssh_refused"]


@pytest.mark.parametrize("harm", ["freeze", "end_sessions"])
def test_a_stream_breaks_where_the_computer_stands_still_or_dies(harm):
    """And the next question makes the way anew, with no word sent twice."""

    async def work(server):
        way = Way(server)
        held = sse(openai_chunks("Hello")[:2], done=False, then=[Hold()])
        async with saying(held, sse(openai_chunks("Again"))) as model, way.client(port_of(model)) as backend:
            events = []
            async for event in backend.stream(asking()):
                events.append(event)
                if isinstance(event, TextDelta):
                    getattr(server, harm)()
            failure = events[-1].error.as_failure()
            assert (failure.kind, failure.reason, failure.host) == ("stream_broken", "ssh_lost", HOST)
            assert f"through the rented computer {HOST} ended" in describe(failure).sentence
            if harm == "freeze":
                server.wake()
            await until(lambda: way.keeper.states[-1] is TunnelState.LOST)
            assert len([each for each in model.requests if each.method == "POST"]) == 1
            assert (await outcome(backend)).text == "Again"

    with OpenSsh() as server:
        run(work(server))


@pytest.mark.parametrize(
    ("changes", "reason", "ending"),
    [
        ({"allow_host": lambda place: place.is_local, "may_resolve": lambda: False}, "offline", Ending.LOCKED),
        ({"reach": Reach(hosts=("*.other.example",), require_https=True)}, "policy", Ending.FORBIDDEN),
        ({"reach": Reach(hosts=("*.rented.example",), require_https=True)}, "ssh_port", None),
    ],
)
def test_lock_and_policy_hold_for_the_rented_computer(rented, changes, reason, ending):
    """Nothing is looked up and nothing sent."""
    way = Way(rented)
    way.settings = dataclasses.replace(way.settings, **changes)
    before = rented.count("Connection from")
    assert way.error().reason == reason
    if ending is not None:
        assert [each.ending for each in way.entries] == [ending]
        assert run(error_of(found_through(way.through()))).reason == reason
        assert (way.names.asked, rented.count("Connection from")) == ([], before)


def test_an_agent_is_let_go_once_the_login_is_made(rented, monkeypatch):
    if shutil.which("ssh-agent") is None or shutil.which("ssh-add") is None:
        pytest.skip("needs ssh-agent")
    path = tempfile.mkdtemp(prefix="candor-agent-") + "/a"  # a short one, as sockets want it
    monkeypatch.setenv("SSH_AUTH_SOCK", path)
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", path], stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: Path(path).exists())
        subprocess.run(["ssh-add", "-q", str(rented.own_key)], check=True)
        ours = psutil.Process()  # an agent's own connections are for root alone to see

        async def work():
            alone = len(ours.net_connections("unix"))
            reasons = await Way(rented, proof=SshProof.AGENT).reasons()
            await until(lambda: len(ours.net_connections("unix")) == alone)
            return reasons

        assert run(work()) == ["ssh_port"]
    finally:
        agent.terminate()
        agent.wait()
        shutil.rmtree(Path(path).parent)


def test_a_name_that_leads_further_than_was_told_gets_nothing(rented):
    way = Way(rented)
    way.names.addresses = ("8.8.4.4",)
    told = Place(PlaceKind.PRIVATE_NETWORK, HOST)
    tunnel = way.through(told).dial
    assert isinstance(tunnel, Tunnel)
    assert run(error_of(tunnel("localhost", 1, told, 10.0))).reason == "elsewhere"


async def test_servers_behind_are_found_by_what_they_say(rented):
    listed = {"GET /v1/models": [Reply([b'{"object":"list","data":[{"id":"m","owned_by":"vllm"}]}'])]}
    async with ScriptedServer(listed) as vllm, ScriptedServer({"GET /": [Reply([b"a page"])]}) as other:
        (found,) = await found_through(Way(rented).through(), [port_of(other), port_of(vllm), 1])
        assert (found.name, found.preset) == ("vLLM", "vllm")
        assert found.address == f"http://localhost:{port_of(vllm)}/v1"
        nothing = await error_of(found_through(Way(rented).through(), [port_of(other)]))
        assert nothing.reason == "ssh_no_server"


async def test_the_lock_ends_every_login_also_where_that_cannot_be_told(rented):
    """Also one that is still under way."""
    keepers = [Keeper(rented) for _ in range(3)]
    given = iter(keepers)
    factory = BackendFactory(lambda: False, list, Kept(), logins=lambda: next(given))
    ended = []

    def refuse(login, state):
        ended.append(state)
        raise RuntimeError("nobody listens")

    login = Way(rented, host="127.0.0.1").login
    connection = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Far", address="http://localhost:1/v1", ssh=login)
    backends = [factory(connection, Secrets()) for _ in keepers]
    for backend, keeper in zip(backends[:2], keepers, strict=False):
        await error_of(backend.list_models())
        keeper.note_state = refuse  # type: ignore[method-assign]
    under_way = asyncio.create_task(backends[2].list_models())
    await until(lambda: keepers[2].states)
    await factory.close_tunnels()
    with pytest.raises(BackendError) as caught:
        await under_way
    assert caught.value.reason == "ssh_lost"
    assert ended == [TunnelState.CLOSED] * 2
    assert keepers[2].states == [TunnelState.CONNECTING, TunnelState.CLOSED]
