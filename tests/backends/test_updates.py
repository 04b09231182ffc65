"""The look for a newer version, over real sockets: what is sent, and what of the answers is believed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from desktop.backends.updates import MOST_BYTES, newer_release, update_address
from desktop.backends.wire.http import HttpSettings
from desktop.core.errors import BackendError, ProtocolError, Unreachable
from desktop.core.updates import Release
from tests.support.certificates import untrusted_tls
from tests.support.scripted_server import Answer, Drip, Hold, Recorded, Reply, json_reply, running_server, text_reply

PAGE = "https://candor.example/news"
NOTE = {"version": "0.3", "page": PAGE}
ROUTE = "GET /newest.json"


def look(
    answer: Answer, running: str = "0.2", settings: HttpSettings | None = None, patience: float = 30.0
) -> tuple[Release | BackendError | None, list[Recorded]]:
    """What comes of it, and what the server was asked."""
    with running_server({ROUTE: [answer]}) as server:
        address = f"{server.url}/newest.json"
        try:
            found: Release | BackendError | None = asyncio.run(
                newer_release(address, running, settings or HttpSettings(), patience=patience)
            )
        except BackendError as error:
            found = error
        return found, list(server.requests)


def test_a_newer_version_is_told_and_nothing_about_the_person_is_sent() -> None:
    found, [request] = look(json_reply(NOTE, headers={"Set-Cookie": "id=1"}))
    assert found == Release("0.3", PAGE)
    assert request.body == b""
    sent = {name.lower(): value for name, value in request.headers.items()}
    assert sent.pop("host")
    assert sent == {
        "accept": "application/json",
        "accept-encoding": "identity",
        "connection": "keep-alive",
        "user-agent": "Candor",
    }


@pytest.mark.parametrize("running", ["0.3", "0.3.1", "1.0"])
def test_the_same_or_an_older_one_is_no_news(running: str) -> None:
    assert look(json_reply(NOTE), running)[0] is None


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(text_reply("x" * (MOST_BYTES + 1)), id="huge"),
        pytest.param(text_reply('{"version": "0.3", "page": "' + " " * 10**6), id="huge and cut short"),
        pytest.param(text_reply("<html>Sign in"), id="a page"),
        pytest.param(text_reply("0.3"), id="a number"),
        pytest.param(text_reply("[" * 10_000), id="deep"),
        pytest.param(text_reply(""), id="empty"),
        pytest.param(json_reply(NOTE | {"version": "<img src=x onerror=alert(1)>"}), id="a script for a version"),
        pytest.param(json_reply(NOTE | {"page": "file:///etc/passwd"}), id="a file for a page"),
        pytest.param(json_reply(NOTE, status=404), id="not there"),
        pytest.param(json_reply(NOTE, status=500), id="a fault"),
        pytest.param(json_reply(NOTE, status=302, headers={"Location": "/other"}), id="led elsewhere"),
    ],
)
def test_anything_else_is_refused(answer: Reply) -> None:
    found, requests = look(answer)
    assert isinstance(found, ProtocolError)
    assert [each.path for each in requests] == ["/newest.json"]


@pytest.mark.parametrize(
    "answer", [Reply(before_head=[Hold()]), Reply([Drip(b" " * 1000, seconds=0.02)])], ids=["silent", "byte by byte"]
)
def test_a_slow_server_is_left(answer: Reply) -> None:
    found, _ = look(answer, patience=0.3)
    assert isinstance(found, Unreachable)
    assert found.reason == "timeout"


def test_the_offline_lock_holds() -> None:
    found, requests = look(json_reply(NOTE), settings=HttpSettings(allow_host=lambda place: False))
    assert isinstance(found, Unreachable)
    assert found.reason == "offline"
    assert requests == []


def test_a_certificate_that_nobody_trusts_is_refused(tmp_path: Path) -> None:
    with running_server({ROUTE: [json_reply(NOTE)]}, tls=untrusted_tls(tmp_path)) as server:
        with pytest.raises(Unreachable) as raised:
            asyncio.run(newer_release(f"{server.url}/newest.json", "0.2", HttpSettings()))
        assert raised.value.reason == "tls_self_signed"


def test_elsewhere_only_https_is_spoken() -> None:
    with pytest.raises(Unreachable) as raised:
        asyncio.run(newer_release("http://candor.example/newest.json", "0.2", HttpSettings()))
    assert raised.value.reason == "not_tls"


def test_an_address_of_a_build_is_none_or_https() -> None:
    address = update_address()
    assert address == "" or address.startswith("https://")
