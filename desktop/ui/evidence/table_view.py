"""The place in a table: its row and column stand out, with their heads; only the rows around it are drawn.

Of a sheet the columns have their letters and the rows their numbers, as in the program that wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QColor, QPainter
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
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT, SMALL
from desktop.ui.widgets.rows import draw_marked
from desktop.ui.words import number

_ROWS: Final = 30  # on each side of the place
_LONGEST: Final = 300  # letters of a cell
_MOST_COLUMNS: Final = 1_000
_NARROWEST_PX, _WIDEST_PX = 40, 200  # of a column
_WIDEST_NAME_PX = 150  # of the names of rows, beside what is found in them
_MEASURED: Final = 8  # columns on each side of the place, which are as wide as their cells
_PAD: Final = GAP_TIGHT + 2  # of a cell, in pixels
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
    def heads(self) -> str:
        """The first words of the row, and those above the column; without those that are the place itself."""
        at, first = self.naming_column, self.cells[0]
        row = self.cells[self.row][at] if at < self.column else ""
        column = first[self.column] if self.row > 0 and self.column < len(first) else ""
        return " · ".join(show_invisible(each) for each in (row, column) if each)


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

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
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
        table, row, column = self.table, index.row(), index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                cells = table.cells[row]
                return show_invisible(cells[column][:_LONGEST]) if column < len(cells) else ""
            case Qt.ItemDataRole.BackgroundRole if row == table.row or column == table.column:
                return self.found
            case Qt.ItemDataRole.FontRole if row == 0 and table.row > 0:
                return self._theme.ui_font(SMALL, bold=True)
        return None

    @property
    def found(self) -> QColor:
        """The ground of the row and the column of the place."""
        color = self._theme.color("found")
        color.setAlphaF(_SHARE)
        return color

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        row = self.table.rows[min(section, len(self.table.rows) - 1)] if self.table.rows else TableRow(0, 0, 0)
        if orientation is Qt.Orientation.Vertical:
            name = str(self.data(self.index(section, self.table.naming_column))) if self.names_rows else ""
            return "  ".join(filter(None, (number(row.number) if row.number and self.table.is_sheet else "", name)))
        kept = self.table.rows[self.table.row].columns
        return letters_of(kept[section] if section < len(kept) else section) if self.table.is_sheet else ""


class _PlacePainter(QStyledItemDelegate):
    """The painter of cells, which marks the letters of the place in its cell."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        cells = index.model()
        assert isinstance(cells, _Cells)
        if (index.row(), index.column()) != (cells.table.row, cells.table.column):
            super().paint(painter, option, index)
            return
        text, inside = str(index.data()), option.rect.adjusted(_PAD, _PAD, -_PAD, -_PAD)
        marked = cells.table.marked_in(text)
        painter.save()
        painter.setClipRect(option.rect)
        painter.fillRect(option.rect, self._theme.color("current") if marked == (0, len(text)) else cells.found)
        painter.setPen(self._theme.color("ink"))
        painter.setFont(self._theme.ui_font(SMALL))
        draw_marked(painter, inside, text, [marked], self._theme.color("current"))
        painter.restore()


class PlaceInTable(QTableView):
    """A table with a place in it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._cells = _Cells(theme, self)
        self.setModel(self._cells)
        self.setItemDelegate(_PlacePainter(theme, self))
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
        """Make the columns near the place as wide as their cells, and its row as high as those take."""
        table, across, down = self.table, self.horizontalHeader(), self.verticalHeader()
        self.setFont(self._theme.ui_font(SMALL))
        across.setMinimumSectionSize(self._theme.px(_NARROWEST_PX))
        across.setMaximumSectionSize(self._theme.px(_WIDEST_PX))
        across.setDefaultSectionSize(self._theme.px(100))
        down.setMinimumSectionSize(self.fontMetrics().height() + 2 * _PAD)
        down.setDefaultSectionSize(down.minimumSectionSize())
        if table.cells:
            last = min(self._cells.columnCount(), table.column + _MEASURED + 1)
            for column in {0, *range(max(0, table.column - _MEASURED), last)}:
                self.resizeColumnToContents(column)
            self.resizeRowToContents(table.row)


def letters_of(column: int) -> str:
    """Return the letters that sheets name a column by, which is counted from 0: A, Z, AA."""
    letters = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
