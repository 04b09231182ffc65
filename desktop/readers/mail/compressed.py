"""The compressed rich text in which Outlook keeps the body of some mails.

The format is that of Microsoft's [MS-OXRTFCP]: pieces that repeat point back into a window of 4 kB.
"""

from __future__ import annotations

import struct

_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_WINDOW = 4096
_MOST_BYTES = 64 << 20
_BEGINNING = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def decompressed(data: bytes) -> bytes:
    """Return the rich text; as much of it as can be read."""
    if len(data) < 16:
        return b""
    size, raw_size, kind = struct.unpack_from("<III", data)
    content = data[16 : size + 4]
    if kind == _PLAIN:
        return content[:raw_size]
    if kind != _COMPRESSED or raw_size > _MOST_BYTES:
        return b""
    window = bytearray(_BEGINNING.ljust(_WINDOW, b"\0"))
    at, written = len(_BEGINNING), bytearray()
    position = 0
    while position < len(content) and len(written) < raw_size:
        flags = content[position]
        position += 1
        for bit in range(8):
            if flags >> bit & 1:
                if position + 2 > len(content):
                    return bytes(written)
                token = content[position] << 8 | content[position + 1]
                position += 2
                start, length = token >> 4, (token & 15) + 2
                if start == at:  # the end is marked by what points to itself
                    return bytes(written)
                for index in range(length):
                    letter = window[(start + index) % _WINDOW]
                    window[at] = letter
                    at = (at + 1) % _WINDOW
                    written.append(letter)
            elif position < len(content):
                window[at] = content[position]
                at = (at + 1) % _WINDOW
                written.append(content[position])
                position += 1
    return bytes(written[:raw_size])
