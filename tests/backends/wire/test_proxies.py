"""Where a request is passed on: by proxies, each refusal under the right name, and to models that a server forwards."""

from __future__ import annotations

import asyncio
import dataclasses
import socket
import ssl
from contextlib import aclosing
from dataclasses import replace
from functools import partial

import pytest

from desktop.backend_factory import BackendFactory
from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.backends.wire.http import HttpSettings
from desktop.backends.wire.way import Proxy as WayProxy
from desktop.backends.wire.way import proxy_for
from desktop.core.connection import Connection, ConnectionKind, ProxyMode, Route, Secrets
from desktop.core.errors import BackendError, Unreachable
from desktop.core.events import Phase
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.policy.fixed import Policy
from desktop.core.request import ThinkingMode
from desktop.ui.errors import describe
from tests.backends.outcome import AT_ONCE, asking, outcome, run
from tests.backends.wire.asking import answer, error_at, free_port
from tests.support.certificates import Authority, context_of
from tests.support.proxies import Proxy, SocksProxy, refusing, wanting
from tests.support.scripted_server import Reply, ScriptedServer, json_reply
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

HOST = "api.test.example"
GOOD = {"GET /v1/models": [Reply(["{}"])]}
LOGIN = ("anna", "p:w ü")
PAGE = "<html><title>Blocked: artificial intelligence</title></html>"


def by_hand(address, user=""):
    return Route(proxy=ProxyMode.MANUAL, proxy_address=address, proxy_user=user)


async def asked_through(address, url, kept=None, **settings):
    """What came of a request to `url` through a proxy; None where it was answered."""
    user, password = settings.pop("user", ""), settings.pop("password", "")
    way = {"route": by_hand(address, user), "secrets": Secrets(proxy_password=password)}
    found = await answer(url, **way, record=(kept if kept is not None else []).append, **settings)
    return found if isinstance(found, BackendError) else None


# What the environment says, what the connection is set to, the address that is asked, and the way that it takes.
SYSTEM, BY_HAND, WITH_LOGIN = Route(), by_hand("http://own:1"), by_hand("p.test:3128", "anna")
PUBLIC, CORP = "https://api.test.example", {"HTTPS_PROXY": "proxy.corp:3128"}
NEAR = ("http://127.0.0.1:1", "http://localhost", "http://[::1]:8", "http://192.168.1.7", "http://gpu-server:8000")
WAYS = [
    *(({"HTTP_PROXY": proxy, "ALL_PROXY": proxy}, choice, url, None)
      for url in NEAR for proxy in ("http://127.0.0.1:9", "socks://x", "::bad::") for choice in (SYSTEM, BY_HAND)),
    ({}, SYSTEM, PUBLIC, None),
    (CORP, SYSTEM, PUBLIC, WayProxy("http", "proxy.corp", 3128)),
    (CORP, SYSTEM, "http://api.test.example", None),
    (CORP | {"NO_PROXY": "test.example"}, SYSTEM, PUBLIC, None),
    (CORP, Route(proxy=ProxyMode.NONE), PUBLIC, None),
    (CORP, BY_HAND, PUBLIC, WayProxy("http", "own", 1)),
    ({"ALL_PROXY": "p.test"}, SYSTEM, PUBLIC, WayProxy("http", "p.test", 80)),
    ({"ALL_PROXY": "https://p.test"}, SYSTEM, PUBLIC, WayProxy("https", "p.test", 443)),
    ({"ALL_PROXY": "socks5h://p.test"}, SYSTEM, PUBLIC, WayProxy("socks5", "p.test", 1080)),
    ({"ALL_PROXY": "http://a%40b:p%3Aw%20%C3%BC@[::1]:9"}, SYSTEM, PUBLIC, WayProxy("http", "::1", 9, "a@b", "p:w ü")),
    # A login goes to the proxy that was set by hand alone.
    ({}, WITH_LOGIN, PUBLIC, WayProxy("http", "p.test", 3128, "anna", "secret")),
    ({"ALL_PROXY": "http://o:1"}, replace(WITH_LOGIN, proxy=ProxyMode.SYSTEM), PUBLIC, WayProxy("http", "o", 1)),
    *(({"ALL_PROXY": proxy}, SYSTEM, PUBLIC, "proxy_setting")
      for proxy in ("socks://h:1", "socks4://user:secret@h:1", "http://", "http://[bad", "http://h:port")),
]  # fmt: skip


