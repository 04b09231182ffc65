"""The list of conversations: what is temporary or pinned, groups by their names, then days and months.

A view over plain values, so that thousands of conversations cost no widgets, with the painting of its rows, and the
menu of what can be done with one. It changes nothing by itself but shows a new title at once; what the user asks for
is emitted.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum, auto

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QDate,
    QLocale,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QInputDialog,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.core.conversation import Conversation, is_temporary
from desktop.rendering.text.letters import show_invisible
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, RADIUS, TINY
from desktop.ui.look.theme import Theme, icon
from desktop.ui.widgets.rows import draw_line
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


_ROW_PX = 34
_LONGEST_TITLE = 200
_LONGEST_GROUP = 60  # letters of its name
_DIALOG_PX = 340  # wide enough for its title


class ConversationAsk(Enum):
    """What a user can want of a conversation."""

    RENAME = auto()
    PIN = auto()
    UNPIN = auto()
    MOVE = auto()  # into a group, by its name; an empty one: into none
    EXPORT = auto()
    SHOW_WHERE_WORDS_WENT = auto()
    DELETE = auto()


Ask = Callable[[str, ConversationAsk, str], None]
"""Takes the id of a conversation, what is wanted of it, and the name of a group."""


class _Painter(QStyledItemDelegate):
    """A painter of rows: the ground, the title, and a dot while something happens in the conversation."""

    def __init__(self, theme: Theme, view: ConversationListView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def more_place(self, row: QRect) -> QRect:
        """Return where the button for more stands in a row."""
        edge = self._theme.icon_px
        return QRect(row.right() - GAP - edge, row.center().y() - edge // 2, edge, edge)

    def _paint_heading(self, painter: QPainter, box: QRect, heading: Heading) -> None:
        theme, is_closed = self._theme, self._view.conversations.is_closed(heading)
        painter.setFont(theme.ui_font(TINY, bold=True))
        painter.setPen(theme.color("muted"))
        line = painter.fontMetrics().height()
        box = QRect(box.left(), box.bottom() - line - GAP_TIGHT, box.width(), line)
        if is_closed is not None:
            edge = theme.px(12)
            arrow = icon("chevron-right" if is_closed else "chevron-down", theme.tokens.muted, edge)
            arrow.paint(painter, QRect(box.left() - 2, box.bottom() - edge, edge, edge))
            box.setLeft(box.left() + edge + 2)
        draw_line(painter, box, show_invisible(heading.name))

    def _paint_dot(self, painter: QPainter, box: QRect, *, is_running: bool) -> None:
        edge = self._theme.px(8)
        accent = self._theme.color("accent")
        painter.setPen(QPen(accent, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush if is_running else accent)
        painter.drawEllipse(QRect(box.right() - GAP - edge, box.center().y() - edge // 2, edge, edge))

    def _paint_conversation(
        self, painter: QPainter, option: QStyleOptionViewItem, conversation: Conversation, *, is_at: bool
    ) -> None:
        theme, model = self._theme, self._view.conversations
        box = option.rect.adjusted(0, 1, 0, -1)
        inner = box.adjusted(GAP, 0, -GAP, 0)
        is_hovered, is_open = bool(option.state & QStyle.StateFlag.State_MouseOver), conversation.id == model.open_id
        if is_open or is_hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected" if is_open else "hover"))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        if is_at:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        is_running, is_unread = conversation.id in model.running, conversation.settings.unread
        if is_running or is_unread:
            self._paint_dot(painter, box, is_running=is_running)
            inner.setRight(inner.right() - theme.px(8) - GAP)
        if is_hovered or is_at:
            place = self.more_place(option.rect)
            icon("more", theme.tokens.muted, theme.icon_px).paint(painter, place)
            inner.setRight(min(inner.right(), place.left() - GAP_TIGHT))
        painter.setFont(theme.ui_font(bold=is_unread))
        painter.setPen(theme.color("ink" if conversation.title.strip() else "muted"))
        draw_line(painter, inner, title_of(conversation.title))

    # Qt's own methods

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        match index.data(ROW):
            case Heading() as heading:
                self._paint_heading(painter, option.rect.adjusted(GAP, 0, -GAP, 0), heading)
            case Conversation() as conversation:
                is_at = self._view.hasFocus() and self._view.currentIndex() == index
                self._paint_conversation(painter, option, conversation, is_at=is_at)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(self._theme.px(80), self._theme.px(_ROW_PX))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        field = QLineEdit(parent)
        field.setAccessibleName(self.tr("New title"))
        field.setMaxLength(_LONGEST_TITLE)
        return field

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        editor.setGeometry(option.rect)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text())


class ConversationListView(QListView):
    """A view where click or Enter opens, F2 renames, Del deletes; the context menu offers all that can be done."""

    chosen = Signal(str)
    asked = Signal(str, object, str)  # the id of a conversation, a ConversationAsk, and the name of a group

    def __init__(self, theme: Theme, conversations: ConversationModel) -> None:
        super().__init__()
        self._theme = theme
        self._edited_id = ""
        self.conversations = conversations
        self.setModel(conversations)
        self.setAccessibleName(self.tr("Conversations"))
        self._painter = _Painter(theme, self)
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

    def context_menu(self, index: QModelIndex) -> QMenu:
        """Return a new menu of what can be done with the conversation at `index`."""
        return conversation_menu(self._theme, self, index.data(ROW), self.conversations.groups, self._ask)

    def _fit_rows(self) -> None:
        """Set the one height of all rows; with a grid, a change of ten thousand asks for none of them."""
        self.setGridSize(QSize(1, self._theme.px(_ROW_PX)))

    def _choose(self, index: QModelIndex) -> None:
        match index.data(ROW):
            case Conversation(id=identity):
                self.chosen.emit(identity)
            case Heading() as heading if self.conversations.is_closed(heading) is not None:
                self.conversations.toggle(heading)

    def _ask(self, identity: str, ask: ConversationAsk, group: str = "") -> None:
        if ask is ConversationAsk.RENAME:
            self.edit(self.conversations.index_of(identity))
        else:
            if ask is ConversationAsk.MOVE:  # the keyboard goes with the conversation, also from a dialog
                self.setFocus()
                self.setCurrentIndex(self.conversations.index_of(identity))
            self.asked.emit(identity, ask, group)

    # Qt's own methods

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        place = self._painter.more_place(self.visualRect(index)).adjusted(-GAP_TIGHT, -GAP_TIGHT, GAP_TIGHT, GAP_TIGHT)
        is_left = event.button() is Qt.MouseButton.LeftButton
        if is_left and id_at(index) and place.contains(event.position().toPoint()):
            self.context_menu(index).popup(self.viewport().mapToGlobal(place.bottomLeft()))
            return
        super().mousePressEvent(event)

    def edit(self, index: _Index, *how: object) -> bool | None:  # type: ignore[override]
        """Begin to rename; the focus comes back to this row afterwards."""
        self._edited_id = id_at(index) or self._edited_id
        return super().edit(index, *how)

    def closeEditor(self, editor: QWidget, hint: QStyledItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        if hint is not QStyledItemDelegate.EndEditHint.NoHint:  # by a key
            self.setFocus()
            self.setCurrentIndex(self.conversations.index_of(self._edited_id))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_keyboard else self.indexAt(event.pos())
        if id_at(index):
            at = self.visualRect(index).bottomLeft() if by_keyboard else event.pos()
            self.context_menu(index).popup(self.viewport().mapToGlobal(at))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        is_editing = self.state() is QAbstractItemView.State.EditingState
        match event.key():
            case Qt.Key.Key_Delete if id_at(index) and not is_editing:
                self.asked.emit(id_at(index), ConversationAsk.DELETE, "")
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if index.isValid() and not is_editing:
                self._choose(index)
            case _:
                super().keyPressEvent(event)


def id_at(index: _Index) -> str:
    """Return the id of the conversation in a row; empty for a heading, and for no row."""
    row = index.data(ROW)
    return row.id if isinstance(row, Conversation) else ""


def conversation_menu(
    theme: Theme,
    parent: QWidget,
    conversation: Conversation,
    groups: Sequence[str],
    ask: Ask,
    *,
    is_in_list: bool = True,
) -> QMenu:
    """Return a new menu for a conversation; `groups` are all that there are. It deletes itself when it closes.

    `is_in_list`: the keyboard is in the list, where Del deletes a conversation, and no letter.
    """
    menu, identity = QMenu(parent), conversation.id

    def offer(drawing: str, words: str, wanted: ConversationAsk) -> QAction:
        color = theme.tokens.danger if wanted is ConversationAsk.DELETE else theme.tokens.ink
        action = menu.addAction(icon(drawing, color, theme.icon_px), words)
        action.triggered.connect(lambda: ask(identity, wanted, ""))
        return action

    offer("rename", translate("conversation_menu", "Rename"), ConversationAsk.RENAME).setShortcut(Qt.Key.Key_F2)
    if conversation.pinned:
        offer("pin", translate("conversation_menu", "Unpin"), ConversationAsk.UNPIN)
    else:
        offer("pin", translate("conversation_menu", "Pin"), ConversationAsk.PIN)
    menu.addMenu(_group_menu(menu, parent, conversation, groups, ask))
    offer("file", translate("conversation_menu", "Export…"), ConversationAsk.EXPORT)
    words = translate("conversation_menu", "Where did my words go")
    offer("shield", words, ConversationAsk.SHOW_WHERE_WORDS_WENT)
    menu.addSeparator()
    delete = offer("trash", translate("conversation_menu", "Delete"), ConversationAsk.DELETE)
    if is_in_list:
        delete.setShortcut(Qt.Key.Key_Delete)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _group_menu(menu: QMenu, parent: QWidget, conversation: Conversation, groups: Sequence[str], ask: Ask) -> QMenu:
    now = conversation.settings.folder
    found = QMenu(translate("conversation_menu", "Move to group"), menu)

    def move(name: str) -> None:
        ask(conversation.id, ConversationAsk.MOVE, name)

    for name in groups:
        entry = found.addAction(show_invisible(name).replace("&", "&&"))
        entry.setCheckable(True)
        entry.setChecked(name == now)
        entry.triggered.connect(lambda _=False, name=name: move(name))
    if now:
        found.addAction(translate("conversation_menu", "No group")).triggered.connect(lambda: move(""))
    if groups:
        found.addSeparator()
    new = found.addAction(translate("conversation_menu", "New group…"))
    new.triggered.connect(lambda: ask_for_group(parent, move))
    return found


def ask_for_group(window: QWidget, move: Callable[[str], None]) -> None:
    """Ask for the name of a new group; without one nothing is moved."""

    def take(typed: str) -> None:
        if name := " ".join(typed.split())[:_LONGEST_GROUP].strip():
            move(name)

    dialog = QInputDialog(window)
    dialog.setWindowTitle(translate("conversation_menu", "Move to a new group"))
    dialog.setLabelText(translate("conversation_menu", "Name of the group"))
    dialog.setOkButtonText(translate("conversation_menu", "Move"))
    dialog.setCancelButtonText(translate("conversation_menu", "Cancel"))
    dialog.setMinimumWidth(_DIALOG_PX)
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is not None  # made with the words of its buttons
    move_button = buttons.button(QDialogButtonBox.StandardButton.Ok)
    move_button.setEnabled(False)
    dialog.textValueChanged.connect(lambda typed: move_button.setEnabled(bool(typed.strip())))
    dialog.textValueSelected.connect(take)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
