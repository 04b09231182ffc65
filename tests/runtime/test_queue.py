"""Texts that wait for the end of a reply: when they are sent, when they are not, and that none is lost."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.errors import StreamBroken
from desktop.core.events import Failed, Finished, FinishReason, ReasoningDelta, TextDelta
from desktop.core.message import MessageStatus
from desktop.core.model import ModelChoice
from tests.runtime.conftest import CONNECTION, answer
from tests.runtime.talking import open_first
from tests.support.scripted_backend import Hold, Released
from tests.support.waiting import PATIENCE


@pytest.fixture
def bench(make_bench):
    """A conversation in which a second reply runs, until it is `released`."""
    bench = make_bench([])
    bench.say("one?", "One.")
    _begin(bench, "two?")
    return bench


def _begin(bench, text, end=None):
    """Send a message whose reply goes on until it is released, and then ends with `end`."""
    bench.backend.script = [TextDelta("Ye"), Released(), TextDelta("s."), end or Finished(FinishReason.STOP)]
    assert bench.chat.send(text)
    generation = bench.running
    bench.wait(lambda: generation.builder.has_text)


def _release(bench):
    """Let the running reply end; those after it are short."""
    script, bench.backend.script = bench.backend.script, answer("Fine.")
    next(step for step in script if isinstance(step, Released)).release()


def _idle(bench, qtbot, replies):
    """Wait until so many replies have ended, and see that no other begins."""
    bench.wait(lambda: len(bench.backend.requests) == replies and bench.chat.generation is None)
    bench.drain()
    qtbot.wait(1)  # a timer of no milliseconds would have been due
    assert len(bench.backend.requests) == replies
    assert bench.chat.generation is None


def _stored_queue(bench, conversation_id=""):
    bench.drain()
    with contextlib.closing(sqlite3.connect(bench.database)) as other:
        query = "SELECT text FROM queued WHERE conversation_id = ? ORDER BY seq"
        return [row[0] for row in other.execute(query, (conversation_id or bench.chat.current.id,))]


def test_queued_texts_follow_one_after_the_other(bench, qtbot):
    changes: list[list[str]] = []
    bench.chat.unsent.waiting_changed.connect(lambda: changes.append([each.words for each in bench.chat.waiting]))
    assert bench.chat.queue("three?")
    assert bench.chat.queue("four?")
    assert _stored_queue(bench) == ["three?", "four?"]
    assert [each.text for each in bench.backend.requests[-1].messages] == ["one?", "One.", "two?"]
    _release(bench)
    _idle(bench, qtbot, 4)
    assert bench.texts == ["one?", "One.", "two?", "Yes.", "three?", "Fine.", "four?", "Fine."]
    assert [each.text for each in bench.backend.requests[2].messages][-1] == "three?"
    assert changes == [["three?"], ["three?", "four?"], ["four?"], []]
    assert _stored_queue(bench) == []


def test_every_turn_is_heard_of_before_the_next_begins(bench, qtbot):
    heard: list[str] = []
    bench.chat.generation_started.connect(lambda generation: heard.append("started"))
    bench.chat.generation_ended.connect(lambda generation: heard.append("ended"))
    bench.chat.queue("three?")
    generation = bench.running
    generation.ended.connect(
        lambda message: heard.append("finished")
    )  # as a view of the reply does, later than the chat
    _release(bench)
    _idle(bench, qtbot, 3)
    assert heard == ["ended", "finished", "started", "ended"]


def test_nothing_is_queued_while_no_reply_runs(bench, qtbot):
    assert not bench.chat.queue("  \n")
    _release(bench)
    _idle(bench, qtbot, 2)
    assert not bench.chat.queue("three?")
    assert [each.words for each in bench.chat.waiting] == []


def test_a_text_is_taken_back(bench):
    for text in ("three?", "four?", "five?"):
        bench.chat.queue(text)
    assert bench.chat.take_back(1) == "four?"
    assert bench.chat.take_back(2) == bench.chat.take_back(-1) == ""
    assert [each.words for each in bench.chat.waiting] == _stored_queue(bench) == ["three?", "five?"]


@pytest.mark.parametrize("end", [Failed(StreamBroken()), Finished(FinishReason.LENGTH), None])
def test_after_a_reply_that_is_not_complete_the_person_decides(make_bench, qtbot, end):
    bench = make_bench([])
    _begin(bench, "one?", end)
    bench.chat.queue("two?")
    bench.chat.queue("three?")
    if end is None:
        bench.chat.stop()
        bench.backend.script = answer("Fine.")
    else:
        _release(bench)
    _idle(bench, qtbot, 1)
    assert bench.chat.path.last.status is not MessageStatus.COMPLETE
    assert [each.words for each in bench.chat.waiting] == _stored_queue(bench) == ["two?", "three?"]
    assert not bench.chat.send_waiting(2)
    assert bench.chat.send_waiting()
    _idle(bench, qtbot, 3)
    assert bench.texts[2:] == ["two?", "Fine.", "three?", "Fine."]


def test_a_reply_that_thought_but_did_not_answer_is_not_complete(make_bench, qtbot):
    thinks = Released()
    bench = make_bench([ReasoningDelta("Hm."), thinks, Finished(FinishReason.STOP)])
    assert bench.chat.send("one?")
    bench.chat.queue("two?")
    thinks.release()
    _idle(bench, qtbot, 1)
    assert [each.words for each in bench.chat.waiting] == ["two?"]


def test_what_waits_is_sent_after_the_reply_was_tried_again(make_bench, qtbot):
    bench = make_bench([])
    _begin(bench, "one?", Failed(StreamBroken()))
    bench.chat.queue("two?")
    _release(bench)
    _idle(bench, qtbot, 1)
    bench.reply_to(bench.chat.try_again)
    _idle(bench, qtbot, 3)
    assert bench.texts == ["one?", "Fine.", "two?", "Fine."]


def test_a_queued_text_is_not_sent_twice_at_once(bench, qtbot):
    bench.chat.queue("three?")
    assert not bench.chat.send_waiting()  # a reply runs
    _release(bench)
    bench.chat.generation_ended.connect(
        lambda generation: len(bench.backend.requests) == 2 and bench.chat.send_waiting()
    )
    _idle(bench, qtbot, 3)
    assert bench.texts[4:] == ["three?", "Fine."]


def test_the_queue_goes_on_in_a_conversation_that_is_not_in_front(bench):
    identity = bench.chat.current.id
    bench.chat.queue("three?")
    bench.chat.queue("four?")
    bench.chat.new()
    assert [each.words for each in bench.chat.waiting] == []
    started: list[object] = []
    bench.chat.generation_started.connect(started.append)
    _release(bench)
    bench.wait(lambda: len(bench.backend.requests) == 4)
    bench.wait(lambda: identity not in bench.chat.running_ids)
    assert started == []
    assert bench.chat.path.is_empty
    bench.open(identity)
    assert bench.texts[2:] == ["two?", "Yes.", "three?", "Fine.", "four?", "Fine."]
    assert bench.chat.current.head_id == bench.chat.path.entries[-1].id


def test_a_conversation_is_opened_while_its_next_text_is_sent(bench):
    identity = bench.chat.current.id
    generation = bench.running
    bench.chat.queue("three?")
    bench.chat.new()
    bench.chat.open(identity)
    bench.work.run(int).future.result(PATIENCE)  # it has been read, but not yet shown
    _release(bench)
    bench.backend.script = [TextDelta("so far"), Hold()]
    with bench.signal(generation.ended):
        pass
    bench.wait(lambda: len(bench.chat.path.entries) == 6)
    assert bench.texts[:5] == ["one?", "One.", "two?", "Yes.", "three?"]
    assert bench.chat.generation.reply_id == bench.chat.path.entries[-1].id
    bench.chat.stop()


def test_queued_texts_survive_a_crash_and_wait_for_the_person(bench, make_bench, qtbot):
    bench.chat.queue("three?")
    bench.chat.queue("four?")
    bench.drain()  # and here the process ends, as far as the disk knows
    again = make_bench(answer("Fine."))
    with bench.signal(again.chat.conversations_changed):
        again.chat.load()
    open_first(again)
    assert [each.words for each in again.chat.waiting] == ["three?", "four?"]
    assert again.chat.generation is None
    assert again.backend.requests == []
    assert again.chat.send_waiting()
    _idle(again, qtbot, 2)
    assert again.texts[-4:] == ["three?", "Fine.", "four?", "Fine."]


def test_a_queued_text_that_cannot_be_saved_waits_on(bench, qtbot):
    bench.chat.queue("three?")
    bench.chat.queue("four?")
    bench.drain()
    with contextlib.closing(sqlite3.connect(bench.database)) as other:
        other.execute("CREATE TRIGGER refuse BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no'); END")
    not_sent: list[object] = []
    bench.chat.not_sent.connect(lambda text, error: not_sent.append(text))
    with bench.signal(bench.chat.store_failed):
        _release(bench)
    assert not_sent == []
    assert [each.words for each in bench.chat.waiting] == _stored_queue(bench) == ["three?", "four?"]
    assert bench.texts == ["one?", "One.", "two?", "Yes."]
    with contextlib.closing(sqlite3.connect(bench.database)) as other:
        other.execute("DROP TRIGGER refuse")
    assert bench.chat.send_waiting()
    _idle(bench, qtbot, 4)
    assert bench.texts[-4:] == ["three?", "Fine.", "four?", "Fine."]


def test_words_queued_behind_a_message_that_cannot_be_saved_come_back_with_it(make_bench):
    bench = make_bench(answer("Fine."))
    bench.database.mkdir()
    with bench.signal(bench.chat.not_sent) as refused:
        bench.chat.send("one?")
        bench.chat.queue("two?")
    assert refused.args[0] == "one?\n\ntwo?"
    assert [each.words for each in bench.chat.waiting] == []


def test_a_deleted_conversation_sends_nothing_more_and_keeps_what_waits(bench, qtbot):
    identity = bench.chat.current.id
    bench.chat.queue("three?")
    bench.chat.delete(identity)
    bench.drain()
    qtbot.wait(1)
    assert len(bench.backend.requests) == 2
    assert _stored_queue(bench, identity) == ["three?"]
    with bench.signal(bench.chat.opened):
        bench.chat.restore([identity])
    assert [each.words for each in bench.chat.waiting] == ["three?"]


def test_words_go_by_themselves_to_no_place_that_was_not_there_before(make_bench, qtbot):
    """Another model may be somewhere else, and the user has not been asked whether words may go there."""
    bench = make_bench([])
    away = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="away", address="https://away.test/v1", id="away")
    bench.models.set_connections([CONNECTION, away])
    _begin(bench, "one?")
    bench.chat.queue("two?")
    bench.chat.choose_model(ModelChoice("away", "scripted"))
    _release(bench)
    _idle(bench, qtbot, 1)
    assert [each.words for each in bench.chat.waiting] == ["two?"]
    bench.chat.choose_model(ModelChoice("here", "scripted"))
    assert bench.chat.send_waiting()
    _idle(bench, qtbot, 2)
