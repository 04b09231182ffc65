"""The settings while the program runs: what holds now, what follows from a change, and when the file is written.

Part of the composition root, since it knows the store and the background; the window sees `core.preferences` alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Unpack

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.preferences import SettingsChange
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.store.settings import Settings

_log = logging.getLogger(__name__)
_SAVE_DELAY_MS = 400  # several changes at once are one writing


class SettingsKeeper(QObject):
    """The one owner of the settings; implements `core.preferences.Preferences`."""

    changed = Signal(object)  # frozenset[str]: the names of the settings that were given a value

    def __init__(
        self,
        settings: Settings,
        file: Path,
        tasks: BackgroundTasks,
        on_failure: Callable[[Exception], None],
        parent: QObject | None = None,
    ) -> None:
        """Keep the dependencies. `on_failure` is called if `file` could not be written."""
        super().__init__(parent)
        self.now = settings
        self._file = file
        self._tasks = tasks
        self._on_failure = on_failure
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_DELAY_MS)
        self._timer.timeout.connect(self._save)

    def change(self, **changes: Unpack[SettingsChange]) -> None:
        """Change these settings at once, and write the file soon."""
        _log.debug("settings changed: %s", ", ".join(sorted(changes)))
        self.now = replace(self.now, **changes)
        self._timer.start()
        self.changed.emit(frozenset(changes))

    def save_pending(self) -> None:
        """Write at once what waits to be written."""
        if self._timer.isActive():
            self._timer.stop()
            self._save()

    def _save(self) -> None:
        settings, file = self.now, self._file
        self._tasks.run_on_store(lambda: settings.save(file), None, self._on_failure)
