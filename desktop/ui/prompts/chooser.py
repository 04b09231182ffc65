"""The tasks and frameworks by which a prompt is built: a button with the list of all, and the list before one begins.

The pinned recipes come first, then the tasks of the office, then the frameworks for anything.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from desktop.core.prompts.prompt import Language, PromptFramework
from desktop.core.recipes.recipe import ShelvedRecipe
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.widgets.buttons import MenuButton, button
from desktop.ui.widgets.form_parts import FilterField
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.picker import Picker, narrowed
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import fill

_WIDE_PX = 380
_ALL_RECIPES = "all recipes"
_LONGEST_FOUND = 200  # characters of what is pasted to find a task by; more is a text


class FrameworkChooser(MenuButton):
    """A button with a list; it emits what was picked."""

    widest_em = 24
    framework_chosen = Signal(str)  # its key
    recipe_chosen = Signal(str)  # its key
    recipes_requested = Signal()

    def __init__(self, theme: Theme, frameworks: Sequence[PromptFramework], language: Language) -> None:
        super().__init__(theme, hint=self.tr("Choose how the prompt is built"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_look(self, "chooser")
        self._frameworks = frameworks
        self._language = language
        self.pinned: Sequence[ShelvedRecipe] = ()
        self.key = ""
        self.list = _FrameworkPicker(theme, self)
        self.list.chosen.connect(self.choose)
        self.clicked.connect(lambda: self.list.open_below(self))

    def show_framework(self, key: str) -> None:
        """Show the framework in force."""
        self.key = key
        name = next(each for each in self._frameworks if each.key == key).name.of(self._language)
        self.show_words(name, fill(self.tr("Framework: %1"), name))

    def rows(self) -> Sequence[Row]:
        """Return all that can be chosen, as lines of a list."""
        language = self._language
        pinned = [Row(each.key, each.recipe.name, each.recipe.about) for each in self.pinned]
        ready, others = (
            [
                Row(each.key, each.name.of(language), each.about.of(language), icon="check" * (each.key == self.key))
                for each in self._frameworks
                if each.is_ready_made is is_ready
            ]
            for is_ready in (True, False)
        )
        rows: list[Row] = []
        headings = (self.tr("Your recipes"), self.tr("For the office"), self.tr("For anything"))
        for heading, group in zip(headings, (pinned, ready, others), strict=True):
            rows += [Row(heading, heading, is_heading=True), *group] if group else []
        return [*rows, Row(_ALL_RECIPES, self.tr("Recipes…"))]

    def choose(self, key: str) -> None:
        """Emit what a line stands for."""
        if key == _ALL_RECIPES:
            self.recipes_requested.emit()
        elif any(each.key == key for each in self._frameworks):
            self.framework_chosen.emit(key)
        else:
            self.recipe_chosen.emit(key)


class _FrameworkPicker(Picker):
    """What each is for stands below its name."""

    def __init__(self, theme: Theme, chooser: FrameworkChooser) -> None:
        find, nothing = self.tr("Find a task or a recipe"), self.tr("Nothing of the list is like that.")
        super().__init__(theme, self.tr("Frameworks"), find, nothing, _WIDE_PX, chooser)
        self._chooser = chooser

    def rows_now(self) -> Sequence[Row]:
        return self._chooser.rows()

    def first_key(self) -> Hashable:
        return self._chooser.key

    def open_below(self, widget: QWidget) -> None:
        super().open_below(widget)
        self.list.scrollToTop()  # what most people want stands above what is in force


class TaskList(QWidget):
    """The same list, in place of the parts of a prompt that is not begun, with a field to find a line by."""

    written = Signal(str)  # what no line has, as the beginning of the user's own text
    pasted = Signal()  # a text that is too long for the field is in the clipboard

    def __init__(self, theme: Theme, chooser: FrameworkChooser) -> None:
        super().__init__()
        self._chooser = chooser
        title = self.tr("What do you want to write?")
        self.finder = FilterField(theme, title)
        self.list = RowList(theme, title)
        self.list.setResizeMode(RowList.ResizeMode.Adjust)  # what stands below a title may take two lines
        self.list.chosen.connect(chooser.choose)
        self.finder.textChanged.connect(self._narrow)
        self.finder.left_downwards.connect(self._enter_list)
        self.finder.returnPressed.connect(self._choose)
        self.finder.installEventFilter(self)
        self.finder.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # it would cut what is pasted by it
        self.freely = button(self.tr("Write freely"), "link", hint=self.tr("In parts that fit anything"))
        self.setFocusProxy(self.finder)
        stack(self.finder, (self.list, 1), self.freely, margins=(GAP, GAP_TIGHT, GAP, GAP), on=self)

    def show_tasks(self) -> None:
        """Show what there is now, from the top."""
        self.finder.clear()
        self._narrow("")

    def _narrow(self, words: str) -> None:
        rows = [replace(each, icon="") for each in narrowed(self._chooser.rows(), words)]
        if not rows:
            self.written.emit(words)
            return
        self.list.show_rows(rows)
        self.list.go_to(next(each.key for each in rows if each.can_be_at))
        self.list.scrollToTop()

    def _enter_list(self) -> None:
        self.list.setFocus()
        self.list.step(1)

    def _choose(self) -> None:
        if self.list.current is not None:
            self._chooser.choose(self.list.current.key)

    # Qt's own method

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Paste):
            text = QApplication.clipboard().text()
            if event.type() is QEvent.Type.KeyPress and (len(text) > _LONGEST_FOUND or "\n" in text.strip()):
                self.pasted.emit()
                return True
        return super().eventFilter(watched, event)
