"""Highlights in a conversation's texts where another answer differs. The differences are found elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from desktop.rendering.page.marks import Finder
from desktop.rendering.page.shown_claims import finder_of
from desktop.ui.text.selection import Channel
from desktop.ui.text.surface import TextSurface
from desktop.ui.words import plain_tooltip

if TYPE_CHECKING:
    from desktop.ui.transcript.shown_messages import ShownMessages


class TranscriptDifferences(QObject):
    """The highlights of the answers alone: thinking is compared with nothing. Under the pointer each says its note."""

    def __init__(self, transcript: ShownMessages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transcript = transcript
        self._finder: Finder | None = None
        self._notes: dict[str, str] = {}

    def mark(self, notes: Mapping[str, str]) -> None:
        """Highlight these claims, as they are written, wherever they are shown; none removes all highlights.

        `notes`: what is said of each claim.
        """
        self._finder = finder_of(notes)
        self._notes = {_in_line(claim): note for claim, note in notes.items()}
        for _, view in self._transcript.live_views():
            for channel, surface in view.surfaces():
                self.watch(channel, surface)

    def watch(self, channel: Channel, surface: TextSurface) -> None:
        """Highlight them in a new text surface."""
        if channel is Channel.ANSWER:
            surface.marked.set_differing(self._finder)
            if self._finder is not None:
                surface.installEventFilter(self)  # once, however often it is asked for

    def note_at(self, surface: TextSurface, point: QPointF) -> str:
        """Return what is said of the claim under a point; empty where there is none."""
        return self._notes.get(_in_line(surface.marked.differing_at(surface.hit(point).position)), "")

    # Qt's own methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip and isinstance(watched, TextSurface):
            note = self.note_at(watched, QPointF(event.pos()))
            if note:
                QToolTip.showText(event.globalPos(), plain_tooltip(note), watched)
                return True
        return False


def _in_line(text: str) -> str:
    return " ".join(text.split())
