"""The program's icon, rendered for all systems: PNG in each size, `.ico` for Windows, `.icns` for macOS.

    python packaging/icons.py FOLDER        with a Python that has PySide6

The drawing is `resources/icons/candor.svg`. `make` runs this file with the Python of an environment.
"""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

ROOT = Path(__file__).resolve().parents[1]
DRAWING = ROOT / "resources" / "icons" / "candor.svg"

LINUX_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
# Apple's names for a size, and for the same picture at twice the density.
ICNS_KINDS: Mapping[str, int] = {
    "icp4": 16,
    "icp5": 32,
    "ic11": 32,
    "ic12": 64,
    "ic07": 128,
    "ic13": 256,
    "ic08": 256,
    "ic14": 512,
    "ic09": 512,
    "ic10": 1024,
}
_MAC_MARGIN = 100 / 1024  # macOS wants air around an icon's ground
_LARGEST_BITMAP = 64  # older readers of .ico, NSIS among them, want bitmaps; larger ones are PNG to save room


def make(python: Path, folder: Path) -> None:
    """Write all files into `folder` with an environment's Python: `candor.ico`, `candor.icns`, `hicolor/…`."""
    subprocess.run([str(python), __file__, str(folder)], check=True)


def write_all(folder: Path) -> None:
    """Write all files as `make` does, with this Python, which must have PySide6."""
    for size in LINUX_SIZES:
        _write(folder / "hicolor" / f"{size}x{size}" / "apps" / "candor.png", png(size))
    _write(folder / "hicolor" / "scalable" / "apps" / "candor.svg", DRAWING.read_bytes())
    pictures = {size: bitmap(size) if size <= _LARGEST_BITMAP else png(size) for size in ICO_SIZES}
    _write(folder / "candor.ico", ico(pictures))
    _write(folder / "candor.icns", icns({kind: png(size, _MAC_MARGIN) for kind, size in ICNS_KINDS.items()}))


def png(size: int, margin: float = 0.0) -> bytes:
    """Return the drawing as PNG, `size` pixels wide; `margin` on each side is a share of that."""
    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtGui import QImageWriter

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(_painted(size, margin))
    return bytes(buffer.data().data())


def bitmap(size: int) -> bytes:
    """Return the drawing as a picture of an `.ico`.

    32 bits a pixel from the lowest row up, and a mask that nobody reads.
    """
    image = _painted(size, 0.0)
    line = size * 4
    rows = bytes(image.constBits())
    head = struct.pack("<IiiHHIIiiII", 40, size, size * 2, 1, 32, 0, 0, 0, 0, 0, 0)
    upwards = b"".join(rows[at * line : (at + 1) * line] for at in reversed(range(size)))
    return head + upwards + bytes((size + 31) // 32 * 4 * size)


def ico(pictures: Mapping[int, bytes]) -> bytes:
    """Return an `.ico` of pictures by their size; 256 is written as 0."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    entries, start = b"", len(head) + 16 * len(pictures)
    for size, picture in pictures.items():
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), start)
        start += len(picture)
    return head + entries + b"".join(pictures.values())


def icns(pictures: Mapping[str, bytes]) -> bytes:
    """Return an `.icns` of PNG pictures by their kind."""
    body = b"".join(struct.pack(">4sI", kind.encode(), 8 + len(one)) + one for kind, one in pictures.items())
    return struct.pack(">4sI", b"icns", 8 + len(body)) + body


def _painted(size: int, margin: float) -> QImage:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = size * margin
    QSvgRenderer(str(DRAWING)).render(painter, QRectF(edge, edge, size - 2 * edge, size - 2 * edge))
    painter.end()
    return image


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
