"""Advice on the parts of a prompt: parts that are misplaced, doubled, without a fence, or missing."""

from __future__ import annotations

import re

from desktop.core.advice.lexicon import asks_for_something, is_english, wants_a_text, word_count
from desktop.core.advice.piece import Advice, AdviceKey, Subject
from desktop.core.prompts.framing import turned_round
from desktop.core.prompts.prompt import FieldKind, Language, PromptDraft, Wording
from desktop.core.text.late_regex import late_regex
from desktop.core.text.scripts import count_han, is_chinese

_WORDS_WITH_CONTEXT = 25  # a longer task has said something of the case
_PASTED = 300  # characters below a line that announces them: no longer words of one's own
_RUNS_ON_CHINESE = 28  # characters without a mark
_RUNS_ON_ENGLISH = 22  # words without a mark
_CHINESE_RUN_ON = late_regex(
    r"[^，。：:；！？、“”\"\n]{0,8}?(?:总结成|概括成|翻译?成|翻译|译成|改得|改成|改写|润色|校对|纠正|这[句段]有没有)"
    r"[^，。：:；！？、“”\"\n]*[。！？]?\Z"
)
_ENGLISH_ORDER = (
    r"(?:please |can you |could you )*(?:(?:make|is|translate|correct|rewrite|proofread|shorten|summari[sz]e)"
    r" (?:this|it|to|into|in|for|the)|(?:make|check|shorten|translate|summari[sz]e|correct|proofread|rewrite)\b)"
)
_ENGLISH_RUN_ON = late_regex(rf"{_ENGLISH_ORDER}[^.,:;!?\"“”\n]{{90,}}[.!?]?\Z", re.IGNORECASE)
# The second sentence begins with a capital letter, and nothing parts it from the first.
_ENGLISH_SECOND_SENTENCE = late_regex(
    rf"(?i:{_ENGLISH_ORDER})[\w ]{{0,40}}? (?:The|We|Our|Please|You|I|They|It|Dear|Hi|Hello|Thank|There)"
    r" [^:\n\"“]{40,}\Z"
)
_MATERIAL_OUTWEIGHS = 5  # times as long as the words

