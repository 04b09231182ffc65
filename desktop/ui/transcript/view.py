"""The conversation as a page: which path it shows, where its messages stand, and how it follows an answer.

Only messages near the viewport have widgets. Whatever changes above, the line that is being read stays where it is,
unless the reader is at the end and wants to follow: `marks.py` has the numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from itertools import takewhile

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPalette, QResizeEvent, QWindow
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QPushButton, QScrollBar

from desktop.core.message import Message, PathEntry, Role, Sign
from desktop.rendering.formula.typesetter import FormulaTypesetter, Key
from desktop.runtime.generation import Generation
from desktop.runtime.path import ConversationPath
from desktop.ui.look import stylesheet as measures
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import Reading
from desktop.ui.text.content import Channel, TextPosition
from desktop.ui.text.surface import LinkHint, TextSurface
from desktop.ui.transcript.marks import (
    MessageRows,
    ReadingPosition,
    TranscriptDifferences,
    TranscriptEvidence,
    TranscriptSearch,
)
from desktop.ui.transcript.message import MessageAnchor, MessageView
from desktop.ui.transcript.selection import TranscriptSelection
from desktop.ui.widgets.keys import letters_of

_SLACK = 24  # the reader counts as being at the end this many pixels above it
_SHOWN_AT = 0.25  # of the viewport from its top: where a message or a line that was asked for comes to stand
_MARGIN_SCREENS = 0.6  # widgets are kept this many screens beyond what is in sight
_MARGIN_PAUSE_MS = 300
_ROUNDS = 5  # of placing: new widgets may turn out higher or lower than estimated
_LEAST_COLUMN_PX = 120


class Transcript(QAbstractScrollArea):
    """The messages of one conversation, one under the other, in a column of limited width."""

    typed = Signal(str)  # letters, which are meant for where one writes

    def __init__(self, theme: Theme, reading: Reading | None = None) -> None:
        """Build the page. `reading` gets what is asked for at the messages; by default, one of its own."""
        super().__init__()
        self._theme = theme
        self.reading = reading or Reading(parent=self)
        self.reading.changed.connect(self._on_reading)
        self._formulas = FormulaTypesetter(parent=self)
        self._formulas.ready.connect(self._on_formulas)
        self._look = PageLook(theme, self._formulas, self)  # before the transcript, to be asked anew by its messages
        self.path: ConversationPath | None = None  # the conversation that is shown
        self._entries: list[PathEntry] = []  # of the path, as they stand here
        self._generation: Generation | None = None  # that runs at the end of the path
        self._views: dict[int, MessageView] = {}  # by the index of the message in the path
        self._rows = MessageRows()
        self._position = ReadingPosition(self._rows, self.view_at)
        self._is_placing = False
        self._has_news = False  # something has come below that has not been seen
        self._moved_to = 0  # the value of the bar by which what is painted has been moved
        self._has_been_seen = False
        self._unseen: QWindow | None = None  # that nobody can see, while something has grown in it
        # Heights change many times in one flush; placing once afterwards is enough.
        self._place_timer = QTimer(self, singleShot=True, interval=0)
        self._place_timer.timeout.connect(self.place)
        # What is about to come into sight is made between two steps of scrolling, not within one.
        self._margin_timer = QTimer(self, singleShot=True, interval=0)
        self._margin_timer.timeout.connect(self._fill_margin)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Conversation"))
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)  # the theme's paper
        self._bar = QScrollBar()
        self.setVerticalScrollBar(self._bar)
        self._bar.valueChanged.connect(self._on_scrolled)
        # Opaque, as is the viewport: else all that lies below is painted whenever the bar moves, down to the window.
        if (beside := self._bar.parentWidget()) is not None:
            beside.setAutoFillBackground(True)
        self._to_end = QPushButton(self.tr("↓ New text"), self)
        self._to_end.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._to_end.hide()
        self._to_end.clicked.connect(self.scroll_to_end)
        self._link_hint = LinkHint(theme, self)
        self.selection = TranscriptSelection(self, self)
        self.search = TranscriptSearch(self, self)
        self.differences = TranscriptDifferences(self, self)
        self.evidence = TranscriptEvidence(self, self)
        theme.changed.connect(self._on_theme)

    # What is shown

    def show_path(self, path: ConversationPath) -> None:
        """Show another conversation: where it was left, or else at its end."""
        self._enter_path(path)
        self.place()
        path.complete()

    def show_branch(self) -> None:
        """Show the path's present messages, from the first that is another one; the position is kept."""
        if self.path is None:
            return
        self._generation = None
        kept = self._kept_of(self.path.entries)
        if self._position.follows and kept in self._views:  # the reader was at the end, which is another one now
            below = float(self._bar.value() - self._rows.top(kept))
            self._position.stay_in(kept, MessageAnchor(None, None, below))
        self._take_entries(kept)
        self.place()

    def show_again(self, index: int) -> None:
        """Show the message at `index` of the path anew: its words moved between channels; the position is kept."""
        if self.path is not None:
            self._take_entries(index)
            self.place()

    def follow(self, generation: Generation, path: ConversationPath, *, to_end: bool = True) -> None:
        """Show a running reply at the end of the path; go `to_end` if the user has asked for it."""
        if is_new := path is not self.path:
            self._enter_path(path)
        self._generation = generation
        self._take_entries(min(self._kept_of(path.entries), len(path.entries) - 1))  # the reply's view is to follow it
        generation.ended.connect(self._on_finished)
        self._position.follows = self._position.follows or to_end
        self.place()
        if is_new:
            path.complete()

    def show_signs(self, message_id: str, signs: tuple[Sign, ...]) -> None:
        """Show the signs of trouble that have just been found in a reply."""
        if (found := self.view_of(message_id)) is not None:
            found[1].show_signs(signs)

    # How it is read

    def stop_following(self) -> None:
        """Stop following the end of a growing answer: the user is at work in what is visible."""
        self._position.stay_at(self._bar.value())

    def resume_following(self) -> None:
        """Allow following the end again."""
        self._position.follows = self._bar.value() >= self._bar.maximum() - _SLACK
        self.place()

    def scroll_to_end(self) -> None:
        """Go to the end and follow what comes."""
        self._position.follows = True
        self.place()

    def bring(self, index: int, y: float) -> None:
        """Scroll a height of a message to about a quarter of the viewport."""
        above = self.viewport().height() * _SHOWN_AT
        self._position.stay_in(index, MessageAnchor(None, None, y - above))
        self.place()
        self._position.stay_at(self._bar.value())

    def keep_free(self, height: int) -> None:
        """Leave so many pixels above the messages to something else; if there is text above, nothing moves."""
        change = height - self.viewportMargins().top()
        self.setViewportMargins(0, height, 0, 0)
        if not self._position.follows:
            self._bar.setValue(self._bar.value() + change)

    def take_escape(self) -> bool:
        """Act on Escape while the messages have the focus. Return False if it means something else."""
        if not self.hasFocus() or self.selection.is_empty:
            return False
        self.selection.clear()
        self.resume_following()
        return True

    def is_in_sight(self, index: int, y: float) -> bool:
        """Return True if a height of a message is visible."""
        line = self._theme.text_px * measures.LINE_HEIGHT
        at = self._rows.top(index) + y - self._bar.value()
        return 0 <= at <= self.viewport().height() - 2 * line

    # Its widgets

    def view_at(self, index: int) -> MessageView | None:
        """Return the widget of a message; None if it has none now."""
        return self._views.get(index)

    def index_of(self, view: MessageView) -> int | None:
        """Return the index of a widget's message; None if the widget has been dropped."""
        return next((index for index, each in self._views.items() if each is view), None)

    def view_of(self, message_id: str) -> tuple[int, MessageView] | None:
        """Return the index and the widget of a message; None if it has none now."""
        return next((each for each in self._views.items() if each[1].message.id == message_id), None)

    def texts(self) -> list[tuple[int, MessageView, Channel, TextSurface]]:
        """Return all texts that have widgets now, from top to bottom."""
        return [(index, view, *each) for index, view in self.live_views() for each in view.surfaces()]

    def live_views(self) -> list[tuple[int, MessageView]]:
        """Return all messages that have widgets now, from top to bottom."""
        return sorted(self._views.items())

    def position_at(self, point: QPoint) -> TextPosition | None:
        """Return the character at a point of the viewport, or the nearest visible one; None without messages."""
        if not self._views:
            return None
        y = max(0, min(point.y(), self.viewport().height() - 1))
        wanted = self._rows.at(y + self._bar.value())
        index = min(self._views, key=lambda each: abs(each - wanted))
        view = self._views[index]
        channel, position = view.position_at(view.mapFrom(self.viewport(), QPoint(point.x(), y)))
        return TextPosition(index, channel, position)

    def _message(self, index: int) -> Message | None:
        return self.path.message(self._entries[index].id) if self.path is not None else None

    def _need_view(self, index: int, width: int) -> None:
        """Give a message a widget, unless its words are still on the disk."""
        message = self._message(index)
        if index in self._views or message is None:
            return
        entry, is_last = self._entries[index], index == len(self._entries) - 1
        view = MessageView(
            message,
            self._look,
            self.reading,
            is_last=is_last,
            is_followed=lambda: self._position.follows,
            parent=self.viewport(),
        )
        view.set_versions(entry.version, entry.versions)
        view.height_changed.connect(self._on_height_changed)
        view.action_focused.connect(lambda: self._bring_to_sight(view))
        view.copy_requested.connect(lambda form, thinking: self.selection.copy_message(view, form, thinking))
        view.surface_made.connect(lambda channel, surface: self._adopt(view, channel, surface))
        view.set_sight(0.0, 0.0)  # until it is known where it stands, nothing of it is laid out
        self._views[index] = view  # before it follows: what it then says has the page placed
        if is_last and self._generation is not None and message.role is Role.ASSISTANT:
            view.follow(self._generation)
        for channel, surface in view.surfaces():
            self._adopt(view, channel, surface)
        for at, each in list(self._views.items()):  # one that says more then may have the page placed
            each.set_before(self._reply_before(at))
            each.set_question(self._message(at - 1) if at else None)
        view.height_for(width)

    def _reply_before(self, index: int) -> Message | None:
        before = (at for at in range(index - 1, -1, -1) if self._entries[at].role is Role.ASSISTANT)
        at = next(before, None)
        return self._message(at) if at is not None else None

    def _adopt(self, view: MessageView, channel: Channel, surface: TextSurface) -> None:
        surface.link_hovered.connect(self._link_hint.show_address)
        surface.target_reached.connect(lambda y: self._show_target(view, surface, y))
        self.selection.watch(view, channel, surface)
        self.search.watch(channel, surface)
        self.differences.watch(view, channel, surface)
        self.evidence.watch(view, channel, surface)

    def _must_keep(self, index: int) -> bool:
        """Return True if the widget of a message is needed, however far away: it grows, or is being used."""
        view, focused = self._views[index], self.focusWidget()
        has_focus = focused is not None and view.isAncestorOf(focused)
        return view.is_running or has_focus or self.selection.began_in(index)

    def _drop(self, index: int) -> None:
        view = self._views.pop(index)
        view.hide()
        view.deleteLater()

    def _drop_from(self, first: int) -> None:
        with self._placing():  # the focus wanders as widgets go
            for index in [each for each in self._views if each >= first]:
                self._drop(index)

    # The messages of the path

    def _enter_path(self, path: ConversationPath) -> None:
        """Leave the path that was shown for another one, of which nothing is placed yet."""
        self._has_news = False
        self._generation = None
        self.selection.clear()
        if self.path is not None:
            self._position.leave(self.path)
            self.path.outlined.disconnect(self._on_outlined)
            self.path.arrived.disconnect(self._on_arrived)
        self.path = path
        path.outlined.connect(self._on_outlined)
        path.arrived.connect(self._on_arrived)
        self._take_entries(0)
        self._position.enter(path)

    def _kept_of(self, entries: Sequence[PathEntry]) -> int:
        """Return how many messages, from the first on, are those that stand here already."""
        pairs = zip(self._entries, entries, strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0].id == pair[1].id, pairs))

    def _take_entries(self, kept: int) -> None:
        """Replace the messages from `kept` on by those of the path."""
        assert self.path is not None
        self.selection.keep_below(kept)
        self._drop_from(kept)
        self._rows.cut(kept)
        self._entries = list(self.path.entries)
        self._rows.insert(kept, self._entries[kept:])
        with self._placing():
            for index, view in self._views.items():
                view.set_last(index == len(self._entries) - 1)
                view.set_versions(self._entries[index].version, self._entries[index].versions)

    def _on_outlined(self, count: int) -> None:
        """Insert so many messages before all others."""
        assert self.path is not None
        self._entries = list(self.path.entries)
        self._rows.insert(0, self._entries[:count])
        self._views = {index + count: view for index, view in self._views.items()}
        self._position.shift(count)
        self.selection.move(count)
        self._position.find(self.path)
        self.place()
        self.search.go_on()

    def _on_arrived(self) -> None:
        self._place_timer.start()
        self.search.go_on()

    def _on_finished(self, message: Message) -> None:
        if self._entries and self._entries[-1].id == message.id:  # else it ran in another conversation
            self._generation = None
            self._place_timer.start()

    # Where they stand

    def place(self) -> None:
        """Give every visible message a widget, and put each where it belongs."""
        if self._is_placing:
            return
        with self._placing():
            column = self._column()
            width = column.width()
            self._rows.set_look(width, self._theme.text_px)
            self._measure(width)
            for _ in range(_ROUNDS):
                self._scroll_to_position()
                for index in self._near(0):
                    self._need_view(index, width)
                page = self.viewport().height()
                margin = page * _MARGIN_SCREENS
                for index, view in self._views.items():
                    top = self._bar.value() - self._rows.top(index)
                    view.set_sight(top - margin, top + page + margin)
                if not self._measure(width):
                    break
            for index, view in self._views.items():
                top = self._rows.top(index) - self._bar.value()
                view.setGeometry(column.left(), top, width, self._rows.heights[index])
                view.lay_out()
                view.show()
        self._show_button()
        # While an answer grows, what is around it need not be looked at after each of its words.
        pause = _MARGIN_PAUSE_MS if self._generation is not None and self._position.follows else 0
        if not self._margin_timer.isActive() or pause == 0:
            self._margin_timer.start(pause)

    @contextmanager
    def _placing(self) -> Iterator[None]:
        """Defer placing while messages change in here; one placing afterwards is enough."""
        was_placing, self._is_placing = self._is_placing, True
        try:
            yield
        finally:
            self._is_placing = was_placing

    def _column(self) -> QRect:
        """Return left edge and width of the column of text; the same with and without a scroll bar."""
        room = self.width() - 2 * measures.GAP_PAGE
        width = max(_LEAST_COLUMN_PX, min(room, measures.COLUMN_EM * self._theme.text_px))
        return QRect((self.width() - width) // 2, 0, width, 0)

    def _measure(self, width: int) -> bool:
        """Note the heights of all widgets. Return True if one has changed."""
        changed = [self._rows.measured(index, view.height_for(width)) for index, view in self._views.items()]
        return any(changed)

    def _near(self, screens: float) -> range:
        """Return the visible messages, and those of so many screens around."""
        page, value = self.viewport().height(), self._bar.value()
        return self._rows.between(value - page * screens, value + page * (1 + screens)) if len(self._rows) else range(0)

    def _scroll_to_position(self) -> None:
        page, known = self.viewport().height(), self._bar.maximum()
        most = max(0, self._rows.total - page)
        self._bar.setPageStep(page)
        self._bar.setSingleStep(round(self._theme.text_px * measures.LINE_HEIGHT))
        # While it only gets longer, nobody need be told: Qt would look each time again if the bar is needed at all.
        is_quiet = self._bar.blockSignals(0 < known < most)
        self._bar.setRange(0, most)
        self._bar.blockSignals(True)
        self._bar.setValue(most if self._position.follows else round(self._position.y))
        self._bar.blockSignals(is_quiet)
        self.scrollContentsBy(0, 0)

    def _fill_margin(self) -> None:
        """Make one message that is about to become visible, and drop what is far away."""
        missing = [index for index in self._near(_MARGIN_SCREENS) if index not in self._views]
        held = [index for index in missing if self._message(index) is not None]
        if held:
            sight = self._near(0)  # from there outwards: what is next to it comes into sight first
            nearest = min(held, key=lambda index: max(sight.start - index, index - sight.stop))
            self._need_view(nearest, self._column().width())
            self.place()  # which comes back here
        far = self._near(2 * _MARGIN_SCREENS)
        for index in list(self._views):
            if index not in far and not self._must_keep(index):
                self._drop(index)
        if self.path is not None and len(held) < len(missing):
            self.path.want([self._entries[index].id for index in far])

    def _on_height_changed(self) -> None:
        if self._is_placing:
            self._place_timer.start()
        elif self._unseen is None and not self._wait_until_seen():
            self.place()

    def _wait_until_seen(self) -> bool:
        """Lay out nothing that grows while nobody can see it, and all of it when the window is back.

        Return False where it can be seen. A window that has not been shown yet is laid out for whoever measures it.
        """
        window = self.window().windowHandle()
        is_exposed = window is not None and window.isExposed()
        self._has_been_seen = self._has_been_seen or is_exposed
        if window is None or is_exposed or not self._has_been_seen:
            return False
        self._unseen = window
        window.installEventFilter(self)
        return True

    def _show_button(self) -> None:
        is_below = self._bar.value() < self._bar.maximum() - _SLACK
        is_running = self._generation is not None
        self._has_news = is_below and not self._position.follows and (self._has_news or is_running)
        self._to_end.setVisible(self._has_news)  # also when the answer has ended, perhaps badly, below what is read
        if self._has_news:
            hint = self._to_end.sizeHint()
            x = (self.viewport().width() - hint.width()) // 2
            self._to_end.setGeometry(x, self.height() - hint.height() - measures.GAP, hint.width(), hint.height())
            self._to_end.raise_()

    # What happens

    def _bring_to_sight(self, view: MessageView) -> None:
        """Scroll so far that the actions of a message, at its lower end, are visible."""
        index = self.index_of(view)
        if index is None or self._is_placing:
            return
        bottom, page, top = self._rows.bottom(index), self.viewport().height(), self._bar.value()
        if not top + page // 8 <= bottom <= top + page:
            self._bar.setValue(bottom - page // 2)

    def _show_target(self, view: MessageView, surface: TextSurface, y: float) -> None:
        """Scroll to the target with the focus in a text, and show its address again."""
        index = self.index_of(view)
        if index is not None and not self.is_in_sight(index, view.top_of(surface) + y):
            self.bring(index, view.top_of(surface) + y)
        self._link_hint.show_address(surface.target_address)

    def _on_scrolled(self, value: int) -> None:
        if self._is_placing:
            return
        self._position.stay_at(value)
        self._position.follows = value >= self._bar.maximum() - _SLACK
        self.search.cancel_jump()
        self._link_hint.show_address("")  # the link under the pointer is another one now, or none
        self.place()

    def _on_reading(self) -> None:
        """Have the messages be read as is wanted now; the position is kept."""
        with self._placing():
            for view in self._views.values():
                view.read_anew()
        self.place()

    def _on_formulas(self, ready: Set[Key]) -> None:
        with self._placing():  # once for all that becomes higher or lower by that
            for view in self._views.values():
                view.formulas_ready(ready)

    def _on_theme(self) -> None:
        with self._placing():
            for view in self._views.values():
                view.refresh_look()
        self.viewport().update()
        self._place_timer.start()

    # Qt's own methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Expose and self._unseen is not None and self._unseen.isExposed():
            self._unseen.removeEventFilter(self)
            self._unseen = None
            self._place_timer.start()
        return super().eventFilter(watched, event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        # Moves the widgets and what is painted in one go; `place` then fills in what has come into sight. Not by `dy`:
        # Qt is not told of what the page moves by itself.
        by, self._moved_to = self._moved_to - self._bar.value(), self._bar.value()
        if by:
            self.viewport().scroll(0, by)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.selection.take_key(event):
            return
        match event.key():
            case Qt.Key.Key_Home:
                self._bar.setValue(0)
            case Qt.Key.Key_End:
                self.scroll_to_end()
            case _ if letters := letters_of(event):
                self.typed.emit(letters)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.selection.clear()  # a press beside all text
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
