"""The search in the current conversation: between the bar, the background count, and the transcript's highlights.

A step goes from occurrence to occurrence in reading order: in each message first the thinking, then the answer. The
search begins with the message that is visible, then goes on to the end, then back to the beginning.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QObject, QPoint, QTimer

from desktop.core.text.find import FoundIn
from desktop.rendering.page.marks import found_in
from desktop.runtime.path import PathSearch
from desktop.ui.transcript.view import Transcript
from desktop.ui.widgets.find_bar import FindBar

_SHOW_MS = 100  # between two numbers while counting: one can read them


class _Stop(NamedTuple):
    """An occurrence: its message, that one's place in the path, and its number in the message."""

    message_id: str
    place: int
    which: int


class _Hits:
    """What has been found, by message in reading order: a long message may have any number of occurrences."""

    def __init__(self) -> None:
        self.total = 0
        self._found: list[FoundIn] = []
        self._places: list[int] = []  # of their messages in the path

    def add(self, found: FoundIn, place: int) -> None:
        at = bisect_left(self._places, place)
        self._places.insert(at, place)
        self._found.insert(at, found)
        self.total += found.count

    def found_at(self, stop: _Stop) -> FoundIn:
        """Return what was found in an occurrence's message."""
        return self._found[bisect_left(self._places, stop.place)]

    def position(self, stop: _Stop) -> int:
        """Return which of all an occurrence is, from 1."""
        before = self._found[: bisect_left(self._places, stop.place)]
        return sum(each.count for each in before) + stop.which + 1

    def beside(self, stop: _Stop, by: int) -> _Stop | None:
        """Return the occurrence after one (1) or before it (-1), among those that are known."""
        if 0 <= stop.which + by < self.found_at(stop).count:
            return stop._replace(which=stop.which + by)
        at = bisect_left(self._places, stop.place) + by
        return self._stop(at, by) if 0 <= at < len(self._found) else None

    def end(self, by: int) -> _Stop | None:
        """Return the first of all (1) or the last (-1)."""
        return self._stop(0 if by > 0 else -1, by) if self._found else None

    def again(self, stop: _Stop) -> _Stop | None:
        """Return the occurrence that was found as this one before, or the last of its message, or the first of all."""
        for found, place in zip(self._found, self._places, strict=True):
            if found.message_id == stop.message_id:
                return _Stop(stop.message_id, place, min(stop.which, found.count - 1))
        return self.end(1)

    def _stop(self, at: int, by: int) -> _Stop:
        found = self._found[at]
        return _Stop(found.message_id, self._places[at], 0 if by > 0 else found.count - 1)


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
        self._hits = _Hits()
        self._counted = _Hits()  # by the count that runs; another one while counting anew
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
        if self._search.is_running and self._current is None and self._counted is self._hits:
            self._count(self._hits)
        else:
            self._count(_Hits())

    def step(self, by: int) -> None:
        """Go to the next occurrence (1) or the one before (-1), and on from the other end if there is none."""
        if self._current is None:
            return
        stop = self._hits.beside(self._current, by)
        if stop is None and self._search.is_running:
            self._wanted_step = by
            return
        self._wanted_step = 0
        if stop is None:
            self._bar.show_wrapped(by > 0)
            stop = self._hits.end(by)
        if stop is not None:
            self._go(stop)

    def _on_query(self, query: str, with_reasoning: bool) -> None:
        self._query = (query.strip(), with_reasoning)
        self._transcript.search.set_marks(*self._query)
        self._current = None
        self._wanted_step = 0
        self._hits = _Hits()
        if self._query[0]:
            self._count(self._hits)
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
        self._hits = _Hits()
        self._transcript.search.set_marks("", False)

    def _count(self, counted: _Hits) -> None:
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
        for each in found:
            self._counted.add(each, self._order[each.message_id])
        if self._counted is not self._hits:
            return
        if self._current is None:
            self._begin_with = ""
            first, place = found[0], self._order[found[0].message_id]
            self._go(_Stop(first.message_id, place, first.count - 1 if place < self._begins_at else 0))
        elif self._wanted_step:
            self.step(self._wanted_step)
        if not self._show_timer.isActive():
            self._show_timer.start()

    def _on_ended(self) -> None:
        self._begin_with = ""
        self._hits = self._counted
        self._current = self._hits.again(self._current) if self._current is not None else self._hits.end(1)
        if self._wanted_step:
            self.step(self._wanted_step)
        self._show()

    def _show(self) -> None:
        """Show on the bar how many there are, and which one this is."""
        self._show_timer.stop()
        if self._search.is_running and self._counted is self._hits:
            self._bar.show_searching(self._hits.total)
        else:
            position = self._hits.position(self._current) if self._current is not None else 0
            self._bar.show_position(position, self._hits.total)

    def _go(self, stop: _Stop) -> None:
        self._current = stop
        found, which = self._hits.found_at(stop), stop.which
        for in_reasoning, blocks in ((True, found.in_reasoning), (False, found.in_text)):
            for at, count in blocks:
                if 0 <= which < count:
                    self._transcript.search.go_to(stop.message_id, in_reasoning, at, which)
                which -= count
        if not self._search.is_running:
            self._show()
