"""The pages, sheets or slides of a file as a list with check boxes: which of them are sent, and which is read.

Light for ten thousand of them: only the rows in sight are painted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.core.documents.document import Section
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.documents.words import section_name
from desktop.ui.look.icons import pixmap
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, SMALL
from desktop.ui.words import number

_ROW_PX = 32
_BOX_PX = 16
_NUMBER_PX = 34  # three digits and the gap behind
_LONGEST_TITLE = 200

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class _Sections(QAbstractListModel):
    """The sections, and which of them are chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sections: Sequence[Section] = ()
        self.chosen: frozenset[int] = frozenset()

    def show(self, sections: Sequence[Section], chosen: frozenset[int]) -> None:
        grows = len(sections) > len(self.sections) and self.sections == sections[: len(self.sections)]
        self.chosen = chosen
        if grows:
            self.beginInsertRows(QModelIndex(), len(self.sections), len(sections) - 1)
            self.sections = sections
            self.endInsertRows()
        elif len(sections) != len(self.sections) or self.sections != sections:
            self.beginResetModel()
            self.sections = sections
            self.endResetModel()
        elif sections:
            self.dataChanged.emit(self.index(0), self.index(len(sections) - 1))

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.sections)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        section = self.sections[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return show_invisible(section.title[:_LONGEST_TITLE]) or section_name(section.kind, section.number)
            case Qt.ItemDataRole.CheckStateRole:
                is_on = section.number in self.chosen
                return (Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked).value
            case Qt.ItemDataRole.AccessibleTextRole:
                name = section_name(section.kind, section.number)
                return f"{name}, {section.title}" if section.title else name
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag
        return flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemIsUserCheckable


class _SectionRow(QStyledItemDelegate):
    """The painter of a row: a check box, the number, the title."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, self._theme.px(_ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, room = self._theme, option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(theme.color("accent") if has_focus else Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected"))
            painter.drawRoundedRect(QRect(room).adjusted(1, 1, -1, -1), 8, 8)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(QRect(room).adjusted(1, 1, -1, -1), 8, 8)
        is_on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
        self._paint_box(painter, box_rect(theme, room), is_on)
        ink = theme.color("ink" if is_on else "muted")
        left = box_rect(theme, room).right() + 1
        painter.setFont(theme.ui_font(SMALL))
        painter.setPen(theme.color("muted"))
        sections = index.model()
        count = sections.sections[index.row()].number if isinstance(sections, _Sections) else index.row() + 1
        wide = max(theme.px(_NUMBER_PX) - GAP, painter.fontMetrics().horizontalAdvance(number(count)) + GAP)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRect(left, room.top(), wide, room.height()), flags, number(count))
        painter.setPen(ink)
        painter.setFont(theme.ui_font(14 / 15))
        words = QRect(left + wide + GAP, room.top(), room.right() - left - wide - 2 * GAP, room.height())
        title = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        painter.restore()

    def _paint_box(self, painter: QPainter, box: QRect, is_on: bool) -> None:
        theme = self._theme
        painter.setPen(theme.color("accent" if is_on else "field_line"))
        painter.setBrush(theme.color("accent" if is_on else "surface"))
        painter.drawRoundedRect(box.adjusted(0, 0, -1, -1).toRectF().translated(0.5, 0.5), 4, 4)
        if is_on:
            edge = box.width() - 2
            painter.drawPixmap(box.left() + 1, box.top() + 1, pixmap("check", theme.tokens.on_fill, edge, 2.0))


def box_rect(theme: Theme, room: QRect) -> QRect:
    """Return where the check box of a row stands."""
    edge = theme.px(_BOX_PX)
    return QRect(room.left() + GAP, room.top() + (room.height() - edge) // 2, edge, edge)


class SectionList(QListView):
    """The list. A press on a check box or the space bar ticks; a press elsewhere goes there."""

    toggled = Signal(int)  # the number of a section
    reached = Signal(int)  # the number of the section that the user has gone to

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sections = _Sections(self)
        self.setModel(self._sections)
        self.setItemDelegate(_SectionRow(theme, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_look(self, "sections")
        self.selectionModel().currentChanged.connect(lambda now, _: self._on_current(now))
        theme.changed.connect(self.doItemsLayout)
        self._is_following = False

    def show_sections(self, sections: Sequence[Section], chosen: frozenset[int]) -> None:
        """Show these, with the chosen ones ticked."""
        self._sections.show(sections, chosen)
        self.setMaximumHeight(self.sizeHint().height())

    def follow(self, section: int) -> None:
        """Show as current the section that is being read."""
        row = next((at for at, each in enumerate(self._sections.sections) if each.number == section), None)
        if row is not None and row != self.currentIndex().row():
            self._is_following = True
            self.setCurrentIndex(self._sections.index(row))
            self._is_following = False

    def _on_current(self, now: QModelIndex) -> None:
        if now.isValid() and not self._is_following:
            self.reached.emit(self._sections.sections[now.row()].number)

    def _toggle(self, index: QModelIndex) -> None:
        if index.isValid():
            self.toggled.emit(self._sections.sections[index.row()].number)

    # Qt's own methods

    def sizeHint(self) -> QSize:
        rows = len(self._sections.sections)
        return QSize(super().sizeHint().width(), rows * self._theme.px(_ROW_PX) + 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        box = box_rect(self._theme, self.visualRect(index)).adjusted(-GAP, -GAP, GAP, GAP)
        if event.button() is Qt.MouseButton.LeftButton and index.isValid() and box.contains(at):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._toggle(index)
            event.accept()
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._toggle(self.currentIndex())
        else:
            super().keyPressEvent(event)
