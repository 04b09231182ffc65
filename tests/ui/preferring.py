"""Stands where the keeper of the settings stands: takes what is to be changed."""

from __future__ import annotations

from typing import Any


class Noted:
    """The changes that were asked for, in order; a `core.preferences.Preferences` that keeps nothing else."""

    def __init__(self) -> None:
        self.changes: list[dict[str, Any]] = []
        self.now = None

    def change(self, **changes: Any) -> None:
        self.changes.append(changes)
