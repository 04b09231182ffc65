"""What people type and paste becomes one base address."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.connections.api_address import AddressError, api_address
from desktop.core.connections.typed_address import is_host
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
