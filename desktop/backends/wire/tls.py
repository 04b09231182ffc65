"""Encryption: what is trusted, the user's own certificate, and what a server shows whose handshake failed.

Files that cannot be used are refused with a reason that names what is wrong; nothing is ever asked on a terminal.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import secrets
import ssl
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import httpcore
import truststore

from desktop.backends.wire.http import HttpSettings
from desktop.core.errors import Unreachable
from desktop.core.place import PlaceKind, place_of_host

if TYPE_CHECKING:
    from cryptography import x509

T = TypeVar("T")
_log = logging.getLogger(__name__)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LARGEST_FILE = 4 << 20  # bytes; all authorities of a system are a tenth of that
_PKCS7_PEM = re.compile(rb"-----BEGIN (?:PKCS ?#?7|CMS)-----")
_PKCS7_OID = bytes.fromhex("06092a864886f70d0107")  # 1.2.840.113549.1.7: how the binary form begins
_PIECE = 1 << 18  # bytes
_KEY_PEM = re.compile(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")

# --- What is trusted ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """Certificate of the user's, for servers that ask for one: PEM with its key, in one file or two, or PKCS#12."""

    file: str
    key_file: str
    password: str = field(repr=False)
    content: bytes
    keys: bytes


@dataclass(frozen=True, slots=True)
class TrustFiles:
    """The contents of the files of one connection, as they are now; `extra` is what the policy of a computer adds."""

    extra: bytes = b""
    files: tuple[tuple[str, bytes], ...] = ()
    own: OwnCertificate | None = None


def read_files(settings: HttpSettings) -> TrustFiles:
    """Read the files that a connection names. Waits for their disk, which may be far away.

    Raises `Unreachable` (ca_file, own_file) for one that the user has chosen.
    """
    route, extra = settings.route, b""
    if settings.extra_ca_file:
        try:
            extra = _read(settings.extra_ca_file)
        except OSError as error:
            _log.warning("the certificates in %s cannot be read: %s", settings.extra_ca_file, error)
    files = tuple((file, _content_of(file, "ca_file")) for file in settings.ca_files)
    if not route.certificate:
        return TrustFiles(extra, files)
    content = _content_of(route.certificate, "own_file")
    keys = _content_of(route.certificate_key, "own_file") if route.certificate_key else content
    password = settings.secrets.certificate_password
    return TrustFiles(extra, files, OwnCertificate(route.certificate, route.certificate_key, password, content, keys))


@lru_cache(maxsize=8)
def tls_context(trust: TrustFiles = TrustFiles()) -> ssl.SSLContext:
    """Return a context with the computer's own certificates, among them a company's, and those of files (PEM or DER).

    An extra file that cannot be used adds none. Raises `Unreachable` (ca_…, own_…) for one that the user has chosen.
    """
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols(["http/1.1"])
    if trust.extra:
        try:
            context.load_verify_locations(cadata=_certificates_in(trust.extra))
        except (ValueError, ssl.SSLError) as error:
            _log.warning("the extra certificates cannot be used: %s", error)
    for file, content in trust.files:
        if _PKCS7_PEM.search(content) is not None or _PKCS7_OID in content[:32]:
            raise Unreachable(file, reason="ca_pkcs7")  # as Windows exports it (.p7b), which the library does not read
        try:
            context.load_verify_locations(cadata=_certificates_in(content))
        except (ValueError, ssl.SSLError):
            raise Unreachable(file, reason="ca_none") from None
    if trust.own is not None:
        load = _load_pem if b"-----BEGIN" in trust.own.content else _load_pkcs12
        load(context, trust.own)
    return context


def _read(file: str) -> bytes:
    with open(file, "rb") as opened:
        return opened.read(_LARGEST_FILE)


def _content_of(file: str, reason: str) -> bytes:
    try:
        return _read(file)
    except OSError:
        raise Unreachable(file, reason=reason) from None


def _certificates_in(content: bytes) -> str | bytes:
    """Return what a file of certificates holds, as the library takes it: PEM as text, DER as it is."""
    content = content.removeprefix(_BYTE_ORDER_MARK)
    return content.decode("ascii", "replace") if b"-----BEGIN" in content else content


def _load_pem(context: ssl.SSLContext, own: OwnCertificate) -> None:
    if b"-----BEGIN CERTIFICATE-----" not in own.content:
        raise Unreachable(own.file, reason="own_file")
    if _KEY_PEM.search(own.keys) is None:
        raise Unreachable(own.key_file or own.file, reason="own_key")
    if b"ENCRYPTED" in own.keys and not own.password:
        raise Unreachable(own.file, reason="own_password")
    try:
        # Without a password's source the library would ask on the terminal.
        context.load_cert_chain(own.file, own.key_file or None, password=lambda: own.password)
    except (ssl.SSLError, OSError, ValueError) as error:
        if "MISMATCH" in str(error).upper():
            raise Unreachable(own.file, reason="own_key") from None
        raise Unreachable(own.file, reason="own_password" if b"ENCRYPTED" in own.keys else "own_file") from None


