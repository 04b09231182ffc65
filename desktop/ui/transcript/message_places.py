"""The places of the messages in a transcript: which of them have widgets, and where each stands.

Only messages near the viewport have widgets. Whatever changes above, the line that is being read stays where it is,
unless the reader is at the end and wants to follow: `scroll_anchor.py` knows which line that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, QRect, QTimer
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSlider, QScrollBar

from desktop.core.message import Message, PathEntry, Role
from desktop.runtime.generation import Generation
from desktop.runtime.path import ConversationPath
from desktop.ui.look import tokens as measures
from desktop.ui.look.theme import Theme
from desktop.ui.transcript.message_rows import MessageRows
from desktop.ui.transcript.message_view import MessageView
from desktop.ui.transcript.message_views import MessageViews
from desktop.ui.transcript.scroll_anchor import ScrollAnchor

_VISIBLE = 0.5  # pixels


class CalmScrollBar(QScrollBar):
    """A vertical bar that is painted again when its handle has another place or length on the screen.

    Whoever changes its range calls `settle` then, unless the value follows: in between, the handle is nowhere.
    """

    def __init__(self) -> None:
        super().__init__()
        self._painted = (0.0, 0.0)  # top and length of the handle in pixels

    def settle(self, least: float = _VISIBLE) -> None:
        """Paint it if the handle has moved by so many pixels; with 0, as it is to the last part of one."""
        length, page, most = self.height(), self.pageStep(), max(1, self.maximum())
        handle = length * page / (most + page)
        top = (length - handle) * self.value() / most
        if max(abs(top - self._painted[0]), abs(handle - self._painted[1])) > least:
            self._painted = top, handle
            self.update()

    # Qt's own methods

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        if change is QAbstractSlider.SliderChange.SliderValueChange:
            self.settle()
        elif change is not QAbstractSlider.SliderChange.SliderRangeChange:
            super().sliderChange(change)


_MARGIN_SCREENS = 0.6  # widgets are kept this many screens beyond what is in sight
_MARGIN_PAUSE_MS = 300
_ROUNDS = 5  # of placing: new widgets may turn out higher or lower than estimated


class MessagePlaces(QObject):
    """The layout of the messages of one path in a scrolled area."""

    def __init__(
        self,
        area: QAbstractScrollArea,
        theme: Theme,
        rows: MessageRows,
        views: MessageViews,
        reading: ScrollAnchor,
        must_keep: Callable[[int], bool],
        on_placed: Callable[[], None],
    ) -> None:
        """Keep the dependencies; `must_keep` says of a message far away that its widget is needed all the same."""
        super().__init__(area)
        self._area = area
        self._theme = theme
        self._rows = rows
        self._views = views
        self._reading = reading
        self._must_keep = must_keep
        self._on_placed = on_placed
        self._bar = CalmScrollBar()
        area.setVerticalScrollBar(self._bar)
        # Opaque, as is the viewport: else all that lies below is painted whenever the bar moves, down to the window.
        if (beside := self._bar.parentWidget()) is not None:
            beside.setAutoFillBackground(True)
        self._page = -1  # its height, as the bar knows it
        self.path: ConversationPath | None = None
        self.entries: list[PathEntry] = []  # of the path, as they stand here
        self.generation: Generation | None = None  # that runs at the end of the path
        self.is_placing = False
        self._placed_in = QRect()  # the column
        self._has_been_seen = False
        self._awaited: QWindow | None = None  # that nobody can see, while something has grown in it
        # Heights change many times in one flush; placing once afterwards is enough.
        self._place_timer = QTimer(self, singleShot=True, interval=0)
        self._place_timer.timeout.connect(self.place)
        # What is about to come into sight is made between two steps of scrolling, not within one.
        self._margin_timer = QTimer(self, singleShot=True, interval=0)
        self._margin_timer.timeout.connect(self._fill_margin)
        views.height_changed.connect(self._on_height_changed)

    def _column(self) -> QRect:
        """Return left edge and width of the column of text; the same with and without a scroll bar."""
        room = self._area.width() - 2 * measures.GAP_PAGE
        width = max(120, min(room, measures.COLUMN_EM * self._theme.text_px))
        return QRect((self._area.width() - width) // 2, 0, width, 0)

    @contextmanager
    def once(self) -> Iterator[None]:
        """Defer placing while messages change in here; one placing afterwards is enough."""
        was_placing, self.is_placing = self.is_placing, True
        try:
            yield
        finally:
            self.is_placing = was_placing

    def _on_height_changed(self) -> None:
        if self._awaited is not None or self._put_off():
            return
        if self.is_placing:
            self.place_soon()
        elif not self._grow():
            self.place()

    def _grow(self) -> bool:
        """Place the running reply alone, of which more words have come. Return False if there is more to be placed."""
        view = self._views.get(len(self.entries) - 1)
        if self.generation is None or view is None or not self._reading.follows or self._column() != self._placed_in:
            return False
        if not all(each.is_settled or each is view for _, each in self._views.items()):
            return False
        self.is_placing = True
        try:
            index, column = len(self.entries) - 1, self._placed_in
            for _ in range(_ROUNDS):
                self._rows.measured(index, view.height_for(column.width()))
                self._set_scroll()  # which takes the others along
                if not self._set_sight(index, view):
                    break
            self._move_view(index, view, column)
        finally:
            self.is_placing = False
        self._end_placing()
        return True

    def _put_off(self) -> bool:
        """Lay out nothing that grows while nobody can see it, and all of it when the window is back.

        Return False where it can be seen. A window that has not been shown yet is laid out for whoever measures it.
        """
        window = self._area.window().windowHandle()
        if window is None or window.isExposed() or not self._has_been_seen:
            self._has_been_seen = self._has_been_seen or (window is not None and window.isExposed())
            return False
        self._awaited = window
        window.installEventFilter(self)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Expose and self._awaited is not None and self._awaited.isExposed():
            self._awaited.removeEventFilter(self)
            self._awaited = None
            self.place_soon()
        return False

    def place_soon(self) -> None:
        """Give each message its place before the next paint."""
        if not self._place_timer.isActive():
            self._place_timer.start()

    def place(self) -> None:
        """Give every visible message a widget, and put each where it belongs."""
        if self.is_placing:
            return
        self.is_placing = True
        try:
            column = self._column()
            self._rows.set_look(column.width(), self._theme.text_px)
            for index, view in self._views.items():
                self._rows.measured(index, view.height_for(column.width()))
            for _ in range(_ROUNDS):
                self._set_scroll()
                if not self._realise(column.width()):
                    break
            for index, view in self._views.items():
                self._move_view(index, view, column)
                view.show()
            self._placed_in = column
        finally:
            self.is_placing = False
        self._bar.settle(0)
        self._end_placing()

    def _end_placing(self) -> None:
        self._on_placed()
        # While an answer grows, what is around it need not be looked at after each of its words.
        pause = _MARGIN_PAUSE_MS if self.generation is not None and self._reading.follows else 0
        if not self._margin_timer.isActive() or pause == 0:
            self._margin_timer.start(pause)

    def _set_scroll(self) -> None:
        page = self._area.viewport().height()
        most = max(0, self._rows.total - page)
        value = most if self._reading.follows else round(self._reading.y)
        if self._page != page:
            self._page = page
            self._bar.setPageStep(page)
            self._bar.setSingleStep(round(self._theme.text_px * measures.LINE_HEIGHT))
        self._set_range(most)
        value = min(most, max(0, value))
        if value == self._bar.value():
            self._bar.settle()
            return
        # Nobody else need be told, and Qt would start a timer at each step, for bars that come and go.
        is_quiet = self._bar.blockSignals(True)
        self._bar.setValue(value)
        self._bar.blockSignals(is_quiet)
        self._area.scrollContentsBy(0, 0)

    def _set_range(self, most: int) -> None:
        known = self._bar.maximum()
        if most == known:
            return
        # While it only gets longer, nobody need be told: Qt would look each time again if the bar is needed at all.
        is_quiet = self._bar.blockSignals(0 < known < most)
        self._bar.setRange(0, most)
        self._bar.blockSignals(is_quiet)

    def _near(self, screens: float) -> range:
        """Return the visible messages, and those of so many screens around."""
        page = self._area.viewport().height()
        value = self._bar.value()
        if not len(self._rows):
            return range(0)
        return self._rows.between(value - page * screens, value + page * (1 + screens))

    def _realise(self, width: int) -> bool:
        """Make the widgets that are missing and measure all. Return True if a height changed."""
        for index in self._near(0):
            self._need_view(index)
        changed = False
        for index, view in self._views.items():
            tall = view.height_for(width)
            if self._set_sight(index, view):
                tall = view.height_for(width)
            changed = self._rows.measured(index, tall) or changed
        return changed

    def _set_sight(self, index: int, view: MessageView) -> bool:
        page, top = self._area.viewport().height(), self._bar.value() - self._rows.top(index)
        margin = page * _MARGIN_SCREENS
        return view.set_sight(top - margin, top + page + margin)

    def _fill_margin(self) -> None:
        """Make one message that is about to become visible, and drop what is far away."""
        missing = [index for index in self._near(_MARGIN_SCREENS) if index not in self._views]
        held = [index for index in missing if self._message(index) is not None]
        if held:
            sight = self._near(0)  # from there outwards: what is next to it comes into sight first
            self._need_view(min(held, key=lambda index: max(sight.start - index, index - sight.stop)))
            self.place()  # which comes back here
        far = self._near(2 * _MARGIN_SCREENS)
        for index in self._views:
            if index not in far and not self._must_keep(index):
                self._views.delete_view(index)
        if self.path is not None and len(held) < len(missing):
            self.path.want([self.entries[index].id for index in far])

    def _move_view(self, index: int, view: MessageView, column: QRect) -> None:
        top = self._rows.top(index) - self._bar.value()
        view.setGeometry(column.left(), top, column.width(), self._rows.heights[index])
        view.lay_out()

    def _message(self, index: int) -> Message | None:
        return self.path.message(self.entries[index].id) if self.path is not None else None

    def _need_view(self, index: int) -> None:
        """Give a message a widget, unless its words are still on the disk."""
        message = self._message(index)
        if index not in self._views and message is not None:
            is_last = index == len(self.entries) - 1
            self._views.make_view(index, message, self.entries[index], is_last=is_last, generation=self.generation)
            if message.role is Role.ASSISTANT:
                before, after = self._reply_beside(index, -1), self._views.get(self._reply_beside(index, 1))
                self._views[index].set_before(self._message(before) if before >= 0 else None)
                if after is not None:
                    after.set_before(message)

    def _reply_beside(self, index: int, by: int) -> int:
        """Return the reply before another one, or after it; -1 where there is none."""
        beside = range(index + by, len(self.entries) if by > 0 else -1, by)
        return next((each for each in beside if self.entries[each].role is Role.ASSISTANT), -1)
