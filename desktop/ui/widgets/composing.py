"""What an input method composes in a line to type in, in the whole program, dialogs of Qt's own included.

Looks at the events of one widget, the focused one: a filter on the application would see those of all.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QInputMethodEvent,
    QInputMethodQueryEvent,
    QKeyEvent,
    QKeySequence,
    QTransform,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

_ASKING_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down})
_PLACES = (
    Qt.InputMethodQuery.ImCursorRectangle,
    Qt.InputMethodQuery.ImAnchorRectangle,
    Qt.InputMethodQuery.ImInputItemClipRectangle,
)


def asks_for_something(event: QKeyEvent) -> bool:
    """Return True for a key that means more than a letter: while something is composed it is the input method's."""
    return event.key() in _ASKING_KEYS or event.matches(QKeySequence.StandardKey.Undo)


def tell_place(field: QWidget) -> None:
    """Tell the input method where a field is now: Qt does not where what it stands in has moved, as a sheet that grows.

    Its candidates would cover what is written.
    """
    at = field.mapTo(field.window(), QPoint(0, 0))
    QGuiApplication.inputMethod().setInputItemTransform(QTransform.fromTranslate(at.x(), at.y()))


class ComposedLines(QObject):
    """A watch on the line that has the keyboard.

    While an input method composes there, none of its keys sends, closes or undoes, and each word is undone by itself.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._line: QLineEdit | None = None
        self._is_composing = False
        self._is_after_word = False
        app.focusChanged.connect(self._follow)

    def _follow(self, _: QWidget | None, new: QWidget | None) -> None:
        if self._line is not None and isValid(self._line):
            self._line.removeEventFilter(self)
        self._line = new if isinstance(new, QLineEdit) else None
        self._is_composing = self._is_after_word = False
        if self._line is not None:
            self._line.installEventFilter(self)

    def _on_composed(self, line: QLineEdit, event: QInputMethodEvent) -> None:
        if not self._is_composing:
            _end_step(line)
        tell_place(line)
        self._is_composing, self._is_after_word = bool(event.preeditString()), bool(event.commitString())

    # Qt's own methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(watched, QLineEdit):
            return False
        if isinstance(event, QInputMethodEvent):
            self._on_composed(watched, event)
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if self._is_composing:
                return asks_for_something(event)
            if self._is_after_word and event.text():
                self._is_after_word = False
                _end_step(watched)
        elif isinstance(event, QKeyEvent) and self._is_composing and event.key() == Qt.Key.Key_Escape:
            event.accept()  # before the window's own shortcut gets it
            return True
        return False


def _end_step(line: QLineEdit) -> None:
    """End the undo step: Qt ends one only where the cursor goes elsewhere."""
    at = line.cursorPosition()
    if line.hasSelectedText() or not line.text():
        return
    with QSignalBlocker(line):
        line.setCursorPosition(at - 1 if at else 1)
        line.setCursorPosition(at)


class TypingAhead(QObject):
    """A way from the widget with the keyboard to a field, which shows what is composed and then gets the keyboard.

    Such a widget passes letters on to the field, but an input method has to have the first of them as well.
    """

    begun = Signal()  # time to show the field

    def __init__(self, widget: QWidget, field: Callable[[], QWidget]) -> None:
        super().__init__(widget)
        self._widget = widget
        self._field = field
        self._is_composing = False
        widget.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        widget.installEventFilter(self)

    def _ask(self, event: QInputMethodQueryEvent) -> None:
        """Have the field tell about itself, with its places as they are in the widget."""
        field = self._field()
        QCoreApplication.sendEvent(field, event)
        offset = self._widget.mapFromGlobal(field.mapToGlobal(QPoint(0, 0)))
        for query in _PLACES:
            place = event.value(query) if event.queries() & query else None
            if isinstance(place, QRect | QRectF):
                event.setValue(query, place.translated(offset))

    def _pass_on(self, event: QInputMethodEvent) -> None:
        if event.preeditString() and not self._is_composing:
            self._widget.installEventFilter(self)  # before those that came later, as the one that has Enter press
            tell_place(self._widget)
            self.begun.emit()
        self._is_composing = bool(event.preeditString())
        has_word = bool(event.commitString())  # the event is empty once the field has taken it
        field = self._field()
        QCoreApplication.sendEvent(field, event)
        QGuiApplication.inputMethod().update(Qt.InputMethodQuery.ImCursorRectangle)
        if has_word and not self._is_composing:
            field.setFocus()

    # Qt's own methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QInputMethodQueryEvent):
            self._ask(event)
            return True
        if isinstance(event, QInputMethodEvent):
            self._pass_on(event)
            return True
        is_press = isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress
        return is_press and self._is_composing and asks_for_something(event)  # type: ignore[arg-type]
