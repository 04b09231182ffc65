"""A conversation as one Markdown text: who said what, when, and where the words of each answer came from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.core.exporting import ALL_PARTS, Export, markdown_with_thinking
from desktop.core.resources import QT_TRANSLATE_NOOP

NAME = QT_TRANSLATE_NOOP("export", "Markdown")
ENDING = ".md"
PARTS = ALL_PARTS
HAS_VERSIONS = False
_MARKS = re.compile(r"[\\`*_\[\]<>#|~$]")


def write(export: Export) -> bytes:
    """Return the messages under the conversation's title, as they were written. Thinking stands as a quotation."""
    text = "\n\n".join([f"# {export.title}", *_pieces(export)]) + "\n"
    return text.encode("utf-8", "backslashreplace")


def _pieces(export: Export) -> Iterator[str]:
    for message in export.each():
        yield "---\n\n" + " · ".join([f"**{_plain(export.speaker(message))}**", *export.circumstances(message)])
        if files := export.files(message):
            yield export.words.files([*map(_plain, files)])
        text = markdown_with_thinking(message) if export.with_thinking else message.text.strip("\r\n")
        if text:
            yield text
        if sources := export.sources_of(message):
            yield _plain(sources)


def _plain(name: str) -> str:
    """Return a name so that Markdown shows it as it is."""
    return _MARKS.sub(r"\\\g<0>", name)
