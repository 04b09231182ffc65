"""A conversation as plain text, for a mail or a note: who said what, when, with a line between the messages.

The words stand as they were written: an answer's Markdown stays, since what it marks would be lost without it.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop.core.exporting import ALL_PARTS, Export
from desktop.core.resources import QT_TRANSLATE_NOOP

NAME = QT_TRANSLATE_NOOP("export", "Plain text")
ENDING = ".txt"
PARTS = ALL_PARTS
HAS_VERSIONS = False
_LINE = "-" * 40


def write(export: Export) -> bytes:
    """Return the messages under the conversation's title. Thinking stands indented above its answer."""
    text = "\n\n".join([export.title, *_pieces(export)]) + "\n"
    return text.encode("utf-8", "backslashreplace")


def _pieces(export: Export) -> Iterator[str]:
    for message in export.each():
        yield f"{_LINE}\n" + " · ".join(export.heading(message))
        if files := export.files(message):
            yield export.words.files(files)
        if export.with_thinking and message.reasoning.strip():
            lines = message.reasoning.strip().splitlines()
            yield "\n".join([export.words.thinking_head, *(f"    {line}".rstrip() for line in lines)])
        if text := message.text.strip("\r\n"):
            yield text
        if sources := export.sources_of(message):
            yield sources
