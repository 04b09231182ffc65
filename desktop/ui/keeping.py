"""What keeps conversations and the program whole: backups, the repair of a damaged file, diagnostics, faults.

The diagnostics of this computer, and the details of a fault of the program itself, are to be read, and to be copied
into a report.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QLocale, QObject, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from desktop.core.conversation import Backup, Repaired
from desktop.core.errors import StoreError
from desktop.runtime.background import gui_task
from desktop.runtime.keeping import StoreCare
from desktop.ui.errors import describe_store
from desktop.ui.look.stylesheet import GAP, TINY, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.boxes import Dialog, QuestionBox, TextDialog
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


_SIZE = (720, 520)


class DiagnosticsDialog(TextDialog):
    """A dialog that is opened empty, says that it is looking, and is given the text when it has been found out."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        lead = translate(
            "DiagnosticsDialog",
            "What Candor finds on this computer, for whoever helps you. It holds names of servers and folders, but no"
            " keys and no words of conversations.",
        )
        super().__init__(theme, translate("DiagnosticsDialog", "Diagnostics"), lead, parent, _SIZE)
        self.text.setFont(theme.mono_font(TINY))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setPlainText(self.tr("Looking at this computer…"))
        self.copy = self.offer(self.tr("Copy without secrets"))
        self.copy.setEnabled(False)
        self.copy.clicked.connect(self._copy)

    def show_text(self, text: str) -> None:
        """Show what was found."""
        self.text.setPlainText(text)
        self.copy.setEnabled(True)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy.setText(self.tr("Copied"))


_WIDTH = 480
_LINES = 7


class FaultSheet(Dialog):
    """A sheet that stands beside the work and keeps nobody from it. A further fault is added to its details."""

    def __init__(self, theme: Theme, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Something in Candor went wrong"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setFont(theme.mono_font(TINY))
        self.details.setAccessibleName(self.tr("Details"))
        self.details.setMinimumHeight(self.details.fontMetrics().lineSpacing() * _LINES + 2 * GAP)
        set_look(self.details, "framed")
        self.copy = QPushButton(self.tr("Copy details"))
        self.copy.clicked.connect(self._copy)
        self.diagnostics = QPushButton(self.tr("Diagnostics…"))
        self.diagnostics_requested: SignalInstance = self.diagnostics.clicked
        self._go_on = QPushButton(self.tr("Go on"))
        self._go_on.clicked.connect(self.reject)
        self._lay_out()
        self.setMinimumWidth(theme.px(_WIDTH))

    def add_details(self, details: str) -> None:
        """Add another fault."""
        self.details.appendPlainText(f"\n{details}")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())
        self.copy.setText(self.tr("Copied"))

    def _lay_out(self) -> None:
        words = self.tr(
            "This is a fault of the program's, not of yours. You can go on: what you have written is kept. If something"
            " looks wrong, close Candor and open it again. The details help whoever mends it; they hold no words of"
            " yours."
        )
        self.column.addWidget(PlainLabel(self.windowTitle(), "title", wraps=True))
        self.column.addWidget(Paragraph(words))
        self.column.addWidget(self.details, 1)
        self.add_foot((self.copy, self.diagnostics), (self._go_on,), default=self._go_on)
