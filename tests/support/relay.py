"""Stands between a client and a server on loopback, and keeps the requests that pass as they went out.

For real servers, of which one cannot ask what they were asked; `scripted_server` keeps its own record.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

_SIZE = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_AT_ONCE = 65_536


class Relay:
    """Passes on whole connections. Lives on the loop of its first use; use it from there alone."""

    def __init__(self, upstream: str) -> None:
        """`upstream`: the address of the server, with a port."""
        self._upstream = urlsplit(upstream)
        self._server: asyncio.Server | None = None
        self._sent: list[bytearray] = []  # by connection

    async def open(self) -> str:
        """Begin to listen; the address that stands for the server's."""
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        return urlunsplit(self._upstream._replace(netloc=f"127.0.0.1:{port}"))

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def bodies(self, path: str) -> list[dict[str, Any]]:
        """The JSON of the requests to what ends with `path`, in their order on each connection."""
        found: list[dict[str, Any]] = []
        for sent in self._sent:
            rest = bytes(sent)
            while rest:
                head, _, rest = rest.partition(b"\r\n\r\n")
                size = int(said[1]) if (said := _SIZE.search(head)) else 0
                body, rest = rest[:size], rest[size:]
                if head.split(b" ", 2)[1].decode("ascii").endswith(path):
                    found.append(json.loads(body))
        return found

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent = bytearray()
        self._sent.append(sent)
        there, back = await asyncio.open_connection(self._upstream.hostname, self._upstream.port)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_pump(reader, back, sent))
                both.create_task(_pump(there, writer))
        except* OSError:
            pass  # one side has broken the connection off, and the other is told by its end
        finally:
            for each in (writer, back):
                each.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: bytearray | None = None) -> None:
    while content := await reader.read(_AT_ONCE):
        if kept is not None:
            kept += content
        writer.write(content)
        await writer.drain()
    with contextlib.suppress(OSError):
        writer.write_eof()
