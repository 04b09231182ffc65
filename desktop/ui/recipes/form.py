"""The form that asks for a recipe's blanks, each by a control of its kind.

Its content stays in the form and goes nowhere but into the prompt; nothing of it is kept.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QPushButton, QWidget

from desktop.core.recipes.recipe import Blank, BlankKind, Recipe, check, file_name
from desktop.rendering.text.letters import show_invisible
from desktop.ui.inputs.long_text import PromptText
from desktop.ui.inputs.plain_paste import FilesPlace, GivenFiles
from desktop.ui.look.stylesheet import GAP_PAGE, GAP_SECTION, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.recipes.presenter import blank_problem
from desktop.ui.widgets.boxes import users_documents
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form import Field, Form, Say, choice, day, line, number_line
from desktop.ui.widgets.keys import on_keys
from desktop.ui.widgets.labels import NameLabel, Paragraph, PlainLabel
from desktop.ui.widgets.layout import Part, stack
from desktop.ui.words import fill

_LONG_TEXT_LINES: Final = 5

translate = QCoreApplication.translate


def only_text_words() -> str:
    """Return why nothing was pasted."""
    return translate("RecipeForm", "Only text can be pasted here. Open the file and copy its text.")


class LongTextControl(PromptText):
    """A field for a text of any length; a very long one is shown as a chip."""

    def __init__(self, theme: Theme, field: Field, say: Say) -> None:
        super().__init__(theme)
        self.box.set_least_lines(_LONG_TEXT_LINES)
        self.box.set_hint(field.hint)
        self.keep_long_texts()
        self.long_text_pasted.connect(self._add)
        self.paste_refused.connect(lambda _: say(only_text_words()))
        self.value = self.text
        self.begin_with = self.set_text

    def _add(self, pasted: str) -> None:
        self.set_text(f"{self.text()}\n\n{pasted}")
        self.changed.emit(self.text())


class FileControl(QWidget):
    """A field whose value is the path of a file, chosen or dropped; the file is looked at when the recipe is used."""

    changed = Signal()

    def __init__(self, theme: Theme, field: Field, say: Say) -> None:
        super().__init__()
        self._title = field.name
        self._path = ""
        self._button = button("", do=self._choose)
        self.setFocusProxy(self._button)
        self._name = NameLabel("", "small ink")
        self._remove = IconButton(
            theme, "close", self.tr("Take this file out"), token="muted", do=lambda: self._take("")
        )
        stack(self._button, (self._name, 1), self._remove, across=True, on=self)
        FilesPlace(self, field.name).given.connect(self._take_given)

    def value(self) -> str:
        return self._path

    def begin_with(self, path: str) -> None:
        """Begin with this file, which is none: a recipe that is handed on names no file of its maker's."""
        self._path = path
        name = show_invisible(file_name(path)) if path else ""
        set_look(self._name, "small ink" if name else "small")
        self._name.show_text(name or self.tr("or drop it here"))
        self._remove.setVisible(bool(path))
        self._button.setText(self.tr("Another file…") if path else self.tr("Choose a file…"))
        self._button.setAccessibleDescription(name)

    def _choose(self) -> None:
        title = fill(self.tr("A file for “%1”"), self._title)
        path, _ = QFileDialog.getOpenFileName(self.window(), title, str(users_documents()))
        if path:
            self._take(path)

    def _take_given(self, given: GivenFiles) -> None:
        if given.paths:
            self._take(str(given.paths[0]))

    def _take(self, path: str) -> None:
        self.begin_with(path)
        self.changed.emit()
        self._button.setFocus()


_CONTROLS: Final = {
    BlankKind.TEXT: line,
    BlankKind.NUMBER: number_line,
    BlankKind.DATE: day,
    BlankKind.CHOICE: choice,
    BlankKind.LONG_TEXT: LongTextControl,
    BlankKind.FILE: FileControl,
}


