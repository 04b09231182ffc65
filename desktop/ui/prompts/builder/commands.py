"""The commands of the prompt builder: what its menu, its buttons and the buttons of advice do.

They change the draft that the panel shows, or ask for what is not the panel's to do.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from desktop.core.prompts.framing import reframed
from desktop.core.prompts.prompt import missing_fields
from desktop.core.prompts.variants import variants
from desktop.ui.prompts.compare_words import offered
from desktop.ui.words import plain_action

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.core.advice.piece import Fix
    from desktop.core.prompts.prompt import Language, PromptDraft, PromptFramework
    from desktop.core.prompts.render import RenderedPrompt
    from desktop.ui.prompts.advice.adviser import Adviser
    from desktop.ui.prompts.builder.foot import PromptFoot
    from desktop.ui.prompts.builder.head import PromptHead
    from desktop.ui.prompts.form.fields import PromptFields


class _Panel(Protocol):
    """The panel of a draft, as far as its commands need it."""

    fields: PromptFields  # others, where the framework changes

    @property
    def draft(self) -> PromptDraft: ...

    @property
    def framework(self) -> PromptFramework: ...

    @property
    def fresh_draft(self) -> PromptDraft: ...

    @property
    def is_untouched(self) -> bool: ...

    @property
    def prompt_as_text(self) -> str: ...

    def prompt_of(self, draft: PromptDraft) -> RenderedPrompt: ...

    def change_draft(self, draft: PromptDraft) -> None: ...

    def show_advice(self) -> None: ...

    def finish_composing(self) -> None: ...

    def give_focus_back(self) -> None: ...


class PromptCommands(QObject):
    """The commands of one panel."""

    replaced = Signal(object)  # the PromptDraft before a step that changed much at once
    insert_requested = Signal(str)
    compare_requested = Signal(object)  # a Variant, which leaves something out
    send_requested = Signal()
    apart_requested = Signal()  # take what stands in the message box apart
    save_recipe_requested = Signal()
    recipes_requested = Signal()
    explained = Signal(str)  # why something could not be done

    def __init__(
        self,
        panel: _Panel,
        head: PromptHead,
        foot: PromptFoot,
        adviser: Adviser,
        frameworks: Mapping[str, PromptFramework],
        language: Language,
    ) -> None:
        super().__init__(head)
        self._panel = panel
        self._head = head
        self._frameworks = frameworks
        self._language = language
        head.fill_menu(
            (
                (self.tr("Ask me question by question"), head.guide.click, False),
                (self.tr("Take my message apart"), self.apart_requested.emit, False),
                None,
                (self.tr("Put the text into the message box"), self.insert, True),
                (self.tr("Copy the text"), self._copy_text, True),
                (self.tr("Compare with and without a part…"), self.offer_comparison, False),
                (self.tr("Empty all fields"), self.empty_fields, True),
                None,
                (self.tr("Save as recipe…"), self._ask_to_save, False),
                (self.tr("Recipes…"), self.recipes_requested.emit, False),
            )
        )
        head.chooser.framework_chosen.connect(self._change_framework)
        head.chooser.recipes_requested.connect(self.recipes_requested)
        adviser.fix_wanted.connect(self._apply_fix)
        adviser.material_wanted.connect(lambda key: panel.fields.begin_material(key))
        adviser.part_wanted.connect(lambda key: panel.fields.focus_part(key))
        adviser.framework_wanted.connect(self._change_framework)
        adviser.recipe_wanted.connect(self._ask_to_save)
        foot.advice.dismissed.connect(self.dismiss_advice)
        foot.missing_pressed.connect(lambda key: panel.fields.focus_part(key))
        foot.send.clicked.connect(self.send)

    def send(self) -> None:
        """Ask for sending, or focus the part where something is missing."""
        self._panel.finish_composing()
        if not self._focus_missing():
            self.send_requested.emit()

    def _focus_missing(self) -> bool:
        """Focus the first part that has to be filled in and is not. Return False if there is none."""
        missing = missing_fields(self._panel.draft, self._panel.framework)
        if missing:
            self._panel.fields.focus_part(missing[0].key)
        return bool(missing)

    def offer_comparison(self) -> None:
        """Let the user choose what to leave out, or show what is missing for that."""
        panel = self._panel
        panel.finish_composing()
        found = variants(panel.draft, panel.framework)
        if self._focus_missing():
            return
        if found:
            menu = QMenu(self._head)
            for each in found:
                action = menu.addAction(plain_action(offered(each, self._language)))
                action.triggered.connect(lambda _, each=each: self.compare_requested.emit(each))
            menu.aboutToHide.connect(menu.deleteLater)
            self._head.pop_up(menu)
        else:
            self.explained.emit(
                self.tr("Write something beside the task. Then you can compare answers with and without it.")
            )

    def empty_fields(self) -> None:
        """Begin anew in the framework in force."""
        before = self._panel.draft
        self._panel.change_draft(self._panel.fresh_draft)
        self.replaced.emit(before)
        self._panel.fields.focus_part()

    def dismiss_advice(self, key: str) -> None:
        """Show a piece of advice no more for this draft."""
        self._panel.give_focus_back()
        self._panel.change_draft(self._panel.draft.dismissing(key))
        self._panel.show_advice()

    def _apply_fix(self, fix: Fix) -> None:
        """Do what the button of a piece of advice says, with a way back."""
        before = self._panel.draft
        self._panel.give_focus_back()
        self._panel.change_draft(fix(before))
        self._panel.show_advice()
        self.replaced.emit(before)

    def _change_framework(self, key: str) -> None:
        panel = self._panel
        before, was_untouched = panel.draft, panel.is_untouched
        if key != before.framework:
            panel.change_draft(reframed(before, panel.framework, self._frameworks[key], self._language))
            if not was_untouched:
                self.replaced.emit(before)
        if was_untouched or not self._focus_missing():
            panel.fields.focus_part()

    def _ask_to_save(self) -> None:
        self._panel.finish_composing()
        if self._panel.is_untouched:
            self.explained.emit(self.tr("Fill the prompt builder first: a recipe is a prompt to be used again."))
        else:
            self.save_recipe_requested.emit()

    def insert(self) -> None:
        """Ask for the text to stand in the message box."""
        self._panel.finish_composing()
        self.insert_requested.emit(self._panel.prompt_as_text)

    def _copy_text(self) -> None:
        panel = self._panel
        panel.finish_composing()
        QGuiApplication.clipboard().setText(panel.prompt_of(replace(panel.draft, examples_as_turns=False)).text)
