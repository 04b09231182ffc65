"""A reply that runs in circles says so, once for each side, while there is something that can be cut."""

from __future__ import annotations

import pytest

from desktop.core.events import Finished, FinishReason, ReasoningDelta, Reclassified, TextDelta, UsageReported
from desktop.core.message import AttachmentPart, Message, Role, Usage
from desktop.core.sign import SignKind, has_kind
from desktop.core.signs.runaway import Loop
from desktop.runtime.watches import LoopNoticed, LoopWatch
from tests.runtime.conftest import answer
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


def test_each_side_is_told_once(qapp):
    watch, told = _watch_of(Message(role=Role.ASSISTANT))
    watch.accept_words(LOOP, "")
    assert told == [LoopNoticed(True, Loop(0, LENGTH))]
    watch.accept_words("And now another round, and a longer one. " * 20, "")
    assert len(told) == 1
    watch.accept_words("", LOOP)
    assert told[1:] == [LoopNoticed(False, Loop(0, LENGTH))]


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


# Signs of trouble are looked for when a reply has ended, told, and stored with it.


LONG = "The supplier delivers the goods to the place that the buyer has named in the order. " * 60
CUT = [
    TextDelta("Two weeks."),
    UsageReported(Usage(prompt_tokens=200)),
    Finished(FinishReason.STOP),
]


def kinds_after(bench, text, script):
    """Ask, and wait for the signs of the reply."""
    bench.backend.script = list(script)
    with bench.signal(bench.chat.signs_found) as told:
        assert bench.chat.send(text)
    assert told.args == [bench.reply.id]
    return [sign.kind for sign in bench.reply.signs]


def test_they_are_told_and_stored(make_bench):
    bench = make_bench([])
    assert kinds_after(bench, LONG, CUT) == [SignKind.CONTEXT_CUT]
    assert bench.stored_path()[-1] == bench.reply


def test_an_answer_that_now_says_what_the_file_says_did_not_give_in(make_bench, qtbot):
    text = "2. Rent. The monthly rent is EUR 1,700.\n\n3. Deposit. The deposit is EUR 5,100, or three months' rent."
    bench = make_bench(answer("The monthly rent is **EUR 1,850**. The deposit is EUR 5,100."))
    bench.ask("What are the monthly rent and the deposit?", attached=[AttachmentPart("Lease.txt", "text/plain", text)])
    with qtbot.assertNotEmitted(bench.chat.signs_found):
        bench.say("That is wrong, please check", "You are right, I apologise. The monthly rent is EUR 1,700.")
    with bench.signal(bench.chat.signs_found):
        bench.say("That is wrong, please check", "You are right, I apologise. The monthly rent is EUR 1,850.")
    assert [sign.kind for sign in bench.reply.signs] == [SignKind.GAVE_IN]


def test_words_that_change_sides_are_looked_at_again(make_bench):
    bench = make_bench([])
    script = [ReasoningDelta("It is four."), Finished(FinishReason.STOP)]
    assert kinds_after(bench, "What is two and two?", script) == [SignKind.NO_ANSWER]
    with bench.signal(bench.chat.signs_found):
        assert bench.chat.resplit(bench.reply.id, thinking=False)
    assert bench.reply.signs == ()
    bench.drain()
    assert bench.stored_path()[-1].signs == ()


def test_a_reply_elsewhere_has_them_when_it_is_opened(make_bench):
    bench = make_bench(CUT)
    assert bench.chat.send(LONG)
    first = bench.chat.current.id
    with bench.signal(bench.chat.generation_ended):
        bench.chat.new()
    bench.drain()
    bench.backend.script = answer("It is four.")
    bench.open(first)
    assert [sign.kind for sign in bench.reply.signs] == [SignKind.CONTEXT_CUT]
