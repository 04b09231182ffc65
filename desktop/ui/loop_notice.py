"""A quiet line that says that a model repeats itself, with what can be done about it. It decides nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.ui import theme as measures
from desktop.ui.labels import ElidedLabel
from desktop.ui.page_look import PageLook
from desktop.ui.stylesheet import set_look


class LoopNotice(QWidget):
    """Stands below what repeats itself. Where room is short, the words give way to the buttons."""

    cut_requested = Signal()
    dismissed = Signal()  # let it go on

    def __init__(self, look: PageLook, cut_words: str, parent: QWidget, *, ground: str) -> None:
        """`ground` is the colour of the theme that it stands on; on that of the thinking it has the thinking's rule."""
        super().__init__(parent)
        self._look = look
        self._ground = ground
        self._words = ElidedLabel(self.tr("The model repeats itself"), "small", self)
        self._cut = self._button(cut_words, "link")
        self._cut.clicked.connect(self.cut_requested)
        self._go_on = self._button(self.tr("Let it go on"), "muted")
        self._go_on.clicked.connect(self.dismissed)
        self.setAccessibleName(self._words.text())

    @property
    def wanted_height(self) -> int:
        return self._look.theme.px(36)

    def _button(self, words: str, look: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        set_look(button, look)
        return button

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        on_thinking = self._ground == "thinking"
        x = measures.GAP_SECTION + measures.RULE_WIDTH if on_thinking else 0
        buttons = [(button, button.sizeHint().width()) for button in (self._cut, self._go_on)]
        room = self.width() - x - sum(width + measures.GAP for _, width in buttons)
        words = max(0, min(room, self._words.sizeHint().width()))
        edge = self._look.theme.px(28)
        y = (self.height() - edge) // 2
        self._words.setGeometry(x, y, words, edge)
        x += words
        for button, width in buttons:
            x += measures.GAP
            button.setGeometry(x, y, width, edge)
            x += width

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.theme.color(self._ground))
        if self._ground == "thinking":
            painter.fillRect(0, 0, measures.RULE_WIDTH, self.height(), self._look.thinking.colours.line)
