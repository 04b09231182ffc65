"""Where words go, told from an address alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind, place_of_host, place_of_url

HERE = PlaceKind.THIS_COMPUTER
PRIVATE = PlaceKind.PRIVATE_NETWORK
INTERNET = PlaceKind.INTERNET

HOSTS = {
    "localhost": HERE,
    "LOCALHOST": HERE,
    "localhost.": HERE,
    "models.localhost": HERE,
    "127.0.0.1": HERE,
    "127.8.9.10": HERE,
    "::1": HERE,
    "[::1]": HERE,
    "0:0:0:0:0:0:0:1": HERE,
    "::ffff:127.0.0.1": HERE,
    "0.0.0.0": HERE,
    "::": HERE,
    " 127.0.0.1 ": HERE,
    "10.0.0.1": PRIVATE,
    "10.255.255.254": PRIVATE,
    "172.16.0.1": PRIVATE,
    "172.31.255.254": PRIVATE,
    "172.32.0.1": INTERNET,
    "192.168.1.20": PRIVATE,
    "192.169.1.20": INTERNET,
    "169.254.3.4": PRIVATE,
    "100.64.0.1": PRIVATE,
    "100.127.255.254": PRIVATE,
    "100.128.0.1": INTERNET,
    "::ffff:192.168.0.1": PRIVATE,
    "::ffff:8.8.8.8": INTERNET,
    "fd00::1": PRIVATE,
    "fe80::1": PRIVATE,
    "fe80::1%eth0": PRIVATE,
    "[fe80::1%25eth0]": PRIVATE,
    "2001:4860:4860::8888": INTERNET,
    "gpu-server": PRIVATE,
    "GPU_Server": PRIVATE,
    "服务器": PRIVATE,
    "nas.local": PRIVATE,
    "ai.corp": PRIVATE,
    "llm.team.internal": PRIVATE,
    "box.home.arpa": PRIVATE,
    "box.lan": PRIVATE,
    "localhost.localdomain": PRIVATE,
    "8.8.8.8": INTERNET,
    "1.1.1.1": INTERNET,
    "api.deepseek.com": INTERNET,
    "example.com.": INTERNET,
    "localhost.example.com": INTERNET,
    "127.0.0.1.example.com": INTERNET,
    "notlocal": PRIVATE,
    "mylocalhost.com": INTERNET,
    "example。com": INTERNET,
    "example．com": INTERNET,
    "134744072": INTERNET,  # 8.8.8.8 in one number
    "0x8080808": INTERNET,
    "127.1": INTERNET,  # this computer to some resolvers; the careful answer
    "%65xample%2ecom": INTERNET,
    "a b": INTERNET,
    "": INTERNET,
    "999.1.1.1": INTERNET,
}


@pytest.mark.parametrize("host", HOSTS)
def test_host(host: str) -> None:
    assert place_of_host(host).kind is HOSTS[host]


URLS = {
    "http://localhost:11434": HERE,
    "http://[::1]:8080/v1": HERE,
    "http://user:secret@127.0.0.1/": HERE,
    "http://127.0.0.1@example.com/": INTERNET,
    "http://example.com#@127.0.0.1": INTERNET,
    "http://example.com/?127.0.0.1": INTERNET,
    "https://192.168.0.5/ollama": PRIVATE,
    "https://Api.OpenAI.com/v1": INTERNET,
    "localhost:8000/v1": HERE,
    "gpu-server:8000": PRIVATE,
    "api.example.com/v1": INTERNET,
    "http://[::1": INTERNET,
    "http://": INTERNET,
    "": INTERNET,
}


@pytest.mark.parametrize("url", URLS)
def test_url(url: str) -> None:
    assert place_of_url(url).kind is URLS[url]


def test_place_names_the_host_unless_it_is_this_computer() -> None:
    assert place_of_host("GPU-Server") == Place(PRIVATE, "gpu-server")
    assert place_of_url("https://api.example.com/v1") == Place(INTERNET, "api.example.com")
    assert place_of_host("127.0.0.1") == THIS_COMPUTER
    assert THIS_COMPUTER.is_local
    assert not place_of_host("8.8.8.8").is_local


def test_built_in_engine_is_on_this_computer() -> None:
    built_in = Connection(kind=ConnectionKind.BUILT_IN, name="Starter", address="/models/starter.gguf")
    server = Connection(kind=ConnectionKind.OLLAMA, name="Ours", address="http://gpu-server:11434")
    assert built_in.server_place == THIS_COMPUTER
    assert server.server_place == Place(PRIVATE, "gpu-server")


@given(st.text(max_size=40))
def test_any_text_has_a_place(text: str) -> None:
    assert place_of_host(text).kind in PlaceKind
    assert place_of_url(text).kind in PlaceKind


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_public_addresses_are_never_taken_for_private_ones(address: object) -> None:
    place = place_of_host(str(address))
    if getattr(address, "is_global", False) and getattr(address, "ipv4_mapped", None) is None:
        assert place.kind is INTERNET
