"""The seam to the user's settings: what the parts of the program may have changed.

Implemented by `desktop.settings`, which writes the file; the values themselves are read at the start.
"""

from __future__ import annotations

from typing import Any, Protocol


class Preferences(Protocol):
    """The settings as those see them who read or change some: fields of `store.settings.Settings`, by their names."""

    now: Any  # as they hold now

    def change(self, **changes: Any) -> None:
        """Have these hold from now on, and be remembered."""
        ...
