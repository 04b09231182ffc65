"""Advice on a draft while it is written: rules in their order of usefulness. No model is asked, nothing is sent."""

from __future__ import annotations

from desktop.core.advice import examples as advice_examples
from desktop.core.advice import missing as advice_missing
from desktop.core.advice import models as advice_models
from desktop.core.advice import parts as advice_parts
from desktop.core.advice import words as advice_words
from desktop.core.advice.lexicon import is_small_talk
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
    AdviceKey.NO_VERB: advice_words.no_verb,
    AdviceKey.THINKS_BY_ITSELF: advice_models.thinks_by_itself,
    AdviceKey.SEVERAL_TASKS: advice_words.several_tasks,
    AdviceKey.CONTRADICTION: advice_words.contradiction,
    AdviceKey.PASTED_IN_WORDS: advice_parts.pasted_in_words,
    AdviceKey.EXAMPLE_INCOMPLETE: advice_examples.example_incomplete,
    AdviceKey.LANGUAGE_UNSAID: advice_parts.language_unsaid,
    AdviceKey.SAME_LANGUAGE: advice_parts.same_language,
    AdviceKey.NO_CONTEXT: advice_parts.no_context,
    AdviceKey.VAGUE_WORD: advice_words.vague_word,
    AdviceKey.NO_FORMAT: advice_parts.no_format,
}

# What need not be said beside another thing that says more.
_SAID_BY: dict[AdviceKey, set[AdviceKey]] = {
    AdviceKey.NO_VERB: {AdviceKey.MATERIAL_WITHOUT_TASK, AdviceKey.TEXT_MISSING, AdviceKey.PASTED_IN_WORDS},
    AdviceKey.SEVERAL_TASKS: {AdviceKey.PASTED_IN_WORDS},
    AdviceKey.TEXT_MISSING: {AdviceKey.PASTED_IN_WORDS},
    AdviceKey.NO_CONTEXT: {AdviceKey.TEXT_MISSING, AdviceKey.NO_VERB},
    AdviceKey.NO_FORMAT: {AdviceKey.TEXT_MISSING},
}


def advise(draft: PromptDraft, framework: PromptFramework, setting: PromptSetting) -> list[Advice]:
    """Return the advice on a draft, the most useful first, without what was dismissed for this draft.

    At most `MOST_SHOWN` pieces, since more at a time would be nagging; none for a draft in which nothing was written
    yet.
    """
    if is_untouched(draft, framework):
        return []
    subject = Subject(tidied(draft, framework), framework, language_of(draft, framework), setting)
    if is_small_talk(subject.task):
        return []
    found = {key: advice for key, rule in RULES.items() if (advice := rule(subject))}
    return [
        advice
        for key, advice in found.items()
        if key not in draft.dismissed and not _SAID_BY.get(key, set()) & found.keys()
    ]
