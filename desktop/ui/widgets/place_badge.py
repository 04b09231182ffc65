"""A dot and words that name the place that text goes to; the words are cut before the kind of place is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, SMALL
from desktop.ui.widgets.labels import set_tooltip
from desktop.ui.words import place_name, place_sentence

_DOT_PX = 8
_LEAST_PX = 150  # of "On this computer"; a host's name may be cut


class PlaceBadge(QWidget):
    """A badge of one place in its colour."""

    def __init__(self, theme: Theme, place: Place = THIS_COMPUTER, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._place = place
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)
        self.show_place(place)

    @property
    def words(self) -> str:
        """The words, unshortened."""
        return place_name(self._place)

    def show_place(self, place: Place) -> None:
        """Show that words go to `place`."""
        self._place = place
        self.setAccessibleName(self.words)
        self.setAccessibleDescription(place_sentence(place))
        set_tooltip(self, place_sentence(place))
        self.setFont(self._theme.ui_font(SMALL))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        font = self._theme.ui_font(SMALL)
        self.setFont(font)
        metrics = self.fontMetrics()
        return QSize(self._theme.px(_DOT_PX) + GAP + metrics.horizontalAdvance(self.words) + 2, metrics.height() + GAP)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), self._theme.px(_LEAST_PX)), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._theme.tokens.place(self._place.kind)
        edge = self._theme.px(_DOT_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QRectF(0, (self.height() - edge) / 2, edge, edge))
        painter.setPen(color)
        room = self.rect().adjusted(edge + GAP, 0, 0, 0)
        words = self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideMiddle, room.width())
        flags = (Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft).value
        self.style().drawItemText(painter, room, flags, self.palette(), True, words)


def place_dot(theme: Theme, kind: PlaceKind, ratio: float) -> QPixmap:
    """Return the dot alone, for what shows places in rows; `ratio` is that of the screen's pixels."""
    edge = theme.px(_DOT_PX)
    drawing = QPixmap(QSize(edge, edge) * ratio)
    drawing.setDevicePixelRatio(ratio)
    drawing.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawing)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.tokens.place(kind)))
    painter.drawEllipse(QRectF(0, 0, edge, edge))
    painter.end()
    return drawing
