"""The model of the list of conversations: group names and conversations as rows, changed row by row.

It changes nothing by itself but shows a new title at once; what the user asks for is emitted by signals.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from enum import IntEnum
from functools import partial

from PySide6.QtCore import QDate, QLocale, QMimeData, QModelIndex, QPersistentModelIndex, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.conversation import Conversation
from desktop.core.keeping import place_in
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.sidebar.rows import (
    ConversationRows,
    FolderName,
    GroupNames,
    ListDifference,
    RowMove,
    RowPainted,
    RowsInserted,
    RowsRemoved,
    RowStep,
    list_difference,
)
from desktop.ui.words import plain_tooltip, translate

_Index = QModelIndex | QPersistentModelIndex
_MIME = "application/x-candor-conversation"


class RowRole(IntEnum):
    """The roles of a row beside Qt's own."""

    ID = Qt.ItemDataRole.UserRole  # of the conversation; empty for a group's name
    IS_OPEN = Qt.ItemDataRole.UserRole + 1
    IS_RUNNING = Qt.ItemDataRole.UserRole + 2
    IS_UNREAD = Qt.ItemDataRole.UserRole + 3
    IS_UNTITLED = Qt.ItemDataRole.UserRole + 4
    IS_CLOSED = Qt.ItemDataRole.UserRole + 5  # of a folder's name: bool; None for all others


