"""Proxies of the system are for public hosts only, and one that cannot be used is said, not passed by."""

from __future__ import annotations

import pytest

from desktop.backends.wire.proxies import Proxy, ProxyChoice, proxy_for
from desktop.core.connection import ProxyMode
from desktop.core.errors import Unreachable

SYSTEM = ProxyChoice()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://localhost", "http://[::1]:8", "http://192.168.1.7", "http://gpu-server:8000"]
)
@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "socks://x", "::bad::"])
def test_private_hosts_are_reached_directly(url: str, proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)
    monkeypatch.setenv("ALL_PROXY", proxy)
    assert proxy_for(url, SYSTEM) is None
    assert proxy_for(url, ProxyChoice(ProxyMode.MANUAL, "http://p.test")) is None


def test_public_hosts_use_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy_for("https://api.test.example", SYSTEM) is None
    monkeypatch.setenv("HTTPS_PROXY", "proxy.corp:3128")
    assert proxy_for("https://api.test.example", SYSTEM) == Proxy("http", "proxy.corp", 3128)
    assert proxy_for("http://api.test.example", SYSTEM) is None
    monkeypatch.setenv("NO_PROXY", "test.example")
    assert proxy_for("https://api.test.example", SYSTEM) is None


def test_the_setting_wins_over_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.corp:3128")
    assert proxy_for("https://api.test.example", ProxyChoice(ProxyMode.NONE)) is None
    assert proxy_for("https://api.test.example", ProxyChoice(ProxyMode.MANUAL, "http://own:1")) == Proxy(
        "http", "own", 1
    )


@pytest.mark.parametrize(
    ("address", "proxy"),
    [
        ("p.test", Proxy("http", "p.test", 80)),
        ("https://p.test", Proxy("https", "p.test", 443)),
        ("socks5h://p.test", Proxy("socks5", "p.test", 1080)),
        ("http://a%40b:p%3Aw%20%C3%BC@[::1]:9", Proxy("http", "::1", 9, "a@b", "p:w ü")),
    ],
)
def test_how_an_address_is_read(address: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", address)
    assert proxy_for("https://api.test.example", SYSTEM) == proxy


def test_a_login_goes_to_the_proxy_that_was_set_by_hand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://other:1")
    login = {"url": "p.test:3128", "user": "anna", "password": "secret"}
    found = proxy_for("https://api.test.example", ProxyChoice(ProxyMode.MANUAL, **login))
    assert found == Proxy("http", "p.test", 3128, "anna", "secret")
    assert "secret" not in repr(found)
    assert proxy_for("https://api.test.example", ProxyChoice(**login)) == Proxy("http", "other", 1)


@pytest.mark.parametrize(
    "proxy", ["socks://h:1", "socks4://user:secret@h:1", "http://", "http://[bad", "http://h:port"]
)
def test_a_setting_that_cannot_be_used_is_named(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(Unreachable) as caught:
        proxy_for("https://api.test.example", SYSTEM)
    assert caught.value.reason == "proxy_setting"
    assert "secret" not in f"{caught.value.detail}{caught.value.host}"
