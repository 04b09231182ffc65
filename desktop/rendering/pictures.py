"""A picture that the user gives, made into the form in which it is sent. Runs on any thread; knows no widgets.

Only the kinds of pictures that `core.documents.attachment` tells by their content are decoded, each by its own decoder.
"""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageReader, QPainter

from desktop.core.documents.attachment import PreparedPicture, picture_kind
from desktop.core.documents.document import ReadingError, ReadingProblem

LONG_SIDE = 1568  # pixels; models look at no more, and servers scale down what is larger
THUMBNAIL_SIDE = 320  # pixels; twice what is shown
_MOST_BYTES = 256 << 20  # of a picture that is unpacked; Qt's own limit, which is kept
_QUALITY = 85  # of JPEG
_LARGE_PNG = 400_000  # bytes; a screenshot has less, a photograph more

_LOSSY = {"jpeg", "webp"}


def prepare_picture(content: bytes) -> PreparedPicture:
    """Return a picture as it is sent: upright, on white, scaled down, and encoded anew, which leaves out all metadata.

    Of a moving one the first frame. Raises `ReadingError`: unknown_kind, too_large or damaged.
    """
    kind = picture_kind(content)
    if not kind:
        raise ReadingError(ReadingProblem.UNKNOWN_KIND)
    image = _flat(_decoded(content, kind))
    sent, media_type = _encoded(image, is_photo=kind in _LOSSY)
    small = image.scaled(
        min(image.width(), THUMBNAIL_SIDE),
        min(image.height(), THUMBNAIL_SIDE),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    return PreparedPicture(sent, media_type, image.width(), image.height(), _encoded(small, is_photo=True)[0])


def _decoded(content: bytes, kind: str) -> QImage:
    buffer = QBuffer()
    buffer.setData(content)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, kind.encode())
    try:
        return _read(reader, kind)
    finally:
        # Ends the decoder, which may look at the bytes once more, while they are there.
        reader.setDevice(None)  # type: ignore[arg-type]


def _read(reader: QImageReader, kind: str) -> QImage:
    """Return the picture, scaled down while it is read where that can be. Raises `ReadingError`."""
    reader.setAutoDetectImageFormat(False)  # else another decoder might be tried
    reader.setAutoTransform(True)
    size = reader.size()  # before it is turned
    if size.isValid() and 4 * size.width() * size.height() > _MOST_BYTES and kind != "jpeg":
        raise ReadingError(ReadingProblem.TOO_LARGE)  # JPEG alone is scaled while it is read
    if size.isValid() and max(size.width(), size.height()) > LONG_SIDE:
        reader.setScaledSize(_scaled(size))
    image = reader.read()
    if image.isNull():
        raise ReadingError(ReadingProblem.DAMAGED, reader.errorString())
    if max(image.width(), image.height()) > LONG_SIDE:  # of a kind that does not tell its size before
        image = image.scaled(
            _scaled(image.size()), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    return image


def _scaled(size: QSize) -> QSize:
    """Return the size with its long side as long as is sent, and no side that vanishes."""
    fitting = size.scaled(LONG_SIDE, LONG_SIDE, Qt.AspectRatioMode.KeepAspectRatio)
    return fitting.expandedTo(QSize(1, 1))


def _flat(image: QImage) -> QImage:
    """Return the picture alone, on white: without transparency, texts, and its own colour space."""
    srgb = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    if image.colorSpace().isValid() and image.colorSpace() != srgb:
        image = image.convertedToColorSpace(srgb)
    image.setDevicePixelRatio(1)
    flat = QImage(image.size(), QImage.Format.Format_RGB32)
    flat.fill(Qt.GlobalColor.white)
    painter = QPainter(flat)
    painter.drawImage(0, 0, image)
    painter.end()
    if flat.allGray():
        flat = flat.convertToFormat(QImage.Format.Format_Grayscale8)
        flat.setColorSpace(QColorSpace())
    return flat


def _encoded(image: QImage, *, is_photo: bool) -> tuple[bytes, str]:
    """Return the picture's bytes and media type: JPEG for photographs, PNG for what is drawn or written."""
    if is_photo:
        return _saved(image, "JPEG", _QUALITY), "image/jpeg"
    png = _saved(image, "PNG", -1)
    if len(png) > _LARGE_PNG:
        jpeg = _saved(image, "JPEG", _QUALITY)
        if 2 * len(jpeg) < len(png):
            return jpeg, "image/jpeg"
    return png, "image/png"


def _saved(image: QImage, kind: str, quality: int) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, kind, quality):  # type: ignore[call-overload]
        raise ReadingError(ReadingProblem.DAMAGED, "cannot be encoded")
    return bytes(buffer.data().data())
