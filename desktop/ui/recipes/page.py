"""The page of recipes: the list, the form in which one is filled, and the form in which one is made or changed.

It shows one of the three, with what came of the last step above it. The page emits what is wanted; the rest is
`presenter`'s.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from desktop.core.prompts.prompt import Language, PromptFramework
from desktop.core.recipes.recipe import Recipe, ShelvedRecipe
from desktop.core.tasks.case import AskedAnew
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP
from desktop.ui.recipes.editor import RecipeEditor
from desktop.ui.recipes.form import RecipeForm
from desktop.ui.recipes.list import RecipeList
from desktop.ui.widgets.labels import NameLabel, PlainLabel, speak
from desktop.ui.widgets.layout import drop, stack
from desktop.ui.widgets.page import CenteredPage

_WIDEST_PX = 620


class RecipePage(CenteredPage):
    """A page that begins with `show_list`, `show_form` or `show_editor`."""

    filled = Signal(object, object)  # the ShelvedRecipe, dict[str, str]
    save_requested = Signal(object)  # the Recipe
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, _WIDEST_PX)
        self._theme = theme
        back = IconButton(theme, "chevron-left", self.tr("Back"), do=self.take_step_back)
        self._title = NameLabel("", "title")
        self._said = PlainLabel("", "here", wraps=True)
        self._said.hide()
        self.list = RecipeList(theme)
        self._front: RecipeForm | RecipeEditor | None = None  # in the place of the list
        self._is_list_behind = False
        self.column.addLayout(stack(back, (self._title, 1), across=True))
        self.column.addWidget(self._said)
        self.column.addWidget(self.list)
        self.show_list()

    @property
    def form(self) -> RecipeForm | None:
        """The form on the page, or None."""
        return self._front if isinstance(self._front, RecipeForm) else None

    @property
    def editor(self) -> RecipeEditor | None:
        """The editor on the page, or None."""
        return self._front if isinstance(self._front, RecipeEditor) else None

    def enter(self) -> None:
        """Prepare for being shown: stepping back leads to the list only if it was shown before."""
        self._is_list_behind = self.isVisible() and (self._front is None or self._is_list_behind)

    def say(self, words: str, *, is_trouble: bool = False) -> None:
        """Show what came of the last step, over the present content; empty: nothing."""
        if not is_trouble:
            self.list.end_undo()  # it was about the step before, and this one was taken
        set_look(self._said, "danger" if is_trouble else "here")
        self._said.tell(words)
        if words:
            self._bring_into_sight(self._said)
        if words and self.isVisible():
            speak(self, words)

    def offer_undo(self, words: str) -> None:
        """Show in the list what was deleted, with a way to restore it."""
        self.say("")
        self.list.offer_undo(words)

    def show_list(self) -> None:
        """Show the list, with the focus in the field to search for a recipe."""
        self._drop_front()
        self._is_list_behind = False
        self._title.show_text(self.tr("Recipes"))
        self.list.show()
        self.verticalScrollBar().setValue(0)
        self.list.focus_start()

    def show_form(self, entry: ShelvedRecipe) -> None:
        """Show the form that asks for the blanks of a recipe."""
        form = RecipeForm(self._theme, entry.recipe)
        form.used.connect(lambda values: self._take_values(entry, values))
        self._show_instead(form, entry.recipe.name)

    def show_editor(
        self,
        title: str,
        recipe: Recipe,
        framework: PromptFramework,
        language: Language,
        asked: Sequence[AskedAnew] = (),
    ) -> None:
        """Show the editor that makes or changes a recipe."""
        editor = RecipeEditor(self._theme, recipe, framework, language, asked)
        editor.save_requested.connect(self.save_requested)
        self._show_instead(editor, title)

    @property
    def is_written_in(self) -> bool:
        """True if the present content holds something typed."""
        return self._front is not None and self._front.is_written_in

    def may_be_left(self) -> bool:
        return self._front is None or self._front.may_be_left()

    def take_step_back(self) -> bool:
        """Leave a form, then the page. A form in which something was typed asks once more."""
        if self._front is None:
            self.closed.emit()
        elif self._front.may_be_left():
            self._leave_form()
        return True

    def _show_instead(self, front: RecipeForm | RecipeEditor, title: str) -> None:
        self._drop_front()
        self._said.hide()
        self._front = front
        front.cancelled.connect(self._leave_form)
        front.in_sight.connect(self._bring_into_sight)
        self.list.hide()
        self._title.show_text(title)
        self.column.addWidget(front)
        front.show()
        self.verticalScrollBar().setValue(0)
        front.focus_start()

    def _drop_front(self) -> None:
        if self._front is not None:
            drop(self._front)
            self._front = None
            self._said.hide()  # it was about what stood there

    def _take_values(self, entry: ShelvedRecipe, values: dict[str, str]) -> None:
        self._drop_front()  # nothing typed stays in it
        self.filled.emit(entry, values)

    def _leave_form(self) -> None:
        if self._is_list_behind:
            self.show_list()
        else:
            self._drop_front()
            self.closed.emit()

    def _bring_into_sight(self, widget: QWidget) -> None:
        # Once it has its place: what was just made or shown has none yet.
        QTimer.singleShot(0, widget, lambda: self.ensureWidgetVisible(widget, 0, GAP))

    # Qt's own method

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to where work begins."""
        (self._front or self.list).focus_start()
