"""The texts of a recipe in the making: a box for each part, in which blanks are typed or made of what is selected.

What is pasted stays text, whatever braces it has. Materials stand below the part they belong to, each with the question
whether it is to be asked for anew each time.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.prompts.prompt import Language, PromptDraft, PromptField, PromptFramework
from desktop.core.recipes.edit import blank_text
from desktop.core.recipes.recipe import escaped
from desktop.ui.inputs.long_text import PromptBox, PromptText
from desktop.ui.look.icons import IconButton
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel
from desktop.ui.widgets.layout import FlowLayout, empty, stack
from desktop.ui.words import fill

_OF_A_RECIPE: Final = "application/x-candor-recipe"  # marks what was copied here: its blanks are blanks
_EXCERPT: Final = 200  # characters


class TemplateBox(PromptBox):
    """A box for text with blanks. What comes from elsewhere is mere text: its braces are escaped."""

    def _as_written(self, source: QMimeData, text: str) -> str:
        return text if source.hasFormat(_OF_A_RECIPE) else escaped(text)

    def createMimeDataFromSelection(self) -> QMimeData:
        taken = super().createMimeDataFromSelection()
        taken.setData(_OF_A_RECIPE, b"1")
        return taken


class RecipeTexts(QWidget):
    """The boxes of a draft whose texts have blanks. Made for one framework."""

    changed = Signal(object)  # the PromptDraft, by the user's hand
    blank_wanted = Signal(str)  # of these selected words, or of none
    blank_of_material_wanted = Signal(int)  # which of the draft's materials
    paste_refused = Signal()

    def __init__(self, theme: Theme, framework: PromptFramework, language: Language) -> None:
        super().__init__()
        self._theme = theme
        self._framework = framework
        self.draft = PromptDraft(framework=framework.key)
        self.boxes: dict[str, PromptText] = {}
        self._groups: dict[str, QWidget] = {}
        self._materials: dict[str, QVBoxLayout] = {}
        hint = self.tr("Of the words that are selected")
        make = button(self.tr("Make a blank"), do=self._want_blank, hint=hint)
        self._others = button(self.tr("Show the other parts"), "muted", self._show_others)
        groups = [self._group(each, language) for each in framework.fields]
        self._last = self.boxes[framework.task.key].box
        row = FlowLayout(last_at_right=1)
        row.addWidget(make)
        row.addWidget(self._others)
        stack(*groups, row, gap=GAP_WIDE, on=self)

    def show_draft(self, draft: PromptDraft) -> None:
        """Show this draft; empty parts that may be left out are hidden until they are wanted."""
        self.draft = draft
        for field in self._framework.fields:
            self.boxes[field.key].set_text(draft.text(field.key))
            if field.required or draft.text(field.key).strip() or draft.materials_of(field.key):
                self._groups[field.key].show()
        self._others.setVisible(any(group.isHidden() for group in self._groups.values()))
        self._show_materials()

    def put_in(self, name: str) -> None:
        """Put a blank in place of the selection in the box that had the focus last."""
        self._last.textCursor().insertText(blank_text(name))

    def accept_change(self, draft: PromptDraft) -> None:
        """Show a change by the user that was made elsewhere, and emit it."""
        self.show_draft(draft)
        self.changed.emit(draft)

    def _want_blank(self) -> None:
        self.blank_wanted.emit(self._last.textCursor().selectedText())

    def _group(self, field: PromptField, language: Language) -> QWidget:
        name = field.label.of(language)
        text = PromptText(self._theme, box=TemplateBox(self._theme))
        text.box.sets_material_apart = True
        text.box.set_least_lines(2 if field.required else 1)
        text.describe(name, self.tr("Write {{recipient}} where something changes each time."), "")
        text.changed.connect(lambda words: self._write(field.key, words))
        text.long_text_pasted.connect(lambda pasted: self.accept_change(self.draft.with_material(field.key, pasted)))
        text.paste_refused.connect(lambda _: self.paste_refused.emit())
        text.box.focus_changed.connect(lambda focused: self._note_box(text.box) if focused else None)
        label = PlainLabel(name, "small")
        label.setBuddy(text)
        materials = QVBoxLayout()
        group = QWidget()
        stack(label, text, materials, gap=GAP_TIGHT, on=group)
        group.hide()
        self.boxes[field.key], self._groups[field.key], self._materials[field.key] = text, group, materials
        return group

    def _note_box(self, box: PromptBox) -> None:
        self._last = box

    def _write(self, key: str, words: str) -> None:
        self.draft = self.draft.with_text(key, words)
        self.changed.emit(self.draft)

    def _show_materials(self) -> None:
        """Show a line for each material: its beginning, and what becomes of it."""
        for lines in self._materials.values():
            empty(lines)
        for at, material in enumerate(self.draft.materials):
            excerpt = fill(self.tr("Always the same text: %1"), material.text[:_EXCERPT])
            ask = button(self.tr("Ask for it each time"), "advice", partial(self.blank_of_material_wanted.emit, at))
            remove = IconButton(self._theme, "close", self.tr("Remove this material"), token="muted")
            remove.clicked.connect(partial(self._remove_material, at))
            shown = QWidget()
            stack((ElidedLabel(excerpt, "small"), 1), ask, remove, gap=GAP_TIGHT, across=True, on=shown)
            self._materials[material.field].addWidget(shown)

    def _remove_material(self, at: int, _: bool = False) -> None:
        kept = self.draft.materials[:at] + self.draft.materials[at + 1 :]
        self.accept_change(replace(self.draft, materials=kept))

    def _show_others(self) -> None:
        hidden = [each.key for each in self._framework.fields if self._groups[each.key].isHidden()]
        for key in hidden:
            self._groups[key].show()
        self._others.hide()
        self.boxes[hidden[0]].setFocus(Qt.FocusReason.OtherFocusReason)
