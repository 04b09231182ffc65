"""How a person likes thinking panels; apart from the panel itself, since a start needs the choice but no panel."""

from __future__ import annotations

from enum import StrEnum


class PanelPreference(StrEnum):
    """AUTO shows a peek while the model thinks and closes for the answer."""

    AUTO = "auto"
    OPEN = "open"
    CLOSED = "closed"
