"""Errors that can occur between Candor and a model, as one tree of exceptions.

Adapters raise these (or put them into `events.Failed`); the sentence that the user reads is chosen in `ui/errors.py`
from `kind` and `reason`, never from the text of the exception.

    BackendError
      Unreachable         `reason` is refused | timeout | dns | not_tls | reset | address | tls | tls_expired |
                          tls_not_yet | tls_name | tls_other | tls_self_signed | tls_unknown | tls_chain | tls_old |
                          tls_client | tls_client_refused | tls_handshake | ca_file | ca_none | ca_pkcs7 | own_file |
                          own_key | own_password | proxy | proxy_setting | proxy_refused | proxy_dns | proxy_timeout |
                          proxy_other | proxy_login | proxy_login_wrong | proxy_windows | proxy_scheme |
                          proxy_blocked | proxy_far | proxy_page | portal | elsewhere | policy | offline | forwarding |
                          ssh_new | ssh_changed | ssh_refused | ssh_reset | ssh_wait | ssh_not_ssh | ssh_old |
                          ssh_forwarding | ssh_port | ssh_no_server | ssh_lost.
                          refused: `detail` is the name of the connection and its address. tls_…: of the server's
                          certificate or encryption; `detail` is the day, the names, or who has issued it, where known.
                          ca_…, own_…: of a file that the user has chosen, in `detail`: what is trusted, the user's own
                          certificate. proxy_…: `host` is the proxy, but for proxy_far, where the proxy did not reach
                          the server. portal: a page of the network came in between. offline is
                          Candor's own lock and says nothing of the network; elsewhere: the name leads further away than
                          the user was told, to the address in `detail`, and nothing was sent; policy: the administrator
                          of this computer does not allow the host; forwarding: a server did not reach the `host` that
                          it sends words on to; ssh_…: of the rented computer `host`, whose fingerprint is in `detail`
                          of ssh_new, which was never confirmed, and ssh_changed
      AuthRejected        key missing or wrong; `reason` is letters | sign_in | model | gateway | ssh_password |
                          ssh_no_password | ssh_key | ssh_key_file | ssh_passphrase | ssh_agent | ssh_no_agent |
                          ssh_code | ssh_too_many: it was not sent, since no key has such letters; the server has no
                          account at the `host` that it sends words on to; the key is good but not for this model; the
                          server's own key was refused by the provider behind it. ssh_…: of the login at the rented
                          computer `host`
      ModelMissing        the server does not have the model
      ContextTooLong      the request does not fit; `needed` and `available` in tokens where told
      RateLimited         too many requests; `retry_after` seconds where told
      OutOfCredit         the account has no money left; `reason` is budget, where it is only the user's at a gateway
      Overloaded          the server is busy; `reason` is gateway, where it could not reach the one behind it
      RequestRejected     the server refused the request for another reason (its words in `detail`); `reason` is
                          out_of_memory | host_check | engine_dead | no_key | pictures, which its model can't see.
                          engine_dead: it answers, but the part of it that runs the model has crashed; no_key: it said
                          nothing at all, and was sent no key. Or forwarded where Candor refused: the server sends the
                          words of this model on to `host`, which the user had not been told
      ContentFiltered     the provider's filter stopped the reply
      ProtocolError       the answer is not what the protocol says: `reason` is html | redirect | empty | garbled |
                          not_found | encoded (compressed, though that was not asked for) | too_long (`core.bounds`) |
                          tool (a call of a tool alone) | thought (thinking alone, where an answer was asked for aside)
      StreamBroken        the stream ended before the reply did; `reason` is stopped | gateway, where nothing listens at
                          the server's address any more, or it ended behind that; ssh_lost, where the way
                          through the rented computer `host` did; else reset, timeout or eof
      EngineFailed        the built-in engine: `reason` is bad_file | crashed | not_installed | out_of_memory |
                          endless_load | template, of the model's file, or processor where that is too old for it, or
                          what was seen to be wrong with the model's file before that was loaded: a
                          `models.file.FileFault`; none where the engine did not start
      PullFailed          a model could not be got or imported: `reason` is a `models.keeping.PullFault`
      Cancelled           stopped by the user
"""

from __future__ import annotations

import logging
from typing import ClassVar

from desktop.core.message import Failure

_log = logging.getLogger(__name__)


class BackendError(Exception):
    """Failure that the user can be told about. `detail` is the server's own text, shortened, without secrets."""

    kind: ClassVar[str] = "backend_error"

    def __init__(
        self,
        detail: str = "",
        *,
        host: str = "",
        status: int | None = None,
        reason: str = "",
        retryable: bool = False,
        retry_after: float | None = None,
        needed: int | None = None,
        available: int | None = None,
    ) -> None:
        super().__init__(detail or self.kind)
        self.detail = detail
        self.host = host
        self.status = status
        self.reason = reason
        self.retryable = retryable
        self.retry_after = retry_after
        self.needed = needed
        self.available = available

    def as_failure(self) -> Failure:
        """Return the error as a value that can be stored beside a message."""
        return Failure(self.kind, self.detail, self.host, self.status, self.reason, self.needed, self.available)


class Unreachable(BackendError):
    kind = "unreachable"


class AuthRejected(BackendError):
    kind = "auth_rejected"


class ModelMissing(BackendError):
    kind = "model_missing"


class ContextTooLong(BackendError):
    kind = "context_too_long"


class RateLimited(BackendError):
    kind = "rate_limited"


class OutOfCredit(BackendError):
    kind = "out_of_credit"


class Overloaded(BackendError):
    kind = "overloaded"


class RequestRejected(BackendError):
    kind = "request_rejected"


class ContentFiltered(BackendError):
    kind = "content_filtered"


class ProtocolError(BackendError):
    kind = "protocol_error"


class StreamBroken(BackendError):
    kind = "stream_broken"


class EngineFailed(BackendError):
    kind = "engine_failed"


class PullFailed(BackendError):
    kind = "pull_failed"


class Cancelled(BackendError):
    kind = "cancelled"


def failure_of(error: Exception) -> Failure:
    """Return what is said of an error: of one that is a fault of ours only its class, and all of it in the log."""
    if isinstance(error, BackendError):
        return error.as_failure()
    _log.error("a request failed", exc_info=error)
    return Failure(BackendError.kind, type(error).__name__)


class StoreError(Exception):
    """Refusal of the disk to take what was given.

    `reason` is full | read_only | newer_version | earlier_state | damaged | locked | policy | other; policy: that of
    this computer has no new words kept.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail
