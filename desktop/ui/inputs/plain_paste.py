"""The plain text of a clipboard or a drag, or its kind if it has none, and the files that are in it.

Recipe files can be dropped on parts of the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QMimeData, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QDropEvent, QImage, QImageWriter
from PySide6.QtWidgets import QWidget

from desktop.core.text.clean_text import clean_input


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
        from desktop.ui.inputs.pasted_html import text_of_html  # few programs give no plain text

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
