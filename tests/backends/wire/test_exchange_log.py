"""The log of requests: nothing by itself, no words without being asked for them, and a key in no form ever."""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest

from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.errors import BackendError
from desktop.logs import begin_log
from tests.backends.outcome import AT_ONCE, asking, outcome, run
from tests.support.scripted_server import Reply, Reset, ScriptedServer, json_reply
from tests.support.scripts import delta, openai_script, sse

KEY = 'k"e<y>\\with/all+signs=&0123456789'
QUESTION = "What do we owe Mr Smith?"
PART = 6  # characters of a key that nobody may see in a row


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """Where `begin_log` writes; logging is as it was afterwards."""
    root = logging.getLogger()
    names = ("desktop", "desktop.backends.wire.exchange_log")
    before = root.handlers[:], root.level, [logging.getLogger(name).level for name in names]
    # Taken out before, since `begin_log` closes those that are there.
    root.handlers = []
    yield tmp_path / "candor.log"
    for handler in root.handlers:
        handler.close()
    root.handlers, level, levels = before
    root.setLevel(level)
    for name, each in zip(names, levels, strict=True):
        logging.getLogger(name).setLevel(each)


def talk(server_reply: Reply, key: str = KEY, question: str = QUESTION) -> None:
    """Ask for models, and for an answer; what fails, fails."""

    async def work() -> None:
        script = {**openai_script(server_reply), "GET /v1/models": [json_reply({"data": [{"id": key}]})]}
        async with ScriptedServer(script) as server:
            backend = OpenAICompatBackend(f"{server.url}/v1", key, load_presets()["custom"], retries=AT_ONCE)
            try:
                await backend.list_models()
                await outcome(backend, asking(question))
            except BackendError:
                pass
            finally:
                await backend.aclose()

    run(work())


def forms(key: str) -> dict[str, str]:
    """How a server may write down the key that it was given."""
    return {
        "plain": key,
        "quoted": quote(key, safe=""),
        "html": escape(key),
        "basic": b64encode(f"user:{key}".encode()).decode(),
        "hex": key.encode().hex(),
    }


def answer(*words: str, one_byte: bool = False, **headers: str) -> Reply:
    """Return an answer with these words, each in an event of its own."""
    reply = sse([*(delta(content=each) for each in words), delta(finish="stop")], one_byte=one_byte)
    return replace(reply, headers={**reply.headers, **headers})


EVERYWHERE = {
    "an answer repeats it": answer(f"You sent {KEY}", json.dumps(forms(KEY))),
    "byte by byte": answer(f"{KEY} {forms(KEY)}", one_byte=True),
    "in headers": answer("Yes", **{"X-Echo": KEY, "X-Request": quote(KEY), "Set-Cookie": f"session={KEY}"}),
    "a refusal repeats it": json_reply({"error": {"message": f"Incorrect API key: {KEY}", **forms(KEY)}}, 401),
    "a page repeats it": Reply([f"<html><title>{escape(KEY)}</title>{KEY}</html>"], 500, "text/html"),
    "a redirect repeats it": Reply(
        [], 302, headers={"Location": f"/login?key={quote(KEY, safe='')}&from={quote(KEY)}"}
    ),
    "it breaks off behind it": Reply([f'data: {{"a": "{KEY}', Reset()]),
    "a line without an end": Reply([KEY + "x" * 2_000_000 + KEY]),
}


@pytest.mark.parametrize("http", [None, "heads", "bodies"])
@pytest.mark.parametrize("case", EVERYWHERE)
def test_a_key_is_never_in_the_log(file: Path, case: str, http: str | None) -> None:
    begin_log("debug", http, str(file))
    talk(EVERYWHERE[case], question=f"My key is {KEY}, or {json.dumps(forms(KEY))}")
    text = file.read_text(encoding="utf-8")
    written = forms(KEY) | {"basic": forms(KEY)["basic"][len("dXNlcjp") :], "json": json.dumps(KEY)[1:-1]}
    for form in written.values():
        shown = [form[at : at + PART] for at in range(len(form) - PART + 1) if form[at : at + PART] in text]
        assert shown == [], f"{form} is in the log"


def test_nothing_is_told_of_requests_by_itself(file: Path) -> None:
    begin_log("debug", None, str(file))
    talk(answer("Forty", "-two"))
    assert file.read_text(encoding="utf-8") == ""


def test_heads_are_told_without_a_word_of_a_message(file: Path) -> None:
    begin_log("warning", "heads", str(file))
    talk(answer("Forty", "-two"))
    text = file.read_text(encoding="utf-8")
    assert "→ POST http://127.0.0.1:" in text
    assert "'Authorization': '•••'" in text
    assert "← 200 after " in text
    assert text.count("ended after") == 2
    assert "Smith" not in text
    assert "Forty" not in text


def test_bodies_are_told_where_they_are_wanted(file: Path) -> None:
    begin_log("warning", "bodies", str(file))
    talk(answer("Forty", "-two"))
    text = file.read_text(encoding="utf-8")
    assert QUESTION in text
    assert "Forty" in text


def test_what_fails_is_told(file: Path) -> None:
    begin_log("warning", "heads", str(file))
    talk(Reply([], before_head=[Reset()]))
    assert "failed (ReadError) after" in file.read_text(encoding="utf-8")


def test_the_log_is_readable_by_its_owner_alone(file: Path) -> None:
    begin_log("debug", None, str(file))
    assert file.stat().st_mode & 0o077 == 0
