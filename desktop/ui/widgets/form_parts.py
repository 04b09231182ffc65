"""The parts of forms: lines to type in, to filter by or for a date, a box to choose from, a field with its label."""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QComboBox,
    QLineEdit,
    QMenu,
    QStyle,
    QStyleOptionComboBox,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from desktop.ui.look.icons import IconButton, icon, pixmap
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.picker import round_corners
from desktop.ui.words import fill, plain_tooltip

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
