"""The place in a table: its row and column stand out, with their heads; only the rows around it are drawn.

Of a sheet the columns have their letters and the rows their numbers, as in the program that wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QBrush, QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from desktop.core.documents.document import row_cells
from desktop.core.documents.surroundings import TableRow, column_at, rows_around
from desktop.core.evidence.checked import GivenText, SourcePlace
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT, SMALL
from desktop.ui.widgets.rows import draw_marked, ground_of
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


class _PlacePainter(QStyledItemDelegate):
    """The painter of cells: row and column of the place stand out, and in its own cell its letters do."""

    def __init__(self, theme: Theme, view: PlaceInTable) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    @property
    def _found(self) -> QColor:
        color = self._theme.color("found")
        color.setAlphaF(_SHARE)
        return color

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        super().initStyleOption(option, index)
        styled: Any = option  # whose fields the stubs do not know
        table = self._view.table
        if index.row() == table.row or index.column() == table.column:
            styled.backgroundBrush = QBrush(self._found)
        if index.row() == 0 < table.row:
            styled.font = self._theme.ui_font(SMALL, bold=True)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        table = self._view.table
        if (index.row(), index.column()) != (table.row, table.column):
            super().paint(painter, option, index)
            return
        text, inside = str(index.data()), option.rect.adjusted(_PAD, _PAD, -_PAD, -_PAD)
        marked = table.marked_in(text)
        painter.save()
        painter.setClipRect(option.rect)
        painter.fillRect(option.rect, self._theme.color("current") if marked == (0, len(text)) else self._found)
        painter.setPen(self._theme.color("ink"))
        painter.setFont(self._theme.ui_font(SMALL))
        draw_marked(painter, inside, text, [(*marked, ground_of(self._theme.color("current")))])
        painter.restore()


class PlaceInTable(QTableWidget):
    """A table with a place in it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.table = ShownTable()
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

    def show_table(self, table: ShownTable) -> None:
        """Show a table, with the cell of the place in sight."""
        self.table = table
        self.setRowCount(len(table.cells))
        self.setColumnCount(max(map(len, table.cells)))
        self.clear()
        for row, cells in enumerate(table.cells):
            for column, cell in enumerate(cells):
                self.setItem(row, column, QTableWidgetItem(show_invisible(cell[:_LONGEST])))
        kept = table.rows[table.row].columns
        self.setHorizontalHeaderLabels(
            [letters_of(kept[at] if at < len(kept) else at) for at in range(self.columnCount())]
        )
        self.horizontalHeader().setVisible(table.is_sheet)
        self._lay_out()
        self._name_rows()
        self.setCurrentCell(table.row, table.column)
        QTimer.singleShot(0, self, self._bring)  # once the table has its sizes
        self._bring()

    def _bring(self) -> None:
        """Bring the cell to the middle, and sideways no further than it has to be."""
        self.horizontalScrollBar().setValue(0)
        for _ in range(2):  # beside the names, if those were hidden by it
            self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.EnsureVisible)
        bar, row = self.verticalScrollBar(), self.table.row
        middle = self.rowViewportPosition(row) + self.rowHeight(row) // 2
        bar.setValue(bar.value() + middle - self.viewport().height() // 2)

    def _name_rows(self) -> None:
        """Have the heads name the rows while the column that does so is out of sight."""
        table, heads = self.table, self.verticalHeader()
        if not table.cells:
            return
        at = table.naming_column
        is_hidden = self.horizontalScrollBar().value() > self.horizontalHeader().sectionPosition(at)
        names = [self.item(row, at) for row in range(len(table.cells))] if is_hidden and at < table.column else []
        numbers = [number(row.number) if row.number and table.is_sheet else "" for row in table.rows]
        told = zip_longest(numbers, (each.text() if each is not None else "" for each in names), fillvalue="")
        self.setVerticalHeaderLabels(["  ".join(filter(None, each)) for each in told])
        heads.setVisible(bool(names) or any(numbers))
        heads.setMaximumWidth(self._theme.px(_WIDEST_NAME_PX))
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
            last = min(self.columnCount(), table.column + _MEASURED + 1)
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
