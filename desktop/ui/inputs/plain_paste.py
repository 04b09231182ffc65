"""The plain text of a clipboard or a drag, or its kind if it has none, and the files that are in it.

HTML is read here and not by Qt, whose reader opens the files that a text names. Nothing is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage, QImageWriter

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
        from desktop.ui.inputs.text_of_html import text_of_html

        text = text_of_html(source.html())
    if text:
        return Paste(PasteKind.TEXT, clean_input(text))
    return Paste(PasteKind.NOTHING)
