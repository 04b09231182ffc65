"""Texts that wait for the end of a reply: when they are sent, when they are not, and that none is lost."""

from __future__ import annotations

import pytest

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.errors import StreamBroken
from desktop.core.events import Failed, Finished, FinishReason, TextDelta
from desktop.core.message import MessageStatus
from desktop.core.model import ModelChoice
from tests.runtime.conftest import CONNECTION, answer, open_first
from tests.support.scripted_backend import Released

STOP = Finished(FinishReason.STOP)
BREAKS = Failed(StreamBroken())


@pytest.fixture
def bench(make_bench):
    """A conversation in which a second reply runs, until it is `released`."""
    bench = make_bench([])
    bench.say("one?", "One.")
    begin(bench, "two?")
    return bench


def begin(bench, text, end=STOP):
    """Send a message whose reply goes on until it is released, and then ends with `end`."""
    bench.backend.script = [TextDelta("Ye"), Released(), TextDelta("s."), end]
    assert bench.chat.send(text)
    generation = bench.running
    bench.wait(lambda: generation.builder.has_text)


def release(bench):
    """Let the running reply end; those after it are short."""
    script, bench.backend.script = bench.backend.script, answer("Fine.")
    next(step for step in script if isinstance(step, Released)).release()


def idle(bench, replies):
    """Wait until so many replies have ended, and see that no other begins."""
    bench.wait(lambda: len(bench.backend.requests) == replies and bench.chat.generation is None)
    bench.drain()
    bench.qtbot.wait(1)  # a timer of no milliseconds would have been due
    assert len(bench.backend.requests) == replies
    assert bench.chat.generation is None


def queued(bench):
    return [each.words for each in bench.chat.waiting]


def stored(bench, conversation_id=""):
    bench.drain()
    query = "SELECT text FROM queued WHERE conversation_id = ? ORDER BY seq"
    return [row[0] for row in bench.on_disk(query, conversation_id or bench.chat.current.id)]


def test_queued_texts_follow_one_after_the_other(bench):
    changes = []
    bench.chat.unsent.waiting_changed.connect(lambda: changes.append(queued(bench)))
    assert bench.chat.queue("three?")
    assert bench.chat.queue("four?")
    assert stored(bench) == ["three?", "four?"]
    assert [each.text for each in bench.backend.requests[-1].messages] == ["one?", "One.", "two?"]
    release(bench)
    idle(bench, 4)
    assert bench.texts == ["one?", "One.", "two?", "Yes.", "three?", "Fine.", "four?", "Fine."]
    assert bench.backend.requests[2].messages[-1].text == "three?"
    assert changes == [["three?"], ["three?", "four?"], ["four?"], []]
    assert stored(bench) == []


@pytest.mark.parametrize("end", [BREAKS, Finished(FinishReason.LENGTH), None])
def test_after_a_reply_that_is_not_complete_the_person_decides(make_bench, end):
    bench = make_bench([])
    assert not bench.chat.queue("zero?")  # no reply runs
    begin(bench, "one?", end or STOP)
    bench.chat.queue("two?")
    bench.chat.queue("three?")
    if end is None:
        bench.chat.stop()
        bench.backend.script = answer("Fine.")
    else:
        release(bench)
    idle(bench, 1)
    assert bench.reply.status is not MessageStatus.COMPLETE
    assert queued(bench) == stored(bench) == ["two?", "three?"]
    assert not bench.chat.send_waiting(2)
    assert bench.chat.send_waiting()
    idle(bench, 3)
    assert bench.texts[2:] == ["two?", "Fine.", "three?", "Fine."]


def test_what_waits_is_sent_after_the_reply_was_tried_again(make_bench):
    bench = make_bench([])
    begin(bench, "one?", BREAKS)
    bench.chat.queue("two?")
    release(bench)
    idle(bench, 1)
    bench.reply_to(bench.chat.try_again)
    idle(bench, 3)
    assert bench.texts == ["one?", "Fine.", "two?", "Fine."]


