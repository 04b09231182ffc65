"""The table of the ledger: a row for each entry, which opens to all that is known of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from desktop.core.place import PlaceKind
from desktop.core.trust.ledger import WITH_WORDS, Ending, Entry, Purpose
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.trust.words import amount_sent, details, errand_words, moment, protection_words, shown_model
from desktop.ui.widgets.place_badge import place_dot
from desktop.ui.words import fill, place_name, size

_WHEN, _WHAT, _WHERE, _PROTECTED, _SENT, _RECEIVED = range(6)
_ROW_PX, _DETAIL_PX = 48, 26
_WIDE_PX = 760  # below, how it was protected and what came back is in the opened row alone
_MOST_FOR_PLACE = 0.3  # of the width
_ENTRY = Qt.ItemDataRole.UserRole


class EntryTree(QTreeWidget):
    """A table told which entries to show. → opens a row, ← closes it, Ctrl+C copies it."""

    opened = Signal(str)  # the id of the conversation of the row on which Enter was pressed

    def __init__(self, theme: Theme, clock: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._clock = clock
        self._titles: Mapping[str, str] = {}
        set_look(self, "ledger")
        self.setColumnCount(6)
        self.setHeaderLabels(
            [
                *(self.tr("When"), self.tr("What"), self.tr("Where"), self.tr("How it was protected")),
                *(self.tr("Sent"), self.tr("Received")),
            ]
        )
        self.setAccessibleName(self.tr("What was sent"))
        self.setRootIsDecorated(True)
        self.setUniformRowHeights(False)
        self.setAllColumnsShowFocus(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.header()
        head.setSectionsMovable(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(_WHAT, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(_WHERE, QHeaderView.ResizeMode.Fixed)
        head.setStretchLastSection(False)
        for column in (_SENT, _RECEIVED):
            self.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.itemActivated.connect(lambda item, _: self._open(item))

    def show_entries(self, entries: Sequence[Entry], titles: Mapping[str, str]) -> None:
        """Show these, the newest first; `titles` are those of conversations, by their ids."""
        self._titles = titles
        self.clear()
        rows = [self._row(each) for each in entries]
        self.addTopLevelItems(rows)
        for row in rows:
            for line in row.takeChildren():
                row.addChild(line)
                line.setFirstColumnSpanned(True)  # which counts only in a tree
        self._fit()
        if (first := self.topLevelItem(0)) is not None:
            self.setCurrentItem(first)

    @property
    def current(self) -> Entry | None:
        """The entry of the current row."""
        item = self.currentItem()
        found = (item.parent() or item).data(_WHEN, _ENTRY) if item is not None else None
        return found if isinstance(found, Entry) else None

    def lines_of(self, entry: Entry) -> str:
        """Return an entry as lines of text, to be pasted elsewhere."""
        row = self._row(entry)
        words = [row.text(column).replace("\n", " · ") for column in range(self.columnCount())]
        return "\n".join(
            [" · ".join(filter(None, words)), *(f"{name}: {value}" for name, value in self._details(entry))]
        )

    def _row(self, entry: Entry) -> QTreeWidgetItem:
        purpose = entry.purpose
        about = self._about(purpose)
        what = f"{errand_words(purpose.errand)}\n{about}" if about else errand_words(purpose.errand)
        cells = [
            *(moment(entry.at, self._clock()), what, place_name(entry.place), protection_words(entry)),
            *(amount_sent(entry), size(entry.received)),
        ]
        row = QTreeWidgetItem(cells)
        row.setData(_WHEN, _ENTRY, entry)
        row.setSizeHint(_WHAT, QSize(0, self._theme.px(_ROW_PX)))
        row.setForeground(_WHERE, QColor(self._theme.tokens.place(entry.place.kind)))
        row.setIcon(_WHERE, self._dot(entry.place.kind))
        if entry.ending in (Ending.LOCKED, Ending.FORBIDDEN, Ending.ELSEWHERE):
            font = self.font()
            font.setBold(True)
            row.setFont(_PROTECTED, font)
        for column in (_SENT, _RECEIVED):
            row.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        told = ", ".join(cell.replace("\n", ", ") for cell in cells)
        row.setData(_WHEN, Qt.ItemDataRole.AccessibleTextRole, told)
        for name, value in self._details(entry):
            line = QTreeWidgetItem(row, [fill(self.tr("%1: %2"), name, value)])
            line.setSizeHint(_WHEN, QSize(0, self._theme.px(_DETAIL_PX)))
            line.setForeground(_WHEN, QColor(self._theme.tokens.muted))
        return row

    def _dot(self, kind: PlaceKind) -> QIcon:
        """Return the dot of a place in its own size and colour, also in the current row."""
        drawing = place_dot(self._theme, kind, self.devicePixelRatioF())
        self.setIconSize(drawing.deviceIndependentSize().toSize())
        dot = QIcon(drawing)
        dot.addPixmap(drawing, QIcon.Mode.Selected)
        return dot

    def _details(self, entry: Entry) -> list[tuple[str, str]]:
        return details(entry, self._clock())

    def _about(self, purpose: Purpose) -> str:
        """Return what a request was about: the title of its conversation, else the model."""
        if purpose.conversation:
            return self._title(purpose.conversation)
        if purpose.errand in WITH_WORDS:
            return self.tr("Temporary conversation")
        return shown_model(purpose.model)

    def _title(self, conversation: str) -> str:
        title = self._titles.get(conversation)
        if title is None:
            return self.tr("A conversation that was deleted")
        return show_invisible(title) or self.tr("New conversation")

    def _fit(self) -> None:
        """Give the place the room that it needs, before all else."""
        for column in (_PROTECTED, _RECEIVED):
            self.setColumnHidden(column, self.width() < self._theme.px(_WIDE_PX))
        wanted = max(self.sizeHintForColumn(_WHERE), self.header().sectionSizeHint(_WHERE))
        self.header().resizeSection(_WHERE, min(wanted, int(self.width() * _MOST_FOR_PLACE)))

    def _open(self, item: QTreeWidgetItem) -> None:
        entry = (item.parent() or item).data(_WHEN, _ENTRY)
        if isinstance(entry, Entry) and entry.purpose.conversation in self._titles:
            self.opened.emit(entry.purpose.conversation)

    # Qt's own methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and self.current is not None:
            QGuiApplication.clipboard().setText(self.lines_of(self.current))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
