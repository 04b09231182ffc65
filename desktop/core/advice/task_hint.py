"""A word on the model at hand for the task at hand: that it could be asked to think first, or need not have thought.

Beside the choice of another model, which is `core.models.choosing`. Pure rules on what is known of the model and on
its last answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop.core.advice.task_kind import TaskKind
from desktop.core.message import Message
from desktop.core.models.facts import ModelFacts, Reasoning
from desktop.core.reply import reasoning_share_of
from desktop.core.request import ThinkingMode

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
