"""Guides: for one task of the office, what it is done with, and the questions whose answers make its prompt.

They are files, read by `desktop.prompts.texts`; what the answers come to in a draft is `guiding`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from desktop.core.prompts.prompt import Wording

GENERAL: Final = "general"  # the guide for whatever has none of its own
FORM: Final = "form"  # the key of the question for length, form and tone
AS_SAID: Final = Wording("%1", "%1")


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideAnswer:
    """Answer to press: its name, a line on what it does, and the words that it puts into the prompt."""

    label: Wording
    about: Wording
    text: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideQuestion:
    """Question on the task, or on the form of the answer. `own`: how the user's own words are put there, for %1."""

    key: str
    short: Wording
    question: Wording
    why: Wording
    answers: tuple[GuideAnswer, ...] = ()
    own: Wording = AS_SAID


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideMaterial:
    """What a task is done with, such as the mail to be answered. `missing`: as it is named where it is missing."""

    missing: Wording
    short: Wording
    question: Wording
    why: Wording
    hint: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """Questions for a task. `opening`: the task itself, where the user has not written one."""

    key: str
    title: Wording
    questions: tuple[GuideQuestion, ...]
    opening: Wording | None = None
    material: GuideMaterial | None = None
