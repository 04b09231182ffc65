"""The meter of the model's window: a word in the header from half full on, and more on hover and focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QHideEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE, SMALL
from desktop.ui.widgets.layout import FlowLayout

if TYPE_CHECKING:
    from desktop.core.context.filling import Filling
    from desktop.ui.look.theme import Theme

_HALF, _NEARLY = 0.5, 0.8
_BAR_PX = 6
_FAINT = 0.45
_SQUARE_PX = 8
_POPUP_EM = 40


class ContextMeter(QPushButton):
    """A word from half full on; under the pointer or the keyboard, of what it is full. Hidden while there is room."""

    wanted_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._filling: Filling | None = None
        self._popup: _Popup | None = None
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_look(self, "muted")
        self.setAccessibleName(self.tr("How full the model's memory for this conversation is"))
        self.clicked.connect(self._open)
        self.hide()

    def show_filling(self, filling: Filling | None) -> None:
        """Show how full the window is; None hides the meter."""
        if filling == self._filling:
            return
        was_wanted, self._filling = self.is_wanted, filling
        if filling is not None:
            from desktop.ui.context.words import spoken

            self.setText(self._words(filling))
            set_look(self, "advice" if filling.over else "muted")
            self.setAccessibleDescription(f"{self.text()}. {spoken(filling)}")
            if self._popup is not None and self._popup.isVisible():
                self._open()
        if was_wanted or self.is_wanted:
            self.wanted_changed.emit()

    @property
    def is_wanted(self) -> bool:
        """True where the window is half full, or nothing more fits."""
        filling = self._filling
        return filling is not None and filling.window.tokens is not None and how_full(filling) >= _HALF

    def _words(self, filling: Filling) -> str:
        if filling.over:
            return self.tr("Too long")
        return self.tr("Half full") if how_full(filling) < _NEARLY else self.tr("Nearly full")

    def _open(self) -> None:
        if self._filling is None:
            return
        if self._popup is None:
            self._popup = _Popup(self._theme, self.window())
        self._popup.show_filling(self._filling, self)

    def _close(self) -> None:
        if self._popup is not None and not self.hasFocus() and not self.underMouse():
            self._popup.hide()

    # Qt's own methods

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._open()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._close()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._open()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._close()

    def hideEvent(self, event: QHideEvent) -> None:
        if self._popup is not None:
            self._popup.hide()


def how_full(filling: Filling) -> float:
    """Return the share of what can be sent that is taken, from 0 on; more than 1 where it does not fit."""
    return filling.prompt / max(1, (filling.window.tokens or 0) - filling.kept_room)


def bar_of(filling: Filling) -> list[tuple[str, float]]:
    """Return the pieces of the bar from the left: colour token, and share of its width.

    What is taken grows from the left; the room that is kept for the answer stands apart, at the right. What does not
    fit takes the end of the bar, as large a share as it has of all.
    """
    window = filling.window.tokens
    if not window:
        return []
    whole = max(window, filling.prompt + filling.kept_room)
    fits = 1.0 if not filling.over else window / max(window + filling.over, 1)
    pieces = [
        ("accent", sum(each.tokens for each in filling.files)),
        ("muted", filling.instructions + filling.earlier),
        ("ink", filling.question),
        ("line", filling.free or 0),
        ("field_line", filling.kept_room),
    ]
    shares = [(color, tokens / whole * fits) for color, tokens in pieces]
    return [*shares, ("internet", 1.0 - fits)] if filling.over else shares


def _paint(theme: Theme, token: str) -> QColor:
    """Return the colour of a piece; that of the room for the answer is faint, since nothing has been taken there."""
    color = QColor(theme.color(token))
    if token == "field_line":
        color.setAlphaF(_FAINT)
    return color


class _Popup(QFrame):
    """The legend of the bar, below it, over whatever stands there."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        set_look(self, "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GAP_WIDE, GAP, GAP_WIDE, GAP)
        self._column.setSpacing(GAP_TIGHT)
        self._shown: QWidget | None = None

    def show_filling(self, filling: Filling, below: QWidget) -> None:
        """Show the words, right below a widget, inside the window."""
        from desktop.ui.context.words import legend, verdict

        if self._shown is not None:
            self._column.removeWidget(self._shown)
            self._shown.deleteLater()
        self._shown = QWidget()
        column = QVBoxLayout(self._shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_TIGHT)
        items = QWidget()
        flow = FlowLayout(items)
        flow.setContentsMargins(0, 0, 0, 0)
        for color, words in legend(filling):
            flow.addWidget(_Entry(self._theme, color, words))
        column.addWidget(_Bar(self._theme, filling))
        column.addWidget(items)
        column.addWidget(_Entry(self._theme, "internet" if filling.over else "line", verdict(filling)))
        self._column.addWidget(self._shown)
        window = self.window()
        widest = min(_POPUP_EM * self._theme.text_px, window.width() - 2 * GAP)
        hint = max(each.sizeHint().width() for each in self._shown.findChildren(_Entry)) + 2 * GAP_WIDE + 2
        entries = items.findChildren(_Entry)
        in_line = sum(each.sizeHint().width() + GAP_WIDE for each in entries) + 2 * GAP_WIDE + 2
        width = min(widest, max(hint, in_line))
        self._column.activate()
        self.resize(width, self._column.totalHeightForWidth(width))
        line = below.parentWidget() or below  # the header, which it leaves free
        top = line.mapTo(window, QPoint(0, line.height())).y() if line is not window else below.geometry().bottom()
        center = below.mapTo(window, QPoint(below.width(), 0)).x()
        self.move(max(GAP, min(center - width // 2, window.width() - width - GAP)), top + GAP_TIGHT)
        self.show()
        self.raise_()


class _Bar(QWidget):
    """How full the window is, and of what."""

    def __init__(self, theme: Theme, filling: Filling) -> None:
        super().__init__()
        self._theme = theme
        self._filling = filling
        self.setFixedHeight(theme.px(_BAR_PX) + GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self._theme.px(_BAR_PX)
        bar = QRectF(0, (self.height() - height) / 2, self.width(), height)
        outline = QPainterPath()
        outline.addRoundedRect(bar, height / 2, height / 2)
        painter.setClipPath(outline)
        painter.fillRect(bar, self._theme.color("line"))
        at = bar.left()
        for color, share in bar_of(self._filling):
            width = bar.width() * share
            painter.fillRect(QRectF(at, bar.top(), width, bar.height()), _paint(self._theme, color))
            at += width


class _Entry(QWidget):
    """A square in a colour of the bar, and what it stands for."""

    def __init__(self, theme: Theme, color: str, words: str) -> None:
        super().__init__()
        self._theme = theme
        self._color = color
        self._words = words
        self.setFont(theme.ui_font(SMALL))
        self.setAccessibleName(words)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(self._theme.px(_SQUARE_PX) + GAP + metrics.horizontalAdvance(self._words) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        edge = self._theme.px(_SQUARE_PX)
        painter.fillRect(0, (self.height() - edge) // 2, edge, edge, _paint(self._theme, self._color))
        painter.setPen(self._theme.color("ink"))
        room = self.rect().adjusted(edge + GAP, 0, 0, 0)
        words = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