@pytest.mark.parametrize(("environ", "choice", "url", "proxy"), WAYS)
def test_which_proxy_a_request_takes(environ, choice, url, proxy, monkeypatch):
    """One that cannot be used is said, not passed by, and its password stands nowhere."""
    password = "secret" if choice.proxy_user else ""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    shown = ""
    try:
        found = proxy_for(url, choice, password)
    except Unreachable as error:
        found, shown = error.reason, f"{error.detail}{error.host}"
    assert found == proxy
    assert "secret" not in f"{found!r}{shown}"


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
@pytest.mark.parametrize("target", ["http", "https"])
async def test_what_passes(scheme, target, trust, tmp_path):
    """With a login of every letter; the name is looked up by the proxy, and what is said to it is recorded."""
    kept = []
    of_server = context_of(tmp_path, *trust.issued(name=HOST))
    of_proxy = context_of(tmp_path, *trust.issued())

    async with ScriptedServer(GOOD, tls=of_server if target == "https" else None) as server:
        made = Proxy(server.port, wanting(*LOGIN), of_proxy if scheme == "https" else None)
        if scheme == "socks5":
            made = SocksProxy(server.port, login=LOGIN)
        async with made as proxy:
            login = {"user": LOGIN[0], "password": LOGIN[1]}
            error = await asked_through(f"{scheme}://{proxy.address}", f"{target}://{HOST}:1", kept, **login)

    assert error is None
    assert proxy.asked == [
        f"http://{HOST}:1/v1/models" if (target, scheme != "socks5") == ("http", True) else f"{HOST}:1"
    ]
    last = kept[-1]
    assert (last.host, last.is_through_proxy, last.peer.address) == (HOST, True, "127.0.0.1")
    assert last.sent > 100
    assert "p:w" not in repr([dataclasses.asdict(each) for each in kept])


HTTP_REFUSALS = {
    "proxy_login": (wanting(*LOGIN)("") or b"", {}),
    "proxy_login_wrong": (wanting(*LOGIN)("") or b"", {"user": "anna", "password": "old"}),
    "proxy_windows": (
        refusing("407 Sign in", "Proxy-Authenticate: Negotiate", "Proxy-Authenticate: NTLM")(""),
        {"user": "a", "password": "b"},
    ),
    "proxy_scheme": (refusing("407 Sign in", 'Proxy-Authenticate: Digest realm="x", qop="auth"')(""), {}),
    "proxy_blocked": (refusing("403 Forbidden", "Content-Type: text/html", body=PAGE)(""), {}),
    "proxy_blocked with a page that breaks off": (
        b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\n" + PAGE.encode(),
        {},
    ),
    "proxy_far": (refusing("502 Bad Gateway", body="no such host")(""), {}),
    "proxy_page": (refusing("200 OK", "Content-Type: text/html; charset=utf-8", body=PAGE)(""), {}),
    "proxy_page moved": (refusing("302 Found", "Location: http://portal.test/login")(""), {}),
    "proxy_other": (b"SSH-2.0-OpenSSH_9.9\r\n", {}),
    "proxy": (refusing("400 No")(""), {}),
}


@pytest.mark.parametrize("case", HTTP_REFUSALS)
async def test_a_refusal_of_an_http_proxy_is_told_apart(case):
    """Also that nothing but the name of the server came to it."""
    answer, login = HTTP_REFUSALS[case]
    reason = case.partition(" ")[0]

    async with Proxy(refuse=lambda head: answer) as proxy:
        error = await asked_through(f"http://{proxy.address}", f"https://{HOST}", **login)

    assert isinstance(error, Unreachable)
    assert (error.reason, error.host) == (reason, HOST if reason == "proxy_far" else proxy.address)
    assert proxy.asked == [f"{HOST}:443"]
    assert error.host in describe(error.as_failure()).sentence or reason == "proxy_blocked"
    if case == "proxy_blocked":
        assert describe(error.as_failure()).detail == "Blocked: artificial intelligence"


async def test_a_name_and_a_password_in_an_address_do_not_come_to_a_proxy():
    async with ScriptedServer(GOOD) as server, Proxy(server.port) as proxy:
        await asked_through(f"http://{proxy.address}", f"http://anna:secret@{HOST}:1")
        assert proxy.asked == [f"http://{HOST}:1/v1/models"]


SOCKS_REFUSALS = {
    "proxy_login": ({"login": LOGIN}, {}),
    "proxy_login_wrong": ({"login": LOGIN}, {"user": "anna", "password": "old"}),
    "proxy_blocked": ({"reply": 2}, {}),
    "proxy_far": ({"reply": 4}, {}),
}


@pytest.mark.parametrize("reason", SOCKS_REFUSALS)
async def test_a_refusal_of_a_socks_proxy_is_told_apart(reason):
    of_proxy, login = SOCKS_REFUSALS[reason]

    async with SocksProxy(**of_proxy) as proxy:
        error = await asked_through(f"socks5://{proxy.address}", f"https://{HOST}", **login)
        assert (error.reason, error.host) == (reason, HOST if reason == "proxy_far" else proxy.address)


@pytest.mark.parametrize(
    ("scheme", "headers", "reason"),
    [
        ("http", ['Proxy-Authenticate: Basic realm="x"'], "proxy_login"),
        ("http", ["Proxy-Authenticate: NTLM"], "proxy_windows"),
        ("socks5", [], "proxy_other"),
        ("https", [], "proxy_other"),
    ],
)
async def test_a_request_of_plain_http(scheme, headers, reason):
    """It is handed to the proxy as it is; one of another kind than was set is told of, whatever it says."""

    async with Proxy(refuse=refusing("407 Sign in", *headers)) as proxy:
        error = await asked_through(f"{scheme}://{proxy.address}", f"http://{HOST}")

    assert (error.reason, error.host) == (reason, proxy.address)


