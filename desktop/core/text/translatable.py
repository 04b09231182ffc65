"""Texts that are shown in the user's language, marked where Qt is not known: whoever shows one translates it."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Mark a text for the translators' tool, and return it.

    The tool looks for this very name; Qt's own carries no types.
    """
    return text
