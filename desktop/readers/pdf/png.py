"""Pictures as PNG files, written by the standard library: grey where there is no colour, which is half the size."""

from __future__ import annotations

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _COLOUR = 0, 2  # kinds of PNG's


def png_of(width: int, height: int, stride: int, colours: memoryview) -> bytes:
    """Return a PNG file of pixels with three bytes each, red first, in lines that are `stride` bytes apart."""
    lines = [bytes(colours[row * stride : row * stride + 3 * width]) for row in range(height)]
    kind = _COLOUR
    if all(line[0::3] == line[1::3] == line[2::3] for line in lines):
        lines = [line[0::3] for line in lines]
        kind = _GREY
    head = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + line for line in lines), 6)
    return _SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
