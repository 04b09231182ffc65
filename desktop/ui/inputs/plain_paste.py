"""The plain text of a clipboard or a drag, or its kind if it has none, and the files that are in it.

HTML is read here and not by Qt, whose reader opens the files that a text names. Nothing is fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from html.parser import HTMLParser
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage, QImageWriter

from desktop.core.text.clean_text import clean_input

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


class PasteKind(Enum):
    """The kind of a clipboard's or a drag's content."""

    TEXT = "text"
    FILES = "files"
    PICTURE = "picture"
    NOTHING = "nothing"  # that could be pasted here


@dataclass(frozen=True, slots=True)
class Paste:
    """The content of a clipboard or a drag; `text` is empty unless `kind` is TEXT."""

    kind: PasteKind
    text: str = ""


_PICTURES = ("image/png", "image/jpeg")  # as they are, where a program gives them
_UNPACKED = 100  # of the PNG that is made otherwise: it is packed later, when nobody waits


@dataclass(frozen=True, slots=True)
class GivenFiles:
    """Files of a clipboard or a drag: those that lie on a disk, and what lies on none: a picture (PNG or JPEG), texts.

    Texts are those too long for words of a message.
    """

    paths: tuple[Path, ...] = ()
    picture: bytes = b""
    texts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.paths or self.picture or self.texts)


def has_files(source: QMimeData) -> bool:
    """Return True if a clipboard or a drag holds files or a picture, and no text of its own."""
    return read_paste(source).kind in (PasteKind.FILES, PasteKind.PICTURE)


def files_in(source: QMimeData) -> GivenFiles:
    """Return the files of a clipboard or a drag; none where it is a text."""
    match read_paste(source).kind:
        case PasteKind.FILES:
            return GivenFiles(tuple(Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()))
        case PasteKind.PICTURE:
            return GivenFiles(picture=_picture_in(source))
        case _:
            return GivenFiles()


def _picture_in(source: QMimeData) -> bytes:
    for kind in _PICTURES:
        if picture := source.data(kind).data():
            return bytes(picture)
    image = source.imageData()
    if not isinstance(image, QImage) or image.isNull():
        return b""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    writer.setQuality(_UNPACKED)
    writer.write(image)
    return bytes(buffer.data().data())


def read_paste(source: QMimeData) -> Paste:
    """Return the plain text that was copied. Programs that copy cells or rich text give it themselves, with tabs."""
    if any(url.isLocalFile() for url in source.urls()):
        return Paste(PasteKind.FILES)
    text = source.text() if source.hasText() else ""
    if not text.strip() and source.hasImage():  # which a browser accompanies with HTML that names it
        return Paste(PasteKind.PICTURE)
    if not text.strip() and source.hasHtml():
        from desktop.ui.inputs.plain_paste import text_of_html

        text = text_of_html(source.html())
    if text:
        return Paste(PasteKind.TEXT, clean_input(text))
    return Paste(PasteKind.NOTHING)
