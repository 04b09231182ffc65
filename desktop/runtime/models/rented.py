"""The rented computers of connections: how the ways to them stand, and by which keys they are known.

What a login asks comes from the loop thread; what the user says comes from the window.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from desktop.core.connection import SshLogin
from desktop.core.connections.tunnel import HostKeys, LoginGate, TunnelState
from desktop.runtime.background import BackgroundTasks


class RentedComputers(QObject):
    """The keeper that logins ask."""

    changed = Signal()  # a state
    failed = Signal(object)  # StoreError: a key could not be kept

    def __init__(self, work: BackgroundTasks, hosts: HostKeys, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.gate = LoginGate()
        self._work = work
        self._hosts = hosts
        self._lock = threading.Lock()
        self._states: dict[str, TunnelState] = {}  # by origins of logins
        self._shown: dict[tuple[str, int, str], str] = {}  # the keys that computers have shown, by fingerprints

    def known_keys(self, login: SshLogin) -> Sequence[str]:
        return self._hosts.known(login.host, login.port)

    def note_key(self, login: SshLogin, key: str, fingerprint: str) -> None:
        with self._lock:
            self._shown[(login.host, login.port, fingerprint)] = key

    def note_state(self, login: SshLogin, state: TunnelState) -> None:
        with self._lock:
            if self._states.get(login.origin, TunnelState.CLOSED) is state:
                return
            self._states[login.origin] = state
        self._work.call_on_gui(weakref.WeakMethod(self._tell))

    def state_of(self, login: SshLogin) -> TunnelState:
        """Return how the way through a computer stands."""
        return self._states.get(login.origin, TunnelState.CLOSED)

    def confirm(self, login: SshLogin, fingerprint: str, then: Callable[[], None]) -> None:
        """Know a computer by the key whose fingerprint the user has confirmed, and then call `then`.

        Another one that it has shown meanwhile is not remembered; nor is one that this computer has never shown.
        """
        key = self._shown.get((login.host, login.port, fingerprint))
        if key is None:
            then()
        else:
            self._on_disk(lambda: self._hosts.remember(login.host, login.port, key), then)

    def renew(self, login: SshLogin, then: Callable[[], None]) -> None:
        """Take a computer for another one than before, and forget its keys; then call `then`."""
        self.gate.forget(login)
        self._on_disk(lambda: self._hosts.forget(login.host, login.port), then)

    def _on_disk(self, change: Callable[[], None], then: Callable[[], None]) -> None:
        self._work.run_on_store(change, lambda _: then(), self.failed.emit)

    def _tell(self) -> None:
        self.changed.emit()
