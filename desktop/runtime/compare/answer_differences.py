"""What answers that stand side by side differ in, found on a thread of its own each time one of them has ended.

The rules are `core.differences`; where each answer stands is `comparison`; the words are the window's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.core.claims.claim import Shown
from desktop.core.claims.differences import Agreement, Differences, agreement, compare
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.runtime.threads.daemon_executor import DaemonExecutor


@dataclass(frozen=True, slots=True)
class Compared:
    """Which answers were compared, by their place; `differences` where there are two, `agreement` where there are more.

    Both are None while there is nothing to compare.
    """

    places: tuple[int, ...] = ()
    differences: Differences | None = None
    agreement: Agreement | None = None


class AnswerDifferences(QObject):
    """Compares what it is given last; what was asked for before and is not done yet is not told any more."""

    found = Signal(object)  # Compared

    def __init__(self, work: BackgroundTasks, shown_in: Callable[[str], Shown], parent: QObject | None = None) -> None:
        """`shown_in` makes of an answer's Markdown what is seen of it; it runs on the other thread."""
        super().__init__(parent)
        self._work = work
        self._shown_in = shown_in
        self._thread = DaemonExecutor("differences")
        self._asked = 0

    def compare(self, answers: Sequence[str | None]) -> None:
        """The answers by their place; None where one is still being written, or has no words."""
        self._asked += 1
        asked, shown_in = self._asked, self._shown_in
        ended = [(place, text) for place, text in enumerate(answers) if text is not None]

        def find() -> Compared:
            shown = [shown_in(text) for _, text in ended]
            places = tuple(place for place, _ in ended)
            if len(shown) == 2:
                return Compared(places, differences=compare(*shown))
            return Compared(places, agreement=agreement(shown)) if len(shown) > 2 else Compared(places)

        def tell(compared: Compared) -> None:
            if asked == self._asked:
                self.found.emit(compared)

        self._work.run_on(self._thread, find, tell)
