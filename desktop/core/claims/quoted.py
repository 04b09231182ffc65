"""Quotations, links and code in a text: what an answer gives word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from desktop.core.claims.claim import MOST_OF_A_KIND, Finding, Kind, Shown, found
from desktop.core.text.scripts import count_han

# Long enough to be somebody's words; a single word between quotes is rather one that is pointed at.
_QUOTATION = re.compile(
    "“([^“”\n]{6,900})”|‘([^‘’\n]{10,600})’|„([^„“”\n]{8,600})[“”]|«([^«»\n]{8,600})»|「([^「」\n]{4,400})」|『([^『』\n]{4,400})』"
    '|(?<![\\w"])"([^"\n]{6,900})"(?![\\w"])|“([^“”\n]*[\u4e00-\u9fff][^“”\n]{3,400})”'
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'“”‘’，。；、！？（）《》\u0000]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+",
    re.ASCII,
)
_BESIDES = re.compile(r"[\W_]+")


def quotations_in(text: str) -> list[Finding]:
    """Return the words between quotes; spaces, signs and case do not count in their values."""

    def value_of(match: re.Match[str]) -> str:
        words = next(group for group in match.groups() if group is not None)
        is_long = len(words.split()) > 1 or count_han(words) >= 4
        return _BESIDES.sub(" ", words.casefold()).strip() if is_long else ""

    return list(found(Kind.QUOTATION, _QUOTATION, text, value_of))


def links_in(shown: Shown, visible: str) -> Iterator[Finding]:
    """Yield the targets of links, and the addresses that are written out in `visible`, the text without code."""
    for start, end, target in islice(shown.links, MOST_OF_A_KIND):
        yield Finding(Kind.ADDRESS, shown.text[start:end], start, end, (_comparable(target),))
    linked = {start for start, _, _ in shown.links}
    yield from (each for each in addresses_in(visible) if each.start not in linked)


def addresses_in(text: str) -> list[Finding]:
    """Return the addresses that a text writes out."""
    found = []
    for match in islice(_ADDRESS.finditer(text), MOST_OF_A_KIND):
        address = match[0].rstrip(".,;:!?)")
        value = _comparable(address)
        found.append(Finding(Kind.ADDRESS, address, match.start(), match.start() + len(address), (value,)))
    return found


def code_in(shown: Shown) -> Iterator[Finding]:
    """Yield blocks of code, and code within a line; white space at the ends of lines does not count."""
    for start, end in islice(shown.code, MOST_OF_A_KIND):
        code = shown.text[start:end]
        value = "\n".join(line.rstrip() for line in code.strip().splitlines())
        if value:
            yield Finding(Kind.CODE, code, start, end, (value,))


def _comparable(address: str) -> str:
    """Return one form for all addresses that lead to the same page."""
    try:
        parts = urlsplit(address if "://" in address or "@" in address else f"https://{address}")
    except ValueError:
        return address
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}" + (f"?{parts.query}" if parts.query else "")
