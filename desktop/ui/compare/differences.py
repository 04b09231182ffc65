"""The differences between answers side by side, shown and highlighted each time one of them has ended.

They are found by `runtime.compare` on another thread, not with each word that comes.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from desktop.rendering.page.shown_claims import shown_in
from desktop.runtime.background import Task, gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.compare import Side, compared
from desktop.ui.compare.column import CompareColumn
from desktop.ui.compare.difference_strip import DifferenceStrip
from desktop.ui.compare.difference_words import lines, notes


class CompareDifferences(QObject):
    """The link between the sides of a comparison, the strip above them, and the highlights in them."""

    def __init__(self, chat: Chat, strip: DifferenceStrip) -> None:
        super().__init__(strip)
        self._strip = strip
        self._columns: Sequence[CompareColumn] = ()
        self._answers: list[str | None] = []
        self._given: str | None = None
        self._left_out = ""
        self._work = chat.services.work
        self._finding: Task | None = None

    def set_columns(self, columns: Sequence[CompareColumn], *, given: str | None = None, left_out: str = "") -> None:
        """Start with other answers, which stand in these columns.

        `given`: all that they can rest on, where that is known. `left_out`: the part that one prompt lacks.
        """
        self._columns, self._answers = columns, []
        self._given, self._left_out = given, left_out
        self._strip.say(())

    def look_at(self, sides: Sequence[Side]) -> None:
        """Compare those that have ended, if that is not done yet."""
        answers = [None if side.is_running or not side.message.text.strip() else side.message.text for side in sides]
        if answers == self._answers:
            return
        self._answers = answers
        if len({answer.strip() for answer in answers if answer is not None}) > 1:
            if self._finding is not None:
                self._finding.cancel()
            self._finding = self._find(answers, self._given)
        else:  # one answer, or the same ones, of which the page says so
            self._strip.say(())
            for column in self._columns:
                column.transcript.differences.mark({})

    @gui_task
    async def _find(self, answers: Sequence[str | None], given: str | None) -> None:
        found = await self._work.compute(lambda: compared(answers, shown_in, given))
        if not found.places or found.places[-1] >= len(self._columns):
            return  # of a comparison that has been left
        is_same = len(set(self._answers)) == 1  # which the page says
        headings = [column.heading for column in self._columns]
        self._strip.say(() if is_same else lines(found, headings, self._left_out))
        for at, place in enumerate(found.places):
            self._columns[place].transcript.differences.mark(notes(found, at, headings))