def test_a_queued_text_is_not_sent_twice_at_once(bench):
    bench.chat.queue("three?")
    assert not bench.chat.send_waiting()  # a reply runs
    release(bench)
    bench.chat.generation_ended.connect(lambda _: len(bench.backend.requests) == 2 and bench.chat.send_waiting())
    idle(bench, 3)
    assert bench.texts[4:] == ["three?", "Fine."]


def test_the_queue_goes_on_in_a_conversation_that_is_not_in_front(bench):
    identity = bench.chat.current.id
    bench.chat.queue("three?")
    bench.chat.queue("four?")
    bench.chat.new()
    assert queued(bench) == []
    started = []
    bench.chat.generation_started.connect(started.append)
    release(bench)
    bench.wait(
        lambda: len(bench.backend.requests) == 4 and identity not in bench.chat.generations.running_conversations
    )
    assert started == []
    assert bench.chat.path.is_empty
    bench.open(identity)
    assert bench.texts[2:] == ["two?", "Yes.", "three?", "Fine.", "four?", "Fine."]
    assert bench.chat.current.head_id == bench.chat.path.entries[-1].id


def test_queued_texts_survive_a_crash_and_wait_for_the_person(bench, make_bench):
    bench.chat.queue("three?")
    bench.chat.queue("four?")
    bench.drain()  # and here the process ends, as far as the disk knows
    again = make_bench(answer("Fine."))
    with again.signal(again.chat.conversations_changed):
        again.chat.load()
    open_first(again)
    assert queued(again) == ["three?", "four?"]
    assert again.chat.generation is None
    assert again.backend.requests == []
    assert again.chat.send_waiting()
    idle(again, 2)
    assert again.texts[-4:] == ["three?", "Fine.", "four?", "Fine."]


def test_a_queued_text_that_cannot_be_saved_waits_on(bench):
    bench.chat.queue("three?")
    bench.chat.queue("four?")
    bench.drain()
    bench.refuse("INSERT ON messages")
    not_sent = []
    bench.chat.not_sent.connect(lambda text, error: not_sent.append(text))
    with bench.signal(bench.chat.store_failed):
        release(bench)
    assert not_sent == []
    assert queued(bench) == stored(bench) == ["three?", "four?"]
    assert bench.texts == ["one?", "One.", "two?", "Yes."]
    bench.on_disk("DROP TRIGGER refuse")
    assert bench.chat.send_waiting()
    idle(bench, 4)
    assert bench.texts[-4:] == ["three?", "Fine.", "four?", "Fine."]


def test_words_queued_behind_a_message_that_cannot_be_saved_come_back_with_it(make_bench):
    bench = make_bench(answer("Fine."))
    bench.database.mkdir()
    with bench.signal(bench.chat.not_sent) as refused:
        bench.chat.send("one?")
        bench.chat.queue("two?")
    assert refused.args[0] == "one?\n\ntwo?"
    assert queued(bench) == []


def test_a_deleted_conversation_sends_nothing_more_and_keeps_what_waits(bench):
    identity = bench.chat.current.id
    bench.chat.queue("three?")
    bench.chat.delete(identity)
    bench.drain()
    bench.qtbot.wait(1)
    assert len(bench.backend.requests) == 2
    assert stored(bench, identity) == ["three?"]
    with bench.signal(bench.chat.opened):
        bench.chat.restore([identity])
    assert queued(bench) == ["three?"]


def test_words_go_by_themselves_to_no_place_that_was_not_there_before(make_bench):
    """Another model may be somewhere else, and the user has not been asked whether words may go there."""
    bench = make_bench([])
    away = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="away", address="https://away.test/v1", id="away")
    bench.models.set_connections([CONNECTION, away])
    begin(bench, "one?")
    bench.chat.queue("two?")
    bench.chat.choose_model(ModelChoice("away", "scripted"))
    release(bench)
    idle(bench, 1)
    assert queued(bench) == ["two?"]
    bench.chat.choose_model(ModelChoice("here", "scripted"))
    assert bench.chat.send_waiting()
    idle(bench, 2)
