"""Yes/no questions and their answers, in English and Chinese: which two are the same, and is it a yes or a no.

Only what is said plainly: "It depends", "Not necessarily" and questions with a negation are neither.
"""

from __future__ import annotations

import re

from desktop.core.text.late_regex import late_regex
from desktop.core.text.plain_compare import jaccard, words_of
from desktop.core.text.scripts import count_han

_ASKS_EN = late_regex(
    r"(?:^|[\n.!?,;:]\s*|\b(?:so|and|please|again|then|well|ok|okay|question|once more)[,:]?\s+)"
    r"((?:is|are|was|were|can|could|may|must|shall|should|will|would|do|does|did|has|have|had|am)\s[^.!?\n]{4,200}\?)",
    re.IGNORECASE,
)
_ASKS_ZH = late_regex(
    r"[^。！？?!\n]*(?:吗|是否|能否|可否|是不是|能不能|可不可以|可以不可以|要不要|会不会|有没有|该不该|需不需要|对不对|行不行|"
    r"算不算)[^。！？?!\n]*[？?]?"
)
_NEGATION = late_regex(r"n['’]t\b|\bnot\b|\bnever\b|\bno\b", re.IGNORECASE)
_NEGATION_ZH = late_regex("[不没无非未]")
_A_NOT_A = late_regex(
    "是不是|能不能|可不可以|可以不可以|要不要|会不会|有没有|该不该|需不需要|对不对|行不行|算不算|是否|能否|可否"
)
_PLAIN = {
    "是不是": "是", "能不能": "能", "可不可以": "可以", "可以不可以": "可以", "要不要": "要", "会不会": "会",
    "有没有": "有", "该不该": "该", "需不需要": "需要", "对不对": "", "行不行": "", "算不算": "算", "是否": "",
    "能否": "能", "可否": "可以",
}  # fmt: skip
_FILLING_ZH = late_regex(
    '吗|呢|请问|那么|那|再问一下|再问一遍|再确认一下|确认一下|麻烦|我想问|想问|一下|到底|的|[，,。？?！!、\\s“”"：:]'
)
_FILLING_EN = """
a an the is are was were can could may must shall should will would do does did has have had am i we you he
she it they of to in on at for by with and or so then please again once more that this there be been really still
question well ok okay just our my your their any"""
_FILLING = frozenset(_FILLING_EN.split())

_LEADING = late_regex(
    r"^[\s*_#>\-–—\"“”「」]*(?:(?:short answer|answer|简短回答|回答|答案|答)[*_]*\s*[:：]\s*[*_]*)?", re.IGNORECASE
)
_YES = late_regex(
    r"(?:yes|yeah|yep|correct|certainly|absolutely|of course|indeed|definitely)\b(?![^.,\n]{0,8}\bno\b)"
    r"|(?:是的|对的|对[，。,]|没错|可以|能够|能[，。,]|会的|会[，。,]|有的|有[，。,]|需要|要[，。,]|应该|应当|当然|允许|属于|行[，。,]|"
    r"包括|包含|适用|必须|是[，。,])",
    re.IGNORECASE,
)
_NO = late_regex(
    r"(?:no|nope)(?=\s*[,.;:!*—–]|\s*$|\s-|\s(?:it|you|they|he|she|this|that|we|the|there)\b)"
    r"|(?:unfortunately,? )?(?:not at all|certainly not|absolutely not|definitely not)\b"
    r"|(?:不是|不可以|不能|不行|不会|没有|不需要|不用|不必|无需|不允许|不属于|不应|否[，。,]|不[，。,]|不对|不包括|不包含|不适用)",
    re.IGNORECASE,
)
_NEITHER = late_regex(
    r"(?:no (?:problem|worries|doubt|matter|longer|need|one)|not necessarily|it depends|yes and no|不一定|不好说|"
    r"不确定|不能确定|不能一概而论|没有问题|没问题|没有明确|不能判断|可以这样|可以这么|可以理解|需要看|需要更多|不清楚|应该看)",
    re.IGNORECASE,
)


def question_in(text: str) -> str:
    """Return the last yes/no question of a text; empty where there is none, or one with a negation."""
    text = text[-2000:]
    found = _ASKS_ZH.findall(text) if count_han(text) > 3 else _ASKS_EN.findall(text)
    if not found:
        return ""
    question = str(found[-1]).strip()
    bare = _A_NOT_A.sub("", question)
    return "" if _NEGATION.search(question) or _NEGATION_ZH.search(bare) else question


def answers_yes(answer: str) -> bool | None:
    """Return True if an answer begins with a yes, False if with a no; None where it does neither."""
    text = _LEADING.sub("", answer[:300])
    if _NEITHER.match(text):
        return None
    if _NO.match(text):
        return False
    return True if _YES.match(text) else None


def same_question(one: str, other: str) -> bool:
    """Return True if two questions are the same but for a few words that say nothing."""
    if not one or not other or _numbers(one) != _numbers(other):
        return False
    first, second = _content(one), _content(other)
    return len(first & second) >= 2 and jaccard(first, second) >= 0.75


def _content(question: str) -> set[str]:
    if count_han(question) > 3:
        plain = _FILLING_ZH.sub("", _A_NOT_A.sub(lambda found: _PLAIN[found[0]], question))
        return {plain[at : at + 2] for at in range(len(plain) - 1)}
    words = (re.sub("['’]s$", "", word).removesuffix("s") for word in words_of(question))
    return set(words) - _FILLING


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+", text)) | set(re.findall("[一二三四五六七八九十两]+(?=[天个年月周小次份条元])", text))
