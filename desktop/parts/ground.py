"""The ground that all other parts stand on: threads, what lies on the disk, settings, policy and ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from desktop.core.policy.fixed import Keeping, Policy
from desktop.faults import FaultWatch
from desktop.parts.policy_keeper import PolicyKeeper
from desktop.runtime.keeping.store_care import StoreCare
from desktop.runtime.search.asking import Search
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.runtime.threads.garbage import GarbageCollector
from desktop.runtime.threads.loop_thread import LoopThread
from desktop.runtime.trust.ledger_keeper import LedgerKeeper
from desktop.settings_keeper import SettingsKeeper, fixed_settings
from desktop.store.care import DatabaseCare
from desktop.store.database import SqliteStore
from desktop.store.disk import write_or_refuse
from desktop.store.ledger import SqliteLedger
from desktop.store.paths import DATABASE, LEDGER
from desktop.store.settings import Settings
from desktop.store.temporary import MixedStore


class Ground(QObject):
    """The parts that know neither servers nor the window. The loop begins with `start`, nothing outlives `end`."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        policy: Policy,
        find_policy: Callable[[], Policy] | None,
        on_not_saved: Callable[[Exception], None],
        parent: QObject,
        held: MixedStore | None = None,
    ) -> None:
        """Build the parts. `folder` is where everything is kept; `on_not_saved` hears of settings that were not.

        `held` has been closed, and kept what is temporary.
        """
        super().__init__(parent)
        self.folder = folder
        self._garbage = GarbageCollector(self)
        self.loop = LoopThread()
        self.work = BackgroundTasks(self.loop, self)
        self.policy_keeper = PolicyKeeper(policy, find_policy, self.work, self)
        self.keeper = SettingsKeeper(
            settings, folder / "settings.json", self.work, on_not_saved, self, fixed=fixed_settings(policy)
        )
        self.store = SqliteStore(folder / DATABASE)
        self.mixed: MixedStore = MixedStore(  # with the temporary conversations
            self.store, folder / DATABASE, held, lambda: self.policy.keep is Keeping.UNTIL_CLOSED
        )
        self._ledger = SqliteLedger(folder / LEDGER)
        self.ledger = LedgerKeeper(self.work, self._ledger, write_or_refuse, self)
        self.search = Search(self.work, self.store.search_index, self.store.tidy_search, self)
        self._care: StoreCare | None = None

    @property
    def policy(self) -> Policy:
        """The policy of this computer as it is now."""
        return self.policy_keeper.now

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self.keeper.now

    def make_care(self, may_work: Callable[[], bool]) -> StoreCare:
        """Return what looks after the database; it works while `may_work` returns True."""
        self._care = StoreCare(self.work, DatabaseCare(self.store), may_work, self)
        return self._care

    def start(self, faults: FaultWatch | None) -> None:
        """Start the loop."""
        if faults is not None:
            self.loop.hear_of_faults(faults.note_in_loop)
        self.loop.start()

    def collect_garbage(self) -> None:
        """Collect what the start has left, and garbage from now on."""
        self._garbage.start()

    def end(self, *, keeps_temporary: bool = False) -> None:
        """Write the settings, and close what lies on the disk. The loop has been stopped before.

        `keeps_temporary`: another one goes on with the temporary conversations.
        """
        if self._care is not None:
            self._care.end()
        self.search.end()
        self.keeper.save_pending()
        self.work.close_store(lambda: self._close_files(keeps_temporary))
        self._garbage.stop()

    def _close_files(self, keeps_temporary: bool) -> None:
        self.mixed.close(keeps_temporary=keeps_temporary)
        self._ledger.close()
