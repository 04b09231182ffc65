"""Stands where the keeper of the settings stands: takes what is to be changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from desktop.store.settings import Settings


class Noted:
    """The changes that were asked for, in order; it writes no file."""

    def __init__(self, **now):
        self.changes: list[dict[str, Any]] = []
        self.now = Settings(**now)

    def change(self, **changes):
        self.changes.append(changes)
        self.now = replace(self.now, **changes)