_FORMAT_SAID = late_regex(
    r"\b\d+[- ](?:second|minute|word|page|line|slide|sentence|point)s?\b|[\d一二两三四五六七八九十]+(?:分钟|秒)"
    r"|\b(?:\d+|one|two|three|four|five|six|seven|eight|ten|a few|a couple of) (?:\w+ ){0,2}(?:words?|sentences?"
    r"|lines?"
    r"|paragraphs?|points?|pages?|bullets?|items?|characters?|ideas?|names?|questions?|titles?|headlines?|steps?"
    r"|versions?|examples?|reasons?)\b|\b(?:an? (?:\w+ ){0,2}(?:table|list|mail|e-?mail|letter|reply|outline|agenda"
    r"|paragraph|sentence|heading|headline|title|name|number|slogan|poem|speech|notice|checklist|template|form"
    r"|translation|csv|json))\b|\b(?:bullet(?:ed| points?)|tables?|csv|json|markdown|html|yes or no|list of|briefly"
    r"|timetable|grid|diagram|in rows|show the sums|(?:step|week|day) by (?:step|week|day)"
    r"|with \w+, \w+ and \w+|in short|translate|proofread|correct|fix|edit"
    r"|polish|rewrite|shorten|e-?mail)\b"
    r"|[一二两三四五六七八九十百千\d]+\s?[个条句段页行点项种步字]|\d{1,5}\s{0,4}字"
    r"|(?:不超过|不少于|不多于|不低于|至少|最多|最少|控制在)\s*[一二两三四五六七八九十百千\d]"
    r"|名字|名称|口号|错别字|译[成为出]|表格|列表|清单|列出|邮件|回信|回复|信|通知|提纲|大纲|标题|一句话|分点|翻译|校对|改正|润色"
    r"|改写|缩短"
    r"|简短|简要|时间表|排成|一览|步骤|对照|JSON|CSV"
    r"|Markdown",
    re.IGNORECASE,
)
_QUESTION = late_regex(
    r"[?？]\s*\Z|\A\s*(?:what|who|when|where|why|which|how|is|are|does|do)\b|什么是|还是|比较一下"
    r"|多[高大远久重长深快少]|什么(?:意思|区别)|有什么|哪[个些里]|对不对|怎么办|要几天|差多少",
    re.IGNORECASE,
)
# Figures, days, limits, and words in quotes; what follows a colon is the case itself.
_DETAIL = late_regex(
    r"\d+(?:[.,:]\d+)*|\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|yesterday|because"
    r"|at most|mr|ms|mrs)\b"
    r"|周[一二三四五六日天]|明天|后天|昨天|因为|以内|[一二两三四五六七八九十百千]+(?:[句行字页人天周个月年小]"
    r"|分钟)|“[^”]{2,20}”|\"[^\"]{2,40}\"",
    re.IGNORECASE,
)
_LENGTH_SAID = late_regex(
    r"\d+[- ]?(?:words?|sentences?|lines?|minutes?|pages?|points?)|[\d一二两三四五六七八九十]+(?:字|句|行|页|分钟)"
)
_CASE = late_regex(r"[:：]\s*\S.{8,}")
# What is written has a form that its name says: a limit of some words would do harm there.
_FORM_BY_NATURE = late_regex(
    r"\b(?:write|draft|compose|prepare|make|create|plan|put together|set up|draw up)\b[^.?!\n]{0,40}?\b(?:minutes"
    r"|reports?"
    r"|polic(?:y|ies)|plans?|slides?|presentation|deck|contracts?|agreements?|handbook|manual|guidelines?|tender"
    r"|proposals?|essay|article|thesis|specification|documentation|scripts?|formulas?|functions?|query"
    r"|job description"
    r"|invitation|press release|newsletter|workshop|training)\b|\b(?:reply|respond|answer) to\b|\banswer (?:the"
    r"|this)\b"
    r"|(?:写|起草|做|制定|拟|准备|出|弄|编|来|生成)[^，。；！？\n]{0,14}?(?:纪要|总结|报告|PPT|幻灯片|大纲|政策"
    r"|制度|方案|计划|合同|协议"
    r"|手册|标书|课件|教程|论文|文章|规划|说明书|周报|日报|月报|请假条|邀请函|函|公告|脚本|公式|代码|函数|新闻稿"
    r"|介绍|简历)"
    r"|会议纪要",
    re.IGNORECASE,
)
_WRITES = late_regex(
    r"\b(?:write|draft|compose|explain|describe|summari[sz]e|present|introduce)\b|(?<![缩改填抄听描])写(?![上着错])|起草|解释|说明|介绍|总结"
    r"|概括|讲|(?:做|弄|出|来|制作|生成|准备|拟)(?:一?[个份套张篇封])?[^，。！？\n]{0,10}(?:PPT|幻灯片|大纲|方案"
    r"|海报|通知|文案|计划)",
    re.IGNORECASE,
)
# Its reader is a machine.
_FOR_A_PROGRAM = late_regex(
    r"\b(?:sql|regex|regular expression|vba|macros?|excel|formula|python|csv)\b|公式|函数|正则|SQL|宏", re.IGNORECASE
)
_AUDIENCE_SAID = late_regex(
    r"\bfor (?:\w+ ){0,3}\w+|\bto (?:my|our|the|a|an|all|mr|ms|mrs|dr|whom|\w+s)\b|\baudience\b|\breaders?\b"
    r"|\bcustomers?\b|\bcolleagues?\b|\bboss\b|\bteam\b|\bbeginners?\b|\bchild(?:ren)?\b|\breply\b|\banswer\b|给(?!我)|向"
    r"|对|读者|客户|同事|领导|老板|团队|员工|新手|初学|学生|孩子|面向|受众|回复|回信",
    re.IGNORECASE,
)
_LANGUAGE_SAID = late_regex(
    r"\b(?:english|chinese|german|french|spanish|italian|japanese|korean|mandarin|translat\w+|language)\b|中文|英文"
    r"|英语|汉语|译|日文|日语|法语|德语|语言",
    re.IGNORECASE,
)

_TRANSLATES = late_regex(r"\btranslat(?:e|ion)\b|翻译|译成|译为", re.IGNORECASE)
_SHORT_ANSWER = Wording(
    "A short answer of at most 150 words, the most important first.", "简短作答，不超过 200 字，最重要的放在最前面。"
)
_ANSWER_LANGUAGE = Wording("Answer in English.", "请用中文回答。")


