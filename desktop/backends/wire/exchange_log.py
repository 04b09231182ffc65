"""A log of requests and their answers, for those who find out why a server and the program misunderstand each other.

Nothing is logged unless this module's logger is asked for INFO (addresses, headers, times, sizes: no word of a message)
or DEBUG (the bodies as well). No key stands in it, nor what looks like one; only a model that was told one in a message
could spell it out, token by token.
"""

from __future__ import annotations

import itertools
import logging
import re
import time
from collections.abc import Mapping

from desktop.backends.wire.bodies import FileBody, JsonBody
from desktop.backends.wire.redaction import redacted, safe_headers, without_likely_secrets

_log = logging.getLogger(__name__)
_numbers = itertools.count(1)
_LONGEST = 10_000  # characters shown of one line
_MOST_HELD = 1 << 20  # bytes of a line; what is longer is left out, since a key may stand across its middle


class LoggedExchange:
    """One request and its answer in the log, told from others by its number."""

    def __init__(self, key: re.Pattern[str] | None) -> None:
        """`key` finds the one that must not be seen."""
        self._number = next(_numbers)
        self._key = key
        self._shows_bodies = _log.isEnabledFor(logging.DEBUG)
        self._asked_at = time.monotonic()
        self._size = 0
        self._line = bytearray()
        self._is_too_long = False
        self._has_ended = False

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: JsonBody | FileBody | None) -> None:
        """Log a request as it goes out."""
        self._write(logging.INFO, f"→ {method} {url} {safe_headers(headers)}")
        if body is not None and self._shows_bodies:
            self._write(logging.DEBUG, f"→ {body.joined().decode('utf-8', 'replace')}")

    def answer(self, status: int, headers: Mapping[str, str]) -> None:
        """Log the head of the answer."""
        self._write(logging.INFO, f"← {status} after {self._seconds} {safe_headers(headers)}")

    def receive(self, chunk: bytes) -> None:
        """Log the lines of the body that are whole: a key that comes in two pieces is one."""
        self._size += len(chunk)
        if not self._shows_bodies:
            return
        *whole, rest = chunk.split(b"\n")
        for piece in whole:
            self._hold(piece)
            self._write_line()
        self._hold(rest)

    def end(self, how: str) -> None:
        """Log how the exchange ended, once."""
        if not self._has_ended:
            self._has_ended = True
            self._write_line()
            self._write(logging.INFO, f"{how} after {self._seconds}, {self._size} bytes")

    @property
    def _seconds(self) -> str:
        return f"{time.monotonic() - self._asked_at:.3f} s"

    def _hold(self, piece: bytes) -> None:
        self._is_too_long = self._is_too_long or len(self._line) + len(piece) > _MOST_HELD
        if not self._is_too_long:
            self._line += piece

    def _write_line(self) -> None:
        if self._is_too_long:
            self._write(logging.DEBUG, f"← a line of more than {_MOST_HELD} bytes")
        elif line := self._line.strip():
            self._write(logging.DEBUG, f"← {line.decode('utf-8', 'replace')}")
        self._line.clear()
        self._is_too_long = False

    def _write(self, level: int, text: str) -> None:
        if not _log.isEnabledFor(level):
            return
        text = without_likely_secrets(redacted(text, self._key))
        _log.log(level, "#%d %s", self._number, text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
