"""A hint with a link's address while the pointer is on it, as a browser shows at its lower edge. Opens nothing.

The host stands out and is always shown whole, in punycode where it only looks Latin; a long path is cut in its middle.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QCursor, QFontMetricsF, QPainter, QPaintEvent, QPen, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QWidget

from desktop.rendering.markdown.links import safe_href, split_address
from desktop.ui.look import tokens as measures
from desktop.ui.look.theme import Theme

_WIDEST = 0.75  # of the parent
_PAD_X, _PAD_Y = 8, 4


class LinkHint(QWidget):
    """A hint over the lower left corner of its parent, or the right one when the pointer is in the left."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts = ("", "", "")
        self._layout = QTextLayout()
        # It must not take the pointer from the link that it explains.
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    @property
    def text(self) -> str:
        """The text shown."""
        return self._layout.text() if self.isVisible() else ""

    def show_address(self, href: str) -> None:
        """Show the address of a link; an empty or unsafe one hides the hint."""
        address = safe_href(href)
        if not address:
            self.hide()
            return
        self._parts = split_address(address)
        self._place()
        self.show()
        self.raise_()
        self.update()

    def _place(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        size = self._lay_out(int(parent.width() * _WIDEST))
        corner = QPoint(0, parent.height() - size.height())
        if QRect(corner, size).contains(parent.mapFromGlobal(QCursor.pos())):
            corner.setX(parent.width() - size.width())
        self.setGeometry(QRect(corner, size))

    def _lay_out(self, widest: int) -> QSize:
        """Cut the rest of the address to the room, and return the size; a host that is wider than that wraps."""
        font = self._theme.ui_font(measures.SMALL)
        metrics = QFontMetricsF(font)
        before, host, rest = self._parts
        bold = self._theme.ui_font(measures.SMALL, bold=True)
        room = widest - 2 * _PAD_X
        taken = metrics.horizontalAdvance(before) + QFontMetricsF(bold).horizontalAdvance(host)
        shortest = metrics.horizontalAdvance("/…")
        cut = metrics.elidedText(rest, Qt.TextElideMode.ElideMiddle, max(shortest, room - taken - 2))
        layout = QTextLayout(before + host + cut, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        layout.setTextOption(option)
        strong = QTextLayout.FormatRange()
        strong.start, strong.length, strong.format = len(before), len(host), QTextCharFormat()
        strong.format.setFont(bold)
        strong.format.setForeground(self._theme.color("ink"))
        layout.setFormats([strong])
        tall = wide = 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room)
            line.setPosition(QPointF(_PAD_X, _PAD_Y + tall))
            tall += line.height()
            wide = max(wide, line.naturalTextWidth())
        layout.endLayout()
        self._layout = layout
        return QSize(int(min(wide, room)) + 2 * _PAD_X + 2, int(tall) + 2 * _PAD_Y + 1)

    # Qt's own methods

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.setBrush(self._theme.color("surface"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setPen(self._theme.color("muted"))
        self._layout.draw(painter, QPointF(0, 0))
