"""A conversation as a Word file: headings, lists, tables, footnotes and formulas that Word can edit, page numbers.

Who said what stands above each message; an answer by itself begins with its own first line.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop.core.exporting import ALL_PARTS, Export
from desktop.core.message import Message, Role
from desktop.core.resources import QT_TRANSLATE_NOOP
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.written.word import WordParts, word_body, word_file, word_paragraph

NAME = QT_TRANSLATE_NOOP("export", "Word document")
ENDING = ".docx"
PARTS = ALL_PARTS
HAS_VERSIONS = False


def write(export: Export) -> bytes:
    """Return the messages under the conversation's title, as a file for Word, LibreOffice and Pages."""
    parts = WordParts()
    is_one = len(export.messages) == 1
    pieces = [] if is_one else [word_paragraph(export.title, "Title")]
    for message in export.each():
        pieces.extend(_pieces(export, message, parts, is_one))
    return word_file(
        "".join(pieces),
        parts,
        title=export.title,
        author=export.author(),
        language=export.words.language,
        letter_paper=export.words.letter_paper,
    )


def _pieces(export: Export, message: Message, parts: WordParts, is_one: bool) -> Iterator[str]:
    if not is_one:
        yield word_paragraph(export.speaker(message), "Speaker")
    if circumstances := export.heading(message)[int(not is_one) :]:
        yield word_paragraph(" · ".join(circumstances), "Circumstances")
    if files := export.files(message):
        yield word_paragraph(export.words.files(files), "Circumstances")
    if export.with_thinking and message.reasoning.strip():
        yield word_paragraph(f"{export.words.thinking_head}\n{message.reasoning.strip()}", "Thinking")
    if message.role is Role.USER:
        for paragraph in message.text.strip("\r\n").split("\n\n"):
            yield word_paragraph(paragraph, "BodyText")
    else:
        yield word_body(parse(message.text), parts, 1 if is_one else 2)
    if sources := export.sources_of(message):
        yield word_paragraph(sources, "Sources")
