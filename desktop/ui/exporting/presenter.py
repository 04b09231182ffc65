"""Taking words along in a file: asks for what, as what and where, has it written, and says how that went."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QUrl, Signal, SignalInstance
from PySide6.QtGui import QDesktopServices, QPagedPaintDevice
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFormLayout, QPushButton, QWidget

from desktop.core.conversation import Conversation
from desktop.core.errors import StoreError
from desktop.core.exporting import WITHOUT_THINKING, Export, ExportFormat, ExportPart, ExportWords
from desktop.core.message import Message
from desktop.core.text.clean_text import file_stem, numbered
from desktop.rendering.text.leaves import Table
from desktop.rendering.written.spreadsheet import csv_file, rows_of, workbook
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.exporting import FileRun, FileRunCancelledError, FindSources, read_export, write_export, write_made
from desktop.ui.errors import ErrorText
from desktop.ui.look.stylesheet import GAP, GAP_SECTION, GAP_TIGHT, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import Ask, Reading
from desktop.ui.widgets.boxes import Dialog, show_in_folder, users_documents
from desktop.ui.widgets.form import ChoiceBox
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.quiet_line import NoticeBar
from desktop.ui.words import fill, listed, number, place_name, short_path


@dataclass(frozen=True, slots=True)
class ExportScope:
    """Messages that can be taken along, by their ids and in words; no ids: the whole conversation."""

    words: str
    message_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportWish:
    """The choices of the dialog."""

    scope: ExportScope
    form: ExportFormat
    parts: frozenset[ExportPart]


def ask_where(parent: QWidget, title: str, form: ExportFormat, folder: Path) -> Path | None:
    """Ask the user for a file, beginning in a folder with a name made of the title; None when they think better of it.

    The system's dialog asks before a file is written over.
    """
    translate = QCoreApplication.translate
    stem = file_stem(title, translate("export", "Conversation"))
    kind = f"{translate('export', form.NAME)} (*{form.ENDING})"
    caption = translate("export", "Export the conversation")
    file, _ = QFileDialog.getSaveFileName(parent, caption, str(folder / (stem + form.ENDING)), kind)
    return _with_ending(Path(file), form.ENDING) if file else None


def ask_where_table(parent: QWidget, name: str, folder: Path) -> Path | None:
    """Ask the user for a file for one table: a workbook, text with commas, or a document of Word.

    None when they think better of it.
    """
    translate = QCoreApplication.translate
    stem = file_stem(name, translate("export", "Table"))
    kinds = {
        translate("export", "Excel workbook (*.xlsx)"): ".xlsx",
        translate("export", "Text with commas (*.csv)"): ".csv",
        translate("export", "Word document (*.docx)"): ".docx",
    }
    caption = translate("export", "Save the table")
    file, kind = QFileDialog.getSaveFileName(parent, caption, str(folder / f"{stem}.xlsx"), ";;".join(kinds))
    if not file:
        return None
    path = Path(file)
    return path if path.suffix.lower() in kinds.values() else _with_ending(path, kinds.get(kind, ".xlsx"))


def _with_ending(file: Path, ending: str) -> Path:
    """Return `file` with the ending of its format.

    The dialog has asked about no other name than its own, so a changed one avoids the files that are there.
    """
    if file.suffix.lower() == ending:
        return file
    names = (file.with_name(name) for name in numbered(file.name, ending))
    return next(each for each in names if not os.path.exists(each))  # False where nothing may be looked at


def describe_failed_export(file: str, reason: str) -> ErrorText:
    """Return what to tell the user; `reason` is a `StoreError`'s."""
    translate = QCoreApplication.translate
    match reason:
        case "full":
            sentence = translate("export", "There is no room for %1. Choose another disk, or free some space.")
        case "read_only":
            sentence = translate("export", "Candor may not write %1. Choose another folder.")
        case _:
            sentence = translate("export", "%1 could not be written. Choose another folder, or try again.")
    title = translate("export", "The conversation was not exported")
    return ErrorText(title, fill(sentence, file), ())


class ExportDialog(Dialog):
    """A dialog of choices; `ending` and `parts` are what was chosen the last time."""

    export_wished = Signal(object)  # an ExportWish
    print_wished = Signal(object)

    def __init__(
        self,
        theme: Theme,
        scopes: Sequence[ExportScope],
        formats: Sequence[ExportFormat],
        ending: str,
        parts: frozenset[ExportPart],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scopes = scopes
        self._formats = formats
        self.setWindowTitle(self.tr("Export"))
        self.scope = ChoiceBox(theme)
        for scope in scopes:
            self.scope.addItem(scope.words)
        self.form = ChoiceBox(theme)
        for form in formats:
            name = QCoreApplication.translate("export", form.NAME)
            self.form.addItem(f"{name} ({form.ENDING})", form.ENDING)
        self.form.setCurrentIndex(max(0, self.form.findData(ending)))
        self.parts = {part: QCheckBox(words) for part, words in self._part_words()}
        for part, box in self.parts.items():
            box.setChecked(part in parts)
        self.export = QPushButton(self.tr("Export…"))
        set_look(self.export, "filled", "accent")
        self.print = QPushButton(self.tr("Print…"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.export.clicked.connect(lambda: self._end(self.export_wished))
        self.print.clicked.connect(lambda: self._end(self.print_wished))
        self.cancel.clicked.connect(self.reject)
        self._lay_out()
        self.form.currentIndexChanged.connect(self._show_parts)
        self._show_parts()
        self.form.setFocus()

    def _part_words(self) -> list[tuple[ExportPart, str]]:
        return [
            (ExportPart.THINKING, self.tr("What the model thought")),
            (ExportPart.MODEL, self.tr("Name of the model")),
            (ExportPart.PLACE, self.tr("Where it ran")),
            (ExportPart.TIME, self.tr("Date and time")),
            (ExportPart.SOURCES, self.tr("Files and pages it was found in")),
        ]

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(GAP_SECTION)
        form.setVerticalSpacing(GAP)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(PlainLabel(self.tr("Messages")), self.scope)
        form.addRow(PlainLabel(self.tr("As")), self.form)
        boxes = stack(*self.parts.values(), gap=GAP_TIGHT)
        form.addRow(PlainLabel(self.tr("With")), boxes)
        self.column.addLayout(form)
        self.add_foot((self.print,), (self.cancel, self.export), default=self.export)
        self.setMinimumWidth(self._theme.px(420))

    def _show_parts(self) -> None:
        """Offer only what the format can leave out."""
        form = self._formats[self.form.currentIndex()]
        for part, box in self.parts.items():
            box.setEnabled(part in form.PARTS)

    def _end(self, said: SignalInstance) -> None:
        """Close, and say what is wished."""
        wish = ExportWish(
            self._scopes[self.scope.currentIndex()],
            self._formats[self.form.currentIndex()],
            frozenset(part for part, box in self.parts.items() if box.isChecked()),
        )
        self.accept()
        said.emit(wish)


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
        finally:
            run.progressed.disconnect()

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
            from desktop.ui.evidence.words import sources_of_answers  # its rules are long: an export alone has them

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
