"""Advice on the wording of a prompt: the tasks it asks for, and the words it asks in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.core.advice.lexicon import asks_for_something, deliverables, is_english, word_count
from desktop.core.advice.piece import Advice, AdviceKey, Subject
from desktop.core.prompts.prompt import FieldKind
from desktop.core.text.late_regex import late_regex
from desktop.core.text.scripts import is_chinese

_WORDING = (FieldKind.TASK, FieldKind.FORMAT, FieldKind.TONE, FieldKind.PERSONA, FieldKind.OTHER)

_PLACEHOLDER = late_regex(
    r"\{\{[^{}\n]{0,40}\}\}|\b[Xx]{3,}\b|×{2,}|_{4,}|\bTODO\b|\bTBD\b|某某|\[(?:(?:your|the|insert|enter"
    r"|recipient'?s?|customer'?s?|company)\s+)?(?:name|date|company|recipient|product|topic|place|address|amount"
    r"|number|title|time|city|customer|subject|text|deadline|insert[^\[\]\n]{0,30}|\.{3}|…)\]|<(?:your "
    r"|insert )?(?:name|date|company|recipient|product|topic|amount|city|customer)>|[\[【［(（](?:你的|您的|请?填写"
    r"|插入)?(?:姓名|名字|日期|公司(?:名称)?|收件人|产品(?:名称)?|主题|地点|地址|金额|数量|时间|客户(?:名称)?|待填"
    r"|填写[^\]】］)）\n]{0,12})[\]】］)）]",
    re.IGNORECASE,
)


# Wishes that cannot both be met, each with those that it goes against.
_AGAINST = tuple(
    (late_regex(one, re.IGNORECASE), late_regex(other, re.IGNORECASE))
    for one, other in (
        (r"\bformal(?:ly)?\b", r"\b(?:informal(?:ly)?|casual(?:ly)?|chatty|colloquial|slang|laid-back)\b"),
        (
            r"\b(?:brief(?:ly)?|concise(?:ly)?|(?<!at )(?<!on )(?<!such )short(?![- ]term|s? of| list| film|age)"
            r"|in (?:one|a single) sentence|in a few words|as short as possible)\b",
            r"\b(?:detailed(?! (?:report|document|minutes|notes|text|mail|contract|offer|plan|list)\b)"
            r"|in (?:great )?detail|comprehensive(?:ly)?|exhaustive(?:ly)?|in[- ]depth|thorough(?:ly)?|elaborate"
            r"|at length)\b",
        ),
        (r"\bserious(?:ly)?\b", r"\b(?:funny|humorous(?:ly)?|witty|playful(?:ly)?|joking(?:ly)?)\b"),
        (
            r"\b(?:for (?:absolute )?beginners|in (?:plain|simple) (?:words|language|terms)|for lay(?:men|people"
            r"| readers))\b",
            r"\b(?:for experts|(?:use|with) (?:technical terms|jargon)|scientific(?:ally)?|highly technical)\b",
        ),
        (
            r"\b(?:bullet points?|bulleted|numbered list)\b",
            r"\b(?:running text|continuous (?:text|prose)|flowing text)\b",
        ),
        ("正式", "随意|口语化|轻松|俏皮|网络用语"),
        ("简短|简洁|精简|一句话|尽量短|言简意赅", "详细|详尽|全面|深入|面面俱到"),
        ("严肃|庄重", "幽默|搞笑|俏皮|活泼"),
        ("通俗|大白话|浅显|外行", "专业术语|学术|面向专家"),
        ("分条|要点列表|项目符号|列表", "连贯的?(?:文字|段落)|一整段|不分段"),
    )
)
_NOT = late_regex(
    r"(?:\b(?:not|no|never|without|instead of|rather than|avoid|less|nor|isn't|don't be|than|from|neither"
    r"|nothing)(?: (?:too|be|very|overly|an?|in))*\s*|(?:不要?|别|避免|而非|而不是|不能|不必|无需|不用)(?:太|过于"
    r"|过分|那么|写得|用|讲)*)\Z",
    re.IGNORECASE,
)


_NAMES_ONLY = 9  # words; a longer text says more than what it is about, in whatever way
_QUOTED = late_regex(r"\"[^\"]{4,}\"|“[^”]{4,}”|「[^」]{4,}」|<<<.*?>>>", re.DOTALL)
_VAGUE = late_regex(
    r"\b(?:better(?! than)|nicer|nice|good(?! (?:morning|afternoon|evening|day|customers?|friends?|reasons?|deal"
    r"|faith|news|luck|practice|old|terms|example)\b)|great(?! detail)|perfect|optimal(?:ly)?|cool|catchy|appealing"
    r"|decent|awesome|amazing|interesting|beautiful(?:ly)?|properly|high[- ]quality)\b|(?:更|再|尽量|写得"
    r"|做得)?好一?[些点]|更好|更棒|好看|漂亮|高大上|有吸引力|完美(?!日记|主义|世界)|高质量(?!发展)|有趣|优化一下"
    r"|改进一下|完善一下"
    r"|(?:高端|优质)(?:一[点些]|的?(?:感觉|文案|海报|文字|内容|效果))|合适的|高级一点|有点?感觉|\bsome kind of\b",
    re.IGNORECASE,
)
# They leave open how much, or when.
_UNMEASURED = late_regex(
    r"尽快|过一?阵子?|过段时间|\bsoon\b|\bin (?:reasonable|due) time\b|\bin a while\b"
    r"|\bsome (?:days|weeks|time|months)\b",
    re.IGNORECASE,
)
# "as good as", "which is better": a comparison is asked for.
_COMPARED = late_regex(
    r"(?:\bas|\bwhich(?: (?:one|offer|text|version))?(?: (?:is|are|would be|works))?|\bhow|\bwhat is|哪[个份种]|是否"
    r"|有多)\s*\Z",
    re.IGNORECASE,
)


def placeholder_left(subject: Subject) -> Advice | None:
    for each, text in subject.words():
        if found := _PLACEHOLDER.search(text):
            return Advice(AdviceKey.PLACEHOLDER_LEFT, each.key, {"found": found[0]})
    return None


def no_verb(subject: Subject) -> Advice | None:
    said = _QUOTED.sub("", subject.task).strip()
    if not said or asks_for_something(said) or (said == subject.task and word_count(said) > _NAMES_ONLY):
        return None
    return Advice(AdviceKey.NO_VERB, subject.task_key)


def several_tasks(subject: Subject) -> Advice | None:
    if subject.task in (subject.framework.task.start.en, subject.framework.task.start.zh):
        return None
    asked = deliverables(subject.task)
    if len(asked) < 2:
        return None
    return Advice(AdviceKey.SEVERAL_TASKS, subject.task_key, {"first": asked[0], "second": asked[1]})


def contradiction(subject: Subject) -> Advice | None:
    said = [(each.key, text) for each, text in subject.words(*_WORDING)]
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


def vague_word(subject: Subject) -> Advice | None:
    for each, text in subject.words(FieldKind.TASK, FieldKind.FORMAT, FieldKind.TONE):
        if not is_chinese(text) and not is_english(text):
            continue
        for found in _VAGUE.finditer(text):
            if not _COMPARED.search(text[max(0, found.start() - 24) : found.start()]):
                return Advice(AdviceKey.VAGUE_WORD, each.key, {"found": found[0]})
        if unmeasured := _UNMEASURED.search(text):
            return Advice(AdviceKey.VAGUE_WORD, each.key, {"found": unmeasured[0], "measure": 1})
    return None
