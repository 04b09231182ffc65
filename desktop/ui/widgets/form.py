"""A form as data: its fields below each other, what is wrong with their values in words, and a rest that is folded.

A field says what it asks for and how its control is made. Controls for a line, a choice, a day and a box to tick are
here; any widget with `value()`, `begin_with(value)` and a signal `changed` is one. What takes the keyboard in it is its
focus proxy, or the widget itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QMenu,
    QStyle,
    QStyleOptionComboBox,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from desktop.ui.look.stylesheet import GAP_SECTION, GAP_TIGHT, set_look
from desktop.ui.look.theme import IconButton, Theme, icon, pixmap
from desktop.ui.widgets.buttons import FoldButton
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import drop, stack
from desktop.ui.widgets.picker import round_corners
from desktop.ui.words import fill, number, plain_tooltip

_LONGEST_LINE = 8_192  # letters, and more than any key has; a line lays out all that it holds
_LEAST_CHARACTERS = 12  # that a box to choose from has room for


class ChoiceBox(QComboBox):
    """A combo box that ignores the mouse wheel over a scrolling page."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LEAST_CHARACTERS)
        self.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.view().window().setContentsMargins(0, GAP_TIGHT, 0, GAP_TIGHT)  # apart from the box, above it or below
        round_corners(self.view())

    def add_choice(self, words: str, value: object = None) -> None:
        """Add a choice with any name, which the tooltip shows in full."""
        self.addItem(words, value)
        self.setItemData(self.count() - 1, plain_tooltip(words), Qt.ItemDataRole.ToolTipRole)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width()
        option.currentText = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideMiddle, room)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        edge = self._theme.px(14)
        drawing = pixmap("chevron-down", self._theme.tokens.muted, edge, self.devicePixelRatioF())
        QPainter(self).drawPixmap(self.width() - edge - self._theme.px(8), (self.height() - edge) // 2, drawing)


def line_field(name: str) -> QLineEdit:
    """Return a line to type in; `name` is its accessible name."""
    field = QLineEdit()
    field.setMaxLength(_LONGEST_LINE)
    field.setAccessibleName(name)
    return field


class FilterField(QLineEdit):
    """A field for words that must be contained; Esc or the cross empties it, Down goes to the list."""

    left_downwards = Signal()

    def __init__(self, theme: Theme, words: str) -> None:
        """Build the field. `words` name what is found here."""
        super().__init__()
        self._theme = theme
        set_look(self, "filter")
        self.setPlaceholderText(words)
        self.setAccessibleName(words)
        self._glass = QAction(self.placeholderText(), self)
        self._cross = QAction(self.tr("Clear the filter"), self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.addAction(self._cross, QLineEdit.ActionPosition.TrailingPosition)
        self._cross.triggered.connect(self.clear)
        for button in self.findChildren(QToolButton):  # Qt's own, which have no name
            button.setAccessibleName(button.defaultAction().text())
        self._cross.setVisible(False)
        self.textChanged.connect(lambda words: self._cross.setVisible(bool(words)))
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        color = self._theme.tokens.muted
        self._glass.setIcon(icon("search", color))
        self._cross.setIcon(icon("close", color))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)


_EXAMPLE = "2026-05-03"
_THIS_CENTURY = 2000  # of a year in two digits


class DateField(QWidget):
    """A line and a button beside it that opens the calendar."""

    entered = Signal()  # Enter in the line

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.line = line_field(name)
        self.line.setPlaceholderText(_EXAMPLE)
        self._open = IconButton(theme, "calendar", self.tr("Pick a day"))
        self._open.setAccessibleName(fill(self.tr("Pick a day for “%1”"), name))
        stack((self.line, 1), self._open, gap=GAP_TIGHT, across=True, on=self)
        self.setFocusProxy(self.line)
        self.changed: SignalInstance = self.line.textChanged
        self.line.returnPressed.connect(self._enter)
        self.line.editingFinished.connect(self._tidy)
        self._open.clicked.connect(self.open_calendar)

    def value(self) -> str:
        """Return the day in ISO's form; the text as typed if it is no day."""
        return iso_date(self.line.text())

    def begin_with(self, day: str) -> None:
        self.line.setText(day)

    def open_calendar(self) -> None:
        """Open the calendar below the line, at the month of the day typed, or this month."""
        menu, calendar = QMenu(self), Calendar(self._theme)
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        day = QDate.fromString(self.value(), Qt.DateFormat.ISODate)
        calendar.setSelectedDate(day if day.isValid() else QDate.currentDate())
        for picked in (calendar.activated, calendar.clicked):
            picked.connect(self._take)
            picked.connect(lambda _: menu.close())
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        calendar.setFocus(Qt.FocusReason.PopupFocusReason)

    def _take(self, day: QDate) -> None:
        self.line.setText(day.toString(Qt.DateFormat.ISODate))
        self.line.setFocus()

    def _enter(self) -> None:
        self._tidy()
        self.entered.emit()

    def _tidy(self) -> None:
        if self.value() != self.line.text():
            self.line.setText(self.value())


class Calendar(QCalendarWidget):
    """A month to pick a day from, by mouse or with arrows and Enter."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Calendar"))
        self.setGridVisible(False)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setFirstDayOfWeek(QLocale().firstDayOfWeek())
        self._colour_days(theme)
        self._name_arrows(theme)

    def _name_arrows(self, theme: Theme) -> None:
        """Set icons and names of the arrows: Qt's own are black in the dark, and have no names."""
        arrows = (
            ("qt_calendar_prevmonth", "chevron-left", self.tr("Month before")),
            ("qt_calendar_nextmonth", "chevron-right", self.tr("Next month")),
        )
        for name, drawing, words in arrows:
            button = self.findChild(QToolButton, name)
            if button is not None:
                button.setIcon(icon(drawing, theme.tokens.ink, theme.icon_px))
                button.setAccessibleName(words)

    def _colour_days(self, theme: Theme) -> None:
        """Set the colours of days and headings: Qt would paint weekends red and the headings in its own colour."""
        plain, names = QTextCharFormat(), QTextCharFormat()
        plain.setForeground(theme.color("ink"))
        names.setForeground(theme.color("muted"))
        self.setHeaderTextFormat(names)
        for day in Qt.DayOfWeek:
            self.setWeekdayTextFormat(day, plain)


def iso_date(text: str) -> str:
    """Return a day, written as in the user's country, in ISO's form; any other text as it is."""
    bare = text.strip()
    if QDate.fromString(bare, Qt.DateFormat.ISODate).isValid():
        return bare
    for form in (QLocale.FormatType.ShortFormat, QLocale.FormatType.LongFormat):
        day = QLocale().toDate(bare, form, _THIS_CENTURY)
        if day.isValid():
            return day.toString(Qt.DateFormat.ISODate)
    return bare


_LONGEST_VALUE: Final = 2_000  # letters; what is longer is no line


class LineControl(QLineEdit):
    """A line of text."""

    def __init__(self, theme: Theme, field: Field, say: Say) -> None:
        super().__init__()
        self.setMaxLength(field.longest)
        self.setPlaceholderText(field.hint)
        self.changed: SignalInstance = self.textChanged
        self.value = self.text
        self.begin_with = self.setText


class ChoiceControl(ChoiceBox):
    """A box with choices."""

    changed = Signal()

    def __init__(self, theme: Theme, field: Field, say: Say) -> None:
        super().__init__(theme)
        for words, value in field.choices:
            self.add_choice(" ".join(words.split()), value)
        self.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.value = self.currentData

    def begin_with(self, value: Any) -> None:
        self.setCurrentIndex(max(0, self.findData(value)))


class SwitchControl(QCheckBox):
    """A box to tick, which has its title beside it."""

    def __init__(self, theme: Theme, field: Field, say: Say) -> None:
        super().__init__(field.title)
        self.changed: SignalInstance = self.toggled
        self.value = self.isChecked
        self.begin_with = self.setChecked


line, choice, switch = LineControl, ChoiceControl, SwitchControl  # as forms name them


def number_line(theme: Theme, field: Field, say: Say) -> QWidget:
    """Return a control for a number."""
    made = LineControl(theme, field, say)
    made.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
    return made


def day(theme: Theme, field: Field, say: Say) -> QWidget:
    """Return a control for a day, with a calendar."""
    return DateField(theme, field.name)


Say = Callable[[str], object]  # shows at the field what is wrong with what was just typed or pasted


@dataclass(frozen=True, slots=True)
class Field:
    """Field of a form. `title` may have a mnemonic; "&&" in it is "&". Fields with `more` stand in the folded rest.

    `choices`: words and value of each, for a control that has some. `hint`: grey in an empty line. `note`: said below.
    """

    key: str
    title: str
    make: Callable[[Theme, Field, Say], QWidget] = line
    value: Any = ""
    choices: Sequence[tuple[str, Any]] = ()
    hint: str = ""
    note: str = ""
    longest: int = _LONGEST_VALUE
    required: bool = False
    more: bool = False

    @property
    def name(self) -> str:
        """The title without its mnemonic, as a screen reader says it."""
        return re.sub(r"\(&[^&]\)|&(&?)", r"\1", self.title)


class FormField(QWidget):
    """A field as it is drawn: its title, its control, and below it what is wrong."""

    changed = Signal()

    def __init__(self, theme: Theme, field: Field) -> None:
        super().__init__()
        self.field = field
        self._problem = PlainLabel("", "danger", wraps=True)
        self._problem.hide()
        self.note = PlainLabel(field.note, "small", wraps=True)
        self._explained = ""  # to a screen reader, while nothing is wrong
        made: Any = field.make(theme, field, self.say)
        self.control = made
        title = field.name
        made.begin_with(field.value)
        self.spoken.setAccessibleName(fill(self.tr("%1, required"), title) if field.required else title)
        self.begun_with = self.value()
        made.changed.connect(self._on_changed)
        if isinstance(made, LineControl):
            # Later: Qt says it before it says that the text has changed, which takes the words away.
            made.inputRejected.connect(self._say_too_long, Qt.ConnectionType.QueuedConnection)
        head = None
        if not isinstance(made, QCheckBox):
            label = PlainLabel(field.title, "strong", wraps=True)
            label.setBuddy(self.spoken)
            must = (PlainLabel(self.tr("required"), "tiny"),) if field.required else ()
            head = stack((label, 1), *must, across=True)
        self._column = stack(*([head] if head else []), made, self._problem, self.note, gap=GAP_TIGHT, on=self)
        self.note.setHidden(not field.note)  # in its place by now: before, it would open a window

    @property
    def spoken(self) -> QWidget:
        """The part of the control that has the keyboard, and that a screen reader reads."""
        proxy: QWidget | None = self.control.focusProxy()
        return proxy or self.control

    @property
    def problem(self) -> str:
        """What is wrong, in words; empty where nothing is."""
        return self._problem.text()

    def value(self) -> Any:
        return self.control.value()

    def put_below(self, widget: QWidget) -> None:
        """Have something below the control that belongs to it."""
        self._column.addWidget(widget)

    def say(self, words: str) -> None:
        """Show what is wrong with its value; empty: nothing is."""
        described = self.spoken.accessibleDescription()
        if not self.problem or described != self.problem:
            self._explained = described
        self._problem.tell(words)
        self.spoken.setAccessibleDescription(words or self._explained)

    def _say_too_long(self) -> None:
        self.say(fill(self.tr("Only the first %1 characters fit into one line."), number(self.field.longest)))

    def _on_changed(self) -> None:
        if self.problem:
            self.say("")
        self.changed.emit()


class Form(QWidget):
    """The fields. Enter in a line says that the user is done with it."""

    changed = Signal(str)  # the key of the field
    entered = Signal()

    def __init__(self, theme: Theme, fields: Sequence[Field], more: str = "") -> None:
        """`more` names the folded rest, where there is one."""
        super().__init__()
        self._theme = theme
        self.fields: dict[str, FormField] = {}
        self._more = QWidget()
        self._fold = FoldButton(theme, more or self.tr("More"))
        self._fold.clicked.connect(lambda: self.set_open(self._more.isHidden()))
        self._shown = stack(gap=GAP_SECTION)
        self._folded = stack(gap=GAP_SECTION, on=self._more)
        stack(self._shown, self._fold, self._more, gap=GAP_SECTION, on=self)
        for each in fields:
            self.put(each)
        self.set_open(False)

    def put(self, field: Field) -> None:
        """Add a field, or have it in the place of the one of the same key."""
        made, old = FormField(self._theme, field), self.fields.get(field.key)
        made.changed.connect(lambda: self.changed.emit(field.key))
        column = self._folded if field.more else self._shown
        if old is not None:
            column.replaceWidget(old, made)
            drop(old)
        else:
            column.addWidget(made)
        self.fields[field.key] = made
        self._fold.setVisible(self._folded.count() > 0)

    def value(self, key: str) -> Any:
        """Return the value of a field."""
        return self.fields[key].value()

    def values(self) -> dict[str, Any]:
        """Return all values, by the keys of the fields."""
        return {key: each.value() for key, each in self.fields.items()}

    @property
    def is_changed(self) -> bool:
        """True if a value is not what the form began with."""
        return any(each.value() != each.begun_with for each in self.fields.values())

    def begin_with(self, key: str, value: Any) -> None:
        """Show another value."""
        self.fields[key].control.begin_with(value)

    def name_rest(self, words: str) -> None:
        """Say on its button what is in the folded rest."""
        self._fold.words = words
        self._fold.show_state(is_open=not self._more.isHidden())

    def set_open(self, is_open: bool) -> None:
        """Unfold or fold the rest."""
        self._more.setVisible(is_open)
        self._fold.show_state(is_open=is_open)

    def say(self, problems: Mapping[str, str]) -> QWidget | None:
        """Show what is wrong, by the keys of fields; nothing is with the others.

        Return the first field with something wrong, which gets the keyboard.
        """
        for key, each in self.fields.items():
            each.say(problems.get(key, ""))
        wrong = next((key for key in self.fields if problems.get(key)), "")
        if not wrong:
            return None
        self.focus(wrong)
        return self.fields[wrong]

    def focus(self, key: str = "") -> None:
        """Have the keyboard in a field; without a key in the first that is empty, else in the first."""
        empty = (each for each, field in self.fields.items() if not str(field.value()).strip())
        key = key or next(empty, next(iter(self.fields)))
        if self.fields[key].field.more:
            self.set_open(True)
        self.fields[key].spoken.setFocus()

    # Qt's own method

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and isinstance(self.focusWidget(), QLineEdit):
            self.entered.emit()
        else:
            super().keyPressEvent(event)
