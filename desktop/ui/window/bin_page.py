"""The page of deleted conversations: each with when it was deleted, to be restored or erased for good."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from desktop.core.conversation import Conversation
from desktop.runtime.chat import Chat
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_PAGE, GAP_SECTION
from desktop.ui.widgets.boxes import QuestionBox
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.page import PageStack
from desktop.ui.words import fill, number, say, title_of, translate


class BinPresenter(QObject):
    """The owner of the page of the bin."""

    came_in_front = Signal()

    def __init__(self, theme: Theme, stack: PageStack, chat: Chat) -> None:
        super().__init__(stack)
        self._theme = theme
        self._stack = stack
        self._chat = chat
        self._page: BinPage | None = None
        chat.shelf.bin_found.connect(self._show)

    @property
    def is_in_front(self) -> bool:
        return self._stack.is_in_front(self._page)

    @property
    def page(self) -> BinPage:
        """The page of deleted conversations."""
        if self._page is None:
            from desktop.ui.window.bin_page import BinPage

            self._page = BinPage(self._theme)
            self._page.restore_wanted.connect(self._restore)
            self._page.erase_wanted.connect(self._ask_to_erase)
            self._page.back.clicked.connect(self._stack.show_home)
        return self._page

    def show(self) -> None:
        """Show the page, with what is in the bin as soon as that has been read."""
        self.page.show_days(self._chat.shelf.bin_days)
        self._stack.show_page(self.page)
        self.page.list.setFocus()
        self.came_in_front.emit()
        self._chat.shelf.look_into_bin()

    def take_escape(self) -> bool:
        """Leave the page. Return False if it is not shown."""
        if not self.is_in_front:
            return False
        self._stack.show_home()
        return True

    def _show(self, binned: Sequence[tuple[Conversation, float]]) -> None:
        if self._page is not None:
            self._page.show_binned(binned)

    def _restore(self, ids: Sequence[str]) -> None:
        self._chat.restore(ids)
        if len(ids) == 1:
            self._stack.show_home()

    def _ask_to_erase(self, ids: list[str]) -> None:
        explanation = self.tr(
            "This cannot be undone. Their words and files are erased from this computer; backups of the last seven"
            " days hold them until these backups go."
        )
        asked = say("counts.delete_conversations_for_good", len(ids))
        box = QuestionBox(self.page, asked, explanation, warns=True)
        box.offer(self.tr("Delete for good"), lambda: self._chat.shelf.erase(ids), destroys=True)
        box.ask(self.tr("Cancel"))


Binned = Sequence[tuple[Conversation, float]]

_DAY = 86_400.0
_WIDEST_PX = 740
_ROW_PX = 52


class _List(QListWidget):
    """A list of which several can be chosen; Enter restores them and Del erases them."""

    restore_wanted = Signal()
    erase_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.restore_wanted.emit()
            case Qt.Key.Key_Delete:
                self.erase_wanted.emit()
            case _:
                super().keyPressEvent(event)


class BinPage(QWidget):
    """A page told what is in the bin; emits what is to become of it."""

    restore_wanted = Signal(object)  # list[str]: ids
    erase_wanted = Signal(object)  # list[str]: ids

    def __init__(self, theme: Theme, clock: Callable[[], float] = time.time, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._clock = clock
        self._days = 0
        set_look(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.back = IconButton(theme, "chevron-left", self.tr("Back to the conversation (Esc)"))
        self.list = _List()
        self.list.setAccessibleName(self.tr("Deleted conversations"))
        set_look(self.list, "framed rows")
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.list.itemSelectionChanged.connect(self._show_what_can_be_done)
        self.list.restore_wanted.connect(self._restore)
        self.list.erase_wanted.connect(self._erase)
        self.list.itemDoubleClicked.connect(lambda _: self._restore())
        self.explanation = Paragraph("", "small")
        self.nothing = PlainLabel("", "small", wraps=True)
        self.restore = QPushButton(self.tr("Restore"))
        self.restore.clicked.connect(self._restore)
        self.erase = QPushButton(self.tr("Delete for good…"))
        self.erase.clicked.connect(self._erase)
        self.empty = QPushButton(self.tr("Empty the bin…"))
        self.empty.clicked.connect(self._empty)
        self._lay_out(theme)
        self.show_binned([])
        self.show_days(self._days)

    def show_days(self, days: int) -> None:
        """Say after how many days what is in the bin is erased; 0 for never. Rows say so when they are shown next."""
        self._days = days
        stay = (
            fill(
                self.tr("They stay here for %1 days and are then erased. Restored ones come back as they were."),
                number(days),
            )
            if days
            else self.tr("They stay here until you delete them for good. Restored ones come back as they were.")
        )
        self.explanation.setText(stay)

    def _lay_out(self, theme: Theme) -> None:
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self.back)
        head.addWidget(PlainLabel(self.tr("Deleted conversations"), "title"), 1)
        foot = QHBoxLayout()
        foot.setSpacing(GAP)
        foot.addWidget(self.restore)
        foot.addWidget(self.erase)
        foot.addStretch(1)
        foot.addWidget(self.empty)
        inner = QWidget()
        inner.setMaximumWidth(theme.px(_WIDEST_PX))
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addLayout(head)
        column.addWidget(self.explanation)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_PAGE, GAP_SECTION, GAP_PAGE, GAP_SECTION)
        row.addStretch(1)
        row.addWidget(inner, 1000)
        row.addStretch(1)

    def show_binned(self, binned: Binned) -> None:
        """List these, the first chosen; the place in the list stays."""
        row = max(0, self.list.currentRow())
        self.list.clear()
        for conversation, at in binned:
            item = QListWidgetItem(f"{title_of(conversation.title)}\n{self._age(at)}")
            item.setData(Qt.ItemDataRole.UserRole, conversation.id)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title_of(conversation.title)}, {self._age(at)}")
            item.setSizeHint(QSize(0, self._theme.px(_ROW_PX)))
            self.list.addItem(item)
        count = self.list.count()
        if count:
            self.list.setCurrentRow(min(row, count - 1))
        self.list.setVisible(count > 0)
        self.nothing.setText("" if count else self.tr("Nothing is in the bin."))
        self.nothing.setVisible(count == 0)
        self._show_what_can_be_done()

    def _age(self, at: float) -> str:
        age = max(0, int((self._clock() - at) // _DAY))
        deleted = say("counts.deleted_days_ago", age) if age else translate("bin", "deleted today")
        left = say("counts.days_left", max(0, self._days - age))
        return f"{deleted} · {left}" if self._days else deleted

    def _ids(self, *, all_of_them: bool = False) -> list[str]:
        rows = range(self.list.count())
        items = [self.list.item(row) for row in rows]
        return [str(item.data(Qt.ItemDataRole.UserRole)) for item in items if all_of_them or item.isSelected()]

    def _show_what_can_be_done(self) -> None:
        is_chosen = bool(self.list.selectedItems())
        self.restore.setEnabled(is_chosen)
        self.erase.setEnabled(is_chosen)
        self.empty.setEnabled(self.list.count() > 0)

    def _restore(self) -> None:
        if ids := self._ids():
            self.restore_wanted.emit(ids)

    def _empty(self) -> None:
        self.erase_wanted.emit(self._ids(all_of_them=True))

    def _erase(self) -> None:
        if ids := self._ids():
            self.erase_wanted.emit(ids)
