"""The words of one text: what is shown between two positions, how it was written, the block or formula around one."""

from __future__ import annotations

from desktop.rendering.markdown.around import block_around, formula_around
from desktop.rendering.page.stack import Page
from desktop.rendering.text.excerpt import excerpt
from desktop.rendering.text.leaves import Leaf
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.plain_text import plain_text
from desktop.rendering.text.shown_text import END, START, Position, markdown_text
from desktop.ui.text.reading import TextReading


class ShownWords:
    """Words of a text on a page, as they are at the moment."""

    def __init__(self, reading: TextReading, page: Page) -> None:
        self._reading = reading
        self._page = page

    def plain_text(self, start: Position = START, end: Position = END) -> str:
        """Return the visible text between two positions."""
        if isinstance(self._reading.document, PlainDocument):
            return self._reading.document.text_between(start, end)
        return plain_text(self._page.leaves, start, end)

    def markdown_text(self, start: Position = START, end: Position = END) -> str:
        """Return the source between two positions, as it was written."""
        if isinstance(self._reading.document, PlainDocument):
            return self._reading.document.text_between(start, end)
        return markdown_text(self._page.leaves, self._reading.source, start, end)

    def excerpt(self, start: Position = START, end: Position = END) -> list[Leaf]:
        """Return what is between two positions as a text of its own."""
        return excerpt(self._page.leaves, start, end)

    def block_around(self, position: Position) -> Leaf | None:
        """Return the code block or the table at a position."""
        return block_around(self._page.leaves, position)

    def formula_around(self, position: Position) -> str:
        """Return the LaTeX of the formula at a position; empty if there is none."""
        return formula_around(self._page.leaves, position)
