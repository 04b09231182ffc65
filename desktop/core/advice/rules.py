"""Advice on a draft while it is written: rules in their order of usefulness. No model is asked, nothing is sent."""

from __future__ import annotations

from desktop.core.advice import examples as advice_examples
from desktop.core.advice import missing as advice_missing
from desktop.core.advice import models as advice_models
from desktop.core.advice import parts as advice_parts
from desktop.core.advice import words as advice_words
from desktop.core.advice.piece import Advice, AdviceKey, PromptSetting, Rule, Subject
from desktop.core.prompts.prompt import PromptDraft, PromptFramework, is_untouched, tidied
from desktop.core.prompts.render import language_of

MOST_SHOWN = 3

RULES: dict[AdviceKey, Rule] = {
    AdviceKey.PERSONAL_DATA: advice_models.personal_data,
    AdviceKey.TOO_LONG: advice_models.too_long,
    AdviceKey.MATERIAL_WITHOUT_TASK: advice_parts.material_without_task,
    AdviceKey.PLACEHOLDER_LEFT: advice_words.placeholder_left,
    AdviceKey.TEXT_MISSING: advice_missing.text_missing,
    AdviceKey.THINKS_BY_ITSELF: advice_models.thinks_by_itself,
    AdviceKey.CONTRADICTION: advice_words.contradiction,
    AdviceKey.EXAMPLE_INCOMPLETE: advice_examples.example_incomplete,
    AdviceKey.LANGUAGE_UNSAID: advice_parts.language_unsaid,
    AdviceKey.SAME_LANGUAGE: advice_parts.same_language,
    AdviceKey.NO_CONTEXT: advice_parts.no_context,
    AdviceKey.VAGUE_WORD: advice_words.vague_word,
}


def advise(draft: PromptDraft, framework: PromptFramework, setting: PromptSetting) -> list[Advice]:
    """Return the advice on a draft, the most useful first, without what was dismissed for this draft.

    At most `MOST_SHOWN` pieces, since more at a time would be nagging; none for a draft in which nothing was written
    yet.
    """
    if is_untouched(draft, framework):
        return []
    subject = Subject(tidied(draft, framework), framework, language_of(draft, framework), setting)
    found = {key: advice for key, rule in RULES.items() if (advice := rule(subject))}
    if AdviceKey.TEXT_MISSING in found:
        found.pop(AdviceKey.NO_CONTEXT, None)  # the text says more
    return [advice for key, advice in found.items() if key not in draft.dismissed]
