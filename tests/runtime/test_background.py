"""Work off the GUI thread, and texts that wait for the end of a reply."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from shiboken6 import delete

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.errors import StoreError, StreamBroken
from desktop.core.events import Failed, Finished, FinishReason, TextDelta
from desktop.core.message import MessageStatus
from desktop.core.model import ModelChoice
from desktop.core.search import Choices, HitKind, SearchBatch, SearchHit, SearchQuery
from desktop.runtime.background import BackgroundTasks, DaemonExecutor, LoopThread, gui_task
from desktop.runtime.search import PAUSE_AT, Search
from tests.runtime.conftest import CONNECTION, answer, open_first
from tests.support.scripted_backend import Released
from tests.support.waiting import PATIENCE


class Asker(QObject):
    """What asks, and notes what becomes of it."""

    def __init__(self):
        super().__init__()
        self.heard: list[object] = []

    @gui_task
    async def ask(self, *given):
        try:
            for each in given:
                self.heard.append(await each)
                assert threading.current_thread() is threading.main_thread()
        except KeyError as error:
            self.heard.append(type(error))
        finally:
            self.heard.append("ended")


def refuse(error):
    raise error


async def after(seconds):
    await asyncio.sleep(seconds)
    return "loop"


@pytest.mark.parametrize("end", ["cancel", "close the program"])
def test_what_is_awaited_ends_with_its_task(end, qapp):
    loop = LoopThread()
    loop.start()
    work = BackgroundTasks(loop)
    asker, request = Asker(), work.on_loop(after(PATIENCE))
    task = asker.ask(request)
    if end == "cancel":
        task.cancel()
    work.close_store(lambda: None)
    loop.stop()
    assert request.future.cancelled()
    assert not task.is_running
    assert asker.heard == ["ended"]
    assert work.on_loop(after(0)).future.cancelled()


def test_nothing_runs_on_whose_object_is_gone(work, qtbot):
    asker = Asker()
    task = asker.ask(work.run(int, "7"))
    delete(asker)
    qtbot.waitUntil(lambda: not task.is_running)
    assert asker.heard == ["ended"]


def test_nothing_runs_on_after_it_was_cancelled_but_what_is_stored(work, qtbot):
    asker, held, stored = Asker(), threading.Event(), threading.Event()
    work.run(held.wait, PATIENCE)
    asker.ask(work.run(stored.set)).cancel()
    held.set()
    work.run(int).future.result(PATIENCE)
    QCoreApplication.sendPostedEvents(work)
    assert stored.is_set()
    assert asker.heard == ["ended"]


_CLOSED_WHILE_A_KEYRING_WAITS = """
import threading
from desktop.runtime.background import BackgroundTasks, LoopThread

work = BackgroundTasks(LoopThread())
asked = threading.Event()
work.slowly(lambda: (asked.set(), threading.Event().wait(60)))
later = work.slowly(lambda: None).future
assert asked.wait(60)
work.close_store(lambda: print("closed", flush=True))
assert later.cancelled()
"""


def test_a_keyring_that_does_not_answer_does_not_hold_up_the_end():
    command = [sys.executable, "-c", _CLOSED_WHILE_A_KEYRING_WAITS]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert ended.stdout == "closed\n"


def test_what_is_done_after_the_window_has_gone_is_told_to_nobody(qapp, caplog):
    work, may_end, done = BackgroundTasks(LoopThread()), threading.Event(), threading.Event()
    waiting = work.aside(lambda: may_end.wait(PATIENCE))
    Asker().ask(waiting)
    waiting.future.add_done_callback(lambda _: done.set())  # after the one of the task
    work.close_store(lambda: None)
    delete(work)
    may_end.set()
    assert done.wait(PATIENCE)
    assert not caplog.records


def test_the_thread_of_an_executor_that_is_gone_ends():
    """As when the window is made anew in another language: each time one more would be left."""
    executor = DaemonExecutor("gone")
    executor.submit(lambda: None).result(PATIENCE)
    (thread,) = [each for each in threading.enumerate() if each.name == "gone"]
    del executor
    gc.collect()
    thread.join(PATIENCE)
    assert not thread.is_alive()


_PATIENCE_MS = int(PATIENCE * 1000)


class ScriptedIndex:
    """An index whose searches find as many hits as their query says; `held` until `let_go` where it is set."""

    def __init__(self):
        self.let_go = threading.Event()
        self.let_go.set()
        self.steps = 0
        self.lacking = 3
        self.refuses = False

    def fill(self):
        if self.refuses:
            raise StoreError("full")
        self.lacking -= 1
        return 1.0 if self.lacking <= 0 else 0.5

    def choices(self):
        return Choices(("qwen3:8b",))

    def interrupt(self):
        self.let_go.set()


class ScriptedWalk:
    def __init__(self, query, index):
        self._index = index
        self._left = self._count = int(query.text)

    def step(self, most):
        self._index.let_go.wait(PATIENCE)
        self._index.steps += 1
        if self._count < 0:
            raise StoreError("damaged")
        found = min(most, self._left)
        self._left -= found
        hits = tuple(SearchHit(HitKind.ANSWER, str(self._count), "x", ()) for _ in range(found))
        return SearchBatch(hits, is_over=self._left == 0)


@pytest.fixture
def index():
    return ScriptedIndex()


@pytest.fixture
def search(qapp, index):
    work = BackgroundTasks(LoopThread())
    made = Search(work, index, walk=ScriptedWalk)
    yield made
    made.end()
    work.close_store(lambda: None)


def test_many_hits_pause_and_go_on(search, qtbot):
    with qtbot.waitSignal(search.paused, timeout=_PATIENCE_MS):
        search.ask(SearchQuery("100000"))
    assert PAUSE_AT <= search.hits < 2 * PAUSE_AT
    before = search.hits
    with qtbot.waitSignal(search.paused, timeout=_PATIENCE_MS):
        search.go_on()
    assert search.hits >= before + PAUSE_AT
    search.stop()
    search.go_on()
    assert not search.is_running


def test_only_the_newest_question_is_answered_and_a_failure_is_told(search, index, qtbot):
    batches: list[SearchBatch] = []
    search.found.connect(batches.append)
    index.let_go.clear()
    search.ask(SearchQuery("700"))
    with qtbot.waitSignal(search.ended, timeout=_PATIENCE_MS):
        search.ask(SearchQuery("7"))
    assert {hit.owner for each in batches for hit in each.hits} == {"7"}
    assert index.steps <= 2  # the first one's step that was under way, and the second's
    with qtbot.waitSignal(search.failed, timeout=_PATIENCE_MS) as failed:
        search.ask(SearchQuery("-1"))
    assert failed.args is not None
    assert isinstance(failed.args[0], StoreError)
    assert not search.is_running


def test_the_index_takes_up_what_it_lacks_and_rests_where_the_disk_refuses(search, index, qtbot):
    shares: list[float] = []
    search.filled.connect(shares.append)
    search.fill_later()  # not before the start is over
    search.start_filling()
    qtbot.waitUntil(lambda: shares == [0.5, 1.0], timeout=_PATIENCE_MS)
    index.refuses = True
    search.fill_later()
    index.refuses = False
    index.lacking = 1
    search.fill_later()
    qtbot.waitUntil(lambda: index.lacking == 0, timeout=_PATIENCE_MS)


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
