"""A list of sentences to be ticked, a line each; hidden ones cost nothing, since there may be thousands.

The sentences, and what comes of the ticked ones, are its owner's business.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QWidget

from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP_TIGHT

_SHOWN = 200  # characters of an entry
_AT_ONCE = 1_000  # rows that are laid out before the window can do other things

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class _Ticks(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._texts: Sequence[str] = ()
        self.ticked: list[bool] = []
        self.is_held = False

    def show(self, texts: Sequence[str], ticked: Sequence[bool]) -> None:
        self.beginResetModel()
        self._texts, self.ticked = texts, list(ticked)
        self.endResetModel()

    # Qt's own methods

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.ticked)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags if self.is_held else flags | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return show_invisible(" ".join(self._texts[index.row()][:_SHOWN].split()))
            case Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if self.ticked[index.row()] else Qt.CheckState.Unchecked
        return None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or self.is_held:
            return False
        self.ticked[index.row()] = Qt.CheckState(value) is Qt.CheckState.Checked
        self.dataChanged.emit(index, index, [role])
        return True


class TickList(QListView):
    """A list where space and a click on the box tick; Enter and a double click emit the row, to show its origin."""

    ticks_changed = Signal()  # by the user
    wanted = Signal(int)  # the row

    def __init__(self, name: str, *, leads_on: bool, parent: QWidget | None = None) -> None:
        """Build the list. `leads_on`: its sentences have an origin to show; else Enter means nothing here."""
        super().__init__(parent)
        self._leads_on = leads_on
        self._ticks = _Ticks(self)  # with which it goes
        self.setModel(self._ticks)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)  # Qt looks at each row, also out of sight
        self.setBatchSize(_AT_ONCE)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(name)
        set_look(self, "framed")
        self._ticks.dataChanged.connect(lambda *_: self.ticks_changed.emit())
        if leads_on:
            self.doubleClicked.connect(lambda index: self.wanted.emit(index.row()))

    @property
    def ticked(self) -> list[bool]:
        """The state of each sentence: True if it is ticked."""
        return self._ticks.ticked

    def show_texts(self, texts: Sequence[str], ticked: Sequence[bool]) -> None:
        self._ticks.show(texts, ticked)

    def show_rows(self, most: int) -> None:
        """Set the height to so many rows, or to as many as there are."""
        self.ensurePolished()  # for the height of a row in the style sheet's font
        first = self._ticks.index(0)
        row = max(self.visualRect(first).height(), self.sizeHintForIndex(first).height(), self.fontMetrics().height())
        height = row * min(max(self._ticks.rowCount(), 1), most) + 2 * (GAP_TIGHT + 1)
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def set_held(self, shall: bool) -> None:
        """Disable ticking; the sentences can still be walked through."""
        self._ticks.is_held = shall

    # Qt's own methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._leads_on and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Taken here: Qt's list would pass it on, to the sheet, which would begin.
            event.accept()
            if self.currentIndex().isValid():
                self.wanted.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
