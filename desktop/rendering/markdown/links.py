"""Addresses in a model's text: which may be clicked, and how an address is shown before it is opened.

An allow list: http, https and mailto, in forms that say where they go. Everything else stays plain text. Nothing is
opened, looked up or resolved here.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, unquote, urlsplit

from desktop.rendering.text.letters import show_invisible

# A longer one would not fit into the question that shows all of it, and can carry a conversation away.
_LONGEST = 2_048

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_.])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_IPV4 = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})")
_IPV6 = re.compile(r"[0-9a-f:.]{2,45}")
_MAIL = re.compile(r"[A-Za-z0-9.!#$%'*+/=^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")

# What RFC 3986 lets stand unescaped in a path, a query and a fragment, and "%" for what is escaped already.
_PATH_SAFE = "/:@!$&'()*+,;=~-._%"
_QUERY_SAFE = _PATH_SAFE + "?"


def safe_href(url: str) -> str:
    """Return the address in ASCII (punycode host, escaped path) if it may be clicked, else an empty string.

    Refused: schemes other than http, https and mailto, relative and `//host` addresses, names or passwords before the
    host, backslashes, control characters, empty or odd hosts, numbers that stand for an address (`0x7f.1`), and mail
    links with more than one address and a subject.
    """
    url = url.strip(" ")
    if not url or len(url) > _LONGEST or _UNSAFE.search(url):
        return ""
    try:
        parts = urlsplit(url)
        match parts.scheme:
            case "http" | "https":
                return _safe_web_address(parts)
            case "mailto":
                return _safe_mail_address(parts)
            case _:
                return ""
    except ValueError:  # UnicodeError is one: a lone surrogate, a label that IDNA refuses, a bad port
        return ""


def split_address(href: str) -> tuple[str, str, str]:
    """Return a safe address in three: what stands before the host, the host with its port, and the rest.

    The middle is what says where it goes. Of a mail address it is the address.
    """
    separator = ":" if href.startswith("mailto:") else "://"
    scheme, separator, rest = href.partition(separator)
    end = min((at for at in (rest.find(sign) for sign in "/?#") if at >= 0), default=len(rest))
    return scheme + separator, rest[:end], rest[end:]


def shown_host(host: str) -> str:
    """Return a host as it is named before something is sent to it: in punycode where it could look like another."""
    return split_address(safe_href(f"https://{host}"))[1] or show_invisible(host)


def host_in_letters(href: str) -> str:
    """Return the host as it is written in its own script; empty if it is plain ASCII."""
    host = split_address(href)[1]
    if not any(label.startswith("xn--") for label in host.split(".")):
        return ""
    try:
        return show_invisible(host.encode("ascii").decode("idna"))
    except UnicodeError:
        return ""


def _safe_web_address(parts: SplitResult) -> str:
    if "@" in parts.netloc or "%" in parts.netloc:
        return ""
    host = (parts.hostname or "").lower()
    if parts.netloc.startswith("["):
        if not _IPV6.fullmatch(host):
            return ""
        host = f"[{host}]"
    else:
        if not host.isascii():
            host = host.encode("idna").decode("ascii").lower()
        if not _HOST.fullmatch(host) or ".." in host or _is_disguised(host):
            return ""
    port = parts.port  # raises ValueError when it is no number up to 65535
    query = f"?{quote(parts.query, safe=_QUERY_SAFE)}" if parts.query else ""
    fragment = f"#{quote(parts.fragment, safe=_QUERY_SAFE)}" if parts.fragment else ""
    place = host if port is None else f"{host}:{port}"
    return f"{parts.scheme}://{place}{quote(parts.path, safe=_PATH_SAFE)}{query}{fragment}"


def _is_disguised(host: str) -> bool:
    """Return True if a browser would read a host as a number that users do not recognise as an address."""
    last = host.removesuffix(".").rpartition(".")[2]
    return _NUMBER.fullmatch(last) is not None and _IPV4.fullmatch(host) is None


def _safe_mail_address(parts: SplitResult) -> str:
    address = unquote(parts.path)
    if parts.netloc or parts.fragment or not _MAIL.fullmatch(address) or ".." in address:
        return ""
    if not parts.query:
        return f"mailto:{quote(address, safe='@!$*+/=~-._')}"
    name, separator, subject = parts.query.partition("=")
    # Anything more than a subject could attach a file or write the letter (`attach=`, `body=`, `cc=`).
    if name.lower() != "subject" or not separator or "&" in subject or re.search(r"%0[ad]", subject, re.IGNORECASE):
        return ""
    return f"mailto:{quote(address, safe='@!$*+/=~-._')}?subject={quote(subject, safe=_QUERY_SAFE)}"
