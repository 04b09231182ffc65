"""The plain text of a clipboard or a drag, or its kind if it has none, and the files that are in it.

HTML is read here and not by Qt, whose reader opens the files that a text names. Nothing is fetched. Recipe files can be
dropped on parts of the window.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from html.parser import HTMLParser
from itertools import count, repeat
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QMimeData, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QDropEvent, QImage, QImageWriter
from PySide6.QtWidgets import QWidget

from desktop.core.text.clean_text import clean_input

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
        text = text_of_html(source.html())
    if text:
        return Paste(PasteKind.TEXT, clean_input(text))
    return Paste(PasteKind.NOTHING)


def recipe_files(source: QMimeData) -> list[Path]:
    """Return the files of a drag; none if anything else is among them."""
    urls = source.urls()
    files = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return files if urls and len(files) == len(urls) and all(_may_be_recipe(each) for each in files) else []


def _may_be_recipe(file: Path) -> bool:
    return file.suffix.lower() == ".toml"


class FilesPlace(QObject):
    """A place in the window that takes files for itself when they are dropped there; the window asks which."""

    given = Signal(object)  # GivenFiles

    def __init__(self, place: QWidget, name: str) -> None:
        """Mark `place`; `name` is how the user knows it."""
        super().__init__(place)
        self.name = name

    @staticmethod
    def at(window: QWidget, point: QPoint) -> FilesPlace | None:
        """Return the place that is seen at a point of the window, the smallest where one lies in another."""
        found = [each for each in window.findChildren(FilesPlace) if each._is_at(window, point)]
        return min(found, key=lambda each: each._widget.width() * each._widget.height(), default=None)

    @property
    def _widget(self) -> QWidget:
        widget = self.parent()
        assert isinstance(widget, QWidget)
        return widget

    def _is_at(self, window: QWidget, point: QPoint) -> bool:
        """Return True if the point is on the place, and not where something that it lies in has cut it off."""
        widget: QWidget | None = self._widget
        if not self._widget.isVisible():
            return False
        while widget is not None and widget is not window:
            if not widget.rect().contains(widget.mapFrom(window, point)):
                return False
            widget = widget.parentWidget()
        return True


class RecipeDrop(QObject):
    """A drop target for recipe files on `target`, wherever a widget on it does not take them."""

    dropped = Signal(list)  # of paths

    def __init__(self, target: QWidget) -> None:
        super().__init__(target)
        target.setAcceptDrops(True)
        target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QDropEvent):  # entering and moving are drops, too, for Qt
            return False
        files = recipe_files(event.mimeData())
        if not files:
            return False
        event.setDropAction(Qt.DropAction.CopyAction)  # a move might have the file deleted where it comes from
        event.accept()
        if event.type() is QEvent.Type.Drop:
            self.dropped.emit(files)
        return True
