"""The search's highlights in the transcript's visible texts, and going to one occurrence.

Counting and walking are `ui/find/session.py`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from desktop.core.text.find import occurrences
from desktop.rendering.page.marks import Finder
from desktop.rendering.page.shown_claims import finder_of
from desktop.ui.text.selection import Channel
from desktop.ui.text.surface import TextSurface
from desktop.ui.transcript.message import MessageView
from desktop.ui.words import plain_tooltip

if TYPE_CHECKING:
    from desktop.ui.transcript.view import Transcript


class TranscriptDifferences(QObject):
    """The highlights of the answers alone: thinking is compared with nothing. Under the pointer each says its note."""

    def __init__(self, transcript: Transcript, parent: QObject | None = None) -> None:
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


_ROUNDS = 3  # of bringing a line into sight, whose place is known better each time


@dataclass(frozen=True, slots=True)
class _Target:
    """An occurrence: number `which` in the block that begins at `at` in the source of a text."""

    message_id: str
    channel: Channel
    at: int
    which: int


class TranscriptSearch(QObject):
    """The query that is highlighted, and the current occurrence."""

    def __init__(self, transcript: Transcript, parent: QObject) -> None:
        super().__init__(parent)
        self._transcript = transcript
        self._query = ""
        self._with_reasoning = False
        self._target: _Target | None = None
        self._is_pending = False  # the target's words have not come from the disk, or have not been read yet

    def set_marks(self, query: str, with_reasoning: bool) -> None:
        """Highlight what is searched for wherever it is shown; an empty query ends that."""
        self._query, self._with_reasoning = query, with_reasoning
        self._target = None
        for _, view in self._transcript.live_views():
            for channel, surface in view.surfaces():
                surface.marked.set_finder(self._finder(channel))

    def watch(self, channel: Channel, surface: TextSurface) -> None:
        """Highlight what is searched for in a new text surface, and go on as it is read."""
        surface.marked.set_finder(self._finder(channel))
        surface.height_changed.connect(self.go_on)

    def go_to(self, message_id: str, in_reasoning: bool, at: int, which: int) -> None:
        """Scroll to one occurrence and highlight it more strongly.

        It is number `which`, from 0 on, in the block that begins at `at` in the source of its text.
        """
        self._forget_current()
        self._target = _Target(message_id, Channel.THINKING if in_reasoning else Channel.ANSWER, at, which)
        self._is_pending = True
        self.go_on()

    def cancel_jump(self) -> None:
        """Cancel a pending `go_to`, since the user goes elsewhere."""
        self._is_pending = False

    def go_on(self) -> None:
        """Continue a pending `go_to`, after more of the conversation has been read."""
        path = self._transcript.path
        if not self._is_pending or self._target is None or path is None:
            return
        index = path.index_of(self._target.message_id)
        if index is None:
            path.complete()
            return
        if self._transcript.view_at(index) is None:
            self._transcript.bring(index, 0.0)
        view = self._transcript.view_at(index)
        if view is not None:
            self._is_pending = False
            self._show(index, view, self._target)

    def _show(self, index: int, view: MessageView, target: _Target) -> None:
        if target.channel is Channel.THINKING:
            view.thinking.open()
        else:
            view.unfold()
        surface = dict(view.surfaces()).get(target.channel)
        occurrence = surface.marked.occurrence(target.at, target.which) if surface is not None else None
        if surface is None or occurrence is None:
            self._is_pending = surface is not None and surface.is_reading
            if not self._is_pending:
                self._transcript.bring(index, 0.0)
            return
        surface.marked.set_current(occurrence)
        for _ in range(_ROUNDS):
            y = view.top_of(surface) + surface.top_of(occurrence)
            if self._transcript.is_in_sight(index, y):
                return
            self._transcript.bring(index, y)

    def _forget_current(self) -> None:
        for _, view in self._transcript.live_views():
            for _, surface in view.surfaces():
                surface.marked.set_current(None)

    def _finder(self, channel: Channel) -> Finder | None:
        if not self._query or (channel is Channel.THINKING and not self._with_reasoning):
            return None
        return partial(occurrences, query=self._query)
