"""The page of deleted conversations: each with when it was deleted, to be restored or erased for good."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from desktop.core.conversation import Conversation
from desktop.runtime.chat import Chat
from desktop.ui.look.stylesheet import GAP, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.widgets.boxes import QuestionBox
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.page import CenteredPage, PageStack
from desktop.ui.words import fill, number, say, title_of, translate

_DAY = 86_400.0
_WIDEST_PX = 740
_ROW_PX = 52
_ID = Qt.ItemDataRole.UserRole


class _List(QListWidget):
    """A list of which several can be chosen; Enter restores them and Del erases them."""

    def __init__(self, restore: Callable[[], None], erase: Callable[[], None]) -> None:
        super().__init__()
        self._restore = restore
        self._erase = erase

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._restore()
            case Qt.Key.Key_Delete:
                self._erase()
            case _:
                super().keyPressEvent(event)


class BinPage(CenteredPage):
    """The page, which lists what is in the bin whenever that has been looked into."""

    def __init__(self, theme: Theme, stack_: PageStack, chat: Chat, clock: Callable[[], float] = time.time) -> None:
        super().__init__(theme, _WIDEST_PX, fills=True)
        self._theme = theme
        self._stack = stack_
        self._chat = chat
        self._clock = clock
        self._days = 0  # after so many what is in the bin is erased; 0 for never
        self.back = IconButton(
            theme, "chevron-left", self.tr("Back to the conversation (Esc)"), do=lambda: stack_.show_home()
        )
        self.list = _List(self._restore, self._erase)
        self.list.setAccessibleName(self.tr("Deleted conversations"))
        set_look(self.list, "framed rows")
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.list.itemSelectionChanged.connect(self._show_what_can_be_done)
        self.list.itemDoubleClicked.connect(lambda _: self._restore())
        self.explanation = Paragraph("", "small")
        self.nothing = PlainLabel("", "small", wraps=True)
        self.restore = button(self.tr("Restore"), do=self._restore)
        self.erase = button(self.tr("Delete for good…"), do=self._erase)
        self.empty = button(self.tr("Empty the bin…"), do=lambda: self._ask_to_erase(self._ids(all_of_them=True)))
        title = PlainLabel(self.tr("Deleted conversations"), "title")
        self.column.setSpacing(GAP)
        self.column.addLayout(stack(self.back, (title, 1), across=True))
        self.column.addWidget(self.explanation)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.nothing, 1, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(stack(self.restore, self.erase, None, self.empty, across=True))
        self.show_binned([])
        chat.shelf.bin_found.connect(self.show_binned)

    def open(self) -> None:
        """Show the page, with what is in the bin as soon as that has been read."""
        self.show_days(self._chat.shelf.bin_days)
        self._stack.show_page(self)
        self.list.setFocus()
        self._chat.shelf.look_into_bin()

    def show_days(self, days: int) -> None:
        """Say after how many days what is in the bin is erased; 0 for never. Rows say so when they are shown next."""
        self._days = days
        stay = self.tr("They stay here until you delete them for good. Restored ones come back as they were.")
        if days:
            stay = fill(
                self.tr("They stay here for %1 days and are then erased. Restored ones come back as they were."),
                number(days),
            )
        self.explanation.setText(stay)

    def show_binned(self, binned: Sequence[tuple[Conversation, float]]) -> None:
        """List these, the first chosen; the place in the list stays."""
        row = max(0, self.list.currentRow())
        self.list.clear()
        for conversation, at in binned:
            title, age = title_of(conversation.title), self._age(at)
            item = QListWidgetItem(f"{title}\n{age}")
            item.setData(_ID, conversation.id)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}, {age}")
            item.setSizeHint(QSize(0, self._theme.px(_ROW_PX)))
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, len(binned) - 1))
        self.list.setVisible(bool(binned))
        self.nothing.tell("" if binned else self.tr("Nothing is in the bin."))
        self._show_what_can_be_done()

    def _age(self, at: float) -> str:
        age = max(0, int((self._clock() - at) // _DAY))
        deleted = say("counts.deleted_days_ago", age) if age else translate("bin", "deleted today")
        left = say("counts.days_left", max(0, self._days - age))
        return f"{deleted} · {left}" if self._days else deleted

    def _ids(self, *, all_of_them: bool = False) -> list[str]:
        items = [self.list.item(row) for row in range(self.list.count())]
        return [str(item.data(_ID)) for item in items if all_of_them or item.isSelected()]

    def _show_what_can_be_done(self) -> None:
        for each in (self.restore, self.erase):
            each.setEnabled(bool(self.list.selectedItems()))
        self.empty.setEnabled(self.list.count() > 0)

    def _restore(self) -> None:
        if ids := self._ids():
            self._chat.restore(ids)
            if len(ids) == 1:
                self._stack.show_home()

    def _erase(self) -> None:
        if ids := self._ids():
            self._ask_to_erase(ids)

    def _ask_to_erase(self, ids: list[str]) -> None:
        explanation = self.tr(
            "This cannot be undone. Their words and files are erased from this computer; backups of the last seven"
            " days hold them until these backups go."
        )
        asked = say("counts.delete_conversations_for_good", len(ids))
        box = QuestionBox(self, asked, explanation, warns=True)
        box.offer(self.tr("Delete for good"), lambda: self._chat.shelf.erase(ids), destroys=True)
        box.ask(self.tr("Cancel"))
