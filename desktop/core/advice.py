"""Advice on a draft while it is written: rules in their order of usefulness. No model is asked, nothing is sent.

They look at its wording, its parts, its examples, and at what it goes to. The sentences that the user reads are chosen
by key in the window.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from desktop.core.message import Message
from desktop.core.model import ModelInfo
from desktop.core.models.facts import ModelFacts, Reasoning, can_be_kept_from_reasoning, reasons_by_itself
from desktop.core.personal_data import Masks, find_personal
from desktop.core.place import Place, PlaceKind
from desktop.core.prompts.freeform_parser import turned_round
from desktop.core.prompts.prompt import (
    Example,
    FieldKind,
    Language,
    PromptDraft,
    PromptField,
    PromptFramework,
    Wording,
    is_untouched,
    tidied,
)
from desktop.core.prompts.render import language_of
from desktop.core.reply import reasoning_share_of
from desktop.core.request import ThinkingMode
from desktop.core.tasks.kinds import OfficeTask
from desktop.core.tasks.lacking import LIKELY, missing_text
from desktop.core.tasks.office import recognised_task
from desktop.core.text.scripts import LANGUAGES, LANGUAGES_ZH, count_han, is_chinese, is_english
from desktop.core.text.tokens import estimate_tokens

# How much of a text is looked at, in characters. Advice is given while somebody types, and texts may have megabytes;
# words of one's own that are longer than a page are pasted, and are said to be too long.
LOOKED_AT = 2_000

Fix = Callable[[PromptDraft], PromptDraft]


class AdviceKey(StrEnum):
    """Advice that can be given, the most useful first. In brackets: values, fix.

    Keys are stored with drafts, as dismissed.
    """

    PERSONAL_DATA = "personal_data"  # goes to the internet (found: sample, count, host; fix: masks)
    TOO_LONG = "too_long"  # for the model's context (tokens, context)
    MATERIAL_WITHOUT_TASK = "material_without_task"  # much to read and nothing to do
    PLACEHOLDER_LEFT = "placeholder_left"  # (found)
    TEXT_MISSING = "text_missing"  # what the task is to be done with (found)
    THINKS_BY_ITSELF = "thinks_by_itself"  # the model; chain of thought is not needed (model; fix: off)
    CONTRADICTION = "contradiction"  # (first, second)
    EXAMPLE_INCOMPLETE = "example_incomplete"  # (number)
    LANGUAGE_UNSAID = "language_unsaid"  # words in one language, material in another (fix: says it)
    SAME_LANGUAGE = "same_language"  # a translation into the language that the text is in (fix: into the other)
    NO_CONTEXT = "no_context"  # of something that is to be written
    VAGUE_WORD = "vague_word"  # "better", as all that is wished (found)


@dataclass(frozen=True, slots=True)
class Advice:
    """Suggestion that would make a draft better.

    `field`: the key of the part that it is about; empty for the whole. `values`: what the sentence names. `fix`: does
    it, where that is possible; given the draft as it then is.
    """

    key: AdviceKey
    field: str = ""
    values: Mapping[str, str | int | float] = dataclasses.field(default_factory=dict)
    fix: Fix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSetting:
    """Destination of a prompt. `system`: that of the conversation.

    `window`: the tokens that the model holds now, where that is known.
    `thinking_off`: a model that can be kept from reasoning is. `is_first`: nothing was said before in the conversation.
    `file_tokens`: of the files that go along.
    """

    model: ModelInfo | None = None
    window: int | None = None
    place: Place | None = None
    system: str = ""
    thinking_off: bool = False
    is_first: bool = True
    file_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Subject:
    """Input of a rule: a tidied draft with its framework, its language, and its destination."""

    draft: PromptDraft
    framework: PromptFramework
    language: Language
    setting: PromptSetting

    @property
    def task(self) -> str:
        return self.draft.text(self.framework.task.key)[:LOOKED_AT]

    @property
    def task_key(self) -> str:
        return self.framework.task.key

    def words(self, *kinds: FieldKind) -> Iterator[tuple[PromptField, str]]:
        """Yield the user's own words in the fields of these kinds, or in all.

        Not the texts that a framework begins with.
        """
        for each in self.framework.fields:
            text = self.draft.text(each.key)
            if text and (not kinds or each.kind in kinds) and text not in (each.start.en, each.start.zh):
                yield each, text[:LOOKED_AT]

    def all_words(self) -> str:
        """Return all that is said in words, the framework's too."""
        return "\n".join(self.draft.text(each.key)[:LOOKED_AT] for each in self.framework.fields)

    def has(self, *kinds: FieldKind) -> bool:
        """Return True if a field of these kinds is filled."""
        keys = {each.key for each in self.framework.of_kind(*kinds)}
        given = {each.field for each in self.draft.materials} | {each.field for each in self.draft.files}
        return bool(keys & (self.draft.texts.keys() | given))


