"""The start page, in an empty conversation: what one wants to do, a file, recipes, and a line on model and place.

If no model can answer, it says why instead, with the next steps. What one wants to do stands in tiles: tasks of the
office, each with what it needs, recipes, and what can be asked of a folder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QLocale, QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from desktop.core.model import ModelInfo
from desktop.core.place import Place
from desktop.core.tasks.kinds import OfficeTask
from desktop.ui.errors import ErrorAction, ErrorText, action_words
from desktop.ui.look.stylesheet import COLUMN_EM, FILL_OF_PLACE, GAP, GAP_TIGHT, GAP_WIDE, TEXT_PX, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.buttons import LabelledButton, button
from desktop.ui.widgets.labels import FittingLabel, Paragraph, PlainLabel, set_tooltip
from desktop.ui.widgets.layout import FlowLayout, drop, empty, stack
from desktop.ui.widgets.page import CenteredPage
from desktop.ui.widgets.quiet_line import ErrorCard
from desktop.ui.words import fill, place_sentence, plain_action, say, short

if TYPE_CHECKING:
    from desktop.core.models.facts import ModelFacts
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


_TOY = 1_000_000_000  # weights: below, as the bundled one, a model is too small for anything but trying out


class EmptyConversation(CenteredPage):
    """A page told which model answers from where; emits which task was picked."""

    action_chosen = Signal(object)  # an ErrorAction
    question_chosen = Signal(str)  # to ask of a folder

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, COLUMN_EM * TEXT_PX, centred=True)
        # What is known of a model beside what its server says; None where that is nothing (yet).
        self.known_of: Callable[[ModelInfo], ModelFacts | None] = lambda _: None
        self._shown: tuple[ModelInfo | None, Place | None, str, bool] = (None, None, "", False)
        self._tiles = TaskTiles(theme)
        self.guide_wanted: SignalInstance = self._tiles.chosen  # the key of a task
        self._file = LabelledButton(theme, "attach", self.tr("Attach a file"))
        self.file_wanted: SignalInstance = self._file.clicked
        self._folder = LabelledButton(theme, "folder", self.tr("Ask a folder"))
        self.folder_wanted: SignalInstance = self._folder.clicked
        self._drop = FittingLabel("small")
        self._drop.show_forms([self.tr("or drop either anywhere in the window"), ""])
        self._drop.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.temporary = LabelledButton(theme, "temporary", self.tr("Make it temporary"), "muted")
        self.temporary.setToolTip(self.tr("A conversation of which nothing is kept (Ctrl+Shift+T)"))
        self._file_row = QWidget()
        stack(self._file, self._folder, (self._drop, 1), across=True, on=self._file_row)
        self.recipes = StartRecipes(theme)
        self._weak = PlainLabel("", wraps=True)
        self.better = button("", "advice")
        self._weakness = QWidget()  # of the model, with the way to a better one
        stack((self._weak, 1), self.better, across=True, on=self._weakness)
        self._beginning = QWidget()
        self._title = PlainLabel(self.tr("What do you want to do?"), "title", wraps=True)
        self._tasks = QWidget()
        stack(self._tiles, self._file_row, self.recipes, gap=GAP_WIDE, on=self._tasks)
        stack(self._title, self._weakness, self._tasks, gap=GAP_WIDE, on=self._beginning)
        self._theme = theme
        self._questions: FolderTiles | None = None  # made with the first folder
        self.about = Paragraph("", "small")
        self._trouble = ErrorCard()  # there is no model to ask
        self._trouble.action_chosen.connect(self.action_chosen)
        self.away = QWidget()  # the chosen model cannot answer now
        self._why_away = Paragraph("", "small")
        ways = QWidget()
        self._ways = FlowLayout(ways)
        stack(self._why_away, ways, gap=GAP_TIGHT, on=self.away)
        self._said_away: tuple[str, ErrorText] | None = None
        self._temporary = Paragraph(
            self.tr(
                "This conversation is temporary: nothing of it is written to the disk, and it ends with Candor. It"
                " takes words, no files."
            ),
            "muted",
        )
        self._foot = QWidget()
        foot = stack((self.about, 1), (self.temporary, Qt.AlignmentFlag.AlignRight), across=True, on=self._foot)
        foot.setAlignment(self.about, Qt.AlignmentFlag.AlignVCenter)
        for part in (self._temporary, self._trouble, self.away, self._beginning, self._foot):
            self.column.addWidget(part)
        for each in (self._weakness, self._trouble, self.away):
            each.hide()
        self.show_temporary(False)

    def step_back(self, shall: bool) -> None:
        """Show nothing while the user is asked about the first message, or all of it again."""
        ground = self.widget()
        if ground is not None:
            ground.setVisible(not shall)
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOff if shall else policy.ScrollBarAsNeeded)

    def show_temporary(self, is_temporary: bool) -> None:
        """Say that nothing of this conversation is kept, or offer that."""
        self._temporary.setVisible(is_temporary)
        self._file_row.setHidden(is_temporary)
        self._tiles.offer_files(not is_temporary)
        self._offer_temporary()

    def offer_folders(self, shall: bool) -> None:
        """Offer to ask a folder, where folders can be asked."""
        self._folder.setVisible(shall)
        self._drop.setVisible(shall)

    def below_folder(self) -> QPoint:
        """Return where what its button for a folder offers is to stand on the screen."""
        return self._folder.mapToGlobal(QPoint(0, self._folder.height() + GAP_TIGHT))

    def show_folders(self, names: str) -> None:
        """Say what can be asked of the conversation's folders, by their names; empty where it has none."""
        asked = say("folders.what_to_know", folders=names) if names else self.tr("What do you want to do?")
        self._title.setText(asked)
        self._tasks.setHidden(bool(names))
        if self._questions is None and names:
            self._questions = FolderTiles(self._theme)
            self._questions.chosen.connect(self.question_chosen)
            layout = self._beginning.layout()
            assert layout is not None
            layout.addWidget(self._questions)
        if self._questions is not None:
            self._questions.setVisible(bool(names))
        self._offer_temporary()

    def _offer_temporary(self) -> None:
        is_begun = self._tasks.isHidden() or self._beginning.isHidden() or not self._temporary.isHidden()
        self.temporary.setHidden(is_begun)

    def show_model(
        self, model: ModelInfo | None, place: Place | None, name: str = "", *, is_looking: bool = False
    ) -> None:
        """Name the model and its place; with None, its bare `name` if one is chosen, or that there is none (yet)."""
        if self._shown[3] and not is_looking:
            self.keep_top()  # more may be said above the tasks, which the user may be about to press
        self._shown = (model, place, name, is_looking)
        self.introduce()

    def introduce(self) -> None:
        """Say which model answers from where, and of a weak one that it is, as far as that is known now."""
        model, place, name, is_looking = self._shown
        whole = model.title if model is not None else name
        title = short(whole)
        said = place_sentence(place) if place is not None else ""
        if model is None and not name:
            said = self.tr("Looking for models…") if is_looking else self.tr("Choose a model above to begin.")
        self.about.show_dressed(" · ".join(filter(None, (title, said))), bold=[(0, len(title))])
        set_look(self.about, f"{FILL_OF_PLACE[place.kind]} small" if place is not None else "small")
        set_tooltip(self.about, whole if title != whole else "")
        facts = self.known_of(model) if model is not None else None
        is_foreign = facts is not None and facts.speaks(QLocale().name()) is False
        is_toy = model is not None and model.parameters is not None and model.parameters < _TOY
        self._weakness.setVisible((is_foreign or is_toy) and self.away.isHidden())
        if is_foreign:
            weakness = self.tr("%1 hardly speaks your language.", "say which: English, Chinese")
            better = self.tr("Get a model that speaks it", "say which: English, Chinese")
        else:
            weakness = self.tr("%1 is tiny: it shows how Candor works, but is often wrong.")
            better = self.tr("Get a better model")
        self._weak.setText(fill(weakness, title))
        set_look(self._weak, "small warning" if is_foreign else "small")
        self.better.setText(better)

    def show_trouble(self, trouble: ErrorText | None, *, is_looking: bool = False) -> None:
        """Show why no model can answer; None if one can, or that is unknown.

        Of a chosen model it is said quietly, with a way to another one, and the tasks stay; they give way only where
        there is no model to ask.
        """
        model, _, name, _ = self._shown
        is_chosen = bool(model is not None or name)
        if trouble is None and name and model is None and not is_looking:
            silent = self.tr("This model does not answer right now. Its server may be off.")
            trouble = ErrorText("", silent, (ErrorAction.TRY_AGAIN,))
        is_away = trouble is not None and is_chosen
        self._trouble.setVisible(trouble is not None and not is_chosen)
        self._beginning.setVisible(trouble is None or is_chosen)
        self._offer_temporary()
        self.away.setVisible(is_away)
        self.introduce()
        self.about.setVisible(trouble is None or is_looking)
        if trouble is not None and is_chosen:
            self._show_away(short(model.title if model is not None else name), trouble)
        elif trouble is not None:
            self._trouble.show_error(trouble)

    def _show_away(self, name: str, trouble: ErrorText) -> None:
        """Say of the model of this name what prevents its use, with a button for each way on, first another model."""
        if self._said_away == (name, trouble):
            return  # whoever is about to press a button finds it where it was
        self._said_away = name, trouble
        said = " · ".join(filter(None, (name, trouble.title, trouble.sentence)))
        self._why_away.show_dressed(said, bold=[(0, len(name))])
        set_tooltip(self._why_away, trouble.detail)
        empty(self._ways)
        for action in dict.fromkeys((ErrorAction.CHOOSE_MODEL, *trouble.actions)):
            way = button(action_words(action), "link", partial(self.action_chosen.emit, action))
            self._ways.addWidget(way)
            way.show()  # at once: it is to be pressed as soon as the words are there

    # Qt's own method

    def wheelEvent(self, event: QWheelEvent) -> None:
        ground = self.widget()
        if ground is not None and ground.isHidden():  # nothing is there to be scrolled
            event.ignore()
        else:
            super().wheelEvent(event)
