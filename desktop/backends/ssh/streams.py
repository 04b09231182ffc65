"""The streams of a rented computer: SSH over a stream of the network, and HTTP over a channel of SSH.

Opens no connection of its own, and no port on this computer.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import asyncssh
import httpcore

from desktop.core.trust.ledger import Peer

_PIECE = 64 * 1024  # bytes
_MOST_KEPT = 200  # bytes of what came first


class StreamTransport(asyncio.Transport):
    """A transport of asyncio over a stream of the network, whose bytes are checked and counted there."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, protocol: asyncio.Protocol) -> None:
        """Begin to read and write; needs a running loop."""
        peer = stream.get_extra_info("server_addr")
        super().__init__({"peername": peer, "sockname": stream.get_extra_info("client_addr")})
        self.first_bytes = b""
        self._stream = stream
        self._protocol = protocol
        self._waiting = bytearray()
        self._wake = asyncio.Event()
        self._is_closing = self._has_ended = False
        protocol.connection_made(self)
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._write())]

    def write(self, data: Any) -> None:
        self._waiting += data
        self._wake.set()

    def is_closing(self) -> bool:
        return self._is_closing

    def close(self) -> None:
        """Close once all is written."""
        self._is_closing = True
        self._wake.set()

    def abort(self) -> None:
        """Close at once."""
        self._end(None)

    async def _read(self) -> None:
        error: Exception | None = None
        try:
            while content := await self._stream.read(_PIECE):
                if len(self.first_bytes) < _MOST_KEPT:
                    self.first_bytes += content[:_MOST_KEPT]
                self._protocol.data_received(content)
        except Exception as broken:
            error = broken
        self._end(error)

    async def _write(self) -> None:
        error: Exception | None = None
        try:
            while not (self._is_closing and not self._waiting):
                await self._wake.wait()
                self._wake.clear()
                content, self._waiting = bytes(self._waiting), bytearray()
                if content:
                    await self._stream.write(content)
        except Exception as broken:
            error = broken
        self._end(error)

    def _end(self, error: Exception | None) -> None:
        if self._has_ended:
            return
        self._has_ended = self._is_closing = True
        loop = asyncio.get_running_loop()
        loop.call_soon(self._protocol.connection_lost, error)
        current = asyncio.current_task()
        for task in self._tasks:
            if task is not current:
                task.cancel()
        self._tasks.append(loop.create_task(self._close_stream()))

    async def _close_stream(self) -> None:
        with suppress(Exception):  # a broken stream has nothing more to say
            await self._stream.aclose()


class ChannelStream(httpcore.AsyncNetworkStream):
    """A stream of the HTTP library inside an SSH connection. Its peer is the computer at the other end of that."""

    def __init__(
        self,
        reader: asyncssh.SSHReader[bytes],
        writer: asyncssh.SSHWriter[bytes],
        named: str,
        peer: Peer,
        is_gone: Callable[[], bool],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._is_gone = is_gone
        self._known = {"peer": peer, "server_name": named}

    @property
    def has_ended(self) -> bool:
        return self._writer.is_closing() or self._is_gone()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            async with asyncio.timeout(timeout):
                return await self._reader.read(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except (asyncssh.Error, OSError) as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            async with asyncio.timeout(timeout):
                self._writer.write(buffer)
                await self._writer.drain()
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except (asyncssh.Error, OSError) as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        self._writer.channel.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("what comes out of a tunnel is not encrypted once more")

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # of an idle one: it has ended
            return self.has_ended or self._reader.at_eof()
        return self._known.get(info)
