"""Tiles of the start page: tasks of the office, each with what it needs. A press leads to its questions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from desktop.core.tasks.kinds import OfficeTask
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP, GAP_WIDE
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack

if TYPE_CHECKING:
    from desktop.ui.look.theme import Theme

translate = QCoreApplication.translate

_HEIGHT_PX: Final = 76
_ROOMY_PX: Final = 560  # wide: room for four tiles beside each other
_MOST_COLUMNS, _LEAST_COLUMNS = 4, 2


def _tasks() -> tuple[tuple[OfficeTask, str, str], ...]:
    """Return the tasks in their order, each with its name and what it needs."""
    needs_text, needs_complaint = translate("tiles", "Needs the text"), translate("tiles", "Needs the complaint")
    return (
        (OfficeTask.ANSWER_MAIL, translate("tiles", "Reply to a mail"), translate("tiles", "Needs the mail")),
        (OfficeTask.ANSWER_COMPLAINT, translate("tiles", "Answer a complaint"), needs_complaint),
        (OfficeTask.SUMMARISE, translate("tiles", "Summarise a text"), needs_text),
        (OfficeTask.ASK_DOCUMENT, translate("tiles", "Ask about a document"), translate("tiles", "Needs the file")),
        (OfficeTask.TRANSLATE, translate("tiles", "Translate"), needs_text),
        (OfficeTask.PROOFREAD, translate("tiles", "Check a text"), needs_text),
        (OfficeTask.MAKE_TABLE, translate("tiles", "Make a table"), translate("tiles", "Needs a list")),
        (OfficeTask.MINUTES, translate("tiles", "Write minutes"), translate("tiles", "Needs your notes")),
    )


class TaskTiles(QWidget):
    """Four columns of tiles, or two where there is no room for more."""

    chosen = Signal(str)  # the key of a task

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self._columns = 0
        self._tiles = [_Tile(theme, name, needs) for _, name, needs in _tasks()]
        for tile, (task, _, _) in zip(self._tiles, _tasks(), strict=True):
            tile.clicked.connect(partial(self._choose, task))
        self._arrange(_MOST_COLUMNS)

    def offer_files(self, shall: bool) -> None:
        """Say of the task about a document that it needs the file, or that its words are wanted where none is taken."""
        at = next(at for at, (task, _, _) in enumerate(_tasks()) if task is OfficeTask.ASK_DOCUMENT)
        self._tiles[at].show_needs(_tasks()[at][2] if shall else translate("tiles", "Needs the text"))

    def _choose(self, task: OfficeTask, _: bool = False) -> None:
        self.chosen.emit(task.value)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, int(column < columns))
        self._columns = columns
        for at, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, at // columns, at % columns)

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(_MOST_COLUMNS if self.width() >= self._theme.px(_ROOMY_PX) else _LEAST_COLUMNS)


class _Tile(QPushButton):
    """A tile with a name and what the task needs."""

    def __init__(self, theme: Theme, name: str, needs: str) -> None:
        super().__init__()
        self._theme = theme
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)
        self._needs = PlainLabel("", "small", wraps=True)
        self.show_needs(needs)
        set_look(self, "example")
        self._strut = QWidget()  # keeps the height, which the sheet would set for a button of one line
        labels = PlainLabel(name, wraps=True), self._needs
        for label in labels:
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._strut.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words = stack(labels[0], None, labels[1], gap=0)
        stack(self._strut, (words, 1), gap=0, margins=(GAP_WIDE, GAP, GAP_WIDE, GAP), across=True, on=self)
        theme.changed.connect(self._fit)
        self._fit()

    def show_needs(self, needs: str) -> None:
        """Say what the task needs."""
        self._needs.setText(needs)
        self.setAccessibleDescription(needs)

    def _fit(self) -> None:
        self._strut.setFixedSize(0, self._theme.px(_HEIGHT_PX) - 2 * GAP)
