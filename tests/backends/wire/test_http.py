"""Addresses, proxies, certificates, redirects, keys, silence and cancelling, against real sockets."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.wire.http import HttpClient, HttpSettings
from desktop.backends.wire.proxies import ProxyChoice
from desktop.core.backend import Backend
from desktop.core.connection import ProxyMode
from desktop.core.errors import AuthRejected, BackendError, ProtocolError, StreamBroken, Unreachable
from desktop.core.place import PlaceKind
from tests.backends.outcome import AT_ONCE, asking, outcome, run
from tests.support.certificates import untrusted_tls
from tests.support.examples import examples
from tests.support.scripted_server import (
    Hold,
    Pause,
    Raw,
    Recorded,
    Reply,
    Reset,
    Script,
    ScriptedServer,
    json_reply,
    text_reply,
)
from tests.support.scripts import ndjson, ollama_line, ollama_lines, ollama_script, openai_chunks, openai_script, sse

KEY = "sk-test-0123456789"
Make = Callable[..., Backend]


def ollama(url: str, **more: object) -> OllamaBackend:
    return OllamaBackend(url, KEY, retries=AT_ONCE, **more)  # type: ignore[arg-type]


def openai(url: str, **more: object) -> OpenAICompatBackend:
    return OpenAICompatBackend(url, KEY, retries=AT_ONCE, **more)  # type: ignore[arg-type]


def good_script(make: Make) -> Script:
    if make is ollama:
        return ollama_script(ndjson(ollama_lines("Hello")))
    return openai_script(sse(openai_chunks("Hello")))


def error_of(make: Make, url: str, **more: object) -> BackendError:
    async def work() -> BackendError:
        backend = make(url, **more)
        try:
            return (await outcome(backend)).error
        finally:
            await backend.aclose()

    return run(work())


both = pytest.mark.parametrize("make", [ollama, openai])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@both
def test_nobody_listens(make: Make) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    error = error_of(make, address)
    assert isinstance(error, Unreachable)
    assert (error.reason, error.host, error.detail) == ("refused", "127.0.0.1", address)


@both
def test_a_name_that_does_not_exist(make: Make) -> None:
    error = error_of(make, "http://no-such-host.invalid:1")
    assert isinstance(error, Unreachable)
    assert error.reason == "dns"


NO_ADDRESSES = ["", "http://", "ftp://x/", "http://h:99999", "http://h:x", "http://[::1", "a b"]
FOR_NO_SERVER = [f"http://{'a' * 70}.invalid", "http://api，example.com", "http://xn--a", "http://a..b", "http://☃.net/",
    "http://a\x00b", "http://\ud800", "http://٣.example", "http://a%20b", "http://x/\x7f\ud800"]  # fmt: skip


@pytest.mark.parametrize("url", [*NO_ADDRESSES, *FOR_NO_SERVER])
def test_what_is_no_address(url: str) -> None:
    error = error_of(openai, url)
    assert isinstance(error, Unreachable)
    assert error.reason == "address"


@pytest.mark.parametrize("url", FOR_NO_SERVER)
def test_what_is_no_address_of_ollama(url: str) -> None:
    error = error_of(ollama, url)
    assert isinstance(error, Unreachable)
    assert error.reason == "address"


@both
@pytest.mark.parametrize("end", ["，", "。", "　", "”", "）"])
def test_an_address_in_full_width_letters_is_understood(make: Make, end: str) -> None:
    async def work() -> str:
        async with ScriptedServer(good_script(make)) as server:
            wide = server.url.translate({at: at + 0xFEE0 for at in range(0x21, 0x7F)}).replace("．", "。")
            return (await outcome(make(wide + end))).text

    assert run(work()) == "Hello"


@both
@settings(max_examples=examples(60), deadline=None)
@given(st.text(max_size=30))
def test_whatever_stands_as_an_address_ends_in_a_sentence(make: Make, typed: str) -> None:
    """None of them is asked: nothing in this test may leave the computer."""
    error = error_of(make, f"http://{typed}", settings=HttpSettings(allow_host=lambda place: False))
    assert isinstance(error, Unreachable)
    assert error.reason in ("address", "offline")


@both
@pytest.mark.parametrize("hangs", [False, True])
def test_https_to_a_plain_port(make: Make, hangs: bool) -> None:
    """Most servers answer the handshake with a line of HTTP; some wait for a line that never comes."""

    async def work() -> BackendError:
        async with ScriptedServer(good_script(make), waits_for_lines=hangs) as server:
            settings = HttpSettings(connect_timeout=0.3 if hangs else 5.0)
            return (await outcome(make(server.url.replace("http:", "https:"), settings=settings))).error

    error = run(work())
    assert isinstance(error, Unreachable)
    assert error.reason == "not_tls"


@both
def test_http_to_a_tls_port(make: Make) -> None:
    """A TLS server answers plain words with an alert, or hangs up: some close without a word."""

    async def work() -> tuple[BackendError, BackendError]:
        alert = Reply(before_head=[Raw(b"\x15\x03\x01\x00\x02\x02\x46"), Reset()])
        spoken = Reply(["Client sent an HTTP request to an HTTPS server.\n"], status=400, content_type="text/plain")
        route = "POST /api/chat" if make is ollama else "POST /v1/chat/completions"
        errors = []
        for reply in (alert, spoken):
            async with ScriptedServer({**good_script(make), route: [reply]}) as server:
                errors.append((await outcome(make(server.url))).error)
        return errors[0], errors[1]

    for error in run(work()):
        assert isinstance(error, Unreachable)
        assert error.reason == "not_tls"


@both
def test_http_to_a_tls_port_that_hangs_up(make: Make, tmp_path: Path) -> None:
    async def work() -> BackendError:
        async with ScriptedServer(good_script(make), tls=untrusted_tls(tmp_path)) as server:
            return (await outcome(make(server.url.replace("https:", "http:")))).error

    error = run(work())
    assert isinstance(error, Unreachable)
    assert error.reason == "not_tls"


@both
def test_a_server_that_hangs_up_on_everything_is_looked_at_once(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked three times, since that may pass; what a handshake brings need not be waited for each time."""
    monkeypatch.setattr("desktop.backends.wire.way._SECONDS", 0.3)
    route = "POST /api/chat" if make is ollama else "POST /v1/chat/completions"

    async def work() -> tuple[BackendError, int]:
        script = {**good_script(make), route: [Reply(before_head=[Reset()])]}
        async with ScriptedServer(script, waits_for_lines=True) as server:
            error = (await outcome(make(server.url))).error
            asked = sum(1 for each in server.requests if each.path.endswith(("/chat", "/completions")))
            return error, server.connections - asked

    error, looks = run(work())
    assert isinstance(error, Unreachable)
    assert error.reason == "reset"
    assert looks < 3  # Ollama is asked for the model before, too


