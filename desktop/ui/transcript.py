"""The conversation as a page: which messages have widgets, where they stand, and what the reader keeps in sight.

Only messages near the viewport have widgets. Whatever changes above, the line that is being read stays where it is,
unless the reader is at the end and wants to follow.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QPushButton, QWidget

from desktop.core.message import Message, Role
from desktop.runtime.turn import Turn
from desktop.ui import theme as measures
from desktop.ui.message_view import LONGEST_AT_FIRST, MessageView
from desktop.ui.panel_preference import PanelPreference
from desktop.ui.theme import Theme

_TOP = 24
_BETWEEN = 4
_MARGIN_SCREENS = 0.6  # widgets are kept this many screens beyond what is in sight
_SLACK = 24  # the reader counts as being at the end this many pixels above it


@dataclass(slots=True)
class _Item:
    """A message and the room it takes; `height` is an estimate until a widget has been laid out."""

    message: Message
    height: int
    view: MessageView | None = None


class Transcript(QAbstractScrollArea):
    """The messages of one conversation, one under the other, in a column of limited width."""

    retry_requested = Signal()
    action_chosen = Signal(str)  # an ErrorAction of a failed reply
    link_activated = Signal(str)
    preference_changed = Signal(str)  # a PanelPreference that the person has chosen

    def __init__(self, theme: Theme, preference: PanelPreference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._preference = preference
        self._items: list[_Item] = []
        self._tops: list[int] = []
        self._total = 0
        self._live: set[int] = set()  # indices of the items that have a widget
        self._stale_from = 0  # tops from this index on must be reckoned again
        self._follows = True
        self._anchor = (0, 0)  # the item at the top of the viewport, and how far it is scrolled out
        self._is_placing = False
        self._turn: Turn | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Conversation"))
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)  # the theme's paper
        self._bar = self.verticalScrollBar()
        self._range = (-1, -1)  # of the bar: the highest value, and the height of a page
        self._bar.valueChanged.connect(self._on_scrolled)
        self._to_end = QPushButton(self.tr("↓ New text"), self)
        self._to_end.hide()
        self._to_end.clicked.connect(self.scroll_to_end)
        # Heights change many times in one flush; placing once afterwards is enough.
        self._place_timer = QTimer(self, singleShot=True, interval=0)
        self._place_timer.timeout.connect(self._place)
        theme.changed.connect(self._on_theme)

    def show_messages(self, messages: list[Message]) -> None:
        """Show another conversation, at its end."""
        self._drop_views_from(0)
        self._turn = None
        self._items = [_Item(message, self._estimate(message)) for message in messages]
        self._stale_from = 0
        self._follows = True
        self._place()

    def follow(self, turn: Turn, messages: list[Message]) -> None:
        """Show a reply that runs. `messages` is the whole path, which ends with the reply."""
        kept = 0
        for item, message in zip(self._items, messages, strict=False):
            if item.message.id != message.id:
                break
            kept += 1
        last = len(messages) - 1
        kept = min(kept, last)  # the reply's own view is made anew, to follow the turn
        self._drop_views_from(kept)
        del self._items[kept:]
        self._items += [_Item(message, self._estimate(message)) for message in messages[kept:]]
        self._stale_from = min(self._stale_from, kept)
        self._is_placing = True  # one placing at the end is enough, and `_live` must not change under the loop
        for index in self._live:
            self._view(index).set_last(False)
        self._is_placing = False
        self._turn = turn
        turn.finished.connect(self._on_finished)
        self._follows = True
        self._need_view(last)
        self._place()

    def scroll_to_end(self) -> None:
        """Go to the end and follow what comes."""
        self._follows = True
        self._place()

    def set_preference(self, preference: PanelPreference) -> None:
        """How thinking panels open from now on, and those in sight at once."""
        self._preference = preference
        was_placing, self._is_placing = self._is_placing, True  # one placing at the end is enough
        for index in self._live:
            self._view(index).set_preference(preference)
        self._is_placing = was_placing
        self._place()

    def _on_preference_chosen(self, value: str) -> None:
        self.set_preference(PanelPreference(value))
        self.preference_changed.emit(value)

    def _on_finished(self, message: Message) -> None:
        if self._items and self._items[-1].message.id == message.id:  # else it ran in another conversation
            self._turn = None
            self._items[-1].message = message
            self._place_soon()

    def _column(self) -> QRect:
        """Left edge and width of the column of text; the same whether or not there is a scroll bar."""
        room = self.width() - 2 * measures.GAP_PAGE
        width = max(120, min(room, measures.COLUMN_EM * self._theme.text_px))
        return QRect((self.width() - width) // 2, 0, width, 0)

    def _estimate(self, message: Message) -> int:
        """Height of a message that has not been laid out, from its length."""
        letters = max(20, self._column().width() / (self._theme.text_px * 0.52))
        text = message.text[:LONGEST_AT_FIRST] if message.role is Role.USER else message.text
        lines = len(text) / letters + text.count("\n") * 0.6 + 1
        return int(lines * self._theme.text_px * measures.LINE_HEIGHT) + 40

    def _on_height_changed(self) -> None:
        if self._is_placing:
            self._place_soon()
        else:
            self._place()

    def _place_soon(self) -> None:
        if not self._place_timer.isActive():
            self._place_timer.start()

    def _place(self) -> None:
        """Give every message near the viewport a widget, and put each where it belongs."""
        if self._is_placing:
            return
        self._is_placing = True
        try:
            for _ in range(4):  # new widgets may turn out higher or lower than estimated
                self._measure_tops()
                self._set_scroll()
                if not self._realise():
                    break
            self._move_views()
        finally:
            self._is_placing = False
        self._show_button()

    def _measure_tops(self) -> None:
        first = min(self._stale_from, len(self._tops))
        y = _TOP if first == 0 else self._tops[first - 1] + self._items[first - 1].height + _BETWEEN
        del self._tops[first:]
        for item in self._items[first:]:
            self._tops.append(y)
            y += item.height + _BETWEEN
        self._total = y + _BETWEEN
        self._stale_from = len(self._items)

    def _set_scroll(self) -> None:
        page = self.viewport().height()
        most = max(0, self._total - page)
        index, offset = self._anchor
        value = most if self._follows else (self._tops[index] + offset if index < len(self._tops) else most)
        if self._range != (most, page):
            self._range = most, page
            self._bar.setPageStep(page)
            self._bar.setSingleStep(round(self._theme.text_px * measures.LINE_HEIGHT))
            self._bar.setRange(0, most)
        self._bar.setValue(min(most, max(0, value)))

    def _near(self) -> range:
        """Items that need a widget now."""
        page = self.viewport().height()
        top = self._bar.value() - page * _MARGIN_SCREENS
        bottom = top + page * (1 + 2 * _MARGIN_SCREENS)
        first = max(0, bisect_right(self._tops, top) - 1)
        return range(first, bisect_right(self._tops, bottom))

    def _realise(self) -> bool:
        """Make, measure and drop widgets; True when a height changed."""
        near = self._near()
        width = self._column().width()
        changed = False
        for index in near:
            view = self._need_view(index)
            tall = view.height_for(width)
            if tall != self._items[index].height:
                self._items[index].height = tall
                self._stale_from = min(self._stale_from, index + 1)
                changed = True
        for index in [each for each in self._live if each not in near and not self._must_keep(each)]:
            self._drop_view(index)
        return changed

    def _move_views(self) -> None:
        column = self._column()
        value = self._bar.value()
        for index in sorted(self._live):
            view = self._view(index)
            view.setGeometry(column.left(), self._tops[index] - value, column.width(), self._items[index].height)
            view.lay_out()
            view.show()

    def _must_keep(self, index: int) -> bool:
        view = self._view(index)
        focused = self.focusWidget()
        return view.is_running or (focused is not None and view.isAncestorOf(focused))

    def _view(self, index: int) -> MessageView:
        view = self._items[index].view
        assert view is not None
        return view

    def _need_view(self, index: int) -> MessageView:
        item = self._items[index]
        if item.view is not None:
            return item.view
        is_last = index == len(self._items) - 1
        view = MessageView(item.message, self._theme, self._preference, is_last=is_last, parent=self.viewport())
        view.height_changed.connect(self._on_height_changed)
        view.retry_requested.connect(self.retry_requested)
        view.action_chosen.connect(self.action_chosen)
        view.link_activated.connect(self.link_activated)
        view.preference_chosen.connect(self._on_preference_chosen)
        view.action_focused.connect(lambda: self._bring_to_sight(view))
        if is_last and self._turn is not None and item.message.role is Role.ASSISTANT:
            view.follow(self._turn)
        item.view = view
        self._live.add(index)
        return view

    def _bring_to_sight(self, view: MessageView) -> None:
        """Scroll so far that the actions of a message, at its lower end, can be seen."""
        index = next((each for each in self._live if self._view(each) is view), None)
        if index is None or self._is_placing:
            return
        bottom = self._tops[index] + self._items[index].height
        page = self.viewport().height()
        top = self._bar.value()
        if not top + page // 8 <= bottom <= top + page:
            self._bar.setValue(bottom - page // 2)

    def _drop_view(self, index: int) -> None:
        view = self._view(index)
        view.hide()
        view.deleteLater()
        self._items[index].view = None
        self._live.discard(index)

    def _drop_views_from(self, first: int) -> None:
        was_placing, self._is_placing = self._is_placing, True  # the focus wanders as views go
        for index in [each for each in self._live if each >= first]:
            self._drop_view(index)
        self._is_placing = was_placing

    def _on_scrolled(self, value: int) -> None:
        if self._is_placing:
            return
        self._follows = value >= self._bar.maximum() - _SLACK
        index = max(0, bisect_right(self._tops, value) - 1)
        if index + 1 < len(self._items) and value >= self._tops[index] + self._items[index].height:
            index += 1  # between two messages: the one above may change its height
        self._anchor = (index, value - self._tops[index] if self._tops else 0)
        self._place()

    def _show_button(self) -> None:
        shown = not self._follows and self._turn is not None
        self._to_end.setVisible(shown)
        if shown:
            hint = self._to_end.sizeHint()
            x = (self.viewport().width() - hint.width()) // 2
            self._to_end.setGeometry(x, self.height() - hint.height() - measures.GAP, hint.width(), hint.height())
            self._to_end.raise_()

    def _on_theme(self) -> None:
        for index in self._live:
            self._view(index).refresh_look()
        self.viewport().update()
        self._place_soon()

    # Qt's own methods

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        # Moves the widgets and what is painted in one go; `_place` then fills in what has come into sight.
        self.viewport().scroll(0, dy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
