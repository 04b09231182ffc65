"""The form in which a recipe is made of a filled prompt, or changed: its name, its texts, and its blanks.

It emits what to save, and is told if that could be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal

from desktop.core.prompts.prompt import Language, PromptDraft, PromptFramework
from desktop.core.recipes.recipe import (
    Blank,
    BlankKind,
    Recipe,
    RecipeFault,
    faults,
    free_blank_name,
    guessed_kind,
    made_recipe,
    names_in,
    renamed,
    with_words_for,
)
from desktop.core.tasks.case import AskedAnew, Case, put_back
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.recipes.blank_card import BlankCard
from desktop.ui.recipes.form import RecipeSheet
from desktop.ui.recipes.texts import RecipeTexts
from desktop.ui.recipes.words import fault, names_of_case
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form import Field, Form
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.layout import Part, drop, stack
from desktop.ui.words import say

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
        self.texts = RecipeTexts(theme, framework, language, recipe.draft)
        self._blanks_title = PlainLabel(self.tr("Blanks"), "heading")
        self._cards = stack(gap=GAP)
        self._failure = PlainLabel("", "danger", wraps=True)
        self._failure.hide()
        lead = Paragraph(
            self.tr("Write {{recipient}} where something changes each time, or select words and make a blank of them."),
            "small",
        )
        heading = stack(PlainLabel(self.tr("Texts"), "heading"), lead, gap=GAP_TIGHT)
        parts: list[Part] = [heading, self.texts]
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
        self._show_blanks()
        self._begun_with = self.recipe
        self.texts.changed.connect(lambda _: self._on_texts_changed())
        self.texts.blank_wanted.connect(self._make_blank)
        self.texts.blank_of_material_wanted.connect(self._ask_for_material)
        self.form.changed.connect(lambda _: self._lost.hide())
        self.form.entered.connect(self.focusNextChild)

    @property
    def recipe(self) -> Recipe:
        """The recipe as it is now."""
        self._note_described()
        name, about = self.form.value("name"), self.form.value("about")
        return made_recipe(name, about, self.texts.draft, list(self._described.values()))

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

    # Blanks

    def _make_blank(self, selected: str) -> None:
        """Replace the selected words by a blank, whose kind is guessed from them."""
        kind = guessed_kind(selected.replace("\u2029", "\n"))  # Qt's own mark between paragraphs
        text, other = self.tr("text", "name of a blank"), self.tr("blank", "name of a blank")
        name = free_blank_name(text if kind is BlankKind.LONG_TEXT else other, self._names())
        self._described[name] = Blank(name=name, kind=kind)
        self.texts.put_in(name)
        self._show_card(name)

    def _ask_for_material(self, at: int) -> None:
        case = Case(self.texts.draft, self._framework, names_of_case(self._language), taken=self._names())
        case.take_material(at)
        [asked] = case.asked
        name = asked.blank.name
        self._asked[name], self._described[name] = asked, asked.blank
        self.texts.accept_change(case.draft)
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
        names = names_in(self.texts.draft.texts)
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
        self._take_texts(renamed(self.texts.draft.texts, old, card.name))

    def _take_out(self, card: BlankCard) -> None:
        """Put back what stood there before it was a blank; else it is mere text."""
        card.field = ""
        if card.asked is not None:
            self.texts.accept_change(put_back(self.texts.draft, card.asked, card.name))
        else:
            self._take_texts(with_words_for(self.texts.draft.texts, card.name))

    def _take_texts(self, texts: Mapping[str, str]) -> None:
        draft: PromptDraft = self.texts.draft
        for key, text in texts.items():
            draft = draft.with_text(key, text)
        self.texts.accept_change(draft)
