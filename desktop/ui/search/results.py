"""The results of a search as a list: groups with a head, and in them a row for each place. Values, no widgets.

Rows are only ever inserted, so that what is shown stays where it is while more is found.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.core.search import ConversationCard, HitKind, SearchBatch, SearchHit
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.search.words import moment, speaker
from desktop.ui.words import fill, plain_tooltip, translate

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
