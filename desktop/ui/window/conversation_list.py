"""The list of conversations: a light model with group names, the painting of its rows, and the view.

A view over plain values, so that thousands of conversations cost no widgets. It changes nothing by itself but shows a
new title at once; what the user asks for is emitted by signals.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from enum import IntEnum
from typing import assert_never

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.core.conversation import Conversation
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.icons import icon
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, RADIUS, TINY
from desktop.ui.window.conversation_menu import (
    ConversationAction,
    DeleteConversation,
    ExportConversation,
    MoveToFolder,
    PinConversation,
    RenameConversation,
    conversation_menu,
)
from desktop.ui.window.conversation_rows import (
    FolderName,
    GroupNames,
    RowExchange,
    RowMove,
    change_between,
    changed,
    rows_of,
)
from desktop.ui.words import plain_tooltip, translate

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROW_PX = 34
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
        self._conversations: list[Conversation] = []
        self._rows: list[str | Conversation] = []
        self._row_of: dict[str, int] = {}
        self._next: list[str | Conversation] = []  # what the change that is being made leads to
        for made in (self.rowsInserted, self.rowsRemoved, self.rowsMoved):
            made.connect(self._take_next)
        self._open_id: str | None = None
        self._running: frozenset[str] = frozenset()
        self._unread: frozenset[str] = frozenset()
        self._closed: set[str] = set()  # folders whose conversations are not listed

    @property
    def folders(self) -> list[str]:
        """All folders, by their names."""
        return sorted({each.settings.folder for each in self._conversations} - {""}, key=str.casefold)

    def conversation_at(self, index: _Index) -> Conversation | None:
        """Return the conversation of a row; None for a group's name."""
        row = self._rows[index.row()] if index.isValid() else ""
        return row if isinstance(row, Conversation) else None

    def is_folder(self, index: _Index) -> bool:
        """Return True for the row of a folder's name."""
        return index.isValid() and isinstance(self._rows[index.row()], FolderName)

    def toggle_folder(self, index: _Index) -> None:
        """List the conversations of a folder, or only its name."""
        self._closed ^= {str(self._rows[index.row()])}
        self.dataChanged.emit(index, index)
        self._build()

    def show_conversations(self, conversations: list[Conversation]) -> None:
        """Show these, in this order within their groups. Rows are inserted and moved: nothing is built anew."""
        self._conversations = conversations
        self._build()

    def set_open(self, conversation_id: str | None) -> None:
        """Mark the conversation that the window shows."""
        before, self._open_id = self._open_id, conversation_id
        if before != conversation_id:
            self._repaint([before or "", conversation_id or ""])

    def set_running(self, ids: frozenset[str]) -> None:
        """Mark conversations in which a reply runs."""
        before, self._running = self._running, ids
        self._repaint(before ^ ids)

    def set_unread(self, ids: frozenset[str]) -> None:
        """Mark conversations in which a reply has come unseen."""
        before, self._unread = self._unread, ids
        self._repaint(before ^ ids)

    def index_of(self, conversation_id: str | None) -> QModelIndex:
        """Return the index of a conversation; an invalid one if it is not listed."""
        row = self._row_of.get(conversation_id or "", -1)
        return self.index(row) if row >= 0 else QModelIndex()

    def nearest(self, row: int) -> QModelIndex:
        """Return the index of the conversation at a row, else of the next, or of the last; invalid if there is none."""
        rows = sorted(self._row_of.values())
        found = next((each for each in rows if each >= row), rows[-1] if rows else -1)
        return self.index(found) if found >= 0 else QModelIndex()

    def _build(self) -> None:
        names = GroupNames(
            translate("conversation_list", "Temporary, until Candor closes"),
            translate("conversation_list", "Pinned"),
            translate("conversation_list", "Today"),
            translate("conversation_list", "Yesterday"),
            translate("conversation_list", "Previous 7 days"),
            translate("conversation_list", "Older"),
        )
        before = self._rows
        after = rows_of(self._conversations, names, date.fromtimestamp(self._clock()), self._closed)
        change = change_between(before, after)
        match change:
            case RowMove(start, to):
                self._next = changed(before, change, after)
                self.moveRows(QModelIndex(), start, 1, QModelIndex(), to if to < start else to + 1)
            case RowExchange(start, removed, inserted):
                if removed:
                    self._next = changed(before, RowExchange(start, removed, 0), after)
                    self.removeRows(start, removed)
                if inserted:
                    self._next = changed(before, change, after)
                    self.insertRows(start, inserted)
        self._rows = after
        self._repaint_changed(before)

    def _take_next(self) -> None:
        """Take the rows that a change leads to: when it has been made, and before any view hears of it."""
        self._rows = self._next
        self._row_of = {row.id: at for at, row in enumerate(self._rows) if isinstance(row, Conversation)}

    def _repaint_changed(self, before: list[str | Conversation]) -> None:
        """Have painted what says something else than before, such as a title."""
        known = {id(row) for row in before}
        others = [row for row in self._rows if id(row) not in known]
        self._repaint(row.id for row in others if isinstance(row, Conversation))

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
        if not parent.isValid() or identity not in self._row_of:
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
                return plain_tooltip(title_of(row))
            case RowRole.ID:
                return row.id
            case RowRole.IS_OPEN:
                return row.id == self._open_id
            case RowRole.IS_RUNNING:
                return row.id in self._running
            case RowRole.IS_UNREAD:
                return row.id in self._unread
            case RowRole.IS_UNTITLED:
                return not row.title.strip()
        return None

    def _group_data(self, name: str, role: int) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return show_invisible(name)
            case Qt.ItemDataRole.AccessibleTextRole if isinstance(name, FolderName):
                words = self.tr("Folder %1, closed") if name in self._closed else self.tr("Folder %1")
                return words.replace("%1", show_invisible(name))
            case RowRole.IS_CLOSED if isinstance(name, FolderName):
                return name in self._closed
        return None

    def _spoken(self, row: Conversation) -> str:
        if row.id in self._running:
            return self.tr("%1, answering").replace("%1", title_of(row))
        if row.id in self._unread:
            return self.tr("%1, new answer").replace("%1", title_of(row))
        return title_of(row)

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self._rows[index.row()] if index.isValid() else ""
        title = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or isinstance(row, str) or not title or title == title_of(row):
            return False
        renamed = replace(row, title=title)
        self._rows[index.row()] = renamed
        self._conversations = [renamed if one.id == row.id else one for one in self._conversations]
        self.dataChanged.emit(index, index)
        self.renamed.emit(row.id, title)
        return True


