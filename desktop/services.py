"""What the program stands on, put together: threads, what lies on the disk, settings, policy, servers and their models.

Part of the composition root, since it knows every floor below the window.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil
from PySide6.QtCore import QCoreApplication, QObject

from desktop.backend_factory import BackendFactory, can_reach_rented, engine_can_run
from desktop.backends.discovery import offered_ollama
from desktop.core.bounds import READER_SECONDS, READER_SILENCE
from desktop.core.connection import Connection
from desktop.core.policy.fixed import Keeping, Policy
from desktop.faults import FaultWatch
from desktop.prompts.recipe_folder import RecipeFolder
from desktop.prompts.texts import guide_lines
from desktop.readers.process import Limits, ReaderProcess
from desktop.runtime.background import BackgroundTasks, GarbageCollector, LoopThread
from desktop.runtime.each_file import FileRunsLeft
from desktop.runtime.folders import Folders
from desktop.runtime.keeping import LedgerKeeper
from desktop.runtime.models.connections import Connections, RentedComputers
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.recipes import RecipeShelf
from desktop.runtime.search import Search
from desktop.runtime.services import Services, SettingsKeeper
from desktop.store.database import SqliteStore
from desktop.store.disk import disk_failures, write_or_refuse
from desktop.store.keys import KeyRing, KnownHosts
from desktop.store.ledger import Ledger
from desktop.store.paths import DATABASE, KNOWN_HOSTS, LEDGER, starter_model
from desktop.store.settings import Settings
from desktop.ui.policy import fixed_words


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What a window leaves to the one that is made in its place, in another language or after a repair.

    Values, and two stores that know no part of the window: a program that kept one part kept them all.
    """

    conversation: str  # the id of the one in front
    temporary_draft: str  # what was written in a temporary one that nothing was sent in
    outcome: str  # what came of a repair, to be said by the next window; empty: there was none
    file_runs: FileRunsLeft  # the questions to each file that went on, or were shown
    keys: KeyRing  # with those that no keyring has taken: they last until the program ends
    store: SqliteStore  # closed; the temporary conversations are still in it


