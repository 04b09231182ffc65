"""The proxy that a request takes, what passes, and each refusal under the name of the host that failed."""

from __future__ import annotations

import asyncio
import dataclasses
import socket
import ssl
from functools import partial

import pytest

from desktop.backend_factory import BackendFactory
from desktop.backends.wire.http import ProxyChoice
from desktop.backends.wire.proxies import Proxy as WayProxy
from desktop.backends.wire.proxies import proxy_for
from desktop.core.connection import Connection, ConnectionKind, ProxyMode, Route, Secrets
from desktop.core.errors import BackendError, Unreachable
from desktop.core.policy.fixed import Policy
from desktop.ui.errors import describe
from tests.backends.outcome import run
from tests.backends.wire.asking import answer, error_at, free_port
from tests.support.certificates import Authority, context_of
from tests.support.proxies import Proxy, SocksProxy, refusing, wanting
from tests.support.scripted_server import Reply, ScriptedServer

HOST = "api.test.example"
GOOD = {"GET /v1/models": [Reply(["{}"])]}
LOGIN = ("anna", "p:w ü")
PAGE = "<html><title>Blocked: artificial intelligence</title></html>"


async def asked_through(address, url, kept=None, **settings):
    """What came of a request to `url` through a proxy; None where it was answered."""
    login = {name: settings.pop(name) for name in ("user", "password") if name in settings}
    choice = ProxyChoice(ProxyMode.MANUAL, address, **login)
    found = await answer(url, proxy=choice, record=(kept if kept is not None else []).append, **settings)
    return found if isinstance(found, BackendError) else None


# What the environment says, what the connection is set to, the address that is asked, and the way that it takes.
SYSTEM, BY_HAND = ProxyChoice(), ProxyChoice(ProxyMode.MANUAL, "http://own:1")
LOGIN_OF = {"url": "p.test:3128", "user": "anna", "password": "secret"}
PUBLIC, CORP = "https://api.test.example", {"HTTPS_PROXY": "proxy.corp:3128"}
NEAR = ("http://127.0.0.1:1", "http://localhost", "http://[::1]:8", "http://192.168.1.7", "http://gpu-server:8000")
WAYS = [
    *(({"HTTP_PROXY": proxy, "ALL_PROXY": proxy}, choice, url, None)
      for url in NEAR for proxy in ("http://127.0.0.1:9", "socks://x", "::bad::") for choice in (SYSTEM, BY_HAND)),
    ({}, SYSTEM, PUBLIC, None),
    (CORP, SYSTEM, PUBLIC, WayProxy("http", "proxy.corp", 3128)),
    (CORP, SYSTEM, "http://api.test.example", None),
    (CORP | {"NO_PROXY": "test.example"}, SYSTEM, PUBLIC, None),
    (CORP, ProxyChoice(ProxyMode.NONE), PUBLIC, None),
    (CORP, BY_HAND, PUBLIC, WayProxy("http", "own", 1)),
    ({"ALL_PROXY": "p.test"}, SYSTEM, PUBLIC, WayProxy("http", "p.test", 80)),
    ({"ALL_PROXY": "https://p.test"}, SYSTEM, PUBLIC, WayProxy("https", "p.test", 443)),
    ({"ALL_PROXY": "socks5h://p.test"}, SYSTEM, PUBLIC, WayProxy("socks5", "p.test", 1080)),
    ({"ALL_PROXY": "http://a%40b:p%3Aw%20%C3%BC@[::1]:9"}, SYSTEM, PUBLIC, WayProxy("http", "::1", 9, "a@b", "p:w ü")),
    # A login goes to the proxy that was set by hand alone.
    ({}, ProxyChoice(ProxyMode.MANUAL, **LOGIN_OF), PUBLIC, WayProxy("http", "p.test", 3128, "anna", "secret")),
    ({"ALL_PROXY": "http://other:1"}, ProxyChoice(**LOGIN_OF), PUBLIC, WayProxy("http", "other", 1)),
    *(({"ALL_PROXY": proxy}, SYSTEM, PUBLIC, "proxy_setting")
      for proxy in ("socks://h:1", "socks4://user:secret@h:1", "http://", "http://[bad", "http://h:port")),
]  # fmt: skip


@pytest.mark.parametrize(("environ", "choice", "url", "proxy"), WAYS)
def test_which_proxy_a_request_takes(environ, choice, url, proxy, monkeypatch):
    """One that cannot be used is said, not passed by, and its password stands nowhere."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    shown = ""
    try:
        found = proxy_for(url, choice)
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
