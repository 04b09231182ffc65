"""The certificates that are trusted. Opens no connection and knows nothing of HTTP."""

from __future__ import annotations

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


def unchecked_context() -> ssl.SSLContext:
    """Return a context that takes whatever certificate: to find out about a server, never to send it a word."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
