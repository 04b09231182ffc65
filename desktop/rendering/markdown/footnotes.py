"""Footnotes: `[^1]` in a text and `[^1]: …` at the beginning of a line.

A note stays where it is written, usually at the end, as an item whose marker is its number; nothing is collected or
counted, so nothing moves while an answer grows. A number in a text looks the same whether its note has come or not. A
label that is a word stays as it is written: it may as well be a regular expression.
"""

from __future__ import annotations

import re

from desktop.rendering.text.invisible import show_invisible

_DEFINITION = re.compile(r"\[\^([^\]\s]{1,40})\]:(?=[ \t]|$)")
_REFERENCE = re.compile(r"\[\^([0-9]{1,4})\](?!\()")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def footnote_definition(text: str) -> tuple[int, str] | None:
    """Return the length of what marks a note at the beginning of this text, and how the mark is shown."""
    found = _DEFINITION.match(text)
    if found is None:
        return None
    label = found.group(1)
    is_number = label.isascii() and label.isdecimal()
    return found.end(), label.translate(_RAISED) if is_number else f"[^{show_invisible(label)}]"


def footnote_reference(text: str, start: int) -> tuple[int, str] | None:
    """Return the end of the reference to a note that begins at `start`, and how it is shown."""
    found = _REFERENCE.match(text, start)
    return None if found is None else (found.end(), found.group(1).translate(_RAISED))
