"""Where words go, told from an address alone, and what a key is bound to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.connection import Connection, ConnectionKind, SshLogin, origin_of
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind, place_of_host, place_of_url
from tests.core.tables import table

CASES = table("places.toml")

PRIVATE, INTERNET = PlaceKind.PRIVATE_NETWORK, PlaceKind.INTERNET


@pytest.mark.parametrize("host", CASES["hosts"])
def test_host(host):
    assert place_of_host(host).kind == CASES["hosts"][host]


@pytest.mark.parametrize("url", CASES["urls"])
def test_url(url):
    assert place_of_url(url).kind == CASES["urls"][url]


def test_place_names_the_host_unless_it_is_this_computer():
    assert place_of_host("GPU-Server") == Place(PRIVATE, "gpu-server")
    assert place_of_url("https://api.example.com/v1") == Place(INTERNET, "api.example.com")
    assert place_of_host("127.0.0.1") == THIS_COMPUTER
    assert THIS_COMPUTER.is_local
    assert not place_of_host("8.8.8.8").is_local


def test_built_in_engine_is_on_this_computer():
    built_in = Connection(kind=ConnectionKind.BUILT_IN, name="Starter", address="/models/starter.gguf")
    server = Connection(kind=ConnectionKind.OLLAMA, name="Ours", address="http://gpu-server:11434")
    assert built_in.server_place == THIS_COMPUTER
    assert server.server_place == Place(PRIVATE, "gpu-server")
    assert server.origin == "http://gpu-server:11434"


@given(st.text(max_size=40))
def test_any_text_has_a_place_and_an_origin_or_none(text):
    assert place_of_host(text).kind in PlaceKind
    assert place_of_url(text).kind in PlaceKind
    assert origin_of(text) == "" or "://" in origin_of(text)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_public_addresses_are_never_taken_for_private_ones(address):
    place = place_of_host(str(address))
    if getattr(address, "is_global", False) and getattr(address, "ipv4_mapped", None) is None:
        assert place.kind is INTERNET


@pytest.mark.parametrize("url", CASES["origins"])
def test_a_key_is_bound_to_an_origin(url):
    origin = CASES["origins"][url]
    assert origin_of(url) == origin_of(origin) == origin


def test_scheme_and_port_and_host_part_origins():
    urls = ["http://a", "https://a", "http://a:81", "http://b", "b:81", "c:81"]
    assert len({origin_of(url) for url in urls}) == len(urls)


def test_a_login_with_a_password_is_a_secret_to_ask_for():
    login = SshLogin(host="gpu.example", user="root", has_secret=True)
    rented = Connection(kind=ConnectionKind.OLLAMA, name="Rented", address="http://localhost:11434", ssh=login)
    assert rented.has_secrets
    assert not replace(rented, ssh=replace(login, has_secret=False)).has_secrets
