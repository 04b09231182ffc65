"""Typing that begins where nothing is written: words are composed in a field while another widget has the keyboard.

Such a widget passes letters on to the field, but an input method has to have the first of them as well.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QInputMethodQueryEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.ui.inputs.composed_lines import asks_for_something, tell_place

_PLACES = (
    Qt.InputMethodQuery.ImCursorRectangle,
    Qt.InputMethodQuery.ImAnchorRectangle,
    Qt.InputMethodQuery.ImInputItemClipRectangle,
)


class TypingAhead(QObject):
    """A way from the widget with the keyboard to a field, which shows what is composed and then gets the keyboard."""

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
            field.setFocus(Qt.FocusReason.OtherFocusReason)

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
