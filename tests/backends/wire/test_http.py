"""Addresses, redirects, keys, the lock, silence and cancelling, against real sockets."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from contextlib import aclosing, suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.wire.http import HttpClient, HttpSettings
from desktop.backends.wire.way import Way
from desktop.core.connection import ProxyMode, Route
from desktop.core.errors import AuthRejected, ProtocolError, RequestRejected, StreamBroken, Unreachable
from desktop.core.events import TextDelta
from desktop.core.place import THIS_COMPUTER
from desktop.core.text.pace import Attention, read_for
from tests.backends.outcome import AT_ONCE, asking, outcome, run
from tests.backends.wire.asking import asked, error_at
from tests.support.certificates import Authority, context_of, untrusted_tls
from tests.support.examples import examples
from tests.support.scripted_server import Hold, Pause, Raw, Reply, Reset, ScriptedServer, json_reply, text_reply
from tests.support.scripts import ndjson, ollama_line, ollama_lines, ollama_script, openai_chunks, openai_script, sse

KEY = "sk-test-0123456789"
MODELS = "GET /v1/models"
GOOD = {MODELS: [json_reply({"data": []})]}


def ollama(url, **more):
    return OllamaBackend(url, KEY, retries=AT_ONCE, **more)


def openai(url, **more):
    return OpenAICompatBackend(url, KEY, retries=AT_ONCE, **more)


both = pytest.mark.parametrize("make", [ollama, openai])


def script_of(make, *replies, **more):
    if make is ollama:
        return ollama_script(*(replies or [ndjson(ollama_lines("Hello"), **more)]))
    return openai_script(*(replies or [sse(openai_chunks("Hello"), **more)]))


def begun(make):
    """A reply that breaks off in the middle, without a word."""
    if make is ollama:
        return ndjson([ollama_line("Hel")], then=[Hold()])
    return sse(openai_chunks("Hel")[:2], done=False, then=[Hold()])


async def error_of(backend):
    async with aclosing(backend):
        return (await outcome(backend)).error


NO_ADDRESSES = ["", "http://", "ftp://x/", "http://h:99999", "http://h:x", "http://[::1", "a b"]
FOR_NO_SERVER = [f"http://{'a' * 70}.invalid", "http://api，example.com", "http://xn--a", "http://a..b", "http://☃.net/",
    "http://a\x00b", "http://\ud800", "http://٣.example", "http://a%20b", "http://x/\x7f\ud800"]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "url"),
    [*((openai, each) for each in (*NO_ADDRESSES, *FOR_NO_SERVER)), *((ollama, each) for each in FOR_NO_SERVER)],
)
def test_what_is_no_address(make, url):
    error = run(error_of(make(url)))
    assert (error.kind, error.reason) == ("unreachable", "address")


@both
async def test_an_address_in_full_width_letters_is_understood(make):
    async with ScriptedServer(script_of(make)) as server:
        wide = server.url.translate({at: at + 0xFEE0 for at in range(0x21, 0x7F)}).replace("．", "。")
        for end in "，。　”）":
            async with aclosing(make(wide + end)) as backend:
                assert (await outcome(backend)).text == "Hello"


@both
@settings(max_examples=examples(60), deadline=None)
@given(st.text(max_size=30))
def test_whatever_stands_as_an_address_ends_in_a_sentence(make, typed):
    """None of them is asked: nothing in this test may leave the computer."""
    error = run(error_of(make(f"http://{typed}", settings=HttpSettings(allow_host=lambda place: False))))
    assert isinstance(error, Unreachable)
    assert error.reason in ("address", "offline")


async def test_the_letters_of_an_address_arrive_as_they_are_meant():
    async with ScriptedServer({"*": [json_reply({})]}) as server:
        client = HttpClient(f"{server.url}/ü b/v1")
        await client.open("GET", "/models?a=ä%20&b=1#c")
        await client.aclose()
        (asked,) = server.requests
        assert asked.path == "/%C3%BC%20b/v1/models?a=%C3%A4%20&b=1"
        assert asked.headers["host"].startswith("127.0.0.1:")


ALERT = Raw(b"\x15\x03\x01\x00\x02\x02\x46")
# What a server answers, or the scheme that it is asked by instead of its own; the class, the reason and the detail.
FAULTS = {
    "plain http where TLS answers by an alert": (Reply(before_head=[ALERT, Reset()]), Unreachable, "not_tls", ""),
    "plain http where TLS hangs up": ("http", Unreachable, "not_tls", ""),
    "https to a plain port": ("https", Unreachable, "not_tls", ""),
    "a certificate that nobody trusts": ("tls", Unreachable, "tls_self_signed", ""),
    "a redirect": (
        Reply(status=301, headers={"Location": "https://new.test/v1"}),
        ProtocolError,
        "redirect",
        "https://new.test/v1",
    ),
    "a redirect to what is no address": (
        Reply(status=302, headers={"Location": "app:login"}),
        ProtocolError,
        "redirect",
        "app:login",
    ),
    "what leads nowhere": (Reply(status=304), ProtocolError, "", ""),
    "a refusal": (json_reply({"error": "no such field"}, 400), RequestRejected, "", "no such field"),
}


@pytest.mark.parametrize("case", FAULTS)
async def test_what_goes_wrong_is_told_apart(case, tmp_path):
    reply, kind, reason, detail = FAULTS[case]
    tls = untrusted_tls(tmp_path) if reply in ("http", "tls") else None

    async with ScriptedServer(GOOD if isinstance(reply, str) else {MODELS: [reply]}, tls=tls) as server:
        url = server.url if reply == "tls" else server.url.replace("https:", "http:")
        error = await error_at(url.replace("http:", "https:") if reply == "https" else url)
    assert (type(error), error.reason) == (kind, reason)
    assert error.detail == detail or reason == "not_tls"
    assert len(server.requests) == (0 if isinstance(reply, str) else 1)


async def test_https_to_a_plain_port_that_waits_for_a_line():
    async with ScriptedServer({}, waits_for_lines=True) as server:
        error = await error_at(server.url.replace("http:", "https:"), connect_timeout=0.3)
    assert error.reason == "not_tls"


@both
async def test_a_server_that_hangs_up_on_everything_is_looked_at_once(make, monkeypatch):
    """It is asked three times, since that may pass; what a handshake brings need not be waited for each time."""
    monkeypatch.setattr("desktop.backends.wire.way._SECONDS", 0.3)

    async with ScriptedServer(script_of(make, Reply(before_head=[Reset()])), waits_for_lines=True) as server:
        error = await error_of(make(server.url))
        asked = sum(1 for each in server.requests if each.path.endswith(("/chat", "/completions")))

    assert (error.kind, error.reason) == ("unreachable", "reset")
    # By two handshakes at most, as a first line ends wherever its random bytes have a newline. Ollama is asked for the
    # model before, too.
    assert server.connections - asked <= (3 if make is ollama else 2)


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
def test_proxy_variables_do_not_touch_loopback(proxies, monkeypatch):
    for name, value in proxies.items():
        monkeypatch.setenv(name, value)

    assert asked(GOOD)[0] == {"data": []}


@both
async def test_the_lock_is_asked_before_anything_is_sent_and_can_close_during_a_session(make):
    is_open = False
    async with ScriptedServer(script_of(make)) as server:
        backend = make(server.url, settings=HttpSettings(allow_host=lambda place: is_open))
        async with aclosing(backend):
            found = [(await outcome(backend)).error.reason]
            before = server.connections
            is_open = True
            found.append((await outcome(backend)).text)
            is_open = False
            found.append((await outcome(backend)).error.reason)
        assert (found, before) == (["offline", "Hello", "offline"], 0)


def test_the_lock_is_asked_again_once_all_is_read():
    """A disk with certificates may let wait, and the lock be closed meanwhile."""
    answers = [True, False]

    error, server = asked(GOOD, allow_host=lambda place: answers.pop(0))
    assert (error.reason, server.connections) == ("offline", 0)


def test_words_never_leave_for_another_origin():
    with pytest.raises(Unreachable):
        run(HttpClient("http://127.0.0.1:1/v1", KEY).open("GET", "http://127.0.0.1:2/x"))


async def test_what_is_sent_along_and_that_no_cookie_is_kept():
    reply = json_reply({}, headers={"Set-Cookie": "who=me; Path=/"})
    async with ScriptedServer({MODELS: [reply]}) as server:
        client = HttpClient(server.url, KEY)
        for _ in range(2):
            await client.json("GET", "/v1/models")
        await client.aclose()
        await client.aclose()
    for headers in (each.headers for each in server.requests):
        assert headers.pop("host").startswith("127.0.0.1:")
        assert headers == {
            "accept": "application/json",
            "accept-encoding": "identity",
            "authorization": f"Bearer {KEY}",
            "connection": "keep-alive",
            "user-agent": "Candor",
        }


@both
async def test_the_key_is_in_no_error_and_no_log(make, caplog):
    caplog.set_level(logging.DEBUG)
    echo = json_reply({"error": {"message": f"Incorrect API key provided: {KEY}", "code": KEY}}, 400)
    page = text_reply(f"<title>{KEY}</title>", 502)
    in_stream = Reply([f'{{"error": "bad {KEY}"}}\n'])
    moved = Reply(status=302, headers={"Location": f"http://x/?key={KEY}"})

    errors = []
    for reply in (echo, page, in_stream, moved):
        async with ScriptedServer(script_of(make, reply)) as server:
            errors.append(await error_of(make(server.url)))
    for error in errors:
        assert error.detail
        assert KEY not in f"{error!r} {error} {error.detail} {error.as_failure()} {error.__cause__} {error.__context__}"
    assert KEY not in caplog.text


@pytest.mark.parametrize("key", ["schlüssel", "a\nb", "密钥", "a\x00b"])
def test_a_key_that_no_header_can_carry(key):
    error, server = asked(GOOD, key=key)
    assert (type(error), error.reason, error.detail, server.connections) == (AuthRejected, "letters", "", 0)


async def test_an_idle_connection_that_the_server_closes_is_replaced():
    """The server hangs up in the moment in which the second request arrives on the kept connection."""
    hang_up = Reply(before_head=[Raw(b""), Reset()])

    chats = [sse(openai_chunks("one")), hang_up, sse(openai_chunks("two"))]
    async with ScriptedServer(openai_script(*chats)) as server:
        backend = OpenAICompatBackend(server.url)  # with the usual pauses: none may be needed
        texts = [(await outcome(backend)).text for _ in range(2)]
        await backend.aclose()
        assert (texts, len(server.chats)) == (["one", "two"], 3)


async def test_a_local_server_may_be_silent_and_a_remote_one_not_for_ever():
    """The limit is set to a fraction of the silence; only the place decides whether it counts."""
    limit = 1.0  # a computer that is busy otherwise needs some of it to send the first words
    silent = sse(openai_chunks("Hello"), before_head=[Pause(1.5 * limit)])
    stops = sse(openai_chunks("Hello")[:2], done=False, then=[Pause(1.5 * limit)])

    async with ScriptedServer(openai_script(silent) | {"/v1/chat/completions": [silent, stops]}) as server:
        async with aclosing(openai(server.url, settings=HttpSettings(idle_limit=limit))) as backend:
            local = await outcome(backend)
        server.script.pop("POST /v1/chat/completions")
        route = Route(proxy=ProxyMode.MANUAL, proxy_address=server.url)
        far = HttpSettings(idle_limit=limit, route=route)
        errors = [await error_of(openai("http://api.test.example/v1", settings=far)) for _ in range(2)]
    assert local.text == "Hello"
    assert [(type(each), each.reason) for each in errors] == [(Unreachable, "timeout"), (StreamBroken, "timeout")]


async def test_a_rest_before_each_look_at_a_reply_holds_back_no_records(tmp_path):
    """Of an encrypted stream each read gives one record: a rest before each would take minutes here."""
    house, words = Authority("House"), " ".join(f"word{number}" for number in range(400))
    (tmp_path / "house.pem").write_bytes(house.pem)
    trusting = HttpSettings(trusted_file=str(tmp_path / "house.pem"))

    read_for(lambda: Attention.UNSEEN)
    tls = context_of(tmp_path, *house.issued())
    async with ScriptedServer(openai_script(sse(openai_chunks(words))), tls=tls) as server:
        backend = openai(server.url, settings=trusting)
        text = (await outcome(backend)).text
        await backend.aclose()
        assert text == words


@both
@pytest.mark.parametrize("moment", ["before the head", "after the head", "in mid-reply", "left in mid-reply"])
async def test_cancelling_closes_the_connection_at_once(make, moment):
    heads = {"before the head": Reply(before_head=[Hold()]), "after the head": Reply([Hold()])}

    async with ScriptedServer(script_of(make, heads.get(moment, begun(make)))) as server:
        backend = make(server.url)
        seen = asyncio.Event()

        async def consume():
            async with aclosing(backend.stream(asking())) as events:
                async for event in events:
                    if hasattr(event, "text"):
                        seen.set()
                        if moment.startswith("left"):
                            return

        task = asyncio.create_task(consume())
        request = await server.requested()
        if moment not in heads:
            await seen.wait()
        if not moment.startswith("left"):
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await server.client_closed(request)
        await backend.aclose()


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_closing_a_client_ends_a_reply_that_is_waited_for(scheme, tmp_path):
    house = Authority("House")
    (tmp_path / "house.pem").write_bytes(house.pem)
    tls = context_of(tmp_path, *house.issued()) if scheme == "https" else None
    async with ScriptedServer(script_of(openai, begun(openai)), tls=tls) as server:
        backend = openai(server.url, settings=HttpSettings(trusted_file=str(tmp_path / "house.pem")))
        async for event in backend.stream(asking()):
            if isinstance(event, TextDelta):
                asyncio.get_running_loop().call_soon(asyncio.ensure_future, backend.aclose())
        assert event.error.reason == "reset"


def test_importing_a_backend_does_not_import_the_http_library():
    code = (
        "import sys, desktop.backends.ollama, desktop.backends.openai_compat, desktop.backends.discovery\n"
        "desktop.backends.ollama.OllamaBackend('http://127.0.0.1:1')\n"
        "sys.exit(bool({'truststore', 'httpcore', 'anyio'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_a_server_waits_for_whoever_reads_slowly():
    is_all_sent = asyncio.Event()

    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 40000000\r\n\r\n")
        with suppress(ConnectionError):
            for _ in range(40):
                writer.write(bytes(1_000_000))
                await writer.drain()
            is_all_sent.set()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        client = HttpClient(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        async with aclosing(await client.open("GET", "/x")) as reply, aclosing(reply.chunks()) as chunks:
            await anext(chunks)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await is_all_sent.wait()
            assert all([len(await anext(chunks)) < 2_000_000 for _ in range(3)])
        await client.aclose()


# --- Silence -----------------------------------------------------------------------------------------------------


async def after_silence(make, script, *, is_stopped=True):
    """What comes of a reply of a server that listens no more once it has been asked, or all the time."""
    soon = HttpSettings(silence=0.05)
    async with ScriptedServer(script) as server, aclosing(make(server.url, settings=soon)) as backend:
        coming = asyncio.create_task(outcome(backend))
        await server.requested()
        if is_stopped:
            server.stop_listening()
        got = await coming
    assert is_stopped or server.connections > 2  # it was looked if it is there
    return got


@both
async def test_a_server_that_is_shut_down_and_keeps_the_connection_is_noticed(make):
    got = await after_silence(make, script_of(make, begun(make)))
    assert (type(got.error), got.error.reason, got.status) == (StreamBroken, "stopped", "interrupted")
    assert got.text
    error = (await after_silence(make, script_of(make, Reply(before_head=[Hold()])))).error
    assert (type(error), error.reason) == (Unreachable, "refused")


@both
async def test_a_silent_server_that_is_still_there_is_waited_for(make):
    script = script_of(make, before_head=[Pause(0.4)])
    assert (await after_silence(make, script, is_stopped=False)).text == "Hello"


@pytest.mark.parametrize(("reason", "is_open"), [("refused", False), ("ssh_port", False), ("timeout", True)])
async def test_only_what_says_that_nothing_listens_counts_as_that(reason, is_open):
    async def dial(host, port, told, timeout):
        raise Unreachable(reason=reason)

    way = Way("http://gpu:1", "gpu", THIS_COMPUTER, HttpSettings(dial=dial))
    assert await way.is_open() is is_open
