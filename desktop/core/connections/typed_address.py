"""Addresses as they are typed and pasted: in an input method's full-width signs, with a comma behind, of any letters.

Text only; which server is meant, and with which scheme, is decided in `api_address` and `ollama_host`.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import unquote

MOST_LETTERS = 2_000  # of an address; servers refuse longer ones
_MOST_OF_HOST, _MOST_OF_LABEL = 253, 63  # octets (RFC 1035, 2.3.4)
# Full-width forms (U+FF01 to U+FF5E) are ASCII, moved; the full stops part the labels of a name, too (RFC 3490, 3.1).
_USUAL = {0xFF01 + at: 0x21 + at for at in range(0x5E)} | {ord(stop): "." for stop in "。｡"} | {0x3000: " "}
# What cannot be seen, and comes along when an address is copied out of a page.
_UNSEEN = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF])
_AROUND = " \t\r\n\"'`“”‘’„«»‹›「」『』《》〈〉<>（）()"
_BEHIND = _AROUND + ".,;!．，；！、。｡　"
_LABEL = re.compile(r"[A-Za-z0-9_-]+")
_ZONE = re.compile(r"[\w.-]+")
_MISTYPED_SCHEME = re.compile(  # a colon, a stroke or a letter was left out, or typed twice
    r"http(s?)(?://|:/(?!/))|(?:htp|ttp|htpp|httpp|hhtp|htttp)(s?)(?:://|:/|//)", re.IGNORECASE
)


def plain_form(typed: str) -> str:
    """Return the address with its full-width letters, digits and signs in their usual form, and nothing around it.

    Quotes and brackets around it go, and so does the comma or full stop of the sentence that it was copied from. A
    colon that was left out of `http://` is put in, and what else is often mistyped in it is put right.
    """
    address = typed.translate(_UNSEEN).strip().lstrip(_AROUND).rstrip(_BEHIND)
    address = address.translate(_USUAL).lstrip(_AROUND).rstrip(_BEHIND)
    mistyped = _MISTYPED_SCHEME.match(address)
    if mistyped is None:
        return address
    return f"http{(mistyped[1] or mistyped[2] or '').lower()}://{address[mistyped.end() :]}"


def parted_from_login(address: str) -> tuple[str, str, str]:
    """Return the address of a proxy without the login in it, and its name and password; empty where there is none."""
    before, stroke, rest = address.partition("://") if "://" in address else ("", "", address)
    login, _, host = rest.rpartition("@")
    name, _, password = login.partition(":")
    return f"{before}{stroke}{host}", unquote(name), unquote(password)


def is_host(host: str) -> bool:
    """Return True if a server can have this name, or this IP address without brackets."""
    if ":" in host:
        address, _, zone = host.partition("%")
        try:
            ipaddress.IPv6Address(address)
        except ValueError:
            return False
        return "%" not in host or _ZONE.fullmatch(zone) is not None
    labels = host.removesuffix(".").split(".")
    return len(host) <= _MOST_OF_HOST and all(map(_is_label, labels))


def strange_letter(host: str) -> str:
    """Return the first letter that no name of a server has; empty where there is none."""
    return next((letter for letter in host if not (letter.isalnum() or letter in ".-_:%[]")), "")


def _is_label(label: str) -> bool:
    if label.isascii() and not label.lower().startswith("xn--"):
        return _LABEL.fullmatch(label) is not None and len(label) <= _MOST_OF_LABEL
    if label[:1].isdigit() and not label[0].isascii():  # RFC 5893, 2
        return False
    try:
        encoded = label.encode("idna")
        encoded.decode("idna")
    except UnicodeError:
        return False
    return not strange_letter(label) and 0 < len(encoded) <= _MOST_OF_LABEL
