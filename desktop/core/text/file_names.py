"""Names of files that every system takes, made of names that the user gives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_MOST_BYTES = 120  # of 255 that a name may have; the rest is for a number, an ending, and a file that is being written
# Separators, what Windows or a shell reads as more than a letter, and what cannot be seen.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
# Windows takes none of these, whatever ending follows ("Naming Files, Paths, and Namespaces").
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\.|$)", re.IGNORECASE)


def file_stem(name: str, fallback: str) -> str:
    """Return a name for a file, without its ending; `fallback` where nothing of `name` can stand in one."""
    stem = _shortened(" ".join(_UNSAFE.sub(" ", unicodedata.normalize("NFC", name)).split())).strip(". ")
    if not stem:
        return fallback
    return _RESERVED.sub(lambda found: f"{found[0]}_", stem)


def numbered(stem: str, ending: str) -> Iterator[str]:
    """Yield the name and its successors: "a.toml", "a 2.toml", …"""
    yield f"{stem}{ending}"
    number = 2
    while True:
        yield f"{stem} {number}{ending}"
        number += 1


def _shortened(text: str) -> str:
    return text.encode()[:_MOST_BYTES].decode(errors="ignore")
