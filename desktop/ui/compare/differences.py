"""The differences between answers side by side, shown and highlighted each time one of them has ended.

They are found by `runtime.compare.answer_differences` on another thread, not with each word that comes.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from desktop.core.claims.differences import Differences
from desktop.rendering.page.shown_claims import shown_in
from desktop.runtime.chat import Chat
from desktop.runtime.compare.answer_differences import Compared
from desktop.runtime.compare.comparison import Side
from desktop.ui.compare.column import CompareColumn
from desktop.ui.compare.difference_strip import DifferenceStrip
from desktop.ui.compare.difference_words import lines


class CompareDifferences(QObject):
    """The link between the sides of a comparison, the strip above them, and the highlights in them."""

    def __init__(self, chat: Chat, strip: DifferenceStrip) -> None:
        super().__init__(strip)
        self._strip = strip
        self._columns: Sequence[CompareColumn] = ()
        self._answers: list[str | None] = []
        self._finding = chat.answer_differences(shown_in)
        self._finding.found.connect(self._show)

    def set_columns(self, columns: Sequence[CompareColumn]) -> None:
        """Start with other answers, which stand in these columns."""
        self._columns, self._answers = columns, []
        self._strip.say(())

    def look_at(self, sides: Sequence[Side]) -> None:
        """Compare those that have ended, if that is not done yet."""
        answers = [None if side.is_running or not side.message.text.strip() else side.message.text for side in sides]
        if answers == self._answers:
            return
        self._answers = answers
        if len({answer.strip() for answer in answers if answer is not None}) > 1:
            self._finding.compare(answers)
        else:  # one answer, or the same ones, of which the page says so
            self._strip.say(())
            for column in self._columns:
                column.transcript.differences.mark(())

    def _show(self, compared: Compared) -> None:
        if not compared.places or compared.places[-1] >= len(self._columns):
            return  # of a comparison that has been left
        is_same = len(set(self._answers)) == 1  # which the page says
        self._strip.say(() if is_same else lines(compared, [column.heading for column in self._columns]))
        for at, place in enumerate(compared.places):
            self._columns[place].transcript.differences.mark(claims_of(compared, at))


def claims_of(compared: Compared, at: int) -> list[str]:
    """Return what is to be highlighted in one of the answers that were compared."""
    found = compared.differences
    if found is not None:
        return _of_old(found) if at == 0 else _of_new(found)
    if compared.agreement is None:
        return []
    disputed = compared.agreement.disputed
    return [
        made.text for each in disputed for answer, made in zip(each.answers, each.made, strict=True) if answer == at
    ]


def _of_old(found: Differences) -> list[str]:
    return [claim.text for claim in (*found.only_old, *(pair.old for pair in found.pairs))]


def _of_new(found: Differences) -> list[str]:
    return [claim.text for claim in (*found.only_new, *(pair.new for pair in found.pairs))]
