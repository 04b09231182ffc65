"""What people type and paste becomes one base address."""

from __future__ import annotations

import pytest

from desktop.core.connections.api_address import AddressError, api_address

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
    ],
)
def test_what_is_no_address(typed: str, reason: str) -> None:
    with pytest.raises(AddressError, match=f"^{reason}$"):
        api_address(typed)