def title_of(conversation: Conversation) -> str:
    """Return a conversation's title on one line, invisible characters shown; words of our own if it has none."""
    return show_invisible(" ".join(conversation.title.split())) or translate("conversation_list", "New conversation")


class ConversationDelegate(QStyledItemDelegate):
    """A painter of rows: the ground, the title, and a dot while something happens in the conversation."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def _paint_group(self, painter: QPainter, box: QRect, name: str, is_closed: bool | None) -> None:
        if is_closed is not None:
            edge = self._theme.px(12)
            arrow = icon("chevron-right" if is_closed else "chevron-down", self._theme.tokens.muted, edge)
            arrow.paint(painter, QRect(box.left() - 2, box.bottom() - edge, edge, edge))
            box = box.adjusted(edge + 2, 0, 0, 0)
            name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, box.width())
        painter.setFont(self._theme.ui_font(TINY, bold=True))
        painter.setPen(self._theme.color("muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, name)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, box: QRect, index: _Index) -> None:
        is_open = bool(index.data(RowRole.IS_OPEN))
        under_pointer = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if is_open or under_pointer:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("selected" if is_open else "hover"))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        # Not `option.index`, which nothing has set here.
        if self._view.hasFocus() and self._view.currentIndex() == index:
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _is_offered(self, option: QStyleOptionViewItem, index: _Index) -> bool:
        """Return True for the row that shows its button for more: under the pointer, or with the keyboard."""
        has_keyboard = self._view.hasFocus() and self._view.currentIndex() == index
        return has_keyboard or bool(option.state & QStyle.StateFlag.State_MouseOver)

    def more_place(self, row: QRect) -> QRect:
        """Return where the button for more stands in a row."""
        edge = self._theme.icon_px
        return QRect(row.right() - GAP - edge, row.center().y() - edge // 2, edge, edge)

    def _paint_dot(self, painter: QPainter, box: QRect, is_running: bool) -> None:
        edge = self._theme.px(8)
        dot = QRect(box.right() - GAP - edge, box.center().y() - edge // 2, edge, edge)
        accent = self._theme.color("accent")
        painter.setPen(QPen(accent, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush if is_running else accent)
        painter.drawEllipse(dot)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = option.rect.adjusted(0, 1, 0, -1)
        inner = box.adjusted(GAP, 0, -GAP, 0)
        words = str(index.data(Qt.ItemDataRole.DisplayRole))
        if not index.data(RowRole.ID):
            is_closed = index.data(RowRole.IS_CLOSED)
            self._paint_group(painter, inner.adjusted(0, 0, 0, -GAP_TIGHT), words, is_closed)
            painter.restore()
            return
        self._paint_ground(painter, option, box, index)
        is_running, is_unread = bool(index.data(RowRole.IS_RUNNING)), bool(index.data(RowRole.IS_UNREAD))
        if is_running or is_unread:
            self._paint_dot(painter, box, is_running)
            inner.setRight(inner.right() - self._theme.px(8) - GAP)
        if self._is_offered(option, index):
            place = self.more_place(option.rect)
            icon("more", self._theme.tokens.muted, self._theme.icon_px).paint(painter, place)
            inner.setRight(min(inner.right(), place.left() - GAP_TIGHT))
        painter.setFont(self._theme.ui_font(bold=is_unread))
        painter.setPen(self._theme.color("muted" if index.data(RowRole.IS_UNTITLED) else "ink"))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(self._theme.px(80), self._theme.px(_ROW_PX))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        field = QLineEdit(parent)
        field.setAccessibleName(self.tr("New title"))
        field.setMaxLength(200)
        return field

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        editor.setGeometry(option.rect)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text())


class ConversationListView(QListView):
    """A view where click or Enter opens, F2 renames, Del deletes; the context menu offers both."""

    chosen = Signal(str)
    delete_requested = Signal(str)
    export_requested = Signal(str)
    asked = Signal(object)  # PinConversation | MoveToFolder

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._edited_id = ""
        self.setAccessibleName(self.tr("Conversations"))
        self._painter = ConversationDelegate(theme, self)
        self.setItemDelegate(self._painter)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(False)
        self.setUniformItemSizes(True)
        self._fit_rows()
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._choose)
        theme.changed.connect(self._fit_rows)

    def _fit_rows(self) -> None:
        """Set the one height of all rows; with a grid, a change of ten thousand asks for none of them."""
        self.setGridSize(QSize(1, self._theme.px(_ROW_PX)))

    def _choose(self, index: QModelIndex) -> None:
        conversation_id = index.data(RowRole.ID)
        model = self.model()
        if conversation_id:
            self.chosen.emit(conversation_id)
        elif isinstance(model, ConversationModel) and model.is_folder(index):
            model.toggle_folder(index)

    def _delete(self, index: QModelIndex) -> None:
        conversation_id = index.data(RowRole.ID)
        if conversation_id:
            self.delete_requested.emit(conversation_id)

    def context_menu(self, index: QModelIndex) -> QMenu:
        """Return a new menu of what can be done with the conversation at `index`."""
        model = self.model()
        assert isinstance(model, ConversationModel)
        conversation = model.conversation_at(index)
        assert conversation is not None
        return conversation_menu(self._theme, self, conversation, model.folders, self._ask)

    def _ask(self, action: ConversationAction) -> None:
        model = self.model()
        assert isinstance(model, ConversationModel)
        match action:
            case RenameConversation(identity):
                self.edit(model.index_of(identity))
            case ExportConversation(identity):
                self.export_requested.emit(identity)
            case DeleteConversation(identity):
                self.delete_requested.emit(identity)
            case PinConversation() | MoveToFolder():
                self.asked.emit(action)
            case _:
                assert_never(action)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        place = self._painter.more_place(self.visualRect(index)).adjusted(-GAP_TIGHT, -GAP_TIGHT, GAP_TIGHT, GAP_TIGHT)
        is_left = event.button() is Qt.MouseButton.LeftButton
        if is_left and index.data(RowRole.ID) and place.contains(event.position().toPoint()):
            self.context_menu(index).popup(self.viewport().mapToGlobal(place.bottomLeft()))
            return
        super().mousePressEvent(event)

    def edit(self, index: _Index, *how: object) -> bool | None:  # type: ignore[override]
        """Begin to rename; the focus comes back to this row afterwards."""
        if index.data(RowRole.ID):
            self._edited_id = index.data(RowRole.ID)
        return super().edit(index, *how)

    def closeEditor(self, editor: QWidget, hint: QStyledItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        model = self.model()
        if hint is not QStyledItemDelegate.EndEditHint.NoHint and isinstance(model, ConversationModel):  # by a key
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.setCurrentIndex(model.index_of(self._edited_id))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_keyboard else self.indexAt(event.pos())
        if not index.data(RowRole.ID):
            return
        at = self.visualRect(index).bottomLeft() if by_keyboard else event.pos()
        self.context_menu(index).popup(self.viewport().mapToGlobal(at))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        is_editing = self.state() is QAbstractItemView.State.EditingState
        match event.key():
            case Qt.Key.Key_Delete if index.isValid() and not is_editing:
                self._delete(index)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if index.isValid() and not is_editing:
                self._choose(index)
            case _:
                super().keyPressEvent(event)
