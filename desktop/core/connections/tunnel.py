"""Ways through a rented computer: their states, what is known of such computers, and when a login may be tried.

Rules and seams; the way itself is built in `backends/ssh.py`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from hashlib import blake2b
from typing import Protocol

from desktop.core.connection import SshLogin
from desktop.core.errors import AuthRejected, Unreachable

# Where model servers mostly listen; the first is the one that providers of rented computers open.
FAR_PORTS = (6006, 8000, 11434, 1234)
# A computer that has cut somebody off for too many wrong passwords counts each new attempt.
_PAUSE = 30.0  # seconds


class TunnelState(StrEnum):
    """State of the way through a rented computer."""

    CLOSED = "closed"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    LOST = "lost"


class LoginGate:
    """A gate before each login: what was refused is not tried again by itself, and a pause is kept.

    For computers lock out those who try often. Safe to use from several threads, since each step is one of a dict.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._refused: dict[SshLogin, tuple[bytes, str]] = {}  # by `_means`: what tells the secret, and the reason
        self._salt = os.urandom(16)
        self._cut_off: dict[tuple[str, int], float] = {}

    def check(self, login: SshLogin, secret: str) -> None:
        """Raise the refusal of before, where the same secret was refused, or `Unreachable` (ssh_wait) in the pause."""
        refused = self._refused.get(_means(login))
        if refused is not None and refused[0] == self._digest(secret):
            raise AuthRejected(host=login.host, reason=refused[1])
        since = self._cut_off.get((login.host, login.port))
        if since is not None and self._clock() - since < _PAUSE:
            raise Unreachable(host=login.host, reason="ssh_wait")

    def note_refused(self, login: SshLogin, secret: str, reason: str) -> None:
        """Remember that a login was refused, until the user tries it again."""
        self._refused[_means(login)] = (self._digest(secret), reason)

    def note_cut_off(self, login: SshLogin) -> None:
        """Remember that the computer hung up before it said who it is."""
        self._cut_off[(login.host, login.port)] = self._clock()

    def forget(self, login: SshLogin) -> None:
        """Let a refused login be tried once more; the pause is kept."""
        self._refused.pop(_means(login), None)

    def _digest(self, secret: str) -> bytes:
        return blake2b(secret.encode("utf-8", "surrogatepass"), salt=self._salt).digest()


def _means(login: SshLogin) -> SshLogin:
    """Return a login as it is offered to the computer, whether its secret is kept or not."""
    return replace(login, has_secret=False)


class LoginKeeper(Protocol):
    """Keeper of what is known of rented computers: what a login asks, and whom it tells. Used from the loop thread."""

    gate: LoginGate

    def known_keys(self, login: SshLogin) -> Sequence[str]:
        """Return the keys by which the computer is known. It may wait for the disk."""
        ...

    def note_key(self, login: SshLogin, key: str, fingerprint: str) -> None:
        """Take note of the key that a computer showed which is not known, or not by this one."""
        ...

    def note_state(self, login: SshLogin, state: TunnelState) -> None:
        """Take note of how the way to it stands."""
        ...
