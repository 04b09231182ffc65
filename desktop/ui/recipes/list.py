"""The list of recipes: found by their words, with what can be done with each, and what is wrong with the folders.

Those that the user has pinned stand in the sidebar: a press asks for the blanks of one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import Enum, auto
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QMenu, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.prompts.prompt import KeptExample
from desktop.core.recipes.link import link_to
from desktop.core.recipes.recipe import ShelvedRecipe
from desktop.ui.look.stylesheet import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.widgets.buttons import LabelledButton, button
from desktop.ui.widgets.form import FilterField
from desktop.ui.widgets.labels import ElidedLabel, NameLabel, PlainLabel, set_tooltip
from desktop.ui.widgets.layout import empty, stack
from desktop.ui.widgets.quiet_line import UndoBar
from desktop.ui.words import fill, number, plain_action, short

_MOST_ROWS: Final = 60  # each is a handful of widgets; who has more finds by words


class Ask(Enum):
    """What can be asked for at a recipe."""

    USE = auto()
    EDIT = auto()
    DUPLICATE = auto()
    PIN = auto()  # or take its pin away
    EXPORT = auto()
    COPY_LINK = auto()
    DELETE = auto()


class RecipeRow(QFrame):
    """A recipe: its name, what it is for, whose it is, and what is possible here."""

    asked = Signal(Ask)

    def __init__(self, theme: Theme, entry: ShelvedRecipe, *, is_pinned: bool) -> None:
        super().__init__()
        self.entry = entry
        name = entry.recipe.name
        set_look(self, "card")
        self.setAccessibleName(name)
        use, change_pin = partial(self.asked.emit, Ask.USE), partial(self.asked.emit, Ask.PIN)
        self.use = button(self.tr("Use"), do=use, name=fill(self.tr("Use “%1”"), name))
        words = self.tr("Take out of the sidebar") if is_pinned else self.tr("Pin to the sidebar")
        pin = IconButton(theme, "pin", words, token="accent" if is_pinned else "muted", do=change_pin)
        template = self.tr("Take “%1” out of the sidebar") if is_pinned else self.tr("Pin “%1” to the sidebar")
        pin.setAccessibleName(fill(template, name))
        self._more = IconButton(theme, "more", self.tr("More"), do=self._open_menu)
        self._more.setAccessibleName(fill(self.tr("More for “%1”"), name))
        about = [ElidedLabel(entry.recipe.about, "small")] if entry.recipe.about else []
        whose = [ElidedLabel(words, "tiny")] if (words := self._whose()) else []
        words_of_it = stack(NameLabel(name, "strong"), *about, *whose, gap=GAP_TIGHT)
        margins = (GAP_SECTION, GAP_WIDE, GAP_WIDE, GAP_WIDE)
        stack((words_of_it, 1), GAP, self.use, pin, self._more, gap=GAP_TIGHT, margins=margins, across=True, on=self)

    def menu(self) -> QMenu:
        """Return a new menu of what else can be done with it."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        can_be_changed = self.entry.is_writable
        entries: list[tuple[str, Ask]] = [(self.tr("Edit…"), Ask.EDIT)] if can_be_changed else []
        entries += [(self.tr("Duplicate…"), Ask.DUPLICATE), (self.tr("Export…"), Ask.EXPORT)]
        entries += [(self.tr("Copy link"), Ask.COPY_LINK)] if link_to(self.entry.recipe.name) else []
        entries += [(self.tr("Delete"), Ask.DELETE)] if can_be_changed else []
        for words, ask in entries:
            if ask is Ask.DELETE:
                menu.addSeparator()
            action = menu.addAction(words)
            action.triggered.connect(lambda _=False, ask=ask: self.asked.emit(ask))
            if ask is Ask.COPY_LINK:
                hint = self.tr("For a mail, a page or a shortcut: it opens this recipe where it is at hand")
                action.setToolTip(hint)
        return menu

    def _whose(self) -> str:
        if self.entry.is_shared:
            return self.tr("Of your company · read-only")
        return "" if self.entry.is_writable else self.tr("Read-only")

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))


