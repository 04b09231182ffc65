"""The place in a table: its row and column stand out, with their heads; only the rows around it are drawn.

Of a sheet the columns have their letters and the rows their numbers, as in the program that wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.core.documents.document import row_cells
from desktop.core.documents.surroundings import TableRow, column_at, rows_around
from desktop.core.evidence.checked import GivenText, SourcePlace
from desktop.rendering.text.invisible import show_invisible
from desktop.rendering.text.utf16 import Units
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, RULE_WIDTH, SMALL
from desktop.ui.words import number

_ROWS: Final = 30  # on each side of the place
_LONGEST: Final = 300  # letters of a cell
_MOST_COLUMNS: Final = 1_000
_NARROWEST_PX, _WIDEST_PX = 40, 200  # of a column
_WIDEST_NAME_PX = 150  # of the names of rows, beside what is found in them
_MEASURED: Final = 8  # columns on each side of the place, and rows, whose cells say how wide a column is
_SHARE: Final = 0.3  # of the colour of what was found, for row and column of the place

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class ShownTable:
    """Rows of a table, and the cell of the place: its row among them, and its column."""

    rows: Sequence[TableRow] = ()
    cells: Sequence[Sequence[str]] = ()
    row: int = 0
    column: int = 0
    is_sheet: bool = False
    words: str = ""  # that are the place, and how often they stand in the cell before it
    earlier: int = 0

    def marked_in(self, cell: str) -> tuple[int, int]:
        """Return which letters of the cell, as it is shown, are the place; all of them where that can't be told."""
        at = -1
        for _ in range(self.earlier + 1):
            at = cell.find(self.words, at + 1)
            if at < 0:
                break
        return (at, at + len(self.words)) if self.words and at >= 0 else (0, len(cell))

    @property
    def naming_column(self) -> int:
        """The column whose words name the row: the first that has any."""
        cells = self.cells[self.row]
        return next((index for index, cell in enumerate(cells) if cell.strip()), self.column)

    @property
    def row_head(self) -> str:
        """The first words of the row; empty where they are the place itself."""
        at = self.naming_column
        return self.cells[self.row][at] if at < self.column else ""

    @property
    def column_head(self) -> str:
        """The words above the column; empty where they are the place itself."""
        first = self.cells[0]
        return first[self.column] if self.row > 0 and self.column < len(first) else ""


def table_around(source: GivenText, place: SourcePlace, *, is_sheet: bool) -> ShownTable | None:
    """Return the table around a place; None where it stands in none."""
    rows = rows_around(source.text, source.anchors, place.start, _ROWS)
    at = next((index for index, row in enumerate(rows) if row.start <= place.start <= row.end), None)
    if at is None:
        return None
    cells = [row_cells(source.text[row.start : row.end])[:_MOST_COLUMNS] for row in rows]
    line = source.text[rows[at].start : rows[at].end]
    column = min(column_at(line, place.start - rows[at].start), len(cells[at]) - 1)
    words = source.text[place.start : min(place.end, rows[at].end)].strip()
    return ShownTable(rows, cells, at, column, is_sheet, words, _earlier(words, line, place.start - rows[at].start))


def _earlier(words: str, line: str, offset: int) -> int:
    """Return how often words stand in the cell of a letter before that letter."""
    return line[line.rfind("|", 0, offset) + 1 : offset].count(words) if words else 0


