"""Pictures as they are sent: upright, small, on white, and with nothing that a camera or a program wrote into them."""

from __future__ import annotations

import struct
import zlib

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage

from desktop.core.documents.reading import ReadingError, ReadingProblem
from desktop.rendering.pictures import LONG_SIDE, THUMBNAIL_SIDE, prepare_picture

# --- Pictures as they are sent -------------------------------------------------------------------------------------

RED, BLUE, CLEAR = QColor("#ff0000"), QColor("#0000ff"), QColor(0, 0, 0, 0)
# Two frames of one pixel: the first white, the second black.
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00"
    + 2 * b"!\xf9\x04\x00\x0a\x00\x00\x00"
    + b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"
    + b"!\xf9\x04\x00\x0a\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x4c\x01\x00;"
)


def halves(width=40, height=20, left=RED, right=BLUE):
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(left)
    for x in range(width // 2, width):
        for y in range(height):
            image.setPixelColor(x, y, right)
    return image


def saved(image, kind):
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)
    buffer.close()
    return bytes(data.data())


def with_exif(jpeg):
    """A JPEG that a camera held upright has written, with the place where it was."""
    gps = struct.pack(">HHHI4sI", 1, 1, 2, 2, b"N\0\0\0", 0)
    entries = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0) + struct.pack(">HHII", 0x8825, 4, 1, 8 + 2 + 24 + 4)
    tiff = b"MM\x00*" + struct.pack(">IH", 8, 2) + entries + struct.pack(">I", 0) + gps + b"Zuerich Hardturm"
    block = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]


def near(image, x, y, colour):
    found = image.pixelColor(x, y)
    return all(abs(a - b) < 40 for a, b in zip(found.getRgb()[:3], colour.getRgb()[:3], strict=True))


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/jpeg"), ("BMP", "image/png"), ("TIFF", "image/png")],
)
def test_every_kind_becomes_one_that_servers_take(kind, media_type):
    made = prepare_picture(saved(halves(), kind))
    assert (made.media_type, made.width, made.height) == (media_type, 40, 20)
    image = QImage.fromData(made.content)
    assert near(image, 5, 10, RED)
    assert near(image, 35, 10, BLUE)


def test_of_a_moving_picture_the_first_frame_is_sent():
    made = prepare_picture(GIF)
    assert (made.media_type, made.width, made.height) == ("image/png", 1, 1)
    assert near(QImage.fromData(made.content), 0, 0, QColor("white"))


def test_a_picture_is_turned_upright_and_tells_no_place():
    taken = with_exif(saved(halves(), "JPEG"))
    assert b"Zuerich" in taken
    made = prepare_picture(taken)
    assert (made.width, made.height) == (20, 40)
    image = QImage.fromData(made.content)
    assert near(image, 10, 5, RED)
    assert near(image, 10, 35, BLUE)
    for content in (made.content, made.thumbnail):
        assert b"Exif" not in content
        assert b"Zuerich" not in content


def test_texts_in_a_picture_are_not_sent_and_what_is_transparent_becomes_white():
    image = halves(left=CLEAR)
    image.setText("Author", "Somebody")
    assert b"Somebody" in saved(image, "PNG")
    made = prepare_picture(saved(image, "PNG"))
    assert b"Somebody" not in made.content
    image = QImage.fromData(made.content)
    assert not image.hasAlphaChannel()
    assert near(image, 5, 10, QColor("white"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_is_scaled_down(kind):
    made = prepare_picture(saved(halves(3136, 100), kind))
    assert (made.width, made.height) == (LONG_SIDE, 50)
    small = QImage.fromData(made.thumbnail)
    assert (small.width(), small.height()) == (THUMBNAIL_SIDE, 10)
    made = prepare_picture(saved(halves(4000, 1), "PNG"))
    assert (made.width, made.height) == (LONG_SIDE, 1)  # no side vanishes


def test_a_bomb_is_refused_before_it_is_unpacked():
    rows = zlib.compress(b"\0" * (20_000 * 2501), 1)

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    with pytest.raises(ReadingError) as refused:
        prepare_picture(bomb)
    assert refused.value.problem is ReadingProblem.TOO_LARGE


@pytest.mark.qt_log_ignore("JPEG", "libpng")
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (saved(halves(), "PNG")[:60], ReadingProblem.DAMAGED),
        (b"\xff\xd8\xff\xe0 no picture", ReadingProblem.DAMAGED),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ReadingProblem.UNKNOWN_KIND),
        (b"/* XPM */ static char * x[] = {};", ReadingProblem.UNKNOWN_KIND),
        (b"BMW is a maker of cars", ReadingProblem.UNKNOWN_KIND),
        (b"", ReadingProblem.UNKNOWN_KIND),
    ],
)
def test_what_is_no_picture_is_refused(content, problem):
    with pytest.raises(ReadingError) as refused:
        prepare_picture(content)
    assert refused.value.problem is problem
