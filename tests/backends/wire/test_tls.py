"""Each thing that can be wrong with a server's certificate or encryption is told apart, and nothing is sent."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.backends.wire.certificates import tls_context
from desktop.backends.wire.http import HttpClient
from desktop.core.errors import BackendError, Unreachable
from desktop.ui.errors import describe
from tests.backends.outcome import run
from tests.support.certificates import Authority, context_of
from tests.support.scripted_server import Reply, ScriptedServer

DAY = timedelta(days=1)


@pytest.fixture
def trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An authority that this computer trusts, for as long as the test runs."""
    authority = Authority("Example Trust")
    file = tmp_path / "trusted.pem"
    file.write_bytes(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    tls_context.cache_clear()
    return authority


async def refused(url: str) -> BackendError:
    client = HttpClient(url)
    try:
        with pytest.raises(Unreachable) as caught:
            await client.json("GET", "/v1/models")
        return caught.value
    finally:
        await client.aclose()
        tls_context.cache_clear()


Make = Callable[[Authority, Path], ssl.SSLContext]
CASES: dict[str, Make] = {
    "tls_expired": lambda trust, folder: context_of(folder, *trust.issued(starts=-3 * DAY, ends=-DAY)),
    "tls_not_yet": lambda trust, folder: context_of(folder, *trust.issued(starts=DAY, ends=3 * DAY)),
    "tls_name": lambda trust, folder: context_of(folder, *trust.issued(address="127.0.0.9")),
    "tls_self_signed": lambda trust, folder: context_of(folder, *Authority("nobody").own),
    "tls_unknown": lambda trust, folder: context_of(folder, *Authority("Unknown Trust").issued()),
}


@pytest.mark.parametrize("reason", CASES)
def test_a_bad_certificate_is_named_and_nothing_is_sent(reason: str, trust: Authority, tmp_path: Path) -> None:
    async def work() -> tuple[BackendError, int]:
        async with ScriptedServer({}, tls=CASES[reason](trust, tmp_path)) as server:
            return await refused(server.url), len(server.requests)

    error, requests = run(work())
    assert (error.reason, requests) == (reason, 0)
    assert describe(error.as_failure()).title != describe(Unreachable(reason="tls").as_failure()).title


def test_a_good_one_is_taken(trust: Authority, tmp_path: Path) -> None:
    async def work() -> object:
        async with ScriptedServer(
            {"GET /v1/models": [Reply(["{}"])]}, tls=context_of(tmp_path, *trust.issued())
        ) as server:
            client = HttpClient(server.url)
            try:
                return await client.json("GET", "/v1/models")
            finally:
                await client.aclose()
                tls_context.cache_clear()

    assert run(work()) == {}


def _old(context: ssl.SSLContext) -> None:
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1


def _wants_certificate(context: ssl.SSLContext) -> None:
    context.verify_mode = ssl.CERT_REQUIRED


@pytest.mark.parametrize(("change", "reason"), [(_old, "tls_old"), (_wants_certificate, "tls_client")])
@pytest.mark.filterwarnings("ignore:.*TLSVersion.*:DeprecationWarning")
def test_a_server_that_says_what_it_wants(
    change: Callable[[ssl.SSLContext], None], reason: str, trust: Authority, tmp_path: Path
) -> None:
    """One that sends alerts, which those on asyncio do not."""
    context = context_of(tmp_path, *trust.issued())
    change(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    caller, _ = listener.accept()
                except OSError:
                    return
                with context.wrap_socket(caller, server_side=True, do_handshake_on_connect=False) as inside:
                    with contextlib.suppress(OSError):
                        inside.do_handshake()
                    with contextlib.suppress(OSError):  # what is closed while words wait is reset, and its alert lost
                        while os.read(inside.fileno(), 4096):
                            pass

        threading.Thread(target=serve, daemon=True).start()
        error = run(refused(f"https://127.0.0.1:{listener.getsockname()[1]}"))
        listener.shutdown(socket.SHUT_RDWR)
    assert error.reason == reason
