"""The dialog of backups: each with its day and what it holds, and the one press that puts it in place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QListWidgetItem, QWidget

from desktop.core.keeping import Backup
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_SECTION
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import clauses, say, size, translate


class BackupsDialog(QDialog):
    """A dialog to choose a backup from, shown before they have been looked for."""

    chosen = Signal(object)  # Backup

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Backups"))
        self._backups: list[Backup] = []
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Backups"))
        set_look(self.list, "framed rows")
        self.list.currentRowChanged.connect(self._show_whether_chosen)
        self.list.itemActivated.connect(lambda _: self._choose())
        self.nothing = PlainLabel("", "small", wraps=True)
        column = stack(
            PlainLabel(self.tr("Bring back an earlier state"), "title"),
            Paragraph(
                self.tr(
                    "Candor makes a backup of all conversations on each day on which something changed, and keeps those"
                    " of seven days. What is there now is put aside in the data folder, not deleted."
                )
            ),
            (self.list, 1),
            self.nothing,
            margins=GAP_SECTION,
            on=self,
        )
        buttons = QDialogButtonBox()
        self.restore = buttons.addButton(self.tr("Restore"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.restore.clicked.connect(self._choose)
        cancel = buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        cancel.clicked.connect(self.reject)
        column.addWidget(buttons)
        self.finished.connect(self.deleteLater)
        self.resize(theme.px(520), theme.px(420))
        self._say(self.tr("Looking for backups…"))

    def show_backups(self, backups: Sequence[Backup]) -> None:
        """List these, the first chosen."""
        self._backups = list(backups)
        self.list.clear()
        for each in self._backups:
            item = QListWidgetItem(_line(each))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _line(each))
            self.list.addItem(item)
        self._say("" if self._backups else self.tr("There is no backup yet."))
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def show_failure(self, sentence: str) -> None:
        """Say why nothing can be restored."""
        self._say(sentence)

    def _say(self, words: str) -> None:
        self.nothing.setText(words)
        self.nothing.setVisible(bool(words))
        self.list.setVisible(bool(self._backups))
        self._show_whether_chosen()

    def _show_whether_chosen(self) -> None:
        self.restore.setEnabled(self._chosen() is not None)

    def _chosen(self) -> Backup | None:
        row = self.list.currentRow()
        found = self._backups[row] if 0 <= row < len(self._backups) else None
        return found if found is not None and not found.is_too_old else None

    def _choose(self) -> None:
        backup = self._chosen()
        if backup is not None:
            self.restore.setEnabled(False)
            self.chosen.emit(backup)


def _line(backup: Backup) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(backup.made_at))
    parts = [QLocale().toString(moment, QLocale.FormatType.ShortFormat)]
    if backup.conversations is not None:
        parts.append(holdings(backup.conversations, backup.messages or 0))
    if backup.is_too_old:
        parts.append(translate("keeping", "of an earlier state of Candor, can't be restored"))
    elif backup.before_update:
        parts.append(translate("keeping", "before an update"))
    return " · ".join([*parts, size(backup.size)])


def holdings(conversations: int, messages: int) -> str:
    """Return what a file holds in words: "12 conversations, 340 messages"."""
    return clauses((say("counts.conversations", conversations), say("counts.messages", messages)))
