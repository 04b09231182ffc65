"""A conversation with a model that does not reason: what is sent when it is to think first, and what is kept."""

from __future__ import annotations

import pytest

from desktop.core.events import Finished, FinishReason, ReasoningDelta, TextDelta
from desktop.core.model import ModelInfo
from desktop.core.request import Thinking, ThinkingMode
from tests.support.scripted_backend import ScriptedBackend

PLAIN = ModelInfo("scripted", capabilities=frozenset({"completion"}), thinking_modes=(ThinkingMode.OFF,))
REASONING = ModelInfo(
    "scripted",
    capabilities=frozenset({"completion", "thinking"}),
    thinking_modes=(ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON),
)
SCRIPT = [ReasoningDelta("Two and two."), TextDelta("Four."), Finished(FinishReason.STOP)]


def test_only_the_last_question_asks_and_nothing_of_it_is_kept(make_bench):
    bench = make_bench(ScriptedBackend(SCRIPT, [PLAIN]))
    bench.chat.set_thinking(Thinking(ThinkingMode.ON))
    for question in ("What is 2 + 2?", "And 3 + 3?"):
        bench.reply_to(lambda question=question: bench.chat.send(question))  # type: ignore[misc]
    request = bench.backend.requests[-1]
    first, _, last = [message.text for message in request.messages]
    assert first == "What is 2 + 2?"
    assert last.startswith("And 3 + 3?\n\nThink before you answer.")
    assert request.thinking.mode is ThinkingMode.OFF, "such a model may refuse to be switched on"
    kept = bench.stored_path()
    assert (
        [message.text for message in kept]
        == [message.text for message in bench.path]
        == ["What is 2 + 2?", "Four.", "And 3 + 3?", "Four."]
    )
    assert kept[-1].reasoning == "Two and two."


@pytest.mark.parametrize(("info", "mode"), [(REASONING, ThinkingMode.ON), (PLAIN, ThinkingMode.AUTO)])
def test_one_that_reasons_is_switched_on_and_without_a_wish_nothing_is_asked(info, mode, make_bench):
    bench = make_bench(ScriptedBackend(SCRIPT, [info]))
    bench.chat.set_thinking(Thinking(mode))
    bench.ask("What is 2 + 2?")
    (request,) = bench.backend.requests
    assert [message.text for message in request.messages] == ["What is 2 + 2?"]
    assert info is PLAIN or request.thinking.mode is ThinkingMode.ON
