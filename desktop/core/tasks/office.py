"""The tasks of the office that the program knows, their guides, and how one is recognised while a message is written.

Guides are files, read by `desktop.prompts.texts`; what their answers come to in a draft is `guiding`. A task is
recognised offline in English and Chinese. No language model is asked: each word and piece of a word has learned
weights for each task (`weights.py`); the task that they speak for is the one. Silence is right where a line tells
something, is not clear, or is in a language that is not known here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Final

from desktop.core.context import FileNeed
from desktop.core.prompts.pasted import begins_with_order
from desktop.core.prompts.prompt import Wording
from desktop.core.resources import resource_path
from desktop.core.tasks.kinds import OfficeTask
from desktop.core.text.scripts import count_han, is_chinese, is_english
from desktop.core.text.terms import content_of
from desktop.core.text.weights import LearnedWeights, chinese_features, english_features

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


# The framework made for a task; none for those that the general one suits as well.
_FRAMEWORKS: Final = {
    OfficeTask.ANSWER_COMPLAINT: "complaint",
    OfficeTask.ANSWER_MAIL: "answer_mail",
    OfficeTask.MINUTES: "minutes",
    OfficeTask.TRANSLATE: "translate",
    OfficeTask.PROOFREAD: "proofread",
    OfficeTask.REWRITE: "proofread",
    OfficeTask.CHECK_FACTS: "check_facts",
    OfficeTask.CHECK_FIGURES: "check_sums",
    OfficeTask.CHECK_CONTRACT: "ask_document",
    OfficeTask.CONTRACT_CLAUSE: "contract_clauses",
    OfficeTask.COMPARE: "compare_texts",
    OfficeTask.MAKE_TABLE: "make_table",
    OfficeTask.SUMMARISE: "summarise",
    OfficeTask.EXPLAIN_POLICY: "policy",
    OfficeTask.ASK_DOCUMENT: "ask_document",
    OfficeTask.WEEKLY_REPORT: "weekly_report",
    OfficeTask.SLIDES: "slides",
    OfficeTask.NOTICE: "notice",
    OfficeTask.NAMES: "brainstorm",
    OfficeTask.IDEAS: "brainstorm",
    OfficeTask.PLAN: "plan",
    OfficeTask.EXPLAIN: "explain",
}


def framework_for(task: OfficeTask) -> str:
    """Return the key of the framework that asks for what a task needs; empty where none is made for it."""
    return _FRAMEWORKS.get(task, "")


_LOOKED_AT: Final = 160  # characters of a line: what is ordered stands at its beginning
_MUCH: Final = 60  # characters; a longer line says more than the order
_LEAST_ENGLISH, _LEAST_CHINESE = 8, 3  # characters; less may become anything


class OfficeLanguage(StrEnum):
    """Language in which tasks are recognised, by its name in the files of weights."""

    ENGLISH = "en"
    CHINESE = "zh"


FEATURES: Final[Mapping[OfficeLanguage, Callable[[str], Sequence[str]]]] = {
    OfficeLanguage.ENGLISH: english_features,
    OfficeLanguage.CHINESE: chinese_features,
}
NO_TASK: Final = "none"
LABELS: Final = (*(task.value for task in OfficeTask), NO_TASK)
_SURE: Final = {OfficeLanguage.ENGLISH: 0.3, OfficeLanguage.CHINESE: 0.2}
_NO_TASK_LESS: Final = 1.0  # there are more ways to ask for nothing than were learned, and few of them are typed here

_ASKS = re.compile(
    r"\b(?:please|pls|plz|can y?o?u|could y?o?u|would you|will you|help me|i need|we need|i want|we want|i'd like"
    r"|i would like|i(?:'ve| have) (?:got )?to|i must|we have to|need to|(?:wants?|asked) (?:us|me) to"
    r"|(?:what|which|where|how) (?:do|does|did|should|can|could|might|would)\b)|\?"
    r"|\bneed(?:s)? (?:a|an)\b",
    re.IGNORECASE,
)
_ASKS_CHINESE = re.compile(
    "帮|(?<![邀申宴])请(?![柬帖客])|麻烦|给我|替我|怎么|咋|如何|求|要写|写[一个份篇段封]|拟|起草|我要|需要|想要?|(?:领导|老板|客户|经理|主任|上面)让我"
    "|得写|出[一个份]|来[一个份篇]|整理|[吗呢？?]|讲[讲解一]|说重点|捋|标出来|答到"
)
# Small talk, which is a closed set where orders are not; a single word may be about anything.
_PLAIN = re.compile(
    r"\W*(?:(?:well|good|nice) (?:done|job|work)|welcome(?: back)?|(?:what's|what is|whats) up"
    r"|(?:can we|let's|lets|let us) (?:talk|chat|begin|start)|never mind|not (?:really|yet|now|sure)"
    r"|(?:many )?(?:thanks|thank you)(?: for .{2,30})?|(?:i have |just |one more |another |a |quick )*question|\w+)\W*",
    re.IGNORECASE,
)
_PLAIN_CHINESE = re.compile(
    r"\W*(?:没问题|.{0,3}谢谢[你您们]*|测试(?:一下|消息)?|试(?:一下|试看?)|(?:我?(?:想|再)?(?:有|问)(?:你|您)?(?:一个|个)?(?:小)?问题)"
    r"|(?:你|您)?(?:能|可以)(?:帮(?:我|忙|帮我))吗|重新开始|(?:随便)?聊聊天?|继续(?:说)?)[吧吗呢啊呀\W]*"
)
_CODE = re.compile(r"[{};]\s*$|\bdef \w+\(|\bimport \w+|</?\w+>|=>|\{\{", re.MULTILINE)


_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])")


def recognised_task(text: str) -> OfficeTask | None:
    """Return the task that a message asks for; None if it is none of these, or not sure.

    The order stands in the first line, or below what was pasted, or below a line that says who the model is.
    """
    lines = [each.strip() for each in (text[: 4 * _LOOKED_AT]).splitlines() if each.strip()]
    if not lines:
        return None
    end = text.rstrip()[-4 * _LOOKED_AT :].split("\n")
    last = [
        each.strip() for above, each in pairwise(["", *end]) if each.strip() and (each is end[-1] or not above.strip())
    ]
    others = [each for each in (*last[::-1], *lines[1:2]) if each != lines[0] and begins_with_order(each)]
    candidates = [lines[0], *others] if begins_with_order(lines[0]) else [*others, lines[0]]
    return next(filter(None, map(_task_of_order, candidates)), None)


def guide_for(text: str) -> str:
    """Return the key of the guide for a message: that of its task, else the general one; empty where it says little."""
    if (task := recognised_task(text)) is not None:
        return task.value
    head = text[:_LOOKED_AT]
    is_known = (is_chinese(head) or is_english(head)) and not _CODE.search(head)
    least = _MUCH // 2 if asks(text) else _MUCH
    return GENERAL if is_known and len(head) + 2 * count_han(head) >= least else ""


def asks(text: str) -> bool:
    """Return True if a sentence at the beginning or the end of a message orders something, or is a question."""
    ends = f"{text[: 4 * _LOOKED_AT]}\n{text[4 * _LOOKED_AT :][-4 * _LOOKED_AT :]}"
    said = (each for line in ends.splitlines() for each in _SENTENCE.split(line))
    return any(
        begins_with_order(each)
        or (_ASKS_CHINESE.search(each) is not None if is_chinese(each) else is_english(each) and _ASKS.search(each))
        for each in said
    )


def _task_of_order(line: str) -> OfficeTask | None:
    """Return the task of a line; where it says too much, that of the first of its sentences which asks."""
    sentences = _SENTENCE.split(line[: 4 * _LOOKED_AT]) if len(line) > _MUCH else []
    of_sentences = next(filter(None, map(_task_of_line, filter(_is_asking, sentences))), None)
    of_line = _task_of_line(line)
    return of_sentences or of_line if len(line) > _LOOKED_AT else of_line or of_sentences


def _is_asking(said: str) -> bool:
    return bool(begins_with_order(said) or _ASKS.search(said) or _ASKS_CHINESE.search(said))


def _task_of_line(line: str) -> OfficeTask | None:
    line = line[:_LOOKED_AT]
    if _CODE.search(line):
        return None
    if is_chinese(line):
        if len(line) < _LEAST_CHINESE or count_han(line) < 2 or _PLAIN_CHINESE.fullmatch(line):
            return None
        return _likeliest(line, OfficeLanguage.CHINESE)
    if len(line) < _LEAST_ENGLISH or not is_english(line) or _PLAIN.fullmatch(line):
        return None
    return _likeliest(line, OfficeLanguage.ENGLISH)


def _likeliest(line: str, language: OfficeLanguage) -> OfficeTask | None:
    likely = _likelihoods(line, language)
    best = max(likely, key=likely.__getitem__)
    return OfficeTask(best) if best != NO_TASK and likely[best] >= _SURE[language] else None


def _likelihoods(line: str, language: OfficeLanguage) -> dict[str, float]:
    """Return the likelihood of each label for a line; they add up to one."""
    spoken_for = dict(zip(LABELS, _weights(language).of(FEATURES[language](line), len(LABELS)), strict=True))
    spoken_for[NO_TASK] -= _NO_TASK_LESS
    highest = max(spoken_for.values())
    parts = {label: math.exp(each - highest) for label, each in spoken_for.items()}
    whole = sum(parts.values())
    return {label: part / whole for label, part in parts.items()}


@cache
def _weights(language: OfficeLanguage) -> LearnedWeights:
    return LearnedWeights.from_bytes(resource_path("tasks", f"{language}.weights").read_bytes())


_NEEDS = {
    OfficeTask.SUMMARISE: FileNeed.GIST,
    OfficeTask.MINUTES: FileNeed.GIST,
    OfficeTask.SLIDES: FileNeed.GIST,
    OfficeTask.CHECK_CONTRACT: FileNeed.GIST,
    OfficeTask.CHECK_FIGURES: FileNeed.GIST,
    OfficeTask.TRANSLATE: FileNeed.WORDING,
    OfficeTask.PROOFREAD: FileNeed.WORDING,
    OfficeTask.REWRITE: FileNeed.WORDING,
}


def need_of(question: str) -> FileNeed:
    """Return what the answer to a question needs; a question without a word to look for needs all of the file."""
    task = recognised_task(question)
    if task in _NEEDS:
        return _NEEDS[task]
    return FileNeed.PASSAGES if content_of(question) else FileNeed.GIST
