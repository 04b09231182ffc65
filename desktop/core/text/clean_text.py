"""Text made fit to be stored, searched, sent and shown, whatever was typed, pasted or received.

Names for files are made of it as well. Only what no reader can see or no encoder can write is changed; wording,
spaces and joiners stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Line breaks of other systems and of documents. Word pastes a line break as U+000B, a PDF's pages part at U+000C.
_LINE_BREAKS = ("\r\n", "\r", "\x0b", "\x0c", "\u2028", "\u2029")
# As bytes of UTF-8, where they stand for themselves alone: five times as fast as a pattern over a paste of 5 MB.
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n")
# Tag characters are an invisible copy of ASCII, used to slip words past the reader. Their one honest use is a flag of
# a region: a black flag, the region's code, a cancel tag (Unicode Technical Standard 51, ED-14a). They are looked for
# as UTF-8, where all of them begin in one of two ways: twenty times as fast as by a pattern.
_TAG_BYTES = (b"\xf3\xa0\x80", b"\xf3\xa0\x81")
_RARE_BYTE = b"\xf3"  # with which no letter of any language begins: one byte alone is found ten times as fast
_FLAG_OR_TAGS = re.compile(
    "(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,7}\U000e007f)|[\U000e0000-\U000e007f]+"
)


def clean_input(text: str) -> str:
    r"""Return text of the user with line breaks as `\n`, without invisible controls and tag characters; the rest stays.

    Halves of a surrogate pair become U+FFFD. Cleaning twice changes nothing more.
    """
    text = _mend_surrogates(text)
    for line_break in _LINE_BREAKS:
        text = text.replace(line_break, "\n")
    written = text.encode("utf-8")
    clean = written.translate(None, _CONTROLS)
    if len(clean) < len(written):
        text = clean.decode("utf-8")
    if _RARE_BYTE in clean and any(each in clean for each in _TAG_BYTES):
        text = _FLAG_OR_TAGS.sub(lambda match: match[1] or "", text)
    return text


def encodable(text: str) -> str:
    """Return text, or a piece of it, so that it can be written in UTF-8 and read to its end.

    Halves of a surrogate pair and NUL become U+FFFD, the sign for what cannot be shown; nothing else is touched. SQLite
    itself keeps NUL, but most of its functions, and many servers, end the text there.
    """
    return _mend_surrogates(text).replace("\x00", "\ufffd")


def _mend_surrogates(text: str) -> str:
    if text.isascii():
        return text
    try:
        text.encode("utf-8")  # ten times as fast as looking for halves by a pattern
    except UnicodeEncodeError:
        # UTF-16 puts the two halves of a pair together where both are there.
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


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
