"""A request and its reply as the ledger records them: begun before the first byte, finished after the last.

The bytes are counted where they pass, in `network.py`, by the crossing that is under way in this task.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

from desktop.core.place import Place
from desktop.core.text.pace import StreamPace
from desktop.core.trust.ledger import Ending, Entry, Peer, Purpose

Record = Callable[[Entry], None]  # called on the loop thread, so it must not wait


class Looks:
    """The looks at the network for more of a reply, with a rest before each: waking up for a token costs most of it."""

    def __init__(self) -> None:
        self._pace = StreamPace()
        self._tokens = 0
        self._is_all = False
        self._since: float | None = None  # the beginning of the latest rest

    async def rest(self) -> None:
        """Rest once all that was there has been read."""
        if not self._is_all:
            return
        now = time.monotonic()
        if self._since is not None:  # what came with the head tells nothing of the pace
            self._pace.note(self._tokens, now - self._since)
        self._since, self._tokens = now, 0
        await asyncio.sleep(self._pace.pause())

    def note(self, content: bytes, *, is_all: bool) -> None:
        """Note what was read; `is_all` unless more may be there already."""
        self._tokens += content.count(b"\n\n") or content.count(b"\n\r\n") or max(content.count(b"\n"), 1)
        self._is_all = is_all


class Crossing:
    """One request and its reply. What never reached a server, and was not held back by Candor, leaves no entry."""

    def __init__(self, record: Record, purpose: Purpose, host: str, place: Place, *, is_through_proxy: bool) -> None:
        self.sent = 0
        self.received = 0
        self.looks: Looks | None = None  # at the network, for a reply that somebody reads along
        self._record = record
        self._entry = Entry(at=time.time(), purpose=purpose, host=host, place=place, is_through_proxy=is_through_proxy)
        self._since = time.monotonic()
        self._has_begun = False
        self._has_ended = False

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Have what is written in this task count as its bytes."""
        before = _current.set(self)
        try:
            yield
        finally:
            _current.reset(before)

    def begin_with(self, peer: Peer) -> None:
        """Record that bytes are about to go to `peer`; again where it is sent once more on a new connection."""
        self._has_begun = True
        self._entry = replace(self._entry, peer=peer)
        self._record(self._entry)

    def end(self, ending: Ending) -> None:
        """Record how it ended, once."""
        held_back = ending in (Ending.LOCKED, Ending.FORBIDDEN, Ending.ELSEWHERE)
        if self._has_ended or not (self._has_begun or held_back):
            return
        self._has_ended = True
        seconds = time.monotonic() - self._since
        self._record(replace(self._entry, sent=self.sent, received=self.received, seconds=seconds, ending=ending))


_current: ContextVar[Crossing | None] = ContextVar("crossing", default=None)


def crossing_under_way() -> Crossing | None:
    """Return the crossing whose bytes this task writes; None for a test of a port, in which no words go."""
    return _current.get()
