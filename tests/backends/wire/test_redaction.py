"""Keys are found in whatever form they are written, and stand in no log; no words do without being asked for."""

from __future__ import annotations

import json
import logging
from base64 import b64encode, urlsafe_b64encode
from dataclasses import replace
from html import escape
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.backends.wire.redaction import pattern_of, redacted, safe_headers, without_likely_secrets
from desktop.core.errors import BackendError
from desktop.logs import begin_log
from tests.backends.outcome import AT_ONCE, asking, outcome, run
from tests.support.scripted_server import Reply, Reset, ScriptedServer, json_reply
from tests.support.scripts import delta, openai_script, sse

KEY = 'k"e<y>\\with/all+signs=&0123456789'
QUESTION = "What do we owe Mr Smith?"
PART = 6  # characters of a key that nobody may see in a row


@pytest.fixture
def file(tmp_path):
    """Where `begin_log` writes; logging is as it was afterwards."""
    root = logging.getLogger()
    names = ("desktop", "desktop.backends.wire.exchange")
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


def talk(server_reply, key=KEY, question=QUESTION):
    """Ask for models, and for an answer; what fails, fails."""

    async def work():
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


def forms(key):
    """How a server may write down the key that it was given."""
    return {
        "plain": key,
        "quoted": quote(key, safe=""),
        "html": escape(key),
        "basic": b64encode(f"user:{key}".encode()).decode(),
        "hex": key.encode().hex(),
    }


def answer(*words, one_byte=False, **headers):
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


@pytest.mark.parametrize("http", [None, "bodies"])
@pytest.mark.parametrize("case", EVERYWHERE)
def test_a_key_is_never_in_the_log(file, case, http):
    begin_log("debug", http, str(file))
    talk(EVERYWHERE[case], question=f"My key is {KEY}, or {json.dumps(forms(KEY))}")
    text = file.read_text(encoding="utf-8")
    written = forms(KEY) | {"basic": forms(KEY)["basic"][len("dXNlcjp") :], "json": json.dumps(KEY)[1:-1]}
    for form in written.values():
        shown = [form[at : at + PART] for at in range(len(form) - PART + 1) if form[at : at + PART] in text]
        assert shown == [], f"{form} is in the log"


# What is asked of the log, and what of an exchange stands in it.
TOLD = {
    None: ([], ["→", "←", "Smith", "Forty"]),
    "heads": (
        ["→ POST http://127.0.0.1:", "'authorization': '•••'", "← 200 after ", "ended after"],
        ["Smith", "Forty"],
    ),
    "bodies": (["→ POST http://127.0.0.1:", QUESTION, "Forty"], []),
}


@pytest.mark.parametrize("http", TOLD)
def test_only_what_was_wanted_is_told(file, http):
    begin_log("debug" if http is None else "warning", http, str(file))
    talk(answer("Forty", "-two"))
    text, (there, missing) = file.read_text(encoding="utf-8"), TOLD[http]
    assert [each for each in there if each not in text] + [each for each in missing if each in text] == []
    assert file.stat().st_mode & 0o077 == 0


def test_what_fails_is_told(file):
    begin_log("warning", "heads", str(file))
    talk(Reply([], before_head=[Reset()]))
    assert "failed (ReadError) after" in file.read_text(encoding="utf-8")


PRINTABLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=60)
WAYS = {
    "as it is": str,
    "in JSON": json.dumps,
    "in JSON within JSON within Python": lambda key: repr({"a": json.dumps({"b": json.dumps(key)})}),
    "in escapes alone": lambda key: "".join(f"\\u{ord(each):04X}" for each in key),
    "in numbers alone": lambda key: "".join(f"&#{ord(each)};" for each in key),
    "in an address within an address": lambda key: quote(quote(key, safe="")),
    "in HTML within JSON": lambda key: json.dumps(escape(key)),
    "in an address": quote,
    "in a part of an address": lambda key: quote(key, safe=""),
    "in a form": quote_plus,
    "in an address in small letters": lambda key: quote(key, safe="").replace("%2F", "%2f").replace("%3D", "%3d"),
    "in HTML": escape,
    "in Python": repr,
    "in hex": lambda key: key.encode().hex(),
    "in base64": lambda key: b64encode(key.encode()).decode(),
    "in base64 behind a user": lambda key: b64encode(f"user:{key}".encode()).decode(),
    "in base64 between others": lambda key: b64encode(f"{{{key}}}".encode()).decode(),
    "in base64 of addresses": lambda key: urlsafe_b64encode(f"a{key}b".encode()).decode(),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_key_is_found_however_it_is_written(way):
    written = WAYS[way](KEY)
    left = redacted(f"before {written} after", pattern_of(KEY))
    assert left.startswith("before ")
    assert left.endswith(" after")
    assert "•••" in left
    # Some letters of base64 are those of its surroundings as well.
    assert len(left) <= len("before ••• after") + len(written) - len(WAYS[way](""))
    pieces = [written[at : at + 8] for at in range(len(written) - 7)]
    assert [each for each in pieces if each in left and each not in WAYS[way]("")] == []


@given(PRINTABLE)
def test_any_key_is_found_in_json_and_addresses(key):
    for way in ("as it is", "in JSON", "in a part of an address", "in HTML", "in base64 behind a user"):
        written = WAYS[way](key)
        assert written not in redacted(f"({written})", pattern_of(key))


@pytest.mark.parametrize("key", ["", "x", "abc"])
def test_placeholders_are_no_secrets(key):
    assert redacted("an exact text, abc", pattern_of(key)) == "an exact text, abc"


def test_what_follows_bearer_is_taken_out_unknown():
    assert redacted("your key sk-12345 and Bearer abcdefghijk", pattern_of("sk-12345")) == "your key ••• and Bearer •••"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("GET /v1/models?key=abc123&alt=sse", "GET /v1/models?key=•••&alt=sse"),
        ("https://li:pass@api.example/v1", "https://•••@api.example/v1"),
        ('{"api_key": "abc123", "model": "m"}', '{"api_key": "•••", "model": "m"}'),
        ("{'x-api-key': 'abc123'}", "{'x-api-key': '•••'}"),
        ("Authorization: Basic bGk6cGFzcw==", "Authorization: •••"),
        ("password=hunter22 user=li", "password=••• user=li"),
        ("Incorrect API key provided: sk-proj-abcdefghijklmnop.", "Incorrect API key provided: •••."),
        ("the key AIzaSyA1234567890abcdefghijk", "the key •••"),
        # What is no secret
        ('{"max_tokens": 100, "prompt_tokens": 5}', '{"max_tokens": 100, "prompt_tokens": 5}'),
        ("Press any key: Enter", "Press any key: Enter"),
        ("http://127.0.0.1:11434/api/chat", "http://127.0.0.1:11434/api/chat"),
        ("write to li@example.com", "write to li@example.com"),
    ],
)
def test_what_looks_like_a_secret_is_taken_out(text, left):
    assert without_likely_secrets(text) == left


def test_headers_that_may_hold_a_secret_lose_their_values():
    names = "Authorization X-API-Key api-key x-goog-api-key Set-Cookie X-Auth-Token Proxy-Authorization Content-Type"
    headers = safe_headers(dict.fromkeys(names.split(), "value"))
    assert [name for name, value in headers.items() if value == "value"] == ["Content-Type"]
