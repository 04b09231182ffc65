"""Pictures that the user gives: which kinds are taken, and the form in which they are sent.

The kind is told by the content, never by a name. Decoding is the business of `rendering`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

HEAD_BYTES = 32  # of a file, enough to tell the kind
MOST_PAGES = 20  # of a file that are sent as pictures at once: each is some thousand tokens to most models
FIRST_PAGES = 10  # of a longer one that are offered without choosing

_SIGNATURES = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
)
_BITMAP_HEADERS = {12, 40, 52, 56, 64, 108, 124}  # sizes of the header that follows; "BM" alone may begin a text


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """Picture as it is sent: JPEG or PNG, upright, no larger than models look at, without metadata; sizes in pixels.

    `thumbnail` is a small one of it, for screens of double density.
    """

    content: bytes
    media_type: str
    width: int
    height: int
    thumbnail: bytes


# Returns the form of a picture that is sent, of the bytes of its file. Raises `ReadingError`. Runs on any thread.
PicturePreparer = Callable[[bytes], PreparedPicture]


def picture_kind(head: bytes) -> str:
    """Return the kind of picture that a file's first bytes begin: jpeg, png, webp, gif, bmp or tiff; else empty."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BITMAP_HEADERS:
        return "bmp"
    return ""
