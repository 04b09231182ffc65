"""Questions are answered one at a time, in steps, and only the newest; many hits are paid for when they are wanted."""

from __future__ import annotations

import threading

import pytest

from desktop.core.errors import StoreError
from desktop.core.search import Choices, HitKind, SearchBatch, SearchHit, SearchQuery
from desktop.runtime.background import BackgroundTasks, LoopThread
from desktop.runtime.search import PAUSE_AT, Search
from tests.support.waiting import PATIENCE

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


def test_only_the_newest_question_is_answered(search, index, qtbot):
    batches: list[SearchBatch] = []
    search.found.connect(batches.append)
    index.let_go.clear()
    search.ask(SearchQuery("700"))
    with qtbot.waitSignal(search.ended, timeout=_PATIENCE_MS):
        search.ask(SearchQuery("7"))
    assert {hit.owner for each in batches for hit in each.hits} == {"7"}
    assert index.steps <= 2  # the first one's step that was under way, and the second's


def test_a_failure_is_told(search, qtbot):
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
