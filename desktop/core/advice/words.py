"""Advice on the wording of a prompt: the tasks it asks for, and the words it asks in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.core.advice.lexicon import asks_for_something, deliverables, is_english, word_count
from desktop.core.advice.missing import BRINGS_ITS_TEXT, material_field
from desktop.core.advice.piece import Advice, AdviceKey, Subject
from desktop.core.prompts.prompt import FieldKind
from desktop.core.text.late_regex import late_regex
from desktop.core.text.scripts import is_chinese

_SHORT_TASK = 400  # characters; a longer one brings with it what it speaks of
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

_ENGLISH_REFERENCE = late_regex(
    r"\b(?:this|that|these|those|the (?:following|attached|above|enclosed)) (?:text|e-?mail|mail|message|letter"
    r"|document|article|report|paragraph|sentence|code|table|list|contract|draft|file|page|passage|note|summary"
    r"|translation)s?\b|\bthe \w+ (?:below|above)\b|\bthe (?:following|attached)\b|\b(?:see|as) (?:below|attached)\b",
    re.IGNORECASE,
)
_ENGLISH_PRONOUN = late_regex(
    r"\A\s*(?:(?:please|can you|could you|would you|now|just|help me)[ ,]+)*[a-z-]+(?: (?:up|out|down))? (?P<found>it"
    r"|this|that|these|them)\b(?! (?:is|was|year|week|month|day|morning|evening|time|way|quarter|summer|winter))",
    re.IGNORECASE,
)
_CHINESE_REFERENCE = late_regex(
    r"这[段篇封份张首](?:文字|话|[英中日德法韩俄]文|文章|邮件|信|合同|文件|报告|材料|资料|内容|表格?|代码|稿子?|文本|文档"
    r"|(?![\u4e00-\u9fff]))|这[些个](?:文本|文件|文档|邮件|表格|合同|报告|句子|段落|方案|内容|材料|资料|代码|文章|信)"
    r"|(?:下面|以下|下列|上面|以上|上述|附件)(?:的|中的?|里的?)?(?:这[段篇封份])?(?:文字|文本|文章|邮件|内容|材料"
    r"|资料|合同|报告|表格|段落|句子|代码|文件|文档|话)|\A(?:请|帮我|麻烦你?|把)*(?:[\u4e00-\u9fff]{0,3})它|\A(?:请"
    r"|帮我|麻烦你?)*把这个(?=翻译|改|总结|概括|润色|缩短|整理|校对)"
)
_CONNECTORS = late_regex(
    r"\b(?:and also|and then|also|after that|afterwards|additionally|in addition|as well as|furthermore|besides)\b"
    r"|然后|接着|另外|此外|同时|顺便|还要|并且",
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

_CLAUSES = late_regex(r"[.!?;,\n。！？；，、]+|\b(?:and|or)\b", re.IGNORECASE)
# Of Chinese no bare 不, 别 or 禁止: "不超过 150 字" is a format, "不卑不亢" a tone, "别墅" a house.
_NEGATION = late_regex(
    r"\s*[-*•]?\s*(?:please\s+|it (?:should|must)\s+|the \w+ (?:should|must)\s+)?(?:do not|don't|it (?:shouldn't"
    r"|mustn't)|not(?! (?:more|less"
    r"|longer|shorter|over|under|exceed)\b)|no(?! (?:more|less|longer|later|fewer) than\b)|never|avoid|without"
    r"|neither"
    r"|nor|nothing|must not(?! exceed)|should not(?! exceed)|shouldn't(?! exceed)|mustn't)\b"
    r"|\s*[-*•]?\s*(?:请|也|更|并|千万|绝对)*(?:不要(?!超过|少于|多于|低于|高于)|别(?:再|太|用|写|提|说|加|出现"
    r"|使用|重复|编|像|给|那么"
    r"|过于)|勿|切勿|避免|不得(?!超过|少于|多于)|无需|无须|不必|不用|不允许|不准)",
    re.IGNORECASE,
)

_REFUSED = 2
_REFUSED_MUCH = 3  # that many refusals weigh more than what is wanted beside them
_NAMES_ONLY = 9  # words; a longer text says more than what it is about, in whatever way
_QUOTED = late_regex(r"\"[^\"]{4,}\"|“[^”]{4,}”|「[^」]{4,}」|<<<.*?>>>", re.DOTALL)
_LATER_SENTENCE = late_regex(r"[.?!]\s+\S.{24,}", re.DOTALL)
_COLON = late_regex("[:：]")
_QUOTED_LAST = late_regex(r"\w*\s?[:：]\s*[\"“「].*[\"”」]\s*\Z", re.DOTALL)
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


def nothing_referred_to(subject: Subject) -> Advice | None:
    """Return advice for a pronoun that refers to nothing.

    Pronouns count only where nothing can have been named before: at the beginning of a first message.
    """
    task = subject.task
    has_text = (
        bool(subject.draft.materials or subject.draft.files)
        or not subject.setting.is_first
        or bool(BRINGS_ITS_TEXT.search(task))
    )
    if has_text or len(task) > _SHORT_TASK or subject.has(FieldKind.CONTEXT, FieldKind.OTHER):
        return None
    if is_chinese(task):
        found = _CHINESE_REFERENCE.search(task)
        said = found[0] if found else ""
    else:
        found = None if _LATER_SENTENCE.search(task) else _ENGLISH_PRONOUN.search(task)
        said = found["found"] if found else ""
        if not found and (found := _ENGLISH_REFERENCE.search(task)):
            said = found[0]
    return (
        Advice(AdviceKey.NOTHING_REFERRED_TO, material_field(subject.framework).key, {"found": said}) if said else None
    )


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


def negations_only(subject: Subject) -> Advice | None:
    for each, text in subject.words(FieldKind.TASK, FieldKind.FORMAT, FieldKind.TONE, FieldKind.PERSONA):
        clauses = [clause for clause in _CLAUSES.split(_QUOTED.sub("", text)) if clause.strip()]
        if clauses and all(map(_NEGATION.match, clauses)):
            return Advice(AdviceKey.NEGATIONS_ONLY, each.key, {"found": clauses[0].strip()})
        refused = [clause for clause in clauses[1:] if _NEGATION.match(clause)]
        # An order, and then only what it must not be. What follows a colon, as on a sign, is to be said so.
        outweighs = len(refused) == len(clauses) - 1 or len(refused) >= _REFUSED_MUCH
        if len(refused) >= _REFUSED and outweighs and not _COLON.search(_QUOTED_LAST.sub("", text)):
            return Advice(AdviceKey.NEGATIONS_ONLY, each.key, {"found": refused[0].strip()})
    return None


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
