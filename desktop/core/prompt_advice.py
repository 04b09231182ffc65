"""Advice on a draft while it is written: rules in their order of usefulness. No model is asked, nothing is sent."""

from __future__ import annotations

from desktop.core.advice import Advice, PromptSetting, Rule, Subject
from desktop.core.prompt import PromptDraft, PromptFramework, is_untouched, tidied
from desktop.core.prompt_render import language_of

MOST_SHOWN = 3

RULES: tuple[Rule, ...] = ()


def advise(draft: PromptDraft, framework: PromptFramework, setting: PromptSetting) -> list[Advice]:
    """What could be better, the most useful first; nothing of what was dismissed for this draft.

    More than `MOST_SHOWN` at a time would be nagging. A draft in which nothing was written yet gets none.
    """
    if is_untouched(draft, framework):
        return []
    subject = Subject(tidied(draft, framework), framework, language_of(draft, framework), setting)
    found = (rule(subject) for rule in RULES)
    return [advice for advice in found if advice and advice.key not in draft.dismissed]
