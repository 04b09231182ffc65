"""What the built-in engine keeps on the disk of what it has read, for those who want to know of it or delete it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from desktop.core.engine import StateFiles
from desktop.runtime.threads.background_tasks import BackgroundTasks

_log = logging.getLogger(__name__)


class KeptReadings:
    """A door to the engine's files that nobody waits at: they are measured and deleted on the store's thread."""

    def __init__(self, work: BackgroundTasks, files: StateFiles) -> None:
        self._work = work
        self._files = files

    def measure(self, show: Callable[[int], None]) -> None:
        """Call `show` with the bytes of all that is kept; 0: nothing is."""
        self._work.run_on_store(self._files.size, show, self._on_failure)

    def erase(self, show: Callable[[int], None]) -> None:
        """Erase all that is kept, and call `show` with the bytes that are left."""

        def erase() -> int:
            self._files.erase(self._files.conversations())
            return self._files.size()

        self._work.run_on_store(erase, show, self._on_failure)

    def _on_failure(self, error: Exception) -> None:
        _log.warning("what the engine keeps could not be looked at: %s", error)
