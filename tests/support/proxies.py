"""A proxy on loopback that takes every name for a server on loopback, or refuses as it is told to."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Refusal = Callable[[str], bytes | None]  # of the head of a request; None: let it through


def refusing(status, *headers, body=""):
    """One that answers every request with this status."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", body]
    return lambda head: "\r\n".join(lines).encode()


def wanting(user, password):
    """One that lets through only those who sign in."""
    login = base64.b64encode(f"{user}:{password}".encode()).decode()

    def refuse(head):
        if f"Proxy-Authorization: Basic {login}" in head:
            return None
        return refusing("407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="house"')(head)

    return refuse


@dataclass
class Proxy:
    """An async context manager on the running loop. `asked`: the servers that it was asked for, as they were named."""

    to_port: int = 0
    refuse: Refusal = lambda head: None
    tls: ssl.SSLContext | None = None
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc):
        self._server.close()

    async def _serve(self, reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await self._agree(reader, writer)
        writer.close()

    async def _agree(self, reader, writer):
        first_byte = await reader.readexactly(1)
        if not first_byte.isalpha():  # a handshake of TLS or of SOCKS
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return
        head = (first_byte + await reader.readuntil(b"\r\n\r\n")).decode()
        method, target, _ = head.split(" ", 2)
        self.asked.append(target)
        refusal = self.refuse(head)
        if refusal is not None:
            writer.write(refusal)
            await writer.drain()
            return
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        first = b"" if method == "CONNECT" else head.encode()
        await self._pass_on(reader, writer, first)

    async def _pass_on(self, reader, writer, first=b""):
        there, back = await asyncio.open_connection("127.0.0.1", self.to_port)
        back.write(first)
        both = [asyncio.create_task(_pump(reader, back)), asyncio.create_task(_pump(there, writer))]
        await asyncio.gather(*both, return_exceptions=True)


@dataclass
class SocksProxy(Proxy):
    """The same by SOCKS5; `reply` is its answer to a request, `login` what it wants to hear."""

    reply: int = 0
    login: Sequence[str] = ()

    async def _agree(self, reader, writer):
        _, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        wanted = 2 if self.login else 0
        writer.write(b"\x05%c" % (wanted if wanted in methods else 255))
        if wanted not in methods:
            return
        if self.login:
            await reader.readexactly(1)
            said = [(await reader.readexactly((await reader.readexactly(1))[0])).decode() for _ in range(2)]
            is_right = said == list(self.login)
            writer.write(b"\x01%c" % (0 if is_right else 1))
            if not is_right:
                return
        kind = (await reader.readexactly(4))[3]
        size = {1: 4, 4: 16}.get(kind) or (await reader.readexactly(1))[0]
        name = await reader.readexactly(size)
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.asked.append(f"{name.decode() if kind == 3 else '.'.join(map(str, name))}:{port}")
        writer.write(b"\x05%c\x00\x01\x00\x00\x00\x00\x00\x00" % self.reply)
        if not self.reply:
            await self._pass_on(reader, writer)


async def _pump(reader, writer):
    while piece := await reader.read(65_536):
        writer.write(piece)
        await writer.drain()
    writer.close()