def _load_pkcs12(context: ssl.SSLContext, own: OwnCertificate) -> None:
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
        key, certificate, others = pkcs12.load_key_and_certificates(own.content, own.password.encode() or None)
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


# --- An encrypted stream ------------------------------------------------------------------------------------------


class Stream(httpcore.AsyncNetworkStream):
    """A stream of ours, within which another one is encrypted by us."""

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return await encrypted(self, ssl_context, server_hostname, timeout)


class TlsStream(Stream):
    """A stream that is encrypted within another one. A read takes all records that have come, not one by one."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, context: ssl.SSLContext, host: str | None) -> None:
        self.shown = bytearray()  # what the other side has sent until the handshake was over
        self._stream = stream
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self._is_agreed = False

    async def shake_hands(self, timeout: float | None = None) -> None:
        """Agree on the encryption. Raises `ConnectionResetError`, `ssl.SSLError`, and what the stream inside raises."""
        try:
            await self._done(self.tls.do_handshake, timeout)
        except ssl.SSLEOFError:
            raise ConnectionResetError from None
        self._is_agreed = True

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with contextlib.suppress(ssl.SSLZeroReturnError, ssl.SSLEOFError):
            content = await self._done(lambda: self.tls.read(max_bytes), timeout)
            with contextlib.suppress(ssl.SSLError):  # no more is there, or what is wrong with it comes next
                while len(content) < max_bytes and (more := self.tls.read(max_bytes - len(content))):
                    content += more
            return content
        return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._done(lambda: self.tls.write(buffer), timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self.tls if info == "ssl_object" else self._stream.get_extra_info(info)

    async def _done(self, step: Callable[[], T], timeout: float | None) -> T:
        """Return what a step gives once enough has come for it."""
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                pass
            finally:
                if self._outgoing.pending:
                    await self._stream.write(self._outgoing.read(), timeout)
            piece = await self._stream.read(_PIECE, timeout)
            if not self._is_agreed:
                self.shown += piece
            if piece:
                self._incoming.write(piece)
            else:
                self._incoming.write_eof()


async def encrypted(
    stream: httpcore.AsyncNetworkStream, context: ssl.SSLContext, host: str | None, timeout: float | None
) -> TlsStream:
    """Return what is encrypted within a stream, which is closed where that fails. Raises as the HTTP library does."""
    made = TlsStream(stream, context, host)
    try:
        async with asyncio.timeout(timeout):
            await made.shake_hands()
    except BaseException as error:
        await stream.aclose()
        if isinstance(error, TimeoutError):
            raise httpcore.ConnectTimeout(str(error)) from error
        if isinstance(error, OSError):
            raise httpcore.ConnectError(str(error)) from error
        raise
    return made


# --- What a server shows ------------------------------------------------------------------------------------------

_SECONDS = 5.0
_PAUSE = 1.0  # seconds in which a server that wants a certificate, and got none, hangs up
_HANDSHAKE, _CERTIFICATE, _CERTIFICATE_REQUEST = 22, 11, 13  # RFC 5246, 6.2.1 and 7.4
_OLD_VERSIONS = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})
_NAMES_TOLD = 3
# Reasons of a first handshake that say little, as servers that close without a word leave nothing to go by.
_UNCLEAR = frozenset({"tls", "tls_handshake", "tls_client", "reset", "not_tls"})


@dataclass(slots=True)
class Handshake:
    """What a server showed: the version agreed on, empty where none was; its certificates, its own first."""

    version: str = ""
    chain: list[bytes] = field(default_factory=list)
    wants_certificate: bool = False
    hung_up: bool = False  # without a certificate, or in the handshake


def is_unclear(reason: str) -> bool:
    """Return True if a second handshake can say more than that the first one failed so."""
    return reason in _UNCLEAR or reason.startswith("tls_")


def same_owner(host: str, name: str) -> bool:
    """Return True if two names end alike, as those of one company do; the last two labels decide."""
    return host.lower().split(".")[-2:] == name.lower().split(".")[-2:]


async def look_at(
    connect: Callable[[], Awaitable[httpcore.AsyncNetworkStream]], host: str, seconds: float = _SECONDS
) -> Handshake | None:
    """Return what the server at the other end of a new connection shows to somebody who takes whatever it is.

    None where that cannot be opened, or shows nothing. Only the handshake is sent: first by TLS 1.2, where all that is
    shown can be read, then by what is newest.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            for newest in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.MAXIMUM_SUPPORTED):
                shown = await _shown(connect, host, newest)
                if shown.chain or shown.version:
                    return shown
    return None


