"""The kind of task that a text asks for, as far as it decides which model is the right one, and how it is asked.

The tasks of the office are known by what was learned of them; puzzles and programs by rules, in two languages.
The model at hand could be asked to think first, or need not have thought; the choice of another one is
`core.models.choosing`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from desktop.core.advice.rules import LOOKED_AT
from desktop.core.message import Message
from desktop.core.models.facts import ModelFacts, Reasoning
from desktop.core.reply import reasoning_share_of
from desktop.core.request import ThinkingMode
from desktop.core.tasks.kinds import OfficeTask
from desktop.core.tasks.office import recognised_task

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
