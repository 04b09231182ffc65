"""The frame of a whole page: a centred column of text width that scrolls when it is taller than the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP_PAGE, GAP_SECTION

if TYPE_CHECKING:
    from desktop.ui.look.theme import Theme


class _Column(QWidget):
    """The column of text, as wide as it may be if the window has the room."""

    def __init__(self, theme: Theme, widest_px: int) -> None:
        super().__init__()
        self._theme = theme
        self._widest_px = widest_px
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self._limit)
        self._limit()

    def _limit(self) -> None:
        self.setMaximumWidth(self._theme.px(self._widest_px))

    def sizeHint(self) -> QSize:
        return QSize(self.maximumWidth(), super().sizeHint().height())


class _Ground(QWidget):
    """A ground never wider than the window: its content breaks lines instead of being cut off."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


class CenteredPage(QScrollArea):
    """A page for widgets in `column`. `centred` pages stand in the middle of the height, others at its top.

    One that `fills` gives its column all of the height.
    """

    def __init__(
        self,
        theme: Theme,
        widest_px: int,
        centred: bool = False,
        parent: QWidget | None = None,
        *,
        fills: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        set_look(self, "page")
        ground = _Ground()
        set_look(ground, "page")
        inner = _Column(theme, widest_px)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(GAP_SECTION)
        row = self._sides = QHBoxLayout()
        row.setContentsMargins(GAP_PAGE, GAP_PAGE, GAP_PAGE, GAP_PAGE)
        row.addStretch(1)
        row.addWidget(inner, 1000)  # takes the width first; what is over its maximum goes to the sides
        row.addStretch(1)
        frame = QVBoxLayout(ground)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.addStretch(1 if centred else 0)
        frame.addLayout(row, int(fills))
        frame.addStretch(int(not fills))
        self.setWidget(ground)
        self.verticalScrollBar().rangeChanged.connect(self._stay_in_line)

    def _stay_in_line(self, least: int, most: int) -> None:
        """Let the bar stand in the margin: the column stays where it is on pages without one."""
        bar = self.verticalScrollBar().sizeHint().width() if most > least else 0
        self._sides.setContentsMargins(GAP_PAGE, GAP_PAGE, max(0, GAP_PAGE - bar), GAP_PAGE)
