"""A reply that runs in circles says so, once for each side, while there is something that can be cut."""

from __future__ import annotations

import time

import pytest

from desktop.core.events import Finished, FinishReason, ReasoningDelta, Reclassified, TextDelta
from desktop.core.message import Message, ReasoningPart, Role, TextPart
from desktop.core.sign import SignKind, has_kind
from desktop.core.signs.loops import Loop
from desktop.runtime.watches import LoopNoticed, LoopWatch
from tests.support.scripted_backend import Hold

ROUND = "Let me check the second clause again. "
LOOP = ROUND * 22
LENGTH = len(ROUND)


@pytest.mark.parametrize(
    ("script", "noticed"),
    [
        ([ReasoningDelta("So. "), ReasoningDelta(LOOP)], LoopNoticed(True, Loop(4, LENGTH))),
        ([ReasoningDelta("Hm."), TextDelta(LOOP)], LoopNoticed(False, Loop(0, LENGTH))),
        ([TextDelta(ROUND), Reclassified(), ReasoningDelta(LOOP)], LoopNoticed(True, Loop(0, LENGTH))),
    ],
)
def test_a_running_turn_says_it(make_bench, script, noticed):
    hold = Hold()
    bench = make_bench([*script, hold, Finished(FinishReason.STOP)])
    assert bench.chat.send("What?")
    generation = bench.running
    with bench.signal(generation.loop_noticed) as said:
        pass
    assert said.args == [noticed]
    generation.stop()


def test_thinking_that_is_over_needs_no_cut(make_bench, qtbot):
    bench = make_bench([Hold()])
    assert bench.chat.send("What?")
    generation = bench.running
    now = time.monotonic()
    with qtbot.assertNotEmitted(generation.loop_noticed):
        generation._apply([(ReasoningDelta(LOOP), now), (TextDelta("Yes."), now)])  # all in one flush
    generation.stop()


def test_each_side_is_told_once(qapp):
    watch, told = _watch_of(Message(role=Role.ASSISTANT))
    watch.accept_words(LOOP, "")
    assert told == [LoopNoticed(True, Loop(0, LENGTH))]
    watch.accept_words("And now another round, and a longer one. " * 20, "")
    assert len(told) == 1
    watch.accept_words("", LOOP)
    assert told[1:] == [LoopNoticed(False, Loop(0, LENGTH))]


def test_places_are_those_of_the_whole_reply(qapp):
    watch, told = _watch_of(
        Message(role=Role.ASSISTANT, parts=(ReasoningPart("x" * 100), TextPart("y" * 50))),
    )
    watch.accept_words(LOOP, LOOP)
    assert told == [LoopNoticed(True, Loop(100, LENGTH)), LoopNoticed(False, Loop(50, LENGTH))]


def test_much_that_comes_at_once_is_looked_at_in_many_turns(qapp):
    watch, told = _watch_of(Message(role=Role.ASSISTANT))
    rows = "".join(f"| {number} | {number * 7} |\n" for number in range(4_000))
    watch.accept_words("", rows[: len(rows) // 2])
    watch.accept_words("", rows[len(rows) // 2 :] + LOOP)
    turns = 0
    while watch.is_behind:
        qapp.processEvents()
        turns += 1
    assert turns > len(rows) / 4_000  # a turn that looks at more than twice a page would be felt
    assert told == [LoopNoticed(False, Loop(len(rows), LENGTH))]


def test_nothing_is_looked_at_once_the_reply_has_ended(qapp):
    watch, told = _watch_of(Message(role=Role.ASSISTANT))
    watch.accept_words("", "".join(f"{number} " for number in range(2_000)) + LOOP)
    watch.end()
    for _ in range(20):
        qapp.processEvents()
    assert not watch.is_behind  # nothing is kept of it either
    assert told == []


def test_the_sign_of_a_loop_is_found_when_it_has_ended(make_bench):
    bench = make_bench([])
    for text in ("It is four.", ROUND * 4 + ROUND.strip(), LOOP):
        bench.say("What?", text)
        assert has_kind(bench.reply.signs, SignKind.LOOP) is text.startswith(ROUND)


def _watch_of(message):
    watch = LoopWatch(message)
    told = []
    watch.noticed.connect(told.append)
    return watch, told