class ProgramServices(Services):
    """The services of a window, with those that only the composition root uses. Nothing outlives `end`."""

    def __init__(
        self, folder: Path, settings: Settings, policy: Policy, owner: QObject, before: LeftBehind | None = None
    ) -> None:
        """Build them. `folder` is where everything is kept, `before` is of the window before, if there was one."""
        self.folder = folder
        self.loop = LoopThread()
        work = BackgroundTasks(self.loop, owner)
        held = before.store if before is not None else None
        store = SqliteStore(folder / DATABASE, held, lambda: self.policy.keep is Keeping.UNTIL_CLOSED)
        keeper = SettingsKeeper(settings, folder / "settings.json", work, policy)
        self._ledger = Ledger(folder / LEDGER)
        self.ledger = LedgerKeeper(work, self._ledger)
        self.rented = RentedComputers(work, KnownHosts(folder / KNOWN_HOSTS))
        self.backends = BackendFactory(
            lambda: keeper.now.offline_lock,
            lambda: self.connections.files(),
            self.ledger.record,
            lambda: self.policy,
            lambda: self.rented,
            trusted_file=lambda: self.connections.trusted_file,
            engine_wishes=lambda: keeper.now.engine_wishes,
        )
        models = ModelDirectory(
            work,
            self.backends,
            lambda each: self.connections.secrets_of(each),
            memory=lambda: psutil.virtual_memory().total,
            free_memory=free_memory,
        )
        folders = Folders(work, folder, store, calm_reader, lambda: self.policy)
        super().__init__(work, store, models, keeper, policy, folders, guide_lines)
        self.keys = before.keys if before is not None else KeyRing(policy.key_commands)
        self.connections: Connections = Connections(
            self,
            self.backends.probe,
            lambda: self.keys,
            lambda: starter_model(may_be_fetched=self.policy.model_files) if engine_can_run() else None,
            QCoreApplication.translate("app", "Built-in engine"),
            rented=self.rented if can_reach_rented() else None,
            servers_behind=self.backends.servers_behind,
        )
        self.recipes = RecipeShelf(work, folder / "recipes", _recipe_folder)
        self.search = Search(work, store.search_index)
        self.garbage = GarbageCollector(owner)
        self._recall()
        self.share_recipes()
        keeper.changed.connect(self._on_settings_changed)

    def _recall(self) -> None:
        """Go on with what the settings remember, and have them remember what changes."""
        known, models, connections = self.settings.now, self.models, self.connections
        models.are_more_expected = True  # until `look`, after the first paint, and what comes of it
        models.set_offline(known.offline_lock)
        models.splits = dict(known.splits)
        models.splits_changed.connect(lambda: self.settings.change(splits=tuple(models.splits.items())))
        measurements = models.measurements
        measurements.known = dict(known.measures)
        measurements.changed.connect(lambda: self.settings.change(measures=tuple(measurements.known.items())))
        connections.saved, connections.model_files = known.connections, known.model_files
        connections.trusted_file = known.trusted_certificates
        connections.saved_changed.connect(self._on_connections_changed)

    def begin(self, faults: FaultWatch | None) -> None:
        """Start the loop, on which servers are talked to. `faults` hears of what nothing catches there."""
        self.loop.start(faults.note_in_loop if faults is not None else None)

    def end(self, *, keeps_temporary: bool = False) -> None:
        """Write the settings, and close what lies on the disk. The loop has been stopped before.

        `keeps_temporary`: another one goes on with the temporary conversations.
        """
        self.search.end()
        self.folders.end()
        self.settings.save_pending()
        self.work.close_store(partial(self._close_files, keeps_temporary))
        self.garbage.stop()

    def _close_files(self, keeps_temporary: bool) -> None:
        self.store.end(keeps_temporary=keeps_temporary)
        self._ledger.close()

    def look(self, offer: Callable[[Connection], None]) -> None:
        """Ask all servers what they have. `offer` is given one that `OLLAMA_HOST` names on another computer."""
        self.connections.look()
        if (ollama := offered_ollama(os.environ)) is not None:
            offer(ollama)

    def share_recipes(self) -> None:
        """Have the shared recipes be those of the policy's folder, else of the user's."""
        self.recipes.release_shared()
        if self.policy.recipes_folder:
            self.recipes.fix_shared(self.policy.recipes_folder, fixed_words(self.policy))
        else:
            self.recipes.share(self.settings.now.recipes_folder)

    def _on_settings_changed(self, names: frozenset[str]) -> None:
        if "offline_lock" in names:
            is_offline = self.settings.now.offline_lock
            self.models.set_offline(is_offline)
            if is_offline:
                self.loop.submit(self.backends.close_tunnels())
            self.connections.look()  # what could not be reached may be reached now, and the other way round
        if "trusted_certificates" in names:
            self.models.renew_backends()

    def _on_connections_changed(self) -> None:
        now = self.connections
        self.settings.change(connections=now.saved, model_files=now.model_files)
        if now.trusted_file != self.settings.now.trusted_certificates:
            self.settings.change(trusted_certificates=now.trusted_file)


def free_memory() -> int:
    """Return how much of this computer's memory a program could have now, in bytes."""
    return int(psutil.virtual_memory().available)


def calm_reader() -> ReaderProcess:
    """Return a reader that yields to all else that the computer does, and so may take its time."""
    return ReaderProcess(Limits(silence=4 * READER_SILENCE, seconds=4 * READER_SECONDS, is_calm=True))


def _recipe_folder(path: Path, is_shared: bool) -> RecipeFolder:
    return RecipeFolder(path, write_or_refuse, disk_failures, is_shared=is_shared)
