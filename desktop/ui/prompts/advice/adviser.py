"""The adviser of the prompt builder: which lines are shown for a draft, and what the button of each wants.

Which advice there is, the rules in `core.advice` say. It changes no draft by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QObject, Signal

from desktop.core.advice.piece import Advice, AdviceKey, PromptSetting
from desktop.core.advice.rules import MOST_SHOWN, advise
from desktop.core.prompts.prompt import Language, PromptDraft, PromptFramework, is_untouched
from desktop.core.tasks.frames import framework_for
from desktop.core.tasks.office import recognised_task
from desktop.ui.prompts.advice.lines import AdviceLine, AdviceLines
from desktop.ui.prompts.advice.words import advice_line, is_blank
from desktop.ui.words import fill

_FITS: Final = "framework_fits"  # the key of the line that leads to a framework made for the task
_BEFORE_IT: Final = (AdviceKey.PERSONAL_DATA, AdviceKey.TOO_LONG)


class Adviser(QObject):
    """The owner of the lines of advice."""

    fix_wanted = Signal(object)  # a Fix, for the draft
    material_wanted = Signal(str)  # the key of the part that lacks some
    part_wanted = Signal(str)  # the key of the part that is meant
    recipe_wanted = Signal()  # to be made of the prompt, which has a blank
    framework_wanted = Signal(str)  # the key of the one that is made for the task

    def __init__(self, lines: AdviceLines, frameworks: Mapping[str, PromptFramework], language: Language) -> None:
        super().__init__(lines)
        self._lines = lines
        self._frameworks = frameworks
        self._language = language
        self._advice: dict[str, Advice] = {}
        self._fitting: PromptFramework | None = None
        lines.fix_requested.connect(self._follow)

    def advise(self, draft: PromptDraft, framework: PromptFramework, setting: PromptSetting) -> None:
        """Show what could be better about a draft."""
        self._advice = {each.key.value: each for each in advise(draft, framework, setting)[:MOST_SHOWN]}
        lines = [advice_line(each) for each in self._advice.values()]
        self._fitting = self._fitting_for(draft, framework)
        if self._fitting is not None:
            words = fill(self.tr("There is a form for this: %1."), self._fitting.name.of(self._language))
            at = sum(each.key in _BEFORE_IT for each in lines)
            lines.insert(at, AdviceLine(_FITS, words, self.tr("Use it")))
        self._lines.show_advice(lines)

    def _fitting_for(self, draft: PromptDraft, framework: PromptFramework) -> PromptFramework | None:
        """Return the framework that is made for the task; to none who chose one, or has answered its questions."""
        if framework.is_ready_made or draft.guide or _FITS in draft.dismissed or is_untouched(draft, framework):
            return None
        task = recognised_task(draft.text(framework.task.key))
        return self._frameworks.get(framework_for(task)) if task is not None else None

    def _follow(self, key: str) -> None:
        """Want what the button of a line says."""
        if key == _FITS:
            if self._fitting is not None:
                self.framework_wanted.emit(self._fitting.key)
            return
        advice = self._advice[key]
        if is_blank(advice):
            self.recipe_wanted.emit()
        elif advice.key is AdviceKey.TEXT_MISSING:
            self.material_wanted.emit(advice.field)
        elif advice.fix is None:
            self.part_wanted.emit(advice.field)
        else:
            self.fix_wanted.emit(advice.fix)
