"""The one way out: where it connects to, what it holds back before the first byte, and what it records."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import socket
from collections.abc import Sequence
from pathlib import Path

import httpcore
import pytest

from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.wire.http import HttpClient, HttpSettings
from desktop.backends.wire.network import DirectDial, addresses_of
from desktop.backends.wire.tls import tls_context
from desktop.backends.wire.way import Way
from desktop.core.errors import BackendError, Unreachable
from desktop.core.message import AttachmentPart, Message, Role, TextPart
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.policy.reach import Reach
from desktop.core.request import ChatRequest
from desktop.core.trust.ledger import Ending, Entry, Errand
from tests.backends.outcome import AT_ONCE, asking, outcome, run
from tests.backends.wire.test_http import free_port
from tests.support.certificates import untrusted_tls
from tests.support.scripted_server import Cut, Hold, Reply, ScriptedServer
from tests.support.scripts import MODEL, openai_chunks, openai_script, sse

STRANGER = "8.8.4.4"


class Names:
    """A resolver that says what it is told to, and keeps what it was asked."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.addresses


class Kept(list[Entry]):
    """What was recorded: the last word on each exchange, in the order in which they began."""

    def __call__(self, entry: Entry) -> None:
        known = [at for at, each in enumerate(self) if each.id == entry.id]
        if known:
            self[known[0]] = entry
        else:
            self.append(entry)


def backend_at(url: str, **settings: object) -> OpenAICompatBackend:
    return OpenAICompatBackend(url, "a-key", settings=HttpSettings(**settings), retries=AT_ONCE)


async def error_at(url: str, **settings: object) -> BackendError:
    backend = backend_at(url, **settings)
    try:
        return (await outcome(backend)).error
    finally:
        await backend.aclose()


@pytest.mark.parametrize("host", ["localhost", "gpu.localhost", "localhost.", "a.b.LOCALHOST", "0.0.0.0"])
def test_names_of_this_computer_are_never_looked_up(host: str) -> None:
    """Whatever a name server would say of them: the words stay here."""
    names = Names(STRANGER)

    async def work() -> str:
        async with ScriptedServer(openai_script(sse(openai_chunks("Hello")))) as server:
            backend = backend_at(server.url.replace("127.0.0.1", host), resolve=names)
            told = await outcome(backend)
            await backend.aclose()
            return told.text

    assert run(work()) == "Hello"
    assert names.asked == []


@pytest.mark.parametrize("host", ["gpu-server", "files.corp", "printer.local"])
def test_a_name_of_the_house_that_leads_out_of_it_gets_nothing(host: str) -> None:
    names, kept = Names(STRANGER, "2001:4860:4860::8844"), Kept()

    async def work() -> BackendError:
        return await error_at(f"http://{host}:8000/v1", resolve=names, record=kept)

    error = run(work())
    assert isinstance(error, Unreachable)
    assert (error.reason, error.host) == ("elsewhere", host)
    assert STRANGER in error.detail
    assert [(each.ending, each.sent, each.place.kind) for each in kept] == [
        (Ending.ELSEWHERE, 0, PlaceKind.PRIVATE_NETWORK)
    ]


