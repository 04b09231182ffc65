"""Bringing conversations in from a file: asks for the file, shows what it holds, has it taken, says what came of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.core.exporting.imported import ImportFault, ImportFaultError
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.exporting import FileRun, FileRunCancelledError, ImportOffer, ImportRun, Imports
from desktop.ui.inputs.picked_folder import users_documents
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.quiet_line import NoticeBar
from desktop.ui.words import fill, listed, number, short_path

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
        self._refusal = ""  # why nothing may be imported here

    def refuse(self, words: str) -> None:
        """Import nothing from now on, and say these words instead."""
        self._refusal = words

    def choose_file(self) -> None:
        """Ask for a file, and show what it holds."""
        if self._is_refused():
            return
        kinds = self.tr("Exported conversations (*.json *.zip *.bak)")
        file, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Import conversations"), str(users_documents()), kinds
        )
        if file:
            self._look_into(Path(file))

    def choose_folder(self) -> None:
        """Ask for a folder, such as the one in which Jan or LM Studio keep theirs, and show what it holds."""
        if self._is_refused():
            return
        title = self.tr("Import all conversations in a folder")
        if folder := QFileDialog.getExistingDirectory(self._window, title, str(Path.home())):
            self._look_into(Path(folder))

    def _is_refused(self) -> bool:
        if self._refusal:
            self._notice.show_text(self._refusal, calmly=True)
        return bool(self._refusal)

    @gui_task
    async def _look_into(self, path: Path) -> None:
        if self._is_refused():
            return
        run = FileRun()
        self._say_reading(path, run, 0.0)
        run.progressed.connect(lambda share: self._say_reading(path, run, share))
        try:
            offer = await self._imports.look_into(run, path)
        except Exception as error:
            self._say_failed(path, error)
        else:
            self._show(offer)

    def _say_reading(self, path: Path, run: FileRun, share: float) -> None:
        template = self.tr("Reading %1: %2 %") if share else self.tr("Reading %1 …")
        words = fill(template, short_path(path), number(round(100 * share)))
        self._notice.show_text(words, [(self.tr("Cancel"), run.cancel)] if share else [], calmly=True)

    def _show(self, offer: ImportOffer) -> None:
        self._notice.hide()
        from desktop.ui.exporting.import_dialog import ImportDialog

        dialog = ImportDialog(self._theme, offer, self._window)
        dialog.wished.connect(lambda ids: self._take(offer, ids))
        dialog.open()

    @gui_task
    async def _take(self, offer: ImportOffer, ids: Sequence[str]) -> None:
        if self._is_refused():  # since it was looked into
            return
        run = ImportRun()
        run.advanced.connect(lambda done: self._say_progress(run, done, len(ids)))
        await self._imports.bring_in(run, offer.path, ids)
        self._say_done(run)

    def _say_progress(self, run: ImportRun, done: int, count: int) -> None:
        words = fill(self.tr("Importing: %1 of %2"), number(done), number(count))
        self._notice.show_text(words, [(self.tr("Cancel"), run.cancel)], calmly=True)

    def _say_done(self, run: ImportRun) -> None:
        self._chat.shelf.merge_stored(run.taken)
        words = self.tr("%Ln conversation(s) imported", "", len(run.taken))
        if run.failed:
            named = listed(f"“{title[:60]}”" for title in run.failed[:5])
            words += "\n" + fill(self.tr("Not imported: %1"), named)
        self._notice.show_text(words, calmly=not run.failed)

    def _say_failed(self, path: Path, error: Exception) -> None:
        if isinstance(error, FileRunCancelledError):
            self._notice.show_text(self.tr("Nothing was imported."), calmly=True)
            return
        _log.warning("a file of conversations could not be read", exc_info=error)
        fault = error.fault if isinstance(error, ImportFaultError) else ImportFault.UNREADABLE
        self._notice.show_text(fill(self._sentence(fault), short_path(path)))

    def _sentence(self, fault: ImportFault) -> str:
        match fault:
            case ImportFault.TOO_LARGE:
                return self.tr("%1 is too large to be imported.")
            case ImportFault.BROKEN:
                return self.tr("%1 is damaged, or its end is missing. Nothing was imported.")
            case ImportFault.UNKNOWN:
                return self.tr("No conversations of a program that Candor knows are in %1. Nothing was imported.")
            case ImportFault.NEWER:
                return self.tr("%1 was written by a newer Candor. Install the newest version to import it.")
            case ImportFault.SEALED:
                return self.tr("%1 is a backup that only the program that made it can read. Nothing was imported.")
            case ImportFault.UNREADABLE:
                return self.tr("%1 could not be read.")
            case ImportFault.EMPTY:
                return self.tr("The conversations in %1 are empty. Nothing was imported.")
        assert_never(fault)
