"""The seam to the settings and the settings themselves: the same names, of the same types."""

from __future__ import annotations

from typing import get_type_hints

from desktop.core.preferences import SettingsChange
from desktop.store.settings import Settings


def test_what_can_be_changed_is_what_is_kept() -> None:
    kept = {name: kind for name, kind in get_type_hints(Settings).items() if name != "found"}
    assert get_type_hints(SettingsChange) == kept
