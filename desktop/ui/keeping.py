"""The dialog of backups, and the presenter of the care for the file of conversations: its backups, and the repair of
a damaged one."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QLocale, QObject, QSize, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.conversation import Backup, Repaired
from desktop.core.errors import StoreError
from desktop.runtime.background import gui_task
from desktop.runtime.keeping import StoreCare
from desktop.ui.errors import describe_store
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.boxes import Dialog, QuestionBox
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.quiet_line import NoticeBar
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import clauses, fill, say, size, translate


class BackupsDialog(Dialog):
    """A dialog to choose a backup from, shown before they have been looked for."""

    chosen = Signal(object)  # Backup

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Backups"))
        self.list = RowList(theme, self.tr("Backups"), "framed")
        self.list.chooses_on_press = False
        self._is_restoring = False
        self.list.chosen.connect(self._choose)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_whether_chosen())
        self.nothing = PlainLabel("", "small", wraps=True)
        self.restore = button(self.tr("Restore"), "filled", self._restore, fill="accent")
        words = self.tr(
            "Candor makes a backup of all conversations on each day on which something changed, and keeps those"
            " of seven days. What is there now is put aside in the data folder, not deleted."
        )
        self.column.addWidget(PlainLabel(self.tr("Bring back an earlier state"), "title"))
        self.column.addWidget(Paragraph(words))
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.nothing)
        self.add_foot((), (button(self.tr("Cancel"), "", self.reject), self.restore), default=self.restore)
        self.fit(QSize(theme.px(520), theme.px(420)))
        self._say(self.tr("Looking for backups…"))

    def show_backups(self, backups: Sequence[Backup]) -> None:
        """List these, the first that can be restored chosen."""
        self.list.show_rows(list(map(_row, backups)))
        self._say("" if backups else self.tr("There is no backup yet."))
        self.list.setFocus()
        self.list.go_to(next((each for each in backups if not each.is_too_old), None))

    def show_failure(self, sentence: str) -> None:
        """Say why nothing can be restored."""
        self._is_restoring = False
        self._say(sentence)

    def _say(self, words: str) -> None:
        self.nothing.tell(words)
        self.list.setVisible(bool(self.list.rows))
        self._show_whether_chosen()

    def _show_whether_chosen(self) -> None:
        self.restore.setEnabled(self.list.current is not None and not self._is_restoring)

    def _restore(self) -> None:
        if self.list.current is not None:
            self._choose(self.list.current.key)

    def _choose(self, backup: Backup) -> None:
        if self.restore.isEnabled():
            self._is_restoring = True
            self._show_whether_chosen()
            self.chosen.emit(backup)


def _row(backup: Backup) -> Row:
    moment = QDateTime.fromSecsSinceEpoch(int(backup.made_at))
    parts = []
    if backup.conversations is not None:
        parts.append(holdings(backup.conversations, backup.messages or 0))
    if backup.is_too_old:
        parts.append(translate("keeping", "of an earlier state of Candor, can't be restored"))
    elif backup.before_update:
        parts.append(translate("keeping", "before an update"))
    when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
    return Row(backup, when, about=" · ".join(parts), aside=size(backup.size), is_dead=backup.is_too_old)


def holdings(conversations: int, messages: int) -> str:
    """Return what a file holds in words: "12 conversations, 340 messages"."""
    return clauses((say("counts.conversations", conversations), say("counts.messages", messages)))


_log = logging.getLogger(__name__)


class KeepingPresenter(QObject):
    """Presenter of backups and repairs; `outcome` is what the next window says, since this one is made anew."""

    def __init__(self, theme: Theme, window: QWidget, notice: NoticeBar, care: StoreCare) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._notice = notice
        self._care = care
        self.outcome = ""
        care.damage_found.connect(self._say_failed)

    def show_backups(self, parent: QWidget | None = None) -> BackupsDialog:
        """Show the backups above the window or a dialog of its, and restore the one that the user chooses."""
        dialog = BackupsDialog(self._theme, parent or self._window)
        dialog.chosen.connect(lambda backup: self._restore(backup, dialog))
        dialog.open()
        self._list_backups(dialog)
        return dialog

    @gui_task
    async def _list_backups(self, dialog: BackupsDialog) -> None:
        try:
            dialog.show_backups(await self._care.backups())
        except StoreError as error:
            dialog.show_failure(_sentence(error))

    @gui_task
    async def _restore(self, backup: Backup, dialog: BackupsDialog) -> None:
        self.outcome = self.tr("The backup is in place. What was there before was put aside in the data folder.")
        try:
            await self._care.restore(backup)
        except StoreError as error:
            self.outcome = ""
            dialog.show_failure(_sentence(error))

    def ask_to_repair(self) -> None:
        """Ask, then put a file of all that can be read in the place of the damaged one."""
        explanation = self.tr(
            "All that can still be read goes into a new file. The damaged one is put aside in the data folder, not"
            " deleted. A backup may hold what is lost here."
        )
        box = QuestionBox(self._window, self.tr("Repair the conversations file?"), explanation)
        box.offer(self.tr("Repair"), lambda: self._repair())
        box.ask(self.tr("Cancel"))

    @gui_task
    async def _repair(self) -> None:
        try:
            await self._care.repair(self._note_repaired)
        except StoreError as error:
            self._say_failed(error)

    def _note_repaired(self, repaired: Repaired) -> None:
        held = holdings(repaired.conversations, repaired.messages)
        self.outcome = fill(
            self.tr("Repaired: %1 could be read. The damaged file was put aside as %2."), held, repaired.aside.name
        )

    def _say_failed(self, error: StoreError) -> None:
        _log.warning("the file of conversations could not be put in order: %s", error)
        self._notice.show_error(describe_store(error))


def _sentence(error: StoreError) -> str:
    text = describe_store(error)
    return f"{text.title}. {text.sentence}"
