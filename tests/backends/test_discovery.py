"""Servers on this computer are recognised by what they say; anything else there is left in peace."""

from __future__ import annotations

import asyncio
import os

import pytest

from desktop.backends import discovery
from desktop.backends.discovery import foreign_owner, offered_ollama, probe_loopback
from desktop.core.connection import ConnectionKind
from tests.backends.outcome import run
from tests.backends.wire.asking import free_port
from tests.support.missing import on_linux
from tests.support.scripted_server import Hold, Raw, Reply, Reset, ScriptedServer, json_reply, text_reply
from tests.support.scripts import llama_server_script, ndjson, ollama_script, openai_script
from tests.support.waiting import PATIENCE

_MODELS = [json_reply({"object": "list", "data": []})]
_LOADING = [json_reply({"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}, 503)]
_UNEXPECTED = [json_reply({"error": "Unexpected endpoint or method. (GET /)"})]
_OLLAMA = ollama_script(ndjson([]))

KNOWN = {
    "Ollama": (_OLLAMA, "Ollama"),
    "LM Studio": ({"GET /": _UNEXPECTED, "GET /v1/models": _MODELS}, "LM Studio"),
    "LM Studio by its owner": (openai_script(entry={"owned_by": "organization_owner"}), "LM Studio"),
    "llama-server": (llama_server_script(), "llama-server"),
    "llama-server with its page": ({**llama_server_script(), "GET /": [text_reply("<html>")]}, "llama-server"),
    "llama-server while it loads": ({"GET /": _LOADING, "GET /v1/models": _LOADING}, "llama-server"),
    "llama-server by its route": (
        {"GET /v1/models": _MODELS, "GET /props": [json_reply({"default_generation_settings": {}})]},
        "llama-server",
    ),
    "vLLM": (openai_script(entry={"owned_by": "vllm", "max_model_len": 9}), "vLLM"),
    "vLLM by its route": ({"GET /v1/models": _MODELS, "GET /version": [json_reply({"version": "0.33.0"})]}, "vLLM"),
}  # fmt: skip

STRANGERS = {
    "a web page": {
        "GET /": [text_reply("<html>hi</html>", 200, "text/html")],
        "GET /v1/models": [text_reply("<html>")],
    },
    "404 for all": {},
    "garbage": {"GET /": [Reply(before_head=[Raw(b"\x00\x01garbage\r\n\r\n"), Reset()])]},
    "a reset": {"GET /": [Reply(before_head=[Reset()])]},
    "silence": {"GET /": [Reply(before_head=[Hold()])]},
    "an endless page": {"GET /": [Reply([b"x" * 4096] * 1024)]},
    "a redirect": {"GET /": [Reply(status=302, headers={"Location": "http://127.0.0.1:1/"})]},
    "another server of models": {"GET /v1/models": _MODELS},
    "odd JSON": {"GET /": [json_reply(None)], "GET /v1/models": [json_reply({"data": 3})]},
}


def nowhere():
    return [free_port(), free_port(), free_port()]


@pytest.mark.parametrize("case", KNOWN)
async def test_known_servers_on_any_port(case):
    script, name = KNOWN[case]

    async with ScriptedServer(script) as server:
        ports = [free_port(), free_port(), server.port]
        found = await probe_loopback({"OLLAMA_HOST": f"127.0.0.1:{free_port()}"}, ports, PATIENCE)
        got = [(one.name, one.kind, one.address.removeprefix(server.url)) for one in found]

    kind, path = (ConnectionKind.OLLAMA, "") if name == "Ollama" else (ConnectionKind.OPENAI_COMPAT, "/v1")
    assert got == [(name, kind, path)]


@pytest.mark.parametrize("case", STRANGERS)
async def test_strangers_are_no_server(case):
    async with ScriptedServer(STRANGERS[case]) as server:
        ports = [free_port(), free_port(), server.port]
        found = await probe_loopback({"OLLAMA_HOST": f"127.0.0.1:{free_port()}"}, ports, seconds=0.3)
        assert len(found) == 0


async def test_all_at_once_and_ollama_first():
    async with (
        ScriptedServer(KNOWN["vLLM"][0]) as vllm,
        ScriptedServer(KNOWN["LM Studio"][0]) as studio,
        ScriptedServer(_OLLAMA) as ollama,
    ):
        ports = [studio.port, free_port(), vllm.port]
        found = await probe_loopback({"OLLAMA_HOST": f"0.0.0.0:{ollama.port}"}, ports, PATIENCE)
        assert [one.name for one in found] == ["Ollama", "LM Studio", "vLLM"]


def test_another_computer_is_offered_but_not_asked(monkeypatch):
    asked = []
    connect = asyncio.BaseEventLoop.getaddrinfo

    async def noted(self, host, *rest, **more):
        asked.append(str(host))
        return await connect(self, host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", noted)
    environ = {"OLLAMA_HOST": "gpu-server:11434"}
    run(probe_loopback(environ, nowhere(), seconds=0.3))
    assert set(asked) <= {"127.0.0.1", "::1"}
    offered = offered_ollama(environ)
    assert (offered.kind, offered.address) == (ConnectionKind.OLLAMA, "http://gpu-server:11434")


@pytest.mark.parametrize("value", ["", "  ", "0.0.0.0", ":9999", "localhost", "[::1]:11434"])
def test_this_computer_is_not_offered_but_asked(value):
    assert offered_ollama({"OLLAMA_HOST": value}) is None


def line(port, uid, state="0A"):
    queues = "00000000:00000000 00:00000000 00000000"
    return f"   0: 0100007F:{port:04X} 00000000:0000 {state} {queues}  {uid}  0 4711 1 0 100\n"


@on_linux
def test_a_server_of_another_user_is_told_from_ones_own(tmp_path):
    import pwd

    own, table = os.getuid(), tmp_path / "tcp"
    for lines, owner in (
        (line(11434, 54321), "54321"),
        (line(11434, 54321, state="01"), ""),  # a connection
        (line(11435, 54321), ""),
        (line(11434, 998), ""),  # a service
        (line(11434, own), ""),
        (line(11434, 54321) + line(11434, own), ""),  # at another of its addresses
        ("nonsense\n", ""),
        *(
            (line(11434, each.pw_uid), each.pw_name)
            for each in pwd.getpwall()
            if each.pw_uid >= 1000 and each.pw_uid != own
        ),
    ):
        table.write_text("  sl  local_address rem_address   st tx_queue rx_queue\n" + lines)
        assert foreign_owner(11434, (table, tmp_path / "none")) == owner, lines


async def test_a_server_of_another_user_is_offered_with_their_name(monkeypatch):
    monkeypatch.setattr(discovery, "foreign_owner", lambda port: "eva")
    async with ScriptedServer(_OLLAMA) as server:
        [found] = await probe_loopback({"OLLAMA_HOST": f"127.0.0.1:{server.port}"}, nowhere(), PATIENCE)
    assert found.name == "Ollama (eva)"
