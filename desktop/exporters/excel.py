"""A conversation as a workbook: one sheet with a line for each message, and one for each table of the answers."""

from __future__ import annotations

from desktop.core.exporting import ALL_PARTS, Export
from desktop.core.message import Role
from desktop.core.resources import QT_TRANSLATE_NOOP
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.text.shown_text import plain_text
from desktop.rendering.written.spreadsheet import Rows, tables_in, workbook

NAME = QT_TRANSLATE_NOOP("export", "Excel workbook, with each table")
ENDING = ".xlsx"
PARTS = ALL_PARTS
HAS_VERSIONS = False


def write(export: Export) -> bytes:
    """Return the messages and the tables in them, as a file for Excel and other spreadsheets."""
    words = export.words
    lines: list[list[str]] = [[export.title]]
    tables: list[tuple[str, Rows]] = []
    for message in export.each():
        leaves = parse(message.text) if message.role is not Role.USER else []
        said = message.text if message.role is Role.USER else plain_text(leaves)
        line = [*export.heading(message), said]
        if files := export.files(message):
            line.append(words.files(files))
        if export.with_thinking and message.reasoning:
            line.append(f"{words.thinking_head}\n{message.reasoning}")
        if sources := export.sources_of(message):
            line.append(sources)
        lines.append(line)
        tables += [(rows[0][0] or words.answer, rows) for rows in tables_in(leaves)]
    return workbook([*tables, (export.title, lines)])
