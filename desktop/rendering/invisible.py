"""Makes characters visible that could make a text read differently from what it is.

For code, the text of links, file names and titles, where an override of direction or a hidden letter deceives. Not
for prose: joiners there belong to emoji and to Persian, and are left alone everywhere.
"""

from __future__ import annotations

import re

# Directional overrides and isolates, zero-width space and no-break space, word joiner, soft hyphen, and the tag
# letters in which a hidden sentence can be written.
_INVISIBLE = re.compile("[\u200b\u202a-\u202e\u2060-\u2069\ufeff\u00ad\U000e0000-\U000e007f]")


def show_invisible(text: str) -> str:
    """The text with each such character replaced by its number: ‹U+202E›."""
    if text.isascii():
        return text
    return _INVISIBLE.sub(lambda found: f"‹U+{ord(found.group()):04X}›", text)