@both
def test_a_certificate_that_nobody_trusts(make: Make, tmp_path: Path) -> None:
    async def work() -> tuple[BackendError, int]:
        async with ScriptedServer(good_script(make), tls=untrusted_tls(tmp_path)) as server:
            return (await outcome(make(server.url))).error, len(server.requests)

    error, requests = run(work())
    assert isinstance(error, Unreachable)
    assert error.reason == "tls_self_signed"
    assert requests == 0


@both
def test_a_redirect_is_not_followed_but_told(make: Make) -> None:
    moved = Reply(status=301, headers={"Location": "https://new.test/v1"})
    route = "POST /api/chat" if make is ollama else "POST /v1/chat/completions"

    async def work() -> BackendError:
        async with ScriptedServer({**good_script(make), route: [moved]}) as server:
            return (await outcome(make(server.url))).error

    error = run(work())
    assert isinstance(error, ProtocolError)
    assert (error.reason, error.detail, error.status) == ("redirect", "https://new.test/v1", 301)


@both
def test_what_is_no_answer_and_leads_nowhere_has_not_moved(make: Make) -> None:
    route = "POST /api/chat" if make is ollama else "POST /v1/chat/completions"

    async def work() -> BackendError:
        async with ScriptedServer({**good_script(make), route: [Reply(status=304)]}) as server:
            return (await outcome(make(server.url))).error

    error = run(work())
    assert isinstance(error, ProtocolError)
    assert (error.reason, error.status) == ("", 304)


