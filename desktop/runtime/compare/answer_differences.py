"""Differences between answers that stand side by side, computed on a thread of their own each time one has ended.

The rules are `core.claims.differences`; where each answer stands is `comparison`; the words are the window's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.core.claims.claim import Claim, Shown
from desktop.core.claims.conclusion import Conclusion, conclude, ungiven
from desktop.core.claims.differences import Agreement, Differences, agreement, compare
from desktop.runtime.background import BackgroundTasks, Task, gui_task


@dataclass(frozen=True, slots=True)
class Compared:
    """The answers that were compared, by their place; `differences` of two, `agreement` of more.

    Both are None while there is nothing to compare.
    """

    places: tuple[int, ...] = ()
    differences: Differences | None = None
    agreement: Agreement | None = None
    conclusion: Conclusion | None = None
    ungiven: tuple[Claim, ...] = ()  # values in which two differ and that stand in nothing that was given


class AnswerDifferences(QObject):
    """A comparer of answers that keeps the last request only; results of earlier ones are dropped."""

    found = Signal(object)  # Compared

    def __init__(self, work: BackgroundTasks, shown_in: Callable[[str], Shown], parent: QObject | None = None) -> None:
        """Keep the dependencies. `shown_in` turns an answer's Markdown into its visible text, on the worker thread."""
        super().__init__(parent)
        self._work = work
        self._shown_in = shown_in
        self._task: Task | None = None

    def compare(self, answers: Sequence[str | None], given: str | None = None) -> None:
        """Compare the answers by their place; None for one that is still being written, or has no words.

        `given`: all that they can rest on, where that is known.
        """
        if self._task is not None:
            self._task.cancel()
        shown_in = self._shown_in
        ended = [(place, text) for place, text in enumerate(answers) if text is not None]

        def find() -> Compared:
            shown = [shown_in(text) for _, text in ended]
            places = tuple(place for place, _ in ended)
            if len(shown) == 2:
                differences = compare(*shown)
                strangers = tuple(ungiven(differences, given)) if given is not None else ()
                return Compared(places, differences, conclusion=conclude(differences, given), ungiven=strangers)
            if len(shown) > 2:
                agreed = agreement(shown)
                return Compared(places, agreement=agreed, conclusion=conclude(agreed, given))
            return Compared(places)

        self._task = self._tell(find)

    @gui_task
    async def _tell(self, find: Callable[[], Compared]) -> None:
        self.found.emit(await self._work.compute(find))
