"""The kind of task that a text asks for, as far as it decides which model is the right one. Rules, in two languages."""

from __future__ import annotations

import re
from enum import StrEnum

from desktop.core.advice.piece import LOOKED_AT

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


_CALCULATION = re.compile(
    r"\b(?:calculate|compute|add up|work out (?:the|how)|how (?:many|much)|what percentage|per ?cent of"
    r"|total (?:cost|price)|break[- ]even|which (?:day|date) (?:is|will|falls))\b"
    r"|计算|算一?[下算出]|多少(?:钱|天|元|人|个|小时)|百分之几|合计|总共",
    re.IGNORECASE,
)
_TO_CALCULATE = re.compile(
    r"\d|[一二两三四五六七八九十百千万算]"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|dozen|hundred|thousand|million|half|twice|between"
    r"|altogether|in total|in all|together|left over|each|per)\b",
    re.IGNORECASE,
)
_A_SUM = re.compile(r"\d\s*[×÷*]\s*\d|\d [x+-] \d|\d\s*%\s*of\b")
# A letter about numbers is a letter: what is written comes before what is counted.
_IN_ORDER: tuple[tuple[TaskKind, re.Pattern[str]], ...] = (
    (
        TaskKind.CODE,
        re.compile(
            r"\b(?:python|javascript|typescript|sql|vba|regex|regular expression|excel formula|shell script|unit tests?"
            r"|stack ?trace|traceback|refactor|debug|write (?:a |the )?(?:function|script|macro|query|program))\b"
            r"|代码|编程|函数|脚本|宏命令|正则|调试|报错",
            re.IGNORECASE,
        ),
    ),
    (
        TaskKind.TRANSLATION,
        re.compile(
            r"\btranslate\b|\bin(?:to)? (?:english|chinese|german|french)\b.{0,20}\Z|翻译|译[成为]", re.IGNORECASE
        ),
    ),
    (
        TaskKind.SUMMARY,
        re.compile(
            r"\b(?:summari[sz]e|summary of|shorten|key points|minutes of)\b|总结|概括|缩短|要点|纪要", re.IGNORECASE
        ),
    ),
    (
        TaskKind.LETTER,
        re.compile(
            r"\A\W{0,3}(?:please |kindly |can you |could you |help me )*(?:write|draft|compose|reply|answer"
            r"|prepare)\b.{0,60}?"
            r"\b(?:e-?mail|mail|letter|reply|invitation|note|reminder|message)\b"
            r"|\A(?:请|帮我|麻烦你?)*(?:写|起草|草拟|拟|回复?).{0,12}(?:邮件|信|函|通知|回复|客户)",
            re.IGNORECASE,
        ),
    ),
    (TaskKind.SUMS, _CALCULATION),
    (TaskKind.SUMS, _A_SUM),
    (
        TaskKind.LOGIC,
        re.compile(
            r"\b(?:prove|proof that|derive|deduce|logic(?:al)? (?:puzzle|problem)|riddle|puzzle|step[- ]by[- ]step"
            r"|work out (?:a )?(?:rota|roster|schedule|plan)|find the (?:mistake|error|contradiction)"
            r"|which (?:offer|option|supplier|variant) is (?:cheaper|better|best)|weigh up|root cause)\b"
            r"|证明|推导|推理|逻辑题|谜题|一步一步|逐步分析|排班|找出?(?:矛盾|错误|漏洞)|哪个(?:方案|报价|选项)(?:更|最)"
            r"|权衡|根本原因",
            re.IGNORECASE,
        ),
    ),
    (
        TaskKind.LETTER,
        re.compile(
            r"\b(?:e-?mail|letter|reply to|answer to|invitation|invite|thank(?: you)? note|reminder|polite|apology"
            r"|apologi[sz]e)\b"
            r"|邮件|回复|回信|信函|邀请函?|通知|感谢信|催款|道歉|客气",
            re.IGNORECASE,
        ),
    ),
)


def kind_of_task(text: str) -> TaskKind | None:
    """Return the kind of task that a text asks for; None where the rules can't tell.

    Only what stands at its beginning and at its end is looked at: in between stands what was pasted.
    """
    words = text.strip()
    if len(words) < _LEAST:
        return None
    lines = [line for line in words[:LOOKED_AT].splitlines() if line.strip()]
    asked = "\n".join([lines[0][:_SENTENCE], *(line[-_SENTENCE:] for line in lines[1:][-1:])])
    kind = next((kind for kind, pattern in _IN_ORDER if pattern.search(asked)), None)
    return None if kind is TaskKind.SUMS and _is_looked_up(asked) else kind


def _is_looked_up(text: str) -> bool:
    """Return True for a question for an amount that gives nothing to reckon with: the answer stands somewhere."""
    asked = [found[0].lower() for found in _CALCULATION.finditer(text)]
    is_an_amount = bool(asked) and all(each.startswith(("多少", "how m")) for each in asked)
    return is_an_amount and _TO_CALCULATE.search(text) is None