Rule = Callable[[Subject], Advice | None]


_WORDING = (FieldKind.TASK, FieldKind.FORMAT, FieldKind.TONE, FieldKind.PERSONA, FieldKind.OTHER)

_BLANK = re.compile(r"\{\{[^{}\n]{0,40}\}\}")  # of a recipe
_PLACEHOLDER = re.compile(
    r"\b[Xx]{3,}\b|×{2,}|_{4,}|\bTODO\b|\bTBD\b|某某|\[(?:(?:your|the|insert|enter"
    r"|recipient'?s?|customer'?s?|company)\s+)?(?:name|date|company|recipient|product|topic|place|address|amount"
    r"|number|title|time|city|customer|subject|text|deadline|insert[^\[\]\n]{0,30}|\.{3}|…)\]"
    r"|[\[【［(（](?:你的|您的|请?填写"
    r"|插入)?(?:姓名|名字|日期|公司(?:名称)?|收件人|产品(?:名称)?|主题|地点|地址|金额|数量|时间|客户(?:名称)?|待填"
    r"|填写[^\]】］)）\n]{0,12})[\]】］)）]",
    re.IGNORECASE,
)


# Wishes that cannot both be met, each with those that it goes against.
_AGAINST = tuple(
    (re.compile(one, re.IGNORECASE), re.compile(other, re.IGNORECASE))
    for one, other in (
        (r"\bformal(?:ly)?\b", r"\b(?:informal(?:ly)?|casual(?:ly)?|chatty|colloquial|slang|laid-back)\b"),
        (
            r"\b(?:brief(?:ly)?|concise(?:ly)?|(?<!at )(?<!on )(?<!such )short(?![- ]term|s? of| list| film|age)"
            r"|in (?:one|a single) sentence|in a few words|as short as possible)\b",
            r"\b(?:detailed(?! (?:report|document|minutes|notes|text|mail|contract|offer|plan|list)\b)"
            r"|in (?:great )?detail|comprehensive(?:ly)?|exhaustive(?:ly)?|in[- ]depth|thorough(?:ly)?|elaborate"
            r"|at length)\b",
        ),
        (
            r"\b(?:for (?:absolute )?beginners|in (?:plain|simple) (?:words|language|terms)|for lay(?:men|people"
            r"| readers))\b",
            r"\b(?:for experts|(?:use|with) (?:technical terms|jargon)|scientific(?:ally)?|highly technical)\b",
        ),
        ("正式", "随意|口语化|轻松|俏皮|网络用语"),
        ("简短|简洁|精简|一句话|尽量短|言简意赅", "详细|详尽|全面|深入|面面俱到"),
        ("严肃|庄重", "幽默|搞笑|俏皮|活泼"),
    )
)
_NOT = re.compile(
    r"(?:\b(?:not|no|never|without|instead of|rather than|avoid|less|nor|isn't|don't be|than|from|neither"
    r"|nothing)(?: (?:too|be|very|overly|an?|in))*\s*|(?:不要?|别|避免|而非|而不是|不能|不必|无需|不用)(?:太|过于"
    r"|过分|那么|写得|用|讲)*)\Z",
    re.IGNORECASE,
)


