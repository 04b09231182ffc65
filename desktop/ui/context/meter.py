"""The meter of the model's window: a word in the header from half full on, and more on hover and focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE, SMALL

if TYPE_CHECKING:
    from desktop.core.context.filling import Filling
    from desktop.ui.look.theme import Theme

_HALF, _NEARLY = 0.5, 0.8
_BAR_PX = 6
_FAINT = 0.45
_SQUARE_PX = 8


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


class _Popup(QFrame):
    """The bar, and a line for each of its pieces, over whatever stands below the header."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._pieces: list[tuple[str, float]] = []
        self._lines: list[tuple[str, str]] = []  # the colour of a square, and the words beside it
        set_look(self, "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_filling(self, filling: Filling, below: QWidget) -> None:
        """Show what takes room, right below a widget, inside the window."""
        from desktop.ui.context.words import legend, verdict

        self._pieces = bar_of(filling)
        self._lines = [*legend(filling), ("internet" if filling.over else "line", verdict(filling))]
        self.setFont(self._theme.ui_font(SMALL))
        window, metrics = self.window(), self.fontMetrics()
        widest = max(metrics.horizontalAdvance(words) for _, words in self._lines)
        width = min(2 * GAP_WIDE + self._beside_square() + widest + 2, window.width() - 2 * GAP)
        self.resize(width, 2 * GAP + self._theme.px(_BAR_PX) + len(self._lines) * (GAP_TIGHT + metrics.height()))
        line = below.parentWidget() or below  # the header, which it leaves free
        top = line.mapTo(window, QPoint(0, line.height())).y() if line is not window else below.geometry().bottom()
        center = below.mapTo(window, QPoint(below.width(), 0)).x()
        self.move(max(GAP, min(center - width // 2, window.width() - width - GAP)), top + GAP_TIGHT)
        self.show()
        self.raise_()
        self.update()

    def _beside_square(self) -> int:
        return self._theme.px(_SQUARE_PX) + GAP

    def _colour(self, token: str) -> QColor:
        """Return the colour of a piece; that of the room for the answer is faint: nothing has been taken there."""
        colour = QColor(self._theme.color(token))
        colour.setAlphaF(_FAINT if token == "field_line" else colour.alphaF())
        return colour

    # Qt's own method

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, inside = QPainter(self), self.rect().adjusted(GAP_WIDE, GAP, -GAP_WIDE, -GAP)
        bar = QRect(inside.topLeft(), QSize(inside.width(), self._theme.px(_BAR_PX)))
        at = float(bar.left())
        painter.fillRect(bar, self._theme.color("line"))
        for token, share in self._pieces:
            painter.fillRect(QRectF(at, bar.top(), bar.width() * share, bar.height()), self._colour(token))
            at += bar.width() * share
        edge, height, y = self._theme.px(_SQUARE_PX), self.fontMetrics().height(), bar.bottom() + 1 + GAP_TIGHT
        for token, words in self._lines:
            painter.fillRect(inside.left(), y + (height - edge) // 2, edge, edge, self._colour(token))
            painter.setPen(self._theme.color("ink"))
            room = QRect(inside.left() + self._beside_square(), y, inside.width() - self._beside_square(), height)
            shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
            y += height + GAP_TIGHT
