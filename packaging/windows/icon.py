"""The program's icon as the recipes for Windows want it: the `.ico`, and the picture on the setup's last page."""

from __future__ import annotations

import struct
from pathlib import Path

import icons

from windows import packages, tools

_WIDTH, _HEIGHT = 164, 314  # what NSIS's last page expects, in pixels
_DRAWING = 96  # pixels


def make(folder: Path) -> Path:
    """Write the icon into a folder; return its file. Raises SetupError."""
    icons.make(tools.python_with_qt(packages.lock()), folder)
    return folder / "candor.ico"


def make_side_picture(folder: Path) -> Path:
    """Write the picture at the side of the setup's last page; return its file. Raises SetupError."""
    file = folder / "side.bmp"
    code = _PAINTING.format(
        drawing=str(icons.DRAWING), file=str(folder / "side.raw"), width=_WIDTH, height=_HEIGHT, size=_DRAWING
    )
    tools.run_with_qt(packages.lock(), code)
    file.write_bytes(bitmap((folder / "side.raw").read_bytes(), _WIDTH, _HEIGHT))
    return file


def bitmap(rows: bytes, width: int, height: int) -> bytes:
    """Return a `.bmp` of 24 bits a pixel from rows, the highest first, of blue, green, red and a byte to drop."""
    line = width * 4
    padding = bytes(-width * 3 % 4)
    upwards = []
    for at in reversed(range(height)):
        row = rows[at * line : (at + 1) * line]
        upwards.append(b"".join(row[pixel : pixel + 3] for pixel in range(0, line, 4)) + padding)
    content = b"".join(upwards)
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(content), 2835, 2835, 0, 0)
    return struct.pack("<2sIHHI", b"BM", 14 + len(head) + len(content), 0, 0, 14 + len(head)) + head + content


_PAINTING = """
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

image = QImage({width}, {height}, QImage.Format.Format_RGB32)
image.fill(QColor("#F3F1EC"))  # the sidebar's ground in the light theme
painter = QPainter(image)
painter.setRenderHint(QPainter.RenderHint.Antialiasing)
QSvgRenderer({drawing!r}).render(painter, QRectF(({width} - {size}) / 2, ({height} - {size}) / 2, {size}, {size}))
painter.end()
open({file!r}, "wb").write(bytes(image.constBits()))
"""
