"""The page on which everything that was said is searched: a field, what narrows it down, the results, and the keys.

It shows what it is told and emits what the user wants; asking is `presenter`'s business.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLineEdit, QListView, QStackedLayout, QWidget

from desktop.core.search import SearchHit
from desktop.ui.look.icons import IconButton, pixmap
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_PAGE, GAP_TIGHT, GAP_WIDE
from desktop.ui.search.narrowing_bar import NarrowingBar
from desktop.ui.search.results import COLUMN_PX, More, ResultModel, ResultRole, ResultRow
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, percent

_PAUSE_MS = 40  # after a letter: a fast typist's next one replaces it
_FIELD_PX = 44
_LONGEST_QUERY = 1_000  # letters; a line lays out all that it holds
_NEAR_END = 20  # rows below what is in sight, from which on more are looked for
_ALL_INDEXED = 0.99  # from this share on, nobody notices what is missing
_LONGEST_SAID = 60  # letters of the query that are said again
_KEYS_FROM_PX = 560  # of the page: below, the keys at the foot have no room


class SearchPage(QWidget):
    """A page to be put in the conversation's place."""

    typed = Signal(str)  # what to search for
    chosen = Signal(object)  # a SearchHit, to be shown where it stands
    more_wanted = Signal()  # the end of the results is near

    def __init__(self, theme: Theme, clock: Callable[[], float] = time.time, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_look(self, "page")
        self.field = _Field(theme, self.tr("Find anything said"))
        self.narrowing = NarrowingBar(theme)
        self._model = ResultModel(clock, self)
        self._list = QListView()
        self._nothing = Paragraph("", "muted")
        self._keys = _Keys()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._searching = self.tr("Searching…")
        self._has_moved = False  # the user has walked through these results
        self._left_at = QPersistentModelIndex()  # the current row, while the list is hidden
        self.back_requested: SignalInstance = self.field.cross.clicked
        self.setFocusProxy(self.field.line)
        self._make_list()
        self._lay_out()
        self._connect()
        self._fit()

    def _make_list(self) -> None:
        view = self._list
        set_look(view, "bare")
        view.setModel(self._model)
        view.setItemDelegate(ResultRow(self._theme, view))
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setAccessibleName(self.tr("Found"))
        view.installEventFilter(self)

    def _lay_out(self) -> None:
        head = QFrame()
        set_look(head, "header")
        stack(
            self._centred(self.field),
            self._centred(self.narrowing),
            gap=GAP_WIDE,
            margins=(0, GAP_WIDE, 0, GAP_WIDE),
            on=head,
        )
        results = QWidget()
        self._stack = QStackedLayout(results)
        self._stack.addWidget(self._list)
        around = QWidget()
        stack(self._centred(self._nothing), None, gap=0, margins=(GAP_WIDE, GAP_PAGE, GAP_WIDE, GAP_PAGE), on=around)
        self._stack.addWidget(around)
        foot = self._foot = QFrame()
        set_look(foot, "footer")
        stack(self._centred(self._keys), gap=0, margins=(0, GAP_WIDE, 0, GAP_WIDE), on=foot)
        stack(head, (results, 1), foot, gap=0, on=self)

    def _centred(self, widget: QWidget) -> QBoxLayout:
        row = stack(None, (widget, 1000), None, gap=0, margins=(GAP_WIDE, 0, GAP_WIDE, 0), across=True)
        return row

    def _connect(self) -> None:
        self._pause.timeout.connect(self._ask)
        self.field.line.textChanged.connect(self._on_changed)
        self.field.line.installEventFilter(self)
        self._list.clicked.connect(self._choose)
        self._list.verticalScrollBar().valueChanged.connect(lambda _: self._look_for_end())
        self._theme.changed.connect(self._fit)

    @property
    def query(self) -> str:
        """What stands in the field."""
        return self.field.line.text()

    @property
    def state(self) -> str:
        """What the field says of how much was found."""
        return self.field.state.text()

    @property
    def results(self) -> ResultModel:
        """The rows that are shown."""
        return self._model

    def focus_field(self, typed: str = "") -> None:
        """Focus the field, whose words are selected; letters that were typed elsewhere replace them."""
        self.field.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.line.selectAll()
        if typed:
            self.field.line.insert(typed)

    def begin_results(self, indexed: float) -> None:
        """Expect the results of another question; what is shown stays until the first of them comes.

        `indexed` is the share of all that was said that is in the index; what is not takes longer.
        """
        self._has_moved = False
        is_slow = indexed < _ALL_INDEXED
        self.show_state(fill(self.tr("Searching, %1 indexed…"), percent(indexed)) if is_slow else self._searching)

    def show_rows(self) -> None:
        """Show the rows, the first place being the current one until the user has gone elsewhere."""
        self._stack.setCurrentIndex(0)
        if not self._has_moved:
            first = self._model.next_hit(0, 1)
            self._list.setCurrentIndex(self._model.index(first) if first >= 0 else QModelIndex())
            self._list.scrollToTop()

    def show_words(self, words: str) -> None:
        """Show a sentence in place of results."""
        self.field.state.setText("")
        self._nothing.setText(words)
        self._stack.setCurrentIndex(1)

    def show_begin(self) -> None:
        """Show what can be searched for, while nothing is."""
        self.show_words(self.tr("Type what you remember: a word of a question, an answer, a file or a title."))

    def show_nothing(self) -> None:
        """Show that nothing was found for what stands in the field."""
        said = self.query.strip()
        shown = said if len(said) <= _LONGEST_SAID else f"{said[:_LONGEST_SAID]}…"
        words = fill(self.tr("Nothing was found for “%1”."), shown)
        if self.narrowing.is_chosen:
            words = fill(self.tr("Nothing was found for “%1”. The filters above may hide something."), shown)
        self.show_words(words)

    def show_count(self, words: str) -> None:
        """Show in the field how much was found, now that the search has ended or paused."""
        self.show_state(words)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def show_state(self, words: str) -> None:
        """Show in the field how far the search is."""
        self.field.state.setText(words)

    def _on_changed(self) -> None:
        self.show_state(self._searching)
        self._pause.start()

    def _ask(self) -> None:
        """Have what stands in the field searched for."""
        self._pause.stop()
        self.typed.emit(self.query)

    def _choose(self, index: QModelIndex) -> None:
        row = index.data(ResultRole.ROW)
        match row:
            case SearchHit():
                self._has_moved = True
                self._list.setCurrentIndex(index)
                self.chosen.emit(row)
            case More():
                self._model.show_more(index.row())
                self._has_moved = True
                self._list.setCurrentIndex(self._model.index(index.row()))

    def _move(self, key: Qt.Key) -> None:
        """Move the current row; at an end it stays."""
        now, last = self._list.currentIndex().row(), self._model.rowCount() - 1
        page = max(1, self._list.viewport().height() // max(1, self._list.sizeHintForRow(0)) - 1)
        match key:
            case Qt.Key.Key_Up:
                found = self._model.next_hit(now - 1, -1)
            case Qt.Key.Key_Down:
                found = self._model.next_hit(now + 1, 1)
            case Qt.Key.Key_PageUp:
                found = self._model.next_hit(max(0, now - page), 1)
            case Qt.Key.Key_PageDown:
                found = self._model.next_hit(min(last, now + page), -1)
            case Qt.Key.Key_Home:
                found = self._model.next_hit(0, 1)
            case _:
                found = self._model.next_hit(last, -1)
        if found >= 0:
            self._has_moved = True
            self._list.setCurrentIndex(self._model.index(found))
            self._list.scrollTo(self._model.index(0 if found == self._model.next_hit(0, 1) else found))

    def _look_for_end(self) -> None:
        bar = self._list.verticalScrollBar()
        if bar.maximum() - bar.value() < _NEAR_END * max(1, self._list.sizeHintForRow(0)):
            self.more_wanted.emit()

    def _fit(self) -> None:
        for widget in (self.field, self.narrowing, self._nothing, self._keys):
            widget.setMaximumWidth(self._theme.px(COLUMN_PX))
        self._foot.setVisible(self.width() >= self._theme.px(_KEYS_FROM_PX))
        self._list.scheduleDelayedItemsLayout()

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._list and event.type() is QEvent.Type.Hide:
            # Qt tells a screen reader that the current row of a hidden list is in sight, with the focus.
            self._left_at = QPersistentModelIndex(self._list.currentIndex())
            self._list.setCurrentIndex(QModelIndex())
        elif watched is self._list and event.type() is QEvent.Type.Show and self._left_at.isValid():
            self._list.setCurrentIndex(self._left_at)
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        key = Qt.Key(event.key())
        is_in_list = watched is self._list
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match key:
            case Qt.Key.Key_Up | Qt.Key.Key_Down | Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                self._move(key)
            case Qt.Key.Key_Home | Qt.Key.Key_End if is_in_list or has_control:
                self._move(key)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._open_current()
            case _:
                return False
        return True

    def _open_current(self) -> None:
        if self._pause.isActive():  # what has just been typed is searched for first
            self._ask()
        elif self._stack.currentIndex() == 0:
            self._choose(self._list.currentIndex())


class _Field(QFrame):
    """The field, with what was found at its right end."""

    def __init__(self, theme: Theme, words: str) -> None:
        super().__init__()
        self._theme = theme
        set_look(self, "find")
        self._glass = PlainLabel()
        self.line = QLineEdit()
        self.line.setMaxLength(_LONGEST_QUERY)
        self.line.setPlaceholderText(words)
        self.line.setAccessibleName(words)
        set_look(self.line, "bare")
        self.state = PlainLabel("", "small")
        self.cross = IconButton(theme, "close", self.tr("Back (Esc)"))
        stack(self._glass, (self.line, 1), self.state, self.cross, margins=(GAP_WIDE, 0, GAP, 0), across=True, on=self)
        self.line.installEventFilter(self)
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self.setFixedHeight(self._theme.px(_FIELD_PX))
        ratio = self.devicePixelRatioF()
        self._glass.setPixmap(pixmap("search", self._theme.tokens.muted, self._theme.icon_px, ratio))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.setProperty("focused", event.type() is QEvent.Type.FocusIn)
            self.style().unpolish(self)
            self.style().polish(self)
        return False


class _Keys(QWidget):
    """The keys of the page, in a row."""

    def __init__(self) -> None:
        super().__init__()
        row = stack(gap=GAP_TIGHT, across=True, on=self)
        told = (
            (("↑", "↓"), self.tr("move")),
            ((self.tr("Enter"),), self.tr("to the message")),
            ((self.tr("Tab"),), self.tr("filters")),
            ((self.tr("Esc"),), self.tr("back to the conversation")),
        )
        for keys, words in told:
            for key in keys:
                row.addWidget(PlainLabel(key, "key"))
            row.addWidget(PlainLabel(words, "tiny"))
            row.addSpacing(GAP_WIDE)
        row.addStretch(1)
