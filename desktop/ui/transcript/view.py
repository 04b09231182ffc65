"""The conversation as a page: which path it shows, how it follows an answer, and what the reader does with it.

Which messages have widgets and where they stand is `message_places.py`, selecting `selection.py`, copying `copying.py`,
finding `search.py`.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import takewhile

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QPushButton, QWidget

from desktop.core.message import Message, PathEntry
from desktop.core.sign import Sign
from desktop.rendering.formula.typesetter import FormulaTypesetter, Key
from desktop.runtime.generation import Generation
from desktop.runtime.path import ConversationPath
from desktop.ui.look import tokens as measures
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import MessageAction, SetPanels
from desktop.ui.text.link_hint import LinkHint
from desktop.ui.text.message_anchor import MessageAnchor
from desktop.ui.text.selection import Channel, TextPosition
from desktop.ui.text.surface import TextSurface
from desktop.ui.transcript.evidence import TranscriptEvidence
from desktop.ui.transcript.message_places import MessagePlaces
from desktop.ui.transcript.message_requests import MessageRequests
from desktop.ui.transcript.message_rows import MessageRows
from desktop.ui.transcript.message_view import MessageView
from desktop.ui.transcript.message_views import MessageViews
from desktop.ui.transcript.scroll_anchor import ScrollAnchor
from desktop.ui.transcript.search import TranscriptDifferences, TranscriptSearch
from desktop.ui.transcript.selection import TranscriptSelection
from desktop.ui.widgets.keys import letters_of

_SLACK = 24  # the reader counts as being at the end this many pixels above it
_SHOWN_AT = 0.25  # of the viewport from its top: where a message or a line that was asked for comes to stand


class Transcript(QAbstractScrollArea):
    """The messages of one conversation, one under the other, in a column of limited width."""

    typed = Signal(str)  # letters, which are meant for where one writes

    def __init__(
        self,
        theme: Theme,
        preference: PanelPreference,
        requests: MessageRequests | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Build the page. `requests` gets what is asked for at the messages; by default, one of its own."""
        super().__init__(parent)
        self._theme = theme
        self.requests = requests or MessageRequests(self)
        self.requests.preference = preference
        self._formulas = FormulaTypesetter(parent=self)
        self._formulas.ready.connect(self._on_formulas)
        look = PageLook(theme, self._formulas, self)  # before the transcript, to be asked anew by its messages
        self._rows = MessageRows()
        self._views = MessageViews(self.viewport(), look, self.requests, lambda: self._reading.follows)
        self.requests.asked.connect(self._on_asked)
        self.requests.changed.connect(self._on_reading)
        self._views.action_focused.connect(self._bring_to_sight)
        self._reading = ScrollAnchor(self._rows, self.view_at)
        self._places = MessagePlaces(
            self, theme, self._rows, self._views, self._reading, self._must_keep, self._show_button
        )
        self._has_news = False  # something has come below that has not been seen
        self._moved_to = 0  # the value of the bar by which what is painted has been moved
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Conversation"))
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)  # the theme's paper
        self._bar = self.verticalScrollBar()
        self._bar.valueChanged.connect(self._on_scrolled)
        self._to_end = QPushButton(self.tr("↓ New text"), self)
        self._to_end.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._to_end.hide()
        self._to_end.clicked.connect(self.scroll_to_end)
        self._link_hint = LinkHint(theme, self)
        self.selection = TranscriptSelection(self, self)
        self.search = TranscriptSearch(self, self)
        self.differences = TranscriptDifferences(self, self)
        self.evidence = TranscriptEvidence(self, self.requests, self)
        self._views.surface_made.connect(self._adopt)
        self._views.copy_requested.connect(self.selection.copy_message)
        theme.changed.connect(self._on_theme)

    @property
    def path(self) -> ConversationPath | None:
        """The conversation that is shown."""
        return self._places.path

    def show_path(self, path: ConversationPath) -> None:
        """Show another conversation: where it was left, or else at its end."""
        self._enter_path(path)
        self._places.place()
        path.complete()

    def show_branch(self) -> None:
        """Show the path's present messages, from the first that is another one; the position is kept."""
        if self._places.path is None:
            return
        self._places.generation = None
        kept = self._kept_of(self._places.path.entries)
        self._hold(kept)
        self._take_entries(kept)
        self._places.place()

    def _hold(self, index: int) -> None:
        """Keep a message at its place on the screen, even if the reader was at the end, which is another one now."""
        if self._reading.follows and index in self._views:
            below = float(self._bar.value() - self._rows.top(index))
            self._reading.anchor_in_message(index, MessageAnchor(None, None, below))
            self._reading.follows = False

    def show_again(self, index: int) -> None:
        """Show the message at `index` of the path anew: its words moved between channels; the position is kept."""
        if self._places.path is not None:
            self._take_entries(index)
            self._places.place()

    def follow(self, generation: Generation, path: ConversationPath, *, to_end: bool = True) -> None:
        """Show a running reply at the end of the path; go `to_end` if the user has asked for it."""
        if is_new := path is not self._places.path:
            self._enter_path(path)
        last = len(path.entries) - 1
        self._places.generation = generation
        self._take_entries(min(self._kept_of(path.entries), last))  # the reply's own view is made to follow it
        generation.ended.connect(self._on_finished)
        self._reading.follows = self._reading.follows or to_end
        self._places.place()
        if is_new:
            path.complete()

    def stop_following(self) -> None:
        """Stop following the end of a growing answer: the user is at work in what is visible."""
        self._reading.anchor_at_height(self._bar.value())
        self._reading.follows = False

    def resume_following(self) -> None:
        """Allow following the end again."""
        self._reading.follows = self._bar.value() >= self._bar.maximum() - _SLACK
        self._places.place()

    def take_escape(self) -> bool:
        """Act on Escape while the messages have the focus. Return False if it means something else."""
        if not self.hasFocus() or self.selection.is_empty:
            return False
        self.selection.clear()
        self.resume_following()
        return True

    def show_signs(self, message_id: str, signs: tuple[Sign, ...]) -> None:
        """Show the signs of trouble that have just been found in a reply."""
        for _, view in self._views.items():
            if view.message.id == message_id:
                view.show_signs(signs)

    def scroll_to_end(self) -> None:
        """Go to the end and follow what comes."""
        self._reading.follows = True
        self._places.place()

    def bring(self, index: int, y: float) -> None:
        """Scroll a height of a message to about a quarter of the viewport."""
        self._reading.follows = False
        above = self.viewport().height() * _SHOWN_AT
        self._reading.anchor_in_message(index, MessageAnchor(None, None, y - above))
        self._places.place()
        self._reading.anchor_at_height(self._bar.value())

    def keep_free(self, height: int) -> None:
        """Leave so many pixels above the messages to something else; if there is text above, nothing moves."""
        change = height - self.viewportMargins().top()
        self.setViewportMargins(0, height, 0, 0)
        if not self._reading.follows:
            self._bar.setValue(self._bar.value() + change)

    def is_in_sight(self, index: int, y: float) -> bool:
        """Return True if a height of a message is visible."""
        line = self._theme.text_px * measures.LINE_HEIGHT
        at = self._rows.top(index) + y - self._bar.value()
        return 0 <= at <= self.viewport().height() - 2 * line

    def view_at(self, index: int) -> MessageView | None:
        """Return the widget of a message; None if it has none now."""
        return self._views.get(index)

    def index_of(self, view: MessageView) -> int | None:
        """Return the index of a widget's message; None if the widget has been dropped."""
        return self._views.index_of(view)

    def live_views(self) -> list[tuple[int, MessageView]]:
        """Return all messages that have widgets now, from top to bottom."""
        return self._views.items()

    def position_at(self, point: QPoint) -> TextPosition | None:
        """Return the character at a point of the viewport, or the nearest visible one; None without messages."""
        if not len(self._views):
            return None
        y = max(0, min(point.y(), self.viewport().height() - 1))
        view = self._views.nearest(self._rows.at(y + self._bar.value()))
        index = self._views.index_of(view)
        assert index is not None
        channel, position = view.position_at(view.mapFrom(self.viewport(), QPoint(point.x(), y)))
        return TextPosition(index, channel, position)

    def _on_reading(self) -> None:
        """Have the messages be read as is wanted now; the position is kept."""
        with self._places.once():
            self._views.read_anew()
        self._places.place()

    def _on_asked(self, _: str, action: MessageAction) -> None:
        if isinstance(action, SetPanels):
            self.requests.read(preference=action.preference)

    def _enter_path(self, path: ConversationPath) -> None:
        """Leave the path that was shown for another one, of which nothing is placed yet."""
        self._has_news = False
        if self._places.path is not None:
            self._reading.leave(self._places.path)
        self._let_go_from(0)
        self._places.generation = None
        self.selection.clear()
        if self._places.path is not None:
            self._places.path.outlined.disconnect(self._on_outlined)
            self._places.path.arrived.disconnect(self._on_arrived)
        self._places.path = path
        path.outlined.connect(self._on_outlined)
        path.arrived.connect(self._on_arrived)
        self._take_entries(0)
        self._reading.enter(path)

    def _kept_of(self, entries: Sequence[PathEntry]) -> int:
        """Return how many messages, from the first on, are those that stand here already."""
        pairs = zip(self._places.entries, entries, strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0].id == pair[1].id, pairs))

    def _take_entries(self, kept: int) -> None:
        """Replace the messages from `kept` on by those of the path."""
        assert self._places.path is not None
        self.selection.keep_below(kept)
        self._let_go_from(kept)
        self._rows.cut(kept)
        self._places.entries = list(self._places.path.entries)
        self._rows.append(self._places.entries[kept:])
        with self._places.once():
            self._views.describe(self._places.entries)

    def _on_outlined(self, count: int) -> None:
        """Insert so many messages before all others."""
        assert self._places.path is not None
        self._places.entries = list(self._places.path.entries)
        self._rows.prepend(self._places.entries[:count])
        self._views.move(count)
        self._reading.shift_index(count)
        self.selection.move(count)
        self._reading.find(self._places.path)
        self._places.place()
        self.search.go_on()

    def _on_arrived(self) -> None:
        self._places.place_soon()
        self.search.go_on()

    def _on_finished(self, message: Message) -> None:
        if self._places.entries and self._places.entries[-1].id == message.id:  # else it ran in another conversation
            self._places.generation = None
            self._places.place_soon()

    def _must_keep(self, index: int) -> bool:
        view = self._views.get(index)
        focused = self.focusWidget()
        is_in_use = view is not None and (view.is_running or (focused is not None and view.isAncestorOf(focused)))
        return is_in_use or self.selection.began_in(index)

    def _adopt(self, view: MessageView, channel: Channel, surface: TextSurface) -> None:
        surface.link_hovered.connect(self._link_hint.show_address)
        surface.target_reached.connect(lambda y: self._show_target(view, surface, y))
        self.selection.watch(view, channel, surface)
        self.search.watch(channel, surface)
        self.differences.watch(channel, surface)
        self.evidence.watch(view, channel, surface)

    def _bring_to_sight(self, view: MessageView) -> None:
        """Scroll so far that the actions of a message, at its lower end, are visible."""
        index = self.index_of(view)
        if index is None or self._places.is_placing:
            return
        bottom = self._rows.bottom(index)
        page = self.viewport().height()
        top = self._bar.value()
        if not top + page // 8 <= bottom <= top + page:
            self._bar.setValue(bottom - page // 2)

    def _show_target(self, view: MessageView, surface: TextSurface, y: float) -> None:
        """Scroll to the target with the focus in a text, and emit its address again."""
        index = self.index_of(view)
        if index is not None and not self.is_in_sight(index, view.top_of(surface) + y):
            self.bring(index, view.top_of(surface) + y)
        self._link_hint.show_address(surface.target_address)

    def _let_go_from(self, first: int) -> None:
        with self._places.once():  # the focus wanders as widgets go
            self._views.delete_from(first)

    def _on_scrolled(self, value: int) -> None:
        if self._places.is_placing:
            return
        self._reading.follows = value >= self._bar.maximum() - _SLACK
        self._reading.anchor_at_height(value)
        self.search.cancel_jump()
        self._link_hint.show_address("")  # the link under the pointer is another one now, or none
        self._places.place()

    def _show_button(self) -> None:
        is_below = self._bar.value() < self._bar.maximum() - _SLACK
        is_running = self._places.generation is not None
        self._has_news = is_below and not self._reading.follows and (self._has_news or is_running)
        self._to_end.setVisible(self._has_news)  # also when the answer has ended, perhaps badly, below what is read
        if self._has_news:
            hint = self._to_end.sizeHint()
            x = (self.viewport().width() - hint.width()) // 2
            self._to_end.setGeometry(x, self.height() - hint.height() - measures.GAP, hint.width(), hint.height())
            self._to_end.raise_()

    def _on_formulas(self, ready: Set[Key]) -> None:
        self._views.formulas_ready(ready)  # what becomes higher or lower by that is placed again

    def _on_theme(self) -> None:
        self._views.refresh_look()
        self.viewport().update()
        self._places.place_soon()

    # Qt's own methods

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        # Moves the widgets and what is painted in one go; `place` then fills in what has come into sight. Not by `dy`:
        # Qt is not told of what the page moves by itself.
        by, self._moved_to = self._moved_to - self._bar.value(), self._bar.value()
        self.viewport().scroll(0, by)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._places.place()

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
