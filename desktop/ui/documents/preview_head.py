"""The line over the text of a file: the way back, its name, and the field to find in it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION
from desktop.ui.widgets.buttons import MenuButton
from desktop.ui.widgets.labels import ElidedLabel, NameLabel, PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, number

_FIELD_PX = 256
_NARROW_FIELD_PX = 150
_PAUSE_MS = 150  # after the last letter, before it is searched for
_LONGEST_QUERY = 300


class FindField(QLineEdit):
    """A field that shows, at its end, which of how many places is in sight."""

    step_requested = Signal(int)
    query_changed = Signal(str)
    left = Signal()  # the keyboard is wanted in the text

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._asked = ""
        set_look(self, "filter")
        self.setMaxLength(_LONGEST_QUERY)
        self.setPlaceholderText(self.tr("Find in the text"))
        self.setAccessibleName(self.tr("Find in the text"))
        self._state = PlainLabel("", "tiny", parent=self)
        self._state.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.textChanged.connect(lambda _: self._pause.start())

    def show_position(self, position: int, count: int, *, is_done: bool) -> None:
        """Show at which of how many places the search stands; 0 of 0 where there is none."""
        if not self._asked:
            words = ""
        elif count:
            template = self.tr("%1 of %2") if is_done else self.tr("%1 of %2…")
            words = fill(template, number(position), number(count))
        else:
            words = self.tr("Not found") if is_done else self.tr("Searching…")
        self._state.setText(words)
        self.setAccessibleDescription(words)
        self._place()

    def _ask(self) -> None:
        self._pause.stop()
        if self.text() != self._asked:
            self._asked = self.text()
            self.query_changed.emit(self._asked)

    def _place(self) -> None:
        self._state.adjustSize()
        wide = self._state.width()
        self._state.move(self.width() - wide - GAP - 2, (self.height() - self._state.height()) // 2)
        self.setTextMargins(0, 0, wide + GAP if self._state.text() else 0, 0)

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            is_new = self._pause.isActive() and self.text() != self._asked
            self._ask()
            if not is_new:
                self.step_requested.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._ask()
        elif event.key() == Qt.Key.Key_Down:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class PreviewHead(QWidget):
    """The line. Where it is narrow, a button opens the list of pages."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_look(self, "header")
        back = IconButton(theme, "chevron-left", self.tr("Back (Esc)"))
        self._name = NameLabel("", "heading")
        self._extent = ElidedLabel("", "small")
        self.pages = MenuButton(theme, hint=self.tr("Choose what is sent"))
        self.find_field = FindField(theme)
        self._before = IconButton(theme, "chevron-up", self.tr("Previous place (Shift+F3)"))
        self._next = IconButton(theme, "chevron-down", self.tr("Next place (F3)"))
        stack(
            back,
            self._name,
            (self._extent, 1),
            self.pages,
            self.find_field,
            self._before,
            self._next,
            margins=(GAP, GAP, GAP_SECTION, GAP),
            across=True,
            on=self,
        )
        self.back_requested: SignalInstance = back.clicked
        self.step_back: SignalInstance = self._before.clicked
        self.step_on: SignalInstance = self._next.clicked
        self.pages.hide()
        self.be_narrow(False)

    def show_file(self, name: str, extent: str) -> None:
        """Show the name of a file, and what of it is shown."""
        self._name.show_text(show_invisible(name))
        self._extent.show_text(extent)

    def be_narrow(self, shall: bool) -> None:
        """Leave out what has no room in a narrow window."""
        self._extent.setVisible(True)
        self._extent.setMaximumWidth(0 if shall else 16_777_215)
        self.find_field.setFixedWidth(self._theme.px(_NARROW_FIELD_PX if shall else _FIELD_PX))
        for button in (self._before, self._next):
            button.setVisible(not shall)
