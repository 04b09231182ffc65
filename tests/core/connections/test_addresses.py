"""What people type and paste becomes one base address."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.connections.addresses import AddressError, api_address, connectable, is_host, normalise_ollama_host
from desktop.core.place import PlaceKind, place_of_url

READ = {
    "http://127.0.0.1:8000": "http://127.0.0.1:8000/v1",
    "http://127.0.0.1:8000/": "http://127.0.0.1:8000/v1",
    "http://127.0.0.1:8000/v1/": "http://127.0.0.1:8000/v1",
    "https://ark.cn-beijing.volces.com/api/v3": "https://ark.cn-beijing.volces.com/api/v3",
    "https://x.test/compatible-mode/v1": "https://x.test/compatible-mode/v1",
    "https://api.deepseek.com/v1/chat/completions": "https://api.deepseek.com/v1",
    "https://api.deepseek.com/chat/completions": "https://api.deepseek.com/v1",
    "https://x.test/api/v3/chat/completions/": "https://x.test/api/v3",
    "https://x.test/v1/models": "https://x.test/v1",
    "localhost:1234": "http://localhost:1234/v1",
    "gpu-server:8000": "http://gpu-server:8000/v1",
    "192.168.1.5:8000": "http://192.168.1.5:8000/v1",
    "[::1]:8080": "http://[::1]:8080/v1",
    "api.openai.com": "https://api.openai.com/v1",
    "api.openai.com/v1": "https://api.openai.com/v1",
    "  'https://API.Test/v1'  ": "https://api.test/v1",
    "HTTP://gpu.local:8000/V1": "http://gpu.local:8000/V1",
    "https://x.test/v1?api-version=1#top": "https://x.test/v1",
    "https://例子.测试/v1": "https://例子.测试/v1",
    "https://api.deepseek.com，": "https://api.deepseek.com/v1",
    "http//192.0.2.5:8000": "http://192.0.2.5:8000/v1",
    "htp:/192.0.2.5:8000": "http://192.0.2.5:8000/v1",
    "https:/x.test/v1": "https://x.test/v1",
    "http：//x.test": "http://x.test/v1",
    "“https://api.deepseek.com/v1”。": "https://api.deepseek.com/v1",
    "https：／／ａｐｉ．ｄｅｅｐｓｅｅｋ。ｃｏｍ／ｖ１": "https://api.deepseek.com/v1",
    "１９２。１６８。１。５：８０００": "http://192.168.1.5:8000/v1",
    "（localhost:1234）": "http://localhost:1234/v1",
    "\u200bhttps://x.test/v1\ufeff": "https://x.test/v1",
    "<https://x.test/v1>;": "https://x.test/v1",
}


@pytest.mark.parametrize("typed", READ)
def test_addresses(typed: str) -> None:
    assert api_address(typed) == READ[typed]
    assert api_address(api_address(typed)) == READ[typed]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("http://", "host"),
        ("http:///v1", "host"),
        ("my server", "spaces"),
        ("ftp://x.test", "scheme"),
        ("http://x.test:99999", "port"),
        ("http://x.test:abc", "port"),
        ("http://[::1", "port"),
        ("https://user:secret@x.test", "password"),
        ("https://api，deepseek.com", "letters"),
        ("https://api、deepseek.com", "letters"),
        ("https://a..b", "letters"),
        ("https://xn--a", "letters"),
        (f"https://{'a' * 64}.test", "letters"),
        ("https://x.test/\x7f", "letters"),
        ("https://a\x00b.test", "letters"),
        ("https://x.test/" + "a" * 3000, "letters"),
    ],
)
def test_what_is_no_address(typed: str, reason: str) -> None:
    with pytest.raises(AddressError, match=f"^{reason}$"):
        api_address(typed)


@given(st.text(max_size=60) | st.text(alphabet="ａ１．：／。，、（[]:/.@%-_xn ", max_size=30))
def test_anything_that_is_typed_is_an_address_or_is_refused(typed: str) -> None:
    try:
        address = api_address(typed)
    except AddressError:
        return
    assert api_address(address) == address
    assert place_of_url(address).kind in PlaceKind
    assert is_host(urlsplit(address).hostname or "")


CASES = {
    "": "http://127.0.0.1:11434",
    "  ": "http://127.0.0.1:11434",
    '""': "http://127.0.0.1:11434",
    "1.2.3.4": "http://1.2.3.4:11434",
    " 1.2.3.4 ": "http://1.2.3.4:11434",
    '"1.2.3.4"': "http://1.2.3.4:11434",
    "'1.2.3.4'": "http://1.2.3.4:11434",
    ' " 1.2.3.4 " ': "http://1.2.3.4:11434",
    ":1234": "http://127.0.0.1:1234",
    ":0": "http://127.0.0.1:11434",
    ":66000": "http://127.0.0.1:11434",
    ":-1": "http://127.0.0.1:11434",
    ":port": "http://127.0.0.1:11434",
    "1.2.3.4:": "http://1.2.3.4:11434",
    "1.2.3.4:1234": "http://1.2.3.4:1234",
    "192.168.1.20": "http://192.168.1.20:11434",
    "localhost": "http://localhost:11434",
    "gpu-server": "http://gpu-server:11434",
    "gpu-server:8000": "http://gpu-server:8000",
    "example.com/ollama": "http://example.com:11434/ollama",
    "0.0.0.0": "http://127.0.0.1:11434",
    "0.0.0.0:8080": "http://127.0.0.1:8080",
    "http://0.0.0.0:8080": "http://127.0.0.1:8080",
    "*:8080": "http://127.0.0.1:8080",
    "::": "http://[::1]:11434",
    "[::]": "http://[::1]:11434",
    "[::]:8080": "http://[::1]:8080",
    "::1": "http://[::1]:11434",
    "[::1]": "http://[::1]:11434",
    "[::1]:1337": "http://[::1]:1337",
    "http://[::1]": "http://[::1]:80",
    "2001:DB8::1": "http://[2001:db8::1]:11434",
    "[fe80::1%eth0]:80": "http://[fe80::1%eth0]:80",
    "http://1.2.3.4": "http://1.2.3.4:80",
    "http://1.2.3.4:4321": "http://1.2.3.4:4321",
    "http://1.2.3.4:x": "http://1.2.3.4:80",
    "https://1.2.3.4": "https://1.2.3.4:443",
    "https://1.2.3.4:4321": "https://1.2.3.4:4321",
    "HTTPS://Example.com": "https://Example.com:443",
    "https://example.com/ollama": "https://example.com:443/ollama",
    "https://x/y/": "https://x:443/y",
    "https://x/y/z": "https://x:443/y/z",
    "http://x/": "http://x:80",
    "http://x/y?a=b#c": "http://x:80/y",
    "http://": "http://127.0.0.1:80",
    "http://:1234": "http://127.0.0.1:1234",
    "ollama.com": "https://ollama.com:443",
    "https://ollama.com": "https://ollama.com:443",
    "tcp://1.2.3.4": "http://1.2.3.4:11434",
    "１．２．３．４：１２３４": "http://1.2.3.4:1234",
    "http：／／gpu-server：8000，": "http://gpu-server:8000",
}


@pytest.mark.parametrize("value", CASES)
def test_form_becomes_a_base_url(value: str) -> None:
    assert normalise_ollama_host(value) == CASES[value]


@pytest.mark.parametrize("value", CASES)
def test_base_url_stays_as_it_is(value: str) -> None:
    assert normalise_ollama_host(CASES[value]) == CASES[value]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("0.0.0.0", "127.0.0.1"),
        ("::", "::1"),
        ("[::]", "::1"),
        ("", "127.0.0.1"),
        ("*", "127.0.0.1"),
        ("10.0.0.1", "10.0.0.1"),
        ("gpu-server", "gpu-server"),
        ("::1", "::1"),
    ],
)
def test_wildcards_become_loopback(host: str, expected: str) -> None:
    assert connectable(host) == expected


@given(st.text(max_size=40))
def test_nothing_is_refused(value: str) -> None:
    url = normalise_ollama_host(value)
    assert url.startswith(("http://", "https://"))
    assert not url.endswith("/")


@given(st.from_regex(r"[a-z][a-z0-9-]{0,20}(\.[a-z]{2,5})?", fullmatch=True), st.integers(1, 65535))
def test_host_and_port_come_back(host: str, port: int) -> None:
    parts = urlsplit(normalise_ollama_host(f"{host}:{port}"))
    assert (parts.scheme, parts.hostname, parts.port) == ("http", host, port)
