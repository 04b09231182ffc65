"""The icon's files: what each system reads of them, and that the drawing is in every picture."""

from __future__ import annotations

import struct

import icons
import pytest
from PySide6.QtGui import QImage


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("icons")
    icons.write_all(made)
    return made


def shows_the_drawing(image):
    """Teal at its edge, white in the ring, nothing in the corner."""
    size = image.width()
    edge, ring = image.pixelColor(size // 2, size // 8), image.pixelColor(round(size * 0.25), size // 2)
    return edge.green() > edge.red() + 30 and ring.red() > 200 and image.pixelColor(0, 0).alpha() < 130


def test_a_picture_in_each_size(folder):
    for size in icons.LINUX_SIZES:
        image = QImage(str(folder / "hicolor" / f"{size}x{size}" / "apps" / "candor.png"))
        assert (image.width(), image.height()) == (size, size)
        assert shows_the_drawing(image)


def test_the_icon_of_windows_has_all_sizes(folder):
    content = (folder / "candor.ico").read_bytes()
    reserved, kind, count = struct.unpack_from("<HHH", content)
    assert (reserved, kind, count) == (0, 1, len(icons.ICO_SIZES))
    for at, size in enumerate(icons.ICO_SIZES):
        width, height, *_, length, start = struct.unpack_from("<BBBBHHII", content, 6 + 16 * at)
        assert (width, height) == (size % 256, size % 256)
        picture = content[start : start + length]
        assert picture.startswith(b"\x89PNG" if size > 64 else struct.pack("<Iii", 40, size, 2 * size))
    assert start + length == len(content)


def test_the_icon_of_macos_is_whole(folder):
    content = (folder / "candor.icns").read_bytes()
    assert struct.unpack_from(">4sI", content) == (b"icns", len(content))
    found, at = {}, 8
    while at < len(content):
        kind, length = struct.unpack_from(">4sI", content, at)
        found[kind.decode()] = QImage.fromData(content[at + 8 : at + length]).width()
        at += length
    assert found == dict(icons.ICNS_KINDS)
