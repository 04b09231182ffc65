"""Taking words along in a file: asks for what, as what and where, has it written, and says how that went."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, QUrl
from PySide6.QtGui import QDesktopServices, QPagedPaintDevice
from PySide6.QtWidgets import QWidget

from desktop.core.conversation import Conversation
from desktop.core.errors import StoreError
from desktop.core.exporting.format import WITHOUT_THINKING, Export, ExportFormat, ExportPart, ExportWords
from desktop.core.message import Message
from desktop.rendering.text.leaves import Table
from desktop.rendering.written.spreadsheet import csv_file, rows_of, workbook
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.exporting import (
    FileRun,
    FileRunCancelledError,
    FindSources,
    read_export,
    write_export,
    write_made,
)
from desktop.ui.exporting.dialog import (
    ExportDialog,
    ExportScope,
    ExportWish,
    ask_where,
    ask_where_table,
    describe_failed_export,
)
from desktop.ui.inputs.picked_folder import users_documents
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import Ask, Reading
from desktop.ui.widgets.outside import show_in_folder
from desktop.ui.widgets.quiet_line import NoticeBar
from desktop.ui.words import fill, listed, number, place_name, short_path

PutOnPaper = Callable[[Export, QPagedPaintDevice], None]
"""Puts messages on the sheets of a printer."""

_log = logging.getLogger(__name__)


class ExportPresenter(QObject):
    """The mediator between conversations, their messages, and the files that they become."""

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        notice: NoticeBar,
        reading: Reading,
        chat: Chat,
        load_formats: Callable[[], Sequence[ExportFormat]],
        put_on_paper: PutOnPaper,
    ) -> None:
        """`window` is what the dialogs stand before; `load_formats` is called at the first one."""
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._notice = notice
        self._chat = chat
        self._load_formats = load_formats
        self._put_on_paper = put_on_paper
        self._preferences = chat.services.settings
        known = self._preferences.now
        self._ending: str = known.export_ending  # of the last export
        chosen_parts = frozenset(part for part in ExportPart if part in known.export_parts)
        self._parts = chosen_parts if self._ending else WITHOUT_THINKING
        self._folder: Path | None = None  # of the last file
        self._refusal = ""  # why nothing may be exported here
        reading.register(
            {
                Ask.SAVE_TABLE: lambda _, table: self._save_table(table),
                Ask.SAVE_ROWS: lambda _, rows: self._save_rows(*rows),
                Ask.TAKE_ALONG: self._take_along,
            }
        )

    def refuse(self, words: str) -> None:
        """Export and print nothing from now on, and say these words instead."""
        self._refusal = words

    def export(self, conversation_id: str) -> None:
        """Ask for a file for a whole conversation, and write it."""
        conversation = self._chat.shelf.get(conversation_id)
        if conversation is not None:
            self._ask(conversation, [self._whole()])

    def _take_along(self, message_id: str, selected: tuple[str, ...] | None) -> None:
        ids = selected or (message_id,)
        several = fill(self.tr("The %1 selected messages"), number(len(ids)))
        words = self.tr("This answer alone") if len(ids) == 1 else several
        self._ask(self._chat.current, [ExportScope(words, ids), self._whole()])

    def _is_refused(self) -> bool:
        if self._refusal:
            self._notice.show_text(self._refusal, calmly=True)
        return bool(self._refusal)

    def _save_table(self, table: Table) -> None:
        rows = rows_of(table)
        self._save_rows(" ".join(rows[0][0].split()) if rows and rows[0] else "", rows)

    @gui_task
    async def _save_rows(
        self,
        name: str,
        rows: Sequence[Sequence[str]],
        about: Sequence[Sequence[str]] = (),
        notice: NoticeBar | None = None,
    ) -> None:
        """Save a table. `about`: what stands beside it. `notice`: of the page in front, if that is another one."""
        if self._is_refused():
            return
        from desktop.rendering.written.word import table_file

        file = ask_where_table(self._window, name, self._folder or users_documents())
        if file is None:
            return
        self._folder = file.parent

        def make() -> bytes:
            match file.suffix.lower():
                case ".csv":
                    return csv_file(rows)
                case ".docx":
                    return table_file(name, rows, about, language=QLocale().bcp47Name())
                case _:
                    return workbook([(name, rows), *([(self.tr("About this table"), about)] if about else [])])

        try:
            await write_made(self._chat.services, file, make)
        except Exception as error:
            self._say_failed(file, error, notice)
        else:
            self._say_done(file, notice)

    def _whole(self) -> ExportScope:
        return ExportScope(self.tr("The whole conversation"))

    def _ask(self, conversation: Conversation, scopes: Sequence[ExportScope]) -> None:
        if self._is_refused():
            return

        dialog = ExportDialog(self._theme, scopes, self._load_formats(), self._ending, self._parts, self._window)
        dialog.export_wished.connect(lambda wish: self._write(conversation, wish))
        dialog.print_wished.connect(lambda wish: self._print(conversation, wish))
        dialog.open()

    def _remember(self, wish: ExportWish) -> None:
        self._ending, self._parts = wish.form.ENDING, wish.parts
        self._preferences.change(export_ending=self._ending, export_parts=tuple(sorted(self._parts)))

    def _write(self, conversation: Conversation, wish: ExportWish) -> None:
        if self._is_refused():  # since the dialog was opened
            return
        self._remember(wish)
        file = ask_where(self._window, conversation.title, wish.form, self._folder or users_documents())
        if file is None:
            return
        self._folder = file.parent
        self.write(conversation, wish, file)

    @gui_task
    async def write(self, conversation: Conversation, wish: ExportWish, file: Path) -> None:
        """Write what is wished to a file, and say how that goes."""
        run = FileRun()
        run.progressed.connect(lambda share: self._say_progress(run, share))
        try:
            export = await self._read(conversation, wish, has_versions=wish.form.HAS_VERSIONS)
            await write_export(self._chat.services, run, file, wish.form, export)
        except Exception as error:
            self._say_failed(file, error)
        else:
            self._say_done(file)

    @gui_task
    async def _print(self, conversation: Conversation, wish: ExportWish) -> None:
        """Show how it will look on paper; the system's own dialog prints it from there."""
        if self._is_refused():
            return
        self._remember(wish)
        try:
            export = await self._read(conversation, wish)
            await self._chat.services.work.slowly(lambda: _load_formulas(export.messages))
        except Exception:
            _log.warning("a conversation could not be read for printing", exc_info=True)
            self._notice.show_text(self.tr("The conversation could not be read."))
            return
        from desktop.ui.exporting.print_preview import PrintPreview

        PrintPreview(export, self._put_on_paper, self._window).open()

    async def _read(self, conversation: Conversation, wish: ExportWish, *, has_versions: bool = False) -> Export:
        return await read_export(
            self._chat.services,
            conversation,
            self._words(),
            wish.parts,
            message_ids=wish.scope.message_ids,
            has_versions=has_versions,
            find_sources=self._find_sources(conversation, wish),
        )

    def _find_sources(self, conversation: Conversation, wish: ExportWish) -> FindSources | None:
        """Return what finds the sources of a conversation's answers, where they are wanted."""
        if ExportPart.SOURCES not in wish.parts & wish.form.PARTS:
            return None

        def find(messages: Sequence[Message], path: Sequence[Message]) -> Mapping[str, str]:
            from desktop.ui.exporting.sources import sources_of_answers  # its rules are long: an export alone has them

            return sources_of_answers(messages, path, conversation.settings.system, conversation.settings.left_out)

        return find

    def _words(self) -> ExportWords:
        return ExportWords(
            untitled=self.tr("New conversation"),
            you=self.tr("You"),
            answer=self.tr("Answer"),
            thinking=self.tr("Thinking"),
            thinking_head=self.tr("Thinking:"),
            files=lambda names: fill(self.tr("Files: %1"), listed(names)),
            place_name=place_name,
            incomplete=self.tr("Incomplete"),
            language=QLocale().bcp47Name(),
            letter_paper=QLocale().measurementSystem() is QLocale.MeasurementSystem.ImperialUSSystem,
        )

    def _say_progress(self, run: FileRun, share: float) -> None:
        words = fill(self.tr("Exporting: %1 %"), number(round(100 * share)))
        self._notice.show_text(words, [(self.tr("Cancel"), run.cancel)], calmly=True)

    def _say_done(self, file: Path, notice: NoticeBar | None = None) -> None:
        offers = [
            (self.tr("Open"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))),
            (self.tr("Show in folder"), lambda: show_in_folder(file, self)),
        ]
        (notice or self._notice).show_text(fill(self.tr("Exported to %1"), short_path(file)), offers, calmly=True)

    def _say_failed(self, file: Path, error: Exception, notice: NoticeBar | None = None) -> None:
        if isinstance(error, FileRunCancelledError):
            self._notice.show_text(self.tr("Nothing was exported."), calmly=True)
            return
        _log.warning("a conversation could not be exported", exc_info=error)
        reason = error.reason if isinstance(error, StoreError) else "other"
        (notice or self._notice).show_error(describe_failed_export(short_path(file), reason))


def _load_formulas(messages: Sequence[Message]) -> None:
    """Load what sets formulas, if there may be any: a third of a second, for which no window should wait."""
    if any(sign in message.text for message in messages for sign in ("$", "\\(", "\\[")):
        from desktop.rendering.formula.engraver import engrave

        engrave("x", False)
