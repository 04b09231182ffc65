"""Finding in the text of a file: the field, and the places that are found and walked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit

from desktop.core.text.find import occurrences
from desktop.rendering.text.leaves import Leaf, LeafKind
from desktop.rendering.text.shown_text import leaf_text
from desktop.ui.documents.sent_text import SlicedWork
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill, number

_PAUSE_MS = 150  # after the last letter, before it is searched for
_LONGEST_QUERY = 300

Occurrence = tuple[int, int, int]
"""The index of a leaf, start and end in its text."""


class TextFind(SlicedWork):
    """The places where a query stands in the leaves of a text, and the one that is walked to."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found: list[Occurrence] = []
        self._at = -1

    @property
    def count(self) -> int:
        return len(self._found)

    @property
    def position(self) -> int:
        """Which place the search stands at, from 1; 0 for none."""
        return self._at + 1

    @property
    def current(self) -> Occurrence | None:
        return self._found[self._at] if self._at >= 0 else None

    def search(self, leaves: Sequence[Leaf], query: str, from_leaf: int) -> None:
        """Begin anew. The search stands at the first place at or after a leaf, as soon as there is one."""
        self._found, self._at = [], -1
        self._begin(self._searched(leaves, query, from_leaf) if query.strip() else None)

    def step(self, by: int) -> None:
        """Walk to another place, past the last to the first."""
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self.changed.emit()

    def _searched(self, leaves: Sequence[Leaf], query: str, from_leaf: int) -> Iterator[None]:
        for index, leaf in enumerate(leaves):
            if leaf.kind is not LeafKind.FOLD:
                self._found += [(index, start, end) for start, end in occurrences(leaf_text(leaf), query)]
            if self._at < 0 and self._found and self._found[-1][0] >= from_leaf:
                self._at = bisect_left(self._found, (from_leaf, 0, 0))
            yield
        if self._at < 0 and self._found:
            self._at = 0


class FindField(QLineEdit):
    """A field that shows, at its end, which of how many places is in sight."""

    step_requested = Signal(int)
    query_changed = Signal(str)
    left = Signal()  # the keyboard is wanted in the text

    def __init__(self) -> None:
        super().__init__()
        self._asked = ""
        set_look(self, "filter")
        self.setMaxLength(_LONGEST_QUERY)
        self.setPlaceholderText(self.tr("Find in the text"))
        self.setAccessibleName(self.tr("Find in the text"))
        self._state = PlainLabel("", "tiny", parent=self)
        self._state.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.textChanged.connect(lambda _: self._pause.start())

    def show_position(self, find: TextFind) -> None:
        """Show at which of how many places a search stands."""
        words = ""
        if self._asked and find.count:
            template = self.tr("%1 of %2") if find.is_done else self.tr("%1 of %2…")
            words = fill(template, number(find.position), number(find.count))
        elif self._asked:
            words = self.tr("Not found") if find.is_done else self.tr("Searching…")
        self._state.setText(words)
        self.setAccessibleDescription(words)
        self._place()

    def _ask(self) -> None:
        self._pause.stop()
        if self.text() != self._asked:
            self._asked = self.text()
            self.query_changed.emit(self._asked)

    def _place(self) -> None:
        self._state.adjustSize()
        wide = self._state.width()
        self._state.move(self.width() - wide - GAP - 2, (self.height() - self._state.height()) // 2)
        self.setTextMargins(0, 0, wide + GAP if self._state.text() else 0, 0)

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.text() != self._asked:
                self._ask()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.step_requested.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            case Qt.Key.Key_Escape if self.text():
                self.clear()
                self._ask()
            case Qt.Key.Key_Down:
                self.left.emit()
            case _:
                super().keyPressEvent(event)
