"""What people type and paste becomes one base address."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.connections.addresses import AddressError, api_address, connectable, is_host, normalise_ollama_host
from desktop.core.place import PlaceKind, place_of_url
from tests.core.tables import table

CASES = table("connections/addresses.toml")

READ, OLLAMA = CASES["api"], CASES["ollama"]


@pytest.mark.parametrize("typed", READ)
def test_addresses(typed):
    assert api_address(typed) == READ[typed]
    assert api_address(api_address(typed)) == READ[typed]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [*CASES["refused"], (f"https://x.test/{'a' * 3000}", "letters")],
)
def test_what_is_no_address(typed, reason):
    with pytest.raises(AddressError, match=f"^{reason}$"):
        api_address(typed)


@given(st.text(max_size=60) | st.text(alphabet="ａ１．：／。，、（[]:/.@%-_xn ", max_size=30))
def test_anything_that_is_typed_is_an_address_or_is_refused(typed):
    try:
        address = api_address(typed)
    except AddressError:
        return
    assert api_address(address) == address
    assert place_of_url(address).kind in PlaceKind
    assert is_host(urlsplit(address).hostname or "")


@pytest.mark.parametrize("value", OLLAMA)
def test_form_becomes_a_base_url(value):
    assert normalise_ollama_host(value) == OLLAMA[value]
    assert normalise_ollama_host(OLLAMA[value]) == OLLAMA[value]


@pytest.mark.parametrize(("host", "expected"), CASES["wildcards"])
def test_wildcards_become_loopback(host, expected):
    assert connectable(host) == expected


@given(st.text(max_size=40))
def test_nothing_is_refused(value):
    url = normalise_ollama_host(value)
    assert url.startswith(("http://", "https://"))
    assert not url.endswith("/")


@given(st.from_regex(r"[a-z][a-z0-9-]{0,20}(\.[a-z]{2,5})?", fullmatch=True), st.integers(1, 65535))
def test_host_and_port_come_back(host, port):
    parts = urlsplit(normalise_ollama_host(f"{host}:{port}"))
    assert (parts.scheme, parts.hostname, parts.port) == ("http", host, port)
