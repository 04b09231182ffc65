"""Advice on the parts of a prompt: parts that are in another language, or missing."""

from __future__ import annotations

import re

from desktop.core.advice.piece import Advice, AdviceKey, Subject
from desktop.core.prompts.framing import turned_round
from desktop.core.prompts.prompt import FieldKind, Language, PromptDraft, Wording
from desktop.core.text.languages import is_english
from desktop.core.text.scripts import count_han, is_chinese

_BARE_ENGLISH = 9  # words of a request that says what is to be written and hardly more
_BARE_CHINESE = 10  # characters
_BARE = re.compile(
    r"(?:please |can you |could you |help me )*(?:write|draft|make|prepare|create)(?: me| us)? (?:an? |some |our )?"
    r"(?:[\w'’-]+ )??(?:e-?mail|mail|letter|memo|notice|announcement|invitation|speech|presentation|slides|report"
    r"|proposal|policy|plan|post)\b[^,.:;?!\d\"“\n]*[.!]?"
    r"|(?:请你?|帮我|麻烦你?|给我)*(?:写|做|起草|拟|准备)一?[个份篇张封条]?[^，。：；？！、\d“\n]{0,4}?"
    r"(?:邮件|信|通知|公告|邀请函|发言稿|讲话稿|演讲稿|PPT|报告|方案|计划|制度|文案)[。！]?",
    re.IGNORECASE,
)
_LANGUAGE_SAID = re.compile(
    r"\b(?:english|chinese|german|french|spanish|italian|japanese|korean|mandarin|translat\w+|language)\b|中文|英文"
    r"|英语|汉语|译|日文|日语|法语|德语|语言",
    re.IGNORECASE,
)

_TRANSLATES = re.compile(r"\btranslat(?:e|ion)\b|翻译|译成|译为", re.IGNORECASE)
_ANSWER_LANGUAGE = Wording("Answer in English.", "请用中文回答。")


def material_without_task(subject: Subject) -> Advice | None:
    """Return advice for material without a word on what to do with it."""
    draft = subject.draft
    if not any(each.text for each in draft.materials) or any(draft.texts.values()):
        return None
    return Advice(AdviceKey.MATERIAL_WITHOUT_TASK, subject.task_key)


def language_unsaid(subject: Subject) -> Advice | None:
    """Return advice for words in one language and most of the material in the other: the answer may come in either."""
    pasted = "\n".join(each.text[:2_000] for each in subject.draft.materials)
    words = "\n".join(text for _, text in subject.words()) or subject.all_words()
    chinese = subject.language is Language.CHINESE
    foreign = is_english(pasted) if chinese else is_chinese(pasted) and is_english(words)
    if len(pasted) < 20 or not foreign or _LANGUAGE_SAID.search(subject.all_words()):
        return None
    place = next(iter(subject.framework.of_kind(FieldKind.FORMAT)), subject.framework.task).key
    sentence = _ANSWER_LANGUAGE.of(subject.language)
    return Advice(
        AdviceKey.LANGUAGE_UNSAID, place, {"sentence": sentence}, fix=lambda draft: _added(draft, place, sentence)
    )


def same_language(subject: Subject) -> Advice | None:
    """Return advice for a translation into the language that the text is in already."""
    key = subject.task_key
    if not _TRANSLATES.search(subject.task) or not turned_round(subject.task, subject.draft):
        return None
    return Advice(
        AdviceKey.SAME_LANGUAGE,
        key,
        fix=lambda draft: draft.with_text(key, turned_round(draft.text(key), draft) or draft.text(key)),
    )


def _added(draft: PromptDraft, key: str, sentence: str) -> PromptDraft:
    said = draft.text(key).rstrip()
    between = "" if not said else "" if is_chinese(sentence) else " "
    return draft.with_text(key, f"{said}{between}{sentence}")


def no_context(subject: Subject) -> Advice | None:
    """Return advice for a few words that name what is to be written, where nothing else is said or given."""
    places, draft, task = subject.framework.of_kind(FieldKind.CONTEXT), subject.draft, subject.task
    is_asked_for = subject.framework.is_ready_made and any(each.required for each in places)
    if not places or is_asked_for or not subject.setting.is_first or draft.materials or draft.files or draft.examples:
        return None
    if subject.has(FieldKind.CONTEXT) or not _BARE.fullmatch(task):
        return None
    is_bare = count_han(task) <= _BARE_CHINESE if is_chinese(task) else len(task.split()) <= _BARE_ENGLISH
    return Advice(AdviceKey.NO_CONTEXT, places[0].key) if is_bare else None
