"""Advice on the wording of a prompt: words that wait for others, go against each other, or say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.core.advice.piece import Advice, AdviceKey, Subject
from desktop.core.prompts.prompt import FieldKind

_WORDING = (FieldKind.TASK, FieldKind.FORMAT, FieldKind.TONE, FieldKind.PERSONA, FieldKind.OTHER)

_BLANK = re.compile(r"\{\{[^{}\n]{0,40}\}\}")  # of a recipe
_PLACEHOLDER = re.compile(
    r"\b[Xx]{3,}\b|×{2,}|_{4,}|\bTODO\b|\bTBD\b|某某|\[(?:(?:your|the|insert|enter"
    r"|recipient'?s?|customer'?s?|company)\s+)?(?:name|date|company|recipient|product|topic|place|address|amount"
    r"|number|title|time|city|customer|subject|text|deadline|insert[^\[\]\n]{0,30}|\.{3}|…)\]|<(?:your "
    r"|insert )?(?:name|date|company|recipient|product|topic|amount|city|customer)>|[\[【［(（](?:你的|您的|请?填写"
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


def placeholder_left(subject: Subject) -> Advice | None:
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


def vague_word(subject: Subject) -> Advice | None:
    for each, text in subject.words(FieldKind.TASK, FieldKind.FORMAT, FieldKind.TONE):
        if found := _VAGUE.fullmatch(_wish(text).strip(" .!。！")):
            return Advice(AdviceKey.VAGUE_WORD, each.key, {"found": found["found"] or found["how"]})
    return None
