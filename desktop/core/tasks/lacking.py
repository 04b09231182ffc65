"""Rules for what a task lacks: the mail that is to be answered, the contract that a question is about."""

from __future__ import annotations

import re
from typing import Final

from desktop.core.advice.missing import BRINGS_ITS_TEXT, missing_thing
from desktop.core.text.late_regex import late_regex
from desktop.core.text.scripts import is_chinese

_LONGEST: Final = 120  # characters; a longer task may bring what it points at in words of its own
_ENGLISH_POINTER = late_regex(
    r"\b(?:(?:this|that|these)(?: [\w-]+)?|it|them|below)"
    r"(?: (?:please|for me|up|again|(?:in)?to \w+|in \w+(?: words)?))*\W*\Z"
    r"|\b(?:below|attached)\b",
    re.IGNORECASE,
)
_CHINESE_POINTER = late_regex("这[个段份篇封张些条]|下面|以下|附件|原文")
# What a question takes for known: a document of one's own, or the place in one.
_ENGLISH_SOURCE = late_regex(
    r"\b(?:our|my|the|this|that|their) (?:[\w'’-]+ ){0,2}?(?:contract|agreement|lease|polic(?:y|ies)|handbook"
    r"|regulations|guidelines|price list|terms and conditions|attachment|file|document)\b(?! (?:law|template|form)\b)"
    r"|\b(?:which|what|name the|give the|number of the) (?:clause|paragraph|section|page)\b"
    r"|\b(?:do|does) our (?:staff|employees|people|company|firm)\b",
    re.IGNORECASE,
)
_CHINESE_DOCUMENT = "合同|协议|员工手册|手册|制度|规定|条款|政策|章程|报价单?|价格表|说明书|附件|材料|文件|纪要"
_CHINESE_SOURCE = late_regex(
    rf"(?:这[份个张篇]|该|本|上述|我们?(?:公司|单位|部门)?的?|我司的?|公司的?)(?:{_CHINESE_DOCUMENT})(?!法)"
    rf"|(?:{_CHINESE_DOCUMENT})(?!法)(?:[里中上内]|(?:是?怎么)?(?:规定|约定|写)|第[^，。]{{1,4}}[条款页])"
    r"|(?:哪一?|第几)[条款页章](?:规定|条款)?|(?:我们(?:公司|单位)|我司|本公司)[^，。？?]{0,16}(?:几天|几个|多少|什么标准)"
)
_ASKS = late_regex(
    r"[?？吗呢]|\b(?:what|which|how|when|who|where|does|do|is|are|name|list)\b|多少|几|哪|什么|怎么", re.IGNORECASE
)
_WRITES = late_regex(r"\b(?:write|draft|prepare|create)\b|起草|拟|写一?[个份篇封]|模板", re.IGNORECASE)


def lacks_material(words: str) -> bool:
    """Return True if a task speaks of a thing, or points at one, that does not stand in its own words."""
    if missing_thing(words):
        return True
    if len(words) > _LONGEST or BRINGS_ITS_TEXT.search(words):
        return False
    pointer = _CHINESE_POINTER if is_chinese(words) else _ENGLISH_POINTER
    return pointer.search(words) is not None


def lacks_source(words: str) -> bool:
    """Return True if a question is about a document that it does not bring along, or a task lacks its material."""
    if len(words) > 2 * _LONGEST or BRINGS_ITS_TEXT.search(words):
        return False
    if lacks_material(words):
        return True
    source = _CHINESE_SOURCE if is_chinese(words) else _ENGLISH_SOURCE
    return bool(_ASKS.search(words) and source.search(words) and not _WRITES.search(words))