# One light and one formal: two versions do not contradict each other.
_VERSIONS = re.compile(
    r"\b(?:versions?|variants?|options)\b|\bone\b.{1,60}?\b(?:one|other)\b|[两二三几]种|版|一[种个份篇].{1,20}?一[种个份篇]",
    re.IGNORECASE,
)
# What follows is what is worked on.
_END_OF_WISH = re.compile(r"[:：\n\"“「]")
# The whole of a wish.
_VAGUE = re.compile(
    r"(?:(?:please|pls|can you|could you|help me|just)[ ,]+)*(?:(?:make|write|get|phrase) (?:it|this|that"
    r"|(?:the|my|our|this) [\w-]+)(?: (?:sound|look|read))? )?(?:a (?:bit|little) |much |more |really |very )?"
    r"(?P<found>better|nicer?|good|great|perfect|cool|catchy|appealing|awesome|amazing|interesting|beautiful)"
    r"(?: (?:please|pls))?"
    r"|(?:请你?|帮我|帮忙|麻烦你?)*(?:[把将][^，。\n]{1,10}?)?(?:[改写弄做]得?|变得?)?"
    r"(?P<how>(?:更|再)?好一?[些点]|更好|更棒|好看一?[些点]?|漂亮一?[些点]?|高大上一?[些点]?|高级一?[些点]|完美一?[些点]?"
    r"|(?:优化|改进|完善)一下)(?:这[篇封份段个][^，。\n]{1,4})?(?:吧|谢谢)?",
    re.IGNORECASE,
)


def _wish(text: str) -> str:
    """Return the user's own words, without what is quoted, listed or pasted behind them."""
    return _END_OF_WISH.split(text, maxsplit=1)[0]


def _placeholder_left(subject: Subject) -> Advice | None:
    for each, text in subject.words():
        if found := _BLANK.search(text) or _PLACEHOLDER.search(_wish(text)):
            return Advice(AdviceKey.PLACEHOLDER_LEFT, each.key, {"found": found[0]})
    return None


def contradiction(subject: Subject) -> Advice | None:
    said = [(each.key, _wish(text)) for each, text in subject.words(*_WORDING)]
    if any(_VERSIONS.search(text) for _, text in said):
        return None
    for one, other in _AGAINST:
        first = next(((key, found) for key, text in said for found in _wished(one, text)), None)
        second = next(((key, found) for key, text in said for found in _wished(other, text)), None)
        if first and second:
            return Advice(AdviceKey.CONTRADICTION, second[0], {"first": first[1], "second": second[1]})
    return None


