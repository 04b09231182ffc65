"""Advice on what a task speaks of and nobody has given: the complaint that is to be answered, the contract to be read.

Of all that can be missing this costs most: a model without the text invents one.
"""

from __future__ import annotations

from desktop.core.advice.piece import Advice, AdviceKey, Subject
from desktop.core.prompts.prompt import FieldKind, PromptField, PromptFramework
from desktop.core.tasks.lacking import LIKELY, missing_text
from desktop.core.text.scripts import count_han

_TOLD = 120  # characters of context that may tell of the thing without being it; a Chinese one counts three times


def text_missing(subject: Subject) -> Advice | None:
    """Return advice for a task that likely speaks of a text, or points to one, which is not there."""
    if subject.draft.materials or subject.draft.files or not subject.setting.is_first:
        return None
    if subject.framework.is_ready_made and material_field(subject.framework).required:
        return None  # its form asks for it anyway, and nothing is sent without
    told = "".join(text for _, text in subject.words(FieldKind.CONTEXT, FieldKind.OTHER))
    if len(told) + 2 * count_han(told) > _TOLD:
        return None
    thing = missing_text(subject.task, LIKELY)
    return Advice(AdviceKey.TEXT_MISSING, material_field(subject.framework).key, {"found": thing}) if thing else None


def material_field(framework: PromptFramework) -> PromptField:
    """Return the field where material is to be given: that of a framework which has one, else the task's."""
    return next(iter(framework.of_kind(FieldKind.MATERIAL)), framework.task)
