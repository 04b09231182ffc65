"""The preview of a file of conversations: what it holds, what is here already, what could not be read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from desktop.core.exporting.imported import ImportedConversation
from desktop.runtime.exporting.imports import ImportOffer
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_PAGE, GAP_TIGHT
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill, number

_SHOWN_BROKEN = 5  # titles
_SHOWN_TITLE = 44  # letters: what stands behind the title is seen, too


class ImportDialog(QDialog):
    """A dialog that deletes itself when it is closed."""

    wished = Signal(object)  # list[ImportedConversation]

    def __init__(self, theme: Theme, offer: ImportOffer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer = offer
        self.setWindowTitle(self.tr("Import conversations"))
        self.setModal(True)
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(self.tr("Conversations in the file"))
        self.list.setSpacing(GAP_TIGHT // 2)
        set_look(self.list, "framed")
        for each in offer.found.conversations:
            self.list.addItem(self._item(each))
        self.take = QPushButton()
        set_look(self.take, "filled", "accent")
        self.take.setDefault(True)
        self.take.clicked.connect(self._end)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self.list.itemChanged.connect(lambda _: self._show_count())
        self.finished.connect(self.deleteLater)
        self._lay_out()
        self._show_count()
        self.resize(theme.px(560), theme.px(460))

    def _item(self, imported: ImportedConversation) -> QListWidgetItem:
        conversation = imported.conversation
        title = " ".join(conversation.title.split()) or self.tr("New conversation")
        if len(title) > _SHOWN_TITLE:
            title = f"{title[:_SHOWN_TITLE].rstrip()}…"
        day = QDateTime.fromSecsSinceEpoch(int(conversation.updated_at)).date()
        when = QLocale().toString(day, QLocale.FormatType.ShortFormat)
        is_known = conversation.id in self._offer.known
        said = self.tr("here already") if is_known else self.tr("%Ln message(s)", "", len(imported.messages))
        item = QListWidgetItem(f"{title}  ·  {said}  ·  {when}")
        item.setFlags(Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Unchecked if is_known else Qt.CheckState.Checked)
        if is_known:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        return item

    def _lay_out(self) -> None:
        found = self._offer.found
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.take)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(GAP_PAGE, GAP_PAGE, GAP_PAGE, GAP_PAGE)
        whole.setSpacing(GAP)
        whole.addWidget(PlainLabel(fill(self.tr("A file of %1"), found.program), "title"))
        whole.addWidget(self.list, 1)
        if found.broken:
            whole.addWidget(PlainLabel(self._broken(found.broken), "small warning", wraps=True))
        whole.addLayout(buttons)

    def _broken(self, titles: Sequence[str]) -> str:
        named = ", ".join(f"“{' '.join(title.split())[:60]}”" for title in titles[:_SHOWN_BROKEN] if title)
        said = self.tr("%Ln conversation(s) could not be read", "", len(titles))
        return f"{said}: {named}" if named else said

    def _chosen(self) -> list[ImportedConversation]:
        return [
            each
            for row, each in enumerate(self._offer.found.conversations)
            if self.list.item(row).checkState() is Qt.CheckState.Checked
        ]

    def _show_count(self) -> None:
        count = len(self._chosen())
        self.take.setText(fill(self.tr("Import %1"), number(count)) if count else self.tr("Import"))
        self.take.setEnabled(count > 0)

    def _end(self) -> None:
        chosen = self._chosen()
        self.accept()
        self.wished.emit(chosen)
