"""Which addresses may be clicked. One row, one trick."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.rendering.markdown.links import host_in_letters, safe_href, shown_host, split_address

ALLOWED = {
    "https://example.com": "https://example.com",
    "HTTP://Example.COM/Path?q=1#part": "http://example.com/Path?q=1#part",
    "http://example.com:8080/a": "http://example.com:8080/a",
    "http://127.0.0.1:11434/": "http://127.0.0.1:11434/",
    "http://[::1]:8080/x": "http://[::1]:8080/x",
    "https://example.com/a b/ü?q=ö#ß": "https://example.com/a%20b/%C3%BC?q=%C3%B6#%C3%9F",
    "https://example.com/100%25/%7Eme": "https://example.com/100%25/%7Eme",
    "https://例え.jp/": "https://xn--r8jz45g.jp/",
    "https://раypal.com/": "https://xn--ypal-43d9g.com/",  # Cyrillic letters: shown as what they are
    "https://a_b.example.com/": "https://a_b.example.com/",
    "http://192.168.0.10/": "http://192.168.0.10/",
    "https://example.com:/": "https://example.com/",
    "https://ｅxample.com/": "https://example.com/",  # letters of full width: shown as what they come to
    "https://exam\u00adple.com/": "https://example.com/",
    "https://example.com/\u202egpj.exe": "https://example.com/%E2%80%AEgpj.exe",
    "https://google.com.evil.example/": "https://google.com.evil.example/",
    "mailto:someone@example.com": "mailto:someone@example.com",
    "MAILTO:someone@example.com?subject=Hello%20there": "mailto:someone@example.com?subject=Hello%20there",
}

REFUSED = [
    "",
    "   ",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    " javascript:alert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "data:image/png;base64,AAAA",
    "file:///etc/passwd",
    "file://server/share/x",
    "ftp://example.com/x",
    "smb://server/share",
    "ms-msdt:/id",
    "search-ms:query=x",
    "vscode://file/x",
    "tel:+123",
    "//server/share/x",
    "\\\\server\\share",
    "/etc/passwd",
    "page.html",
    "#part",
    "%5C%5Cserver/share",
    "http:example.com",
    "http:///path",
    "http://",
    "https://user:secret@example.com/",
    "https://bank.example@evil.example/",
    "https://example.com\\@evil.example/",
    "https://example.com/\x00",
    "https://example.com/\r\nHost: evil",
    "https://exa mple.com/",
    "https://example.com:99999/",
    "https://example.com:x/",
    "https://exam%70le.com/",
    "https://a..b/",
    "https://-a-/",
    "https://[::1",
    "https://[fe80::1%25eth0]/",
    "https://[fe80::1%eth0]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://1.2.3.4./",
    "https://exam\u200bple.com\u202e/\\",
    "https:///evil.example/",
    "https:evil.example",
    "https:\\\\evil.example",
    "https://good.example:443@evil.example/",
    "https://good.example%2f@evil.example/",
    "https://example.com:-1/",
    "https://example.com:8 0/",
    "java%73cript:alert(1)",
    "%6aavascript:alert(1)",
    "about:blank",
    "blob:https://example.com/x",
    "view-source:https://example.com/",
    "mailto:a@example.com?cc=b@example.com",
    "mailto:%22a%22%0A@example.com",
    "mailto:a%0Ab@example.com",
    "https://evil.example／path",
    "https://\ud800.example/",
    "ｈｔｔｐ://example.com",
    "mailto:a@example.com,b@example.com",
    "mailto:a@example.com?attach=/etc/passwd",
    "mailto:a@example.com?subject=x&attach=/etc/passwd",
    "mailto:a@example.com?subject=x%0ABcc:b@example.com",
    "mailto:a@example.com?body=x",
    "mailto:",
    "mailto://example.com",
    "https://example.com/" + "a" * 10_000,
]


@pytest.mark.parametrize(("written", "safe"), ALLOWED.items())
def test_clickable(written, safe):
    assert safe_href(written) == safe
    assert safe_href(safe) == safe


@pytest.mark.parametrize("written", REFUSED)
def test_not_clickable(written):
    assert safe_href(written) == ""


@pytest.mark.parametrize(
    ("href", "parts"),
    [
        ("https://example.com:8080/a?b=//c", ("https://", "example.com:8080", "/a?b=//c")),
        ("http://[::1]:8080/x", ("http://", "[::1]:8080", "/x")),
        ("https://example.com", ("https://", "example.com", "")),
        ("https://example.com?q=a/b", ("https://", "example.com", "?q=a/b")),
        ("https://example.com#a", ("https://", "example.com", "#a")),
        ("mailto:a@example.com?subject=x", ("mailto:", "a@example.com", "?subject=x")),
        ("mailto:a@example.com?subject=//x", ("mailto:", "a@example.com", "?subject=//x")),
    ],
)
def test_parts(href, parts):
    assert split_address(href) == parts
    assert "".join(parts) == href


def test_a_host_as_it_is_shown():
    assert shown_host("api.deepseek.com") == "api.deepseek.com"
    assert shown_host("аpi.deepseek.com") == "xn--pi-6kc.deepseek.com"
    assert shown_host("\u202emoc.evil") == "‹U+202E›moc.evil"
    assert shown_host("::1") == "::1"


def test_a_host_in_its_own_letters():
    assert host_in_letters("https://xn--ypal-43d9g.com/") == "раypal.com"
    assert host_in_letters("https://example.com/xn--x") == ""
    assert host_in_letters("https://xn--a-ecp.example/") in ("", "a‹U+00AD›.example", "xn--a-ecp.example")


@given(st.text(max_size=60) | st.from_regex(r"(https?|mailto|x):(//)?.{0,40}"))
def test_what_is_clickable_is_plain_ascii_of_three_schemes(written):
    href = safe_href(written)
    assert href == "" or (href.isascii() and href.isprintable() and "\\" not in href and " " not in href)
    assert href == "" or href.startswith(("http://", "https://", "mailto:"))
