"""Keys where no field has the keyboard: Enter as a press of the focused button, and letters told from commands.

Qt lets only the space bar press a button. Looks at the events of one widget, the focused one: a filter on the
application would see those of all.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QRadioButton, QWidget
from shiboken6 import isValid

# A property of a button whose Enter is for what it stands in, as where one of several is chosen.
LEAVES_ENTER = "leaves_enter"
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class EnterKey(QObject):
    """A watch on the widget that has the keyboard: Enter presses it where it is a button."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._watched: QWidget | None = None
        app.focusChanged.connect(self._follow)

    def _follow(self, _: QWidget | None, new: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = new if _is_pressed_by_enter(new) else None
        if self._watched is not None:
            self._watched.installEventFilter(self)

    # Qt's own methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in _ENTER
            and isinstance(watched, QAbstractButton)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            if not event.isAutoRepeat():
                watched.click()
            return True
        return False


def _is_pressed_by_enter(widget: QWidget | None) -> bool:
    """Return True for buttons, but not for checkboxes: in these Enter is for the whole form on every system."""
    return (
        isinstance(widget, QAbstractButton)
        and not isinstance(widget, QCheckBox | QRadioButton)
        and not widget.property(LEAVES_ENTER)
    )


def letters_of(event: QKeyEvent) -> str:
    """Return what a key writes; empty for a command, and for a key that writes nothing."""
    return event.text() if event.text().isprintable() and not event.modifiers() & _COMMANDS else ""
