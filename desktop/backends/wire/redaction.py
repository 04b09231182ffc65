"""Secrets taken out of texts that are shown or logged: by value where a secret is known, else by the look of one."""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from urllib.parse import quote

MASK = "•••"
SHORTEST_SECRET = 4  # characters; placeholders like "x" or "none" are no secrets, and masking them garbles every text
_SHORTEST_ENCODED = 8  # of a secret's part that is looked for in base64: less is found by chance

_ENTITIES = {'"': ("quot",), "'": ("apos",), "<": ("lt",), ">": ("gt",), "&": ("amp",)}

_BEARER = re.compile(r"(?i)\bbearer\s+[\w\-.~+/=]{8,}")
_SECRET_NAME = (
    r"(?:proxy-)?authorization|(?:[a-z]+[-_])*api[-_]?key|(?:[a-z]+[-_])*auth[-_]token|(?:access|refresh|id)[-_]token"
    r"|(?:set-)?cookie|(?:[a-z]+[-_])*secret|password|passwd|signature"
)
_HEADER = re.compile(rf"(?i)^(?:{_SECRET_NAME}|.*token.*)$")
# A name and its value as headers, JSON, Python and forms write them.
_NAMED = re.compile(
    rf"(?i)\b((?:{_SECRET_NAME})[\"']*\s*[:=]\s*[\"']*)((?:(?:basic|bearer|token)\s+)?[^\s\"',;&}}\]]+)"
)
_QUERY = re.compile(r"(?i)([?&;](?:key|token|sig|code)=)[^&;#\s\"']+")
_USER_INFO = re.compile(r"(://)[^/\s@\"']+@")
# Keys as providers hand them out.
_SHAPES = re.compile(
    r"\b(?:(?:sk|pk|rk)-[\w-]{12,}|AIza[\w-]{20,}|hf_\w{16,}|gh[pousr]_\w{20,}|eyJ[\w-]{10,}\.[\w.-]+)"
)


def redacted(text: str, secret: re.Pattern[str] | None) -> str:
    """Return `text` without what `pattern_of` a secret finds, and without what follows the word Bearer."""
    if secret is not None:
        text = secret.sub(MASK, text)
    return _BEARER.sub(f"Bearer {MASK}", text)


def pattern_of(secret: str) -> re.Pattern[str] | None:
    """Return what finds a secret as it is, in JSON, HTML or an address (also one within the other), in hex and base64.

    None for one that is too short to be told from other words.
    """
    if len(secret) < SHORTEST_SECRET:
        return None
    octets = secret.encode("utf-8", "surrogatepass")
    encoded = [f"(?i:{octets.hex()})", *map(re.escape, _in_base64(octets))]
    return re.compile("|".join(["".join(map(_written, secret)), *encoded]))


def forms_of(secret: str) -> list[str]:
    """Return a secret as it is, in hex, base64, escapes and an address, the longest first; empty for one too short.

    For words that come in pieces, where a pattern would not tell what may still become one of them.
    """
    octets = secret.encode("utf-8", "surrogatepass")
    in_hex = [f"{octet:02x}" for octet in octets]
    coded = ["".join(in_hex), "%" + "%".join(in_hex), "\\x" + "\\x".join(in_hex)]
    coded += [each.upper().replace("\\X", "\\x") for each in coded]
    coded += [quote(secret, safe="", errors="surrogatepass"), *_in_base64(octets)]
    found = {secret, *(coded if len(secret) >= _SHORTEST_ENCODED else ())}
    return sorted(found, key=len, reverse=True) if len(secret) >= SHORTEST_SECRET else []


def _written(letter: str) -> str:
    """Return a pattern for one letter, however it is escaped; the numbers bound the search in runs of backslashes."""
    octets = "".join(f"%(?:25){{0,2}}{octet:02x}" for octet in letter.encode("utf-8", "surrogatepass"))
    names = "".join(f"|{name}" for name in _ENTITIES.get(letter, ()))
    ways = [
        r"\\{1,16}" if letter == "\\" else rf"\\{{0,7}}{re.escape(letter)}",
        rf"(?i:{octets})",
        rf"\\{{1,8}}u(?i:{ord(letter):04x})",
        rf"&(?:amp;){{0,2}}(?i:#0{{0,4}}{ord(letter)}|#x0{{0,4}}{ord(letter):x}{names});",
    ]
    return f"(?:{'|'.join(ways)})"


def _in_base64(octets: bytes) -> Iterator[str]:
    """Yield what base64 makes of these bytes in any surroundings, as in `user:key`: the part that no other changes."""
    for before in range(3):
        first = (8 * before + 5) // 6  # letters that hold a bit of what stands before
        whole = (before + len(octets)) * 8 // 6  # letters that hold nothing of what follows
        for encode in (b64encode, urlsafe_b64encode):
            letters = encode(bytes(before) + octets).decode()[first:whole]
            if len(letters) >= _SHORTEST_ENCODED:
                yield letters


def without_likely_secrets(text: str) -> str:
    """Return `text` without what looks like a key or a password, whoever's it is; known ones are `redacted`."""
    text = _BEARER.sub(f"Bearer {MASK}", text)
    text = _NAMED.sub(rf"\1{MASK}", text)
    text = _QUERY.sub(rf"\1{MASK}", text)
    text = _USER_INFO.sub(rf"\1{MASK}@", text)
    return _SHAPES.sub(MASK, text)


def safe_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with a mask as the value of those that may hold a secret."""
    return {name: MASK if _HEADER.match(name) else value for name, value in headers.items()}