@both
@pytest.mark.parametrize(
    "proxies",
    [
        {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"},
        {"ALL_PROXY": "socks5://127.0.0.1:9"},
        {"all_proxy": "socks://127.0.0.1:9/"},
        {"ALL_PROXY": "::not a proxy::", "HTTP_PROXY": "http://[bad"},
        {"SSL_CERT_FILE": "/nowhere"},
    ],
)
def test_proxy_variables_do_not_touch_loopback(
    make: Make, proxies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in proxies.items():
        monkeypatch.setenv(name, value)

    async def work() -> str:
        async with ScriptedServer(good_script(make)) as server:
            return (await outcome(make(server.url))).text

    assert run(work()) == "Hello"


@both
def test_the_lock_is_asked_before_anything_is_sent(make: Make) -> None:
    async def work() -> tuple[BackendError, int]:
        async with ScriptedServer(good_script(make)) as server:
            settings = HttpSettings(allow_host=lambda place: place.kind is PlaceKind.INTERNET)
            error = (await outcome(make(server.url, settings=settings))).error
            return error, server.connections

    error, connections = run(work())
    assert isinstance(error, Unreachable)
    assert error.reason == "offline"
    assert connections == 0


def test_the_lock_can_close_during_a_session() -> None:
    async def work() -> list[str]:
        open_now = True
        async with ScriptedServer(good_script(openai)) as server:
            backend = openai(server.url, settings=HttpSettings(allow_host=lambda place: open_now))
            first = await outcome(backend)
            open_now = False
            second = await outcome(backend)
            await backend.aclose()
            return [first.text, second.error.reason]

    assert run(work()) == ["Hello", "offline"]


def test_words_never_leave_for_another_origin() -> None:
    async def work() -> None:
        client = HttpClient("http://127.0.0.1:1/v1", KEY)
        await client.open("GET", "http://127.0.0.1:2/x")

    with pytest.raises(Unreachable):
        run(work())


@both
def test_what_is_sent_along(make: Make) -> None:
    async def work() -> list[Recorded]:
        async with ScriptedServer(good_script(make)) as server:
            backend = make(server.url)
            await backend.list_models()
            await outcome(backend)
            await backend.aclose()
            return server.requests

    for request in run(work()):
        assert request.headers["authorization"] == f"Bearer {KEY}"
        assert request.headers["accept-encoding"] == "identity"
        assert "cookie" not in request.headers
        assert request.headers["user-agent"] == "Candor"


def test_cookies_are_not_kept() -> None:
    async def work() -> list[Recorded]:
        models = json_reply({"data": []}, headers={"Set-Cookie": "who=me; Path=/"})
        async with ScriptedServer({"GET /v1/models": [models]}) as server:
            backend = openai(server.url)
            await backend.list_models()
            await backend.list_models()
            await backend.aclose()
            return server.requests

    assert ["cookie" in request.headers for request in run(work())] == [False, False]


@both
@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_the_key_is_in_no_error_and_no_log(make: Make, status: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = json_reply({"error": {"message": f"Incorrect API key provided: {KEY}", "code": KEY}}, status)
    page = text_reply(f"<title>{KEY}</title>", 502)
    in_stream = Reply([f'{{"error": "bad {KEY}"}}\n'])
    moved = Reply(status=302, headers={"Location": f"http://x/?key={KEY}"})
    route = "POST /api/chat" if make is ollama else "POST /v1/chat/completions"

    async def work() -> list[BackendError]:
        errors = []
        for reply in (echo, page, in_stream, moved):
            async with ScriptedServer({**good_script(make), route: [reply]}) as server:
                errors.append((await outcome(make(server.url))).error)
        return errors

    for error in run(work()):
        assert error.detail
        assert KEY not in f"{error!r} {error} {error.detail} {error.as_failure()} {error.__cause__} {error.__context__}"
    assert KEY not in caplog.text


@both
@pytest.mark.parametrize("key", ["schlüssel", "a\nb", "密钥", "a\x00b"])
def test_a_key_that_no_header_can_carry(make: Make, key: str) -> None:
    async def work() -> tuple[BackendError, int]:
        async with ScriptedServer(good_script(make)) as server:
            backend: Backend
            backend = OllamaBackend(server.url, key) if make is ollama else OpenAICompatBackend(server.url, key)
            return (await outcome(backend)).error, len(server.requests)

    error, requests = run(work())
    assert isinstance(error, AuthRejected)
    assert (error.reason, error.detail) == ("letters", "")
    assert requests == 0


@both
def test_a_wrong_key(make: Make) -> None:
    route = "POST /api/chat" if make is ollama else "POST /v1/chat/completions"

    async def work() -> BackendError:
        script = {**good_script(make), route: [json_reply({"error": "Unauthorized"}, 401)]}
        async with ScriptedServer(script) as server:
            return (await outcome(make(server.url))).error

    assert isinstance(run(work()), AuthRejected)


def test_an_idle_connection_that_the_server_closes_is_replaced() -> None:
    """The server hangs up in the moment in which the second request arrives on the kept connection."""
    hang_up = Reply(before_head=[Raw(b""), Reset()])

    async def work() -> tuple[list[str], int]:
        chats = [sse(openai_chunks("one")), hang_up, sse(openai_chunks("two"))]
        async with ScriptedServer(openai_script(*chats)) as server:
            backend = OpenAICompatBackend(server.url)  # with the usual pauses: none may be needed
            texts = [(await outcome(backend)).text for _ in range(2)]
            await backend.aclose()
            return texts, len(server.chats)

    assert run(work()) == (["one", "two"], 3)


def test_a_new_connection_that_breaks_is_not_taken_for_an_idle_one() -> None:
    async def work() -> int:
        async with ScriptedServer(openai_script(Reply(before_head=[Reset()]))) as server:
            client = HttpClient(server.url)
            with pytest.raises(Unreachable) as caught:
                await client.open("POST", "/v1/chat/completions", {})
            assert caught.value.reason == "reset"
            return len(server.chats)

    assert run(work()) == 1


def test_a_local_server_may_be_silent_and_a_remote_one_not_for_ever() -> None:
    """The limit is set to a fraction of the silence; only the place decides whether it counts."""
    limit = 1.0  # a computer that is busy otherwise needs some of it to send the first words
    silent = openai_script(sse(openai_chunks("Hello"), before_head=[Pause(1.5 * limit)]))
    settings = HttpSettings(idle_limit=limit)

    async def work() -> tuple[str, BackendError, BackendError]:
        async with ScriptedServer(silent) as server:
            local = await outcome(openai(server.url, settings=settings))
            as_proxy = HttpSettings(idle_limit=limit, proxy=ProxyChoice(ProxyMode.MANUAL, server.url))
            server.script["http://api.test.example/v1/chat/completions"] = list(silent["POST /v1/chat/completions"])
            server.script["/v1/chat/completions"] = list(silent["POST /v1/chat/completions"])
            remote = await outcome(openai("http://api.test.example/v1", settings=as_proxy))
            server.script["POST /v1/chat/completions"] = [
                sse(openai_chunks("Hello")[:2], done=False, then=[Pause(1.5 * limit)])
            ]
            later = await outcome(openai("http://api.test.example/v1", settings=as_proxy))
            return local.text, remote.error, later.error

    text, before, after = run(work())
    assert text == "Hello"
    assert isinstance(before, Unreachable)
    assert before.reason == "timeout"
    assert isinstance(after, StreamBroken)
    assert after.reason == "timeout"


CANCELLED_AT = {
    "before the head": (Reply(before_head=[Hold()]), 0),
    "after the head": (Reply([Hold()], content_type="text/event-stream"), 0),
    "in mid-reply": (None, 1),
}


@both
@pytest.mark.parametrize("moment", CANCELLED_AT)
def test_cancelling_closes_the_connection_at_once(make: Make, moment: str) -> None:
    reply, words = CANCELLED_AT[moment]
    if reply is None:
        lines = [ollama_line("Hel")] if make is ollama else openai_chunks("Hel")[:2]
        reply = ndjson(lines, then=[Hold()]) if make is ollama else sse(lines, done=False, then=[Hold()])
    script = ollama_script(reply) if make is ollama else openai_script(reply)

    async def work() -> None:
        async with ScriptedServer(script) as server:
            backend = make(server.url)
            seen = asyncio.Event()

            async def consume() -> None:
                async for event in backend.stream(asking()):
                    if hasattr(event, "text"):
                        seen.set()

            task = asyncio.create_task(consume())
            request = await server.requested()
            if words:
                await seen.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await server.client_closed(request)
            await backend.aclose()

    run(work())


@both
def test_leaving_the_stream_closes_the_connection(make: Make) -> None:
    lines = [ollama_line("Hel")] if make is ollama else openai_chunks("Hel")[:2]
    reply = ndjson(lines, then=[Hold()]) if make is ollama else sse(lines, done=False, then=[Hold()])
    script = ollama_script(reply) if make is ollama else openai_script(reply)

    async def work() -> None:
        async with ScriptedServer(script) as server:
            backend = make(server.url)
            stream = backend.stream(asking())
            async for event in stream:
                if hasattr(event, "text"):
                    break
            await stream.aclose()  # type: ignore[attr-defined]
            await server.client_closed(server.chats[0])
            await backend.aclose()

    run(work())


def test_closing_twice_is_safe() -> None:
    async def work() -> None:
        async with ScriptedServer(good_script(openai)) as server:
            backend = openai(server.url)
            await outcome(backend)
            await backend.aclose()
            await backend.aclose()

    run(work())


def test_importing_a_backend_does_not_import_the_http_library() -> None:
    code = (
        "import sys, desktop.backends.ollama, desktop.backends.openai_compat, desktop.backends.discovery\n"
        "desktop.backends.ollama.OllamaBackend('http://127.0.0.1:1')\n"
        "sys.exit(bool({'truststore', 'httpcore', 'anyio'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_record_of_tls_that_is_broken_in_mid_stream_breaks_the_reply_off() -> None:
    error = HttpClient("https://example.com").failure(ssl.SSLError("decryption failed or bad record mac"))
    assert (type(error), error.reason) == (StreamBroken, "reset")
