"""The views of what the evidence pane shows of a source: a page as it looks, a table, or the text that was sent.

The place in each is marked. Of a table only the rows around it are drawn; of a sheet the columns have their letters and
the rows their numbers, as in the program that wrote it. A page stays white in the dark theme; its picture comes from
elsewhere, at the size that is asked for: nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QScrollArea,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from desktop.core.documents.document import PageBox, row_cells
from desktop.core.documents.surroundings import (
    TableRow,
    column_at,
    neighbourhood,
    paragraph_at,
    rows_around,
)
from desktop.core.evidence.checked import GivenText, SourcePlace
from desktop.rendering.page.marks import paint_passage
from desktop.rendering.text.letters import show_invisible
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.sent_text import place_in_leaves
from desktop.runtime.evidence import DrawnPage
from desktop.ui.documents.text_view import TextView
from desktop.ui.look.stylesheet import GAP_SECTION, GAP_TIGHT, LIGHT, SMALL, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.layout import show_handle_if_needed
from desktop.ui.widgets.rows import draw_marked, ground_of
from desktop.ui.words import number, say

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


_PAUSE_MS: Final = 150  # after the last change of the width, before the page is drawn anew
_WORDS_AFTER_MS: Final = 400  # of drawing; before, words would only flicker
_BESIDE_TEXT: Final = 0.03  # of the width, left of the words: half of what is left free beside them
_LEGIBLE_PX: Final = 370  # for the words of a page; in a narrower pane it is moved sideways
_PLACE_PAD: Final = 2.0  # pixels around the marked letters
_ZOOM_STEP: Final = 1.25
_ZOOM_STEPS: Final = (-3, 8)  # smaller and larger than the width of the pane: about half, and six times
_ZOOM_KEYS: Final = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_0: 0}
_NOTCH: Final = 120  # of a wheel, in Qt's units
_ABOVE: Final = 1 / 3  # of the height: where a place is brought to


def decode_page(png: bytes) -> QImage | None:
    """Return the picture that a PNG file is; None of one that is none. Runs on any thread."""
    image = QImage.fromData(png)
    return None if image.isNull() else image


class _Sheet(QWidget):
    """The page at the size at which it was drawn, in the middle of a white sheet that fills the pane."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.page: DrawnPage | None = None
        self.slow = QTimer(self, singleShot=True, interval=_WORDS_AFTER_MS)  # runs until words say that it is drawn
        self.slow.timeout.connect(self.update)

    @property
    def across(self) -> float:
        """The width of the page in pixels of the window."""
        return self.page.image.width() / self.devicePixelRatioF() if self.page is not None else 0.0

    @property
    def down(self) -> float:
        """Its height."""
        return self.page.image.height() / self.devicePixelRatioF() if self.page is not None else 0.0

    def _placed(self, box: PageBox) -> QRectF:
        left, top, right, bottom = box
        x = max(0.0, (self.width() - self.across) / 2)
        return QRectF(
            QPointF(x + left * self.across, top * self.down), QPointF(x + right * self.across, bottom * self.down)
        )

    # Qt's own method

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor("white"))
        if self.page is None:
            if not self.slow.isActive():
                painter.setPen(QColor(LIGHT.muted))
                painter.setFont(self._theme.ui_font(SMALL))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, say("evidence.drawing"))
            return
        painter.drawImage(self._placed((0.0, 0.0, 1.0, 1.0)), self.page.image)
        # As with a marker pen: what is printed stays as black as it is.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        found, current = QColor(LIGHT.found), QColor(LIGHT.current)
        for box in self.page.paragraph:
            paint_passage(painter, self._placed(box).adjusted(0, -_PLACE_PAD, 0, _PLACE_PAD), found, current)
        for box in self.page.place:
            painter.fillRect(self._placed(box).adjusted(-_PLACE_PAD, 0, _PLACE_PAD, 0), current)


