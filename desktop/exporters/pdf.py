"""A conversation as a PDF file or on paper: text that can be selected, formulas, bookmarks, and numbers of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.core.exporting.format import ALL_PARTS, Export
from desktop.core.message import Message, Role
from desktop.core.text.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from desktop.rendering.printed.sheets import Paper, Sheets

NAME = QT_TRANSLATE_NOOP("export", "PDF")
ENDING = ".pdf"
PARTS = ALL_PARTS
HAS_VERSIONS = False
_BOOKMARK = 80  # letters of a question


def write(export: Export) -> bytes:
    """Return the messages under the conversation's title, as a file to be read and printed anywhere."""
    from desktop.rendering.printed.pdf import write_pdf

    return write_pdf(
        lambda sheets: _draw(export, sheets),
        title=export.title,
        author=export.author(),
        letter_paper=export.words.letter_paper,
        text=[export.title, *(message.text + message.reasoning for message in export.messages)],
    )


def put_on_paper(export: Export, paper: Paper) -> None:
    """Put the messages on the sheets of a printer."""
    from desktop.rendering.printed.sheets import drawn_on

    drawn_on(paper, lambda sheets: _draw(export, sheets))


def _draw(export: Export, sheets: Sheets) -> None:
    from desktop.rendering.markdown.leaves import parse
    from desktop.rendering.written.xml_text import xml_text

    is_one = len(export.messages) == 1
    if not is_one:
        sheets.add_text(f"<h1>{xml_text(export.title)}</h1>", [], 1)
    for message in export.each():
        is_mine = message.role is Role.USER
        said = f'<p class="said">{xml_text(message.text.strip())}</p>' if is_mine and message.text.strip() else ""
        leaves = [] if is_mine else parse(message.text)
        title = " ".join(message.text.split())[:_BOOKMARK] or export.speaker(message)
        sheets.add_text(_head(export, message) + said, leaves, 1 if is_one else 2, title if is_mine else "")


def _head(export: Export, message: Message) -> str:
    """Return who wrote a message, its files, and what was thought."""
    from desktop.rendering.written.xml_text import xml_text

    speaker, *circumstances = map(xml_text, export.heading(message))
    lines = [" · ".join([f"<b>{speaker}</b>", *circumstances])]
    if files := export.files(message):
        lines.append(f"{xml_text(export.words.files)}: {xml_text(', '.join(files))}")
    head = f'<p class="head">{"<br>".join(lines)}</p>'
    if export.with_thinking and message.reasoning.strip():
        thinking = xml_text(message.reasoning.strip()).replace("\n", "<br>")
        head += f'<p class="thinking">{xml_text(export.words.thinking)}:<br>{thinking}</p>'
    return head
