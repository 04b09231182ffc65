"""The results of a search: groups with a head, and in them a line for each place; and their painter."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from desktop.core.models.place import shown_name
from desktop.core.search import ELLIPSIS, ConversationCard, HitKind, Marks, SearchBatch, SearchHit
from desktop.rendering.text.letters import show_invisible
from desktop.ui.look.stylesheet import FILL_OF_PLACE, GAP_SECTION, GAP_WIDE, RADIUS, SMALL, TINY
from desktop.ui.look.theme import Theme
from desktop.ui.search.words import moment, speaker
from desktop.ui.widgets.rows import Row, RowList, RowPainter, draw_line, draw_marked, ground_of
from desktop.ui.words import fill, place_name, translate

COLUMN_PX = 740
_FIRST_TITLES = 5  # that are shown above what was said
_ROW_PX = 36
_WHO_PX = 96
_NARROW_PX = 560  # of the column: below it, a head names no model


@dataclass(frozen=True, slots=True)
class More:
    """Key of the line that shows further titles."""

    count: int


class Results:
    """What was found: titles first, then what was said by conversation, then recipes."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self.clear()

    def clear(self) -> None:
        """Remove all."""
        self._titles: list[Row] = []
        self._shows_all_titles = False
        self._groups: dict[str, list[Row]] = {}  # each with its head
        self._cards: dict[str, ConversationCard] = {}
        self._recipes: list[Row] = []

    def add(self, batch: SearchBatch) -> None:
        """Put further results into their groups."""
        self._cards |= {card.id: card for card in batch.cards}
        for hit in batch.hits:
            if hit.kind is HitKind.TITLE:
                self._titles.append(_row(hit))
                continue
            if hit.owner not in self._groups:
                self._groups[hit.owner] = [self._head(hit.owner)]
            self._groups[hit.owner].append(_row(hit))

    def add_recipes(self, hits: Iterable[SearchHit]) -> None:
        """Put recipes below all else."""
        self._recipes += map(_row, hits)

    def show_all_titles(self) -> None:
        """Show all titles, in place of the first ones and a line for the others."""
        self._shows_all_titles = True

    def rows(self) -> list[Row]:
        """Return the lines from top to bottom."""
        return [
            *self._rows_of_titles(),
            *(row for group in self._groups.values() for row in group),
            *_under(translate("search", "Recipes"), self._recipes),
        ]

    def _rows_of_titles(self) -> Iterator[Row]:
        shown = self._titles if self._shows_all_titles else self._titles[:_FIRST_TITLES]
        yield from _under(translate("search", "Titles"), shown)
        if more := len(self._titles) - len(shown):
            yield Row(More(more), fill(translate("search", "Show %1 more"), str(more)))

    def _head(self, owner: str) -> Row:
        card = self._cards.get(owner)
        title = show_invisible(" ".join(card.title.split())) if card is not None else ""
        title = title or translate("conversation_list", "New conversation")
        if card is None:
            return Row(None, title, is_heading=True)
        at = moment(card.at, self._clock())
        model = show_invisible(shown_name(card.model)) if card.model else ""
        place = (place_name(card.place), FILL_OF_PLACE[card.place.kind]) if card.place is not None else None
        spoken = fill(translate("search", "%1, %2"), title, at)
        return Row(None, title, model, aside=at, dot=place, is_heading=True, spoken=spoken)


def _under(title: str, rows: list[Row]) -> list[Row]:
    return [Row(None, title, is_heading=True), *rows] if rows else []


def _row(hit: SearchHit) -> Row:
    who = speaker(hit)
    spoken = fill(translate("search", "%1: %2", "who said it, and the sentence"), who, hit.sentence)
    return Row(hit, hit.sentence, beside=who, tip=hit.file, spoken=spoken)


class ResultPainter(RowPainter):
    """The painter, in a column as wide as the field above it."""

    def height(self, row: Row) -> int:
        return self.theme.px(_ROW_PX)

    def paint_row(self, painter: QPainter, box: QRect, row: Row, *, is_at: bool, is_under_pointer: bool) -> None:
        theme = self.theme
        wide = min(theme.px(COLUMN_PX), box.width() - 2 * GAP_WIDE)
        column = QRect(box.left() + (box.width() - wide) // 2, box.top(), wide, box.height())
        inner = column.adjusted(GAP_WIDE, 0, -GAP_WIDE, 0)
        if row.is_heading:
            self._paint_head(painter, inner.adjusted(0, theme.px(8), 0, 0), row)
            return
        if is_at or is_under_pointer:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected" if is_at else "hover"))
            painter.drawRoundedRect(column, RADIUS, RADIUS)
        words = inner.adjusted(theme.px(_WHO_PX) + GAP_WIDE, 0, 0, 0)
        if isinstance(row.key, More):
            painter.setPen(theme.color("accent"))
            painter.setFont(theme.ui_font(SMALL))
            draw_line(painter, words, row.title)
            return
        painter.setPen(theme.color("muted"))
        painter.setFont(theme.ui_font(TINY))
        draw_line(painter, QRect(inner.left(), inner.top(), theme.px(_WHO_PX), inner.height()), row.beside)
        painter.setPen(theme.color("ink"))
        painter.setFont(theme.ui_font())
        metrics, seen, marks = painter.fontMetrics(), show_invisible(row.title), row.key.marks
        if len(seen) != len(row.title):  # they are of other letters
            marks = ()
        shown, marks = fitted(seen, marks, metrics, words.width())
        words.setTop(words.top() + (words.height() - metrics.height()) // 2)
        words.setWidth(2 * words.width())  # it is one line, whatever its marks add to it
        found = ground_of(theme.color("found"))
        draw_marked(painter, words, shown, [(*each, found) for each in marks])

    def _paint_head(self, painter: QPainter, box: QRect, row: Row) -> None:
        """Paint a title, and at the right when that was, by which model, and where."""
        theme = self.theme
        room = QRect(box)
        if row.dot is not None:
            painter.setFont(theme.ui_font(TINY))
            words, token = row.dot
            wide = painter.fontMetrics().horizontalAdvance(words) + theme.px(14)
            room.setLeft(max(box.center().x(), box.right() - wide))
            self.paint_dot(painter, room, words, token)
            room = QRect(box.left(), box.top(), room.left() - GAP_WIDE - box.left(), box.height())
        told = (row.aside, row.about if box.width() >= theme.px(_NARROW_PX) else "")
        painter.setFont(theme.ui_font(SMALL))
        painter.setPen(theme.color("muted"))
        words = " · ".join(filter(None, told))
        wide = min(painter.fontMetrics().horizontalAdvance(words) + 1, room.width() * 3 // 5)
        draw_line(painter, QRect(room.right() - wide, room.top(), wide + 1, room.height()), words)
        painter.setFont(theme.ui_font(bold=True))
        painter.setPen(theme.color("ink"))
        draw_line(painter, room.adjusted(0, 0, -wide - GAP_SECTION, 0), row.title)


def result_list(theme: Theme, name: str) -> RowList:
    """Return the list of results, with no row yet."""
    made = RowList(theme, name)
    made.are_alike = True
    made.painter = ResultPainter(theme, made)
    made.setItemDelegate(made.painter)
    return made


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
