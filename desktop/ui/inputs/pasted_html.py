"""The plain text of pasted HTML.

It is read here and not by Qt, whose reader opens the files that a text names. Nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import count, repeat

_SPACES = re.compile(r"[ \t\n\r\f]+")
_SILENT = frozenset({"head", "script", "style", "template", "title", "noscript"})
_LINES = frozenset(
    {"address", "article", "aside", "blockquote", "br", "dd", "div", "dt", "footer", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"header", "hr", "li", "main", "nav", "p", "pre", "section", "table", "tr"}
)


_KEPT = "\x1f"  # in place of a space that is none of the layout's, until the lines are cut
_DEEPEST = 8  # a list within a list that is moved further in than the one around it


class _TextOfHtml(HTMLParser):
    """The words of a piece of HTML, as of the few programs that give no plain text: a line for each block and row.

    An item keeps its number or its mark, which HTML draws and does not say.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._silent = 0
        self._as_typed = 0  # within how many `pre`
        self._cells = 0  # of the row so far
        self._lists: list[Iterator[str]] = []  # the marks of the items to come, of each list that is open
        self._mark = ""  # of an item whose words have not come

    def text(self) -> str:
        lines = re.sub(r" *(\t) *| {2,}", lambda found: found[1] or " ", "".join(self._pieces)).split("\n")
        return "\n".join(line.strip(" ") for line in lines if line.strip(" ")).replace(_KEPT, " ")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in ("td", "th"):
            self._pieces.append("\t" if self._cells else "")
            self._cells += 1
        else:
            self._as_typed += tag == "pre"
            self._break(tag)
            self._begin_list(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        else:
            self._as_typed = max(0, self._as_typed - (tag == "pre"))
            self._break(tag)
            if tag in ("ul", "ol"):
                del self._lists[-1:]

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if data.strip():  # some put a paragraph around the words of an item
            self._pieces.append(self._mark)
            self._mark = ""
        self._pieces.append(data.replace(" ", _KEPT) if self._as_typed else _SPACES.sub(" ", data))

    def _begin_list(self, tag: str) -> None:
        match tag:
            case "ul":
                self._lists.append(repeat("-"))
            case "ol":
                self._lists.append(f"{number}." for number in count(1))
            case "li":
                mark = next(self._lists[-1]) if self._lists else "-"
                self._mark = _KEPT * 2 * (min(len(self._lists), _DEEPEST) - 1) + mark + _KEPT

    def _break(self, tag: str) -> None:
        if tag in ("table", "tr"):
            self._cells = 0
        if tag in _LINES:  # a paragraph within a cell is no line of its own
            self._pieces.append(" " if self._cells else "\n")


def text_of_html(html: str) -> str:
    """Return the text of a piece of HTML: a line for each block and row, a tab between cells."""
    reader = _TextOfHtml()
    reader.feed(html)
    reader.close()
    return reader.text()
