"""Thinking that is ended early: by a click or a limit, in each way, with everything that can happen in between."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

import pytest

from desktop.core.errors import StreamBroken
from desktop.core.events import (
    AnsweredEarly,
    Failed,
    Finished,
    FinishReason,
    Progress,
    ReasoningDelta,
    Reclassified,
    Started,
    StreamEvent,
    TextDelta,
    ThinkingCanEnd,
    UsageReported,
)
from desktop.core.events import Phase as ServerPhase
from desktop.core.message import AnswerWay, EarlyAnswer, MessageStatus, Part, ReasoningPart, TextPart, Usage
from desktop.core.model import ModelChoice
from desktop.core.reply import ReplyPhase
from desktop.core.repository import StoreError
from desktop.core.request import ThinkingLimit, ThinkingMode
from desktop.runtime import generation as generation_module
from tests.support.scripted_backend import Hold, Released, ScriptedBackend
from tests.support.waiting import PATIENCE, wait_until

CONTINUED, ASKED, SAME_STREAM = AnswerWay.CONTINUED, AnswerWay.ASKED, AnswerWay.SAME_STREAM
Script = Sequence[StreamEvent | Hold | Released]
THINKS: Script = [Started("scripted"), ReasoningDelta("a fox, "), ReasoningDelta("a dog"), Hold()]


def answers(text="A fox.", way=CONTINUED):
    return [Started("scripted"), AnsweredEarly(way), TextDelta(text), Finished(FinishReason.STOP)]


class Backend(ScriptedBackend):
    """Plays the scripts one after the other, the last one again and again."""

    def __init__(self, *scripts):
        super().__init__(scripts[0])
        self._later = list(scripts[1:])

    async def stream(self, request):  # type: ignore[no-untyped-def,override]
        script = self.script
        events = super().stream(request)
        first = await anext(events)
        if self._later:
            self.script = list(self._later.pop(0))
        assert script is not self.script or not self._later
        yield first
        async for event in events:
            yield event


def thinking(bench):
    """A reply in the middle of its thinking."""
    assert bench.chat.send("What?")
    generation = bench.running
    bench.wait(lambda: generation.builder.phase is ReplyPhase.THINKING and not generation._stream._arrived)
    return generation


def on_disk(bench, query):
    with closing(sqlite3.connect(bench.database)) as database:
        return database.execute(query).fetchall()


# --- By another request ------------------------------------------------------------------------------------------


def test_the_answer_comes_in_the_same_reply(make_bench):
    bench = make_bench(Backend(THINKS, answers()))
    generation = thinking(bench)
    assert bench.chat.answer_now()
    assert bench.chat.generation is generation
    reply = bench.ended()
    assert (reply.reasoning, reply.text, reply.status) == ("a fox, a dog", "A fox.", MessageStatus.COMPLETE)
    assert reply.early == EarlyAnswer(CONTINUED)
    assert reply.id == generation.reply_id
    assert [entry.versions for entry in bench.chat.path.entries] == [1, 1]
    first, second = bench.backend.requests
    assert first.partial_reply is None
    assert (second.partial_reply.text, second.partial_reply.reasoning) == ("", "a fox, a dog")
    assert second.partial_reply.answer_by == (CONTINUED, ASKED)
    assert second.messages == first.messages
    assert bench.backend.was_cancelled
    assert bench.stored_path()[-1] == reply


def test_its_time_stops_at_the_click(make_bench):
    wait = Released()
    bench = make_bench(Backend(THINKS, [Started("scripted"), Progress(ServerPhase.READING), wait, *answers()[1:]]))
    generation = thinking(bench)
    phases: list[ReplyPhase] = []
    generation.phase_changed.connect(lambda: phases.append(generation.builder.phase))
    assert bench.chat.answer_now()
    spent = generation.builder.seconds_in(ReplyPhase.THINKING)
    bench.wait(lambda: generation.builder.phase is ReplyPhase.READING)
    assert generation.builder.seconds_in(ReplyPhase.THINKING, time.monotonic() + 60) == spent
    wait.release()
    reply = bench.ended()
    assert reply.timings.thinking == pytest.approx(spent, abs=0.001)
    assert ReplyPhase.THINKING not in phases
    assert phases[-1] is ReplyPhase.DONE


KILLED: dict[str, tuple[Script, str, tuple[Part, ...], EarlyAnswer | None]] = {
    "before the answer": ([Started("s"), Hold()], "resumed", (ReasoningPart("a fox, a dog"),), None),
    "within the answer": (
        [Started("s"), AnsweredEarly(ASKED), TextDelta("A f"), Hold()],
        "text",
        (ReasoningPart("a fox, a dog"), TextPart("A f")),
        EarlyAnswer(ASKED),
    ),
    "when the answer turned out to be more thinking": (
        [Started("s"), AnsweredEarly(ASKED), TextDelta("A cat?"), Reclassified(), TextDelta("A f"), Hold()],
        "text",
        (ReasoningPart("a fox, a dog\n\nA cat?"), TextPart("A f")),
        EarlyAnswer(ASKED),
    ),
}


@pytest.mark.parametrize("moment", KILLED)
def test_a_kill_in_between_loses_nothing(moment, make_bench):
    """What the next start finds."""
    script, logged, parts, early = KILLED[moment]
    bench = make_bench(Backend(THINKS, script))
    thinking(bench)
    assert bench.chat.answer_now()
    bench.wait(lambda: (logged,) in on_disk(bench, "SELECT kind FROM reply_log"))
    found = bench.stored_path()[-1]
    assert (found.parts, found.early, found.status) == (parts, early, MessageStatus.INTERRUPTED)
    bench.chat.stop()
    assert bench.ended().parts == parts


def test_a_full_disk_does_not_keep_the_answer_back(make_bench):
    bench = make_bench(Backend(THINKS, answers()))
    thinking(bench)

    def full(*_):
        raise StoreError("full")

    bench.chat.services.store.log_reply = full  # type: ignore[method-assign]
    assert bench.chat.answer_now()
    assert bench.ended().text == "A fox."


def test_a_history_that_cannot_be_read_leaves_the_thinking(make_bench):
    bench = make_bench(Backend([TextDelta("Yes."), Finished(FinishReason.STOP)], THINKS, answers()))
    assert bench.chat.send("Is it?")
    bench.ended()
    thinking(bench)

    def damaged(*_):
        raise StoreError("damaged")

    bench.chat.services.store.path = damaged  # type: ignore[method-assign]
    with bench.signal(bench.chat.store_failed):
        assert bench.chat.answer_now()
    reply = bench.ended()
    assert (reply.reasoning, reply.status) == ("a fox, a dog", MessageStatus.STOPPED)


def test_a_second_click_does_nothing(make_bench):
    wait = Released()
    bench = make_bench(Backend(THINKS, [Started("scripted"), wait, *answers()[1:]]))
    thinking(bench)
    assert bench.chat.answer_now()
    assert not bench.chat.answer_now()
    bench.wait(lambda: len(bench.backend.requests) == 2)
    assert not bench.chat.answer_now()
    wait.release()
    assert bench.ended().text == "A fox."
    assert len(bench.backend.requests) == 2


def test_a_click_when_the_answer_has_begun_does_nothing(make_bench):
    """Also where the window does not show it yet."""
    wait = Released()
    bench = make_bench(Backend([*THINKS[:-1], wait, TextDelta("A fox."), Finished(FinishReason.STOP)]))
    generation = thinking(bench)
    wait.release()
    wait_until(lambda: generation._stream._arrived)  # the loop thread goes on, the window does not
    drain_loop(bench)
    assert not bench.chat.answer_now()
    reply = bench.ended()
    assert (reply.text, reply.early, len(bench.backend.requests)) == ("A fox.", None, 1)


def drain_loop(bench):
    async def nothing():
        pass

    for _ in range(5):
        bench.work.loop.submit(nothing()).result(PATIENCE)


def test_before_it_thinks_there_is_nothing_to_end(make_bench):
    bench = make_bench(Backend([Started("scripted"), Hold()]))
    assert not bench.chat.answer_now()
    assert bench.chat.send("What?")
    assert not bench.chat.answer_now()
    bench.chat.stop()
    bench.ended()


def test_stopping_in_between_keeps_the_thinking(make_bench):
    bench = make_bench(Backend(THINKS, [Started("scripted"), Hold()]))
    thinking(bench)
    assert bench.chat.answer_now()
    bench.chat.stop()
    reply = bench.ended()
    assert (reply.reasoning, reply.text, reply.status) == ("a fox, a dog", "", MessageStatus.STOPPED)


def test_a_model_that_thinks_again_can_be_stopped_again_and_is_then_asked(make_bench):
    again = [Started("scripted"), AnsweredEarly(CONTINUED), ReasoningDelta("\n\na cat"), Hold()]
    bench = make_bench(Backend(THINKS, again, answers(way=ASKED)))
    generation = thinking(bench)
    assert bench.chat.answer_now()
    bench.wait(lambda: "cat" in generation.builder.message.reasoning)
    assert generation.builder.phase is ReplyPhase.THINKING
    assert bench.chat.answer_now()
    reply = bench.ended()
    assert (reply.reasoning, reply.text, reply.early) == ("a fox, a dog\n\na cat", "A fox.", EarlyAnswer(ASKED))
    assert [each.partial_reply.answer_by for each in bench.backend.requests[1:]] == [(CONTINUED, ASKED), (ASKED,)]


# --- In the same stream, and by other requests --------------------------------------------------------------------


def controlled(agrees, released, *, fails=False):
    async def end():
        if fails:
            raise StreamBroken("no such address")
        if agrees:
            released.release()
        return agrees

    return ThinkingCanEnd(end)


def told(*rest):
    """A server that ends the thinking when it is told to, and goes on with `rest`."""
    released = Released()
    return [Started("s"), controlled(True, released), *THINKS[1:-1], released, *rest, Hold()]


def refusing(*, fails):
    return [Started("s"), controlled(False, Released(), fails=fails), *THINKS[1:]]


USED = UsageReported(Usage(completion_tokens=9))
BREAKS = Failed(StreamBroken("eof"))
THOUGHT = "a fox, a dog"
BY_REQUEST = (THOUGHT, "A fox.", EarlyAnswer(CONTINUED), MessageStatus.COMPLETE)
# The scripts; the reply's thinking, answer, how it was had early, its status; the number of requests.
CLICKED: dict[str, tuple[list[Script], tuple[str, str, EarlyAnswer | None, MessageStatus], int]] = {
    "the server dies": (
        [THINKS, [Started("s"), BREAKS]],
        (THOUGHT, "", None, MessageStatus.INTERRUPTED),
        2,
    ),
    "in the same stream": (
        [told(ReasoningDelta("."), TextDelta("A fox."), USED, Finished(FinishReason.STOP))],
        (THOUGHT + ".", "A fox.", EarlyAnswer(SAME_STREAM), MessageStatus.COMPLETE),
        1,
    ),
    "it refuses": ([refusing(fails=False), answers()], BY_REQUEST, 2),
    "it cannot be told": ([refusing(fails=True), answers()], BY_REQUEST, 2),
    "it agrees and thinks on": (
        [told(ReasoningDelta("!")), answers()],
        (THOUGHT + "!", "A fox.", EarlyAnswer(CONTINUED), MessageStatus.COMPLETE),
        2,
    ),
    "its stream breaks": ([told(BREAKS), answers()], (THOUGHT, "", None, MessageStatus.INTERRUPTED), 1),
    "it stops without a word": ([told(USED, Finished(FinishReason.STOP)), answers()], BY_REQUEST, 2),
    "it is cut off without a word": ([told(USED, Finished(FinishReason.LENGTH)), answers()], BY_REQUEST, 2),
}


@pytest.mark.parametrize("case", CLICKED)
def test_a_click_ends_as_the_server_allows(case, make_bench, monkeypatch):
    monkeypatch.setattr(generation_module, "_LIVE_MS", 50)
    scripts, expected, requests = CLICKED[case]
    bench = make_bench(Backend(*scripts))
    generation = thinking(bench)
    assert bench.chat.answer_now()
    assert generation.builder.phase is not ReplyPhase.THINKING
    assert not bench.chat.answer_now()
    reply = bench.ended()
    early = None if reply.status is MessageStatus.INTERRUPTED else reply.early
    assert (reply.reasoning, reply.text, early, reply.status) == expected
    assert len(bench.backend.requests) == requests
    assert case != "in the same stream" or (reply.usage, bench.backend.was_cancelled) == (USED.usage, False)


def test_what_was_left_by_a_server_that_died_can_be_continued(make_bench):
    bench = make_bench(Backend(THINKS, [Started("s"), BREAKS]))
    thinking(bench)
    assert bench.chat.answer_now()
    reply = bench.ended()
    assert reply.early is None
    bench.backend.script = answers()
    assert bench.chat.continue_reply(reply.id)
    assert bench.ended().text == "A fox."


# --- A limit -----------------------------------------------------------------------------------------------------

FOURS: Script = [Started("scripted"), *[ReasoningDelta("four ") for _ in range(100)]]
AGAIN: Script = [Started("s"), AnsweredEarly(CONTINUED), ReasoningDelta("\n\na cat"), Finished(FinishReason.STOP)]
ASKED_AGAIN: Script = [Started("s"), AnsweredEarly(ASKED), ReasoningDelta("\n\na cow"), Finished(FinishReason.STOP)]
# The limit and the scripts; the end of the thinking, the answer, how it was had early, and the budgets that were sent.
LIMITED: dict[str, tuple[ThinkingLimit, list[Script], tuple[str, str, EarlyAnswer | None], list[int | None]]] = {
    "in seconds": (
        ThinkingLimit(seconds=1),
        [THINKS, answers()],
        ("a dog", "A fox.", EarlyAnswer(CONTINUED, by_limit=True)),
        [None, None],
    ),
    "in tokens, which are the budget": (
        ThinkingLimit(tokens=100),
        [[*FOURS, Hold()], answers()],
        ("four ", "A fox.", EarlyAnswer(CONTINUED, by_limit=True)),
        [100, 100],
    ),
    "once": (
        ThinkingLimit(tokens=100),
        [[*FOURS, Hold()], [*FOURS, TextDelta("A fox."), Finished(FinishReason.STOP)]],
        ("four ", "A fox.", None),
        [100, 100],
    ),
    "for a model that only thinks again": (
        ThinkingLimit(seconds=1),
        [THINKS, AGAIN, ASKED_AGAIN],
        ("a fox, a dog\n\na cat\n\na cow", "", EarlyAnswer(ASKED, by_limit=True)),
        [None, None, None],
    ),
}


@pytest.mark.parametrize("case", LIMITED)
def test_a_limit_asks_by_itself(case, make_bench):
    limit, scripts, (thought, text, early), budgets = LIMITED[case]
    bench = make_bench(Backend(*scripts))
    bench.chat.set_thinking_limit(limit)
    assert bench.chat.send("What?")
    reply = bench.ended()
    assert (reply.reasoning.endswith(thought), reply.text, reply.early) == (True, text, early)
    assert [each.thinking.budget for each in bench.backend.requests] == budgets
    ways = [each.partial_reply.answer_by for each in bench.backend.requests[1:]]
    assert ways == [(CONTINUED, ASKED), (ASKED,)][: len(budgets) - 1]


def test_a_limit_is_kept_with_the_conversation(make_bench):
    bench = make_bench(Backend([TextDelta("Yes."), Finished(FinishReason.STOP)]))
    bench.chat.set_thinking_limit(ThinkingLimit(seconds=30))
    assert bench.chat.send("What?")
    bench.ended()
    with closing(bench.stored()) as next_start:
        (found,) = next_start.conversations()
    assert found.settings.thinking_limit == ThinkingLimit(seconds=30)
    bench.chat.set_thinking_limit(None)
    bench.drain()
    with closing(bench.stored()) as next_start:
        assert next_start.conversations()[0].settings.thinking_limit is None


# --- Thought, but did not answer ---------------------------------------------------------------------------------

ONLY_THOUGHT = [Started("scripted"), ReasoningDelta("a fox, a dog"), UsageReported(Usage(completion_tokens=6_000))]


@pytest.fixture(params=[FinishReason.STOP, FinishReason.LENGTH])
def unanswered(request, make_bench):
    bench = make_bench([*ONLY_THOUGHT, Finished(request.param)])
    assert bench.chat.send("What?")
    reply = bench.ended()
    bench.backend.script = answers()
    return bench, reply


def test_it_can_be_answered_now(unanswered):
    bench, reply = unanswered
    assert bench.chat.answer_now(reply.id)
    answered = bench.ended()
    assert (answered.reasoning, answered.text) == ("a fox, a dog", "A fox.")
    assert answered.early == EarlyAnswer(CONTINUED)
    assert bench.chat.path.entries[-1].versions == 2
    begun = bench.backend.requests[-1].partial_reply
    assert (begun.reasoning, begun.answer_by) == ("a fox, a dog", (CONTINUED, ASKED))


def test_it_can_be_given_more_room(unanswered):
    bench, reply = unanswered
    assert bench.chat.more_room(reply.id)
    assert bench.ended().text == "A fox."
    request = bench.backend.requests[-1]
    assert request.params.max_tokens == 12_000
    assert (request.partial_reply.reasoning, request.partial_reply.answer_by) == ("a fox, a dog", ())


def test_it_can_be_asked_again_without_thinking(unanswered):
    bench, reply = unanswered
    bench.backend.script = answers()[:1] + answers()[2:]
    assert bench.chat.try_again(reply.id, thinking=ThinkingMode.OFF)
    answered = bench.ended()
    assert (answered.reasoning, answered.text, answered.early) == ("", "A fox.", None)
    assert bench.chat.path.entries[-1].versions == 2
    request = bench.backend.requests[-1]
    assert (request.partial_reply, request.thinking.mode) == (None, ThinkingMode.OFF)
    assert bench.chat.current.settings.thinking.mode is ThinkingMode.AUTO


def test_a_reply_with_an_answer_is_not_answered_again(make_bench):
    bench = make_bench([ReasoningDelta("a fox"), TextDelta("A fox."), Finished(FinishReason.STOP)])
    assert bench.chat.send("What?")
    reply = bench.ended()
    assert not bench.chat.answer_now(reply.id)
    assert not bench.chat.more_room(reply.id)
    assert replace(reply, early=None) == reply


def test_what_only_thought_and_thinks_again_is_asked_at_the_next_click(make_bench):
    again = [Started("s"), AnsweredEarly(CONTINUED), ReasoningDelta("\n\na cat"), Hold()]
    bench = make_bench(Backend([*ONLY_THOUGHT, Finished(FinishReason.STOP)], again, answers(way=ASKED)))
    assert bench.chat.send("What?")
    reply = bench.ended()
    assert bench.chat.answer_now(reply.id)
    generation = bench.running
    bench.wait(lambda: generation.builder.phase is ReplyPhase.THINKING)
    assert bench.chat.answer_now()
    assert bench.ended().early == EarlyAnswer(ASKED)
    assert [each.partial_reply.answer_by for each in bench.backend.requests[1:]] == [(CONTINUED, ASKED), (ASKED,)]


def test_thinking_of_another_model_is_not_sent_along(make_bench):
    """A reply that another model began is continued, thinks on, and is ended early."""
    bench = make_bench(Backend([*ONLY_THOUGHT, Finished(FinishReason.LENGTH)], THINKS, answers()))
    assert bench.chat.send("What?")
    reply = bench.ended()
    bench.chat.choose_model(ModelChoice("here", "another"))
    assert bench.chat.continue_reply(reply.id)
    generation = bench.running
    bench.wait(lambda: generation.builder.message.reasoning.endswith("a doga fox, a dog"))
    assert bench.chat.answer_now()
    assert bench.ended().text == "A fox."
    begun = bench.backend.requests[-1].partial_reply
    assert (begun.reasoning, begun.answer_by) == ("a fox, a dog", (CONTINUED, ASKED))