def _wished(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield the matches of a pattern, without those that are said not to be wanted."""
    for found in pattern.finditer(text):
        if not _NOT.search(text[max(0, found.start() - 30) : found.start()]):
            yield found[0]


def _vague_word(subject: Subject) -> Advice | None:
    for each, text in subject.words(FieldKind.TASK, FieldKind.FORMAT, FieldKind.TONE):
        if found := _VAGUE.fullmatch(_wish(text).strip(" .!。！")):
            return Advice(AdviceKey.VAGUE_WORD, each.key, {"found": found["found"] or found["how"]})
    return None


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
    rf"\b(?:{LANGUAGES}|translat\w+|language)\b|(?:{LANGUAGES_ZH})[文语]|译|语言",
    re.IGNORECASE,
)

_TRANSLATES = re.compile(r"\btranslat(?:e|ion)\b|翻译|译成|译为", re.IGNORECASE)
_ANSWER_LANGUAGE = Wording("Answer in English.", "请用中文回答。")


def _material_without_task(subject: Subject) -> Advice | None:
    """Return advice for material without a word on what to do with it."""
    draft = subject.draft
    if not any(each.text for each in draft.materials) or any(draft.texts.values()):
        return None
    return Advice(AdviceKey.MATERIAL_WITHOUT_TASK, subject.task_key)


def _language_unsaid(subject: Subject) -> Advice | None:
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


def _same_language(subject: Subject) -> Advice | None:
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


def _no_context(subject: Subject) -> Advice | None:
    """Return advice for a few words that name what is to be written, where nothing else is said or given."""
    places, draft, task = subject.framework.of_kind(FieldKind.CONTEXT), subject.draft, subject.task
    is_asked_for = subject.framework.is_ready_made and any(each.required for each in places)
    if not places or is_asked_for or not subject.setting.is_first or draft.materials or draft.files or draft.examples:
        return None
    if subject.has(FieldKind.CONTEXT) or not _BARE.fullmatch(task):
        return None
    is_bare = count_han(task) <= _BARE_CHINESE if is_chinese(task) else len(task.split()) <= _BARE_ENGLISH
    return Advice(AdviceKey.NO_CONTEXT, places[0].key) if is_bare else None


def _example_incomplete(subject: Subject) -> Advice | None:
    """Return advice for the first incomplete example.

    An output alone shows the form, and is complete enough where it is the only one.
    """
    examples = subject.draft.examples
    for number, each in enumerate(examples, start=1):
        if not each.output or (not each.input and len(examples) > 1):
            return Advice(AdviceKey.EXAMPLE_INCOMPLETE, _examples_key(subject.framework), {"number": number})
    return None


def _examples_key(framework: PromptFramework) -> str:
    return next((each.key for each in framework.of_kind(FieldKind.EXAMPLES)), "")


# Room that an answer needs in the context, in tokens: half a page.
_ROOM_FOR_ANSWER = 500
_LOOKED_AT_FOR_PERSONS = 100_000  # a leak is worse than a late key stroke, but a pasted book must not stop the window

_STEP_BY_STEP = re.compile(
    r"\bstep[- ]by[- ]step\b|\bthink (?:it )?(?:through|carefully)\b|一步一步|逐步(?:思考|推理)|仔细思考", re.IGNORECASE
)


def personal_data(subject: Subject) -> Advice | None:
    place = subject.setting.place
    if place is None or place.kind is not PlaceKind.INTERNET:
        return None
    draft = subject.draft
    pasted = [*(each.text for each in draft.materials), *("\n".join(each.texts) for each in draft.examples)]
    left, count, first = _LOOKED_AT_FOR_PERSONS, 0, ""
    for text in (*draft.texts.values(), *pasted):
        found = find_personal(text[:left])
        left = max(0, left - len(text))
        count += len(found)
        first = first or (found[0].text if found else "")
    if not count:
        return None
    framework = subject.framework
    values: dict[str, str | int | float] = {"found": first, "count": count, "host": place.host}
    return Advice(AdviceKey.PERSONAL_DATA, values=values, fix=lambda draft: _masked(draft, framework))


def _masked(draft: PromptDraft, framework: PromptFramework) -> PromptDraft:
    masks = Masks(language_of(draft, framework))
    return replace(
        draft,
        texts={key: masks.mask(text) for key, text in draft.texts.items()},
        materials=tuple(replace(each, text=masks.mask(each.text)) for each in draft.materials),
        examples=tuple(Example(*map(masks.mask, (each.input, each.output, each.reasoning))) for each in draft.examples),
    )


def _too_long(subject: Subject) -> Advice | None:
    context = subject.setting.window
    if not context:
        return None
    draft = subject.draft
    examples = (text for each in draft.examples for text in each.texts)
    texts = (subject.setting.system, *draft.texts.values(), *(each.text for each in draft.materials), *examples)
    tokens = round(sum(map(estimate_tokens, texts))) + subject.setting.file_tokens
    if tokens + min(_ROOM_FOR_ANSWER, context // 4) <= context:
        return None
    return Advice(AdviceKey.TOO_LONG, values={"tokens": tokens, "context": context})


def _thinks_by_itself(subject: Subject) -> Advice | None:
    """Return advice for a model that reasons by itself while the draft asks for it, too.

    The fix switches the chain of thought off; there is none where the request stands in the user's own words.
    """
    model = subject.setting.model
    if model is None or not _reasons(subject):
        return None
    values = {"model": model.title}
    if subject.draft.chain_of_thought:
        return Advice(
            AdviceKey.THINKS_BY_ITSELF, values=values, fix=lambda draft: replace(draft, chain_of_thought=False)
        )
    said = next((each.key for each, text in subject.words() if _STEP_BY_STEP.search(text)), None)
    return Advice(AdviceKey.THINKS_BY_ITSELF, said, values) if said else None


def _reasons(subject: Subject) -> bool:
    """Return True if the model will reason, as the conversation is set."""
    model = subject.setting.model
    kept_from_it = subject.setting.thinking_off and can_be_kept_from_reasoning(model)
    return reasons_by_itself(model) and not kept_from_it


_TOLD = 120  # characters of context that may tell of the thing without being it; a Chinese one counts three times


def text_missing(subject: Subject) -> Advice | None:
    """Return advice for a task that likely speaks of a text, or points to one, which is not there."""
    if subject.draft.materials or subject.draft.files or not subject.setting.is_first:
        return None
    if subject.framework.is_ready_made and _material_field(subject.framework).required:
        return None  # its form asks for it anyway, and nothing is sent without
    told = "".join(text for _, text in subject.words(FieldKind.CONTEXT, FieldKind.OTHER))
    if len(told) + 2 * count_han(told) > _TOLD:
        return None
    thing = missing_text(subject.task, LIKELY)
    return Advice(AdviceKey.TEXT_MISSING, _material_field(subject.framework).key, {"found": thing}) if thing else None


def _material_field(framework: PromptFramework) -> PromptField:
    """Return the field where material is to be given: that of a framework which has one, else the task's."""
    return next(iter(framework.of_kind(FieldKind.MATERIAL)), framework.task)


MOST_SHOWN = 3

RULES: dict[AdviceKey, Rule] = {
    AdviceKey.PERSONAL_DATA: personal_data,
    AdviceKey.TOO_LONG: _too_long,
    AdviceKey.MATERIAL_WITHOUT_TASK: _material_without_task,
    AdviceKey.PLACEHOLDER_LEFT: _placeholder_left,
    AdviceKey.TEXT_MISSING: text_missing,
    AdviceKey.THINKS_BY_ITSELF: _thinks_by_itself,
    AdviceKey.CONTRADICTION: contradiction,
    AdviceKey.EXAMPLE_INCOMPLETE: _example_incomplete,
    AdviceKey.LANGUAGE_UNSAID: _language_unsaid,
    AdviceKey.SAME_LANGUAGE: _same_language,
    AdviceKey.NO_CONTEXT: _no_context,
    AdviceKey.VAGUE_WORD: _vague_word,
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


_LEAST = 6  # characters; of fewer nobody can tell
_SENTENCE = 300  # of a line in which the task is looked for


class TaskKind(StrEnum):
    """Kind of task. The first three are better done by a model that thinks; for the others a quick one will do.

    Its values are stored with the model that the user took for it.
    """

    SUMS = "sums"
    LOGIC = "logic"
    CODE = "code"
    TRANSLATION = "translation"
    SUMMARY = "summary"
    LETTER = "letter"

    @property
    def wants_thinking(self) -> bool:
        return self in (TaskKind.SUMS, TaskKind.LOGIC, TaskKind.CODE)


_A_SUM = re.compile(r"\d\s*[×÷*]\s*\d|\d [x+-] \d|\d\s*%\s*of\b")
_CODE = re.compile(
    r"\b(?:python|javascript|typescript|sql|vba|regex|regular expression|excel formula|shell script|unit tests?"
    r"|stack ?trace|traceback|refactor|debug|write (?:a |the )?(?:function|script|macro|query|program))\b"
    r"|代码|编程|函数|脚本|宏命令|正则|调试|报错",
    re.IGNORECASE,
)
_LOGIC = re.compile(
    r"\b(?:prove|proof that|derive|deduce|logic(?:al)? (?:puzzle|problem)|riddle|puzzle|step[- ]by[- ]step"
    r"|work out (?:a )?(?:rota|roster|schedule|plan)|find the (?:mistake|error|contradiction)"
    r"|which (?:offer|option|supplier|variant) is (?:cheaper|better|best)|weigh up|root cause)\b"
    r"|证明|推导|推理|逻辑题|谜题|一步一步|逐步分析|排班|找出?(?:矛盾|错误|漏洞)|哪个(?:方案|报价|选项)(?:更|最)"
    r"|权衡|根本原因",
    re.IGNORECASE,
)
_OF_OFFICE_TASK: Final[dict[OfficeTask | None, TaskKind]] = {
    OfficeTask.TRANSLATE: TaskKind.TRANSLATION,
    OfficeTask.SUMMARISE: TaskKind.SUMMARY,
    OfficeTask.MINUTES: TaskKind.SUMMARY,
    OfficeTask.WRITE_MAIL: TaskKind.LETTER,
    OfficeTask.ANSWER_MAIL: TaskKind.LETTER,
    OfficeTask.ANSWER_COMPLAINT: TaskKind.LETTER,
    OfficeTask.INVITATION: TaskKind.LETTER,
    OfficeTask.NOTICE: TaskKind.LETTER,
    OfficeTask.FORMULA: TaskKind.CODE,
    OfficeTask.CHECK_FIGURES: TaskKind.SUMS,
}


def kind_of_task(text: str) -> TaskKind | None:
    """Return the kind of task that a text asks for; None where that can't be told.

    Only what stands at its beginning and at its end is looked at: in between stands what was pasted.
    """
    words = text.strip()
    if len(words) < _LEAST:
        return None
    lines = [line for line in words[:LOOKED_AT].splitlines() if line.strip()]
    asked = "\n".join([lines[0][:_SENTENCE], *(line[-_SENTENCE:] for line in lines[1:][-1:])])
    if _CODE.search(asked):
        return TaskKind.CODE
    # A letter about numbers is a letter: what is written comes before what is counted.
    kind = _OF_OFFICE_TASK.get(recognised_task(asked))
    if kind in (None, TaskKind.SUMS) and _LOGIC.search(asked):
        return TaskKind.LOGIC
    return kind or (TaskKind.SUMS if _A_SUM.search(asked) else None)


_MOSTLY = 0.8  # of an answer's tokens: more thinking than that, for a task that needs none, has cost more than it gave
_LEAST_SECONDS = 5.0  # of thinking; less is not worth a word
_TINY = 3_000_000_000  # weights, below which figures and logic are luck


class HintKind(StrEnum):
    """Kind of a word."""

    THINK_FIRST = "think_first"  # the model does not think by itself, and can be asked to
    NO_THINKING = "no_thinking"  # it thought for most of the answer, and need not have
    DISTILLED = "distilled"  # a small model that learned from a large one
    TINY = "tiny"


@dataclass(frozen=True, slots=True)
class TaskHint:
    """Word on model and task. `thinking` and `total` are the seconds of the answer, for `NO_THINKING`."""

    kind: HintKind
    thinking: float = 0.0
    total: float = 0.0


def hint_before(kind: TaskKind, facts: ModelFacts, mode: ThinkingMode) -> TaskHint | None:
    """Return the word while a task is written; None where nothing need be said. `mode`: what the user has chosen."""
    if not kind.wants_thinking:
        return None
    if facts.reasoning is Reasoning.NEVER and mode is not ThinkingMode.ON and kind is not TaskKind.CODE:
        return TaskHint(HintKind.THINK_FIRST)
    if facts.distilled is not None:
        return TaskHint(HintKind.DISTILLED)
    is_tiny = facts.parameters is not None and facts.parameters < _TINY
    return TaskHint(HintKind.TINY) if is_tiny else None


def hint_after(kind: TaskKind, answer: Message) -> TaskHint | None:
    """Return the word after an answer: what its thinking has cost, where the task needed none."""
    share, timings = reasoning_share_of(answer), answer.timings
    if kind.wants_thinking or share is None or timings is None:
        return None
    if share <= _MOSTLY or timings.thinking < _LEAST_SECONDS:
        return None
    return TaskHint(HintKind.NO_THINKING, timings.thinking, timings.thinking + timings.answering)
