"""The certificates that are trusted. Opens no connection and knows nothing of HTTP."""

from __future__ import annotations

import logging
import ssl
from functools import lru_cache
from pathlib import Path

_log = logging.getLogger(__name__)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@lru_cache(maxsize=4)
def tls_context(extra_file: str = "") -> ssl.SSLContext:
    """Return a context with the computer's own certificates, among them a company's; read once for all servers.

    `extra_file` holds more of them, as PEM or as DER. One that cannot be used adds none.
    """
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if extra_file:
        try:
            context.load_verify_locations(cadata=certificates_in(Path(extra_file).read_bytes()))
        except (OSError, ValueError, ssl.SSLError) as error:
            _log.warning("the certificates in %s cannot be used: %s", extra_file, error)
    return context


def certificates_in(content: bytes) -> str | bytes:
    """Return what a file of certificates holds, as the library takes it: PEM as text, DER as it is."""
    content = content.removeprefix(_BYTE_ORDER_MARK)
    return content.decode("ascii", "replace") if b"-----BEGIN" in content else content


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
