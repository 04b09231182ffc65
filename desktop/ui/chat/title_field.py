"""The title over a conversation: a press on it lets the user write another one in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QStackedLayout, QWidget
from shiboken6 import isValid

from desktop.ui.widgets.labels import ElidedLabel

if TYPE_CHECKING:
    from desktop.ui.look.theme import Theme

_EDIT_PX = 220  # of a field in which a title is written, at least
_WIDE_EDIT_PX = 520  # and at most, where there is room
_ALL_ROOM = 100  # stretch: more than anything beside it
_MOST_LETTERS = 200
_NO_LIMIT = (1 << 24) - 1  # Qt's own QWIDGETSIZE_MAX


class _Title(ElidedLabel):
    """The title as it is shown; reached by Tab, pressed by mouse, Enter or F2."""

    pressed = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.focusPolicy() is not Qt.FocusPolicy.NoFocus:
            self.pressed.emit()
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


class _Field(QLineEdit):
    """A field that is left by Enter, Escape, or by going elsewhere."""

    given_up = Signal()

    def event(self, event: QEvent) -> bool:
        # Escape means something to the whole window: here it is this field's.
        is_key = event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if is_key and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            if event.type() is QEvent.Type.KeyPress:
                self.given_up.emit()
            return True
        return super().event(event)


class TitleField(QWidget):
    """A title that can be changed where it stands."""

    renamed = Signal(str)
    editing_changed = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_editing = False
        self._came_from: QWidget | None = None  # the widget that had the keyboard before the field
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._label = _Title("", "heading")
        self._field = _Field()
        self._field.setAccessibleName(self.tr("New title"))
        self._field.setMaxLength(_MOST_LETTERS)
        self._field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # the label says how wide
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._label)
        self._stack.addWidget(self._field)
        self._label.pressed.connect(self.begin_editing)
        self._field.editingFinished.connect(self._take_over)
        self._field.given_up.connect(self._show_label)

    def show_title(self, title: str, *, can_change: bool) -> None:
        """Show this title; what is being written stays until it is left."""
        self._label.show_text(title)
        self._label.setFocusPolicy(Qt.FocusPolicy.TabFocus if can_change else Qt.FocusPolicy.NoFocus)
        self._label.setCursor(Qt.CursorShape.IBeamCursor if can_change else Qt.CursorShape.ArrowCursor)
        if can_change:
            self._label.setAccessibleDescription(self.tr("Press Enter to rename"))
        self.updateGeometry()

    def text(self) -> str:
        """Return the title that is shown, whole."""
        return self._label.text()

    @property
    def is_editing(self) -> bool:
        return self._is_editing

    def begin_editing(self) -> None:
        """Put a field in the place of the title, with the keyboard."""
        self._is_editing = True
        self._came_from = self.window().focusWidget()
        self._field.setText(self._label.text())
        self.editing_changed.emit(True)
        self._field.setMinimumWidth(self._theme.px(_EDIT_PX))
        self._take_room(_ALL_ROOM)
        self._stack.setCurrentWidget(self._field)
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._field.selectAll()

    def _take_room(self, stretch: int) -> None:
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding if stretch else QSizePolicy.Policy.Preferred)
        policy.setHorizontalStretch(stretch)
        self.setSizePolicy(policy)
        self.setMaximumWidth(self._theme.px(_WIDE_EDIT_PX) if stretch else _NO_LIMIT)

    def _take_over(self) -> None:
        if not self._is_editing:
            return
        title = " ".join(self._field.text().split())
        changed = bool(title) and title != self._label.text()
        self._show_label()
        if changed:
            self.renamed.emit(title)

    def _show_label(self) -> None:
        self._is_editing = False  # first: a field that is hidden says that it was left, too
        had_keyboard = self._field.hasFocus()
        self._stack.setCurrentWidget(self._label)
        self._field.setMinimumWidth(0)
        self._take_room(0)
        self.editing_changed.emit(False)
        came_from, self._came_from = self._came_from, None
        if had_keyboard:
            if came_from is None or not isValid(came_from) or not came_from.isVisible():
                came_from = self._label
            came_from.setFocus(Qt.FocusReason.OtherFocusReason)
