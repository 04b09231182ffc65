"""The model of the list of conversations: what is temporary or pinned, groups by their names, then days and months.

It changes nothing by itself but shows a new title at once; what the user asks for is emitted by signals.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum, auto

from PySide6.QtCore import (
    QAbstractListModel,
    QDate,
    QLocale,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from desktop.core.conversation import Conversation, is_temporary
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.words import fill, plain_tooltip, title_of, translate

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_MIME = "application/x-candor-conversation"


class HeadingKind(Enum):
    """What the conversations below a heading have in common."""

    TEMPORARY = auto()
    PINNED = auto()
    GROUP = auto()  # of the user's own, which can be closed
    TIME = auto()


@dataclass(frozen=True, slots=True)
class Heading:
    """Heading of some conversations; one of the user's groups may have the name of a day."""

    kind: HeadingKind
    name: str


Row = Heading | Conversation


ROW = Qt.ItemDataRole.UserRole  # the role of the Row itself


class ConversationModel(QAbstractListModel):
    """A list model of headings and conversations. A row that is dragged to another goes where that one is."""

    renamed = Signal(str, str)
    dropped = Signal(str, object)  # the id of a conversation, and the Row that it was dragged to

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock
        # Tells which model a conversation is with, and where.
        self.origin_of: Callable[[Conversation], str] = lambda _: ""
        self._conversations: Sequence[Conversation] = ()
        self._rows: list[Row] = []
        self._closed: set[str] = set()
        self.open_id: str | None = None  # of the conversation that the window shows
        self.running: Collection[str] = ()  # ids of conversations in which a reply runs

    @property
    def groups(self) -> list[str]:
        """All groups of the user's own, by their names."""
        return [each.name for each in self._rows if isinstance(each, Heading) and each.kind is HeadingKind.GROUP]

    def is_closed(self, heading: Heading) -> bool | None:
        """Return True for a group of which only the name is listed; None for a heading that cannot be closed."""
        return heading.name in self._closed if heading.kind is HeadingKind.GROUP else None

    def toggle(self, group: Heading) -> None:
        """List the conversations of a group, or only its name."""
        self._closed ^= {group.name}
        self.show_conversations(self._conversations)

    def show_conversations(self, conversations: Sequence[Conversation]) -> None:
        """Show these, which come with the newest first. What views hold on to stays with its conversation."""
        self.layoutAboutToBeChanged.emit()
        held = [(index, self._rows[index.row()]) for index in self.persistentIndexList()]
        self._conversations = conversations
        self._rows = list(_rows_of(conversations, self._closed, date.fromtimestamp(self._clock())))
        for index, row in held:
            self.changePersistentIndex(index, self._index_now(row))
        self.layoutChanged.emit()

    def set_open(self, conversation_id: str | None) -> None:
        """Mark the conversation that the window shows."""
        self.open_id = conversation_id
        self._repaint()

    def set_running(self, ids: Collection[str]) -> None:
        """Mark conversations in which a reply runs."""
        self.running = ids
        self._repaint()

    def _repaint(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def index_of(self, conversation_id: str | None) -> QModelIndex:
        """Return the index of a conversation; an invalid one if it is not listed."""
        rows = enumerate(self._rows)
        found = (at for at, each in rows if isinstance(each, Conversation) and each.id == conversation_id)
        at = next(found, -1) if conversation_id else -1
        return self.index(at) if at >= 0 else QModelIndex()

    def nearest(self, row: int) -> QModelIndex:
        """Return the index of the conversation at a row, else of the next, or of the last; invalid if there is none."""
        count = len(self._rows)
        rows = (*range(row, count), *range(min(row, count) - 1, -1, -1))
        found = next((each for each in rows if isinstance(self._rows[each], Conversation)), -1)
        return self.index(found) if found >= 0 else QModelIndex()

    def _index_now(self, row: Row) -> QModelIndex:
        if isinstance(row, Conversation):
            return self.index_of(row.id)
        return self.index(self._rows.index(row)) if row in self._rows else QModelIndex()

    def _spoken(self, row: Row) -> str:
        if isinstance(row, Heading):
            name = show_invisible(row.name)
            closed = self.is_closed(row)
            if closed is None:
                return name
            return fill(self.tr("Group %1, closed") if closed else self.tr("Group %1"), name)
        if row.id in self.running:
            return fill(self.tr("%1, answering"), title_of(row.title))
        return fill(self.tr("%1, new answer"), title_of(row.title)) if row.settings.unread else title_of(row.title)

    # Qt's own methods

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flag, row = Qt.ItemFlag, index.data(ROW)
        if row is None:
            return flag.NoItemFlags
        if isinstance(row, Conversation):
            can = flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsEditable
            return can | flag.ItemIsDragEnabled | flag.ItemIsDropEnabled
        # The keyboard passes over all but groups, which it opens and closes.
        is_group = row.kind is HeadingKind.GROUP
        return flag.ItemIsDropEnabled | (flag.ItemIsEnabled if is_group else flag.NoItemFlags)

    def mimeTypes(self) -> list[str]:
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(_MIME, indexes[0].data(ROW).id.encode())
        return data

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index) -> bool:
        identity = bytes(data.data(_MIME).data()).decode()
        target = parent.data(ROW)
        if target is not None and any(each.id == identity for each in self._conversations):
            self.dropped.emit(identity, target)
        return False  # what becomes of it is shown when it has been saved

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case _ if role == ROW:
                return row
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row)
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return show_invisible(row.name) if isinstance(row, Heading) else title_of(row.title)
            case Qt.ItemDataRole.ToolTipRole if not isinstance(row, Heading):
                return plain_tooltip("\n".join(filter(None, (title_of(row.title), self.origin_of(row)))))
            case Qt.ItemDataRole.AccessibleDescriptionRole if not isinstance(row, Heading):
                return self.origin_of(row)
        return None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row, title = index.data(ROW), " ".join(str(value).split())
        if (
            role != Qt.ItemDataRole.EditRole
            or not isinstance(row, Conversation)
            or not title
            or title == title_of(row.title)
        ):
            return False
        renamed = replace(row, title=title)
        self.show_conversations([renamed if each.id == row.id else each for each in self._conversations])
        self.renamed.emit(row.id, title)
        return True


