"""The form that asks for a recipe's blanks, each by a control of its kind.

Its content stays in the form and goes nowhere but into the prompt; nothing of it is kept.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.recipes.recipe import Recipe, check
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_PAGE, GAP_SECTION
from desktop.ui.recipes.blank_field import BlankField
from desktop.ui.widgets.labels import Paragraph, PlainLabel


class RecipeForm(QFrame):
    """A form made for one recipe; it emits the values once they can be filled in."""

    used = Signal(object)  # dict[str, str], values by names of blanks
    cursor_moved = Signal(object)  # the widget that is to be in sight

    def __init__(self, theme: Theme, recipe: Recipe, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recipe = recipe
        self.fields = [BlankField(theme, each) for each in recipe.blanks]
        self._discard_note = PlainLabel(self.tr("Leave once more to discard what you typed."), "muted", wraps=True)
        self._discard_note.hide()
        self._note = PlainLabel("", "small", wraps=True)
        self._note.hide()
        self._use = QPushButton(self.tr("Use"))
        self._use.setToolTip(self.tr("Put the filled prompt into the prompt builder (Ctrl+Enter)"))
        self._cancel = QPushButton(self.tr("Cancel"))
        for button in (self._use, self._cancel):
            button.setAutoDefault(False)
        set_look(self, "card")
        set_look(self._use, "filled", "accent")
        self.setAccessibleName(recipe.name)
        self._lay_out()
        self._connect()

    @property
    def recipe(self) -> Recipe:
        return self._recipe

    @property
    def is_written_in(self) -> bool:
        """True if something typed would be lost with it."""
        return any(each.value() != each.begun_with for each in self.fields)

    def may_be_left(self) -> bool:
        """Return True if nothing typed would be lost; otherwise show that, and return True the second time."""
        if not self._discard_note.isHidden() or not self.is_written_in:
            return True
        self._discard_note.show()
        self.cursor_moved.emit(self._discard_note)
        return False

    def focus_start(self) -> None:
        """Focus the first blank that is empty, or the button if there is none."""
        empty = [each for each in self.fields if not each.value().strip()]
        if self.fields:
            (empty or self.fields)[0].focus_input()
        else:
            self._use.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_note(self, words: str) -> None:
        """Show what else is to be known before it is used."""
        self._note.setText(words)
        self._note.setVisible(bool(words))

    def use(self) -> None:
        """Emit the values, or show what is wrong with them and focus the first such field."""
        values = {each.blank.name: each.value() for each in self.fields}
        problems = check(self._recipe, values)
        for each in self.fields:
            each.show_problem(problems.get(each.blank.name))
        wrong = [each for each in self.fields if each.problem]
        if wrong:
            wrong[0].focus_input()
            self.cursor_moved.emit(wrong[0])
        else:
            self.used.emit(values)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_PAGE, GAP_PAGE, GAP_PAGE, GAP_SECTION)
        column.setSpacing(GAP_SECTION)
        if self._recipe.about:
            column.addWidget(Paragraph(self._recipe.about, "muted"))
        column.addWidget(self._note)
        for each in self.fields:
            column.addWidget(each)
        if self.fields:
            said = self.tr("Nothing of this is kept with the recipe.")
        else:
            said = self.tr("This recipe asks for nothing. Use puts it into the prompt builder.")
        column.addWidget(PlainLabel(said, "small", wraps=True))
        column.addWidget(self._discard_note)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addStretch(1)
        row.addWidget(self._cancel)
        row.addWidget(self._use)
        column.addLayout(row)

    def _connect(self) -> None:
        for each in self.fields:
            each.entered.connect(self.use)
            each.changed.connect(self._discard_note.hide)
        self._use.clicked.connect(self.use)
        self.cancelled: SignalInstance = self._cancel.clicked
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self)
        shortcut.setKeys([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(self.use)
