"""The certificates that are trusted, and the user's own that is shown to a server. Opens no connection.

Files that cannot be used are refused with a reason that names what is wrong; nothing is ever asked on a terminal.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import ssl
import tempfile
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from desktop.core.errors import Unreachable
from desktop.core.text.late_regex import late_regex

_log = logging.getLogger(__name__)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LARGEST_FILE = 4 << 20  # bytes; all authorities of a system are a tenth of that
_PKCS7_PEM = late_regex(rb"-----BEGIN (?:PKCS ?#?7|CMS)-----")
_PKCS7_OID = bytes.fromhex("06092a864886f70d0107")  # 1.2.840.113549.1.7: how the binary form begins
_KEY_PEM = late_regex(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """Certificate of the user's, for servers that ask for one: PEM with its key, in one file or two, or PKCS#12."""

    file: str
    key_file: str = ""
    password: str = field(default="", repr=False)


@lru_cache(maxsize=8)
def tls_context(extra_file: str = "", files: tuple[tuple[str, int], ...] = ()) -> ssl.SSLContext:
    """Return a context with the computer's own certificates, among them a company's; read once for all servers.

    `extra_file` and `files`, which come from `stamped`, hold more of them, as PEM or as DER. Where the first cannot be
    used it adds none. Raises `Unreachable` (ca_…) for one of the others, which the user has chosen.
    """
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if extra_file:
        try:
            context.load_verify_locations(cadata=certificates_in(Path(extra_file).read_bytes()))
        except (OSError, ValueError, ssl.SSLError) as error:
            _log.warning("the certificates in %s cannot be used: %s", extra_file, error)
    for file, _ in files:
        content = _content_of(file, "ca_file")
        if is_pkcs7(content):
            raise Unreachable(file, reason="ca_pkcs7")
        try:
            context.load_verify_locations(cadata=certificates_in(content))
        except (ValueError, ssl.SSLError):
            raise Unreachable(file, reason="ca_none") from None
    return context


def stamped(*files: str) -> tuple[tuple[str, int], ...]:
    """Return the files that are named, each with the moment of its last change, so that a renewed one is read again."""
    stamps = []
    for file in filter(None, files):
        try:
            stamps.append((file, Path(file).stat().st_mtime_ns))
        except OSError:
            stamps.append((file, 0))
    return tuple(stamps)


def context_showing(
    own: OwnCertificate, extra_file: str = "", files: tuple[tuple[str, int], ...] = ()
) -> ssl.SSLContext:
    """Return a context of one connection's own, which shows a certificate to servers that ask for one.

    Raises `Unreachable` (ca_…, own_…).
    """
    context: ssl.SSLContext = tls_context.__wrapped__(extra_file, files)
    content = _content_of(own.file, "own_file")
    if b"-----BEGIN" in content:
        _load_pem(context, own, content)
    else:
        _load_pkcs12(context, own, content)
    return context


def certificates_in(content: bytes) -> str | bytes:
    """Return what a file of certificates holds, as the library takes it: PEM as text, DER as it is."""
    content = content.removeprefix(_BYTE_ORDER_MARK)
    return content.decode("ascii", "replace") if b"-----BEGIN" in content else content


def is_pkcs7(content: bytes) -> bool:
    """Return True for a bundle of the kind that Windows exports as .p7b, which the library does not read."""
    return _PKCS7_PEM.search(content) is not None or _PKCS7_OID in content[:32]


@lru_cache(maxsize=1)
def no_tls_context() -> ssl.SSLContext:
    """Return a context for plain http: it trusts nobody, and spares the reading of certificates."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def unchecked_context() -> ssl.SSLContext:
    """Return a context that takes whatever certificate and encryption: to find out about a server, never to send."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(ssl.SSLError, ValueError):  # a library that has no old encryption finds out less
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    return context


def _content_of(file: str, reason: str) -> bytes:
    try:
        with open(file, "rb") as opened:
            return opened.read(_LARGEST_FILE)
    except OSError:
        raise Unreachable(file, reason=reason) from None


def _load_pem(context: ssl.SSLContext, own: OwnCertificate, content: bytes) -> None:
    keys = _content_of(own.key_file, "own_file") if own.key_file else content
    if b"-----BEGIN CERTIFICATE-----" not in content:
        raise Unreachable(own.file, reason="own_file")
    if _KEY_PEM.search(keys) is None:
        raise Unreachable(own.key_file or own.file, reason="own_key")
    if b"ENCRYPTED" in keys and not own.password:
        raise Unreachable(own.file, reason="own_password")
    try:
        # Without a password's source the library would ask on the terminal.
        context.load_cert_chain(own.file, own.key_file or None, password=lambda: own.password)
    except (ssl.SSLError, OSError, ValueError) as error:
        if "MISMATCH" in str(error).upper():
            raise Unreachable(own.file, reason="own_key") from None
        raise Unreachable(own.file, reason="own_password" if b"ENCRYPTED" in keys else "own_file") from None


def _load_pkcs12(context: ssl.SSLContext, own: OwnCertificate, content: bytes) -> None:
    """Load a certificate that Windows and macOS export as .pfx or .p12, which the library does not read.

    For a moment it lies in a file of the user's alone, under a password that nobody keeps: never with a bare key.
    """
    try:
        from cryptography.hazmat.primitives.serialization import (
            BestAvailableEncryption,
            Encoding,
            PrivateFormat,
            pkcs12,
        )
    except ImportError:  # on Macs with Intel processors, for which the program brings no present one
        raise Unreachable(own.file, reason="own_file") from None
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, own.password.encode() or None)
    except ValueError as error:
        is_locked = "password" in str(error).lower()  # the library has no other way to tell
        raise Unreachable(own.file, reason="own_password" if is_locked else "own_file") from None
    if certificate is None:
        raise Unreachable(own.file, reason="own_file")
    if key is None:
        raise Unreachable(own.file, reason="own_key")
    password = secrets.token_bytes(32).hex().encode()
    parts = [key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))]
    parts += [each.public_bytes(Encoding.PEM) for each in (certificate, *others)]
    descriptor, name = tempfile.mkstemp(suffix=".pem")  # readable by its owner alone
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(b"".join(parts))
        context.load_cert_chain(name, password=lambda: password)
    except (ssl.SSLError, OSError):
        raise Unreachable(own.file, reason="own_file") from None
    finally:
        os.unlink(name)
