"""The settings while the program runs: what holds now, what follows from a change, and when the file is written.

Part of the composition root, since it knows the store and the background; the window sees `core.preferences` alone.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from desktop.core.engine import EngineWishes
from desktop.core.policy.fixed import Policy
from desktop.runtime.background import BackgroundTasks, gui_task
from desktop.store.settings import Settings, SettingsProblem
from desktop.ui.errors import ErrorAction, ErrorText

_log = logging.getLogger(__name__)
_SAVE_DELAY_MS = 400  # several changes at once are one writing
_RETRY_MS = 10_000  # until what the disk refused is written again


class SettingsKeeper(QObject):
    """The one owner of the settings; implements `core.preferences.Preferences`."""

    changed = Signal(object)  # frozenset[str]: the names of the settings that were given a value
    refused = Signal(object)  # the exception with which the file could not be written, once until it can

    def __init__(
        self,
        settings: Settings,
        file: Path,
        work: BackgroundTasks,
        parent: QObject | None = None,
        *,
        fixed: Mapping[str, Any] | None = None,
    ) -> None:
        """`fixed` are values that hold whatever the file says, and are not written to it."""
        super().__init__(parent)
        self._fixed = dict(fixed or {})
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
        if not own:
            return
        self._own = replace(self._own, **own)
        self.now = replace(self._own, **self._fixed)
        self._timer.start()
        self.changed.emit(frozenset(own))

    def fix(self, fixed: Mapping[str, Any]) -> None:
        """Have these hold from now on in place of those that were fixed before; the others are the user's again."""
        before, self._fixed = self.now, dict(fixed)
        self.now = replace(self._own, **self._fixed)
        changed = frozenset(
            each.name for each in fields(Settings) if getattr(before, each.name) != getattr(self.now, each.name)
        )
        if changed:
            self.changed.emit(changed)

    def save_pending(self) -> None:
        """Write at once what waits to be written."""
        if self._timer.isActive():
            self._timer.stop()
            self._save()

    @gui_task
    async def _save(self) -> None:
        failure: Exception | None = None
        try:
            await self._work.run(self._own.save, self._file)
        except Exception as error:
            failure = error
        was_refused, self._is_refused = self._is_refused, failure is not None
        self._timer.setInterval(_SAVE_DELAY_MS if failure is None else _RETRY_MS)
        if failure is not None:
            self._timer.start()
            if not was_refused:
                self.refused.emit(failure)


def fixed_settings(policy: Policy) -> dict[str, Any]:
    """Return the settings that a policy fixes."""
    fixed: dict[str, Any] = {}
    if policy.offline_lock is not None:
        fixed["offline_lock"] = policy.offline_lock
    if policy.recipes_folder:
        fixed["recipes_folder"] = policy.recipes_folder
    return fixed


def engine_wishes(settings: Settings) -> EngineWishes:
    """Return what the user wishes of the built-in engine."""
    return EngineWishes(settings.engine_context, settings.engine_pace, settings.engine_reads_ahead)


def words_of_problem(problem: SettingsProblem, *, is_locked: bool) -> ErrorText:
    """Return what is said of settings that could not be read; `is_locked`: and of the lock that is on for that."""
    translate = QCoreApplication.translate
    title = translate("app", "Your settings could not be read")
    sentence = translate("app", "Candor started with its own settings. Conversations are not affected.")
    if problem.moved_to is not None:
        kept = translate("app", "The unreadable file was kept as %1.").replace("%1", problem.moved_to.name)
        sentence = f"{sentence} {kept}"
    if not is_locked:
        return ErrorText(title, sentence, ())
    locked = translate("app", "The offline lock is on: nothing leaves this computer until you switch it off.")
    return ErrorText(title, f"{sentence} {locked}", (ErrorAction.OPEN_OFFLINE_LOCK,))
