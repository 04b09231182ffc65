"""What a key is bound to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.connection import Connection, ConnectionKind, SshLogin, origin_of

ORIGINS = {
    "http://localhost": "http://localhost:80",
    "https://api.example.com/v1/": "https://api.example.com:443",
    "https://api.example.com:443/v1": "https://api.example.com:443",
    "HTTPS://API.Example.COM/V1": "https://api.example.com:443",
    "http://gpu-server:8000/v1?a=b#c": "http://gpu-server:8000",
    "http://[::1]:8080": "http://[::1]:8080",
    "http://[2001:DB8::1]/": "http://[2001:db8::1]:80",
    "https://user:secret@api.example.com/": "https://api.example.com:443",
    "https://api.example.com@evil.example/": "https://evil.example:443",
    "gpu-server:8000/v1": "http://gpu-server:8000",
    "http://gpu-server:x": "",
    "http://gpu-server:70000": "",
    "http://[::1": "",
    "http://": "",
    "": "",
}


@pytest.mark.parametrize("url", ORIGINS)
def test_origin(url: str) -> None:
    assert origin_of(url) == ORIGINS[url]


@pytest.mark.parametrize("url", ORIGINS)
def test_origin_of_an_origin_is_itself(url: str) -> None:
    assert origin_of(ORIGINS[url]) == ORIGINS[url]


def test_scheme_and_port_and_host_part_origins() -> None:
    urls = ["http://a", "https://a", "http://a:81", "http://b", "b:81", "c:81"]
    assert len({origin_of(url) for url in urls}) == len(urls)


def test_connection_knows_its_origin() -> None:
    connection = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Ours", address="https://llm.corp/v1")
    assert connection.origin == "https://llm.corp:443"


def test_a_login_with_a_password_is_a_secret_to_ask_for() -> None:
    login = SshLogin(host="gpu.example", user="root", has_secret=True)
    rented = Connection(kind=ConnectionKind.OLLAMA, name="Rented", address="http://localhost:11434", ssh=login)
    assert rented.has_secrets
    assert not replace(rented, ssh=replace(login, has_secret=False)).has_secrets


@given(st.text(max_size=40))
def test_any_text_has_an_origin_or_none(text: str) -> None:
    assert origin_of(text) == "" or "://" in origin_of(text)