@pytest.mark.parametrize("is_refused", [False, True])
def test_a_silent_end_is_asked_whether_it_is_still_there(is_refused: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that was lost while the computer slept breaks, where it would be waited for without end.

    One option that the system refuses costs neither the others nor the connection.
    """
    if is_refused:
        monkeypatch.setattr(socket, "TCP_KEEPINTVL", 30_000, raising=False)

    async def work() -> bool:
        async with ScriptedServer({}) as server:
            dial = DirectDial(HttpSettings(may_resolve=lambda: False))
            stream = await dial("127.0.0.1", server.port, THIS_COMPUTER, None)
            asks = bool(stream.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))
            await stream.aclose()
            return asks

    assert run(work())


def test_of_several_addresses_only_the_near_ones_are_connected_to() -> None:
    names = Names(STRANGER, "127.0.0.1", "::1")

    async def work() -> str:
        async with ScriptedServer(openai_script(sse(openai_chunks("Hello")))) as server:
            backend = backend_at(server.url.replace("127.0.0.1", "gpu-server"), resolve=names)
            told = await outcome(backend)
            await backend.aclose()
            return told.text

    assert run(work()) == "Hello"


def test_the_address_that_was_reached_counts_whatever_way_led_there() -> None:
    """As where a tunnel or a rule of the system sends a connection on: looked at before the first byte."""
    written: list[bytes] = []

    class Stream(httpcore.AsyncNetworkStream):
        is_closed = False

        async def write(self, buffer: bytes, timeout: float | None = None) -> None:
            written.append(buffer)

        async def aclose(self) -> None:
            self.is_closed = True

        def get_extra_info(self, info: str) -> object:
            return (STRANGER, 8000) if info == "server_addr" else None

    stream = Stream()

    async def dial(host: str, port: int, told: Place, timeout: float | None) -> httpcore.AsyncNetworkStream:
        return stream

    error = run(error_at("http://10.0.0.7:8000/v1", dial=dial))
    assert (error.reason, error.detail, written, stream.is_closed) == ("elsewhere", STRANGER, [], True)


def test_under_the_lock_nothing_is_looked_up() -> None:
    """Also where an administrator lets words into the private network: its names are asked of strangers."""
    names, kept = Names("127.0.0.1"), Kept()
    locked = {"allow_host": lambda place: place.is_local, "may_resolve": lambda: False, "resolve": names}

    async def work() -> list[str]:
        far = await error_at("https://api.test.example/v1", **locked, record=kept)
        named = await error_at("http://gpu-server:1/v1", **{**locked, "allow_host": lambda place: True}, record=kept)
        return [far.reason, named.reason]

    assert run(work()) == ["offline", "offline"]
    assert names.asked == []
    assert [each.ending for each in kept] == [Ending.LOCKED, Ending.LOCKED]


def test_under_the_lock_it_is_not_looked_if_a_silent_server_is_there() -> None:
    dialled: list[str] = []

    async def dial(host: str, port: int, told: Place, timeout: float | None) -> httpcore.AsyncNetworkStream:
        dialled.append(host)
        raise ConnectionRefusedError

    def is_open(*, is_locked: bool) -> bool:
        settings = HttpSettings(allow_host=lambda place: not is_locked, dial=dial)
        return run(Way("http://gpu:1", "gpu", Place(PlaceKind.PRIVATE_NETWORK, "gpu"), settings).is_open())

    assert is_open(is_locked=True)
    assert dialled == []
    assert not is_open(is_locked=False)


def test_networks_that_a_policy_calls_private_are_those_of_the_house() -> None:
    """As in universities, whose computers have public addresses; connected to is none of what it does not allow."""
    house, allowed = Reach(private_networks=("8.8.0.0/16",)), Reach(hosts=("10.0.0.0/8",))
    told = Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")

    async def found(reach: Reach, *addresses: str) -> list[str]:
        return await addresses_of("gpu-server", 1, told, HttpSettings(resolve=Names(*addresses)), reach)

    assert run(found(house, STRANGER, "1.1.1.1")) == [STRANGER]
    assert run(found(allowed, "192.168.0.7", "10.0.0.7")) == ["10.0.0.7"]
    with pytest.raises(Unreachable) as caught:
        run(found(allowed, "192.168.0.7"))
    assert caught.value.reason == "policy"


def test_a_name_nobody_knows() -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    assert run(error_at("http://gpu-server:1/v1", resolve=unknown)).reason == "dns"


def test_the_next_address_is_tried_where_one_refuses() -> None:
    """Whatever comes first: nothing listens at the second."""

    async def work() -> list[str]:
        texts = []
        async with ScriptedServer(openai_script(*[sse(openai_chunks("Hello"))] * 9)) as server:
            for addresses in itertools.permutations(["127.0.0.1", "::1", "127.0.0.2"]):
                backend = backend_at(server.url.replace("127.0.0.1", "gpu-server"), resolve=Names(*addresses))
                texts.append((await outcome(backend)).text)
                await backend.aclose()
            refused = await error_at(f"http://gpu-server:{server.port}/v1", resolve=Names("::1", "127.0.0.3"))
        return [*texts, refused.reason]

    assert run(work()) == ["Hello"] * 6 + ["refused"]


def test_what_is_recorded_of_a_reply() -> None:
    kept = Kept()
    question = ChatRequest(
        MODEL,
        (
            Message(role=Role.USER, parts=(TextPart("Once"),)),
            Message(role=Role.USER, parts=(TextPart("secret words"), AttachmentPart("a.txt", "text/plain", "x" * 999))),
        ),
        conversation="c1",
    )

    async def work() -> int:
        async with ScriptedServer(openai_script(sse(openai_chunks("Hello")), sse(openai_chunks("Hi")))) as server:
            backend = backend_at(server.url, record=kept)
            await outcome(backend, question)
            await outcome(backend, asking())
            await backend.aclose()
            return server.connections

    assert run(work()) == 1  # both on one connection, and yet counted apart
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


def test_a_broken_and_a_stopped_reply_are_recorded_too() -> None:
    kept = Kept()

    async def work() -> None:
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

    run(work())
    assert [each.ending for each in kept] == [Ending.BROKEN, Ending.BROKEN]
    assert kept[1].sent > 0


def test_what_never_reached_a_server_is_not_recorded() -> None:
    kept = Kept()
    assert run(error_at(f"http://127.0.0.1:{free_port()}/v1", record=kept)).reason == "refused"
    assert kept == []


def test_the_certificate_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, context = Kept(), untrusted_tls(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    tls_context.cache_clear()

    async def work() -> None:
        async with ScriptedServer({"GET /v1/models": [Reply(["{}"])]}, tls=context) as server:
            client = HttpClient(server.url, settings=HttpSettings(record=kept))
            await client.json("GET", "/v1/models")
            await client.aclose()

    try:
        run(work())
    finally:
        tls_context.cache_clear()
    (entry,) = kept
    assert (len(entry.peer.certificate), entry.peer.issuer, entry.purpose.errand) == (64, "scripted", Errand.MODELS)
