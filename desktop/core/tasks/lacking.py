"""Rules for what a task lacks: the mail that is to be answered, the contract that a question is about."""

from __future__ import annotations

import re
from typing import Final

from desktop.core.advice.missing import BRINGS_ITS_TEXT, missing_thing
from desktop.core.prompts.pasted import begins_with_order, without_wishes
from desktop.core.text.scripts import count_han, is_chinese

_LOOKED_AT: Final = 2_000
_LONGEST: Final = 120  # characters; a longer task may bring what it points at in words of its own
_ENGLISH_POINTER = re.compile(
    r"\b(?:(?:this|that|these)(?! (?:year|quarter|month|week|morning|evening|summer|winter|time)\b)(?: [\w-]+)?"
    r"|(?<!write )(?<!do )it|them|below)"
    r"(?: (?:please|for me|up|again|(?:in)?to \w+|in \w+(?: words)?))*\W*\Z"
    r"|\b(?:below|attached)\b",
    re.IGNORECASE,
)
_MEANT = re.compile(r"[.!?]\s.*\b(?:it|them)\W*\Z", re.IGNORECASE | re.DOTALL)  # what the sentence before tells of
_CHINESE_POINTER = re.compile("这[个段份篇封张些条]|(?<!楼)下面|以下|附件|原文")
# What a question takes for known: a document of one's own, or the place in one.
_ENGLISH_SOURCE = re.compile(
    r"\b(?:our|my|the|this|that|their) (?:[\w'’-]+ ){0,2}?(?:contract|agreement|lease|polic(?:y|ies)|handbook"
    r"|regulations|guidelines|price list|terms and conditions|attachment|file|document)\b(?! (?:law|template|form)\b)"
    r"|\bquestions? (?:about|on|regarding) (?:an?|the|our|my) (?:\w+ )?(?:contract|agreement|lease|policy|rules)\b"
    r"|\b(?:which|what|name the|give the|number of the) (?:clause|paragraph|section|page)\b"
    r"|\b(?:contract|agreement|lease|terms|rules|offers?|quotes?) (?:that |which )?(?:they|he|she|(?:our|the|my) \w+)"
    r"(?:['’]ve|['’]s| has| have)? (?:just )?(?:sent|emailed|gave)\b"
    r"|\b(?:do|does) our (?:staff|employees|people|company|firm)\b",
    re.IGNORECASE,
)
_CHINESE_DOCUMENT = "合同|协议|员工手册|手册|制度|规定|条款|政策|章程|报价单?|价格表|说明书|附件|材料|文件|纪要"
_CHINESE_SOURCE = re.compile(
    rf"(?:这[份个张篇]|该|本|上述|我们?(?:公司|单位|部门)?的?|我司的?|公司的?)(?:{_CHINESE_DOCUMENT})(?!法)"
    rf"|(?:{_CHINESE_DOCUMENT})(?!法)(?:[里中上内]|(?:是?怎么)?(?:规定|约定|写)|第[^，。]{{1,4}}[条款页])"
    rf"|(?:{_CHINESE_DOCUMENT})(?:上|方面)?(?:的|有个?)问题"
    rf"|[发寄传](?:过?来)?的(?:新的?)?(?:{_CHINESE_DOCUMENT})(?!法)"
    r"|(?:哪一?|第几)[条款页章](?:规定|条款)?|(?:我们(?:公司|单位)|我司|本公司)[^，。？?]{0,16}(?:几天|几个|多少|什么标准)"
)
# A document of which is told what it says.
_ENGLISH_SAID = re.compile(
    r"\b(?:contract|agreement|lease|policy|policies|handbook|regulations|guidelines|terms)"
    r" (?:only |just )?(?:says?|states?|ends?|runs?|expires?|gives?|allows?|requires?|is|are|was)"
    r" (?!(?:about|any|anything|on|of|in|for|to)\b)\w+",
    re.IGNORECASE,
)
_CHINESE_SAID = re.compile(rf"(?:{_CHINESE_DOCUMENT}|租约)[里中上]?(?:只|就)?写的是")
_ASKS_OF_SOURCE = re.compile(
    r"[?？吗呢]|\b(?:what|which|how|when|who|where|does|do|is|are|name|list|find)\b|多少|几|哪|谁|什么|怎么",
    re.IGNORECASE,
)
_WRITES = re.compile(r"\b(?:write|draft|prepare|create)\b|起草|拟|写一?[个份篇封]|起[几一]?个|模板", re.IGNORECASE)
# What is promised to come with the request, or after it.
_PROMISED = re.compile(
    r"\bi(?:['’]ll| will|['’]ve| have| can| could)? (?:(?:just|also) )?"
    r"(?:(?:send|sent|give|gave) (?:you|it)|paste|attach)"
    r"|\bi(?:['’]ve got| have|['’]ve| got) (?:here )?(?:an?|some) \w+(?: \w+){0,3} (?:from|of|by|about|that|and|here)\b"
    r"|\bsent (?:me|us) an? |\bi(?:['’]ve)? (?:wrote|written|drafted) an? \w+"
    "|[发传贴给](?:给?[你您]|上来)|我(?:这里|这儿|手[头上])?(?:有|写好?了)一?[份封篇段张]|(?:发来|收到)了?一[份封篇段]",
    re.IGNORECASE,
)
# What offers a text, or help: a clause of its own that says nothing of the task.
_OFFERING = (
    r"(?:i(?:['’]ll| will| can| could)|happy to|shall i|(?:do you )?want me to)\b[^.!?,\n]{0,40}?"
    r"\b(?:paste\b|(?:send|give|show) you(?: (?:it|them|the|that|those|my|all|more|a copy)\b|(?= *[.!?,\n])|\Z)"
    r"|(?:send|attach|share) (?:it|them)(?= *(?:[.!?,\n]|over|in\b|here|if|when|now|later|below)|\Z))[^.!?,\n]{0,40}"
    r"|i(?:['’]ve| have)[^.!?,\n]{0,80}\bif (?:you|that|it)\b[^.!?,\n]{0,30}"
    r"|(?:just )?(?:ask|tell|let) me (?:know )?(?:if|what)\b[^.!?,\n]{0,20}\b(?:need|want)\b[^.!?,\n]{0,20}"
    r"|(?:具体|情况|材料|内容|原[文稿]|全文|文[字章]|记录|录音|稿子|有?需要|要不?要?|的话|等下|稍后|待?会儿?|一会儿?|马上|我|可以|再|先"
    r"|就|也|都|把|这)*[发贴传][给到]?(?:[你您](?:看看?)?|[上过出]来)(?:了|吧|行吗)?"
    r"|(?:还|如果|有)*(?:需?要|缺|不清楚|不明白)[^，。！？,.!?\n]{0,8}(?:问我|告诉我|跟我说|说一声|找我要)(?:就[行好是]|吧|即可)?"
    r"|我(?:再|会|就|都|可以|一[条个]一[条个]地?)*(?:告诉|回答|讲给)[你您](?:听|的|吧)?"
)
_OFFERS = re.compile(
    rf"[,，;；]\s*(?:{_OFFERING})(?=[,.!?，。！？\n]|\Z)"
    rf"|(?:\A|(?<=[.!?。！？…\n])|(?<=[.!?] ))(?:{_OFFERING})(?:[,，](?:{_OFFERING}))*"
    r"(?:[.!?。！？]+|[,，]\s*(?:and |then |so )?|(?=\n)|\Z)[ \t]*",
    re.IGNORECASE,
)
_NO_MORE = re.compile(
    r"\A(?:nothing (?:else|more)|that['’]?s (?:all|it)"
    r"|it(?:['’]?s| is) (?:all )?(?:there|in (?:the|my) \w+)(?: already)?"
    r"|the \w+ is (?:there )?already|(?:(?:材料|上面|里面)[里中]?)?都(?:写了|有了?|在里面了?)"
    r"|没有?(?:别的|其他|什么)的?(?:要求|需要)?了?)"
    r"(?:[,，.。;；!！]\s*|\Z)|(?:(?<=[.!?。！？])|[,，\n])\s*"
    r"(?:(?:many )?(?:thanks|thank you)(?: a lot| so much| in advance)?|(?:谢谢|麻烦)[你您]?了?)[!.！。]*\s*\Z",
    re.IGNORECASE,
)
# What only refers back to what was written: a clause of its own.
_REFERS = re.compile(
    r"(?:\A|(?<=[,.;，。；\n]))(?P<gap>\s*)(?:"
    r"(?:(?:that['’]?s|it['’]?s|just|only|all|exactly|simply) )*(?:as|like|what|(?:(?:all )?(?:the|those|these) \w+))"
    r" (?:i|we)(?:['’]ve)? (?:already )?(?:wrote|written|said|told you|listed|gave you|mentioned)"
    r"(?: (?:above|before|already))?"
    r"|(?:(?:it['’]?s|just|all|as|see|is) )+(?:above|in there|up there)(?: already)?"
    r"|[就都]?(?:(?:按照?|照着?|像|如)我?|我)(?:刚才|上面|前面|之前)?[写说讲列]的(?:那(?:些|样|几[列项条个]))?(?:来|做|办|就行|就好|就可以|即可)?了?"
    r"|[就都]?(?:如上|同上|见上[面文]?)(?:所[述说])?)"
    r"[ \t]*(?:[,.;，。；!！]\s*|(?=\n)|\Z)",
    re.IGNORECASE,
)
_FEW_FIGURES = 5
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def lacks_material(words: str) -> bool:
    """Return True if a task speaks of a thing, or points at one, that does not stand in its own words."""
    if missing_thing(words):
        return True
    if BRINGS_ITS_TEXT.search(words):
        return False
    if len(words) <= _LOOKED_AT and _PROMISED.search(words) and "\n" not in words:
        return True
    pointer = _CHINESE_POINTER if is_chinese(words) else _ENGLISH_POINTER
    is_short = len(words) + 2 * count_han(words) <= 3 * _LONGEST
    return is_short and pointer.search(words) is not None and not _MEANT.search(words)


