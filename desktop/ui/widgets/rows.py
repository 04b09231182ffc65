"""A list of lines over plain values: its painting, its keys, its check boxes, and what a screen reader hears."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QTextCharFormat,
    QTextLayout,
)
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip, QWidget

from desktop.rendering.text.letters import Units, show_invisible
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, GAP_WIDE, RADIUS, SMALL, TINY, set_look
from desktop.ui.look.theme import Theme, pixmap
from desktop.ui.words import fill, plain_tooltip

_ICON_PX, _DOT_PX, _HEADING_PX = 16, 7, 30
_MOST_LINES = 2  # of what stands below a title
_LONGEST = 300  # letters of a line that are looked at

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class Row:
    """Line of a list; all its words may be foreign. Those of headings and of dead lines cannot be chosen.

    `key`: what tells it from the others. `beside`: for a painter of its own. `aside`: at the right edge, in the colour
    of a token. `strong`: the bold beginning of `about`, in the colour of a warning if it `warns`. `dot`: words in the
    colour of a token, before `about` or the title of a heading. `tick` and `pin`: None where there is none. `found_by`:
    what typed words are looked for in, if not in title and `about`.
    """

    key: Any
    title: str
    about: str = ""
    beside: str = ""
    aside: str = ""
    aside_token: str = "muted"
    strong: str = ""
    warns: bool = False
    icon: str = ""
    dot: tuple[str, str] | None = None  # words, and their token
    tick: bool | None = None
    pin: bool | None = None
    is_heading: bool = False
    is_dead: bool = False
    is_pale: bool = False
    found_by: str = ""
    tip: str = ""
    spoken: str = ""

    @property
    def can_be_at(self) -> bool:
        """True if the keyboard can stand here."""
        return not (self.is_heading or self.is_dead)

    @property
    def words(self) -> str:
        """What a screen reader says."""
        dot = self.dot[0] if self.dot is not None else ""
        parts = (dot, self.title) if self.is_heading else (self.title, self.beside, self.strong, self.about, self.aside)
        return self.spoken or ", ".join(show_invisible(each).strip(". ") for each in parts if each)


class _Rows(QAbstractListModel):
    ROW = Qt.ItemDataRole.UserRole

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: Sequence[Row] = ()

    def show(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    # Qt's own methods

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        row = self.rows[index.row()]
        if not row.can_be_at:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags if row.tick is None else flags | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        match role:
            case self.ROW:
                return row
            case Qt.ItemDataRole.DisplayRole:
                return show_invisible(row.title)
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.words
            case Qt.ItemDataRole.ToolTipRole if row.tip:
                return plain_tooltip(row.tip)
            case Qt.ItemDataRole.CheckStateRole if row.tick is not None:
                return (Qt.CheckState.Checked if row.tick else Qt.CheckState.Unchecked).value
        return None


class RowPainter(QStyledItemDelegate):
    """The painter of the lines. A list of another look has a painter with other `height` and `paint_row`."""

    def __init__(self, theme: Theme, view: RowList) -> None:
        super().__init__(view)
        self.theme = theme
        self.view = view
        theme.changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        """Measure the fonts, once for all lines."""
        self._title, self._small = (QFontMetrics(self.theme.ui_font(ratio)) for ratio in (1.0, SMALL))

    def height(self, row: Row) -> int:
        """Return the height of a line in pixels."""
        theme = self.theme
        if row.is_heading:
            return theme.px(_HEADING_PX)
        below = self._height_of_about(row)
        if not below:
            return theme.px(self.view.row_px)
        return self._title.lineSpacing() + below + 2 * GAP_TIGHT + 4

    def paint_row(self, painter: QPainter, box: QRect, row: Row, *, is_at: bool, is_under_pointer: bool) -> None:
        """Paint a line; `is_at`: the keyboard stands there, or would."""
        if row.is_heading:
            self._paint_heading(painter, box, row)
            return
        if is_at or is_under_pointer:
            frames = is_at and self.view.hasFocus() and not self.view.is_popup
            painter.setPen(self.theme.color("accent") if frames else Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.color("selected" if is_at and not self.view.is_popup else "hover"))
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS - 2, RADIUS - 2)
        if row.icon:
            at = self.icon_area(box)
            self.paint_icon(painter, row.icon, "accent" if row.icon == "check" else "muted", at.left(), at.top())
        if row.tick is not None:
            self._paint_box(painter, self.icon_area(box), row.tick)
        inner = box.adjusted(self.icon_area(box).right() - box.left() + GAP if self.view.has_icons else GAP, 0, -GAP, 0)
        if row.pin is not None:
            pin = self.pin_area(box)
            inner.setRight(pin.left() - GAP_TIGHT)
            if row.pin or is_at:
                self.paint_icon(
                    painter, "pin", "accent" if row.pin else "muted", pin.left() + GAP_TIGHT, pin.top() + GAP_TIGHT
                )
        self._paint_words(painter, inner, row)

    def icon_area(self, box: QRect) -> QRect:
        """Return where in a line its drawing or its check box stands."""
        edge = self.theme.px(_ICON_PX)
        return QRect(box.left() + GAP, box.top() + (box.height() - edge) // 2, edge, edge)

    def pin_area(self, box: QRect) -> QRect:
        """Return where in a line its pin is pressed."""
        edge = self.theme.px(_ICON_PX) + GAP
        return QRect(box.right() - edge - GAP_TIGHT, box.top() + (box.height() - edge) // 2, edge, edge)

    def paint_icon(self, painter: QPainter, name: str, token: str, left: int, top: int) -> None:
        """Paint a drawing in the colour of a token."""
        color = getattr(self.theme.tokens, token)
        drawing = pixmap(name, color, self.theme.px(_ICON_PX), self.view.devicePixelRatioF())
        painter.drawPixmap(left, top, drawing)

    def paint_dot(self, painter: QPainter, box: QRect, words: str, token: str, *, bold: bool = False) -> int:
        """Paint small words behind a dot in the colour of a token, and return how wide that is."""
        color, edge = self.theme.color(token), self.theme.px(_DOT_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QRectF(box.left(), box.center().y() - edge / 2 + 1, edge, edge))
        before = edge + GAP_TIGHT + 2
        painter.setPen(color)
        painter.setFont(self.theme.ui_font(TINY, bold=bold))
        return before + draw_line(painter, box.adjusted(before, 0, 0, 0), words)

    def _paint_heading(self, painter: QPainter, box: QRect, row: Row) -> None:
        inner = box.adjusted(GAP, self.theme.px(6), -GAP, 0)
        if row.dot is not None:
            room = inner.adjusted(0, 0, -inner.width() // 3, 0)
            inner.setLeft(inner.left() + self.paint_dot(painter, room, *row.dot, bold=True) + GAP)
        painter.setPen(self.theme.color("muted"))
        painter.setFont(self.theme.ui_font(TINY, bold=row.dot is None))
        draw_line(painter, inner, show_invisible(row.title))

    def _paint_box(self, painter: QPainter, box: QRect, is_on: bool) -> None:
        theme = self.theme
        painter.setPen(theme.color("accent" if is_on else "field_line"))
        painter.setBrush(theme.color("accent" if is_on else "surface"))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if is_on:
            edge = box.width() - 2
            ratio = self.view.devicePixelRatioF()
            painter.drawPixmap(box.left() + 1, box.top() + 1, pixmap("check", theme.tokens.on_fill, edge, ratio))

    def _paint_words(self, painter: QPainter, box: QRect, row: Row) -> None:
        theme = self.theme
        below = self._height_of_about(row)
        painter.setFont(theme.ui_font())
        line = painter.fontMetrics().lineSpacing()
        top = box.top() + (box.height() - line - below) // 2
        upper = QRect(box.left(), top, box.width(), line)
        is_faint = row.is_pale or row.is_dead or row.tick is False
        if row.aside:
            painter.setFont(theme.ui_font(SMALL))
            painter.setPen(theme.color(row.aside_token))
            wide = min(painter.fontMetrics().horizontalAdvance(row.aside) + 1, upper.width() // 2)
            draw_line(painter, QRect(upper.right() - wide, upper.top(), wide + 1, line), row.aside)
            upper.setRight(upper.right() - wide - GAP_WIDE)
        painter.setFont(theme.ui_font())
        painter.setPen(theme.color("muted" if is_faint else "ink"))
        draw_line(painter, upper, show_invisible(" ".join(row.title[:_LONGEST].split())), self.view.cut)
        if below:
            self._paint_about(painter, QRect(box.left(), top + line, box.width(), below), row)

    def _paint_about(self, painter: QPainter, box: QRect, row: Row) -> None:
        if row.dot is not None:
            box.setLeft(box.left() + self.paint_dot(painter, box, *row.dot) + GAP)
        if row.strong:
            painter.setFont(self.theme.ui_font(SMALL, bold=True))
            painter.setPen(self.theme.color("internet" if row.warns else "ink"))
            words = f"{row.strong}:" if row.about else row.strong
            box.setLeft(box.left() + draw_line(painter, box, words) + GAP_TIGHT)
        painter.setFont(self.theme.ui_font(SMALL))
        painter.setPen(self.theme.color("muted"))
        if row.strong or row.dot is not None:
            draw_line(painter, box, show_invisible(row.about))
        else:
            painter.drawText(box, int(Qt.TextFlag.TextWordWrap), show_invisible(row.about))

    def _height_of_about(self, row: Row) -> int:
        metrics = self._small
        about = show_invisible(row.about[:_LONGEST])
        if row.strong or row.dot is not None or not about:
            return metrics.lineSpacing() if row.strong or row.dot is not None else 0
        before = self.theme.px(_ICON_PX) + GAP if self.view.has_icons else 0
        wide = self.view.viewport().width() - 2 * GAP - before
        box = QRect(0, 0, wide, 10_000)
        # Measured with the words themselves: Chinese letters are taller than the font says.
        line = metrics.boundingRect(box, int(Qt.TextFlag.TextSingleLine), about).height()
        return min(metrics.boundingRect(box, int(Qt.TextFlag.TextWordWrap), about).height(), _MOST_LINES * line)

    # Qt's own methods

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, self.height(index.data(_Rows.ROW)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_under_pointer = bool(option.state & QStyle.StateFlag.State_MouseOver)
        is_at = self.view.currentIndex() == index
        self.paint_row(painter, option.rect, index.data(_Rows.ROW), is_at=is_at, is_under_pointer=is_under_pointer)
        painter.restore()


class RowList(QListView):
    """The list. Enter or a press chooses a line; the space bar or a press on its box ticks it.

    The line that the keyboard is at is kept, by its key, when others are shown.
    """

    chosen = Signal(object)  # the key of a line, here and below
    ticked = Signal(object)  # which its owner shows then
    pinned = Signal(object)
    reached = Signal(object)  # the user has gone there

    cut = Qt.TextElideMode.ElideRight  # where titles are shortened
    row_px = 32  # of a line with nothing below its title
    are_alike = False  # all lines are as high as the first: thousands cost no layout
    chooses_on_press = True  # else a double press does

    def __init__(
        self, theme: Theme, name: str, look: str = "bare", parent: QWidget | None = None, *, is_popup: bool = False
    ) -> None:
        """`name` is its accessible name. `is_popup`: the line under the pointer is where the keyboard is."""
        super().__init__(parent)
        self.is_popup = is_popup
        self.has_icons = False
        self.pin_tip = ""  # with the title in place of %1
        self._opened_at: QPoint | None = None  # where the pointer was then
        self._pressed_at = QPoint()
        self._is_told = False
        self._rows = _Rows(self)
        self.setModel(self._rows)
        self.painter = RowPainter(theme, self)
        self.setItemDelegate(self.painter)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)  # what stands below a title takes more lines in less width
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        set_look(self, look)
        self.clicked.connect(lambda index: self._on_pressed(index, is_double=False))
        self.doubleClicked.connect(lambda index: self._on_pressed(index, is_double=True))
        self.selectionModel().currentChanged.connect(self._on_current)
        theme.changed.connect(self.doItemsLayout)

    @property
    def rows(self) -> Sequence[Row]:
        """The lines that are shown."""
        return self._rows.rows

    @property
    def current(self) -> Row | None:
        """The line that the keyboard is at."""
        row = self.currentIndex().row()
        return self.rows[row] if 0 <= row < len(self.rows) else None

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these lines; nothing scrolls."""
        if rows == self.rows:
            return
        key, at = self.current.key if self.current is not None else None, self.verticalScrollBar().value()
        self._is_told = True
        self.has_icons = any(each.icon or each.tick is not None or each.pin is not None for each in rows)
        differ = any(each.about or each.strong or each.dot or each.is_heading for each in rows)
        self.setUniformItemSizes(self.are_alike or not differ)
        self._rows.show(rows)
        self.setCurrentIndex(self._index_of(key))
        self.verticalScrollBar().setValue(at)
        self._is_told = False

    def go_to(self, key: Hashable | None) -> None:
        """Go to a line, and have it in sight with the heading above it; to none where it is not there."""
        self._is_told = True
        index = self._index_of(key)
        self.setCurrentIndex(index)
        if index.isValid():
            above = index.row() - 1
            if above >= 0 and self.rows[above].is_heading:
                self.scrollTo(self._rows.index(above))
            self.scrollTo(index)
        self.viewport().update()
        self._is_told = False

    def step(self, by: int) -> bool:
        """Go so many lines on that can be chosen, at most to the last one. Return False if it was there already."""
        keys = [each.key for each in self.rows if each.can_be_at]
        at = keys.index(self.current.key) if self.current is not None and self.current.key in keys else -1
        if not keys or (by > 0 and at == len(keys) - 1):
            return False
        self.go_to(keys[max(0, min(at + by, len(keys) - 1))])
        return True

    @property
    def wanted_height(self) -> int:
        """The height in pixels at which nothing scrolls."""
        return sum(map(self.painter.height, self.rows)) + 2 * self.frameWidth()

    def fit(self, most: int) -> None:
        """Be as high as so many lines without anything below their titles, or as many as there are."""
        shown = min(max(len(self.rows), 1), most)
        self.setFixedHeight(self.painter.theme.px(self.row_px) * shown + 2 * (GAP_TIGHT + 1))

    def opened(self) -> None:
        """Hold that the list has just come up: what is under the pointer by that is not what it points at."""
        self._opened_at = self.cursor().pos()

    def _index_of(self, key: Hashable | None) -> QModelIndex:
        at = (row for row, each in enumerate(self.rows) if each.key == key and each.can_be_at)
        row = next(at, -1)
        return self._rows.index(row) if row >= 0 else QModelIndex()

    def _row_at(self, index: QModelIndex) -> Row | None:
        return self.rows[index.row()] if index.isValid() and self.rows[index.row()].can_be_at else None

    def _is_on_box(self, index: QModelIndex, at: QPoint) -> bool:
        row = self._row_at(index)
        box = self.painter.icon_area(self.visualRect(index)).adjusted(-GAP, -GAP, GAP_TIGHT, GAP)
        return row is not None and row.tick is not None and box.contains(at)

    def _is_on_pin(self, index: QModelIndex, at: QPoint) -> bool:
        row = self._row_at(index)
        return row is not None and row.pin is not None and self.painter.pin_area(self.visualRect(index)).contains(at)

    def _on_pressed(self, index: QModelIndex, *, is_double: bool) -> None:
        row = self._row_at(index)
        if row is None:
            return
        if self._is_on_pin(index, self._pressed_at) and not is_double:
            self.pinned.emit(row.key)
        elif is_double is not self.chooses_on_press:
            self.chosen.emit(row.key)

    def _on_current(self, now: QModelIndex) -> None:
        row = self._row_at(now)
        if row is not None and not self._is_told:
            self.reached.emit(row.key)

    # Qt's own methods

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._pressed_at = event.position().toPoint()
        index = self.indexAt(at)
        if event.button() is Qt.MouseButton.LeftButton and self._is_on_box(index, at):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            scrolled = self.verticalScrollBar().value()
            self._is_told = True
            self.setCurrentIndex(index)  # for the space bar, which ticks it again
            self.verticalScrollBar().setValue(scrolled)
            self._is_told = False
            self.ticked.emit(self.rows[index.row()].key)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        has_moved = event.globalPosition().toPoint() != self._opened_at
        if self.is_popup and has_moved and self._row_at(index) is not None and index != self.currentIndex():
            self.setCurrentIndex(index)
            self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.current is None and not self.is_popup and event.reason() is not Qt.FocusReason.MouseFocusReason:
            self.go_to(next((each.key for each in self.rows if each.can_be_at), None))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if row is not None:
                self.chosen.emit(row.key)
            case Qt.Key.Key_Space if row is not None and row.tick is not None:
                self.ticked.emit(row.key)
            case _:
                super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip and self.pin_tip:
            index = self.indexAt(event.pos())
            if self._is_on_pin(index, event.pos()):
                words = fill(self.pin_tip, show_invisible(self.rows[index.row()].title))
                QToolTip.showText(event.globalPos(), plain_tooltip(words), self)
                return True
        return super().viewportEvent(event)


