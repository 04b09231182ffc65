"""What the parts of the running program share, the keeper of settings among it: made once for each window and handed
on whole; tests replace fields."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.policy.fixed import Policy
from desktop.runtime.background import BackgroundTasks, gui_task
from desktop.runtime.folders import Folders
from desktop.runtime.models.directory import ModelDirectory
from desktop.store.database import SqliteStore
from desktop.store.settings import Settings

_log = logging.getLogger(__name__)
_SAVE_DELAY_MS = 400  # several changes at once are one writing
_RETRY_MS = 10_000  # until what the disk refused is written again


class SettingsKeeper(QObject):
    """The one owner of the settings. What a policy fixes holds whatever the file says, and is not written to it."""

    changed = Signal(object)  # frozenset[str]: the names of the settings that were given a value
    refused = Signal(object)  # the exception with which the file could not be written, once until it can

    def __init__(self, settings: Settings, file: Path, work: BackgroundTasks, policy: Policy) -> None:
        super().__init__(work)
        self._fixed = _fixed_by(policy)
        self._own = settings
        self.now = replace(settings, **self._fixed)
        self._file = file
        self._work = work
        self._is_refused = False  # by the disk, the last time
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_DELAY_MS)
        self._timer.timeout.connect(self._save)

    def change(self, **changes: Any) -> None:
        """Change these settings at once, and write the file soon. What is fixed stays as it is."""
        _log.debug("settings changed: %s", ", ".join(sorted(changes)))
        own = {name: value for name, value in changes.items() if name not in self._fixed}
        if own:
            self._own = replace(self._own, **own)
            self.now = replace(self._own, **self._fixed)
            self._timer.start()
            self.changed.emit(frozenset(own))

    def follow_policy(self, policy: Policy) -> None:
        """Have what this policy fixes hold from now on; what another one fixed before is the user's again."""
        before, self._fixed = self.now, _fixed_by(policy)
        self.now = replace(self._own, **self._fixed)
        names = (each.name for each in fields(Settings))
        if changed := frozenset(name for name in names if getattr(before, name) != getattr(self.now, name)):
            self.changed.emit(changed)

    def save_pending(self) -> None:
        """Write at once what waits to be written."""
        if self._timer.isActive():
            self._timer.stop()
            self._save()

    @gui_task
    async def _save(self) -> None:
        was_refused = self._is_refused
        try:
            await self._work.run(self._own.save, self._file)
        except Exception as error:
            self._is_refused = True
            self._timer.start(_RETRY_MS)
            if not was_refused:
                self.refused.emit(error)
        else:
            self._is_refused = False
            self._timer.setInterval(_SAVE_DELAY_MS)


def _fixed_by(policy: Policy) -> dict[str, Any]:
    fixed: dict[str, Any] = {}
    if policy.offline_lock is not None:
        fixed["offline_lock"] = policy.offline_lock
    if policy.recipes_folder:
        fixed["recipes_folder"] = policy.recipes_folder
    return fixed


@dataclass(slots=True)
class Services:
    """`policy` is replaced when the one of this computer changes: read it when it is needed, and keep no copy."""

    work: BackgroundTasks
    store: SqliteStore
    models: ModelDirectory
    settings: SettingsKeeper
    policy: Policy
    folders: Folders
    guide_lines: Callable[[], tuple[str, ...]] = tuple  # how lines begin that guides write into messages


class WithServices(QObject):
    """What works with the services, and ends with them."""

    def __init__(self, services: Services) -> None:
        super().__init__(services.work)
        self.services = services
        self._work = services.work
        self._store = services.store
        self._models = services.models
