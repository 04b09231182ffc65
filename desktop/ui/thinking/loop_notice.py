"""A quiet line that tells that a model repeats itself, with what can be done about it. It decides nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.ui.look import tokens as measures
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.stylesheet import set_look
from desktop.ui.widgets.labels import ElidedLabel

_ROW = 28
_AROUND = 8  # above and below, together


class LoopNotice(QWidget):
    """A line below the repeating text: one row, or as many as words and buttons need if room is short."""

    def __init__(self, look: PageLook, cut_words: str, parent: QWidget, *, ground: str) -> None:
        """Build the line.

        `ground` is the theme's colour below it; on that of the thinking it has the thinking's rule.
        """
        super().__init__(parent)
        self._look = look
        self._ground = ground
        self._words = ElidedLabel(self.tr("The model repeats itself"), "small", self)
        self._cut = self._button(cut_words, "link")
        self.cut_requested: SignalInstance = self._cut.clicked
        self._go_on = self._button(self.tr("Let it go on"), "muted")
        self.dismissed: SignalInstance = self._go_on.clicked  # let it go on
        self.setAccessibleName(self._words.text())

    def height_for(self, width: int) -> int:
        """Return the height in pixels that it needs at a width in pixels."""
        return self._look.theme.px(_AROUND) + self._look.theme.px(_ROW) * len(self._rows(width))

    def _button(self, words: str, look: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        set_look(button, look)
        return button

    @property
    def _inset(self) -> int:
        return measures.GAP_SECTION + measures.RULE_WIDTH if self._ground == "thinking" else 0

    def _rows(self, width: int) -> list[list[QWidget]]:
        rows: list[list[QWidget]] = [[]]
        left = room = width - self._inset
        for part in (self._words, self._cut, self._go_on):
            wanted = part.sizeHint().width()
            if rows[-1] and wanted > left:
                rows.append([])
                left = room
            rows[-1].append(part)
            left -= wanted + measures.GAP
        return rows

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        edge = self._look.theme.px(_ROW)
        y = self._look.theme.px(_AROUND) // 2
        for row in self._rows(self.width()):
            x = self._inset
            for part in row:
                width = min(part.sizeHint().width(), self.width() - x)
                part.setGeometry(x, y, width, edge)
                x += width + measures.GAP
            y += edge

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.theme.color(self._ground))
        if self._ground == "thinking":
            painter.fillRect(0, 0, measures.RULE_WIDTH, self.height(), self._look.thinking.colours.line)
