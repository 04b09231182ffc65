"""The policy of this computer while the program runs, looked at again now and then, and `--check-policy FILE`.

Part of the composition root. What runs when a policy changes is not ended by that: new requests go by the new one.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from desktop.core.policy.fixed import Keeping, Policy
from desktop.logs import leave_out_words
from desktop.runtime.background import gui_task
from desktop.services import ProgramServices
from desktop.store.policy_file import policy_in
from desktop.ui.policy import explained

_LOOK_EVERY_MS = 3_600_000
_LEAST_BETWEEN = 10.0  # seconds; one may switch between windows often


class PolicyWatch(QObject):
    """A look at the policy when the window comes to the front, and once an hour, which the services then obey."""

    changed = Signal()  # `policy` of the services is another one, which they go by

    def __init__(self, services: ProgramServices, find: Callable[[], Policy] | None, parent: QObject) -> None:
        """`find` returns the policy as it is now; None: it stays as it is."""
        super().__init__(parent)
        self._services = services
        self._find = find
        self._is_looking = False
        self._looked_at = time.monotonic()
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        if services.policy.keep is Keeping.UNTIL_CLOSED:
            leave_out_words()

    def begin(self) -> None:
        """Watch from now on."""
        app = QGuiApplication.instance()
        if self._find is not None and isinstance(app, QGuiApplication):
            self._timer.start()
            app.applicationStateChanged.connect(self._on_state)

    @gui_task
    async def look(self) -> None:
        """Read the policy again, and go by it if it has changed."""
        if self._find is None or self._is_looking:
            return
        self._is_looking = True
        self._looked_at = time.monotonic()
        try:
            policy = await self._services.work.run(self._find)  # never raises: it closes the network instead
        finally:
            self._is_looking = False
        if policy != self._services.policy:
            self._obey(policy)

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive and time.monotonic() - self._looked_at > _LEAST_BETWEEN:
            self.look()

    def _obey(self, policy: Policy) -> None:
        services, before = self._services, self._services.policy
        services.policy = policy
        services.keys.set_commands(policy.key_commands)
        if _network_of(policy) != _network_of(before):
            services.models.renew_backends()
        services.settings.follow_policy(policy)
        if policy.recipes_folder != before.recipes_folder:
            services.share_recipes()
        if policy.keep is Keeping.UNTIL_CLOSED:
            leave_out_words()
        self.changed.emit()
        services.connections.look()


def _network_of(policy: Policy) -> tuple[object, ...]:
    """Return all of a policy that a connection which is open already would not go by."""
    return policy.reach, policy.proxy, policy.extra_ca_file, policy.key_commands


def check_policy(file: Path) -> int:
    """Print the lines of a file, each with what it does. Return 0 if all can be used, 1 if not, 2 if it is no file."""
    try:
        content = file.read_bytes()
    except OSError as error:
        _say(sys.stderr, f"candor: {file}: {error.strerror}")
        return 2
    policy = policy_in(content, str(file))
    text = content.decode("utf-8-sig", "replace")
    for line in explained(text, policy):
        _say(sys.stdout, line)
    return 1 if policy.problems else 0


def _say(stream: object, line: str) -> None:
    """Write a line, also where the terminal has not all letters; a window program on Windows has no terminal."""
    if stream is None:
        return
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(line.encode(encoding, "replace").decode(encoding) + "\n")  # type: ignore[attr-defined]
