"""Layouts in one call, in rows that break as words do, and in a column as wide as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QScrollBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.look.stylesheet import COLUMN_EM, GAP, GAP_PAGE, GAP_SECTION, GAP_TIGHT, set_look
from desktop.ui.look.theme import Theme

Part: TypeAlias = QWidget | QLayout | int | tuple[QWidget | QLayout, int | Qt.AlignmentFlag] | None


def stack(
    *parts: Part, gap: int = GAP, margins: int | tuple[int, int, int, int] = 0, across: bool = False,
    on: QWidget | None = None,
) -> QBoxLayout:  # fmt: skip
    """Return a column of parts, or a row of them with `across`; it becomes the layout of the widget `on`.

    None is a stretch, a number so many pixels, and a pair a part with its stretch factor, or with the side of its cell
    at which it stands. `margins`: all four, or left, top, right and bottom.
    """
    box: QBoxLayout = QHBoxLayout() if across else QVBoxLayout()
    if on is not None:
        on.setLayout(box)
    box.setSpacing(gap)
    box.setContentsMargins(*(margins if isinstance(margins, tuple) else (margins,) * 4))
    for part in parts:
        what, share = part if isinstance(part, tuple) else (part, 0)
        stretch, side = (0, share) if isinstance(share, Qt.AlignmentFlag) else (share, Qt.AlignmentFlag(0))
        if what is None:
            box.addStretch(1)
        elif isinstance(what, int):
            box.addSpacing(what)
        elif isinstance(what, QLayout):
            box.addLayout(what, stretch)
        else:
            box.addWidget(what, stretch, side)
    return box


def drop(*widgets: QWidget) -> None:
    """Delete widgets, wherever they stand."""
    for each in widgets:
        each.hide()  # at once: until it is deleted it would be seen where it was
        each.deleteLater()


def empty(layout: QLayout) -> None:
    """Take the widgets out of a layout, and delete them."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            drop(widget)


def scroll_down(area: QScrollArea, inner: QWidget | None = None, look: str = "") -> None:
    """Have an area scroll its content up and down alone, without a frame, on the ground of a look; Tab passes it."""
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if inner is not None:
        area.setWidget(inner)
        for ground in (area, inner):
            set_look(ground, look)


def show_handle_if_needed(bar: QScrollBar) -> None:
    """Have a bar that keeps its place show its handle only while there is something to scroll."""
    bar.rangeChanged.connect(lambda least, most: bar.setEnabled(most > least))
    bar.setEnabled(False)


def scrolling(inner: QWidget, look: str) -> QScrollArea:
    """Return a column that scrolls where it has no room."""
    area = QScrollArea()
    scroll_down(area, inner, look)
    return area


def be_as_high_as_needed(widget: QWidget, across: QSizePolicy.Policy, down: QSizePolicy.Policy) -> None:
    """Have a widget's height follow from its width."""
    policy = QSizePolicy(across, down)
    policy.setHeightForWidth(True)
    widget.setSizePolicy(policy)


class FlowLayout(QLayout):
    """Rows of items at their preferred size, `spacing` pixels apart both ways.

    `at_right`: they end at the right. `last_at_right`: so many of the last ones do, as the buttons of a dialog.
    """

    def __init__(
        self, parent: QWidget | None = None, spacing: int = GAP, *, at_right: bool = False, last_at_right: int = 0
    ) -> None:
        super().__init__(parent)
        self._at_right = at_right
        self._last_at_right = last_at_right
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def _arrange(self, room: QRect, place: bool) -> int:
        """Go through the rows, and return their height in pixels. Items are moved only if `place`."""
        margins = self.contentsMargins()
        inner = room.marginsRemoved(margins)
        top, row_height, right = inner.top(), 0, inner.left()
        row: list[tuple[QLayoutItem, QRect]] = []
        for item in self._items:
            if item.isEmpty():
                continue
            wanted = item.sizeHint()
            wanted.setWidth(min(wanted.width(), max(inner.width(), item.minimumSize().width())))
            if row and right + wanted.width() > inner.right() + 1:
                self._end_row(row, row_height, inner, place)
                top, row_height, right = top + row_height + self.spacing(), 0, inner.left()
            row.append((item, QRect(QPoint(right, top), wanted)))
            right += wanted.width() + self.spacing()
            row_height = max(row_height, wanted.height())
        self._end_row(row, row_height, inner, place)
        return top + row_height - room.top() + margins.bottom()

    def _end_row(self, row: list[tuple[QLayoutItem, QRect]], row_height: int, inner: QRect, place: bool) -> None:
        """Put the items of a row side by side at half its height, and begin an empty one."""
        if place:
            free = inner.right() - row[-1][1].right() if row else 0
            ending = self._items[len(self._items) - self._last_at_right :]
            for item, where in row:
                left = free if self._at_right or item in ending else 0
                item.setGeometry(where.translated(left, (row_height - where.height()) // 2))
        row.clear()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), place=False)

    def setGeometry(self, room: QRect) -> None:
        super().setGeometry(room)
        self._arrange(room, place=True)

    def sizeHint(self) -> QSize:
        size = self.minimumSize()
        if self._last_at_right:  # a line of a dialog, which is as wide as that where there is room
            shown = [item.sizeHint().width() for item in self._items if not item.isEmpty()]
            size.setWidth(max(size.width(), sum(shown) + self.spacing() * max(0, len(shown) - 1)))
        return size

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())


class ChipRow(QWidget):
    """A row of chips by groups, one group after the other; hidden while there is none."""

    def __init__(self, groups: Sequence[str], parent: QWidget | None = None) -> None:
        """Build the row. `groups` names the groups in their order."""
        super().__init__(parent)
        self._row = FlowLayout(self)
        self._row.setContentsMargins(GAP_TIGHT, 2, GAP_TIGHT, 0)  # in line with the words in the box
        self._groups: dict[str, list[QWidget]] = {group: [] for group in groups}
        self.hide()

    @property
    def is_empty(self) -> bool:
        return not any(self._groups.values())

    def show_chips(self, group: str, chips: Sequence[QWidget]) -> None:
        """Set the chips of a group, in their order; those that are not among them any more are deleted."""
        gone = [chip for chip in self._groups[group] if chip not in chips]
        for chip in gone:
            self._row.removeWidget(chip)
        drop(*gone)
        is_changed = self._groups[group] != list(chips)
        self._groups[group] = list(chips)
        if is_changed:
            self._arrange()
        self.setVisible(not self.is_empty)

    def chips(self) -> list[QWidget]:
        """Return all chips, in the order in which they stand."""
        return [chip for chips in self._groups.values() for chip in chips]

    def _arrange(self) -> None:
        for chip in self.chips():
            self._row.removeWidget(chip)
        for chip in self.chips():
            self._row.addWidget(chip)
            chip.show()


class TextColumn(QWidget):
    """A column for widgets; they get the width that the transcript gives its messages in the same window."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(GAP_PAGE, GAP, GAP_PAGE, GAP_SECTION)
        self.column.setSpacing(GAP)
        theme.changed.connect(self._keep_width)

    def _keep_width(self) -> None:
        width = min(self.width() - 2 * GAP_PAGE, COLUMN_EM * self._theme.text_px)
        left = (self.width() - width) // 2
        self.column.setContentsMargins(left, GAP, self.width() - width - left, GAP_SECTION)

    def minimumSizeHint(self) -> QSize:
        """Return the size with the least margins: those of a wide window must not keep it from narrowing."""
        hint, margins = super().minimumSizeHint(), self.column.contentsMargins()
        return QSize(hint.width() - margins.left() - margins.right() + 2 * GAP_PAGE, hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_width()
