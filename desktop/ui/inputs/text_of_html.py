"""The words of a piece of HTML, as they are pasted: nothing in it is looked up, and no address is followed."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SPACES = re.compile(r"[ \t\n\r\f]+")
_SILENT = frozenset({"head", "script", "style", "template", "title", "noscript"})
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "div", "dl", "dt", "dd", "figure", "footer", "form", "h1", "h2"}
    | {"h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul"}
)
_APART = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "table", "ol", "ul", "dl"})


def text_of_html(html: str) -> str:
    """Return the text of a piece of HTML: a line for each block and row, a tab between cells."""
    reader = _TextOfHtml()
    reader.feed(html)
    reader.close()
    return reader.text()


class _TextOfHtml(HTMLParser):
    """A parser that collects words; it never looks at an address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._breaks = 0  # line breaks that are due before the next word
        self._is_space_due = False
        self._silent = 0
        self._preformatted = 0
        self._cells = 0  # of the row so far

    def text(self) -> str:
        return "".join(self._pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self._breaks += 1
        elif tag == "img":
            self._say(dict(attrs).get("alt") or "")
        elif tag in ("td", "th"):
            if self._cells:
                self._put("\t")
            self._cells += 1
        elif tag in _BLOCKS:
            self._end_line(tag)
            self._preformatted += tag == "pre"
            if tag == "tr":
                self._cells = 0
            elif tag == "li":
                self._put("• ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self._preformatted = max(0, self._preformatted - (tag == "pre"))
            self._end_line(tag)
            if tag in ("tr", "table"):
                self._cells = 0

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._preformatted:
            self._put(data)
        else:
            self._say(data)

    def _end_line(self, tag: str) -> None:
        if self._cells:  # a paragraph within a cell is no line of its own
            self._is_space_due = True
        else:
            self._breaks = max(self._breaks, 2 if tag in _APART else 1)

    def _say(self, words: str) -> None:
        """Add running text, in which any white space is one space."""
        flat = _SPACES.sub(" ", words)
        if not flat.strip(" "):
            self._is_space_due = self._is_space_due or bool(flat)
            return
        if flat.startswith(" "):
            self._is_space_due = True
        self._put(flat.strip(" "))
        self._is_space_due = flat.endswith(" ")

    def _put(self, text: str) -> None:
        if self._pieces and self._breaks:
            self._pieces.append("\n" * self._breaks)
        elif self._is_space_due and self._pieces and not self._pieces[-1].endswith(("\t", " ", "\n")) and text != "\t":
            self._pieces.append(" ")
        self._breaks, self._is_space_due = 0, False
        self._pieces.append(text)
