"""Rules for what a request states by itself, so that no question of a guide asks for it again.

By the question that would be asked, or, in an answer, by its clauses. A word
that leaves open how much is meant ("short", 别太长) answers nothing.
"""

from __future__ import annotations

import re
from typing import Final

from desktop.core.tasks.guide import FORM, Guide

_LOOKED_AT: Final = 2_000  # characters of the user's own words

_LENGTH = re.compile(
    r"(?<!read )\b(?:\d+(?:[-–]\d+)?|an?|one|two|three|four|five|six|seven|eight|ten|twelve|half an?|a few)[ -]"
    r"(?:words|sentences|lines|paragraphs?|pages?|bullet points?|bullets?|points|characters|slides)\b"
    r"|(?<![第点上下这那几])(?!几[百千])[\d一两二三四五六七八九十百几半]{1,9}\s*(?:[-~到至]\d{1,9}\s*)?(?:个?字|(?<!一)(?:句话?|条|段话?|行)|页)(?![前后])",
    re.IGNORECASE,
)
_SHAPE = re.compile(
    r"\b(?:tables?|bullets|check-?list|spreadsheet|headings|side by side|timetable"
    r"|show (?:me )?(?:the |your )?(?:working|sums))\b"
    r"|\b(?:an?|one|two|both) (?:\w+ )?versions?\b"
    r"|(?:[做列弄理][成个])?表格|(?:[做列弄理][成个](?:一[张个份])?|对比|要一?[张个份])表(?![示达现明演])|清单|分条|对照|小标题"
    r"|(?<![下上这那]面)(?<!这)[一二两三][个种][^，。]{0,6}版本(?!的)"
    r"|\b(?:list|tell me|say|show me|mark)\b[^.!?\n]{0,24}\b(?:chang|correct)ed\b"
    r"|改(?:了|动|正)的?(?:哪[里些儿]|什么|地方)|时间表",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(
    r"(?<!from )\b(?:english|german|french|spanish|chinese|mandarin|japanese|italian|portuguese|russian|korean"
    r"|dutch|polish|swedish|turkish|arabic|czech|danish)\b(?! (?:letter|mail|e-?mail|text|contract|version|document"
    r"|original|article))"
    r"|[译翻]成[中英日韩法德俄泰][文语]?|[中英日韩法德俄泰]译[中英日韩法德俄泰]"
    r"|(?:[英中日韩法德俄泰]|越南|葡萄牙|西班牙|意大利|阿拉伯)[文语](?!翻|译|的|邮件|原文|合同|材料|资料|内容|信)|汉语",
    re.IGNORECASE,
)
# What the writer has decided, not what the other side wants; what is not to be promised leaves open what is.
_DECIDES = re.compile(
    r"\b(?:we|i)(?:['’]ll| will| can(?:no|['’])?t)\b|\b(?:no refund|say (?:yes|no|that)|(?:we|i) (?:agree|accept|offer)"
    r"|(?<!n't )(?<!nt )(?<!not )(?:agree to|confirm|decline|reject|refuse|promise|apologi[sz]e|offer)\b)"
    r"|同意|接受|谢绝|婉拒|拒绝|(?<![别要能先])答应|(?<![退换赔])不(?:能|可以)?[退换赔]|补[发偿]|(?<!要求)(?<!要)(?:退款|换货)",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|No)\.|(?<=\d)[,.](?=\d)|[^，。；：！？\n,.;:!?])+")

_PIECES = re.compile(r"(?:[^,.;!?，。；！？\n]|[,.;!?](?!\s|\Z))+(?:[,.;!?，。；！？\n]+\s*|\Z)")
# By the guide and the question: the words alone are shown of some, the clause that they stand in of others.
_STATED: Final = {
    "answer_mail.decision": _DECIDES,
    "answer_complaint.outcome": _DECIDES,
    "translate.language": _LANGUAGE,
    "proofread.depth": re.compile(
        r"\b(?:mistakes|errors) only|\b(?:only|just) (?:the )?(?:mistakes|errors)|\b(?:spelling|grammar|typos?)\b"
        "|错别字|语病|病句|只改|通顺|语法|不[要用]?改",
        re.IGNORECASE,
    ),
    "minutes.kind": re.compile(
        r"\b(?:actions?|tasks|to-?dos?)\b|\bwho (?:does|do|said|has)\b|待办|任务|责任人|负责|谁[做说]", re.IGNORECASE
    ),
    "rewrite.aim": re.compile(
        r"\b(?:short\w*|cut|longer|simpl\w+|plain|(?:polit|clear|friendli|warm|strong|easi)er|tone|(?:less|more) \w+)\b"
        "|短|简|更|精炼|正式|客气|委婉|清楚|通俗|口语|亲切|得体|太[冲硬重]|夸张|平实|朴实|有[力趣]|生动|活泼",
        re.IGNORECASE,
    ),
    "make_table.columns": re.compile(
        r"\bcolumns?(?: are)?[:：][^.\n]{,60}|\b(?:one|a) (?:row|line) (?:per|for each|each)\b"
        r"|列(?:名|为|是|有)?[:：][^。\n]{,40}|表头|一[行列]一|[横竖]着",
        re.IGNORECASE,
    ),
    "explain.depth": re.compile(
        r"\b(?:plain|simple|easy|normal|ordinary|everyday) (?:english|words|language|terms)\b|\bin one sentence\b"
        "|大白话|白话|人话|通俗|好懂|不懂",
        re.IGNORECASE,
    ),
    "summarise.purpose": re.compile(
        r"\bfor (?:my|the|our|a) [a-z]+|\b(?:focus on|above all|most important)\b"
        r"|给[^，。]{1,6}?(?:看|的|总结|汇报)|重点[是：]",
        re.IGNORECASE,
    ),
    "ask_document.matter": re.compile(
        r"\b(?:what|when|how|who|which|whether|is there)\b|多少|几[天个]|怎么|能不能|是否|哪|有没有", re.IGNORECASE
    ),
}


def stated_length(words: str) -> str:
    """Return the length that words ask for; empty where they ask for none."""
    match = _LENGTH.search(words)
    return match[0].strip() if match is not None else ""


def stated_answers(guide: Guide, words: str) -> dict[str, str]:
    """Return the keys of the questions that the user's own words answer, each with the words that do."""
    said = words[:_LOOKED_AT]
    found: dict[str, str] = {}
    for question in guide.questions:
        if question.key == FORM:
            shape = _SHAPE.search(said)
            answer = stated_length(said) or (shape[0] if shape is not None else "")
        else:
            pattern = _STATED.get(f"{guide.key}.{question.key}")
            match = pattern.search(said) if pattern is not None else None
            answer = _shown(said, match) if match is not None else ""
        if answer:
            found[question.key] = answer
    return found


def without_stated(answer: str, said: str) -> str:
    """Return an answer without its clauses that stand in what was said already, word for word."""
    clauses = {_clause(each) for each in _PIECES.findall(said[:_LOOKED_AT])}
    return "".join(each for each in _PIECES.findall(answer) if _clause(each) not in clauses).strip(" ,;，；\n")


def _clause(piece: str) -> str:
    return piece.strip(" ,.;:!?，。；：！？\n").casefold()


def _shown(said: str, match: re.Match[str]) -> str:
    if match.re.pattern == _LANGUAGE.pattern:
        return match[0]
    clause = next(each[0].strip() for each in _CLAUSES.finditer(said) if each.end() > match.start())
    return max(clause, match[0].strip(), key=len)