class ConversationModel(QStringListModel):
    """A list model whose rows are group names (`str`) and conversations.

    Pinned ones come first, then folders by their names, then all others as given. A row that is dragged to another goes
    where that one is.
    """

    renamed = Signal(str, str)
    dropped = Signal(str, object)  # the id of a conversation, and the row that it was dragged to: str | Conversation

    def __init__(self, clock: Callable[[], float] = time.time, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        # Tells which model a conversation is with, and where.
        self.origin_of: Callable[[Conversation], str] = lambda _: ""
        self._conversations: list[Conversation] = []
        self._day, self._names = self._today(), _group_names()
        self._rows = ConversationRows(self._names, self._day)
        self._make = _nothing  # brings the rows to where the change that Qt is told of leads
        for made in (self.rowsInserted, self.rowsRemoved, self.rowsMoved):
            made.connect(self._make_step)
        self._open_id: str | None = None
        self._running: frozenset[str] = frozenset()

    @property
    def folders(self) -> list[str]:
        """All folders, by their names."""
        return self._rows.folders

    def conversation_at(self, index: _Index) -> Conversation | None:
        """Return the conversation of a row; None for a group's name."""
        row = self._rows[index.row()] if index.isValid() else ""
        return row if isinstance(row, Conversation) else None

    def is_folder(self, index: _Index) -> bool:
        """Return True for the row of a folder's name."""
        return index.isValid() and isinstance(self._rows[index.row()], FolderName)

    def toggle_folder(self, index: _Index) -> None:
        """List the conversations of a folder, or only its name."""
        name = self._rows[index.row()]
        if isinstance(name, FolderName):
            self._take(self._rows.toggle(name))
            self.dataChanged.emit(index, index)

    def show_conversations(self, conversations: list[Conversation]) -> None:
        """Show these, in the order of the list. Rows are inserted and moved: what stays is not looked at."""
        before, self._conversations = self._conversations, conversations
        day, names = self._today(), _group_names()
        is_as_before = (day, names) == (self._day, self._names)
        found = list_difference(before, conversations) if is_as_before else None
        if found is None:
            self._day, self._names = day, names
            self._clear()
            found = ListDifference(added=conversations)
        for old, new in found.changed:
            self._take(self._rows.steps(old, new))
        self._take(self._rows.additions(found.added))

    def set_open(self, conversation_id: str | None) -> None:
        """Mark the conversation that the window shows."""
        before, self._open_id = self._open_id, conversation_id
        if before != conversation_id:
            self._repaint([before or "", conversation_id or ""])

    def set_running(self, ids: frozenset[str]) -> None:
        """Mark conversations in which a reply runs."""
        before, self._running = self._running, ids
        self._repaint(before ^ ids)

    def index_of(self, conversation_id: str | None) -> QModelIndex:
        """Return the index of a conversation; an invalid one if it is not listed."""
        listed = self._rows.state_of(conversation_id or "")
        row = self._rows.row_of(listed) if listed is not None else -1
        return self.index(row) if row >= 0 else QModelIndex()

    def nearest(self, row: int) -> QModelIndex:
        """Return the index of the conversation at a row, else of the next, or of the last; invalid if there is none."""
        count = len(self._rows)
        rows: Iterator[int] = iter((*range(row, count), *range(min(row, count) - 1, -1, -1)))
        found = next((each for each in rows if isinstance(self._rows[each], Conversation)), -1)
        return self.index(found) if found >= 0 else QModelIndex()

    def _today(self) -> date:
        return date.fromtimestamp(self._clock())

    def _clear(self) -> None:
        """Begin anew, without a row."""
        empty = ConversationRows(self._names, self._day, self._rows.closed)
        if len(self._rows):
            self._take([RowStep(RowsRemoved(0, len(self._rows)), partial(setattr, self, "_rows", empty))])
        self._rows = empty

    def _take(self, steps: Iterable[RowStep]) -> None:
        """Take some steps: Qt counts the rows, and tells the views when each has been made."""
        for step in steps:
            self._make = step.make
            match step.change:
                case RowMove(start, to):
                    self.moveRows(QModelIndex(), start, 1, QModelIndex(), to if to < start else to + 1)
                case RowsInserted(start, count):
                    self.insertRows(start, count)
                case RowsRemoved(start, count):
                    self.removeRows(start, count)
                case RowPainted(row):
                    self._make_step()
                    self.dataChanged.emit(self.index(row), self.index(row))

    def _make_step(self) -> None:
        """Make the step that Qt has just been told of: before any view hears of it, as this was connected first."""
        make, self._make = self._make, _nothing
        make()

    def _repaint(self, ids: Iterable[str]) -> None:
        for identity in ids:
            index = self.index_of(identity)
            if index.isValid():
                self.dataChanged.emit(index, index)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.NoItemFlags
        if isinstance(self._rows[index.row()], str):
            # The keyboard passes over all but folders, which it opens and closes.
            return flag.ItemIsDropEnabled | (flag.ItemIsEnabled if self.is_folder(index) else flag.NoItemFlags)
        return (
            flag.ItemIsEnabled
            | flag.ItemIsSelectable
            | flag.ItemIsEditable
            | flag.ItemIsDragEnabled
            | flag.ItemIsDropEnabled
        )

    def mimeTypes(self) -> list[str]:
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(_MIME, str(indexes[0].data(RowRole.ID)).encode())
        return data

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index) -> bool:
        identity = bytes(data.data(_MIME).data()).decode()
        if not parent.isValid() or self._rows.state_of(identity) is None:
            return False
        self.dropped.emit(identity, self._rows[parent.row()])
        return False  # what becomes of it is shown when it has been saved

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if isinstance(row, str):
            return self._group_data(row, role)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return title_of(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip("\n".join(filter(None, (title_of(row), self.origin_of(row)))))
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return self.origin_of(row)
            case RowRole.ID:
                return row.id
            case RowRole.IS_OPEN:
                return row.id == self._open_id
            case RowRole.IS_RUNNING:
                return row.id in self._running
            case RowRole.IS_UNREAD:
                return row.settings.unread
            case RowRole.IS_UNTITLED:
                return not row.title.strip()
        return None

    def _group_data(self, name: str, role: int) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return show_invisible(name)
            case Qt.ItemDataRole.AccessibleTextRole if isinstance(name, FolderName):
                words = self.tr("Folder %1, closed") if name in self._rows.closed else self.tr("Folder %1")
                return words.replace("%1", show_invisible(name))
            case RowRole.IS_CLOSED if isinstance(name, FolderName):
                return name in self._rows.closed
        return None

    def _spoken(self, row: Conversation) -> str:
        if row.id in self._running:
            return self.tr("%1, answering").replace("%1", title_of(row))
        if row.settings.unread:
            return self.tr("%1, new answer").replace("%1", title_of(row))
        return title_of(row)

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self._rows[index.row()] if index.isValid() else ""
        title = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or isinstance(row, str) or not title or title == title_of(row):
            return False
        renamed = replace(row, title=title)
        self._conversations = self._conversations.copy()
        self._conversations[place_in(self._conversations, row)] = renamed
        self._take(self._rows.steps(row, renamed))
        self.renamed.emit(row.id, title)
        return True


def title_of(conversation: Conversation) -> str:
    """Return a conversation's title on one line, invisible characters shown; words of our own if it has none."""
    return show_invisible(" ".join(conversation.title.split())) or translate("conversation_list", "New conversation")


def _group_names() -> GroupNames:
    as_month = translate("conversation_list", "MMMM", "the name of a month, as Qt writes dates")
    return GroupNames(
        translate("conversation_list", "Temporary, until Candor closes"),
        translate("conversation_list", "Pinned"),
        translate("conversation_list", "Today"),
        translate("conversation_list", "Yesterday"),
        translate("conversation_list", "Previous 7 days"),
        tuple(QLocale().toString(QDate(2000, month, 1), as_month) for month in range(1, 13)),
        translate("conversation_list", "%1 %2", "a month and its year"),
    )


def _nothing() -> None:
    """Make no step: none is under way."""