def field_of(blank: Blank, key: str = "", title: str = "", *, more: bool = False) -> Field:
    """Return the field that asks for a blank. None of its choices is made where it has no default."""
    none = translate("RecipeForm", "Please choose") if blank.required else translate("RecipeForm", "Nothing")
    choices = [(none, ""), *((each, each) for each in blank.choices)]
    control, required = _CONTROLS[blank.kind], blank.required
    title = title or blank.title.replace("&", "&&")  # the user's words, without a mnemonic
    return Field(key or blank.name, title, control, blank.default, choices, required=required, more=more)


class RecipeSheet(QFrame):
    """A card in the place of the list, in which something is typed: it is left at once only while nothing is."""

    in_sight = Signal(QWidget)  # what is to be in sight
    cancelled = Signal()

    def __init__(self, lost: str) -> None:
        """`lost` says what leaving would discard."""
        super().__init__()
        set_look(self, "card")
        self._lost = PlainLabel(lost, "muted", wraps=True)
        self._lost.hide()

    @property
    def is_written_in(self) -> bool:
        """True if something typed would be lost with it."""
        raise NotImplementedError

    def focus_start(self) -> None:
        """Have the keyboard where the user begins."""
        raise NotImplementedError

    def may_be_left(self) -> bool:
        """Return True if nothing typed would be lost; otherwise show that, and return True the second time."""
        if not self._lost.isHidden() or not self.is_written_in:
            return True
        self._lost.show()
        self.in_sight.emit(self._lost)
        return False

    def _lay_out(self, *parts: Part, done: QPushButton, keys: tuple[str, ...]) -> None:
        """Put the parts above Cancel and the button that ends it, which the keys press, too."""
        foot = stack(None, button(self.tr("Cancel"), do=self.cancelled.emit), done, across=True)
        stack(*parts, self._lost, foot, gap=GAP_SECTION, margins=(GAP_PAGE, GAP_PAGE, GAP_PAGE, GAP_SECTION), on=self)
        on_keys(self, done.click, *keys)

    # Qt's own method

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask anew when the user comes back: what was said before they went elsewhere is forgotten by then."""
        super().hideEvent(event)
        self._lost.hide()


class RecipeForm(RecipeSheet):
    """A form made for one recipe; it emits the values once they can be filled in."""

    used = Signal(object)  # dict[str, str], values by names of blanks

    def __init__(self, theme: Theme, recipe: Recipe) -> None:
        super().__init__(self.tr("Leave once more to discard what you typed."))
        self.recipe = recipe
        self.setAccessibleName(recipe.name)
        self.form = Form(theme, [field_of(each) for each in recipe.blanks])
        hint = self.tr("Put the filled prompt into the prompt builder (Ctrl+Enter)")
        self._use = button(self.tr("Use"), "filled", self.use, hint, fill="accent")
        said = self.tr("Nothing of this is kept with the recipe.")
        if not recipe.blanks:
            said = self.tr("This recipe asks for nothing. Use puts it into the prompt builder.")
        about = [Paragraph(recipe.about, "muted")] if recipe.about else []
        parts = (*about, self.form, PlainLabel(said, "small", wraps=True))
        self._lay_out(*parts, done=self._use, keys=("Ctrl+Return", "Ctrl+Enter"))
        self.form.entered.connect(self.use)
        self.form.changed.connect(lambda _: self._lost.hide())

    @property
    def is_written_in(self) -> bool:
        return self.form.is_changed

    def focus_start(self) -> None:
        """Focus the first blank that is empty, or the button if there is none."""
        if self.recipe.blanks:
            self.form.focus()
        else:
            self._use.setFocus()

    def use(self) -> None:
        """Emit the values, or show what is wrong with them and focus the first such field."""
        values = self.form.values()
        blanks = {each.name: each for each in self.recipe.blanks}
        problems = check(self.recipe, values)
        wrong = self.form.say({name: blank_problem(blanks[name], each) for name, each in problems.items()})
        if wrong is not None:
            self.in_sight.emit(wrong)
        else:
            self.used.emit(values)