async def _shown(
    connect: Callable[[], Awaitable[httpcore.AsyncNetworkStream]], host: str, newest: ssl.TLSVersion
) -> Handshake:
    shown = Handshake()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(ssl.SSLError, ValueError):  # a library that has no old encryption finds out less
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = newest
    try:
        stream = TlsStream(await connect(), context, host)
    except Exception:  # of any kind
        return shown
    try:
        try:
            await stream.shake_hands()
        finally:
            _read_in_clear(bytes(stream.shown), shown)
        shown.version = stream.tls.version() or ""
        # From TLS 1.3 on only this tells that it wants a certificate.
        shown.wants_certificate = shown.wants_certificate or shown.version == "TLSv1.3"
        if shown.wants_certificate:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_PAUSE):
                    shown.hung_up = not await stream.read(1)
    except Exception:  # what was seen until then counts
        shown.hung_up = True
    finally:
        await stream.aclose()
    if shown.version and not shown.chain and (certificate := stream.tls.getpeercert(binary_form=True)):
        shown.chain = [certificate]
    return shown


def _read_in_clear(received: bytes, shown: Handshake) -> None:
    """Note what stands in the messages of a server before encryption begins; from TLS 1.3 on, little does."""
    messages = b""
    while len(received) > 5 and received[0] == _HANDSHAKE:
        ends = 5 + int.from_bytes(received[3:5], "big")
        messages, received = messages + received[5:ends], received[ends:]
    while len(messages) >= 4:
        kind, ends = messages[0], 4 + int.from_bytes(messages[1:4], "big")
        body, messages = messages[4:ends], messages[ends:]
        shown.wants_certificate = shown.wants_certificate or kind == _CERTIFICATE_REQUEST
        rest = body[3:] if kind == _CERTIFICATE else b""
        while len(rest) > 3:
            ends = 3 + int.from_bytes(rest[:3], "big")
            shown.chain.append(rest[3:ends])
            rest = rest[ends:]


def named(
    reason: str, host: str, shown: Handshake, *, has_own: bool = False, in_handshake: bool = True
) -> tuple[str, str]:
    """Return the reason of a failed handshake as the second one tells it, and what belongs to it for the user.

    That is the date (ISO 8601) of a certificate that has run out or is not valid yet, the names that it is for, or who
    has issued it. `has_own`: a certificate of the user's was shown the first time, which
    failed `in_handshake`.
    """
    if reason in _UNCLEAR and shown.wants_certificate and shown.hung_up:
        return "tls_client_refused" if has_own else "tls_client", ""
    if reason in _UNCLEAR and shown.version:
        if shown.version in _OLD_VERSIONS:
            return "tls_old", ""
        return "tls_handshake" if in_handshake else reason, ""
    try:
        chain = _parsed(shown.chain)
        return _of_certificate(reason, host, chain) if chain else (reason, "")
    except (ValueError, ImportError):  # a certificate that cannot be read is told of without its words
        return reason, ""


def _of_certificate(reason: str, host: str, chain: Sequence[x509.Certificate]) -> tuple[str, str]:
    now, own = datetime.now(UTC), chain[0]
    match reason:
        case "tls_expired" | "tls_not_yet":
            early = next((each.not_valid_before_utc for each in chain if each.not_valid_before_utc > now), None)
            over = next((each.not_valid_after_utc for each in chain if each.not_valid_after_utc < now), None)
            if early is not None and over is None:
                return "tls_not_yet", early.isoformat()
            return reason, over.isoformat() if over is not None else ""
        case "tls_name":
            names = _names_of(own)
            is_public = place_of_host(host).kind is PlaceKind.INTERNET
            is_another = is_public and bool(names) and not any(same_owner(host, each) for each in names)
            return "tls_other" if is_another else reason, ", ".join(names[:_NAMES_TOLD])
        case "tls_unknown":
            if len(chain) > 1:
                return reason, _issuer_of(chain[-1])
            # Windows and macOS have one code for all that leads to nobody they know.
            return ("tls_self_signed", "") if own.issuer == own.subject else ("tls_chain", _issuer_of(own))
    return reason, ""


def _parsed(chain: Sequence[bytes]) -> list[x509.Certificate]:
    from cryptography import x509

    return [x509.load_der_x509_certificate(each) for each in chain]


def _names_of(certificate: x509.Certificate) -> list[str]:
    """Return the names and addresses that a certificate is for."""
    from cryptography import x509

    try:
        told = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return _texts(certificate.subject, x509.NameOID.COMMON_NAME)
    return [*told.get_values_for_type(x509.DNSName), *map(str, told.get_values_for_type(x509.IPAddress))]


def _issuer_of(certificate: x509.Certificate) -> str:
    from cryptography import x509

    kinds = (x509.NameOID.ORGANIZATION_NAME, x509.NameOID.COMMON_NAME)
    return next((text for kind in kinds for text in _texts(certificate.issuer, kind)), "")


def _texts(name: x509.Name, kind: x509.ObjectIdentifier) -> list[str]:
    return [" ".join(str(each.value).split()) for each in name.get_attributes_for_oid(kind)]