def without_offers(words: str) -> str:
    """Return words without what offers a text."""
    return _OFFERS.sub("", words).strip()


def without_ends(words: str) -> str:
    """Return words without thanks, or that there is no more to say."""
    return _NO_MORE.sub("", words).strip()


def without_references(words: str) -> str:
    """Return an answer without clauses that say no more than that it was said before: "just what I wrote"."""
    return _REFERS.sub(r"\g<gap>", words).strip(" ,;，；")


def brings_text(words: str) -> bool:
    """Return True if words hold what is to be worked on: a quote, a paragraph of its own, or many figures."""
    words = without_wishes(words)
    brought = BRINGS_ITS_TEXT.search(words)
    if brought is not None and not begins_with_order(words[brought.start() + 1 :].lstrip()):
        return True
    return len(_FIGURE.findall(words[:_LOOKED_AT])) > _FEW_FIGURES


def lacks_source(words: str) -> bool:
    """Return True if a question is about a document that it does not bring along, or a task lacks its material."""
    if len(words) > 2 * _LONGEST or BRINGS_ITS_TEXT.search(words):
        return False
    if lacks_material(words):
        return True
    return source_asked(words) is not None and not _WRITES.search(words)


def source_asked(words: str, also: re.Pattern[str] | None = None) -> re.Match[str] | None:
    """Return where a question speaks of a document without telling what it says; `also`: other words that do."""
    source, said = (_CHINESE_SOURCE, _CHINESE_SAID) if is_chinese(words) else (_ENGLISH_SOURCE, _ENGLISH_SAID)
    if not _ASKS_OF_SOURCE.search(words) or said.search(words):
        return None
    return (also.search(words) if also is not None else None) or source.search(words)
