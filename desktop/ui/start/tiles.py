"""Tiles of the start page: tasks of the office, each with what it needs, recipes, and what can be asked of a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from desktop.core.tasks.kinds import OfficeTask
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.buttons import LabelledButton, button
from desktop.ui.widgets.labels import PlainLabel, set_tooltip
from desktop.ui.widgets.layout import FlowLayout, drop, stack
from desktop.ui.words import fill, plain_action, short

if TYPE_CHECKING:
    from desktop.core.recipes.recipe import ShelvedRecipe


translate = QCoreApplication.translate

_HEIGHT_PX: Final = 76
_ROOMY_PX: Final = 560  # wide: room for four tiles beside each other


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


def _questions() -> tuple[tuple[str, str, str], ...]:
    """Return questions to a folder in their order: each twice, since a press writes it, with what it is for."""
    notice = translate("tiles", "What notice do we have to give for the lease?")
    terms = translate("tiles", "How do two suppliers' terms of payment differ?")
    ends = translate("tiles", "Until when does each contract run?")
    quoted = translate("tiles", "“%1”", "a question, as an example")
    return (
        (notice, translate("tiles", "Look something up"), fill(quoted, notice)),
        (terms, translate("tiles", "Compare two files"), fill(quoted, terms)),
        (ends, translate("tiles", "A table of all files"), fill(quoted, ends)),
    )


class Tiles(QWidget):
    """Tiles side by side, in fewer columns where there is no room for more."""

    chosen = Signal(str)  # the key of a tile

    def __init__(self, theme: Theme, tiles: Sequence[tuple[str, str, str]], columns: tuple[int, int]) -> None:
        """`tiles`: key, name and what stands below it. `columns`: the most, and as many as there are at least."""
        super().__init__()
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self._columns, self._most_and_least = 0, columns
        self._tiles = [_Tile(theme, name, below) for _, name, below in tiles]
        for tile, (key, _, _) in zip(self._tiles, tiles, strict=True):
            tile.clicked.connect(partial(self._choose, key))
        self._arrange(columns[0])

    def _choose(self, key: str, _: bool = False) -> None:
        self.chosen.emit(key)

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
        most, least = self._most_and_least
        self._arrange(most if self.width() >= self._theme.px(_ROOMY_PX) else least)


class FolderTiles(Tiles):
    """What can be asked of a folder. A tile's key is its question."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, _questions(), (3, 1))


class TaskTiles(Tiles):
    """Tasks of the office. A tile's key is that of its task."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, _tasks(), (4, 2))

    def offer_files(self, shall: bool) -> None:
        """Say of the task about a document that it needs the file, or that its words are wanted where none is taken."""
        at = next(at for at, (task, _, _) in enumerate(_tasks()) if task is OfficeTask.ASK_DOCUMENT)
        self._tiles[at].show_needs(_tasks()[at][2] if shall else translate("tiles", "Needs the text"))


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
        words = stack(labels[0], None, labels[1], gap=GAP_TIGHT)
        stack(self._strut, (words, 1), gap=0, margins=(GAP_WIDE, GAP, GAP_WIDE, GAP), across=True, on=self)
        theme.changed.connect(self._fit)
        self._fit()

    def show_needs(self, needs: str) -> None:
        """Say what the task needs."""
        self._needs.setText(needs)
        self.setAccessibleDescription(needs)

    def _fit(self) -> None:
        self._strut.setFixedSize(0, self._theme.px(_HEIGHT_PX) - 2 * GAP)


MOST_SHOWN: Final = 3
_LONGEST: Final = 24  # characters of a name


class StartRecipes(QWidget):
    """The row, hidden while there are no recipes. `use` is called with the key of the one that is pressed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: list[ShelvedRecipe] = []
        self._buttons: list[QPushButton] = []
        self.use: Callable[[str], None] = lambda _: None
        self._all = button(self.tr("All recipes"), "link")
        self.all_requested: SignalInstance = self._all.clicked
        row = QWidget()
        self._row = FlowLayout(row)
        self._row.addWidget(self._all)
        stack(PlainLabel(self.tr("Your recipes"), "strong small"), row, margins=(0, GAP, 0, 0), on=self)
        self.hide()

    def show_recipes(self, entries: Sequence[ShelvedRecipe]) -> None:
        """Show the first of these."""
        shown = list(entries[:MOST_SHOWN])
        if shown != self._shown:
            self._shown = shown
            for button in (*self._buttons, self._all):
                self._row.removeWidget(button)
            drop(*self._buttons)
            self._buttons = [self._made(each) for each in shown]
            for button in (*self._buttons, self._all):
                self._row.addWidget(button)
        self.setVisible(bool(shown))

    def _made(self, entry: ShelvedRecipe) -> QPushButton:
        name = " ".join(entry.recipe.name.split())
        cut = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        button = LabelledButton(self._theme, "recipe", plain_action(short(cut)), "filter")
        button.setAccessibleName(fill(self.tr("Use the recipe “%1”"), name))
        set_tooltip(button, name if cut != name else "")
        button.clicked.connect(partial(self._use, entry.key))
        return button

    def _use(self, key: str, _: bool = False) -> None:
        self.use(key)
