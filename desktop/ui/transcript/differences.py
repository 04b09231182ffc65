"""Highlights in a conversation's texts where another answer differs. The differences are found elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from desktop.rendering.page.marks import Finder
from desktop.rendering.page.shown_claims import finder_of
from desktop.ui.text.selection import Channel

if TYPE_CHECKING:
    from desktop.ui.text.surface import TextSurface
    from desktop.ui.transcript.shown_messages import ShownMessages


class TranscriptDifferences:
    """The highlights of the answers alone: thinking is compared with nothing."""

    def __init__(self, transcript: ShownMessages) -> None:
        self._transcript = transcript
        self._finder: Finder | None = None

    def mark(self, claims: Iterable[str]) -> None:
        """Highlight these claims, as they are written, wherever they are shown; none removes all highlights."""
        self._finder = finder_of(claims)
        for _, view in self._transcript.live_views():
            for channel, surface in view.surfaces():
                self.watch(channel, surface)

    def watch(self, channel: Channel, surface: TextSurface) -> None:
        """Highlight them in a new text surface."""
        if channel is Channel.ANSWER:
            surface.set_differing(self._finder)
