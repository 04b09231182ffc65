"""The list of conversations: the view and the painting of its rows.

A view over plain values, so that thousands of conversations cost no widgets. What the user asks for is emitted by
signals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
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

from desktop.ui.look.icons import icon
from desktop.ui.look.tokens import GAP, GAP_TIGHT, RADIUS, TINY
from desktop.ui.sidebar.menu import (
    ConversationAction,
    DeleteConversation,
    ExportConversation,
    MoveToFolder,
    PinConversation,
    RenameConversation,
    ShowWhereWordsWent,
    conversation_menu,
)
from desktop.ui.sidebar.model import ConversationModel, RowRole

if TYPE_CHECKING:
    from desktop.ui.look.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROW_PX = 34


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
            case PinConversation() | MoveToFolder() | ShowWhereWordsWent():
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
