"""The list of conversations: a light model with group names, the painting of its rows, and the view.

A view over plain values, so that thousands of conversations cost no widgets. It changes nothing by itself but shows a
new title at once; what the user asks for is emitted by signals.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPen
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
from desktop.ui.words import plain_tooltip, translate

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROW_PX = 34


class RowRole(IntEnum):
    """The roles of a row beside Qt's own."""

    ID = Qt.ItemDataRole.UserRole  # of the conversation; empty for a group's name
    IS_OPEN = Qt.ItemDataRole.UserRole + 1
    IS_RUNNING = Qt.ItemDataRole.UserRole + 2
    IS_UNREAD = Qt.ItemDataRole.UserRole + 3
    IS_UNTITLED = Qt.ItemDataRole.UserRole + 4


def group_name(conversation: Conversation, today: date) -> str:
    """Return the group in which a conversation is listed on the day `today`."""
    if conversation.pinned:
        return translate("conversation_list", "Pinned")
    day = date.fromtimestamp(conversation.updated_at)
    if day >= today:
        return translate("conversation_list", "Today")
    if day == today - timedelta(days=1):
        return translate("conversation_list", "Yesterday")
    if day >= today - timedelta(days=7):
        return translate("conversation_list", "Previous 7 days")
    return translate("conversation_list", "Older")


class ConversationModel(QAbstractListModel):
    """A list model whose rows are group names (`str`) and conversations, pinned ones first, then as given."""

    renamed = Signal(str, str)

    def __init__(self, clock: Callable[[], float] = time.time, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._conversations: list[Conversation] = []
        self._rows: list[str | Conversation] = []
        self._row_of: dict[str, int] = {}
        self._open_id: str | None = None
        self._running: frozenset[str] = frozenset()
        self._unread: frozenset[str] = frozenset()

    def show_conversations(self, conversations: list[Conversation]) -> None:
        """Show these, in this order within their groups."""
        self._conversations = sorted(conversations, key=lambda one: not one.pinned)  # stable: the order stays
        self._build()

    def set_open(self, conversation_id: str | None) -> None:
        """Mark the conversation that the window shows."""
        self._open_id = conversation_id
        self._repaint()

    def set_running(self, ids: frozenset[str]) -> None:
        """Mark conversations in which a reply runs."""
        self._running = ids
        self._repaint()

    def set_unread(self, ids: frozenset[str]) -> None:
        """Mark conversations in which a reply has come unseen."""
        self._unread = ids
        self._repaint()

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
        today = date.fromtimestamp(self._clock())
        rows: list[str | Conversation] = []
        group = ""
        for conversation in self._conversations:
            name = group_name(conversation, today)
            if name != group:
                rows.append(name)
                group = name
            rows.append(conversation)
        self.beginResetModel()
        self._rows = rows
        self._row_of = {row.id: at for at, row in enumerate(rows) if isinstance(row, Conversation)}
        self.endResetModel()

    def _repaint(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if isinstance(row, str):
            return row if role == Qt.ItemDataRole.DisplayRole else None
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

    def _paint_group(self, painter: QPainter, box: QRect, name: str) -> None:
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
            self._paint_group(painter, inner.adjusted(0, 0, 0, -GAP_TIGHT), words)
            painter.restore()
            return
        self._paint_ground(painter, option, box, index)
        is_running, is_unread = bool(index.data(RowRole.IS_RUNNING)), bool(index.data(RowRole.IS_UNREAD))
        if is_running or is_unread:
            self._paint_dot(painter, box, is_running)
            inner.setRight(inner.right() - self._theme.px(8) - GAP)
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

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._edited_id = ""
        self.setAccessibleName(self.tr("Conversations"))
        self.setItemDelegate(ConversationDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._choose)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def _choose(self, index: QModelIndex) -> None:
        conversation_id = index.data(RowRole.ID)
        if conversation_id:
            self.chosen.emit(conversation_id)

    def _delete(self, index: QModelIndex) -> None:
        conversation_id = index.data(RowRole.ID)
        if conversation_id:
            self.delete_requested.emit(conversation_id)

    def context_menu(self, index: QModelIndex) -> QMenu:
        """Return a new menu of what can be done with the conversation at `index`."""
        menu = QMenu(self)
        color, edge = self._theme.tokens.ink, self._theme.icon_px
        rename = menu.addAction(icon("rename", color, edge), self.tr("Rename"))
        rename.setShortcut(Qt.Key.Key_F2)
        rename.triggered.connect(lambda: self.edit(index))
        export = menu.addAction(icon("file", color, edge), self.tr("Export…"))
        export.triggered.connect(lambda: self.export_requested.emit(index.data(RowRole.ID)))
        delete = menu.addAction(icon("trash", self._theme.tokens.danger, edge), self.tr("Delete"))
        delete.setShortcut(Qt.Key.Key_Delete)
        delete.triggered.connect(lambda: self._delete(index))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

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
