"""The page of recipes: the list, the form in which one is filled, and the form in which one is made or changed.

It shows one of the three, with what came of the last step above it. The page emits what is wanted; the rest is
`presenter`'s.
Where a recipe is made or changed, each part of it has a field, in which blanks are typed or made of what is selected.
What is pasted stays text, whatever braces it has. A blank has a card: its name, what the form asks, and folded its kind
and default. The form emits what to save, and is told if that could be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QWidget

from desktop.core.prompts.prompt import Language, PromptDraft, PromptField, PromptFramework
from desktop.core.recipes.recipe import (
    LONGEST_LABEL,
    Blank,
    BlankKind,
    Recipe,
    RecipeFault,
    ShelvedRecipe,
    blank_text,
    escaped,
    faults,
    free_blank_name,
    guessed_kind,
    is_blank_name,
    made_recipe,
    names_in,
    renamed,
    with_words_for,
)
from desktop.core.tasks.case import AskedAnew, Case, put_back
from desktop.ui.inputs.long_text import PromptBox, PromptText
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.recipes.form import LongTextControl, RecipeForm, RecipeSheet, field_of, only_text_words
from desktop.ui.recipes.list import RecipeList
from desktop.ui.recipes.presenter import fault, names_of_case
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form import Field, Form, Say, choice, switch
from desktop.ui.widgets.labels import ElidedLabel, NameLabel, Paragraph, PlainLabel, speak
from desktop.ui.widgets.layout import Part, drop, empty, stack
from desktop.ui.widgets.page import CenteredPage
from desktop.ui.words import fill, say, say_each

_OF_A_RECIPE: Final = "application/x-candor-recipe"  # marks what was copied here: its blanks are blanks
_EXCERPT = 200  # characters


class TemplateBox(PromptBox):
    """A box for text with blanks. What comes from elsewhere is mere text: its braces are escaped."""

    def _as_written(self, source: QMimeData, text: str) -> str:
        return text if source.hasFormat(_OF_A_RECIPE) else escaped(text)

    def createMimeDataFromSelection(self) -> QMimeData:
        taken = super().createMimeDataFromSelection()
        taken.setData(_OF_A_RECIPE, b"1")
        return taken


class TemplateControl(PromptText):
    """A control for text with blanks."""

    def __init__(self, theme: Theme, field: Field, say: Say) -> None:
        super().__init__(theme, box=TemplateBox(theme))
        self.box.sets_material_apart = True
        self.paste_refused.connect(lambda _: say(only_text_words()))
        self.value = self.text
        self.begin_with = self.set_text


class BlankCard(QFrame):
    """A card for one blank, whose name may change."""

    changed = Signal()
    rename_requested = Signal(str)
    taken_out = Signal()  # it is to be mere text

    def __init__(self, theme: Theme, blank: Blank, asked: AskedAnew | None = None) -> None:
        """`asked`: what stood in its place."""
        super().__init__()
        self._theme = theme
        self.name = blank.name
        self.field = blank.field
        self.asked = asked
        set_look(self, "advice")
        kinds = [(say_each("recipes.kind_of_blank", each), each.value) for each in BlankKind]
        choices, hint = "\n".join(blank.choices), self.tr("short\nlong")
        self.form = Form(
            theme,
            (
                Field("name", self.tr("Name of the blank"), value=blank.name),
                Field("label", self.tr("What the form asks"), value=blank.label, longest=LONGEST_LABEL),
                Field("required", self.tr("Must be filled in"), switch, blank.required),
                Field("kind", self.tr("Kind of the blank"), choice, blank.kind.value, kinds, more=True),
                Field("choices", self.tr("Choices, one a line"), LongTextControl, choices, hint=hint, more=True),
            ),
            self.tr("Kind and default"),
        )
        self._show_kind(blank.default)
        self.take_name(blank.name)
        self._lay_out()
        self.form.changed.connect(self._on_changed)
        self.form.fields["name"].control.editingFinished.connect(self._ask_for_name)

    @property
    def blank(self) -> Blank:
        """The blank as it is now."""
        kind, form = self._kind, self.form
        return Blank(
            name=self.name,
            label=form.value("label").strip(),
            kind=kind,
            default="" if kind is BlankKind.FILE else form.value("default").strip(),
            required=form.value("required"),
            choices=self._choices if kind is BlankKind.CHOICE else (),
            field=self.field,
        )

    def focus_name(self) -> None:
        """Focus the name, all of it selected."""
        self.form.focus("name")
        self.form.fields["name"].control.selectAll()

    def take_name(self, name: str) -> None:
        """Show the new name."""
        self.name = name
        self.form.begin_with("name", name)
        self.form.fields["label"].control.setPlaceholderText(name)
        self.setAccessibleName(fill(self.tr("Blank “%1”"), name))

    def show_fault(self, found: RecipeFault | None) -> None:
        """Show what is wrong with it; None: nothing."""
        place = "choices" if found is RecipeFault.NO_CHOICES else "default"
        self.form.say({place: fault(found)} if found else {})

    def _lay_out(self) -> None:
        keep: QAbstractButton
        if self.asked is None:
            keep = IconButton(self._theme, "close", self.tr("Not a blank: keep it as text"), token="muted")
            row = stack((self.form, 1), keep, margins=GAP_WIDE, across=True, on=self)
            row.setAlignment(keep, Qt.AlignmentFlag.AlignTop)
        else:
            keep = button(self.tr("Put it back"), "advice", hint=self.tr("No blank: always the same words"))
            stood = " ".join(self.asked.words[:_EXCERPT].split())
            top = stack((ElidedLabel(fill(self.tr("Here stood: %1"), stood), "small"), 1), keep, across=True)
            stack(top, self.form, margins=GAP_WIDE, on=self)
        keep.clicked.connect(self.taken_out)

    @property
    def _kind(self) -> BlankKind:
        return BlankKind(self.form.value("kind"))

    @property
    def _choices(self) -> tuple[str, ...]:
        lines = (each.strip() for each in self.form.value("choices").split("\n"))
        return tuple(dict.fromkeys(each for each in lines if each))

    def _show_kind(self, default: str) -> None:
        """Show a control for the default that suits the kind, and the choices if it has some."""
        kind = self._kind
        shown = BlankKind.TEXT if kind is BlankKind.FILE else kind  # whoever uses the recipe has other files
        blank = Blank(name=self.name, kind=shown, choices=self._choices, default=default, required=False)
        self.form.put(field_of(blank, "default", self.tr("What stands there from the start"), more=True))
        self.form.fields["default"].setHidden(kind is BlankKind.FILE)
        self.form.fields["choices"].setVisible(kind is BlankKind.CHOICE)
        for each in ("choices", "default"):
            control = self.form.fields[each].control
            if isinstance(control, PromptText):
                control.box.set_least_lines(1)

    def _on_changed(self, key: str) -> None:
        if key in ("kind", "choices"):
            self._show_kind(self.form.value("default"))
        if key != "name":
            self.changed.emit()

    def _ask_for_name(self) -> None:
        name = self.form.value("name").strip()
        if name == self.name:
            return
        if is_blank_name(name):
            self.rename_requested.emit(name)
        else:
            self.take_name(self.name)
            self.form.say({"name": self.tr("A name has letters, digits and spaces, at most 40 of them.")})


_LONGEST_NAME = 80  # that is typed here, and below; what a file has already is not cut off
_LONGEST_ABOUT = 300


class RecipeEditor(RecipeSheet):
    """An editor made for one recipe."""

    save_requested = Signal(object)  # the Recipe

    def __init__(
        self,
        theme: Theme,
        recipe: Recipe,
        framework: PromptFramework,
        language: Language,
        asked: Sequence[AskedAnew] = (),
    ) -> None:
        """`asked`: blanks that the program has put there, with what stood in their places."""
        super().__init__(self.tr("Leave once more to discard what you changed."))
        self._theme = theme
        self._framework = framework
        self._language = language
        self.draft = recipe.draft
        self._described = {each.name: each for each in recipe.blanks}
        self._asked = {each.blank.name: each for each in asked if each.words}
        self.cards: list[BlankCard] = []
        # A letter may be two of Qt's.
        longest = max(_LONGEST_NAME, 2 * len(recipe.name)), max(_LONGEST_ABOUT, 2 * len(recipe.about))
        about = self.tr("&What it is for (may stay empty)")
        self.form = Form(
            theme,
            (
                Field("name", self.tr("&Name"), value=recipe.name, longest=longest[0]),
                Field("about", about, value=recipe.about, longest=longest[1]),
            ),
        )
        self._parts = {each.key: each.label.of(language) for each in framework.fields}
        self.texts = Form(theme, [self._field(each) for each in framework.fields], self.tr("Other parts"))
        for key, shown in self.texts.fields.items():
            text = shown.control
            text.box.setAccessibleDescription(self.tr("Write {{recipient}} where something changes each time."))
            text.long_text_pasted.connect(partial(self._take_material, key))
            text.box.focus_changed.connect(partial(self._note_box, text.box))
        self._last: PromptBox = self.texts.fields[framework.task.key].control.box  # that had the keyboard last
        self._materials = stack(gap=0)
        make = button(self.tr("Make a blank"), do=self._make_blank, hint=self.tr("Of the words that are selected"))
        self._blanks_title = PlainLabel(self.tr("Blanks"), "heading")
        self._cards = stack(gap=GAP)
        self._failure = PlainLabel("", "danger", wraps=True)
        self._failure.hide()
        lead = Paragraph(
            self.tr("Write {{recipient}} where something changes each time, or select words and make a blank of them."),
            "small",
        )
        heading = stack(PlainLabel(self.tr("Texts"), "heading"), lead, gap=GAP_TIGHT)
        texts = stack(self.texts, self._materials, stack(make, None, across=True), gap=GAP_WIDE)
        parts: list[Part] = [heading, texts]
        if count := len(recipe.draft.examples):
            parts.append(PlainLabel(say("recipes.examples_are_kept_with_it", count), "small", wraps=True))
        self._lay_out(
            self.form,
            *parts,
            self._blanks_title,
            self._cards,
            self._failure,
            done=button(self.tr("Save"), "filled", self.save, fill="accent"),
            keys=("Ctrl+S", "Ctrl+Return", "Ctrl+Enter"),
        )
        self._show_materials()
        self._show_blanks()
        self._begun_with = self.recipe
        self.texts.changed.connect(self._write)
        self.form.changed.connect(lambda _: self._lost.hide())
        self.form.entered.connect(self.focusNextChild)

    @property
    def recipe(self) -> Recipe:
        """The recipe as it is now."""
        self._note_described()
        name, about = self.form.value("name"), self.form.value("about")
        return made_recipe(name, about, self.draft, list(self._described.values()))

    @property
    def is_written_in(self) -> bool:
        return self.recipe != self._begun_with

    def focus_start(self) -> None:
        self.form.focus("name")

    def show_failure(self, words: str) -> None:
        """Show why it could not be saved."""
        self._failure.tell(words)
        self.in_sight.emit(self._failure)

    def save(self) -> None:
        """Emit what to save, or show what is missing."""
        self._failure.hide()
        recipe = self.recipe
        found = faults(recipe)
        self._show_faults(found)
        if not found:
            self.save_requested.emit(recipe)

    def _show_faults(self, found: Mapping[str, RecipeFault]) -> None:
        for card in reversed(self.cards):  # the first one gets the keyboard last
            card.show_fault(found.get(card.name))
            if card.name in found:
                self.in_sight.emit(card)
        wrong = self.form.say({"name": fault(found[""])} if "" in found else {})
        if wrong is not None:
            self.in_sight.emit(wrong)

    # Texts

    def _field(self, field: PromptField) -> Field:
        text = self.draft.text(field.key)
        is_of_use = field.required or bool(text.strip() or self.draft.materials_of(field.key))
        return Field(field.key, self._parts[field.key], TemplateControl, text, more=not is_of_use)

    def _note_box(self, box: PromptBox, focused: bool) -> None:
        if focused:
            self._last = box

    def _write(self, key: str) -> None:
        self.draft = self.draft.with_text(key, self.texts.value(key))
        self._on_texts_changed()

    def _take_draft(self, draft: PromptDraft) -> None:
        """Show a change by the user that was made elsewhere than in the texts."""
        self.draft = draft
        for key, field in self.texts.fields.items():
            text = draft.text(key)
            field.control.begin_with(text)
            if text and field.field.more:
                self.texts.set_open(True)
        self._show_materials()
        self._on_texts_changed()

    def _take_material(self, key: str, pasted: str) -> None:
        self._take_draft(self.draft.with_material(key, pasted))

    def _remove_material(self, at: int) -> None:
        kept = self.draft.materials[:at] + self.draft.materials[at + 1 :]
        self._take_draft(replace(self.draft, materials=kept))

    def _show_materials(self) -> None:
        """Show a line for each material: its part, its beginning, and what becomes of it."""
        empty(self._materials)
        for at, material in enumerate(self.draft.materials):
            excerpt = fill(self.tr("Always the same text: %1"), material.text[:_EXCERPT])
            words = f"{self._parts.get(material.field, '')} · {excerpt}"
            asking = button(self.tr("Ask for it each time"), "advice", partial(self._ask_for_material, at))
            out = partial(self._remove_material, at)
            remove = IconButton(self._theme, "close", self.tr("Remove this material"), token="muted", do=out)
            line = QWidget()
            stack((ElidedLabel(words, "small"), 1), asking, remove, gap=GAP_TIGHT, across=True, on=line)
            self._materials.addWidget(line)

    # Blanks

    def _make_blank(self) -> None:
        """Replace the selected words by a blank, whose kind is guessed from them."""
        selected = self._last.textCursor().selectedText()
        kind = guessed_kind(selected.replace("\u2029", "\n"))  # Qt's own mark between paragraphs
        text, other = self.tr("text", "name of a blank"), self.tr("blank", "name of a blank")
        name = free_blank_name(text if kind is BlankKind.LONG_TEXT else other, self._names())
        self._described[name] = Blank(name=name, kind=kind)
        self._last.textCursor().insertText(blank_text(name))
        self._show_card(name)

    def _ask_for_material(self, at: int) -> None:
        case = Case(self.draft, self._framework, names_of_case(self._language), taken=self._names())
        case.take_material(at)
        [asked] = case.asked
        name = asked.blank.name
        self._asked[name], self._described[name] = asked, asked.blank
        self._take_draft(case.draft)
        self._show_card(name)

    def _show_card(self, name: str) -> None:
        """Bring the card of a blank into sight, to be given another name."""
        for card in self.cards:
            if card.name == name:
                card.focus_name()
                self.in_sight.emit(card)

    def _on_texts_changed(self) -> None:
        self._lost.hide()
        self._show_blanks()

    def _note_described(self) -> None:
        """Remember what the cards say, also of blanks that are in no text just now: they may come back."""
        self._described |= {card.name: card.blank for card in self.cards}

    def _names(self) -> list[str]:
        """Return the blanks as the form asks for them: those that belong to a part, then those that stand in texts."""
        names = names_in(self.draft.texts)
        return [*(each.name for each in self._described.values() if each.field and each.name not in names), *names]

    def _show_blanks(self) -> None:
        """Show a card for each blank of the texts; one whose name was changed by typing keeps its card."""
        self._note_described()
        names = self._names()
        by_name = {card.name: card for card in self.cards}
        gone = [card for card in self.cards if card.name not in names]
        new = [name for name in names if name not in by_name]
        if len(gone) == len(new) == 1 and new[0] not in self._described:
            by_name[new[0]] = gone.pop()
            by_name[new[0]].take_name(new[0])
        for card in gone:
            self._cards.removeWidget(card)
        drop(*gone)
        self.cards = [by_name.get(name) or self._card(name) for name in names]
        for at, card in enumerate(self.cards):
            self._cards.insertWidget(at, card)
        self._blanks_title.setVisible(bool(names))

    def _card(self, name: str) -> BlankCard:
        card = BlankCard(self._theme, self._described.get(name, Blank(name=name)), self._asked.get(name))
        card.changed.connect(self._lost.hide)
        card.rename_requested.connect(lambda new: self._rename(card, new))
        card.taken_out.connect(lambda: self._take_out(card))
        return card

    def _rename(self, card: BlankCard, new: str) -> None:
        old = card.name
        card.take_name(free_blank_name(new, (each for each in self._names() if each != old)))
        self._described.pop(old, None)
        self._described[card.name] = card.blank
        self._take_texts(renamed(self.draft.texts, old, card.name))

    def _take_out(self, card: BlankCard) -> None:
        """Put back what stood there before it was a blank; else it is mere text."""
        card.field = ""
        if card.asked is not None:
            self._take_draft(put_back(self.draft, card.asked, card.name))
        else:
            self._take_texts(with_words_for(self.draft.texts, card.name))

    def _take_texts(self, texts: Mapping[str, str]) -> None:
        draft = self.draft
        for key, text in texts.items():
            draft = draft.with_text(key, text)
        self._take_draft(draft)


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
