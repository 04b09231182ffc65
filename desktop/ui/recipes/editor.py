"""The form in which a recipe is made of a filled prompt, or changed: its name, its texts, and its blanks.

It emits what to save, and is told if that could be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.prompts.prompt import Language, PromptDraft, PromptFramework
from desktop.core.recipes.edit import (
    RecipeFault,
    faults,
    free_blank_name,
    guessed_kind,
    made_recipe,
    names_in,
    renamed,
    with_words_for,
)
from desktop.core.recipes.recipe import Blank, BlankKind, Recipe
from desktop.core.tasks.case import AskedAnew, Case, put_back
from desktop.rendering.text.utf16 import Units
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_PAGE, GAP_SECTION, GAP_TIGHT
from desktop.ui.recipes.blank_card import BlankCard
from desktop.ui.recipes.conflict import RecipeConflict
from desktop.ui.recipes.texts import RecipeTexts
from desktop.ui.recipes.words import fault, names_of_case
from desktop.ui.widgets.form_parts import labelled, line_field
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.words import say

_LONGEST_NAME = 80  # that is typed here, and below; what a file has already is not cut off
_LONGEST_ABOUT = 300


class RecipeEditor(QFrame):
    """An editor made for one recipe."""

    save_requested = Signal(object)  # the Recipe
    keep_both_requested = Signal(object)
    overwrite_requested = Signal(object)
    cursor_moved = Signal(object)  # the widget that is to be in sight

    def __init__(
        self,
        theme: Theme,
        recipe: Recipe,
        framework: PromptFramework,
        language: Language,
        asked: Sequence[AskedAnew] = (),
        parent: QWidget | None = None,
    ) -> None:
        """`asked`: blanks that the program has put there, with what stood in their places."""
        super().__init__(parent)
        self._theme = theme
        self._framework = framework
        self._language = language
        self._described = {each.name: each for each in recipe.blanks}
        self._asked = {each.blank.name: each for each in asked if each.words}
        self.cards: list[BlankCard] = []
        set_look(self, "card")
        self.name_line = line_field(self.tr("Name of the recipe"))
        self.name_line.setMaxLength(_room_for(recipe.name, _LONGEST_NAME))
        self.name_line.setText(recipe.name)
        self.about_line = line_field(self.tr("What it is for"))
        self.about_line.setMaxLength(_room_for(recipe.about, _LONGEST_ABOUT))
        self.about_line.setText(recipe.about)
        self._name_problem = PlainLabel("", "danger", wraps=True)
        self.texts = RecipeTexts(theme, framework, language)
        self.conflict = RecipeConflict(theme)
        self._examples = PlainLabel("", "small", wraps=True)
        self._failure = PlainLabel("", "danger", wraps=True)
        self._discard_note = PlainLabel(self.tr("Leave once more to discard what you changed."), "muted", wraps=True)
        self._blanks_title = PlainLabel(self.tr("Blanks"), "heading")
        self.save_button = QPushButton(self.tr("Save"))
        self._cancel = QPushButton(self.tr("Cancel"))
        set_look(self.save_button, "filled", "accent")
        self._lay_out()
        self.texts.show_draft(recipe.draft)
        self._say_examples(recipe.draft)
        self._show_blanks()
        self._begun_with = self.recipe
        self._connect()

    @property
    def recipe(self) -> Recipe:
        """The recipe as it is now."""
        self._note_described()
        return made_recipe(
            self.name_line.text(), self.about_line.text(), self.texts.draft, list(self._described.values())
        )

    def focus_start(self) -> None:
        """Focus the place where the user begins."""
        self.name_line.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_written_in(self) -> bool:
        """True if something typed would be lost with it."""
        return self.recipe != self._begun_with

    def may_be_left(self) -> bool:
        """Return True if there are no unsaved edits; otherwise show that, and return True the second time."""
        if not self._discard_note.isHidden() or not self.is_written_in:
            return True
        self._discard_note.show()
        self.cursor_moved.emit(self._discard_note)
        return False

    def show_failure(self, words: str) -> None:
        """Show why it could not be saved."""
        self._failure.setText(words)
        self._failure.setVisible(bool(words))
        self.cursor_moved.emit(self._failure)

    def show_conflict(self, theirs: str) -> None:
        """Show that another program has changed the file; `theirs` is what stands in it."""
        self.conflict.show_theirs(theirs)
        self.cursor_moved.emit(self.conflict)

    def save(self) -> None:
        """Emit what to save, or show what is missing."""
        self._ask(self.save_requested)

    def _ask(self, wanted: object) -> None:
        self.conflict.hide()
        self._failure.hide()
        recipe = self.recipe
        found = faults(recipe)
        self._show_faults(found)
        if not found:
            wanted.emit(recipe)  # type: ignore[attr-defined]

    def _show_faults(self, found: Mapping[str, RecipeFault]) -> None:
        for card in reversed(self.cards):  # the first one gets the keyboard last
            card.show_fault(found.get(card.name))
            if card.name in found:
                self.cursor_moved.emit(card)
        self._name_problem.setText(fault(found[""]) if "" in found else "")
        self._name_problem.setVisible("" in found)
        if "" in found:
            self.name_line.setFocus(Qt.FocusReason.OtherFocusReason)
            self.cursor_moved.emit(self.name_line)

    def _lay_out(self) -> None:
        lead = self.tr(
            "Write {{recipient}} where something changes each time, or select words and make a blank of them."
        )
        self._cards = QVBoxLayout()
        self._cards.setSpacing(GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_PAGE, GAP_PAGE, GAP_PAGE, GAP_SECTION)
        column.setSpacing(GAP_SECTION)
        column.addWidget(labelled(self.tr("&Name"), self.name_line, self._name_problem))
        column.addWidget(labelled(self.tr("&What it is for (may stay empty)"), self.about_line))
        texts = QVBoxLayout()
        texts.setSpacing(GAP_TIGHT)
        texts.addWidget(PlainLabel(self.tr("Texts"), "heading"))
        texts.addWidget(Paragraph(lead, "small"))
        column.addLayout(texts)
        column.addWidget(self.texts)
        column.addWidget(self._examples)
        column.addWidget(self._blanks_title)
        column.addLayout(self._cards)
        for widget in (self.conflict, self._failure, self._discard_note):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addStretch(1)
        for button in (self._cancel, self.save_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        column.addLayout(row)
        for hidden in (self._name_problem, self._failure, self._discard_note):
            hidden.hide()

    def _connect(self) -> None:
        self.texts.changed.connect(lambda _: self._on_texts_changed())
        self.texts.blank_wanted.connect(self._make_blank)
        self.texts.blank_of_material_wanted.connect(self._ask_for_material)
        self.texts.paste_refused.connect(
            lambda: self.show_failure(self.tr("Only text can be pasted here. Open the file and copy its text."))
        )
        for line in (self.name_line, self.about_line):
            line.textEdited.connect(lambda _: self._discard_note.hide())
            line.returnPressed.connect(self.focusNextChild)
        self.save_button.clicked.connect(self.save)
        self.cancelled: SignalInstance = self._cancel.clicked
        self.conflict.keep_both_requested.connect(lambda: self._ask(self.keep_both_requested))
        self.conflict.overwrite_requested.connect(lambda: self._ask(self.overwrite_requested))
        shortcut = QShortcut(QKeySequence("Ctrl+S"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.save)

    # Blanks

    def _make_blank(self, selected: str) -> None:
        """Replace the selected words by a blank, whose kind is guessed from them."""
        words = selected.replace("\u2029", "\n")  # Qt's own mark between paragraphs
        kind = guessed_kind(words)
        stem = (
            self.tr("text", "name of a blank") if kind is BlankKind.LONG_TEXT else self.tr("blank", "name of a blank")
        )
        name = free_blank_name(stem, self._names())
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
                self.cursor_moved.emit(card)

    def _on_texts_changed(self) -> None:
        self._discard_note.hide()
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
            gone[0].take_name(new[0])
            by_name[new[0]] = gone[0]
            gone = []
        for card in gone:
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [by_name[name] if name in by_name else self._card(name) for name in names]
        for at, card in enumerate(self.cards):
            self._cards.insertWidget(at, card)
        self._blanks_title.setVisible(bool(names))

    def _card(self, name: str) -> BlankCard:
        card = BlankCard(self._theme, self._described.get(name, Blank(name=name)), self._asked.get(name))
        card.changed.connect(self._discard_note.hide)
        card.rename_requested.connect(lambda new: self._rename(card, new))
        card.taken_out.connect(lambda: self._take_out(card))
        return card

    def _rename(self, card: BlankCard, new: str) -> None:
        draft, old = self.texts.draft, card.name
        name = free_blank_name(new, (each for each in self._names() if each != old))
        card.take_name(name)
        self._described.pop(old, None)
        self._described[name] = card.blank
        self._take_texts(renamed(draft.texts, old, name))

    def _take_out(self, card: BlankCard) -> None:
        """Put back what stood there before it was a blank; else it is mere text."""
        card.field = ""
        if card.asked is not None:
            self.texts.accept_change(put_back(self.texts.draft, card.asked, card.name))
        else:
            self._take_texts(with_words_for(self.texts.draft.texts, card.name))

    def _take_texts(self, texts: Mapping[str, str]) -> None:
        draft = self.texts.draft
        for key, text in texts.items():
            draft = draft.with_text(key, text)
        self.texts.accept_change(draft)

    def _say_examples(self, draft: PromptDraft) -> None:
        words = say("recipes.examples_are_kept_with_it", len(draft.examples)) if draft.examples else ""
        self._examples.setText(words)
        self._examples.setVisible(bool(words))


def _room_for(text: str, most: int) -> int:
    """Return the maximum length of a line, in units of UTF-16."""
    return max(most, Units(text).to_qt(len(text)))
