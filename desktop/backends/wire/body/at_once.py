"""What has come from a server already, read without the loop: it is the only read of most looks at a stream.

The library below first has the loop watch the connection, waits for it to tell what is known, and has it look away
again: two more turns of the loop. Private names of it are asked. Where they are others, reading takes its usual way.

Of an encrypted stream the library gives one record at a time, which is a token with most servers.
"""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

_Read = Callable[[int], bytes]


def reader_at_once(stream: Any) -> _Read | None:
    """Return a function that reads what is there of a stream of the network, at most so many bytes, and never waits.

    It returns nothing where nothing is there, at the end, and where the loop reads by itself. None for a stream that is
    encrypted or inside another one, and under Windows, whose loop has always asked for what comes next.
    """
    inner = getattr(stream, "_stream", None)
    protocol: Any = getattr(inner, "_protocol", None)
    transport: Any = getattr(inner, "_transport", None)
    known = hasattr(protocol, "read_queue") and hasattr(transport, "is_reading") and hasattr(transport, "is_closing")
    socket = stream.get_extra_info("socket") if known else None
    if socket is None or sys.platform == "win32":
        return None

    def read(most: int) -> bytes:
        # What was read before comes first, and nobody else may read meanwhile.
        if protocol.read_queue or transport.is_reading() or transport.is_closing():
            return b""
        with suppress(BlockingIOError):
            return os.read(socket.fileno(), most)
        return b""

    return read


def records_at_once(stream: Any) -> _Read | None:
    """Return a function that reads of an encrypted stream what has come of it; None for one that is not encrypted."""
    tls = stream.get_extra_info("ssl_object")
    if not isinstance(tls, ssl.SSLObject):
        return None

    def read(most: int) -> bytes:
        with suppress(ssl.SSLWantReadError):
            return tls.read(most)
        return b""

    return read
