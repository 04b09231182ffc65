"""Signs of trouble are looked for when a reply has ended, told, and stored with it."""

from __future__ import annotations

from desktop.core.events import Finished, FinishReason, ReasoningDelta, TextDelta, UsageReported
from desktop.core.message import AttachmentPart, Usage
from desktop.core.sign import SignKind
from tests.runtime.conftest import answer

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


def test_they_are_there_when_the_conversation_is_opened_again(make_bench):
    bench = make_bench([])
    kinds_after(bench, LONG, CUT)
    identity, reply = bench.chat.current.id, bench.reply
    bench.chat.new()
    bench.open(identity)
    assert bench.reply == reply


def test_a_good_reply_has_none(make_bench, qtbot):
    bench = make_bench([])
    with qtbot.assertNotEmitted(bench.chat.signs_found):
        bench.say("What is two and two?", "It is four.")
    assert bench.stored_path()[-1].signs == ()


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
