"""What is kept: the care for the file while nobody waits for the disk, what is too old, and what the disk refused."""

from __future__ import annotations

import time

import pytest

from desktop.core.conversation import Conversation, example_key
from desktop.core.errors import StoreError
from desktop.runtime.background import BackgroundTasks, LoopThread
from desktop.runtime.exporting import FileRun, FileRunCancelledError
from desktop.runtime.keeping import Retention, StoreCare, Unsaved
from desktop.store.database import SqliteStore, open_store
from tests.runtime.conftest import answer, services_of
from tests.store.conftest import turn
from tests.support.tasks import AtOnce, result_of
from tests.support.waiting import PATIENCE


class Bench:
    """A store with a conversation, and the care for it."""

    def __init__(self, file):
        self.loop = LoopThread()
        self.work = BackgroundTasks(self.loop)
        self.store = SqliteStore(file)
        self.is_idle = True
        self.care = StoreCare(services_of(self.work, store=self.store), lambda: self.is_idle)
        self.run(lambda: self.store.begin_reply(*_whole("x" * 40_000)))

    def run(self, work):
        self.work.run(work).future.result(timeout=PATIENCE)  # type: ignore[arg-type]

    def close(self):
        self.care.end()
        self.work.close_store(self.store.close)


def _whole(answer):  # type: ignore[no-untyped-def]
    conversation, asked, reply = turn("a question", answer)
    return conversation, [asked, reply]


@pytest.fixture
def bench(tmp_path, qtbot):
    made = Bench(tmp_path / "candor.db")
    yield made
    made.close()


def test_the_first_look_checks_and_backs_up_and_the_backup_is_restored_and_told(bench, tmp_path, qtbot):
    bench.care.look()
    qtbot.waitUntil(lambda: len(list((tmp_path / "backups").glob("*.gz"))) == 1)
    assert (tmp_path / "backups" / "checked").exists()
    [backup] = result_of(bench.care.backups(), qtbot.waitUntil)
    bench.run(lambda: bench.store.begin_reply(*_whole("later")))
    with qtbot.waitSignal(bench.care.replaced):
        result_of(bench.care.restore(backup), qtbot.waitUntil)
    assert len(bench.work.run(bench.store.conversations).future.result(PATIENCE)) == 1


DAY = 86_400.0


def test_old_conversations_are_erased(qapp, tmp_path):
    store = open_store(tmp_path / "candor.db")
    for name, age in (("old", 91), ("open", 92), ("binned", 95), ("pinned", 300), ("young", 89)):
        moment = 1e9 - age * DAY
        store.save_conversation(
            Conversation(id=name, title=name, created_at=moment, updated_at=moment, pinned=name == "pinned")
        )
    store.delete_conversation("binned")
    now, in_use, erased = [1e9], {"open"}, []
    retention = Retention(services_of(AtOnce(), store=store), lambda: in_use, clock=lambda: now[0])
    retention.erased.connect(erased.append)
    retention.keep_days(90)
    assert {each.id for each in store.conversations()} == {"young", "open"}
    assert store.binned_conversations() == []
    assert set(erased.pop()) == {"old", "binned", "pinned"}

    store.save_prompt_draft(example_key(), "a kept example")
    now[0] += 2 * DAY
    in_use.clear()
    retention.look()
    assert store.conversations() == []
    assert len(store.kept_examples()) == 1
    now[0] = time.time() + 91 * DAY
    retention.look()
    assert store.kept_examples() == []
    retention.keep_days(0)
    store.close()


def test_what_has_been_in_the_bin_for_too_long_is_erased_as_long_as_the_program_is_open(make_bench, monkeypatch):
    monkeypatch.setattr("desktop.runtime.shelf._SWEEP_MS", 20)
    bench = make_bench(answer("Yes."))
    bench.ask("Is it?")
    bench.chat.shelf.bin_days = 1e-6
    bench.chat.shelf.sweep()
    bench.drain()
    bench.chat.delete(bench.chat.current.id)
    bench.wait(lambda: not bench.on_disk("SELECT 1 FROM conversations"))
    bench.chat.shelf.deleteLater()  # or it would go on with other tests


def test_nothing_is_written_again_once_the_store_is_closed(qtbot):
    """The timer may come between the store's end and the window's."""
    loop = LoopThread()
    loop.start()
    work, writes = BackgroundTasks(loop), []
    unsaved = Unsaved(work)

    def refuse():
        writes.append("tried")
        raise StoreError("full")

    with qtbot.waitSignal(unsaved.refused):
        unsaved.save(("draft", "a"), refuse, text="words")
    loop.stop()
    work.close_store(lambda: None)
    unsaved.save_again_quietly()
    assert writes == ["tried"]
    assert unsaved.latest(("draft", "a"), "") == "words"


# An export while it is written: progress of one that takes its time, and its end when the user cancels it.


def test_progress_is_told_of_what_takes_its_time_until_it_is_cancelled(qtbot):
    moments = iter((0.0, 0.5, 1.5, 1.6, 1.9))
    run = FileRun(lambda: next(moments))
    told: list[float] = []
    run.progressed.connect(told.append)
    for share in (0.1, 0.2, 0.3, 0.4):
        run.report(share)
    assert told == [0.2, 0.4]
    run.cancel()
    with pytest.raises(FileRunCancelledError):
        run.report(0.5)
