"""Turn after turn with each provider, as a real server gets them: no thinking of an earlier reply is in any request.

Among the turns are one that is answered early, which may send its own thinking and no other, one that is stopped while
it thinks, and one whose thinking comes in tags.
"""

from __future__ import annotations

import re

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.core.events import Finished, FinishReason, ReasoningDelta, Started, TextDelta
from desktop.core.message import AnswerWay, EarlyAnswer, MessageStatus, ReasoningPart, Split, TextPart
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.place import Place, PlaceKind
from desktop.core.reply import ReplyPhase
from desktop.core.request import Thinking, ThinkingMode
from desktop.runtime.sending import Sending
from tests.support.every_backend import EVERY_BACKEND, Answers, chat_of, chat_script
from tests.support.scripted_backend import Hold, ScriptedBackend
from tests.support.scripted_server import Hold as HoldServer
from tests.support.scripted_server import json_reply, running_server
from tests.support.scripts import (
    MODEL,
    delta,
    ndjson,
    ollama_line,
    ollama_lines,
    ollama_script,
    openai_chunks,
    sse,
)

TURNS = 6
EARLY, STOPPED, IN_TAGS = 2, 3, 5  # the turns that are not like the others
_SECRET = re.compile(r"secret-(\d+)")


def secret(generation):
    return f"secret-{generation} thought"


def generation_of(request):
    """Which question the request ends with."""
    return int(re.findall(r"question-(\d+)", request.body.decode())[-1])


def is_answer_wanted(request):
    """Whether it brings a reply's own thinking along, to have it answered."""
    return str(generation_of(request)) in _SECRET.findall(request.body.decode())


def openai_reply(request):
    generation = generation_of(request)
    if is_answer_wanted(request):
        return sse(openai_chunks(f"answer-{generation}"))
    if generation in (EARLY, STOPPED):
        return sse([delta(reasoning_content=secret(generation))], done=False, then=[HoldServer()])
    if generation == IN_TAGS:
        return sse(openai_chunks(f"<think>{secret(generation)}</think>\n\nanswer-{generation}"))
    return sse(openai_chunks(f"answer-{generation}", reasoning=secret(generation)))


def ollama_reply(request):
    generation = generation_of(request)
    if is_answer_wanted(request):
        return ndjson(ollama_lines(f"answer-{generation}"))
    if generation in (EARLY, STOPPED):
        return ndjson([ollama_line(thinking=secret(generation))], then=[HoldServer()])
    if generation == IN_TAGS:
        return ndjson(ollama_lines(f"<think>{secret(generation)}</think>\n\nanswer-{generation}"))
    return ndjson(ollama_lines(f"answer-{generation}", secret(generation)))


def responses_reply(request):
    generation = generation_of(request)
    events = []
    if not is_answer_wanted(request):
        events.append(
            {"type": "response.reasoning_summary_text.delta", "delta": secret(generation), "summary_index": 0}
        )
        if generation in (EARLY, STOPPED):
            return sse(events, done=False, then=[HoldServer()])
    events.append({"type": "response.output_text.delta", "delta": f"answer-{generation}"})
    events.append({"type": "response.completed", "response": {"status": "completed", "output": []}})
    return sse(events, done=False)


class DeepSeek:
    """One of the service's generations, which differ in what they demand of earlier replies."""

    def __init__(self, demands):
        self._demands = demands

    def __call__(self, request):
        earlier = [each for each in request.json["messages"] if each["role"] == "assistant" and "prefix" not in each]
        has_field = [each for each in earlier if "reasoning_content" in each]
        if self._demands is False and has_field:
            return refusal("The reasoning_content is not allowed in the messages of earlier rounds")
        if self._demands and len(has_field) < len(earlier):
            return refusal("The `reasoning_content` in the thinking mode must be passed back to the API.")
        return openai_reply(request)


def refusal(words):
    return json_reply({"error": {"message": words, "type": "invalid_request_error"}}, 400)


