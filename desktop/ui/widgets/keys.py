"""Keys: Enter as a press of the focused button, letters told from commands, what is composed, where the keyboard goes.

Qt lets only the space bar press a button, and walks in the order in which widgets were made. What an input method
composes in a line to type in is known for the whole program, dialogs of Qt's own included: by the events of one
widget, the focused one, since a filter on the application would see those of all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QInputMethodEvent,
    QInputMethodQueryEvent,
    QKeyEvent,
    QKeySequence,
    QShortcut,
    QTransform,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QLayout,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QWidget,
)
from shiboken6 import isValid

_ASKING_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down})
_PLACES = (
    Qt.InputMethodQuery.ImCursorRectangle,
    Qt.InputMethodQuery.ImAnchorRectangle,
    Qt.InputMethodQuery.ImInputItemClipRectangle,
)

ENGLISH = "english"  # property of an action: its name in English


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


def on_keys(widget: QWidget, do: Callable[[], object], *keys: str) -> QShortcut:
    """Have keys do something while the keyboard is in a widget, once however long they are pressed."""
    shortcut = QShortcut(widget)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.setAutoRepeat(False)
    shortcut.setKeys([QKeySequence(each) for each in keys])
    shortcut.activated.connect(do)
    return shortcut


def letters_of(event: QKeyEvent) -> str:
    """Return what a key writes; empty for a command, and for a key that writes nothing."""
    return event.text() if event.text().isprintable() and not event.modifiers() & _COMMANDS else ""


def claim_escape(event: QEvent) -> bool:
    """Have Escape mean something to the part that has the keyboard, and not to the window. False: not about that."""
    is_about_it = (
        isinstance(event, QKeyEvent)
        and event.type() is QEvent.Type.ShortcutOverride
        and event.key() == Qt.Key.Key_Escape
    )
    if is_about_it:
        event.accept()
    return is_about_it


class FocusBefore:
    """What had the keyboard before a part that goes again."""

    def __init__(self) -> None:
        self._part: QWidget | None = None

    def note(self) -> None:
        """Note what has it now."""
        self._part = QApplication.focusWidget()

    def give_back(self, otherwise: QWidget | None = None) -> None:
        """Give the keyboard back, or to `otherwise` if what had it is not to be seen any more."""
        part, self._part = self._part, None
        if part is None or not isValid(part) or not (part.isVisible() and part.isEnabled()):
            part = otherwise
        if part is not None:
            part.setFocus()


def tab_stops(part: QWidget, held: QWidget | None = None) -> list[QWidget]:
    """Return the widgets in a part that the keyboard can reach now, and the part itself if it is one.

    `held` is counted in any case, since Qt also walks on from a widget that has just been hidden or disabled.
    """
    stops = [part] if part is held or _is_stop(part) else []
    for each in _from_first_to_last(part, held):
        stops += tab_stops(each, held)
    return stops


def step(part: QWidget, *, forward: bool) -> bool:
    """Move the focus to the stop of `part` that follows, round its end. Return False if there is none."""
    focused = part.focusWidget()
    stops = tab_stops(part, focused)
    if not stops:
        return False
    before = stops.index(focused) if focused is not None else -1 if forward else 0
    wanted = stops[(before + (1 if forward else -1)) % len(stops)]
    wanted.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    around = wanted.parentWidget()
    while around is not None and around is not part:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(wanted)
        around = around.parentWidget()
    return True


def step_part(parts: Iterable[QWidget], starts: Collection[QWidget | None], *, forward: bool) -> None:
    """Move the focus to the next of these parts of a window, round the last: to its stop among `starts`, or its first.

    Those that are not shown, or have no stop, are passed.
    """
    focused = QApplication.focusWidget()
    reachable = [each for each in parts if each.isVisible() and tab_stops(each)]
    holding = (at for at, each in enumerate(reachable) if focused is not None and _holds(each, focused))
    at = next(holding, -1 if forward else 0) + (1 if forward else -1)
    if reachable:
        stops = tab_stops(reachable[at % len(reachable)])
        first = next((each for each in stops if each in starts), stops[0])
        first.setFocus(Qt.FocusReason.TabFocusReason)


def _from_first_to_last(part: QWidget, held: QWidget | None) -> list[QWidget]:
    """Return the widgets of a part that are not hidden or under another one: those of its layout, then all others."""
    within = [each for each in part.children() if isinstance(each, QWidget) and not each.isWindow()]
    shown = [each for each in within if each.isVisible()]
    for at, below in reversed(list(enumerate(shown))):
        if any(above.geometry().contains(below.geometry()) for above in shown[at + 1 :]):
            del shown[at]
    shown += [each for each in within if held is not None and each not in shown and _holds(each, held)]
    layout = part.layout()
    placed = [each for each in _laid_out(layout) if each in shown] if layout is not None else []
    beside = sorted((each for each in shown if each not in placed), key=lambda each: (each.y(), each.x()))
    return [*placed, *beside]


def _holds(part: QWidget, held: QWidget) -> bool:
    return part is held or part.isAncestorOf(held)


def _laid_out(layout: QLayout) -> list[QWidget]:
    widgets: list[QWidget] = []
    for at in range(layout.count()):
        item = layout.itemAt(at)
        within = item.layout() if item is not None else None
        if within is not None:
            widgets += _laid_out(within)
        elif item is not None and (widget := item.widget()) is not None:
            widgets.append(widget)
    return widgets


def _is_stop(widget: QWidget) -> bool:
    offer_focus = getattr(widget, "offer_focus", None)  # of a text, which looks for links in it when it is asked
    if offer_focus is not None:
        offer_focus()
    reachable = (widget.focusPolicy() & Qt.FocusPolicy.TabFocus) == Qt.FocusPolicy.TabFocus
    return reachable and widget.focusProxy() is None and widget.isEnabled()


def leave_focus(going: QWidget, to: QWidget | None = None) -> None:
    """Have the keyboard out of a widget that is about to be hidden, and in another one if that is given."""
    focused = QApplication.focusWidget()
    if focused is None or not _holds(going, focused):
        return
    if to is not None:
        to.setFocus()
    else:
        focused.clearFocus()