def material_without_task(subject: Subject) -> Advice | None:
    """Return advice for much material with neither a verb nor a question about it."""
    draft = subject.draft
    material = sum(len(each.text) for each in draft.materials)
    words = sum(map(len, draft.texts.values()))
    if not material or material < _MATERIAL_OUTWEIGHS * words or (words and asks_for_something(subject.all_words())):
        return None
    return Advice(AdviceKey.MATERIAL_WITHOUT_TASK, subject.task_key)


def pasted_in_words(subject: Subject) -> Advice | None:
    """Return advice for a long text without a fence, below a line of the task that announces it."""
    key = subject.task_key
    if _runs_on(subject.task):
        return Advice(AdviceKey.PASTED_IN_WORDS, key)  # where it begins, only the user knows
    _, tail = _announced(subject.task)
    if len(tail) < _PASTED or '"""' in tail or "```" in tail:
        return None
    return Advice(AdviceKey.PASTED_IN_WORDS, key, fix=lambda draft: _delimited(draft, key))


def _runs_on(text: str) -> bool:
    """Return True if an order runs on into the text that it is about, without a mark between the two."""
    if is_chinese(text):
        return count_han(text) >= _RUNS_ON_CHINESE and _CHINESE_RUN_ON.match(text) is not None
    if _ENGLISH_SECOND_SENTENCE.match(text):
        return True
    return word_count(text) >= _RUNS_ON_ENGLISH and _ENGLISH_RUN_ON.match(text) is not None


def _announced(text: str) -> tuple[str, str]:
    """Return the words up to a colon at the end of a line, and the text below."""
    found = re.search(r"[:：][ \t]*\n\s*", text)
    return (text[: found.start() + 1], text[found.end() :]) if found else (text, "")


def _delimited(draft: PromptDraft, key: str) -> PromptDraft:
    head, tail = _announced(draft.text(key))
    return draft.with_text(key, head).with_material(key, tail) if tail else draft


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


def no_format(subject: Subject) -> Advice | None:
    places = subject.framework.of_kind(FieldKind.FORMAT)
    if not places or subject.has(FieldKind.FORMAT) or not subject.task or subject.draft.examples:
        return None
    is_question = _QUESTION.search(subject.task) is not None
    if is_question or _FORMAT_SAID.search(subject.all_words()) or not _is_known(subject):
        return None
    if _FORM_BY_NATURE.search(subject.task) or _FOR_A_PROGRAM.search(subject.task):
        return None
    key, sentence = places[0].key, _SHORT_ANSWER.of(subject.language)
    return Advice(AdviceKey.NO_FORMAT, key, {"sentence": sentence}, fix=lambda draft: _added(draft, key, sentence))


def _tells_the_case(text: str) -> bool:
    """Return True for a request that tells its case: what happened, when, how much; or for whom it is and how long."""
    details = len(_DETAIL.findall(text))
    return details >= 2 or (details == 1 and _CASE.search(text) is not None)


def no_context(subject: Subject) -> Advice | None:
    """Return advice for a text that is to be written without any context."""
    places = subject.framework.of_kind(FieldKind.CONTEXT)
    is_bare = (
        not (subject.draft.materials or subject.draft.files or subject.draft.examples) and subject.setting.is_first
    )
    writes = _WRITES.search(subject.task) or wants_a_text(subject.task)
    if _FOR_A_PROGRAM.search(subject.task) or _runs_on(subject.task):
        return None
    is_asked_for = subject.framework.is_ready_made and any(each.required for each in places)
    if not places or is_asked_for or subject.has(FieldKind.CONTEXT) or not is_bare or not writes:
        return None
    says_enough = _AUDIENCE_SAID.search(subject.task) and _LENGTH_SAID.search(subject.task)
    if says_enough or _tells_the_case(subject.task) or not _is_known(subject):
        return None
    if word_count(subject.task) > _WORDS_WITH_CONTEXT:
        return None
    return Advice(AdviceKey.NO_CONTEXT, places[0].key)


def _is_known(subject: Subject) -> bool:
    """Return True if the words of the task's language are known here."""
    return subject.language is Language.CHINESE or is_english(subject.task)
