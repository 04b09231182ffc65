"""A conversation as a PDF file or on paper: text that can be selected, formulas, bookmarks, and numbers of pages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from desktop.core.exporting import ALL_PARTS, Export
from desktop.core.message import Message, Role
from desktop.core.resources import QT_TRANSLATE_NOOP
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.printed import LETTERS, Paper, Sheets, drawn_on, parts_of, portions, write_pdf
from desktop.rendering.written.html import xml_text

if TYPE_CHECKING:
    from desktop.rendering.text.leaves import Leaf

NAME = QT_TRANSLATE_NOOP("export", "PDF")
ENDING = ".pdf"
PARTS = ALL_PARTS
HAS_VERSIONS = False
_BOOKMARK = 80  # letters of a question
_BEGINNING = 2_000  # characters of it, which are enough for them


def write(export: Export) -> bytes:
    """Return the messages under the conversation's title, as a file to be read and printed anywhere."""
    return write_pdf(
        lambda sheets: _draw(export, sheets),
        title=export.title,
        author=export.author(),
        letter_paper=export.words.letter_paper,
        text=[export.title, *(message.text + message.reasoning for message in export.messages)],
    )


def put_on_paper(export: Export, paper: Paper) -> None:
    """Put the messages on the sheets of a printer."""
    drawn_on(paper, lambda sheets: _draw(export, sheets))


def _draw(export: Export, sheets: Sheets) -> None:
    is_one = len(export.messages) == 1
    if not is_one:
        sheets.add_text(f"<h1>{xml_text(export.title)}</h1>", [], 1)
    for message, report in export.each_with_progress():
        is_mine = message.role is Role.USER
        title = " ".join(message.text[:_BEGINNING].split())[:_BOOKMARK] or export.speaker(message)
        done, whole = 0, len(message.text) + len(message.reasoning) + 1
        for number, (before, leaves) in enumerate(_portions(export, message)):
            bookmark = title if is_mine and not number else ""
            sheets.add_text(before, leaves, 1 if is_one else 2, bookmark, goes_on=bool(number))
            done += len(before) + sum(leaf.letters for leaf in leaves)
            report(min(1.0, done / whole))


def _portions(export: Export, message: Message) -> Iterator[tuple[str, list[Leaf]]]:
    """Yield a message as HTML and the leaves after it, as much at a time as is laid out in one go."""
    before = _head(export, message)
    for words in chain(_thought(export, message), _said(message)):
        if len(before) + len(words) > LETTERS:
            yield before, []
            before = ""
        before += words
    if message.role is not Role.USER:
        for leaves in portions(parse(message.text)):
            yield before, leaves
            before = ""
    if sources := export.sources_of(message):
        before += f'<p class="sources">{xml_text(sources)}</p>'
    if before:
        yield before, []


def _thought(export: Export, message: Message) -> Iterator[str]:
    """Yield what was thought before an answer, if that is wanted, in paragraphs of the program's own."""
    if not export.with_thinking or not message.reasoning.strip():
        return
    heading = f"{xml_text(export.words.thinking_head)}<br>"
    for part in parts_of(message.reasoning.strip()):
        thinking = xml_text(part).replace("\n", "<br>")
        yield f'<p class="thinking">{heading}{thinking}</p>'
        heading = ""


def _said(message: Message) -> Iterator[str]:
    """Yield the words of a question, in paragraphs of the program's own."""
    if message.role is Role.USER and message.text.strip():
        yield from (f'<p class="said">{xml_text(part)}</p>' for part in parts_of(message.text.strip()))


def _head(export: Export, message: Message) -> str:
    """Return who wrote a message, and its files."""
    speaker, *circumstances = map(xml_text, export.heading(message))
    lines = [" · ".join([f"<b>{speaker}</b>", *circumstances])]
    if files := export.files(message):
        lines.append(xml_text(export.words.files(files)))
    return f'<p class="head">{"<br>".join(lines)}</p>'
