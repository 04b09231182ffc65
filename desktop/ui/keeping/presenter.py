"""The presenter of the care for the file of conversations: its backups, and the repair of a damaged one."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.core.keeping import Backup, Repaired
from desktop.core.repository import StoreError
from desktop.runtime.background import gui_task
from desktop.runtime.keeping import StoreCare
from desktop.ui.errors import describe_store
from desktop.ui.keeping.backups_dialog import BackupsDialog, holdings
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.boxes import QuestionBox
from desktop.ui.widgets.quiet_line import NoticeBar
from desktop.ui.words import fill

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
