"""The search in the current conversation: between the bar, the background count, and the transcript's highlights.

A step goes from occurrence to occurrence in reading order: in each message first the thinking, then the answer. The
search begins with the message that is visible, then goes on to the end, then back to the beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QPoint, QTimer

from desktop.core.text.find import FoundIn
from desktop.rendering.page.shown_hits import found_in
from desktop.runtime.path import PathSearch
from desktop.ui.transcript.view import Transcript
from desktop.ui.widgets.find_bar import FindBar

_SHOW_MS = 100  # between two numbers while counting: one can read them


@dataclass(frozen=True, slots=True)
class _Stop:
    """An occurrence: the message, and its index among those in it."""

    message_id: str
    which: int


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
        self._found: dict[str, FoundIn] = {}
        self._counted: dict[str, FoundIn] = {}  # by the count that runs; another one while counting anew
        self._total = 0  # of all that is in `_found`
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
        if self._search.is_running and self._current is None and self._counted is self._found:
            self._count(self._found)
        else:
            self._count({})

    def step(self, by: int) -> None:
        """Go to the next occurrence (1) or the one before (-1), and on from the other end if there is none."""
        if self._current is None:
            return
        stop = self._next(self._current, by)
        if stop is None and self._search.is_running:
            self._wanted_step = by
            return
        self._wanted_step = 0
        if stop is None:
            stop = self._end(by)
            self._bar.show_wrapped(by > 0)
        if stop is not None:
            self._go(stop)

    def _on_query(self, query: str, with_reasoning: bool) -> None:
        self._query = (query.strip(), with_reasoning)
        self._transcript.search.set_marks(*self._query)
        self._current = None
        self._wanted_step = 0
        self._found = {}
        self._total = 0
        if self._query[0]:
            self._count(self._found)
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
        self._found = {}
        self._transcript.search.set_marks("", False)

    def _count(self, counted: dict[str, FoundIn]) -> None:
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
        self._counted |= {each.message_id: each for each in found}
        if self._counted is not self._found:
            return
        self._total += sum(each.count for each in found)
        if self._current is None:
            self._begin_with = ""
            first = found[0]
            is_before = self._order[first.message_id] < self._begins_at
            self._go(_Stop(first.message_id, first.count - 1 if is_before else 0))
        elif self._wanted_step:
            self.step(self._wanted_step)
        if not self._show_timer.isActive():
            self._show_timer.start()

    def _on_ended(self) -> None:
        self._begin_with = ""
        self._found = self._counted
        self._total = sum(each.count for each in self._found.values())
        if self._current is not None:
            there = self._found.get(self._current.message_id)
            if there is None:
                self._current = self._end(1)
            elif self._current.which >= there.count:
                self._current = _Stop(self._current.message_id, there.count - 1)
        else:
            self._current = self._end(1)
        if self._wanted_step:
            self.step(self._wanted_step)
        self._show()

    def _show(self) -> None:
        """Show on the bar how many there are, and which one this is."""
        self._show_timer.stop()
        if self._search.is_running and self._counted is self._found:
            self._bar.show_searching(self._total)
        else:
            self._bar.show_position(self._position(), self._total)

    def _position(self) -> int:
        if self._current is None:
            return 0
        place = self._order.get(self._current.message_id, 0)
        before = (each.count for each in self._found.values() if self._order.get(each.message_id, 0) < place)
        return sum(before) + self._current.which + 1

    def _next(self, stop: _Stop, by: int) -> _Stop | None:
        """Return the occurrence beside one, among those that are known, or None."""
        here = self._found.get(stop.message_id)
        if here is not None and 0 <= stop.which + by < here.count:
            return _Stop(stop.message_id, stop.which + by)
        place = self._order.get(stop.message_id, 0)
        return self._outermost(by, [each for each in self._found if (self._order.get(each, place) - place) * by > 0])

    def _end(self, by: int) -> _Stop | None:
        """Return the first occurrence of all in the direction of `by`, or None."""
        return self._outermost(by, list(self._found))

    def _outermost(self, by: int, message_ids: Sequence[str]) -> _Stop | None:
        """Return the first occurrence in the first of these messages in the direction of `by`, or None."""
        if not message_ids:
            return None
        message_id = min(message_ids, key=lambda each: self._order.get(each, 0) * by)
        return _Stop(message_id, 0 if by > 0 else self._found[message_id].count - 1)

    def _go(self, stop: _Stop) -> None:
        self._current = stop
        found, which = self._found[stop.message_id], stop.which
        for in_reasoning, places in ((True, found.in_reasoning), (False, found.in_text)):
            for at, count in places:
                if 0 <= which < count:
                    self._transcript.search.go_to(stop.message_id, in_reasoning, at, which)
                which -= count
        if not self._search.is_running:
            self._show()
