"""The dialog of backups: each with its day and what it holds, and the one press that puts it in place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QLocale, QSize, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.keeping import Backup
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import clauses, say, size, translate


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
