"""The results of a search as a list: groups with a head, and in them a row for each place. Values, and their painter.

Rows are only ever inserted, so that what is shown stays where it is while more is found.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.core.models.naming import shown_name
from desktop.core.search import ELLIPSIS, ConversationCard, HitKind, Marks, SearchBatch, SearchHit
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_WIDE, RADIUS, SMALL, TINY
from desktop.ui.search.words import moment, speaker
from desktop.ui.words import fill, place_name, plain_tooltip, translate

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROWS_LOOKED_BACK = 3000  # for the head of a group; it is named again where that stands further up
_FIRST_TITLES = 5  # that are shown above what was said


@dataclass(frozen=True, slots=True)
class Head:
    """Head of a group: a name, and the card of its conversation where it is one."""

    name: str
    card: ConversationCard | None = None


@dataclass(frozen=True, slots=True)
class More:
    """Row that shows further titles."""

    hits: tuple[SearchHit, ...]


Row = Head | SearchHit | More


class ResultRole(IntEnum):
    """The role of a row beside Qt's own."""

    ROW = Qt.ItemDataRole.UserRole


class ResultModel(QAbstractListModel):
    """The rows: titles first, then what was said by conversation, then recipes."""

    def __init__(self, clock: Callable[[], float] = time.time, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._rows: list[Row] = []
        self._cards: dict[str, ConversationCard] = {}
        self._group_of: dict[str, Head] = {}
        self._recipes = 0  # rows at the end

    @property
    def rows(self) -> Sequence[Row]:
        """All rows from top to bottom."""
        return self._rows

    def clear(self) -> None:
        """Remove all rows."""
        self.beginResetModel()
        self._rows = []
        self._cards, self._group_of = {}, {}
        self._recipes = 0
        self.endResetModel()

    def insert_batch(self, batch: SearchBatch) -> None:
        """Insert further results into their groups."""
        self._cards |= {card.id: card for card in batch.cards}
        titles = [hit for hit in batch.hits if hit.kind is HitKind.TITLE]
        if titles:
            self._insert_titles(titles)
        run: list[SearchHit] = []
        for hit in batch.hits:
            if hit.kind is HitKind.TITLE:
                continue
            if run and run[0].owner != hit.owner:
                self._insert_run(run)
                run = []
            run.append(hit)
        if run:
            self._insert_run(run)

    def insert_recipes(self, hits: Sequence[SearchHit]) -> None:
        """Insert recipes below all else."""
        if hits:
            self._insert(len(self._rows), [Head(translate("search", "Recipes")), *hits])
            self._recipes = len(hits) + 1

    def show_more(self, row: int) -> None:
        """Show the titles that a row stands for."""
        more = self._rows[row]
        if isinstance(more, More):
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._rows[row]
            self.endRemoveRows()
            self._insert(row, more.hits)

    def next_hit(self, row: int, by: int) -> int:
        """Return the nearest row that can be chosen, from a row on in the direction of `by`; -1 if there is none."""
        while 0 <= row < len(self._rows):
            if not isinstance(self._rows[row], Head):
                return row
            row += by
        return -1

    def _insert_titles(self, hits: Sequence[SearchHit]) -> None:
        rows: list[Row] = [Head(translate("search", "Titles")), *hits[:_FIRST_TITLES]]
        if len(hits) > _FIRST_TITLES:
            rows.append(More(tuple(hits[_FIRST_TITLES:])))
        self._insert(0, rows)

    def _insert_run(self, hits: Sequence[SearchHit]) -> None:
        owner = hits[0].owner
        head = self._group_of.get(owner)
        end = len(self._rows) - self._recipes
        if head is None:
            card = self._cards.get(owner)
            head = self._group_of[owner] = Head(_title_of(card), card)
            self._insert(end, [head, *hits])
            return
        nearest = range(end - 1, max(-1, end - 1 - _ROWS_LOOKED_BACK), -1)
        found = next((row for row in nearest if self._rows[row] is head), None)
        if found is None:  # far above what is read now
            self._insert(end, [head, *hits])
            return
        at = found + 1
        while at < end and isinstance(self._rows[at], SearchHit):
            at += 1
        self._insert(at, hits)

    def _insert(self, at: int, rows: Sequence[Row]) -> None:
        self.beginInsertRows(QModelIndex(), at, at + len(rows) - 1)
        self._rows[at:at] = rows
        self.endInsertRows()

    def _spoken(self, row: Row) -> str:
        match row:
            case Head(name, card):
                at = fill(translate("search", "%1, %2"), name, moment(card.at, self._clock())) if card else ""
                return at or name
            case More():
                return more_words(row)
            case SearchHit():
                return fill(translate("search", "%1: %2", "who said it, and the sentence"), speaker(row), row.sentence)

    # Qt's own methods

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._rows[index.row()], Head):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case ResultRole.ROW:
                return row
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row)
            case Qt.ItemDataRole.ToolTipRole if isinstance(row, SearchHit) and row.file:
                return plain_tooltip(row.file)
        return None


