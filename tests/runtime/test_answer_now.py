"""Thinking that is ended early: by a click or a limit, in each way, with everything that can happen in between."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.backends.built_in import BuiltInBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.errors import StoreError, StreamBroken
from desktop.core.events import (
    AnsweredEarly,
    Failed,
    Finished,
    FinishReason,
    ReasoningDelta,
    Reclassified,
    Started,
    TextDelta,
    ThinkingCanEnd,
    UsageReported,
)
from desktop.core.message import AnswerWay, EarlyAnswer, MessageStatus, ReasoningPart, TextPart, Usage
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.reply import ReplyPhase
from desktop.core.request import ThinkingLimit, ThinkingMode
from desktop.runtime import generation as generation_module
from tests.runtime.conftest import answer
from tests.support.every_backend import RunningEngine
from tests.support.scripted_backend import Hold, Released, ScriptedBackend
from tests.support.waiting import PATIENCE, wait_until

CONTINUED, ASKED, SAME_STREAM = AnswerWay.CONTINUED, AnswerWay.ASKED, AnswerWay.SAME_STREAM
THOUGHT = "a fox, a dog"
THINKS = [Started("scripted"), ReasoningDelta("a fox, "), ReasoningDelta("a dog"), Hold()]
STOP = Finished(FinishReason.STOP)


def answers(way=CONTINUED):
    return [Started("scripted"), AnsweredEarly(way), TextDelta("A fox."), STOP]


class Backend(ScriptedBackend):
    """Plays the scripts one after the other, the last one again and again."""

    def __init__(self, *scripts):
        super().__init__(scripts[0])
        self._later = list(scripts[1:])

    async def stream(self, request):
        events = super().stream(request)
        first = await anext(events)
        if self._later:
            self.script = list(self._later.pop(0))
        yield first
        async for event in events:
            yield event


@pytest.fixture
def playing(make_bench):
    """Makes a bench over scripts that are played one after the other."""
    return lambda *scripts: make_bench(Backend(*scripts))


def thinking(bench):
    """A reply in the middle of its thinking."""
    assert bench.chat.send("What?")
    generation = bench.running
    bench.wait(lambda: generation.builder.message.reasoning.endswith("a dog"))
    return generation


def clicked(bench):
    """A reply whose thinking the user has ended."""
    generation = thinking(bench)
    assert bench.chat.answer_now()
    return generation


# --- By another request ------------------------------------------------------------------------------------------


def test_the_answer_comes_in_the_same_reply(playing):
    bench = playing(THINKS, answers())
    generation = clicked(bench)
    assert bench.chat.generation is generation
    reply = bench.ended()
    assert (reply.reasoning, reply.text, reply.status) == (THOUGHT, "A fox.", MessageStatus.COMPLETE)
    assert (reply.id, reply.early) == (generation.reply_id, EarlyAnswer(CONTINUED))
    assert [versions for _, versions in bench.versions] == [1, 1]
    first, second = bench.backend.requests
    assert first.partial_reply is None
    begun = second.partial_reply
    assert (begun.text, begun.reasoning, begun.answer_by) == ("", THOUGHT, (CONTINUED, ASKED))
    assert second.messages == first.messages
    assert bench.backend.was_cancelled
    assert bench.stored_path()[-1] == reply


# What follows the click; what is logged then, and the parts and the early answer of the reply.
KILLED = {
    "before the answer": ([Started("s"), Hold()], "resumed", (ReasoningPart(THOUGHT),), None),
    "within the answer": (
        [Started("s"), AnsweredEarly(ASKED), TextDelta("A f"), Hold()],
        "text",
        (ReasoningPart(THOUGHT), TextPart("A f")),
        EarlyAnswer(ASKED),
    ),
    "when the answer turned out to be more thinking": (
        [Started("s"), AnsweredEarly(ASKED), TextDelta("A cat?"), Reclassified(), TextDelta("A f"), Hold()],
        "text",
        (ReasoningPart(f"{THOUGHT}\n\nA cat?"), TextPart("A f")),
        EarlyAnswer(ASKED),
    ),
}


@pytest.mark.parametrize("moment", KILLED)
def test_a_kill_or_a_stop_in_between_loses_nothing(moment, playing):
    """What the next start finds."""
    script, logged, parts, early = KILLED[moment]
    bench = playing(THINKS, script)
    clicked(bench)
    bench.wait(lambda: (logged,) in bench.on_disk("SELECT kind FROM reply_log"))
    bench.wait(lambda: (found := bench.stored_path()[-1]).parts == parts and found.early == early)
    assert bench.stored_path()[-1].status is MessageStatus.INTERRUPTED
    bench.chat.stop()
    reply = bench.ended()
    assert (reply.parts, reply.status) == (parts, MessageStatus.STOPPED)


def fail(reason):
    def failing(*_):
        raise StoreError(reason)

    return failing


def test_a_full_disk_does_not_keep_the_answer_back(playing):
    bench = playing(THINKS, answers())
    thinking(bench)
    bench.store.log_reply = fail("full")
    assert bench.chat.answer_now()
    assert bench.ended().text == "A fox."


def test_a_history_that_cannot_be_read_leaves_the_thinking(playing):
    bench = playing(answer("Yes."), THINKS, answers())
    bench.ask("Is it?")
    thinking(bench)
    bench.store.path = fail("damaged")
    with bench.signal(bench.chat.store_failed):
        assert bench.chat.answer_now()
    reply = bench.ended()
    assert (reply.reasoning, reply.status) == (THOUGHT, MessageStatus.STOPPED)


def test_a_click_when_the_answer_has_begun_does_nothing(playing):
    """Also where the window does not show it yet."""
    wait = Released()
    bench = playing([*THINKS[:-1], wait, TextDelta("A fox."), STOP])
    generation = thinking(bench)
    wait.release()
    wait_until(lambda: any(isinstance(event, TextDelta) for event, _ in list(generation._stream._arrived)))
    assert not bench.chat.answer_now()  # the loop thread went on, the window did not
    reply = bench.ended()
    assert (reply.text, reply.early, len(bench.backend.requests)) == ("A fox.", None, 1)


# --- In the same stream, and by other requests --------------------------------------------------------------------


def controlled(outcome, *rest):
    """A server that is told to end the thinking, and agrees, refuses, or fails; then it goes on with `rest`."""
    released = Released()

    async def end():
        if outcome is None:
            raise StreamBroken("no such address")
        if outcome:
            released.release()
        return outcome

    return [Started("s"), ThinkingCanEnd(end), *THINKS[1:-1], released, *rest, Hold()]


USED = UsageReported(Usage(completion_tokens=9))
BREAKS, CUT = Failed(StreamBroken("eof")), Finished(FinishReason.LENGTH)
BY_REQUEST = (THOUGHT, "A fox.", EarlyAnswer(CONTINUED), MessageStatus.COMPLETE)
BROKEN = (THOUGHT, "", None, MessageStatus.INTERRUPTED)
# The scripts; the reply's thinking, answer, how it was had early, its status; the number of requests.
CLICKED = {
    "the server dies": ([THINKS, [Started("s"), BREAKS]], BROKEN, 2),
    "in the same stream": (
        [controlled(True, ReasoningDelta("."), TextDelta("A fox."), USED, STOP)],
        (THOUGHT + ".", "A fox.", EarlyAnswer(SAME_STREAM), MessageStatus.COMPLETE),
        1,
    ),
    "it refuses": ([controlled(False), answers()], BY_REQUEST, 2),
    "it cannot be told": ([controlled(None), answers()], BY_REQUEST, 2),
    "it agrees and thinks on": (
        [controlled(True, ReasoningDelta("!")), answers()],
        (THOUGHT + "!", *BY_REQUEST[1:]),
        2,
    ),
    "its stream breaks": ([controlled(True, BREAKS), answers()], BROKEN, 1),
    "it stops without a word": ([controlled(True, USED, STOP), answers()], BY_REQUEST, 2),
    "it is cut off without a word": ([controlled(True, USED, CUT), answers()], BY_REQUEST, 2),
}


@pytest.mark.parametrize("case", CLICKED)
def test_a_click_ends_as_the_server_allows(case, playing, monkeypatch):
    if case == "it agrees and thinks on":
        monkeypatch.setattr(generation_module, "_LIVE_MS", 500)
    scripts, expected, requests = CLICKED[case]
    bench = playing(*scripts)
    generation = clicked(bench)
    assert generation.builder.phase is not ReplyPhase.THINKING
    assert not bench.chat.answer_now()
    reply = bench.ended()
    early = None if reply.status is MessageStatus.INTERRUPTED else reply.early
    assert (reply.reasoning, reply.text, early, reply.status) == expected
    assert len(bench.backend.requests) == requests
    assert case != "in the same stream" or (reply.usage, bench.backend.was_cancelled) == (USED.usage, False)


# --- A limit -----------------------------------------------------------------------------------------------------

FOURS = [Started("scripted"), *[ReasoningDelta("four ")] * 100]
AGAIN = [Started("s"), AnsweredEarly(CONTINUED), ReasoningDelta("\n\na cat"), STOP]
ASKED_AGAIN = [Started("s"), AnsweredEarly(ASKED), ReasoningDelta("\n\na cow"), STOP]
SECONDS, TOKENS = ThinkingLimit(seconds=1), ThinkingLimit(tokens=100)
EARLY = EarlyAnswer(CONTINUED, by_limit=True)
# The limit and the scripts; the end of the thinking, the answer, how it was had early, and the budgets that were sent.
LIMITED = {
    "in seconds": (SECONDS, [THINKS, answers()], ("a dog", "A fox.", EARLY), [None, None]),
    "in tokens, which are the budget": (
        TOKENS,
        [[*FOURS, Hold()], answers()],
        ("four ", "A fox.", EARLY),
        [100, 100],
    ),
    "once": (
        TOKENS,
        [[*FOURS, Hold()], [*FOURS, TextDelta("A fox."), STOP]],
        ("four ", "A fox.", None),
        [100, 100],
    ),
    "for a model that only thinks again": (
        SECONDS,
        [THINKS, AGAIN, ASKED_AGAIN],
        (f"{THOUGHT}\n\na cat\n\na cow", "", EarlyAnswer(ASKED, by_limit=True)),
        [None, None, None],
    ),
}


@pytest.mark.parametrize("case", LIMITED)
def test_a_limit_asks_by_itself(case, playing):
    limit, scripts, (thought, text, early), budgets = LIMITED[case]
    bench = playing(*scripts)
    bench.chat.set_thinking_limit(limit)
    reply = bench.ask("What?")
    assert (reply.reasoning.endswith(thought), reply.text, reply.early) == (True, text, early)
    assert [each.thinking.budget for each in bench.backend.requests] == budgets
    ways = [each.partial_reply.answer_by for each in bench.backend.requests[1:]]
    assert ways == [(CONTINUED, ASKED), (ASKED,)][: len(budgets) - 1]


# --- Thought, but did not answer ---------------------------------------------------------------------------------

ONLY_THOUGHT = [Started("scripted"), ReasoningDelta(THOUGHT), UsageReported(Usage(completion_tokens=6_000))]
STEPS = {
    "it is answered now": lambda chat, reply: chat.answer_now(reply),
    "it is given more room": lambda chat, reply: chat.more_room(reply),
    "it is asked again without thinking": lambda chat, reply: chat.try_again(reply, thinking=ThinkingMode.OFF),
}


@pytest.mark.parametrize("end", [STOP, CUT])
@pytest.mark.parametrize("step", STEPS)
def test_what_only_thought_can_still_be_answered(make_bench, step, end):
    bench = make_bench([*ONLY_THOUGHT, end])
    reply = bench.ask("What?")
    is_anew = step == "it is asked again without thinking"
    bench.backend.script = answers()[:1] + answers()[2:] if is_anew else answers()
    answered = bench.reply_to(lambda: STEPS[step](bench.chat, reply.id))
    request, is_now = bench.backend.requests[-1], step == "it is answered now"
    assert (answered.text, bench.versions[-1]) == ("A fox.", (2, 2))
    assert (answered.reasoning, answered.early) == (("", None) if is_anew else (THOUGHT, EarlyAnswer(CONTINUED)))
    begun = request.partial_reply and (request.partial_reply.reasoning, request.partial_reply.answer_by)
    assert begun == (None if is_anew else (THOUGHT, (CONTINUED, ASKED) if is_now else ()))
    assert request.params.max_tokens == (12_000 if step == "it is given more room" else None)
    assert (request.thinking.mode is ThinkingMode.OFF) == is_anew
    assert bench.chat.current.settings.thinking.mode is ThinkingMode.AUTO


def test_thinking_of_another_model_is_not_sent_along(playing):
    """A reply that another model began is continued, thinks on, and is ended early."""
    bench = playing([*ONLY_THOUGHT, CUT], THINKS, answers())
    reply = bench.ask("What?")
    bench.chat.choose_model(ModelChoice("here", "another"))
    assert bench.chat.continue_reply(reply.id)
    generation = bench.running
    bench.wait(lambda: generation.builder.message.reasoning.endswith("a doga fox, a dog"))
    assert bench.chat.answer_now()
    assert bench.ended().text == "A fox."
    begun = bench.backend.requests[-1].partial_reply
    assert (begun.reasoning, begun.answer_by) == (THOUGHT, (CONTINUED, ASKED))


# --- A real llama.cpp --------------------------------------------------------------------------------------------


LLAMA = load_presets()["llama-server"]
OF_ENGINE = {SAME_STREAM: LLAMA, CONTINUED: replace(LLAMA, control_path="")}


@pytest.fixture(scope="module")
def engine(starter_model):
    command = [sys.executable, "-m", "tests.support.thinking_server", str(starter_model), "opens"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        running = RunningEngine(server.stdout.readline().strip())
        yield lambda preset: BuiltInBackend(
            running,
            lambda: [Path("model.gguf")],
            lambda path: ModelInfo(str(path)),
            lambda address: OpenAICompatBackend(address.base_url, address.key, preset),
        )
        server.communicate(timeout=PATIENCE)


@pytest.mark.engine
@pytest.mark.parametrize("way", OF_ENGINE)
def test_the_built_in_engine_answers(way, engine, make_bench):
    """In the way of its preset, and in those of servers that can do less."""
    bench = make_bench(engine(OF_ENGINE[way]))
    bench.chat.choose_model(ModelChoice("here", "model.gguf"))
    assert bench.chat.send("Tell me of the sea.")
    generation = bench.running
    bench.wait(lambda: len(generation.builder.message.reasoning) >= 60)
    assert generation.builder.phase is ReplyPhase.THINKING
    assert bench.chat.answer_now()
    bench.wait(lambda: bench.chat.generation is None or len(bench.chat.generation.builder.message.text) > 40)
    bench.chat.stop()
    reply = bench.ended()
    assert reply.early == EarlyAnswer(way)
    assert reply.text


@pytest.mark.engine
def test_the_limit_of_the_built_in_engine_is_its_budget(engine, make_bench):
    bench = make_bench(engine(LLAMA))
    bench.chat.choose_model(ModelChoice("here", "model.gguf"))
    bench.chat.set_thinking_limit(ThinkingLimit(tokens=40))
    assert bench.chat.send("Tell me of the sea.")
    generation = bench.running
    bench.wait(lambda: not generation.is_running or len(generation.builder.message.text) > 20)
    bench.chat.stop()
    reply = bench.ended()
    assert reply.text
    assert 10 < len(reply.reasoning.split()) < 60
