"""What the parts of the running program share: made once for each window and handed on whole; tests replace fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop.core.policy.fixed import Policy
from desktop.runtime.background import BackgroundTasks
from desktop.runtime.folders import Folders
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.settings import SettingsKeeper
from desktop.store.database import SqliteStore


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