def more_words(more: More) -> str:
    """Return the words of a row that shows further titles."""
    return fill(translate("search", "Show %1 more"), str(len(more.hits)))


def _title_of(card: ConversationCard | None) -> str:
    title = " ".join(card.title.split()) if card is not None else ""
    return show_invisible(title) or translate("conversation_list", "New conversation")


ROW_PX = 36
COLUMN_PX = 740
_WHO_PX = 96
_NARROW_PX = 560  # of the column: below it, a head names no model
_DOT_PX = 8


class ResultRow(QStyledItemDelegate):
    """The painter; all rows have one height, so that thousands cost no layout."""

    def __init__(self, theme: Theme, view: QListView, clock: Callable[[], float] = time.time) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._clock = clock

    def column(self, width: int) -> tuple[int, int]:
        """Return left and right of the column in a view of a width."""
        wide = min(self._theme.px(COLUMN_PX), width - 2 * GAP_WIDE)
        left = (width - wide) // 2
        return left, left + wide

    def _paint_head(self, painter: QPainter, box: QRect, head: Head) -> None:
        theme, now = self._theme, self._clock()
        right = box.right()
        flags = Qt.AlignmentFlag.AlignBottom
        if head.card is not None:
            right = self._paint_place(painter, box, head.card)
            told = [moment(head.card.at, now)]
            if head.card.model and box.width() >= theme.px(_NARROW_PX):
                told.append(show_invisible(shown_name(head.card.model)))
            painter.setFont(theme.ui_font(SMALL))
            painter.setPen(theme.color("muted"))
            words = painter.fontMetrics().elidedText(
                " · ".join(told), Qt.TextElideMode.ElideRight, max(0, (right - box.left()) * 3 // 5)
            )
            wide = painter.fontMetrics().horizontalAdvance(words)
            painter.drawText(QRect(right - wide, box.top(), wide + 1, box.height()), flags, words)
            right -= wide + GAP_SECTION
        painter.setFont(theme.ui_font(bold=True))
        painter.setPen(theme.color("ink"))
        room = QRect(box.left(), box.top(), right - box.left(), box.height())
        title = painter.fontMetrics().elidedText(head.name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, flags | Qt.AlignmentFlag.AlignLeft, title)

    def _paint_place(self, painter: QPainter, box: QRect, card: ConversationCard) -> int:
        """Paint where the last reply came from, and return what is left at the right of it."""
        if card.place is None:
            return box.right()
        theme = self._theme
        painter.setFont(theme.ui_font(SMALL))
        metrics = painter.fontMetrics()
        words = metrics.elidedText(place_name(card.place), Qt.TextElideMode.ElideMiddle, box.width() * 2 // 5)
        wide = metrics.horizontalAdvance(words)
        color = QColor(theme.tokens.place(card.place.kind))
        painter.setPen(color)
        painter.drawText(
            QRect(box.right() - wide, box.top(), wide + 1, box.height()), Qt.AlignmentFlag.AlignBottom, words
        )
        edge = theme.px(_DOT_PX)
        left = box.right() - wide - GAP - edge
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QRectF(left, box.bottom() - metrics.height() / 2 - edge / 2, edge, edge))
        return left - GAP_WIDE

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, box: QRect, is_current: bool) -> None:
        state: QStyle.StateFlag = option.state
        if is_current or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("selected" if is_current else "hover"))
            painter.drawRoundedRect(box, RADIUS, RADIUS)

    def _paint_hit(self, painter: QPainter, box: QRect, hit: SearchHit, is_current: bool) -> None:
        theme = self._theme
        painter.setFont(theme.ui_font(TINY))
        painter.setPen(theme.color("muted"))
        who = QRect(box.left(), box.top(), theme.px(_WHO_PX), box.height())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        name = painter.fontMetrics().elidedText(speaker(hit), Qt.TextElideMode.ElideRight, who.width())
        painter.drawText(who, flags, name)
        room = QRect(box)
        room.setLeft(who.right() + 1 + GAP_WIDE)
        if is_current:
            room.setRight(self._paint_key(painter, box) - GAP_WIDE)
        font = theme.ui_font()
        painter.setPen(theme.color("ink"))
        seen = show_invisible(hit.sentence)
        marks = hit.marks if len(seen) == len(hit.sentence) else ()  # else they are of other letters
        sentence, marks = fitted(seen, marks, QFontMetrics(font), room.width())
        _draw_marked(painter, room, sentence, marks, font, theme.color("found"))

    def _paint_key(self, painter: QPainter, box: QRect) -> int:
        """Paint that Enter opens it, and return the left edge of that."""
        theme = self._theme
        painter.setFont(theme.ui_font(TINY))
        words = translate("search", "Enter", "the key")
        wide = painter.fontMetrics().horizontalAdvance(words) + 2 * GAP
        tall = theme.px(18)
        frame = QRectF(box.right() - wide + 0.5, box.center().y() - tall // 2 + 0.5, wide - 1, tall)
        painter.setPen(theme.color("line"))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(frame, 4, 4)
        painter.setPen(theme.color("muted"))
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, words)
        return int(frame.left())

    # Qt's own methods

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(self._theme.px(120), self._theme.px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = index.data(ResultRole.ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = self.column(option.rect.width())
        box = QRect(option.rect.left() + left, option.rect.top(), right - left, option.rect.height())
        inner = box.adjusted(GAP_WIDE, 0, -GAP_WIDE, 0)
        is_current = self._view.currentIndex() == index
        match row:
            case Head():
                self._paint_head(painter, inner.adjusted(0, 0, 0, -self._theme.px(5)), row)
            case SearchHit():
                self._paint_ground(painter, option, box, is_current)
                self._paint_hit(painter, inner, row, is_current)
            case More():
                self._paint_ground(painter, option, box, is_current)
                painter.setFont(self._theme.ui_font(SMALL))
                painter.setPen(self._theme.color("accent"))
                words = inner.adjusted(self._theme.px(_WHO_PX) + GAP_WIDE, 0, 0, 0)
                painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, more_words(row))
        painter.restore()


def fitted(sentence: str, marks: Marks, metrics: QFontMetrics, room: int) -> tuple[str, Marks]:
    """Return a sentence shortened to `room` pixels so that its first mark is in sight, and its marks there."""
    if metrics.horizontalAdvance(sentence) <= room:
        return sentence, marks
    start = 0
    if marks and metrics.horizontalAdvance(sentence[: marks[0][1]]) > room * 2 // 3:
        start = marks[0][0]
        while start > 0 and metrics.horizontalAdvance(sentence[start - 1 : marks[0][0]]) < room // 3:
            start -= 1
        space = sentence.find(" ", start, marks[0][0])
        start = space + 1 if space >= 0 else start
    before = f"{ELLIPSIS} " if start else ""
    shown = metrics.elidedText(before + sentence[start:], Qt.TextElideMode.ElideRight, room)
    end = len(shown) - (1 if shown.endswith(ELLIPSIS) else 0)
    moved = [(begin - start + len(before), stop - start + len(before)) for begin, stop in marks if begin >= start]
    cut = next((begin for begin, stop in moved[1:] if begin < end < stop), None)
    if cut is not None:  # it ends before a word that was found rather than in it
        shown, end = f"{shown[:cut].rstrip()}{ELLIPSIS}", cut
    return shown, tuple((begin, min(stop, end)) for begin, stop in moved if begin < end)


def _draw_marked(painter: QPainter, room: QRect, text: str, marks: Marks, font: QFont, ground: QColor) -> None:
    layout = QTextLayout(text, font)
    formats = []
    for start, end in marks:
        # Qt counts halves of letters beyond U+FFFF.
        first, last = (len(text[:at].encode("utf-16-le")) // 2 for at in (start, end))
        marked = QTextLayout.FormatRange()
        marked.start, marked.length = first, last - first
        look = QTextCharFormat()
        look.setBackground(ground)
        marked.format = look
        formats.append(marked)
    layout.setFormats(formats)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(1 << 20)
    layout.endLayout()
    layout.draw(painter, QPointF(room.left(), room.top() + (room.height() - line.height()) / 2))
