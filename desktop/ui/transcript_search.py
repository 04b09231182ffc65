"""Showing in the transcript what is searched for: marks in the texts that are in sight, and going to one occurrence.

Counting and walking are `find_session`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.find import occurrences
from desktop.rendering.page import Finder
from desktop.ui.message_view import MessageView
from desktop.ui.text_places import TextPart
from desktop.ui.text_surface import TextSurface

if TYPE_CHECKING:
    from desktop.ui.transcript import Transcript

_ROUNDS = 3  # of bringing a line into sight, whose place is known better each time


@dataclass(frozen=True, slots=True)
class _Target:
    message_id: str
    which: int
    part: TextPart


class TranscriptSearch(QObject):
    """What is marked, and where the search stands."""

    def __init__(self, transcript: Transcript) -> None:
        super().__init__(transcript)
        self._transcript = transcript
        self._query = ""
        self._with_reasoning = False
        self._target: _Target | None = None
        self._is_pending = False  # the target's words have not come from the disk yet

    def set_marks(self, query: str, with_reasoning: bool) -> None:
        """Mark what is searched for wherever it is shown; an empty query ends that."""
        self._query, self._with_reasoning = query, with_reasoning
        self._target = None
        for _, view in self._transcript.live_views():
            for part, surface in view.surfaces():
                self.mark(part, surface)

    def mark(self, part: TextPart, surface: TextSurface) -> None:
        """Mark what is searched for in one text."""
        surface.set_finder(self._finder(part))

    def go_to(self, message_id: str, which: int, in_reasoning: bool) -> None:
        """Bring one occurrence into sight and mark it more strongly; `which` counts from 0 in its text."""
        self._forget_current()
        self._target = _Target(message_id, which, TextPart.THINKING if in_reasoning else TextPart.ANSWER)
        self._is_pending = True
        self.go_on()

    def go_on(self) -> None:
        """More of the conversation has come from the disk."""
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
        if target.part is TextPart.THINKING:
            view.open_thinking()
        surface = dict(view.surfaces()).get(target.part)
        found = surface.occurrences() if surface is not None else []
        if surface is None or not found:
            self._transcript.bring(index, 0.0)
            return
        occurrence = found[min(target.which, len(found) - 1)]
        surface.set_current(occurrence)
        for _ in range(_ROUNDS):
            y = view.top_of(surface) + surface.top_of(occurrence)
            if self._transcript.is_in_sight(index, y):
                return
            self._transcript.bring(index, y)

    def _forget_current(self) -> None:
        for _, view in self._transcript.live_views():
            for _, surface in view.surfaces():
                surface.set_current(None)

    def _finder(self, part: TextPart) -> Finder | None:
        if not self._query or (part is TextPart.THINKING and not self._with_reasoning):
            return None
        return partial(occurrences, query=self._query)