async def _unknown(host, port):
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.mark.parametrize("target", ["http", "https"])
@pytest.mark.parametrize("reason", ["proxy_refused", "proxy_dns", "proxy_timeout"])
def test_a_proxy_that_is_not_reached(reason, target):
    """It is not there, nobody knows its name, or it listens, and that is all."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        silent = f"127.0.0.1:{listener.getsockname()[1]}"
        there = {"proxy_refused": f"127.0.0.1:{free_port()}", "proxy_dns": "proxy.corp:3128", "proxy_timeout": silent}
        target = "https" if reason == "proxy_timeout" else target
        error = run(asked_through(there[reason], f"{target}://{HOST}", resolve=_unknown, connect_timeout=0.1))
    assert (error.reason, error.host) == (reason, there[reason])


async def test_the_certificate_of_a_proxy_is_looked_at(trust, tmp_path):
    """By what this computer trusts, and under the proxy's name; so is that of the server behind one."""
    stranger = context_of(tmp_path, *Authority("Unknown Trust").issued())

    found = []
    async with ScriptedServer(GOOD, tls=stranger) as server, Proxy(tls=stranger) as proxy:
        error = await asked_through(f"https://{proxy.address}", f"https://{HOST}")
        found.append((error.reason, error.host == proxy.address))
        async with Proxy(server.port) as open_one:
            error = await asked_through(f"http://{open_one.address}", f"https://{HOST}")
            found.append((error.reason, error.host == HOST))
            assert (error.detail, len(open_one.asked), server.requests) == ("Unknown Trust", 2, [])
    assert found == [("tls_unknown", True), ("tls_chain", True)]


@pytest.mark.parametrize(
    "refusal", [refusing("302 Found", "Location: https://wifi.example.net/login"), refusing("511 Sign in, please")]
)
async def test_a_page_of_the_network_that_comes_in_between(refusal):
    """Plain http to the internet, which anybody on the way can answer."""

    async def nearby(host, port):
        return ["127.0.0.1"]

    async with Proxy(refuse=refusal) as portal:
        error = await error_at(f"http://{HOST}:{portal.port}", resolve=nearby)

    assert (error.reason, error.host) == ("portal", HOST)


async def test_a_cancelled_request_leaves_no_connection_to_a_proxy():
    arrived, gone = asyncio.Event(), asyncio.Event()

    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        arrived.set()
        while await reader.read(100):
            pass
        gone.set()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    asking = asyncio.create_task(asked_through(address, f"https://{HOST}"))
    await arrived.wait()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    async with asyncio.timeout(10):
        await gone.wait()
    server.close()


async def test_the_way_that_a_connection_names(trust, tmp_path):
    """Through the factory: proxy with its login, a file of certificates, a certificate of the user's; a policy wins."""
    house = Authority("House")
    of_server = context_of(tmp_path, *house.issued(name=HOST))
    of_server.verify_mode = ssl.CERT_REQUIRED
    of_server.load_verify_locations(cadata=house.pem.decode())
    (tmp_path / "house.pem").write_bytes(house.pem)
    (tmp_path / "me.pem").write_bytes(b"".join(house.issued()))
    listed = {"GET /v1/models": [Reply(['{"data": [{"id": "m"}]}'])]}
    secrets = Secrets("a-key", *LOGIN[1:])

    found = []
    async with ScriptedServer(listed, tls=of_server) as server, Proxy(server.port, wanting(*LOGIN)) as proxy:
        route = Route(
            proxy=ProxyMode.MANUAL,
            proxy_address=proxy.address,
            proxy_user=LOGIN[0],
            ca_file=str(tmp_path / "house.pem"),
            certificate=str(tmp_path / "me.pem"),
        )
        kind = ConnectionKind.OPENAI_COMPAT
        connection = Connection(kind=kind, name="x", address=f"https://{HOST}/v1", route=route)
        elsewhere = f"http://127.0.0.1:{free_port()}"
        for policy in (Policy(), Policy(proxy=proxy.address), Policy(proxy=elsewhere)):
            make = BackendFactory(lambda: False, list, lambda entry: None, partial(dataclasses.replace, policy))
            backend = make(connection, secrets)
            try:
                found += [each.name for each in await backend.list_models()]
            except BackendError as error:
                found.append(error.reason)
            await backend.aclose()
        assert {each.headers["authorization"] for each in server.requests} == {"Bearer a-key"}
    assert found == ["m", "m", "proxy_refused"]


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


@pytest.mark.parametrize(("preset", "script"), [("custom", openai_script()), ("openai", responses_script())])
async def test_the_lock_holds_for_ollamas_other_protocols(preset, script):
    async with ScriptedServer(script) as server:
        address, preset = f"{server.url}/v1", load_presets()[preset]
        backend = OpenAICompatBackend(address, "", preset, settings=LOCKED, retries=AT_ONCE)
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
