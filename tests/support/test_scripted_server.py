"""The scripted server itself: from another thread, and as a program."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.support.scripted_server import Hold, Reply, json_reply, running_server
from tests.support.scripts import tokens_of
from tests.support.waiting import PATIENCE


def test_on_a_thread_it_records_requests_and_closed_connections() -> None:
    script = {"GET /a": [json_reply({"a": 1}), json_reply({"a": 2})], "GET /b": [Reply([b"x", Hold()])]}
    with running_server(script) as server:
        answers = [json.load(urllib.request.urlopen(f"{server.url}/a")) for _ in range(3)]
        assert answers == [{"a": 1}, {"a": 2}, {"a": 2}]
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(b"GET /b HTTP/1.1\r\nHost: x\r\n\r\n")
            assert client.recv(1)
            (request,) = server.wait_for_requests(1, suffix="/b")
        assert request.closed.wait(PATIENCE)
        assert request.closed_at is not None
        assert [one.path for one in server.requests] == ["/a", "/a", "/a", "/b"]


@pytest.mark.parametrize("protocol", ["ollama", "openai"])
def test_as_a_program(protocol: str, tmp_path: Path) -> None:
    text, thought = "Hello, wörld! 你好 \n\n```py\nx = 1\n```\n", "Let me see."
    (tmp_path / "text").write_text(text, encoding="utf-8")
    (tmp_path / "thought").write_text(thought, encoding="utf-8")
    command = [
        sys.executable, "-m", "tests.support.scripted_server", "--protocol", protocol, "--tokens-per-second", "2000",
        "--text-file", str(tmp_path / "text"), "--reasoning-file", str(tmp_path / "thought"),
    ]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        url = json.loads(program.stdout.readline())["url"]
        path = "/api/chat" if protocol == "ollama" else "/v1/chat/completions"
        with urllib.request.urlopen(urllib.request.Request(url + path, data=b"{}")) as reply:
            body = reply.read().decode()
        assert program.stdin is not None
        program.stdin.close()
        assert program.wait(PATIENCE) == 0
    lines = [line.removeprefix("data: ") for line in body.splitlines() if line.strip() and "[DONE]" not in line]
    values = [json.loads(line) for line in lines]
    if protocol == "ollama":
        said = [(value["message"]["content"], value["message"].get("thinking", "")) for value in values]
    else:
        deltas = [choice["delta"] for value in values for choice in value["choices"]]
        said = [(delta.get("content") or "", delta.get("reasoning_content") or "") for delta in deltas]
    assert "".join(one for one, _ in said) == text
    assert "".join(other for _, other in said) == thought


def test_tokens_join_to_the_text() -> None:
    text = "A  longer\n\n\ttext_with words, 汉字🙂 and `code`…  "
    assert "".join(tokens_of(text)) == text
