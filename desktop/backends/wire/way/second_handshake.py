"""A second handshake with a server whose first one failed, which takes whatever it is shown: to name what is wrong.

Nothing is sent in it but the handshake, and it goes the same way as the first, through the same backend.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from desktop.backends.wire.certificates import unchecked_context
from desktop.core.place import PlaceKind, place_of_host

if TYPE_CHECKING:
    import httpcore
    from cryptography import x509

_SECONDS = 5.0
_PAUSE = 1.0  # seconds in which a server that wants a certificate, and got none, hangs up
_CERTIFICATE, _CERTIFICATE_REQUEST = 11, 13  # handshake messages (RFC 8446, 4)
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


async def look_at(connect: Callable[[], Awaitable[httpcore.AsyncNetworkStream]], host: str) -> Handshake | None:
    """Return what the server at the other end of a new connection shows; None where that cannot be opened either."""
    shown, context = Handshake(), unchecked_context()

    def note(_: object, direction: str, __: Any, content: Any, kind: Any, message: bytes) -> None:
        if direction != "read" or content != 22:  # a handshake record
            return
        if kind == _CERTIFICATE_REQUEST:
            shown.wants_certificate = True
        elif kind == _CERTIFICATE:
            shown.chain = _certificates_of(message)

    context._msg_callback = note  # type: ignore[attr-defined] # there is no public way to see who asks for what
    try:
        async with asyncio.timeout(_SECONDS):
            stream = await connect()
            try:
                inside = await stream.start_tls(context, host)
                shown.version = inside.get_extra_info("ssl_object").version() or ""
                shown.hung_up = shown.wants_certificate and await _hangs_up(inside)
            finally:
                await stream.aclose()
    except Exception:  # of any kind: what was seen until then counts
        shown.hung_up = True
    return shown if shown.chain or shown.version else None


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
        chain = _read(shown.chain)
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


async def _hangs_up(stream: httpcore.AsyncNetworkStream) -> bool:
    """Return True if the server closes the connection, or says by an alert that it will."""
    try:
        async with asyncio.timeout(_PAUSE):
            return not await stream.read(1)
    except TimeoutError:
        return False
    except Exception:  # an alert, or a connection that was reset
        return True


def _certificates_of(message: bytes) -> list[bytes]:
    """Return the certificates in a message of this kind, of TLS 1.3 (RFC 8446, 4.4.2) or before (RFC 5246, 7.4.2)."""
    body = message[4:]
    # Before 1.3 the list's length comes first, and it is that of all the rest.
    is_before_13 = int.from_bytes(body[:3], "big") == len(body) - 3
    rest = body[3:] if is_before_13 else body[1 + body[0] + 3 :] if body else b""
    found = []
    while len(rest) > 3:
        size = int.from_bytes(rest[:3], "big")
        found.append(rest[3 : 3 + size])
        rest = rest[3 + size :]
        if not is_before_13:
            rest = rest[2 + int.from_bytes(rest[:2], "big") :]  # what is said about the certificate
    return found


def _read(chain: Sequence[bytes]) -> list[x509.Certificate]:
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
