"""The bar for finding in a conversation or a text: a field, how many matches, the current one, and ways to walk them.

It only emits what the user wants and shows what it is told; searching is the business of who listens.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QLineEdit

from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.widgets.keys import FocusBefore, claim_escape
from desktop.ui.widgets.labels import PlainLabel, speak
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, number

_PAUSE_MS = 150  # after the last letter, before it is searched for
_WRAPPED_MS = 1500
_LONGEST_QUERY = 300
_NARROWEST_FIELD_PX = 120
_STATE_LETTERS = 14  # room for "1,234 of 5,678", so that nothing moves as one walks


class FindBar(QFrame):
    """A bar in the upper right corner of a page, which leaves it the room that it asks for. Hidden until `open`."""

    query_changed = Signal(str, bool)  # what to search for, and whether in thinking too; "" for nothing
    step_requested = Signal(int)  # 1 for the next occurrence, -1 for the one before
    room_changed = Signal(int)  # pixels that it takes at the top of the page
    closed = Signal()

    def __init__(self, theme: Theme, page: QAbstractScrollArea, name: str = "") -> None:
        """`name`: what is searched, for who hears it; a conversation, where there is also thinking, if it is empty."""
        super().__init__(page)
        self._theme = theme
        self._page = page
        self._before = FocusBefore()
        self._asked = ("", False)
        set_look(self, "card")
        self.setAccessibleName(name or self.tr("Find in this conversation"))
        self._field = QLineEdit()
        set_look(self._field, "filter")
        self._field.setMaxLength(_LONGEST_QUERY)
        self._field.setPlaceholderText(self.tr("Find"))
        self._field.setAccessibleName(self.accessibleName())
        self._state = PlainLabel("", "small")
        self._state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._back = IconButton(theme, "chevron-up", self.tr("Previous (Shift+Enter)"), token="muted")
        self._on = IconButton(theme, "chevron-down", self.tr("Next (Enter)"), token="muted")
        self._thinking = IconButton(theme, "thinking", self.tr("Also in thinking"), token="muted")
        self._thinking.setCheckable(True)
        self._close = IconButton(theme, "close", self.tr("Close (Esc)"), token="muted")
        stack(
            (self._field, 1),
            self._state,
            self._back,
            self._on,
            self._thinking,
            self._close,
            gap=GAP_TIGHT,
            margins=GAP,
            across=True,
            on=self,
        )
        self._thinking.setVisible(not name)  # in its place by now: before, it would open a window
        self.setFocusProxy(self._field)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._wrapped = QTimer(self, singleShot=True, interval=_WRAPPED_MS)
        self._words = ""  # of the state, when nothing passing is said
        self._connect()
        self._fit()
        self.show_nothing()
        self.hide()

    @property
    def query(self) -> str:
        """The text of the field."""
        return self._field.text()

    @property
    def with_reasoning(self) -> bool:
        return self._thinking.isChecked()

    def set_with_reasoning(self, shall: bool) -> None:
        """Set the choice of the last time; emits nothing."""
        self._thinking.setChecked(shall)

    def open(self, selected: str = "") -> None:
        """Show it with the cursor in the field, whose words are selected; `selected` text of the page replaces them."""
        if not self._has_focus():
            self._before.note()
        words = selected.strip().split("\n", 1)[0].strip()[:_LONGEST_QUERY]
        if words:
            self._field.setText(words)
        self._page.viewport().installEventFilter(self)  # only while it is shown: it hears of every paint
        self.show()
        self._place()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()
        self._ask()

    def close_bar(self) -> None:
        """Hide it, and give the focus back to where it was."""
        if self.isHidden():
            return
        self._pause.stop()
        self._asked = ("", False)
        if self._has_focus():
            self._before.give_back(self._page)  # before hiding, at which Qt would give it to just any button
        self.hide()
        self._page.viewport().removeEventFilter(self)
        self.room_changed.emit(0)
        self.closed.emit()

    def show_nothing(self) -> None:
        """Show that there is nothing to search for."""
        self._say("", can_step=False)

    def show_searching(self, count: int) -> None:
        """Show that so many have been found so far."""
        self._say(fill(self.tr("%1 so far"), number(count)) if count else self.tr("Searching…"), can_step=count > 0)

    def show_position(self, position: int, count: int) -> None:
        """Show that the search stands at one of `count` occurrences, 1 being the first; none if `count` is 0."""
        words = fill(self.tr("%1 of %2"), number(position), number(count)) if count else self.tr("Not found")
        self._say(words, can_step=count > 0, aloud=True)

    def show_wrapped(self, forwards: bool) -> None:
        """Show for a moment that the walk went on from the other end."""
        self._state.setText(self.tr("From the start") if forwards else self.tr("From the end"))
        speak(self, self._state.text())
        self._wrapped.start()

    def _connect(self) -> None:
        self._field.textChanged.connect(lambda _: self._pause.start())
        self._pause.timeout.connect(self._ask)
        self._wrapped.timeout.connect(lambda: self._state.setText(self._words))
        self._thinking.toggled.connect(lambda _: self._ask())
        self.with_reasoning_changed: SignalInstance = self._thinking.clicked  # by the user, to be remembered
        self._back.clicked.connect(lambda: self._step(-1))
        self._on.clicked.connect(lambda: self._step(1))
        self._close.clicked.connect(self.close_bar)
        self._theme.changed.connect(self._fit)
        for keys, by in (("F3", 1), ("Ctrl+G", 1), ("Shift+F3", -1), ("Ctrl+Shift+G", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)  # anywhere in the window, while the bar is shown
            shortcut.activated.connect(lambda by=by: self._step(by))

    def _fit(self) -> None:
        self._field.setMinimumWidth(self._theme.px(_NARROWEST_FIELD_PX))
        self._state.setMinimumWidth(self._state.fontMetrics().averageCharWidth() * _STATE_LETTERS)
        self._place()

    def _place(self) -> None:
        room = self._page.viewport().width() - 2 * GAP_WIDE
        width = max(self.minimumSizeHint().width(), min(room, self.sizeHint().width()))
        height = self.sizeHint().height()
        self.setGeometry(GAP_WIDE + room - width, GAP, width, height)
        if not self.isHidden():
            self.room_changed.emit(GAP + height + GAP)

    def _has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def _ask(self) -> None:
        self._pause.stop()
        asked = (self.query, self.with_reasoning)
        if asked != self._asked and not self.isHidden():
            self._asked = asked
            self.query_changed.emit(*asked)

    def _step(self, by: int) -> None:
        """Go to another occurrence; what has just been typed is searched for first, which is a step by itself."""
        if self._pause.isActive() and (self.query, self.with_reasoning) != self._asked:
            self._ask()
        else:
            self.step_requested.emit(by)

    def _say(self, words: str, *, can_step: bool, aloud: bool = False) -> None:
        if aloud and words != self._words:
            speak(self, words)
        self._words = words
        if not self._wrapped.isActive():
            self._state.setText(words)
        for button in (self._back, self._on):
            button.setEnabled(can_step)

    # Qt's own methods

    def event(self, event: QEvent) -> bool:
        return claim_escape(event) or super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._field.hasFocus():
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)
