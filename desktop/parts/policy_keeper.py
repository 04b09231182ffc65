"""The policy of this computer while the program runs: looked at again now and then, and what follows from a change.

Part of the composition root, since it knows the running parts and the window. What runs when a policy changes is not
ended by that: new requests go by the new one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from desktop.backend_factory import BackendFactory
from desktop.core.policy.fixed import Feature, Keeping, Policy
from desktop.logs import leave_out_words
from desktop.runtime.chat import Chat
from desktop.runtime.models.connections import Connections
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.recipes.shelf import RecipeShelf
from desktop.runtime.services import Services
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.runtime.trust.ledger_keeper import LedgerKeeper
from desktop.settings_keeper import SettingsKeeper, fixed_settings
from desktop.ui.exporting.import_presenter import ImportPresenter
from desktop.ui.exporting.presenter import ExportPresenter
from desktop.ui.policy.fixed_note import fixed_words, switched_off_words

if TYPE_CHECKING:
    from desktop.parts.models import ModelParts
    from desktop.store.policy.keys import KeysUnderPolicy

_LOOK_EVERY_MS = 3_600_000
_LEAST_BETWEEN = 10.0  # seconds; one may switch between windows often


@dataclass(frozen=True, slots=True, kw_only=True)
class ObedientParts:
    """Parts of the program that go by a policy. `keys` is None until a key was wanted."""

    services: Services
    settings: SettingsKeeper
    ledger: LedgerKeeper
    backends: BackendFactory
    models: ModelDirectory
    connections: Connections
    model_parts: ModelParts
    chat: Chat
    recipes: RecipeShelf
    exporting: ExportPresenter
    importing: ImportPresenter
    keys: Callable[[], KeysUnderPolicy | None]


class PolicyKeeper(QObject):
    """The owner of the policy that holds now: looks when the window comes to the front, and once an hour."""

    def __init__(
        self,
        policy: Policy,
        find: Callable[[], Policy] | None,
        work: BackgroundTasks,
        parent: QObject | None = None,
    ) -> None:
        """Keep the dependencies. `find` returns the policy as it is now; None: it stays as it is, as in a test."""
        super().__init__(parent)
        self.now = policy
        self.on_changed: Callable[[], None] = lambda: None  # says so in the window
        self._find = find
        self._work = work
        self._parts: ObedientParts | None = None
        self._is_looking = False
        self._looked_at = time.monotonic()
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def begin_with(self, parts: ObedientParts) -> None:
        """Switch off what is not allowed, and watch from now on."""
        self._parts = parts
        self._switch_off(parts)
        if self._find is not None:
            self._timer.start()
            app = QGuiApplication.instance()
            if isinstance(app, QGuiApplication):
                app.applicationStateChanged.connect(self._on_state)

    def look(self) -> None:
        """Read the policy again, and go by it if it has changed."""
        if self._find is None or self._is_looking:
            return
        self._is_looking = True
        self._looked_at = time.monotonic()
        self._work.run_on_store(self._find, self._obey, self._on_failure)

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive and time.monotonic() - self._looked_at > _LEAST_BETWEEN:
            self.look()

    def _on_failure(self, error: Exception) -> None:
        self._is_looking = False
        raise error  # to find a policy never raises: it closes the network instead

    def _obey(self, policy: Policy) -> None:
        self._is_looking = False
        parts, before = self._parts, self.now
        if policy == before or parts is None:
            return
        self.now = parts.services.policy = parts.backends.policy = policy
        if (keys := parts.keys()) is not None:
            keys.set_commands(policy.key_commands)
        parts.connections.policy = policy
        if _network_of(policy) != _network_of(before):
            parts.models.renew_backends()
        parts.settings.fix(fixed_settings(policy))
        parts.chat.follow_policy(policy)
        parts.model_parts.follow_policy(policy)
        if policy.recipes_folder != before.recipes_folder:
            parts.recipes.release_shared()
            if policy.recipes_folder:
                parts.recipes.fix_shared(policy.recipes_folder, fixed_words(policy))
            else:
                parts.recipes.share(parts.settings.now.recipes_folder)
        self._switch_off(parts)
        parts.connections.look()
        self.on_changed()

    def _switch_off(self, parts: ObedientParts) -> None:
        words = switched_off_words(self.now)
        parts.exporting.refuse("" if self.now.allows(Feature.EXPORT) else words)
        parts.importing.refuse("" if self.now.allows(Feature.IMPORT) else words)
        parts.ledger.may_clear = self.now.allows(Feature.CLEAR_LEDGER)
        if self.now.keep is Keeping.UNTIL_CLOSED:
            leave_out_words()


def _network_of(policy: Policy) -> tuple[object, ...]:
    """Return all of a policy that a connection which is open already would not go by."""
    return policy.reach, policy.proxy, policy.extra_ca_file, policy.key_commands
