"""Bringing conversations in from a file: asks for the file, shows what it holds, has it taken, says what came of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.core.exporting.imported import ImportedConversation, ImportFault, ImportFaultError
from desktop.runtime.chat import Chat
from desktop.runtime.exporting.imports import ImportOffer, ImportRun, Imports
from desktop.ui.exporting.question import users_documents
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.quiet_line import NoticeBar
from desktop.ui.words import fill, number, short_path

_log = logging.getLogger(__name__)


class ImportPresenter(QObject):
    """The mediator between files of conversations and the list of those that are here."""

    def __init__(self, theme: Theme, window: QWidget, notice: NoticeBar, chat: Chat, imports: Imports) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._notice = notice
        self._chat = chat
        self._imports = imports
        self._count = 0  # of those that are being taken

    def choose_file(self) -> None:
        """Ask for a file, and show what it holds."""
        kinds = self.tr("Conversations of Candor, ChatGPT or Open WebUI (*.json *.zip)")
        file, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Import conversations"), str(users_documents()), kinds
        )
        if file:
            self._notice.show_text(fill(self.tr("Reading %1 …"), short_path(Path(file))), calmly=True)
            self._imports.look_into(Path(file), self._show, lambda error: self._say_failed(Path(file), error))

    def _show(self, offer: ImportOffer) -> None:
        self._notice.hide()
        from desktop.ui.exporting.import_dialog import ImportDialog

        dialog = ImportDialog(self._theme, offer, self._window)
        dialog.wished.connect(self._take)
        dialog.open()

    def _take(self, chosen: Sequence[ImportedConversation]) -> None:
        self._count = len(chosen)
        self._imports.bring_in(chosen, self._say_progress, self._say_done)

    def _say_progress(self, run: ImportRun, done: int) -> None:
        words = fill(self.tr("Importing: %1 of %2"), number(done), number(self._count))
        self._notice.show_text(words, [(self.tr("Cancel"), run.cancel)], calmly=True)

    def _say_done(self, run: ImportRun) -> None:
        self._chat.show_imported(run.taken)
        words = self.tr("%Ln conversation(s) imported", "", len(run.taken))
        if run.failed:
            named = ", ".join(f"“{title[:60]}”" for title in run.failed[:5])
            words += "\n" + fill(self.tr("Not imported: %1"), named)
        self._notice.show_text(words, calmly=not run.failed)

    def _say_failed(self, file: Path, error: Exception) -> None:
        _log.warning("a file of conversations could not be read", exc_info=error)
        fault = error.fault if isinstance(error, ImportFaultError) else ImportFault.UNREADABLE
        match fault:
            case ImportFault.TOO_LARGE:
                words = self.tr("%1 is too large to be imported.")
            case ImportFault.BROKEN:
                words = self.tr("%1 is damaged, or its end is missing. Nothing was imported.")
            case ImportFault.UNKNOWN:
                words = self.tr("%1 is not a file of Candor, ChatGPT or Open WebUI. Nothing was imported.")
            case ImportFault.NEWER:
                words = self.tr("%1 was written by a newer Candor. Install the newest version to import it.")
            case ImportFault.UNREADABLE:
                words = self.tr("%1 could not be read.")
        self._notice.show_text(fill(words, short_path(file)))