class PageView(QScrollArea):
    """A page. It says which width it wants, in pixels of the screen, and shows what it is given."""

    width_wanted = Signal(int)  # another one, it may be
    zoomed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._zoom = 0  # steps; at 0 the words of a page fill the width
        self._turned = 0  # of the wheel, less than a notch
        self._middle: QPointF | None = None  # what stays in the middle, in shares of the page, as it is drawn anew
        self._sheet = _Sheet(theme)
        set_look(self, "sheet")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        show_handle_if_needed(self.verticalScrollBar())
        self.setWidget(self._sheet)
        self._resized = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._resized.timeout.connect(self._ask_anew)
        theme.changed.connect(self._resized.start)

    @property
    def wanted_width(self) -> int:
        """The width in which the words of a page are to stand, in pixels of the screen; more for larger text."""
        return round(self._words_across * self.devicePixelRatioF())

    @property
    def _words_across(self) -> float:
        return max(self.viewport().width(), self._theme.px(_LEGIBLE_PX)) * _ZOOM_STEP**self._zoom

    def show_waiting(self) -> None:
        """Show an empty page, since another one is being drawn."""
        self.hide_page()
        self._sheet.slow.start()
        self._take_sizes()

    def show_page(self, page: DrawnPage) -> None:
        """Show a page, with the place in sight once it is known where it is."""
        before, self._sheet.page = self._sheet.page, page
        is_other = before is None or before.image.cacheKey() != page.image.cacheKey()
        self._take_sizes()
        if is_other and self._middle is not None:
            self._bring(self._middle, 1 / 2)
            self._middle = None
            return
        if is_other and page.text is not None:
            self.horizontalScrollBar().setValue(round((page.text[0] - _BESIDE_TEXT) * self._sheet.across))
        if box := next(iter(page.place or page.paragraph), None):
            across = self.horizontalScrollBar()
            left, right = box[0] * self._sheet.across, box[2] * self._sheet.across
            is_in_sight = across.value() <= left <= right <= across.value() + self.viewport().width()
            self._bring(QPointF(box[0], box[1]), _ABOVE, sideways=not is_in_sight)
        elif is_other:
            self.verticalScrollBar().setValue(0)

    def hide_page(self) -> None:
        """Show nothing."""
        self._sheet.page = self._middle = None

    @property
    def is_waiting(self) -> bool:
        """True while there is no page to show."""
        return self._sheet.page is None

    def zoom(self, by: int) -> None:
        """Show the page larger by some steps, or smaller; 0 has its words fill the width again."""
        wanted = max(_ZOOM_STEPS[0], min(self._zoom + by, _ZOOM_STEPS[1])) if by else 0
        if wanted == self._zoom:
            return
        self._zoom = wanted
        if not self.is_waiting:
            view, across, down = self.viewport(), self._sheet.across, self._sheet.down
            x = self.horizontalScrollBar().value() + min(view.width(), across) / 2
            y = self.verticalScrollBar().value() + min(view.height(), down) / 2
            self._middle = QPointF(x / across, y / down)
        self.zoomed.emit()
        self._ask_anew()

    @property
    def is_zoomed(self) -> bool:
        """True while the page is shown at another size than that of the pane."""
        return self._zoom != 0

    @property
    def marked(self) -> tuple[PageBox, ...]:
        """Where the place stands that is marked, in shares of the page; empty where it is not known."""
        return self._sheet.page.place if self._sheet.page is not None else ()

    def _take_sizes(self) -> None:
        view, sheet = self.viewport(), self._sheet
        sheet.resize(max(view.width(), round(sheet.across)), max(view.height(), round(sheet.down)))
        # Where no more than the margins of the page are out of sight, a bar would tell nothing.
        shows, hides = Qt.ScrollBarPolicy.ScrollBarAsNeeded, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(shows if self._words_across > view.width() else hides)
        self.horizontalScrollBar().setSingleStep(self._theme.text_px)
        self.verticalScrollBar().setSingleStep(3 * self._theme.text_px)
        sheet.update()

    def _bring(self, place: QPointF, share: float, *, sideways: bool = True) -> None:
        """Scroll a place of the page to this share of the viewport."""
        self.verticalScrollBar().setValue(round(place.y() * self._sheet.down - self.viewport().height() * share))
        if sideways:
            self.horizontalScrollBar().setValue(round(place.x() * self._sheet.across - self.viewport().width() * share))

    def _ask_anew(self) -> None:
        if self.isVisible():
            self.width_wanted.emit(self.wanted_width)

    # Qt's own methods

    def event(self, event: QEvent) -> bool:
        # These keys would change the size of all text in the window.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_zoom(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_zoom(event):
            self.zoom(_ZOOM_KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._turned += event.angleDelta().y()
        notches = int(self._turned / _NOTCH)
        if notches:
            self._turned -= notches * _NOTCH
            self.zoom(notches)
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_sizes()
        self._resized.start()


def _is_zoom(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier) and event.key() in _ZOOM_KEYS


_LETTERS = 4_000  # on each side of the place, which are some screens


class PlaceInText(TextView):
    """A text that was sent: the paragraph of a place, marked, with what stands around it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, side=GAP_TIGHT)
        set_look(self, "sheet")
        self.surface.set_frame(GAP_SECTION, GAP_TIGHT, 0.0, 0.0, theme.color("paper"))

    def show_place(self, source: GivenText, place: SourcePlace | None) -> None:
        """Show a place; how the text begins where there is none."""
        start, end = (place.start, place.end) if place is not None else (0, 0)
        paragraph = paragraph_at(source.text, source.anchors, start, end)
        first, last = neighbourhood(source.text, paragraph.start, paragraph.end, _LETTERS)
        span = (paragraph.start - first, paragraph.end - first)
        found = place_in_leaves(source.text[first:last], span, start - first, min(end, last) - first)
        self.surface.set_document(PlainDocument())
        self.surface.splice(0, 0, found.leaves)
        self.surface.marked.set_passage(found.paragraph if place is not None else range(0))
        self.lay_out()
        self.go_to_occurrence(found.at if place is not None else None)
        if place is None:
            self.verticalScrollBar().setValue(0)
        self.setAccessibleName(source.text[paragraph.start : paragraph.end])
