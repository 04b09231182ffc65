"""Keys are found in whatever form they are written, and what looks like one is taken for one."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from html import escape
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.backends.wire.redaction import pattern_of, redacted, safe_headers, without_likely_secrets

KEY = 'k"e<y>\\with/all+signs=&0123456789'
PRINTABLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=60)
WAYS: dict[str, Callable[[str], str]] = {
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
def test_a_key_is_found_however_it_is_written(way: str) -> None:
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
def test_any_key_is_found_in_json_and_addresses(key: str) -> None:
    for way in ("as it is", "in JSON", "in a part of an address", "in HTML", "in base64 behind a user"):
        written = WAYS[way](key)
        assert written not in redacted(f"({written})", pattern_of(key))


@pytest.mark.parametrize("key", ["", "x", "abc"])
def test_placeholders_are_no_secrets(key: str) -> None:
    assert redacted("an exact text, abc", pattern_of(key)) == "an exact text, abc"


def test_what_follows_bearer_is_taken_out_unknown() -> None:
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
def test_what_looks_like_a_secret_is_taken_out(text: str, left: str) -> None:
    assert without_likely_secrets(text) == left


def test_headers_that_may_hold_a_secret_lose_their_values() -> None:
    names = "Authorization X-API-Key api-key x-goog-api-key Set-Cookie X-Auth-Token Proxy-Authorization Content-Type"
    headers = safe_headers(dict.fromkeys(names.split(), "value"))
    assert [name for name, value in headers.items() if value == "value"] == ["Content-Type"]
