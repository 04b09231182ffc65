"""The word on model and task: think first, no need to think, distilled, tiny."""

from __future__ import annotations

import pytest

from desktop.core.advice.task_hint import HintKind, hint_after, hint_before
from desktop.core.advice.task_kind import TaskKind
from desktop.core.message import Message, ReasoningPart, Role, TextPart, Timings
from desktop.core.models.facts import Distilled, ModelFacts, Reasoning
from desktop.core.request import ThinkingMode

GENERAL = ModelFacts(title="Qwen", name="qwen", parameters=7_000_000_000)
PUPIL = ModelFacts(
    title="R1 7B", name="r1", parameters=7_000_000_000, reasoning=Reasoning.ALWAYS, distilled=Distilled("Qwen", "R1")
)
LARGE = ModelFacts(title="R1", name="r1", parameters=671_000_000_000, reasoning=Reasoning.ALWAYS)
STARTER = ModelFacts(title="Starter", name="s", parameters=360_000_000)


@pytest.mark.parametrize(
    ("kind", "facts", "mode", "said"),
    [
        (TaskKind.SUMS, GENERAL, ThinkingMode.AUTO, HintKind.THINK_FIRST),
        (TaskKind.LOGIC, GENERAL, ThinkingMode.AUTO, HintKind.THINK_FIRST),
        (TaskKind.CODE, GENERAL, ThinkingMode.AUTO, None),
        (TaskKind.SUMS, GENERAL, ThinkingMode.ON, None),
        (TaskKind.LETTER, GENERAL, ThinkingMode.AUTO, None),
        (TaskKind.SUMS, PUPIL, ThinkingMode.AUTO, HintKind.DISTILLED),
        (TaskKind.SUMS, LARGE, ThinkingMode.AUTO, None),
        (TaskKind.SUMS, STARTER, ThinkingMode.ON, HintKind.TINY),
        (TaskKind.LETTER, STARTER, ThinkingMode.AUTO, None),
    ],
)
def test_while_the_task_is_written(kind, facts, mode, said):
    found = hint_before(kind, facts, mode)
    assert (found.kind if found is not None else None) is said


@pytest.mark.parametrize(
    ("kind", "thought", "seconds", "is_said"),
    [
        (TaskKind.LETTER, "hm " * 400, 42.0, True),
        (TaskKind.TRANSLATION, "hm " * 400, 42.0, True),
        (TaskKind.LETTER, "hm " * 400, 2.0, False),
        (TaskKind.LETTER, "hm", 42.0, False),
        (TaskKind.SUMS, "hm " * 400, 42.0, False),
        (TaskKind.LETTER, "", 0.0, False),
    ],
)
def test_after_an_answer_that_was_mostly_thinking(kind, thought, seconds, is_said):
    parts = (*([ReasoningPart(thought)] if thought else []), TextPart("Dear Ms Berg, your chairs come on Friday. Kind"))
    answer = Message(role=Role.ASSISTANT, parts=parts, timings=Timings(thinking=seconds, answering=8.0))
    found = hint_after(kind, answer)
    assert (found is not None) is is_said
    if found is not None:
        assert (found.kind, found.thinking, found.total) == (HintKind.NO_THINKING, 42.0, 50.0)