def draw_line(painter: QPainter, box: QRect, words: str, cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> int:
    """Paint words in one line, shortened where there is no room, and return how wide they are."""
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(words, cut, max(0, box.width()))
    painter.drawText(box, _LEFT | Qt.TextFlag.TextSingleLine, shown)
    return metrics.horizontalAdvance(shown)


def ground_of(color: QColor) -> QTextCharFormat:
    """Return the look of letters on a ground of their own."""
    look = QTextCharFormat()
    look.setBackground(color)
    return look


def draw_marked(
    painter: QPainter,
    box: QRect,
    words: str,
    marks: Sequence[tuple[int, int, QTextCharFormat]],
    most_lines: int = 0,
) -> None:
    """Paint words in as many lines as they take, the first letter at the corner, some with a look of their own.

    With `most_lines` they stand in the middle of the height, and end in "…" where there are more.
    """
    layout = QTextLayout(words.replace("\n", "\u2028"), painter.font())
    units, formats = Units(words), []
    for start, end, look in marks:
        marked = QTextLayout.FormatRange()
        marked.start = units.to_qt(start)
        marked.length = units.to_qt(end) - marked.start
        marked.format = look
        formats.append(marked)
    layout.setFormats(formats)
    layout.beginLayout()
    y = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(box.width())
        line.setPosition(QPointF(0, y))
        y += line.height()
    layout.endLayout()
    if most_lines and layout.lineCount() > most_lines:
        after = layout.lineAt(most_lines)
        end = units.to_python(after.textStart()) - 2
        fitting = [(start, min(stop, end), look) for start, stop, look in marks if start < end]
        draw_marked(painter, box, words[:end].rstrip(" …") + "…", fitting, most_lines)
        return
    top = box.top() + (box.height() - y) / 2 if most_lines else box.top()
    layout.draw(painter, QPointF(box.left(), top))
