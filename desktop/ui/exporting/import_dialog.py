"""The preview of a file of conversations: what it holds, what is here already, what could not be read."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QWidget

from desktop.core.exporting.imported import BrokenConversation, FoundConversation, ImportFault
from desktop.runtime.exporting import ImportOffer
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill, listed, number, plain_tooltip

_SHOWN_TITLE = 200  # letters


class ImportDialog(Dialog):
    """A dialog of what can be taken out of the file; `wished` says what is."""

    wished = Signal(object)  # list[str]: ids

    def __init__(self, theme: Theme, offer: ImportOffer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer = offer
        self.setWindowTitle(self.tr("Import conversations"))
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # what stands behind the title is seen, too
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Conversations in the file"))
        self.list.setSpacing(GAP_TIGHT // 2)
        set_look(self.list, "framed")
        for each in offer.found.conversations:
            self.list.addItem(self._item(each))
        for broken in offer.found.broken:
            self.list.addItem(self._broken_item(broken))
        self.take = QPushButton()
        set_look(self.take, "filled", "accent")
        self.take.clicked.connect(self._end)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.list.itemChanged.connect(lambda _: self._show_count())
        self._lay_out()
        self._show_count()
        self.fit(QSize(theme.px(560), theme.px(460)))

    def _item(self, found: FoundConversation) -> QListWidgetItem:
        conversation = found.conversation
        day = QDateTime.fromSecsSinceEpoch(int(conversation.updated_at)).date()
        when = QLocale().toString(day, QLocale.FormatType.ShortFormat)
        is_known = conversation.id in self._offer.known
        said = self.tr("here already") if is_known else self.tr("%Ln message(s)", "", found.count)
        item = QListWidgetItem(f"{self._title(conversation.title)}  ·  {said}  ·  {when}")
        item.setToolTip(plain_tooltip(item.text()))
        item.setFlags(Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Unchecked if is_known else Qt.CheckState.Checked)
        if is_known:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        return item

    def _broken_item(self, broken: BrokenConversation) -> QListWidgetItem:
        title = self._title(broken.title) if broken.title else self.tr("A part of the file")
        item = QListWidgetItem(f"{title}  ·  {self._reason(broken.fault)}")
        item.setToolTip(plain_tooltip(item.text()))
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        return item

    def _title(self, title: str) -> str:
        line = " ".join(title.split()) or self.tr("New conversation")
        return line if len(line) <= _SHOWN_TITLE else f"{line[:_SHOWN_TITLE].rstrip()}…"

    def _reason(self, fault: ImportFault) -> str:
        match fault:
            case ImportFault.BROKEN:
                return self.tr("damaged, or its end is missing")
            case ImportFault.EMPTY:
                return self.tr("without a message")
            case ImportFault.TOO_LARGE:
                return self.tr("too large")
            case ImportFault.NEWER:
                return self.tr("of a newer Candor")
            case ImportFault.UNKNOWN | ImportFault.SEALED:
                return self.tr("of a kind that is not known")
            case ImportFault.UNREADABLE:
                return self.tr("could not be read")
        assert_never(fault)

    def _lay_out(self) -> None:
        found = self._offer.found
        self.column.setSpacing(GAP)
        said = fill(self.tr("Conversations of %1"), listed(found.programs))
        self.column.addWidget(PlainLabel(said, "title", wraps=True))
        self.column.addWidget(self.list, 1)
        if found.broken:
            said = self.tr("%Ln conversation(s) could not be read", "", len(found.broken))
            self.column.addWidget(PlainLabel(said, "small warning", wraps=True))
        self.add_foot((), (self.cancel, self.take), default=self.take)

    def _chosen(self) -> list[str]:
        return [
            each.conversation.id
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
