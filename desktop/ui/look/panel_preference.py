"""The user's preference for thinking panels; apart from the panel, since a start needs the choice but no panel."""

from __future__ import annotations

from enum import StrEnum


class PanelPreference(StrEnum):
    """The preference; AUTO shows a peek while the model thinks and closes for the answer."""

    AUTO = "auto"
    OPEN = "open"
    CLOSED = "closed"
