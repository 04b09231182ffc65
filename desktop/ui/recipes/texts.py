"""The texts of a recipe in the making: a field for each part, in which blanks are typed or made of what is selected.

What is pasted stays text, whatever braces it has. Materials stand below the texts, each with the question whether it is
to be asked for anew each time.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.prompts.prompt import Language, PromptDraft, PromptField, PromptFramework
from desktop.core.recipes.recipe import blank_text, escaped
from desktop.ui.inputs.long_text import PromptBox, PromptText
from desktop.ui.look.icons import IconButton
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT, GAP_WIDE
from desktop.ui.recipes.form import only_text_words
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form import Field, Form, Say
from desktop.ui.widgets.labels import ElidedLabel
from desktop.ui.widgets.layout import empty, stack
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


class TemplateControl(PromptText):
    """A control for text with blanks."""

    def __init__(self, theme: Theme, field: Field, say: Say) -> None:
        super().__init__(theme, box=TemplateBox(theme))
        self.box.sets_material_apart = True
        self.paste_refused.connect(lambda _: say(only_text_words()))
        self.value = self.text
        self.begin_with = self.set_text


class RecipeTexts(QWidget):
    """The texts of a draft whose texts have blanks. Made for one draft, whose empty parts are folded."""

    changed = Signal(object)  # the PromptDraft, by the user's hand
    blank_wanted = Signal(str)  # of these selected words, or of none
    blank_of_material_wanted = Signal(int)  # which of the draft's materials

    def __init__(self, theme: Theme, framework: PromptFramework, language: Language, draft: PromptDraft) -> None:
        super().__init__()
        self._theme = theme
        self._names = {each.key: each.label.of(language) for each in framework.fields}
        self.draft = draft
        fields = [self._field(each) for each in framework.fields]
        self.form = Form(theme, fields, self.tr("Other parts"))
        self.form.changed.connect(self._write)
        for key, shown in self.form.fields.items():
            text = shown.control
            text.box.setAccessibleDescription(self.tr("Write {{recipient}} where something changes each time."))
            text.long_text_pasted.connect(partial(self._take_material, key))
            text.box.focus_changed.connect(partial(self._note_box, text.box))
        self._last: PromptBox = self.form.fields[framework.task.key].control.box
        self._materials = stack(gap=0)
        hint = self.tr("Of the words that are selected")
        make = button(self.tr("Make a blank"), do=self._want_blank, hint=hint)
        stack(self.form, self._materials, stack(make, None, across=True), gap=GAP_WIDE, on=self)
        self._show_materials()

    def put_in(self, name: str) -> None:
        """Put a blank in place of the selection in the box that had the focus last."""
        self._last.textCursor().insertText(blank_text(name))

    def accept_change(self, draft: PromptDraft) -> None:
        """Show a change by the user that was made elsewhere, and emit it."""
        self.draft = draft
        for key, field in self.form.fields.items():
            text = draft.text(key)
            field.control.begin_with(text)
            if text and field.field.more:
                self.form.set_open(True)
        self._show_materials()
        self.changed.emit(draft)

    def _field(self, field: PromptField) -> Field:
        text = self.draft.text(field.key)
        is_of_use = field.required or bool(text.strip() or self.draft.materials_of(field.key))
        return Field(field.key, self._names[field.key], TemplateControl, text, more=not is_of_use)

    def _want_blank(self) -> None:
        self.blank_wanted.emit(self._last.textCursor().selectedText())

    def _take_material(self, key: str, pasted: str) -> None:
        self.accept_change(self.draft.with_material(key, pasted))

    def _note_box(self, box: PromptBox, focused: bool) -> None:
        if focused:
            self._last = box

    def _write(self, key: str) -> None:
        self.draft = self.draft.with_text(key, self.form.value(key))
        self.changed.emit(self.draft)

    def _show_materials(self) -> None:
        """Show a line for each material: its part, its beginning, and what becomes of it."""
        empty(self._materials)
        for at, material in enumerate(self.draft.materials):
            excerpt = fill(self.tr("Always the same text: %1"), material.text[:_EXCERPT])
            words = f"{self._names.get(material.field, '')} · {excerpt}"
            ask = partial(self.blank_of_material_wanted.emit, at)
            remove = IconButton(
                self._theme,
                "close",
                self.tr("Remove this material"),
                token="muted",
                do=partial(self._remove_material, at),
            )
            line = QWidget()
            asking = button(self.tr("Ask for it each time"), "advice", ask)
            stack((ElidedLabel(words, "small"), 1), asking, remove, gap=GAP_TIGHT, across=True, on=line)
            self._materials.addWidget(line)

    def _remove_material(self, at: int) -> None:
        kept = self.draft.materials[:at] + self.draft.materials[at + 1 :]
        self.accept_change(replace(self.draft, materials=kept))
