"""The list of recipes: found by their words, with what can be done with each, and what is wrong with the folders."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.recipes.folder import ShelvedRecipe
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT
from desktop.ui.recipes.row import RecipeRow
from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.form_parts import FilterField
from desktop.ui.widgets.labels import NameLabel, PlainLabel
from desktop.ui.widgets.quiet_line import UndoBar
from desktop.ui.words import fill, number

_MOST_ROWS: Final = 60  # each is a handful of widgets; who has more finds by words


class SharedFolderLine(QWidget):
    """A line with the shared folder, its state, and the way to set another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = NameLabel("", "small")
        self._state = PlainLabel("", "internet", wraps=True)
        self._choose = QPushButton()
        self._forget = QPushButton(self.tr("Stop using"))
        self._forget.setAccessibleName(self.tr("Stop using the folder of your company"))
        self._fixed = PlainLabel("", "small", wraps=True)
        self._fixed.hide()
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self._path, 1)
        for button in (self._choose, self._forget):
            button.setAutoDefault(False)
            set_look(button, "muted")
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_TIGHT)
        column.addWidget(PlainLabel(self.tr("A folder of your company"), "strong"))
        column.addLayout(row)
        column.addWidget(self._state)
        column.addWidget(self._fixed)
        self.choose_requested: SignalInstance = self._choose.clicked
        self.forget_requested: SignalInstance = self._forget.clicked

    def show_fixed(self, by_whom: str) -> None:
        """Show who has fixed the folder, in place of the ways to set another."""
        self._fixed.setText(by_whom)
        self._fixed.show()
        self._choose.hide()
        self._forget.hide()

    def show_folder(self, path: str, state: str) -> None:
        """Show the folder, empty if there is none, and its state, empty if there is nothing to say."""
        none = self.tr("Recipes that others keep in a shared folder can be used here, too.")
        self._path.show_text(path or none)
        self._state.setText(state)
        self._state.setVisible(bool(state))
        self._choose.setText(self.tr("Change…") if path else self.tr("Choose a folder…"))
        self._choose.setAccessibleName(self.tr("Choose the folder of your company"))
        self._forget.setVisible(bool(path) and self._fixed.isHidden())


class RecipeList(QWidget):
    """A list told of the recipes; the rows emit what is wanted of theirs."""

    row_made = Signal(RecipeRow)  # so that who acts can listen to it

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: Sequence[ShelvedRecipe] = ()
        self._pinned: Collection[str] = ()
        self._shown: tuple[object, ...] = ()
        self._is_known = False  # whether what is listed is all there is of one's own
        self.rows: list[RecipeRow] = []
        self.filter = FilterField(theme, self.tr("Find a recipe"))
        self._import = LabelledButton(theme, "file", self.tr("Import…"))
        self._own_state = PlainLabel("", "internet", wraps=True)
        self._nothing = PlainLabel("", "muted", wraps=True)
        self._undo = UndoBar(theme, stays=True)
        self._more = PlainLabel("", "small", wraps=True)
        self.shared = SharedFolderLine()
        self._broken = PlainLabel("", "small", wraps=True)
        self._broken.make_selectable()
        self._broken_title = PlainLabel(self.tr("Files that could not be read"), "strong")
        self._lay_out()
        self.filter.textChanged.connect(lambda _: self._fill())
        self.filter.left_downwards.connect(self._enter_rows)
        self.import_requested: SignalInstance = self._import.clicked
        self.undo_requested: SignalInstance = self._undo.undone
        self.end_undo()
        self._fill()

    def show_recipes(self, entries: Sequence[ShelvedRecipe], pinned: Collection[str]) -> None:
        """List these, by name."""
        self._entries, self._pinned = entries, frozenset(pinned)
        self._fill()

    def show_folders(self, own_state: str, shared_path: str, shared_state: str, problems: Sequence[str]) -> None:
        """Show the state of the folders, and a line for each broken file."""
        self._own_state.setText(own_state)
        self._own_state.setVisible(bool(own_state))
        self._is_known = not own_state
        self.shared.show_folder(shared_path, shared_state)
        self._broken.setText("\n".join(problems))
        for label in (self._broken, self._broken_title):
            label.setVisible(bool(problems))
        self._fill()

    def offer_undo(self, words: str) -> None:
        """Show what was deleted and focus its Undo button: its row is gone."""
        self._undo.announce(words)
        self._undo.focus_button()

    def end_undo(self) -> None:
        """Hide the Undo button: something else has been done since."""
        self._undo.hide()

    def focus_start(self) -> None:
        """Focus the field to search for a recipe."""
        where = self.filter if self.filter.isEnabled() else self._import
        where.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GAP)
        top.addWidget(self.filter, 1)
        top.addWidget(self._import)
        self._list = QVBoxLayout()
        self._list.setSpacing(GAP)
        broken = QVBoxLayout()
        broken.setSpacing(GAP_TIGHT)
        broken.addWidget(self._broken_title)
        broken.addWidget(self._broken)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SECTION)
        column.addLayout(top)
        for widget in (self._undo, self._own_state, self._nothing):
            column.addWidget(widget)
        column.addLayout(self._list)
        column.addWidget(self._more)
        column.addLayout(broken)
        column.addWidget(self.shared)

    def _fill(self) -> None:
        words = self.filter.text().casefold().split()
        found = [each for each in self._entries if all(word in _words_of(each) for word in words)]
        shown = found[:_MOST_ROWS]
        key = tuple((each, each.key in self._pinned) for each in shown)
        if key != self._shown:
            self._shown = key
            self._make_rows(shown)
        self._nothing.setVisible(not found and (self._is_known or bool(self._entries)))
        self._nothing.setText(self._why_nothing())
        self.filter.setEnabled(bool(self._entries))
        hidden = len(found) - len(shown)
        self._more.setVisible(hidden > 0)
        self._more.setText(fill(self.tr("More recipes: %1. Type a word of theirs above."), number(hidden)))

    def _make_rows(self, entries: Sequence[ShelvedRecipe]) -> None:
        focus = self.window().focusWidget()
        focused = next((row.entry.key for row in self.rows if focus and row.isAncestorOf(focus)), "")
        for row in self.rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [RecipeRow(self._theme, each, is_pinned=each.key in self._pinned) for each in entries]
        for row in self.rows:
            self._list.addWidget(row)
            self.row_made.emit(row)
            if row.entry.key == focused:
                row.use.setFocus(Qt.FocusReason.OtherFocusReason)

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
