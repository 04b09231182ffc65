"""The one way out: where it connects to, what lock and policy hold back; under the lock the kernel counts no packet."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import httpcore
import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.wire.http import HttpSettings
from desktop.backends.wire.network import NetworkBackend, addresses_of
from desktop.backends.wire.tls import tls_context
from desktop.backends.wire.way import Way
from desktop.core.connection import ProxyMode, Route
from desktop.core.errors import BackendError, Unreachable
from desktop.core.message import AttachmentPart, Message, Role, TextPart
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.policy.fixed import NO_REACH, Reach
from desktop.core.request import ChatRequest, Errand
from desktop.core.trust import Ending
from tests.backends.outcome import AT_ONCE, asking, outcome, run
from tests.backends.wire.asking import STRANGER, Kept, Names, asked, error_at, free_port
from tests.support.certificates import untrusted_tls
from tests.support.proxies import Proxy
from tests.support.scripted_server import Cut, Hold, Reply, ScriptedServer, json_reply
from tests.support.scripts import MODEL, openai_chunks, openai_script, sse
from tests.support.waiting import PATIENCE

GOOD = {"GET /v1/models": [json_reply({})]}
HOUSE = Reach(farthest=PlaceKind.PRIVATE_NETWORK)
LOCKED = {"allow_host": lambda place: place.is_local, "may_resolve": lambda: False}


def backend_at(url, **settings):
    return OpenAICompatBackend(url, "a-key", settings=HttpSettings(**settings), retries=AT_ONCE)


@pytest.mark.parametrize("host", ["localhost", "gpu.localhost", "localhost.", "a.b.LOCALHOST", "0.0.0.0"])
def test_names_of_this_computer_are_never_looked_up(host):
    """Whatever a name server would say of them: the words stay here."""
    names = Names(STRANGER)

    assert (asked(GOOD, host=host, resolve=names)[0], names.asked) == ({}, [])


# The address that is asked, what it leads to, what is allowed, and the reason and the end of its entry.
HELD_BACK = [
    *(
        (f"http://{host}:8000", (STRANGER, "2001:4860:4860::8844"), {}, "elsewhere", Ending.ELSEWHERE)
        for host in ("gpu-server", "files.corp", "printer.local")
    ),
    ("http://gpu-server:8000", (), {"reach": NO_REACH}, "policy", Ending.FORBIDDEN),
    ("https://api.test.example", (), {"reach": HOUSE}, "policy", Ending.FORBIDDEN),
    ("https://other.test.example", (), {"reach": Reach(hosts=("gpu.test.example",))}, "policy", Ending.FORBIDDEN),
    ("http://gpu-server:8000", (), {"reach": Reach(require_https=True)}, "policy", Ending.FORBIDDEN),
    ("https://api.test.example", (), LOCKED, "offline", Ending.LOCKED),
    # Also where an administrator lets words into the private network: its names are asked of strangers.
    ("http://gpu-server:1", (), {**LOCKED, "allow_host": lambda place: True}, "offline", Ending.LOCKED),
]


@pytest.mark.parametrize(("url", "addresses", "settings", "reason", "ending"), HELD_BACK)
def test_what_is_not_allowed_gets_nothing(url, addresses, settings, reason, ending):
    names, kept = Names(*addresses), Kept()
    error = run(error_at(url, resolve=names, record=kept, **settings))
    assert (error.kind, error.reason) == ("unreachable", reason)
    assert bool(names.asked) == bool(addresses)  # else it is not even looked up
    assert all(each in error.detail for each in addresses)
    assert [(each.ending, each.sent) for each in kept] == [(ending, 0)]


class Stream(httpcore.AsyncNetworkStream):
    """A connection that has led to an address, whatever way it took."""

    def __init__(self, address):
        self.address = address
        self.written = []
        self.is_closed = False

    async def write(self, buffer, timeout=None):
        self.written.append(buffer)

    async def aclose(self):
        self.is_closed = True

    def get_extra_info(self, info):
        return (self.address, 443) if info == "server_addr" else None


@pytest.mark.parametrize(
    ("url", "address", "reach", "reason"),
    [
        ("http://10.0.0.7:8000", STRANGER, Reach(), "elsewhere"),
        ("https://api.test.example", STRANGER, Reach(hosts=("10.1.0.0/16",)), "policy"),
        ("https://api.test.example", "10.9.0.1", Reach(hosts=("10.1.0.0/16",)), "policy"),
    ],
)
def test_the_address_that_was_reached_counts_whatever_way_led_there(url, address, reach, reason):
    """As where a tunnel or a rule of the system sends a connection on: looked at before the first byte."""
    stream, kept = Stream(address), Kept()

    async def dial(host, port, told, timeout):
        return stream

    error = run(error_at(url, dial=dial, reach=reach, record=kept))
    assert (error.reason, error.detail, stream.written, stream.is_closed) == (reason, address, [], True)
    assert [each.sent for each in kept] == [0]


@pytest.mark.parametrize(
    ("reach", "reason"),
    [
        (Reach(farthest=PlaceKind.PRIVATE_NETWORK, hosts=("llm.corp.example",)), "elsewhere"),
        (Reach(farthest=PlaceKind.PRIVATE_NETWORK, private_networks=("10.9.0.0/16",)), "policy"),
        (Reach(hosts=("10.1.0.0/16",)), "policy"),
    ],
)
async def test_no_proxy_gets_what_only_an_address_can_allow(reach, reason):
    async with Proxy() as proxy:
        route = Route(proxy=ProxyMode.MANUAL, proxy_address=f"http://{proxy.address}")
        error = await error_at("http://llm.corp.example", reach=reach, resolve=Names(STRANGER), route=route)
        assert (error.reason, proxy.asked) == (reason, [])


@pytest.mark.parametrize(
    ("reach", "addresses", "near"),
    [
        (Reach(), [STRANGER, "127.0.0.1", "::1"], ["127.0.0.1", "::1"]),
        # As in universities, whose computers have public addresses.
        (Reach(private_networks=("8.8.0.0/16",)), [STRANGER, "1.1.1.1"], [STRANGER]),
        (Reach(hosts=("10.0.0.0/8",)), ["192.168.0.7", "10.0.0.7"], ["10.0.0.7"]),
        (Reach(hosts=("10.0.0.0/8",)), ["192.168.0.7"], "policy"),
    ],
)
def test_of_several_addresses_only_the_near_ones_are_connected_to(reach, addresses, near):
    told, settings = Place(PlaceKind.PRIVATE_NETWORK, "gpu-server"), HttpSettings(resolve=Names(*addresses))
    try:
        found = run(addresses_of("gpu-server", 1, told, settings, reach))
    except Unreachable as error:
        found = error.reason
    assert found == near


@pytest.mark.parametrize("is_refused", [False, True])
async def test_a_silent_end_is_asked_whether_it_is_still_there(is_refused, monkeypatch):
    """A connection that was lost while the computer slept breaks, where it would be waited for without end.

    One option that the system refuses costs neither the others nor the connection.
    """
    if is_refused:
        monkeypatch.setattr(socket, "TCP_KEEPINTVL", 30_000, raising=False)

    async with ScriptedServer({}) as server:
        stream = await NetworkBackend(HttpSettings(), THIS_COMPUTER).connect_tcp("127.0.0.1", server.port)
        asks = bool(stream.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))
        await stream.aclose()
        assert asks


def test_whoever_writes_to_a_connection_that_is_closed_ends_and_the_next_one_works():
    """The next one has the same number, under which the loop must not look for the first any more."""

    async def work():
        async def answer(reader, writer):
            await reader.readexactly(2)
            writer.write(b"done")
            await asyncio.gather(reader.read(), return_exceptions=True)
            writer.close()

        silent = socket.create_server(("127.0.0.1", 0))
        backend = NetworkBackend(HttpSettings(), THIS_COMPUTER)
        with silent:
            server = await asyncio.start_server(answer, "127.0.0.1", 0)
            first = await backend.connect_tcp("127.0.0.1", silent.getsockname()[1])
            writing = asyncio.create_task(first.write(bytes(50_000_000)))
            await asyncio.sleep(0)
            await first.aclose()
            assert isinstance((await asyncio.gather(writing, return_exceptions=True))[0], httpcore.WriteError)
            async with server:
                second = await backend.connect_tcp("127.0.0.1", server.sockets[0].getsockname()[1])
                await second.write(b"hi")
                content = await second.read(9)
                await second.aclose()
        return content

    assert run(work(), 5) == b"done"


@pytest.mark.parametrize("is_locked", [True, False])
def test_under_the_lock_it_is_not_looked_if_a_silent_server_is_there(is_locked):
    dialled = []

    async def dial(host, port, told, timeout):
        dialled.append(host)
        raise ConnectionRefusedError

    settings = HttpSettings(allow_host=lambda place: not is_locked, dial=dial)
    is_open = run(Way("http://gpu:1", "gpu", Place(PlaceKind.PRIVATE_NETWORK, "gpu"), settings).is_open())
    assert (is_open, dialled) == ((True, []) if is_locked else (False, ["gpu"]))


def test_the_next_address_is_tried_where_one_refuses():
    """Whatever comes first: nothing listens at the second."""

    for addresses in itertools.permutations(["127.0.0.1", "::1", "127.0.0.2"]):
        assert asked(GOOD, host="gpu-server", resolve=Names(*addresses))[0] == {}
    assert asked(GOOD, host="gpu-server", resolve=Names("::1", "127.0.0.3"))[0].reason == "refused"


async def test_what_is_recorded_of_a_reply():
    kept = Kept()
    question = ChatRequest(
        MODEL,
        (
            Message(role=Role.USER, parts=(TextPart("Once"),)),
            Message(role=Role.USER, parts=(TextPart("secret words"), AttachmentPart("a.txt", "text/plain", "x" * 999))),
        ),
        conversation="c1",
    )

    async with ScriptedServer(openai_script(sse(openai_chunks("Hello")), sse(openai_chunks("Hi")))) as server:
        backend = backend_at(server.url, record=kept)
        await outcome(backend, question)
        await outcome(backend, asking())
        await backend.aclose()
        assert server.connections == 1

    first, second = kept
    assert (first.purpose.errand, first.purpose.conversation, first.purpose.model) == (Errand.FILE, "c1", MODEL)
    assert (first.purpose.messages, first.purpose.files) == (2, 1)
    assert (first.host, first.place.kind, first.peer.address) == ("127.0.0.1", PlaceKind.THIS_COMPUTER, "127.0.0.1")
    assert first.ending is second.ending is Ending.DONE
    assert first.sent > 999 > second.sent > 0
    assert first.received > 0
    assert second.received > 0
    assert second.purpose.errand is Errand.QUESTION
    assert "secret" not in repr(dataclasses.asdict(first))


async def test_a_broken_and_a_stopped_reply_are_recorded_too_and_what_reached_no_server_is_not():
    kept = Kept()

    await error_at(f"http://127.0.0.1:{free_port()}", record=kept)
    broken = sse(openai_chunks("Hello")[:2], done=False, then=[Cut()])
    async with ScriptedServer(openai_script(broken, Reply(before_head=[Hold()]))) as server:
        backend = backend_at(server.url, record=kept)
        await outcome(backend)
        waiting = asyncio.create_task(outcome(backend))
        while len(kept) < 2:
            await asyncio.sleep(0)
        assert kept[1].ending is Ending.OPEN  # begun before the first byte
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await backend.aclose()

    assert [each.ending for each in kept] == [Ending.BROKEN, Ending.BROKEN]
    assert kept[1].sent > 0


def test_the_certificate_is_recorded(tmp_path, monkeypatch):
    kept, context = Kept(), untrusted_tls(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    tls_context.cache_clear()

    assert asked(GOOD, tls=context, record=kept)[0] == {}
    tls_context.cache_clear()
    (entry,) = kept
    assert (len(entry.peer.certificate), entry.peer.issuer, entry.purpose.errand) == (64, "scripted", Errand.MODELS)


HOSTS = (
    *("gpu.localhost", "localhost.", "gpu-server", "files.corp", "printer.local", "api.provider.example"),
    *("192.0.2.99", "[2001:db8::99]", "10.9.9.9", "0x08080808", "134744072"),
)
SET_UP = """
ip link set lo up
ip link add trip0 type veth peer name trip1
echo 1 > /proc/sys/net/ipv6/conf/trip0/disable_ipv6
ip link set trip1 up
ip link set trip0 up
ip addr add 192.0.2.1/24 dev trip0
ip route add default via 192.0.2.2
ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev trip0
mount --bind {resolver} /etc/resolv.conf
"""


def packets():
    """How many packets have been sent on the way out."""
    (line,) = (each for each in Path("/proc/net/dev").read_text().splitlines() if each.strip().startswith("trip0:"))
    return int(line.split(":")[1].split()[9])


async def ask(hosts, *, locked):
    """Ask every host for its models, in both protocols."""
    settings = HttpSettings(
        allow_host=lambda place: place.is_local or not locked, may_resolve=lambda: not locked, connect_timeout=0.2
    )
    backends = [
        backend
        for host in hosts
        for backend in (
            OpenAICompatBackend(f"http://{host}:8000/v1", "a-key", settings=settings),
            OllamaBackend(f"http://{host}:11434", "a-key", settings=settings),
        )
    ]
    for ended in await asyncio.gather(*(each.list_models() for each in backends), return_exceptions=True):
        assert isinstance(ended, BackendError), ended
    for each in backends:
        await each.aclose()


def main(folder):
    resolver = folder / "resolv.conf"
    resolver.write_text("nameserver 192.0.2.53\noptions timeout:1 attempts:1\n")
    subprocess.run(["sh", "-e", "-c", SET_UP.format(resolver=resolver)], check=True)
    before = packets()
    asyncio.run(ask(HOSTS, locked=True))
    locked = packets() - before
    asyncio.run(ask(["192.0.2.99"], locked=False))
    sys.stdout.write(f"{locked} {packets() - before - locked}\n")


def can_have_a_network():
    """Return True if a process may be given a network of its own here: as root, on Linux."""
    tools = all(map(shutil.which, ("unshare", "ip")))
    if not (tools and sys.platform == "linux" and os.geteuid() == 0):
        return False
    made = "ip link add a0 type veth peer name a1"
    return subprocess.run(["unshare", "-n", "-m", "sh", "-c", made], capture_output=True, check=False).returncode == 0


def test_no_packet_leaves_under_the_lock(tmp_path):
    if not can_have_a_network():
        pytest.skip("needs root on Linux, unshare and ip")
    asked = ["unshare", "-n", "-m", sys.executable, "-m", "tests.backends.wire.test_network", str(tmp_path)]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=6 * PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    locked, unlocked = map(int, done.stdout.split())
    assert locked == 0
    assert unlocked > 0  # or nothing would be counted at all


if __name__ == "__main__":
    main(Path(sys.argv[1]))
