"""Bodies that are sent in chunks, each of them a token: all that are there are taken apart in one go.

The HTTP library takes one at a time, through twenty calls of its own, which is half of what a stream costs. A private
name below it is replaced. Where another version has no such name, or a number where there were bytes, nothing is lost
but time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NoReturn

import h11

from desktop.core.text.late_regex import late_regex

_HEAD: Final = late_regex(rb"([0-9A-Fa-f]{1,8})\r\n")
_END: Final = b"\r\n"
_AT_FIRST: Final = {"_bytes_in_chunk": 0, "_bytes_to_discard": b"", "_reading_trailer": False}  # its own reader's place


class WholeChunks:
    """A reader that returns the content of all whole chunks that are there, and leaves everything else to another.

    That is what is left of one that came in part, the last one, and whatever is unusual or wrong: its failures stay
    the library's own.
    """

    def __init__(self, one_by_one: Any) -> None:
        self._one_by_one = one_by_one

    def __call__(self, buffer: Any) -> h11.Event | None:
        """Return what comes next of the body in `buffer`, and take it out; None where more is needed."""
        other = self._one_by_one
        if not other._reading_trailer and not other._bytes_in_chunk:
            content, size = _whole_chunks(bytes(buffer), other._bytes_to_discard)
            if content:
                buffer.maybe_extract_at_most(size)
                other._bytes_to_discard = b""
                return h11.Data(data=content)
        event: h11.Event | None = other(buffer)
        return event

    def read_eof(self) -> NoReturn:
        """Raise what a body raises that ends before its last chunk."""
        self._one_by_one.read_eof()
        raise AssertionError("unreachable")


def _whole_chunks(buffered: bytes, end_before: bytes) -> tuple[bytes, int]:
    """Return the content of the whole chunks at the beginning, and how many bytes they are with their framing.

    `end_before`: the end of the chunk before them, which is still to come.
    """
    at = len(end_before)
    if not buffered.startswith(end_before):
        return b"", 0
    pieces: list[bytes] = []
    while (head := _HEAD.match(buffered, at)) is not None:
        begins = head.end()
        ends = begins + int(head[1], 16)
        if ends == begins or buffered[ends : ends + 2] != _END:
            break
        pieces.append(buffered[begins:ends])
        at = ends + 2
    return b"".join(pieces), at


def read_whole_chunks_together() -> None:
    """Have the HTTP library read bodies so, if it is as it is known."""
    try:
        from h11 import _readers

        kinds: dict[str, Callable[[], Any]] = _readers.READERS[h11.SEND_BODY]  # type: ignore[assignment]
        its_own = kinds["chunked"]
        is_known = its_own is _readers.ChunkedReader and _AT_FIRST.items() <= vars(its_own()).items()
    except (ImportError, AttributeError, KeyError, TypeError):
        return
    if is_known:
        kinds["chunked"] = lambda: WholeChunks(its_own())
