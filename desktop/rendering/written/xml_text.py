"""Text for XML and HTML: escaped, and without what no such file may hold."""

from __future__ import annotations

import re
from html import escape

# Control characters, lone surrogates and non-characters: XML has no way of writing them, and Word refuses the file.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def allowed(text: str) -> str:
    """Return the text with a replacement character for each that XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def xml_text(text: str) -> str:
    """Return the text as it stands between tags, or between the quotes of an attribute."""
    return escape(allowed(text), quote=True)