class RecipeList(QWidget):
    """A list told of the recipes and the folders; it emits what is asked for."""

    asked = Signal(object, Ask)  # at this ShelvedRecipe
    example_wanted = Signal(object)  # a KeptExample, in the prompt builder
    example_deleted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._entries: Sequence[ShelvedRecipe] = ()
        self._pinned: Collection[str] = ()
        self._shown: tuple[object, ...] = ()
        self._awaited = ""  # key of the recipe that gets the keyboard as soon as it is listed
        self._is_known = False  # whether what is listed is all there is of one's own
        self.rows: list[RecipeRow] = []
        self.filter = FilterField(theme, self.tr("Find a recipe"))
        self.filter.textChanged.connect(lambda _: self._fill())
        self.filter.left_downwards.connect(self._enter_rows)
        self.import_button = LabelledButton(theme, "file", self.tr("Import…"))
        self.undo_bar = UndoBar(theme, stays=True)
        self._own_state = PlainLabel("", "internet", wraps=True)
        self._nothing = PlainLabel("", "muted", wraps=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(GAP)
        self._more = PlainLabel("", "small", wraps=True)
        self._examples_title = PlainLabel(self.tr("Your examples"), "strong")
        self._examples_title.hide()
        self._examples = QVBoxLayout()
        self._broken = PlainLabel("", "small", wraps=True)
        self._broken.make_selectable()
        self._broken_title = PlainLabel(self.tr("Files that could not be read"), "strong")
        stack(
            stack((self.filter, 1), self.import_button, across=True),
            self.undo_bar,
            self._own_state,
            self._nothing,
            self._list,
            self._more,
            stack(self._examples_title, self._examples, gap=GAP),
            stack(self._broken_title, self._broken, gap=GAP_TIGHT),
            self._shared_folder(),
            gap=GAP_SECTION,
            on=self,
        )
        self.end_undo()
        self._fill()

    def show_recipes(self, entries: Sequence[ShelvedRecipe], pinned: Collection[str]) -> None:
        """List these, by name."""
        self._entries, self._pinned = entries, frozenset(pinned)
        self._fill()

    def show_folders(
        self, own_state: str, shared_path: str, shared_state: str, problems: Sequence[str], fixed_by: str = ""
    ) -> None:
        """Show the state of the folders, empty if there is nothing to say, and a line for each broken file.

        `fixed_by`: who has fixed the shared folder, in place of the ways to set another.
        """
        self._is_known = not own_state
        none = self.tr("Recipes that others keep in a shared folder can be used here, too.")
        self._path.show_text(shared_path or none)
        self.choose_button.setText(self.tr("Change…") if shared_path else self.tr("Choose a folder…"))
        self.choose_button.setHidden(bool(fixed_by))
        self.forget_button.setVisible(bool(shared_path) and not fixed_by)
        broken = "\n".join(problems)
        self._broken_title.setVisible(bool(broken))
        states = (self._own_state, own_state), (self._shared_state, shared_state), (self._fixed, fixed_by)
        for label, words in (*states, (self._broken, broken)):
            label.tell(words)
        self._fill()

    def show_examples(self, examples: Sequence[KeptExample]) -> None:
        """List the answers that are kept as examples, by their questions."""
        empty(self._examples)
        self._examples_title.setVisible(bool(examples))
        for each in examples:
            asked, answered = (" ".join(text.split()) for text in (each.example.input, each.example.output))
            words = stack(ElidedLabel(asked), ElidedLabel(answered, "small"), gap=GAP_TIGHT)
            name = fill(self.tr("Use the example “%1”"), short(asked))
            use = button(self.tr("Use"), do=partial(self.example_wanted.emit, each), name=name)
            name = fill(self.tr("Delete the example “%1”"), short(asked))
            delete = IconButton(self._theme, "trash", name, token="muted")
            delete.clicked.connect(lambda _=False, kept=each: self.example_deleted.emit(kept))
            row = QFrame()
            set_look(row, "card")
            margins = (GAP_SECTION, GAP_WIDE, GAP_WIDE, GAP_WIDE)
            stack((words, 1), GAP, use, delete, gap=GAP_TIGHT, margins=margins, across=True, on=row)
            self._examples.addWidget(row)

    def offer_undo(self, words: str) -> None:
        """Show what was deleted and focus its Undo button: its row is gone."""
        self.undo_bar.announce(words)
        self.undo_bar.focus_button()

    def end_undo(self) -> None:
        """Hide the Undo button: something else has been done since."""
        self.undo_bar.hide()

    def focus_start(self) -> None:
        """Focus the field to search for a recipe."""
        self._awaited = ""
        where = self.filter if self.filter.isEnabled() else self.import_button
        where.setFocus()

    def focus_recipe(self, key: str) -> None:
        """Focus a recipe, once it is listed."""
        self._awaited = key
        self._focus_awaited()

    def _focus_awaited(self) -> None:
        row = next((each for each in self.rows if each.entry.key == self._awaited), None)
        if row is not None:
            self._awaited = ""
            row.use.setFocus()

    def _shared_folder(self) -> QBoxLayout:
        """Return the lines on the folder of the company: where it is, its state, and the way to set another."""
        self._path = NameLabel("", "small")
        self._shared_state = PlainLabel("", "internet", wraps=True)
        self._fixed = PlainLabel("", "small", wraps=True)
        name = self.tr("Choose the folder of your company")
        self.choose_button = button("", "muted", name=name)
        name = self.tr("Stop using the folder of your company")
        self.forget_button = button(self.tr("Stop using"), "muted", name=name)
        title = PlainLabel(self.tr("A folder of your company"), "strong")
        row = stack((self._path, 1), self.choose_button, self.forget_button, across=True)
        return stack(title, row, self._shared_state, self._fixed, gap=GAP_TIGHT)

    def _fill(self) -> None:
        words = self.filter.text().casefold().split()
        found = [each for each in self._entries if all(word in _words_of(each) for word in words)]
        shown = found[:_MOST_ROWS]
        key = tuple((each, each.key in self._pinned) for each in shown)
        if key != self._shown:
            self._shown = key
            self._make_rows(shown)
        is_known = self._is_known or bool(self._entries)
        self._nothing.tell(self._why_nothing() if is_known and not found else "")
        self.filter.setEnabled(bool(self._entries))
        hidden, more = len(found) - len(shown), self.tr("More recipes: %1. Type a word of theirs above.")
        self._more.tell(fill(more, number(hidden)) if hidden else "")

    def _make_rows(self, entries: Sequence[ShelvedRecipe]) -> None:
        focus = self.window().focusWidget()
        focused = next((row.entry.key for row in self.rows if focus and row.isAncestorOf(focus)), "")
        empty(self._list)
        self.rows = [RecipeRow(self._theme, each, is_pinned=each.key in self._pinned) for each in entries]
        for row in self.rows:
            row.asked.connect(partial(self.asked.emit, row.entry))
            self._list.addWidget(row)
            if row.entry.key == focused:
                row.use.setFocus()
        self._focus_awaited()

    def _why_nothing(self) -> str:
        if self._entries:
            return fill(self.tr("No recipe contains “%1”."), self.filter.text().strip())
        return self.tr(
            "There are no recipes yet. To make one, write a prompt in the prompt builder and choose “Save as recipe…”"
            " in its menu."
        )

    def _enter_rows(self) -> None:
        if self.rows:
            self.rows[0].use.setFocus(Qt.FocusReason.TabFocusReason)


def _words_of(entry: ShelvedRecipe) -> str:
    """Return the words that a recipe is found by."""
    return f"{entry.recipe.name}\n{entry.recipe.about}\n{entry.file.name}".casefold()


MOST_SHOWN: Final = 6  # more would leave no room to the conversations in a low window


class PinnedRecipes(QWidget):
    """A column of buttons, hidden while nothing is pinned."""

    chosen = Signal(str)  # the key of the recipe
    all_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: list[ShelvedRecipe] = []
        heading = PlainLabel(self.tr("Recipes"), "tiny")
        heading.setContentsMargins(GAP, GAP_TIGHT, 0, GAP_TIGHT)
        self._all = LabelledButton(theme, "more", self.tr("All recipes"), "quiet", do=self.all_requested.emit)
        self._buttons = stack(gap=0)
        stack(heading, self._buttons, self._all, gap=0, on=self)
        self.setAccessibleName(heading.text())
        self.hide()

    def show_recipes(self, entries: Sequence[ShelvedRecipe]) -> None:
        """Show these as pinned, in this order."""
        shown = list(entries[:MOST_SHOWN])
        self._all.setVisible(len(entries) > len(shown))
        if shown != self._shown:
            self._shown = shown
            empty(self._buttons)
            for entry in shown:
                self._buttons.addWidget(self._button(entry))
        self.setVisible(bool(shown))

    def _button(self, entry: ShelvedRecipe) -> LabelledButton:
        name = " ".join(entry.recipe.name.split())
        made = LabelledButton(
            self._theme, "recipe", plain_action(name), "quiet", do=partial(self.chosen.emit, entry.key)
        )
        made.cut = Qt.TextElideMode.ElideMiddle
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # as wide as the sidebar
        set_tooltip(made, name)
        made.setAccessibleName(fill(self.tr("Use the recipe “%1”"), name))
        return made
