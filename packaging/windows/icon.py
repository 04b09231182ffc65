"""The program's icon as Windows wants it: one file with a picture for each size."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

_COLOUR = (0x2F, 0x6F, 0x6A)


def make(folder: Path) -> Path:
    """Write the icon into a folder; answers its file."""
    file = folder / "candor.ico"
    file.write_bytes(_ico({64: _square(64)}))
    return file


def make_side_picture(folder: Path) -> Path:
    """Write the picture at the side of the setup's last page, a bitmap of the size that Windows expects there."""
    width, height = 164, 314
    row = bytes(reversed(_COLOUR)) * width
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(row) * height, 2835, 2835, 0, 0)
    file = folder / "side.bmp"
    file.write_bytes(struct.pack("<2sIHHI", b"BM", 54 + len(row) * height, 0, 0, 54) + head + row * height)
    return file


def _ico(pictures: dict[int, bytes]) -> bytes:
    head = struct.pack("<HHH", 0, 1, len(pictures))
    entries, start = b"", len(head) + 16 * len(pictures)
    for size, png in pictures.items():
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(png), start)
        start += len(png)
    return head + entries + b"".join(pictures.values())


def _square(size: int) -> bytes:
    rows = (b"\0" + bytes(_COLOUR) * size) * size

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
