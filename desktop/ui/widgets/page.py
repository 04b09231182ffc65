"""The frame of a whole page: a centred column of text width that scrolls when it is taller than the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP_PAGE, GAP_SECTION
from desktop.ui.widgets.layout import stack

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent

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
        self.column = stack(gap=GAP_SECTION, on=inner)
        row = self._sides = stack(None, (inner, 1000), None, gap=0, margins=GAP_PAGE, across=True)
        frame = self._frame = QVBoxLayout(ground)
        self._held_in = QSize()  # the window in which the column's top is kept where it was
        frame.setContentsMargins(0, 0, 0, 0)
        self._above = QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
        frame.addItem(self._above)
        frame.setStretch(0, int(centred))
        frame.addLayout(row, int(fills))
        frame.addStretch(int(not fills))
        self.setWidget(ground)
        self.verticalScrollBar().rangeChanged.connect(self._stay_in_line)

    def keep_top(self) -> None:
        """Keep the column's top where it is while what is in it grows, as far as there is room.

        Of a centred page; until it is shown anew, or the window has another size.
        """
        if not self.isVisible() or not self._held_in.isEmpty():
            return
        self._held_in = self.window().size()
        above = self._above
        above.changeSize(0, above.geometry().height(), QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Maximum)
        self._frame.setStretch(0, 0)
        self._frame.invalidate()

    def _centre_again(self) -> None:
        if not self._held_in.isEmpty():
            self._held_in = QSize()
            self._above.changeSize(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
            self._frame.setStretch(0, 1)
            self._frame.invalidate()

    def _stay_in_line(self, least: int, most: int) -> None:
        """Let the bar stand in the margin: the column stays where it is on pages without one."""
        bar = self.verticalScrollBar().sizeHint().width() if most > least else 0
        self._sides.setContentsMargins(GAP_PAGE, GAP_PAGE, max(0, GAP_PAGE - bar), GAP_PAGE)

    # Qt's own methods

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._centre_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._held_in != self.window().size():  # not the room alone, which what stands below may take
            self._centre_again()
