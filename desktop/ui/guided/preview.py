"""The growing prompt: as a pane beside the conversation, or as a line that unfolds where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.ui.guided.cards import CardColumn, Growth
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.buttons import FoldButton
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel

_UNFOLDED_PX = 150


def _scrolled(cards: CardColumn) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(cards)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    set_look(area, "card ground")
    set_look(cards, "card ground")
    return area


class GuidedPreview(QWidget):
    """The pane: the cards, how long all is, and the way to the same draft in its six parts."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Prompt preview"))
        close = IconButton(theme, "close", self.tr("Close the preview; the questions stay"))
        self.closed: SignalInstance = close.clicked
        self._cards = CardColumn(theme)
        self._size = ElidedLabel("", "small")
        self._size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        parts = QPushButton(self.tr("By its six parts"))
        parts.setAutoDefault(False)
        parts.setToolTip(self.tr("The same prompt as a form: nothing is lost either way"))
        self.parts_wanted: SignalInstance = parts.clicked
        copy = IconButton(theme, "copy", self.tr("Copy the text"))
        self.copy_wanted: SignalInstance = copy.clicked
        head = QHBoxLayout()
        head.addWidget(PlainLabel(self.tr("Prompt preview"), "heading"), 1)
        head.addWidget(close)
        framed = QFrame()
        set_look(framed, "card")
        inside = QVBoxLayout(framed)
        inside.setContentsMargins(GAP_TIGHT, GAP_TIGHT, GAP_TIGHT, GAP_TIGHT)
        inside.addWidget(_scrolled(self._cards))
        foot = QHBoxLayout()
        foot.setSpacing(GAP)
        foot.addWidget(parts)
        foot.addWidget(copy)
        foot.addWidget(self._size, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_WIDE, GAP, GAP_WIDE, GAP_WIDE)
        column.setSpacing(GAP)
        column.addLayout(head)
        self._about = PlainLabel("", "small", wraps=True)
        column.addWidget(self._about)
        column.addWidget(framed, 1)
        column.addLayout(foot)

    def show_growth(self, growth: Growth, size: str) -> None:
        """Show the prompt, and how long it is in words."""
        about = self.tr("It grows as you answer, and can be sent at any time.")
        if any(card.is_proposed for card in growth.cards):
            about = self.tr("It grows as you answer, and can be sent at any time; what is dashed is not in it yet.")
        self._about.setText(about)
        self._cards.show_growth(growth)
        self._size.show_text(size)


class GuidedPreviewLine(QWidget):
    """The line "Preview · about half a page", which unfolds the cards."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fold = FoldButton(theme, self.tr("Preview"))
        self._size = ElidedLabel("", "small")
        parts = QPushButton(self.tr("By its six parts"))
        parts.setAutoDefault(False)
        set_look(parts, "muted")
        self.parts_wanted: SignalInstance = parts.clicked
        self._cards = CardColumn(theme)
        self._area = _scrolled(self._cards)
        self._fold.clicked.connect(lambda: self.set_open(self._area.isHidden()))
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self._fold)
        row.addWidget(self._size, 1)
        row.addWidget(parts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_TIGHT)
        column.addLayout(row)
        column.addWidget(self._area)
        theme.changed.connect(self._fit)
        self._fit()
        self.set_open(False)

    def set_open(self, is_open: bool) -> None:
        """Show or hide the cards; the line stays."""
        self._area.setVisible(is_open)
        self._fold.show_state(is_open=is_open)

    def show_growth(self, growth: Growth, size: str) -> None:
        """Show the prompt, and how long it is in words."""
        self._cards.show_growth(growth)
        self._size.show_text(size)

    def _fit(self) -> None:
        self._area.setFixedHeight(self._theme.px(_UNFOLDED_PX))
