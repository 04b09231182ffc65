"""The failures of requests: what exceptions of the HTTP library mean, in the program's own errors.

Words of a server about its refusal are the business of `error_bodies.py`.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Mapping
from typing import Any

from desktop.backends.wire.error_bodies import shortened
from desktop.backends.wire.http_reply import ServerStopped
from desktop.core.errors import BackendError, ProtocolError, RequestRejected, StreamBroken, Unreachable

# What the HTTP library says of a reply that begins with a control character, as each record of TLS does.
_NOT_HTTP = re.compile(r"illegal request line|illegal status line.*\\x1[4-7]\\x03")

# By the codes of OpenSSL, of Windows and (the negative ones) of macOS, since texts are in the user's language there.
_CERTIFICATE_FAULTS = {
    **{-67818 & 0xFFFFFFFF: "tls_expired", -67602 & 0xFFFFFFFF: "tls_name", -67843 & 0xFFFFFFFF: "tls_unknown"},
    **dict.fromkeys((10, 0x800B0101), "tls_expired"),
    9: "tls_not_yet",
    **dict.fromkeys((62, 63, 64, 0x800B010F), "tls_name"),
    18: "tls_self_signed",
    **dict.fromkeys((2, 19, 20, 21, 0x800B0109, 0x800B010A), "tls_unknown"),
}
# By what OpenSSL says. The first: the first bytes are not TLS, so that the other side speaks plain http.
_TLS_ALERTS = (
    *((mark, "not_tls") for mark in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER")),
    *((mark, "tls_old") for mark in ("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE")),
    *((mark, "tls_client") for mark in ("CERTIFICATE_REQUIRED", "ALERT_BAD_CERTIFICATE", "ALERT_UNKNOWN_CA")),
    ("HANDSHAKE_FAILURE", "tls_handshake"),
)


class Steps:
    """The steps of a request: if it opened a connection or used an idle one, and if TLS was being agreed upon."""

    def __init__(self) -> None:
        self.opened = False
        self.in_handshake = False

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        if event == "connection.connect_tcp.started":
            self.opened = True
        elif event.endswith("start_tls.started"):
            self.in_handshake = True
        elif event.endswith("start_tls.complete"):
            self.in_handshake = False


def is_idle_race(error: Exception) -> bool:
    """Return True if a server may have closed an idle connection in the moment in which it was used again."""
    import httpcore

    return isinstance(error, (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError))


def is_silence(error: Exception) -> bool:
    """Return True if a server was waited for in vain."""
    import httpcore

    return isinstance(error, httpcore.TimeoutException)


def meaning(error: Exception, *, started: bool, host: str) -> BackendError:
    """Return the `BackendError` for an exception of the HTTP library; `started` once the head of the reply has come.

    What is no failure of the network is raised again.
    """
    import httpcore

    causes = _causes(error)
    words = shortened(" ".join(str(cause) for cause in causes[:1]), 200)
    match error:
        case BackendError():
            return error
        case ServerStopped() if started:
            return StreamBroken(host=host, reason="stopped")
        case ServerStopped():
            return Unreachable(host=host, reason="refused")
        case httpcore.TimeoutException() if started:
            return StreamBroken(words, host=host, reason="timeout")
        case httpcore.TimeoutException():
            return Unreachable(words, host=host, reason="timeout")
        case httpcore.LocalProtocolError():
            return RequestRejected("the request could not be written", host=host)  # its text may hold a header
        case httpcore.NetworkError() | httpcore.RemoteProtocolError() | OSError() if started:  # of TLS, as it comes
            return StreamBroken(words, host=host, reason="reset")
        case httpcore.RemoteProtocolError() if _NOT_HTTP.search(str(error)):
            return Unreachable("", host=host, reason="not_tls")
        case httpcore.RemoteProtocolError() if "disconnected" not in str(error):
            return ProtocolError(words, host=host, reason="garbled")
        case httpcore.NetworkError() | httpcore.RemoteProtocolError() | OSError():
            reason = _network_reason(causes)
            # What is told of a certificate is found out by a look at it.
            return Unreachable("" if reason.startswith("tls_") else words, host=host, reason=reason)
        case httpcore.UnsupportedProtocol() | ValueError():
            return Unreachable("not a usable address", host=host, reason="address")
        case _:
            raise error


def is_refusal(error: Exception) -> bool:
    """Return True if nothing listens at the address that was to be connected to."""
    if isinstance(error, Unreachable):
        return error.reason in ("refused", "ssh_port")
    return any(isinstance(cause, ConnectionRefusedError) for cause in _causes(error))


def reason_of(error: BaseException) -> str:
    """Return the reason, as of `Unreachable`, for which a connection could not be opened or was lost."""
    return _network_reason(_causes(error))


def _network_reason(causes: list[BaseException]) -> str:
    for cause in causes:
        match cause:
            case socket.gaierror() | UnicodeError():
                return "dns"
            case ssl.SSLCertVerificationError():
                return _CERTIFICATE_FAULTS.get(cause.verify_code & 0xFFFFFFFF, "tls")
            case ssl.SSLError():
                return next((reason for mark, reason in _TLS_ALERTS if mark in str(cause)), "tls")
            case ConnectionRefusedError():
                return "refused"
            case TimeoutError():
                return "timeout"
            case ConnectionResetError() | BrokenPipeError() | ConnectionAbortedError():
                return "reset"
    last = str(causes[0]) if causes else ""
    is_lost = "disconnected" in last or "closed connection" in last
    return "refused" if "connect" in last.lower() and not is_lost else "reset"


def _causes(error: BaseException) -> list[BaseException]:
    """Return the exception and all that it came from, also the members of groups (one for each address tried)."""
    found: list[BaseException] = []
    todo: list[BaseException | None] = [error]
    while todo and len(found) < 50:
        current = todo.pop(0)
        if current is None or current in found:
            continue
        found.append(current)
        if isinstance(current, BaseExceptionGroup):
            todo.extend(current.exceptions)
        todo.extend((current.__cause__, current.__context__))
    return found
