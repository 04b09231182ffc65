"""The certificates that are trusted, and a test of whether a port speaks TLS at all. Knows nothing of HTTP."""

from __future__ import annotations

import asyncio
import ssl
from functools import lru_cache


@lru_cache(maxsize=1)
def tls_context() -> ssl.SSLContext:
    """Return a context with the computer's own certificates, among them a company's; read once for all servers."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@lru_cache(maxsize=1)
def no_tls_context() -> ssl.SSLContext:
    """Return a context for plain http: it trusts nobody, and spares the reading of certificates."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def speaks_tls(host: str, port: int, seconds: float = 2.0) -> bool:
    """Return True if a handshake succeeds, with whatever certificate; nothing is sent inside.

    For one question only: did a server that hung up on plain http expect https?
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
    except (OSError, TimeoutError, ValueError):
        return False
    writer.transport.abort()
    return True
