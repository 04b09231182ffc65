"""Texts that wait for the end of a reply: when they are sent, when they are not, and that none is lost."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.errors import StreamBroken
from desktop.core.events import Failed, Finished, FinishReason, ReasoningDelta, StreamEvent, TextDelta
from desktop.core.message import MessageStatus
from desktop.core.model import ModelChoice
from tests.runtime.conftest import CONNECTION, Bench, MakeBench, drain
from tests.runtime.talking import SECONDS, answer, open_first, open_it, say, texts, wait_for_reply
from tests.support.scripted_backend import Hold, Released, ScriptedBackend
from tests.support.waiting import PATIENCE


@pytest.fixture
def bench(make_bench: MakeBench, qtbot: QtBot) -> Bench:
    """A conversation in which a second reply runs, until it is `released`."""
    bench = make_bench(ScriptedBackend([]))
    say(bench, qtbot, "one?", "One.")
    _begin(bench, qtbot, "two?")
    return bench


def _begin(bench: Bench, qtbot: QtBot, text: str, end: StreamEvent | None = None) -> None:
    """Send a message whose reply goes on until it is released, and then ends with `end`."""
    bench.backend.script = [TextDelta("Ye"), Released(), TextDelta("s."), end or Finished(FinishReason.STOP)]
    assert bench.chat.send(text)
    generation = bench.running
    qtbot.waitUntil(lambda: generation.builder.has_text, timeout=SECONDS)


def _release(bench: Bench) -> None:
    """Let the running reply end; those after it are short."""
    script, bench.backend.script = bench.backend.script, answer("Fine.")
    next(step for step in script if isinstance(step, Released)).release()


def _idle(bench: Bench, qtbot: QtBot, replies: int) -> None:
    """Wait until so many replies have ended, and see that no other begins."""
    qtbot.waitUntil(lambda: len(bench.backend.requests) == replies and bench.chat.generation is None, timeout=SECONDS)
    drain(bench.work)
    qtbot.wait(1)  # a timer of no milliseconds would have been due
    assert len(bench.backend.requests) == replies
    assert bench.chat.generation is None


def _stored_queue(bench: Bench, conversation_id: str = "") -> list[str]:
    drain(bench.work)
    with contextlib.closing(sqlite3.connect(bench.database)) as other:
        query = "SELECT text FROM queued WHERE conversation_id = ? ORDER BY seq"
        return [row[0] for row in other.execute(query, (conversation_id or bench.chat.current.id,))]


def test_queued_texts_follow_one_after_the_other(bench: Bench, qtbot: QtBot) -> None:
    changes: list[list[str]] = []
    bench.chat.unsent.waiting_changed.connect(lambda: changes.append([each.words for each in bench.chat.waiting]))
    assert bench.chat.queue("three?")
    assert bench.chat.queue("four?")
    assert _stored_queue(bench) == ["three?", "four?"]
    assert [each.text for each in bench.backend.requests[-1].messages] == ["one?", "One.", "two?"]
    _release(bench)
    _idle(bench, qtbot, 4)
    assert texts(bench) == ["one?", "One.", "two?", "Yes.", "three?", "Fine.", "four?", "Fine."]
    assert [each.text for each in bench.backend.requests[2].messages][-1] == "three?"
    assert changes == [["three?"], ["three?", "four?"], ["four?"], []]
    assert _stored_queue(bench) == []


def test_every_turn_is_heard_of_before_the_next_begins(bench: Bench, qtbot: QtBot) -> None:
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


def test_nothing_is_queued_while_no_reply_runs(bench: Bench, qtbot: QtBot) -> None:
    assert not bench.chat.queue("  \n")
    _release(bench)
    _idle(bench, qtbot, 2)
    assert not bench.chat.queue("three?")
    assert [each.words for each in bench.chat.waiting] == []


def test_a_text_is_taken_back(bench: Bench, qtbot: QtBot) -> None:
    for text in ("three?", "four?", "five?"):
        bench.chat.queue(text)
    assert bench.chat.take_back(1) == "four?"
    assert bench.chat.take_back(2) == bench.chat.take_back(-1) == ""
    assert [each.words for each in bench.chat.waiting] == _stored_queue(bench) == ["three?", "five?"]


@pytest.mark.parametrize("end", [Failed(StreamBroken()), Finished(FinishReason.LENGTH), None])
def test_after_a_reply_that_is_not_complete_the_person_decides(
    make_bench: MakeBench, qtbot: QtBot, end: StreamEvent | None
) -> None:
    bench = make_bench(ScriptedBackend([]))
    _begin(bench, qtbot, "one?", end)
    bench.chat.queue("two?")
    bench.chat.queue("three?")
    if end is None:
        bench.chat.stop()
        bench.backend.script = answer("Fine.")
    else:
        _release(bench)
    _idle(bench, qtbot, 1)
    assert bench.chat.path.last is not None
    assert bench.chat.path.last.status is not MessageStatus.COMPLETE
    assert [each.words for each in bench.chat.waiting] == _stored_queue(bench) == ["two?", "three?"]
    assert not bench.chat.send_waiting(2)
    assert bench.chat.send_waiting()
    _idle(bench, qtbot, 3)
    assert texts(bench)[2:] == ["two?", "Fine.", "three?", "Fine."]


def test_a_reply_that_thought_but_did_not_answer_is_not_complete(make_bench: MakeBench, qtbot: QtBot) -> None:
    thinks = Released()
    bench = make_bench(ScriptedBackend([ReasoningDelta("Hm."), thinks, Finished(FinishReason.STOP)]))
    assert bench.chat.send("one?")
    bench.chat.queue("two?")
    thinks.release()
    _idle(bench, qtbot, 1)
    assert [each.words for each in bench.chat.waiting] == ["two?"]


def test_what_waits_is_sent_after_the_reply_was_tried_again(make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(ScriptedBackend([]))
    _begin(bench, qtbot, "one?", Failed(StreamBroken()))
    bench.chat.queue("two?")
    _release(bench)
    _idle(bench, qtbot, 1)
    wait_for_reply(bench, qtbot, bench.chat.try_again)
    _idle(bench, qtbot, 3)
    assert texts(bench) == ["one?", "Fine.", "two?", "Fine."]


def test_a_queued_text_is_not_sent_twice_at_once(bench: Bench, qtbot: QtBot) -> None:
    bench.chat.queue("three?")
    assert not bench.chat.send_waiting()  # a reply runs
    _release(bench)
    bench.chat.generation_ended.connect(
        lambda generation: len(bench.backend.requests) == 2 and bench.chat.send_waiting()
    )
    _idle(bench, qtbot, 3)
    assert texts(bench)[4:] == ["three?", "Fine."]


def test_the_queue_goes_on_in_a_conversation_that_is_not_in_front(bench: Bench, qtbot: QtBot) -> None:
    identity = bench.chat.current.id
    bench.chat.queue("three?")
    bench.chat.queue("four?")
    bench.chat.new()
    assert [each.words for each in bench.chat.waiting] == []
    started: list[object] = []
    bench.chat.generation_started.connect(started.append)
    _release(bench)
    qtbot.waitUntil(lambda: len(bench.backend.requests) == 4, timeout=SECONDS)
    qtbot.waitUntil(lambda: identity not in bench.chat.running_ids, timeout=SECONDS)
    assert started == []
    assert bench.chat.path.is_empty
    open_it(bench, qtbot, identity)
    assert texts(bench)[2:] == ["two?", "Yes.", "three?", "Fine.", "four?", "Fine."]
    assert bench.chat.current.head_id == bench.chat.path.entries[-1].id


def test_a_conversation_is_opened_while_its_next_text_is_sent(bench: Bench, qtbot: QtBot) -> None:
    identity = bench.chat.current.id
    generation = bench.running
    bench.chat.queue("three?")
    bench.chat.new()
    bench.chat.open(identity)
    bench.work.run(int).future.result(PATIENCE)  # it has been read, but not yet shown
    _release(bench)
    bench.backend.script = [TextDelta("so far"), Hold()]
    with qtbot.waitSignal(generation.ended, timeout=SECONDS):
        pass
    qtbot.waitUntil(lambda: len(bench.chat.path.entries) == 6, timeout=SECONDS)
    assert texts(bench)[:5] == ["one?", "One.", "two?", "Yes.", "three?"]
    assert bench.chat.generation is not None
    assert bench.chat.generation.reply_id == bench.chat.path.entries[-1].id
    bench.chat.stop()


def test_queued_texts_survive_a_crash_and_wait_for_the_person(
    bench: Bench, make_bench: MakeBench, qtbot: QtBot
) -> None:
    bench.chat.queue("three?")
    bench.chat.queue("four?")
    drain(bench.work)  # and here the process ends, as far as the disk knows
    again = make_bench(ScriptedBackend(answer("Fine.")))
    with qtbot.waitSignal(again.chat.conversations_changed, timeout=SECONDS):
        again.chat.load()
    open_first(again, qtbot)
    assert [each.words for each in again.chat.waiting] == ["three?", "four?"]
    assert again.chat.generation is None
    assert again.backend.requests == []
    assert again.chat.send_waiting()
    _idle(again, qtbot, 2)
    assert texts(again)[-4:] == ["three?", "Fine.", "four?", "Fine."]


def test_a_queued_text_that_cannot_be_saved_waits_on(bench: Bench, qtbot: QtBot) -> None:
    bench.chat.queue("three?")
    bench.chat.queue("four?")
    drain(bench.work)
    with contextlib.closing(sqlite3.connect(bench.database)) as other:
        other.execute("CREATE TRIGGER refuse BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no'); END")
    not_sent: list[object] = []
    bench.chat.not_sent.connect(lambda text, error: not_sent.append(text))
    with qtbot.waitSignal(bench.chat.store_failed, timeout=SECONDS):
        _release(bench)
    assert not_sent == []
    assert [each.words for each in bench.chat.waiting] == _stored_queue(bench) == ["three?", "four?"]
    assert texts(bench) == ["one?", "One.", "two?", "Yes."]
    with contextlib.closing(sqlite3.connect(bench.database)) as other:
        other.execute("DROP TRIGGER refuse")
    assert bench.chat.send_waiting()
    _idle(bench, qtbot, 4)
    assert texts(bench)[-4:] == ["three?", "Fine.", "four?", "Fine."]


def test_words_queued_behind_a_message_that_cannot_be_saved_come_back_with_it(
    make_bench: MakeBench, qtbot: QtBot
) -> None:
    bench = make_bench(ScriptedBackend(answer("Fine.")))
    bench.database.mkdir()
    with qtbot.waitSignal(bench.chat.not_sent, timeout=SECONDS) as refused:
        bench.chat.send("one?")
        bench.chat.queue("two?")
    assert refused.args is not None
    assert refused.args[0] == "one?\n\ntwo?"
    assert [each.words for each in bench.chat.waiting] == []


def test_a_deleted_conversation_sends_nothing_more_and_keeps_what_waits(bench: Bench, qtbot: QtBot) -> None:
    identity = bench.chat.current.id
    bench.chat.queue("three?")
    bench.chat.delete(identity)
    drain(bench.work)
    qtbot.wait(1)
    assert len(bench.backend.requests) == 2
    assert _stored_queue(bench, identity) == ["three?"]
    with qtbot.waitSignal(bench.chat.opened, timeout=SECONDS):
        bench.chat.restore([identity])
    assert [each.words for each in bench.chat.waiting] == ["three?"]


def test_words_go_by_themselves_to_no_place_that_was_not_there_before(make_bench: MakeBench, qtbot: QtBot) -> None:
    """Another model may be somewhere else, and the user has not been asked whether words may go there."""
    bench = make_bench(ScriptedBackend([]))
    away = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="away", address="https://away.test/v1", id="away")
    bench.models.set_connections([CONNECTION, away])
    _begin(bench, qtbot, "one?")
    bench.chat.queue("two?")
    bench.chat.choose_model(ModelChoice("away", "scripted"))
    _release(bench)
    _idle(bench, qtbot, 1)
    assert [each.words for each in bench.chat.waiting] == ["two?"]
    bench.chat.choose_model(ModelChoice("here", "scripted"))
    assert bench.chat.send_waiting()
    _idle(bench, qtbot, 2)
