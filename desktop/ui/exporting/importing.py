"""The import of conversations: a preview of the file, with what is here already, and the presenter."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import starmap
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QObject, QSize, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.core.exporting import BrokenConversation, FoundConversation, ImportFault, ImportFaultError
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.exporting import FileRun, FileRunCancelledError, ImportOffer, ImportRun, Imports
from desktop.ui.look.stylesheet import GAP
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.boxes import Dialog, users_documents
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.quiet_line import NoticeBar
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import fill, listed, number, say, say_each, short_path

_SHOWN_TITLE = 200  # letters


class ImportDialog(Dialog):
    """A dialog of what can be taken out of the file; `wished` says what is."""

    wished = Signal(object)  # list[str]: ids

    def __init__(self, theme: Theme, offer: ImportOffer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer = offer
        new = [each.conversation.id for each in offer.found.conversations if each.conversation.id not in offer.known]
        self._chosen = set(new)
        self.setWindowTitle(self.tr("Import conversations"))
        self.list = RowList(theme, self.tr("Conversations in the file"), "framed")
        self.list.ticked.connect(lambda identity: self._choose(self._chosen ^ {identity}))
        self.list.chosen.connect(lambda identity: self._choose(self._chosen ^ {identity}))
        every = button(self.tr("All"), "link", lambda: self._choose(set(new)), name=self.tr("Choose all"))
        none = button(self.tr("None"), "link", lambda: self._choose(set()), name=self.tr("Choose none"))
        self.take = button("", "filled", self._end, fill="accent")
        self.cancel = button(self.tr("Cancel"), "", self.reject)
        said = fill(self.tr("Conversations of %1"), listed(offer.found.programs))
        self.column.setSpacing(GAP)
        self.column.addLayout(stack((PlainLabel(said, "title", wraps=True), 1), every, none, across=True))
        self.column.addWidget(self.list, 1)
        if offer.found.broken:
            said = say("exporting.conversations_could_not_be_read", len(offer.found.broken))
            self.column.addWidget(PlainLabel(said, "small warning", wraps=True))
        self.add_foot((), (self.cancel, self.take), default=self.take)
        self._choose(self._chosen)
        self.fit(QSize(theme.px(560), theme.px(460)))

    def _choose(self, chosen: set[str]) -> None:
        """Show these as chosen; what is here already, or could not be read, cannot be."""
        self._chosen = chosen
        found = self._offer.found
        self.list.show_rows([*map(self._row, found.conversations), *starmap(self._broken_row, enumerate(found.broken))])
        self.take.setText(fill(self.tr("Import %1"), number(len(chosen))) if chosen else self.tr("Import"))
        self.take.setEnabled(bool(chosen))

    def _row(self, found: FoundConversation) -> Row:
        identity, title = found.conversation.id, self._title(found.conversation.title)
        day = QDateTime.fromSecsSinceEpoch(int(found.conversation.updated_at)).date()
        when = QLocale().toString(day, QLocale.FormatType.ShortFormat)
        is_known = identity in self._offer.known
        held = self.tr("here already") if is_known else say("exporting.messages", found.count)
        tick = None if is_known else identity in self._chosen
        return Row(identity, title, aside=f"{held} · {when}", tick=tick, is_dead=is_known, tip=title)

    def _broken_row(self, at: int, broken: BrokenConversation) -> Row:
        title = self._title(broken.title) if broken.title else self.tr("A part of the file")
        return Row(("broken", at), title, aside=say_each("exporting.fault", broken.fault), is_dead=True, tip=title)

    def _title(self, title: str) -> str:
        line = " ".join(title.split()) or self.tr("New conversation")
        return line if len(line) <= _SHOWN_TITLE else f"{line[:_SHOWN_TITLE].rstrip()}…"

    def _end(self) -> None:
        self.accept()
        every = (each.conversation.id for each in self._offer.found.conversations)
        self.wished.emit([identity for identity in every if identity in self._chosen])


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
        finally:
            run.progressed.disconnect()

    def _say_reading(self, path: Path, run: FileRun, share: float) -> None:
        template = self.tr("Reading %1: %2 %") if share else self.tr("Reading %1 …")
        words = fill(template, short_path(path), number(round(100 * share)))
        self._notice.show_text(words, [(self.tr("Cancel"), run.cancel)] if share else [], calmly=True)

    def _show(self, offer: ImportOffer) -> None:
        self._notice.hide()

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
        words = say("exporting.conversations_imported", len(run.taken))
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
        self._notice.show_text(say_each("exporting.not_imported", fault, file=short_path(path)))
