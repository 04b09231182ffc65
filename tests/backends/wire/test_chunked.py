"""Chunks that are taken apart together give the same body, end and failure as one by one, however they are cut."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import h11
import pytest
from h11 import _readers

from desktop.backends.wire.body.chunked import WholeChunks, read_whole_chunks_together

_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_CHUNKED = _readers.ChunkedReader
_KINDS: dict[str, Callable[[], Any]] = _readers.READERS[h11.SEND_BODY]  # type: ignore[assignment]

BODIES = {
    "whole": b"5\r\nHello\r\n1\r\n,\r\n6\r\n world\r\n0\r\n\r\n",
    "upper case and leading zeros": b"00A\r\n0123456789\r\nb\r\nabcdefghijk\r\n0\r\n\r\n",
    "extension": b"2;a=b\r\nHi\r\n3\r\n you\r\n0\r\n\r\n",
    "blank behind the size": b"2 \r\nHi\r\n3\t\r\nyou\r\n0\r\n\r\n",
    "trailer": b"2\r\nHi\r\n3\r\nyou\r\n0\r\nA: b\r\n\r\n",
    "lines in the words": b"6\r\n\r\n\r\n\r\n\r\n3\r\n0\r\n\r\n0\r\n\r\n",
    "several zeros": b"2\r\nHi\r\n000\r\n\r\n",
    "another reply behind it": b"2\r\nHi\r\n0\r\n\r\n" + _HEAD,
    "no size": b"2\r\nHi\r\n\r\nyou\r\n0\r\n\r\n",
    "no hexadecimal": b"2\r\nHi\r\nxyz\r\nyou\r\n0\r\n\r\n",
    "sign": b"2\r\nHi\r\n+3\r\nyou\r\n0\r\n\r\n",
    "minus": b"2\r\nHi\r\n-3\r\nyou\r\n0\r\n\r\n",
    "underscore": b"2\r\nHi\r\n1_0\r\n0123456789012345\r\n0\r\n\r\n",
    "prefix": b"2\r\nHi\r\n0x3\r\nyou\r\n0\r\n\r\n",
    "blank before the size": b"2\r\nHi\r\n 3\r\nyou\r\n0\r\n\r\n",
    "line break alone": b"2\r\nHi\r\n3\nyou\n0\n\n",
    "longer than it says": b"2\r\nHi\r\n3\r\nyou!\r\n0\r\n\r\n",
    "shorter than it says": b"2\r\nHi\r\n9\r\nyou\r\n0\r\n\r\n",
    "endless size": b"2\r\nHi\r\n" + b"1" * 40 + b"\r\nyou\r\n",
    "large size": b"2\r\nHi\r\n" + b"f" * 12 + b"\r\nyou\r\n",
    "no chunk": b"0\r\n\r\n",
    "nothing": b"",
}


def _read(body: bytes, sizes: Callable[[], int], reader: Callable[[], Any], patch: pytest.MonkeyPatch) -> list[Any]:
    """Return the content of a body that comes in pieces of these sizes, its end, and the failure in words."""
    patch.setitem(_KINDS, "chunked", reader)
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
    connection.send(h11.EndOfMessage())
    content, ends = b"", []
    waiting = _HEAD + body
    is_open = True
    try:
        while True:
            event = connection.next_event()
            if isinstance(event, h11.Data):
                content += bytes(event.data)
            elif event is h11.NEED_DATA:
                size = sizes()
                piece, waiting = waiting[:size], waiting[size:]
                if piece or is_open:
                    connection.receive_data(piece)
                    is_open = bool(piece)
            elif not isinstance(event, h11.Response):
                ends.append(repr(event))
                if event is h11.PAUSED or isinstance(event, h11.ConnectionClosed):
                    break
    except h11.RemoteProtocolError as error:
        ends.append(str(error))
    return [content, ends]


@pytest.mark.parametrize("case", BODIES)
def test_a_body_and_its_fault_are_the_same_as_one_by_one(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = BODIES[case]
    for body in (whole, *(whole[:at] for at in range(len(whole)))):  # broken off everywhere, too
        for size in (1, 2, 3, 5, 7, 1000):
            expected = _read(body, lambda size=size: size, _readers.ChunkedReader, monkeypatch)
            found = _read(body, lambda size=size: size, lambda: WholeChunks(_readers.ChunkedReader()), monkeypatch)
            assert found == expected, (body, size)


def test_the_same_holds_where_a_byte_is_lost_or_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)
    good = b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in (b"data: {}\n\n", b"Hi", b"\r\n0\r\n", b"x" * 40))
    for _ in range(400):
        body = bytearray(good + b"0\r\n\r\n")
        at = chance.randrange(len(body))
        body[at : at + chance.randrange(2)] = chance.choice([b"", b"\r", b"\n", b"0", b"f", b";", b" ", b"\xff"])
        cuts = [chance.randrange(1, 30) for _ in range(200)]
        expected = _read(bytes(body), iter([100, *cuts]).__next__, _readers.ChunkedReader, monkeypatch)
        found = _read(
            bytes(body), iter([100, *cuts]).__next__, lambda: WholeChunks(_readers.ChunkedReader()), monkeypatch
        )
        assert found == expected, bytes(body)


def test_chunks_that_are_there_come_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the library that is installed: where it has changed, a stream costs twice as much."""
    monkeypatch.setitem(_KINDS, "chunked", _readers.ChunkedReader)
    read_whole_chunks_together()
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(_HEAD + b"2\r\nHi\r\n" * 100 + b"5\r\nHel")
    events = [connection.next_event() for _ in range(4)]
    assert [bytes(each.data) for each in events[1:3] if isinstance(each, h11.Data)] == [b"Hi" * 100, b"Hel"]
    assert events[3] is h11.NEED_DATA


def _counting_reader() -> Any:
    reader = _CHUNKED()
    reader._bytes_to_discard = 0  # type: ignore[assignment]
    return reader


@pytest.mark.parametrize(
    ("name", "other"), [("READERS", None), ("ChunkedReader", None), ("ChunkedReader", _counting_reader)]
)
def test_another_version_of_the_library_is_left_as_it_is(
    name: str, other: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    its_own = other or _readers.ChunkedReader
    monkeypatch.setitem(_KINDS, "chunked", its_own)
    with monkeypatch.context() as patch:
        if other is None:
            patch.delattr(_readers, name)
        else:
            patch.setattr(_readers, name, other)
        read_whole_chunks_together()
    assert _KINDS["chunked"] is its_own
