"""What is there already of a stream is read in its turn, and whatever is not told by it takes the usual way."""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpcore
import pytest

from desktop.backends.wire.body.at_once import reader_at_once
from desktop.backends.wire.network import NetworkBackend
from desktop.core.place import Place, PlaceKind
from tests.backends.outcome import run
from tests.support.certificates import Authority, context_of
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.skipif("sys.platform == 'win32'", reason="its loop always asks for what comes next")


async def _connected() -> tuple[httpcore.AsyncNetworkStream, socket.socket, Callable[[int], bytes]]:
    """Return a stream as the program has it, its other end, and what reads it at once."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stream = await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", server.getsockname()[1])
        other, _ = server.accept()
    read = reader_at_once(stream)
    assert read is not None  # else the library has changed, and each look at a stream costs a fifth more
    return stream, other, read


def _send(stream: httpcore.AsyncNetworkStream, other: socket.socket, content: bytes) -> None:
    other.sendall(content)
    select.select([stream.get_extra_info("socket").fileno()], [], [], PATIENCE)


def test_what_is_there_is_read_in_its_turn() -> None:
    async def work() -> list[bytes]:
        stream, other, read = await _connected()
        found = [read(10)]
        _send(stream, other, b"abc")
        found += [read(2), read(10), read(10)]
        _send(stream, other, b"defgh")
        found.append(await asyncio.wait_for(stream.read(2), PATIENCE))  # the library holds the rest itself
        found.append(read(10))
        found.append(await asyncio.wait_for(stream.read(10), PATIENCE))
        _send(stream, other, b"i")
        found.append(read(10))
        await stream.aclose()
        other.close()
        return found

    assert run(work()) == [b"", b"ab", b"c", b"", b"de", b"", b"fgh", b"i"]


def test_nothing_is_read_while_another_read_waits() -> None:
    async def work() -> tuple[bytes, bytes]:
        stream, other, read = await _connected()
        waiting = asyncio.create_task(stream.read(10))
        await asyncio.sleep(0)
        _send(stream, other, b"abc")
        at_once = read(10)
        found = await asyncio.wait_for(waiting, PATIENCE)
        await stream.aclose()
        other.close()
        return at_once, found

    assert run(work()) == (b"", b"abc")


@pytest.mark.parametrize("ending", ["closed by the server", "closed here"])
def test_an_end_is_left_to_the_usual_way(ending: str) -> None:
    async def work() -> bytes:
        stream, other, read = await _connected()
        if ending == "closed here":
            await stream.aclose()
        other.close()
        return read(10)

    assert run(work()) == b""


@pytest.mark.parametrize("stream", [object(), None])
def test_a_stream_that_is_not_known_is_read_the_usual_way(stream: object) -> None:
    assert reader_at_once(stream) is None


def _spoken(tls: ssl.SSLContext, pieces: list[bytes], behind: bytes) -> Callable[[socket.socket], None]:
    """Return what a server does that says each piece in a record of its own, all of them at once, then what is none."""

    def serve(connection: socket.socket) -> None:
        coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
        inner = tls.wrap_bio(coming, going, server_side=True)
        while True:
            try:
                inner.do_handshake()
                break
            except ssl.SSLWantReadError:
                connection.sendall(going.read())
                coming.write(connection.recv(65_536))
        for piece in pieces:
            inner.write(piece)
        connection.sendall(going.read() + behind)
        connection.recv(1)  # until it is closed

    return serve


def _read_encrypted(folder: Path, pieces: list[bytes], behind: bytes = b"") -> list[Any]:
    """Return what each read gives until all has come, or the kind of failure of the one that fails."""
    authority = Authority("Example")
    trusting = ssl.create_default_context(cadata=authority.pem.decode())
    serve = _spoken(context_of(folder, *authority.issued()), pieces, behind)

    async def dial(host: str, port: int, told: Place, timeout: float | None) -> httpcore.AsyncNetworkStream:
        return await httpcore.AnyIOBackend().connect_tcp(host, port)

    async def work() -> list[Any]:
        with socket.create_server(("127.0.0.1", 0)) as server:
            backend = NetworkBackend(dial, Place(PlaceKind.THIS_COMPUTER))
            plain = await backend.connect_tcp("127.0.0.1", server.getsockname()[1])
            connection, _ = server.accept()
        with connection:
            serving = asyncio.create_task(asyncio.to_thread(serve, connection))
            stream = await plain.start_tls(trusting, "127.0.0.1")
            select.select([plain.get_extra_info("socket").fileno()], [], [], PATIENCE)
            found: list[Any] = []
            try:
                while behind or b"".join(found) != b"".join(pieces):
                    found.append(await asyncio.wait_for(stream.read(65_536), PATIENCE))
            except ssl.SSLError as error:
                found.append(type(error).__name__)
            await stream.aclose()
            await serving
        return found

    return run(work())


def test_records_that_have_come_are_read_together(tmp_path: Path) -> None:
    pieces = [b"word%d " % number for number in range(300)]
    assert len(_read_encrypted(tmp_path, pieces)) < 10


def test_what_came_before_a_broken_record_is_read_and_then_its_failure(tmp_path: Path) -> None:
    *read, failure = _read_encrypted(tmp_path, [b"a", b"b", b"c"], b"\x17\x03\x03\x00\x05wrong")
    assert (b"".join(read), failure) == (b"abc", "SSLError")
