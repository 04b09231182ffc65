"""A reply that another model goes on with: the thinking of the first is never sent to it, at no later step either."""

from __future__ import annotations

import pytest

from desktop.core.events import Finished, FinishReason, ReasoningDelta, Started
from desktop.core.message import ReasoningPart, TextPart
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.place import Place, PlaceKind
from desktop.runtime.sending import Sending
from tests.support.scripted_backend import ScriptedBackend

FAR = Place(PlaceKind.INTERNET, "far.example")
STEPS = {
    "answer now": Sending.answer_now,
    "more room": Sending.more_room,
    "continue": Sending.continue_reply,
}


def thinks(model, what):
    return [Started(model), ReasoningDelta(what), Finished(FinishReason.LENGTH)]


def thinker():
    """A server with a model of its own, which thinks, and two that it forwards."""
    models = [ModelInfo("scripted"), *(ModelInfo(name, forwarded_to=FAR.host) for name in ("far", "third"))]
    return ScriptedBackend(thinks("near", "a secret"), models)


def begun_elsewhere(bench, step):
    """A reply whose thinking is another model's at first, and then the far model's own."""
    assert bench.chat.send("What?")
    first = bench.ended()
    bench.backend.script = thinks("far", "\n\na dog")
    bench.chat.choose_model(ModelChoice("here", "far"))
    assert STEPS[step](bench.chat, first.id)
    return bench.ended()


def restarted(bench, make_bench):
    """The same conversation in front of a program that has just begun."""
    identity = bench.chat.current.id
    again = make_bench(bench.backend)
    again.chat.load(lambda: again.chat.open(identity))
    bench.wait(lambda: again.chat.current.id == identity and again.chat.path.last is not None)
    return again


@pytest.mark.parametrize("has_restarted", [False, True])
@pytest.mark.parametrize("second", STEPS)
@pytest.mark.parametrize("first", STEPS)
def test_it_is_withheld_at_each_step(first, second, has_restarted, make_bench):
    bench = make_bench(thinker())
    reply = begun_elsewhere(bench, first)
    assert reply.place == FAR
    assert reply.parts == (ReasoningPart("a secret", elsewhere=True), ReasoningPart("\n\na dog"))
    if has_restarted:
        bench = restarted(bench, make_bench)
        assert bench.reply == reply
    bench.backend.script = thinks("far", "\n\na cat")
    assert STEPS[second](bench.chat, reply.id)
    assert bench.ended().reasoning == "a secret\n\na dog\n\na cat"
    for request in bench.backend.requests[1:]:
        assert "secret" not in repr(request)
        assert request.partial_reply.withholds_thinking
    assert bench.backend.requests[-1].partial_reply.reasoning == "\n\na dog", "what it thought itself it may see"


def test_a_third_model_sees_nothing_of_either(make_bench):
    bench = make_bench(thinker())
    reply = begun_elsewhere(bench, "continue")
    bench.chat.choose_model(ModelChoice("here", "third"))
    assert bench.chat.more_room(reply.id)
    bench.ended()
    assert bench.backend.requests[-1].partial_reply.reasoning == ""


def test_words_moved_by_hand_bring_nothing_of_it_back(make_bench):
    bench = make_bench(thinker())
    reply = begun_elsewhere(bench, "continue")
    assert bench.chat.resplit(reply.id, thinking=False)
    moved = bench.reply
    assert moved.parts == (ReasoningPart("a secret", elsewhere=True), TextPart("a dog"))
    assert bench.chat.resplit(reply.id, thinking=True)
    assert bench.reply.parts == reply.parts
