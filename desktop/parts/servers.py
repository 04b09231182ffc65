"""The servers and their models: the ways to them, the keys, what each offers, and what is remembered of them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from desktop.backend_factory import (
    BackendFactory,
    can_reach_rented,
    engine_can_run,
    free_memory,
    load_protocol,
    ollama_elsewhere,
    total_memory,
)
from desktop.core.connection import Connection
from desktop.parts.ground import Ground
from desktop.runtime.models.connections import Connections
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.models.rented import RentedComputers
from desktop.store.known_hosts import KnownHosts
from desktop.store.paths import KNOWN_HOSTS, starter_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.store.policy.keys import KeysUnderPolicy

_log = logging.getLogger(__name__)


class Servers(QObject):
    """The parts between the settings and whatever answers."""

    def __init__(self, ground: Ground, keys: KeysUnderPolicy | None, parent: QObject) -> None:
        """Build the parts. `keys` are those of a window before, with the ones that no keyring has taken."""
        super().__init__(parent)
        self._ground = ground
        self.keys = keys
        settings, policy = ground.settings, ground.policy
        self.backends = BackendFactory(
            lambda: ground.settings.offline_lock,
            lambda: self.connections.files(),
            ground.ledger.record,
            policy,
            lambda: self.rented,
        )
        self.rented = RentedComputers(ground.work, KnownHosts(ground.folder / KNOWN_HOSTS), self)
        self.models = ModelDirectory(
            ground.work,
            self.backends,
            lambda each: self.connections.secrets_of(each),
            self,
            memory=total_memory,
            free_memory=free_memory,
            load_protocol=load_protocol,
        )
        self.models.are_more_expected = True  # until `look`, after the first paint, and what comes of it
        self.models.set_offline(settings.offline_lock)
        self.connections: Connections = Connections(
            ground.work,
            self.models,
            self.backends.probe,
            self._key_ring,
            lambda: starter_model(may_be_fetched=self.connections.policy.model_files) if engine_can_run() else None,
            QCoreApplication.translate("app", "Built-in engine"),
            self,
            policy=policy,
            rented=self.rented if can_reach_rented() else None,
            servers_behind=self.backends.servers_behind,
        )
        self._recall()

    def _recall(self) -> None:
        """Go on with what the settings remember, and have them remember what changes."""
        ground, settings = self._ground, self._ground.settings
        self.connections.saved = settings.connections
        self.connections.trusted_file = settings.trusted_certificates
        self.backends.trusted_file = lambda: self.connections.trusted_file
        self.connections.model_files = settings.model_files
        self.models.splits = dict(settings.splits)
        self.models.splits_changed.connect(lambda: ground.keeper.change(splits=tuple(self.models.splits.items())))
        measurements = self.models.measurements
        measurements.known = dict(settings.measures)
        measurements.changed.connect(lambda: ground.keeper.change(measures=tuple(measurements.known.items())))
        self.connections.saved_changed.connect(self._on_connections_changed)

    def look(self, offer: Callable[[Connection], None]) -> None:
        """Ask all servers what they have. `offer` is given one that is named on another computer."""

        def found(ollama: Connection | None) -> None:
            if ollama is not None:
                offer(ollama)

        self.connections.look()
        self._ground.work.run_on_loop(ollama_elsewhere(), found, _note_probing)

    def set_offline(self, is_offline: bool) -> None:
        """Have the offline lock hold, or end, for all that is reached from here on."""
        self.models.set_offline(is_offline)
        if is_offline:
            self._ground.loop.submit(self.backends.close_tunnels())

    def _key_ring(self) -> KeysUnderPolicy:
        from desktop.store.keys import KeyRing
        from desktop.store.policy.keys import KeysUnderPolicy

        if self.keys is None:
            self.keys = KeysUnderPolicy(KeyRing(), self._ground.policy.key_commands)
        return self.keys

    def _on_connections_changed(self) -> None:
        now, keeper = self.connections, self._ground.keeper
        keeper.change(connections=now.saved, model_files=now.model_files)
        if now.trusted_file != keeper.now.trusted_certificates:
            keeper.change(trusted_certificates=now.trusted_file)


def _note_probing(error: Exception) -> None:
    _log.warning("what this computer offers could not be found out", exc_info=error)