def _rows_of(conversations: Sequence[Conversation], closed: Collection[str], today: date) -> Iterator[Row]:
    temporary: list[Conversation] = []
    pinned: list[Conversation] = []
    groups: dict[str, list[Conversation]] = {}
    others: list[Conversation] = []
    for each in conversations:
        if is_temporary(each.id):
            temporary.append(each)
        elif each.pinned:
            pinned.append(each)
        elif each.settings.folder:
            groups.setdefault(each.settings.folder, []).append(each)
        else:
            others.append(each)
    above = (
        (HeadingKind.TEMPORARY, translate("conversation_list", "Temporary, until Candor closes"), temporary),
        (HeadingKind.PINNED, translate("conversation_list", "Pinned"), pinned),
    )
    for kind, name, found in above:
        if found:
            yield Heading(kind, name)
            yield from found
    for name in sorted(groups, key=lambda each: (each.casefold(), each)):
        yield Heading(HeadingKind.GROUP, name)
        if name not in closed:
            yield from groups[name]
    yield from _by_time(others, today)


def _by_time(conversations: Sequence[Conversation], today: date) -> Iterator[Row]:
    """Yield conversations, the newest first, below the days and months in which they changed last."""
    start = 0
    days = (
        (0, translate("conversation_list", "Today")),
        (1, translate("conversation_list", "Yesterday")),
        (7, translate("conversation_list", "Previous 7 days")),
    )
    for back, name in days:
        end = _end_of(conversations, start, today - timedelta(days=back))
        if end > start:
            yield Heading(HeadingKind.TIME, name)
            yield from conversations[start:end]
        start = end
    while start < len(conversations):
        first = date.fromtimestamp(max(conversations[start].updated_at, 0.0)).replace(day=1)
        end = max(start + 1, _end_of(conversations, start, first))
        yield Heading(HeadingKind.TIME, _month(first, today))
        yield from conversations[start:end]
        start = end


def _end_of(conversations: Sequence[Conversation], start: int, day: date) -> int:
    """Return where those end that changed on a day or after it."""
    midnight = datetime(day.year, day.month, day.day).timestamp()
    return bisect_left(conversations, True, lo=start, key=lambda each: each.updated_at < midnight)


def _month(first: date, today: date) -> str:
    as_month = translate("conversation_list", "MMMM", "the name of a month, as Qt writes dates")
    name = QLocale().toString(QDate(first.year, first.month, 1), as_month)
    if first.year == today.year:
        return name
    return fill(translate("conversation_list", "%1 %2", "a month and its year"), name, str(first.year))
