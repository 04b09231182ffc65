"""What a user may type as an address, and what is said about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.place import PlaceKind
from desktop.ui.connections.fields import (
    completed_address,
    is_unencrypted,
    place_of_address,
    problem_with,
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ""),
        ("gpu-server:8000/v1/", "http://gpu-server:8000/v1"),
        ("127.0.0.1:11434", "http://127.0.0.1:11434"),
        ("localhost", "http://localhost"),
        ("api.example.com/v1", "https://api.example.com/v1"),
        (" https://api.example.com/v1\n", "https://api.example.com/v1"),
        ("hello world", "hello world"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("http://api.example.com", "http://api.example.com"),
        ("https://api.example.com，", "https://api.example.com"),
        ("ａｐｉ．example。com／ｖ１", "https://api.example.com/v1"),
        ("“localhost：8080”", "http://localhost:8080"),
    ],
)
def test_the_scheme_is_added(typed, expected):
    assert completed_address(typed) == expected


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("", "Enter"),
        ("ftp://server", "http://"),
        ("file:///etc/passwd", "http://"),
        ("http://", "not an address"),
        ("http://[::1", "not an address"),
        ("http://host:port", "not an address"),
        ("http://host:99999", "not an address"),
        ("http://host:0", "not an address"),
        ("http://ho st", "not an address"),
        ("http://host\\evil", "“\\”"),
        ("https://api,example.com", "“,”"),
        ("https://api、example.com", "“、”"),
        ("https://host/\x7f", "“U+007F”"),
        ("https://a..b", "not an address"),
        ("https://xn--a", "not an address"),
        ("https://host/" + "a" * 3000, "not an address"),
        ("https://bank.example@evil.example", "@"),
        ("https://host/v1?key=1", "?"),
        ("https://host/v1#x", "#"),
    ],
)
def test_what_is_wrong_is_said(address, hint):
    assert hint in problem_with(address)


@pytest.mark.parametrize("address", ["http://127.0.0.1:11434", "https://api.example.com/v1", "http://[::1]:8080/v1"])
def test_good_addresses(address):
    assert problem_with(address) == ""


def test_where_an_address_leads():
    assert place_of_address("http://127.0.0.1").kind is PlaceKind.THIS_COMPUTER  # type: ignore[union-attr]
    assert place_of_address("https://api.example.com").kind is PlaceKind.INTERNET  # type: ignore[union-attr]
    assert place_of_address("http://") is None


@pytest.mark.parametrize(
    ("address", "open_to_others"),
    [("http://gpu", True), ("HTTP://api.example.com", True), ("https://gpu", False), ("http://localhost", False)],
)
def test_only_http_through_a_network_is_open_to_others(address, open_to_others):
    assert is_unencrypted(address) is open_to_others


@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_it(typed):
    address = completed_address(typed)
    assert isinstance(problem_with(address), str)
    place_of_address(address)
    assert not is_unencrypted(address) or address.lower().startswith("http://")
