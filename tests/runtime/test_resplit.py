"""Undoing a wrong split: shown, stored, and remembered for the model of that connection."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.core.events import Finished, FinishReason, ReasoningDelta, TextDelta
from desktop.core.message import Split
from desktop.core.model import ModelChoice
from tests.support.scripted_backend import Hold
from tests.support.scripted_server import running_server
from tests.support.scripts import MODEL, ndjson, ollama_lines, ollama_script

STOP = Finished(FinishReason.STOP)


@pytest.mark.parametrize(
    ("script", "thinking", "sides", "remembered"),
    [
        ([ReasoningDelta("It is 4."), STOP], False, ("", "It is 4."), Split.OUTSIDE),
        ([ReasoningDelta("The tag"), TextDelta("is 4."), STOP], False, ("", "The tag\n\nis 4."), Split.NONE),
        ([TextDelta("Hm. </think> It is 4."), STOP], True, ("Hm.", "It is 4."), Split.INSIDE),
    ],
)
def test_it_is_shown_stored_and_remembered(
    make_bench,
    qtbot,
    script,
    thinking,
    sides,
    remembered,
):
    bench = make_bench(script)
    reply = bench.ask("question")
    choice = bench.chat.current.settings.choice
    with qtbot.waitSignals([bench.chat.words_moved, bench.models.splits_changed]):
        assert bench.chat.resplit(reply.id, thinking=thinking)
    assert (bench.reply.reasoning, bench.reply.text) == sides
    bench.drain()
    assert bench.stored_path()[-1] == bench.reply
    assert bench.models.splits == {choice: remembered}
    bench.ask("question")
    assert bench.backend.requests[-1].split is remembered


def test_taking_it_back_forgets(make_bench):
    bench = make_bench([ReasoningDelta("Hm."), TextDelta("4."), STOP])
    reply = bench.ask("question")
    assert bench.chat.resplit(reply.id, thinking=False)
    assert bench.chat.resplit(reply.id, thinking=True)
    assert bench.reply.parts == reply.parts
    assert bench.models.splits == {}


def test_what_another_model_said_teaches_nothing_of_this_one(make_bench):
    bench = make_bench([ReasoningDelta("4."), STOP])
    reply = bench.ask("question")
    choice = bench.chat.current.settings.choice
    bench.chat.choose_model(replace(choice, model="another"))
    assert bench.chat.resplit(reply.id, thinking=False)
    assert bench.models.splits == {}


def test_there_must_be_something_to_move(make_bench):
    bench = make_bench([TextDelta("4."), STOP])
    reply = bench.ask("question")
    assert not bench.chat.resplit(reply.id, thinking=False)
    assert not bench.chat.resplit(bench.path[0].id, thinking=True)
    bench.backend.script = [TextDelta("4"), Hold()]
    assert bench.chat.send("again")
    assert not bench.chat.resplit(reply.id, thinking=True)
    bench.chat.stop()


# name: (how the reply comes, how the model is read, what was thinking, what was the answer)
READ = {
    "from inside": (("Hm. </think>4.", ""), Split.INSIDE, "Hm. ", "4."),
    "the wrong side, told": (("Hm. So 4.", ""), Split.INSIDE, "", "Hm. So 4."),
    "tags are text": (("<think>a</think>b", ""), Split.NONE, "", "<think>a</think>b"),
    "not from inside, but tags count": (("<think>a</think>b", ""), Split.OUTSIDE, "a", "b"),
    "a field with the whole answer": (("", "4."), Split.OUTSIDE, "", "4."),
    "a field beside an answer": (("4.", "Hm."), Split.NONE, "Hm.", "4."),
}


@pytest.mark.parametrize("case", READ)
def test_the_next_reply_is_read_so_from_the_start(make_bench, case):
    (text, thinking), split, reasoning, answer = READ[case]
    with running_server(ollama_script(ndjson(ollama_lines(text, thinking)))) as server:
        bench = make_bench(OllamaBackend(server.url))
        choice = ModelChoice("here", MODEL)
        bench.chat.choose_model(choice)
        bench.models.remember_split(choice, split)
        reply = bench.ask("question")
    assert (reply.reasoning, reply.text) == (reasoning, answer)
