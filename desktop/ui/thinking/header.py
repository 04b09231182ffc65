"""The line over a thinking trace: its words, and the button that opens and closes the trace.

Its words change twice a second while a model thinks. It draws them itself, so that this repaints the line and nothing
else, and so that a screen reader is not told of each second: Qt would announce a button's new text as a new name.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from desktop.ui.look.icons import pixmap
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme


class ThinkingHeader(QPushButton):
    """A quiet button as wide as its words."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = ""
        self._detail = ""
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        self.setAccessibleName(self.tr("Thinking"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        set_look(self, "muted")
        self.show_open(False)

    @property
    def words(self) -> str:
        return self._words

    def set_words(self, words: str, detail: str = "", *, is_last: bool = False) -> None:
        """Show these words, with `detail` as the tip; a screen reader is told only of the last ones, which stay."""
        if words != self._words:
            self._words = words
            self.update()
        self.setToolTip(detail)
        if is_last:
            self.setAccessibleName(words)
            self._detail = detail
            self.show_open(self.isChecked())

    def show_open(self, is_open: bool) -> None:
        """Show that the trace is open, or closed."""
        self.setChecked(is_open)
        hint = self.tr("Hide the thinking") if is_open else self.tr("Show the thinking")
        self.setAccessibleDescription("\n".join(filter(None, (hint, self._detail))))
        self.update()

    def _edge(self) -> int:
        return self._theme.px(14)

    # Qt's own methods

    def sizeHint(self) -> QSize:
        # By hand: the style would take as long for it as all else takes that the clock does.
        theme, metrics = self._theme, self.fontMetrics()
        width = theme.px(3) + self._edge() + theme.px(4) + metrics.horizontalAdvance(self._words) + 1 + theme.px(8)
        return QSize(width, max(metrics.height(), self._edge()) + 2 * theme.px(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        if self.underMouse() or self.hasFocus():  # else there is nothing around the words
            option = QStyleOptionButton()
            self.initStyleOption(option)
            option.state &= ~QStyle.StateFlag.State_On
            painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        edge, gap = self._edge(), self._theme.px(4)
        x, middle = self._theme.px(3), self.height() / 2
        ink = "ink" if self.underMouse() and self.isEnabled() else "muted"
        name = "chevron-down" if self.isChecked() else "chevron-right"
        drawing = pixmap(name, self._theme.tokens.muted, edge, self.devicePixelRatioF())
        painter.drawPixmap(x, round(middle - edge / 2), drawing)
        painter.setPen(self._theme.color(ink))
        room = QRect(x + edge + gap, 0, self.width() - x - edge - gap, self.height())
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