class _Cells(QAbstractTableModel):
    """The cells, and the heads of rows and columns."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.table = ShownTable()
        self.names_rows = False  # beside their numbers
        self._columns = 0

    def show(self, table: ShownTable) -> None:
        self.beginResetModel()
        self.table = table
        self._columns = max(map(len, table.cells), default=0)
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.table.cells)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._columns

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        cells = self.table.cells[index.row()]
        return show_invisible(cells[index.column()][:_LONGEST]) if index.column() < len(cells) else ""

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        row = self.table.rows[min(section, len(self.table.rows) - 1)] if self.table.rows else TableRow(0, 0, 0)
        if orientation is Qt.Orientation.Vertical:
            name = str(self.data(self.index(section, self.table.naming_column))) if self.names_rows else ""
            return "  ".join(filter(None, (number(row.number) if row.number and self.table.is_sheet else "", name)))
        kept = self.table.rows[self.table.row].columns
        return letters_of(kept[section] if section < len(kept) else section) if self.table.is_sheet else ""


class _CellPainter(QStyledItemDelegate):
    """The painter of a cell, on the ground that tells where the place is."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.take_look()

    def take_look(self) -> None:
        """Take fonts and colours of the theme, once for all cells."""
        theme = self._theme
        self._font, self._bold = theme.ui_font(SMALL), theme.ui_font(SMALL, bold=True)
        self._ink, self._current, self._found = (theme.color(name) for name in ("ink", "current", "found"))
        self._found.setAlphaF(_SHARE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        cells = index.model()
        assert isinstance(cells, _Cells)
        table, room = cells.table, QRect(option.rect)
        text = str(index.data())
        in_row, in_column = index.row() == table.row, index.column() == table.column
        marked = table.marked_in(text) if in_row and in_column else (0, 0)
        if in_row and in_column and marked == (0, len(text)):
            painter.fillRect(room, self._current)
        elif in_row or in_column:
            painter.fillRect(room, self._found)
        if in_row and index.column() == 0:
            painter.fillRect(QRect(room.left(), room.top(), RULE_WIDTH, room.height()), self._current)
        painter.setPen(self._ink)
        painter.setFont(self._bold if index.row() == 0 and table.row > 0 else self._font)
        inside = room.adjusted(GAP, GAP_TIGHT, -GAP_TIGHT, -GAP_TIGHT)
        if marked[1]:
            self._paint_place(painter, inside, text, marked)
        elif in_row:
            painter.drawText(inside, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, text)
        else:
            one_line = " ".join(text.split())
            shown = painter.fontMetrics().elidedText(one_line, Qt.TextElideMode.ElideRight, inside.width())
            painter.drawText(inside, Qt.TextFlag.TextSingleLine | Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_place(self, painter: QPainter, room: QRect, text: str, marked: tuple[int, int]) -> None:
        """Paint the cell of the place, broken into lines, with these letters marked."""
        units = Units(text)
        mark = QTextLayout.FormatRange()
        mark.start = units.to_qt(marked[0])
        mark.length = units.to_qt(marked[1]) - mark.start
        ground = QTextCharFormat()
        ground.setBackground(self._current)
        mark.format = ground
        layout = QTextLayout(text.replace("\n", "\u2028"), painter.font())
        layout.setFormats([mark])
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room.width())
            line.setPosition(QPointF(0, y))
            y += line.height()
        layout.endLayout()
        painter.save()
        painter.setClipRect(room)
        layout.draw(painter, QPointF(room.topLeft()))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        metrics = option.fontMetrics
        width = min(self._theme.px(_WIDEST_PX), metrics.horizontalAdvance(str(index.data())) + GAP + 2 * GAP_TIGHT)
        return QSize(width, metrics.height() + 2 * GAP_TIGHT)


class PlaceInTable(QTableView):
    """A table with a place in it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bold = self.fontMetrics()  # of the first row
        self._cells = _Cells(self)
        self.setModel(self._cells)
        self._painter = _CellPainter(theme, self)
        self.setItemDelegate(self._painter)
        set_look(self, "sheet")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setCornerWidget(QWidget())  # Qt would draw a box between the two bars
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionsClickable(False)
            header.setHighlightSections(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.horizontalScrollBar().valueChanged.connect(self._name_rows)
        theme.changed.connect(self._lay_out)

    @property
    def table(self) -> ShownTable:
        """What is shown."""
        return self._cells.table

    def show_table(self, table: ShownTable) -> None:
        """Show a table, with the cell of the place in sight."""
        self._cells.show(table)
        self.horizontalHeader().setVisible(table.is_sheet)
        self._lay_out()
        self._name_rows()
        self.setCurrentIndex(self._cells.index(table.row, table.column))
        QTimer.singleShot(0, self, self._bring)  # once the table has its sizes
        self._bring()

    def _bring(self) -> None:
        """Bring the cell to the middle, and sideways no further than it has to be."""
        table = self.table
        place = self._cells.index(table.row, table.column)
        self.horizontalScrollBar().setValue(0)
        self.scrollTo(place, QAbstractItemView.ScrollHint.EnsureVisible)
        self.scrollTo(place, QAbstractItemView.ScrollHint.EnsureVisible)  # beside the names, if that hid theirs
        bar = self.verticalScrollBar()
        middle = self.rowViewportPosition(table.row) + self.rowHeight(table.row) // 2
        bar.setValue(bar.value() + middle - self.viewport().height() // 2)

    def _name_rows(self) -> None:
        """Have the heads name the rows while the column that does so is out of sight."""
        table, heads = self.table, self.verticalHeader()
        if not table.cells:
            return
        hidden = self.horizontalScrollBar().value() > self.horizontalHeader().sectionPosition(table.naming_column)
        self._cells.names_rows = hidden and table.naming_column < table.column
        heads.setVisible(self._cells.names_rows or (any(row.number for row in table.rows) and table.is_sheet))
        heads.setMaximumWidth(self._theme.px(_WIDEST_NAME_PX))
        self._cells.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(table.cells) - 1)
        self.updateGeometries()

    def _lay_out(self) -> None:
        table, theme = self.table, self._theme
        self._painter.take_look()
        self.setFont(theme.ui_font(SMALL))
        self._bold = QFontMetrics(theme.ui_font(SMALL, bold=True))
        metrics = self.fontMetrics()
        height = metrics.height() + 2 * GAP_TIGHT + 2
        self.verticalHeader().setDefaultSectionSize(height)
        self.horizontalHeader().setDefaultSectionSize(theme.px(100))
        near = range(max(0, table.column - _MEASURED), min(self._cells.columnCount(), table.column + _MEASURED + 1))
        rows = [0, *range(max(0, table.row - _MEASURED), min(len(table.cells), table.row + _MEASURED + 1))]
        for column in {0, *near} if table.cells else ():
            widest = max(self._width_of(row, column) for row in rows)
            self.setColumnWidth(column, max(theme.px(_NARROWEST_PX), min(theme.px(_WIDEST_PX), widest)))
        if table.cells:
            self.setRowHeight(table.row, max(height, *(self._height_of(table.row, column) for column in near)))

    def _width_of(self, row: int, column: int) -> int:
        text = str(self._cells.index(row, column).data())
        metrics = self._bold if row == 0 else self.fontMetrics()
        return metrics.horizontalAdvance(text) + GAP + 2 * GAP_TIGHT + 2

    def _height_of(self, row: int, column: int) -> int:
        """Return the height of a cell whose words are broken into lines."""
        room = QRect(0, 0, self.columnWidth(column) - GAP - GAP_TIGHT, 10_000)
        text = str(self._cells.index(row, column).data())
        return self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text).height() + 2 * GAP_TIGHT + 2


def letters_of(column: int) -> str:
    """Return the letters that sheets name a column by, which is counted from 0: A, Z, AA."""
    letters = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