ANSWERS = Answers(openai_reply, responses_reply, ollama_reply)
SERVERS = {
    **{name: (served.script(ANSWERS), served.backend, served.model) for name, served in EVERY_BACKEND.items()},
    "deepseek, of R1's time": (chat_script(DeepSeek(False)), chat_of("deepseek"), MODEL),
    "deepseek V4, insisting": (chat_script(DeepSeek(True)), chat_of("deepseek"), MODEL),
}


def one_generation(bench, generation):
    assert bench.chat.send(f"question-{generation}")
    running = bench.running
    if generation in (EARLY, STOPPED):
        bench.wait(lambda: running.builder.phase is ReplyPhase.THINKING)
        assert bench.chat.answer_now() if generation == EARLY else True
    if generation == STOPPED:
        bench.chat.stop()
    bench.wait(lambda: bench.chat.generation is None)
    bench.drain()


@pytest.mark.parametrize("case", SERVERS)
def test_turn_after_turn(case, make_bench):
    script, backend_of, model = SERVERS[case]
    with running_server(script) as server:
        bench = make_bench(backend_of(server.url))
        bench.chat.choose_model(ModelChoice("here", model))
        for generation in range(1, TURNS + 1):
            one_generation(bench, generation)
        sent = [each for each in server.requests if each.method == "POST" and b"question-" in each.body]
        replies = [message for message in bench.path if message.role == "assistant"]
    assert [reply.text for reply in replies] == [
        "" if generation == STOPPED else f"answer-{generation}" for generation in range(1, TURNS + 1)
    ]
    assert all(
        secret(generation) in reply.reasoning
        for generation, reply in enumerate(replies, 1)
        if case != "openai, responses"
    )
    assert [
        generation for generation, reply in enumerate(replies, 1) if reply.status is not MessageStatus.COMPLETE
    ] == [STOPPED]
    for request in sent:
        found = {int(number) for number in _SECRET.findall(request.body.decode())}
        assert found <= ({EARLY} if generation_of(request) == EARLY else set()), request.body
    goes_on = case.startswith("deepseek") or case in ("llama-server", "vllm", "built-in engine")
    assert replies[EARLY - 1].early == EarlyAnswer(AnswerWay.CONTINUED if goes_on else AnswerWay.ASKED)
    assert any(_SECRET.search(each.body.decode()) for each in sent), "its own thinking goes along where it is wanted"
    last = sent[-1].body.decode()
    assert all(f"question-{generation}" in last for generation in range(1, TURNS + 1))
    assert all(f"answer-{generation}" in last for generation in range(1, TURNS) if generation != STOPPED)
    assert "<think>" not in last
    if case == "deepseek V4, insisting":
        assert {each.get("reasoning_content") for each in sent[-1].json["messages"] if each["role"] == "assistant"} == {
            ""
        }


# A reply that another model goes on with: the thinking of the first is never sent to it, at no later step either.


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


@pytest.mark.parametrize(
    ("first", "second", "has_restarted"), [(first, second, first == second) for first in STEPS for second in STEPS]
)
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


def test_words_moved_by_hand_bring_nothing_of_it_back(make_bench):
    bench = make_bench(thinker())
    reply = begun_elsewhere(bench, "continue")
    assert bench.chat.resplit(reply.id, thinking=False)
    moved = bench.reply
    assert moved.parts == (ReasoningPart("a secret", elsewhere=True), TextPart("a dog"))
    assert bench.chat.resplit(reply.id, thinking=True)
    assert bench.reply.parts == reply.parts


# A conversation with a model that does not reason: what is sent when it is to think first, and what is kept.


PLAIN = ModelInfo("scripted", capabilities=frozenset({"completion"}), thinking_modes=(ThinkingMode.OFF,))
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


# Undoing a wrong split: shown, stored, and remembered for the model of that connection.


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


def test_taking_it_back_forgets_and_there_must_be_something_to_move(make_bench):
    bench = make_bench([ReasoningDelta("Hm."), TextDelta("4."), STOP])
    reply = bench.ask("question")
    assert bench.chat.resplit(reply.id, thinking=False)
    assert bench.chat.resplit(reply.id, thinking=True)
    assert bench.reply.parts == reply.parts
    assert bench.models.splits == {}
    bench.backend.script = [TextDelta("4."), STOP]
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
