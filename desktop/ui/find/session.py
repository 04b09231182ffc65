"""The search in the current conversation: between the bar, the background count, and the transcript's highlights.

A step goes from occurrence to occurrence in reading order: in each message first the thinking, then the answer. The
search begins with the message that is visible, then goes on to the end, then back to the beginning.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QObject, QPoint, QTimer

from desktop.core.text.find import FoundIn
from desktop.rendering.page.shown_hits import found_in
from desktop.runtime.path import PathSearch
from desktop.ui.transcript.view import Transcript
from desktop.ui.widgets.find_bar import FindBar

_SHOW_MS = 100  # between two numbers while counting: one can read them


class _Stop(NamedTuple):
    """An occurrence, in the order in which one reads: its message's place in the path, and its number there.

    Then where it is shown: in thinking or in the answer, in the block that begins at a letter, and its number there.
    """

    place: int
    which: int
    message_id: str
    in_reasoning: bool
    at: int
    in_block: int


def _stops_of(found: FoundIn, place: int) -> Iterator[_Stop]:
    which = 0
    for in_reasoning, blocks in ((True, found.in_reasoning), (False, found.in_text)):
        for at, count in blocks:
            for in_block in range(count):
                yield _Stop(place, which, found.message_id, in_reasoning, at, in_block)
                which += 1


class FindSession(QObject):
    """The state of a search: the query, the matches, and the current one."""

    def __init__(self, bar: FindBar, transcript: Transcript, search: PathSearch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bar = bar
        self._transcript = transcript
        self._search = search
        self._query = ("", False)
        self._order: dict[str, int] = {}  # the messages of the path, by their place in it
        self._begins_at = 0  # the place in the path at which the count began
        self._stops: list[_Stop] = []  # in their order
        self._counted: list[_Stop] = []  # by the count that runs; another one while counting anew
        self._current: _Stop | None = None
        self._begin_with = ""  # the message at which the next count begins, in place of the one in sight
        self._wanted_step = 0  # could not be made yet, since what it leads to has not been counted
        self._show_timer = QTimer(self, singleShot=True, interval=_SHOW_MS)
        self._show_timer.timeout.connect(self._show)
        bar.query_changed.connect(self._on_query)
        bar.step_requested.connect(self.step)
        bar.closed.connect(self._on_closed)
        bar.room_changed.connect(transcript.keep_free)
        search.found.connect(self._on_found)
        search.ended.connect(self._on_ended)
        search.failed.connect(lambda _: self._on_ended())

    def open(self) -> None:
        """Show the bar; the transcript's selected text is searched for."""
        self._bar.open(self._transcript.selection.shown_text())

    def open_at(self, message_id: str, words: str, *, with_reasoning: bool) -> None:
        """Show the bar, and go to the first place of these words from a message on."""
        self._bar.close_bar()
        self._begin_with = message_id
        if with_reasoning:
            self._bar.set_with_reasoning(True)
        self._bar.open(words)

    def close(self) -> None:
        """Hide the bar and remove the highlights."""
        self._bar.close_bar()

    def recount(self) -> None:
        """Count again in a conversation whose words have changed; the current occurrence is kept.

        Where the first is still looked for, that begins anew.
        """
        if not self._query[0] or self._bar.isHidden():
            return
        if self._search.is_running and self._current is None and self._counted is self._stops:
            self._count(self._stops)
        else:
            self._count([])

    def step(self, by: int) -> None:
        """Go to the next occurrence (1) or the one before (-1), and on from the other end if there is none."""
        if self._current is None:
            return
        at = bisect_left(self._stops, self._current) + by
        is_beyond = not 0 <= at < len(self._stops)
        if is_beyond and self._search.is_running:
            self._wanted_step = by
            return
        self._wanted_step = 0
        if is_beyond:
            self._bar.show_wrapped(by > 0)
        if self._stops:
            self._go(self._stops[at % len(self._stops)])

    def _on_query(self, query: str, with_reasoning: bool) -> None:
        self._query = (query.strip(), with_reasoning)
        self._transcript.search.set_marks(*self._query)
        self._current = None
        self._wanted_step = 0
        self._stops = []
        if self._query[0]:
            self._count(self._stops)
            self._show()
        else:
            self._search.stop()
            self._show_timer.stop()
            self._bar.show_nothing()

    def _on_closed(self) -> None:
        self._search.stop()
        self._show_timer.stop()
        self._query = ("", False)
        self._begin_with = ""
        self._current = None
        self._stops = []
        self._transcript.search.set_marks("", False)

    def _count(self, counted: list[_Stop]) -> None:
        path = self._transcript.path
        ids = [entry.id for entry in path.entries] if path is not None else []
        self._order = {message_id: place for place, message_id in enumerate(ids)}
        in_sight = self._transcript.position_at(QPoint())
        self._begins_at = in_sight.message if in_sight is not None else 0
        self._begins_at = self._order.get(self._begin_with, self._begins_at)
        self._counted = counted
        query, with_reasoning = self._query
        self._search.start(
            [*ids[self._begins_at :], *reversed(ids[: self._begins_at])],
            partial(found_in, query=query, with_reasoning=with_reasoning),
        )

    def _on_found(self, found: Sequence[FoundIn]) -> None:
        self._counted += (stop for each in found for stop in _stops_of(each, self._order[each.message_id]))
        if self._counted is not self._stops:
            return
        self._stops.sort()
        if self._current is None:
            self._begin_with = ""
            first = list(_stops_of(found[0], self._order[found[0].message_id]))
            self._go(first[-1 if first[0].place < self._begins_at else 0])
        elif self._wanted_step:
            self.step(self._wanted_step)
        if not self._show_timer.isActive():
            self._show_timer.start()

    def _on_ended(self) -> None:
        self._begin_with = ""
        self._stops = sorted(self._counted)
        before, self._current = self._current, self._stops[0] if self._stops else None
        if before is not None:  # also where the words of its message have changed
            there = [each for each in self._stops if each.message_id == before.message_id]
            self._current = there[min(before.which, len(there) - 1)] if there else self._current
        if self._wanted_step:
            self.step(self._wanted_step)
        self._show()

    def _show(self) -> None:
        """Show on the bar how many there are, and which one this is."""
        self._show_timer.stop()
        if self._search.is_running and self._counted is self._stops:
            self._bar.show_searching(len(self._stops))
        else:
            position = bisect_left(self._stops, self._current) + 1 if self._current is not None else 0
            self._bar.show_position(position, len(self._stops))

    def _go(self, stop: _Stop) -> None:
        self._current = stop
        self._transcript.search.go_to(stop.message_id, stop.in_reasoning, stop.at, stop.in_block)
        if not self._search.is_running:
            self._show()
