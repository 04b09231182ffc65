"""The clipboard: a copy in the forms in which other programs take it, formatted and as plain text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from desktop.rendering.text.leaves import Leaf
from desktop.rendering.text.plain_text import plain_text
from desktop.rendering.written.clipboard import pasted_page, pasted_piece


class CopyForm(StrEnum):
    """The forms in which a text can be copied."""

    FORMATTED = "formatted"  # with a plain text beside it, for programs that take no other
    MARKDOWN = "markdown"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Copied:
    """A text on its way to the clipboard. `html` is a piece of a page; empty where it has no other form."""

    plain: str
    html: str = ""


def copied_block(block: Leaf) -> Copied:
    """Return a table or a block of code by itself; of code the plain text is exactly what it is."""
    return Copied(plain_text([block]) if block.table is not None else block.text, pasted_piece([block]))


def joined(copies: Iterable[Copied]) -> Copied:
    """Return several texts as one, with a blank line between them."""
    some = [each for each in copies if each.plain]
    return Copied("\n\n".join(each.plain for each in some), "".join(each.html for each in some))


def put_on_clipboard(copied: Copied) -> None:
    """Put a text on the clipboard. Runs on the GUI thread."""
    data = QMimeData()
    data.setText(copied.plain)
    if copied.html:
        data.setHtml(pasted_page([copied.html]))
    QGuiApplication.clipboard().setMimeData(data)
