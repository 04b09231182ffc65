"""The path of the conversation in front: its end at once, the rest when it is wanted, and little of it in memory."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.conversation import Conversation
from desktop.core.errors import StoreError
from desktop.core.message import TextPart, user_message
from desktop.core.text.find import FoundIn
from desktop.runtime.path import PathSearch
from desktop.store.database import SqliteStore
from tests.runtime.conftest import drain, long_bench, open_first, open_whole
from tests.support.long_conversation import WORDS
from tests.support.waiting import PATIENCE

LONG = 2_000


def test_a_long_conversation_opens_with_its_end(make_bench):
    bench = long_bench(make_bench, LONG)
    shown = []
    bench.chat.opened.connect(lambda _, path, draft: shown.append((len(path.entries), path.is_whole)))
    path = open_first(bench)
    assert shown == [(24, False)]
    assert path.last.text.startswith(f"{LONG - 1} ")
    end = list(path.entries)
    with bench.signal(path.outlined) as outlined:
        pass
    assert outlined.args == [LONG - 24]
    assert path.is_whole
    assert path.entries[-24:] == end
    assert [each.id for each in path.entries] == [f"{number:032x}" for number in range(LONG)]
    assert path.entries[1].letters == len(f"1 {WORDS}")


def test_wanted_words_arrive(make_bench):
    bench = long_bench(make_bench, 500)
    path = open_whole(bench)
    wanted = [entry.id for entry in path.entries[100:110]]
    assert path.message(wanted[0]) is None
    with bench.signal(path.arrived) as arrived:
        path.want([*wanted, path.entries[-1].id, "unknown"])
    assert [each.id for each in arrived.args[0]] == wanted  # not what was there already
    assert path.message(wanted[0]) == arrived.args[0][0]
    assert arrived.args[0][3].text == f"103 {WORDS}"


def test_wishes_that_come_fast_are_bundled(make_bench):
    bench = long_bench(make_bench, 500)
    path = open_whole(bench)
    arrived = []
    path.arrived.connect(lambda messages: arrived.extend(each.id for each in messages))
    steps = [[entry.id for entry in path.entries[start : start + 10]] for start in range(0, 400, 5)]
    for wanted in steps:  # as while scrolling past
        path.want(wanted)
    bench.wait(lambda: path.message(steps[-1][-1]) is not None)
    assert arrived == [*steps[0], *steps[-1]]


def test_little_of_a_long_conversation_is_in_memory(make_bench):
    bench = long_bench(make_bench, 1500)
    path = open_whole(bench)
    for start in range(0, 1500, 20):
        wanted = [entry.id for entry in path.entries[start : start + 20]]
        path.want(wanted)
        bench.wait(lambda wanted=wanted: all(map(path.message, wanted)))
    held = [message for entry in path.entries if (message := path.message(entry.id)) is not None]
    assert sum(len(message.text) for message in held) <= 2_000_000
    assert [message.id for message in held[-2:]] == [entry.id for entry in path.entries[-2:]]  # also without a wish


def test_a_message_that_is_longer_than_all_that_may_be_held_is_shown(make_bench):
    bench = long_bench(make_bench, 100)
    stored = bench.stored()
    [long] = stored.messages([f"{1:032x}"])
    stored.finish_reply(replace(long, parts=(TextPart("a word " * 500_000),)))
    stored.close()
    path = open_whole(bench)
    assert path.entries[1].letters == 3_500_000
    with bench.signal(path.arrived):
        path.want([long.id])
    assert path.message(long.id) is not None
    with bench.signal(path.arrived):
        path.want([path.entries[2].id])
    assert path.message(long.id) is None


def test_the_whole_history_is_sent_but_not_kept(make_bench):
    bench = long_bench(make_bench, 1000)
    path = open_first(bench)
    with bench.signal(bench.chat.generation_ended):
        bench.chat.send("one more")
    [request] = bench.backend.requests
    assert [each.text.split(" ", 1)[0] for each in request.messages[:1000]] == [str(number) for number in range(1000)]
    assert request.messages[-1].text == "one more"
    assert sum(path.message(entry.id) is not None for entry in path.entries) == 26


def test_trouble_with_the_disk_is_said_and_the_next_wish_tries_again(make_bench):
    bench = long_bench(make_bench, 500)
    path = open_whole(bench)
    wanted = [path.entries[3].id]
    store = bench.chat.services.store
    bench.work.run(store.close).future.result(PATIENCE)  # type: ignore[attr-defined]
    hidden = bench.database.rename(bench.database.with_name("hidden"))
    bench.database.mkdir()
    with bench.signal(bench.chat.store_failed) as failed:
        path.want(wanted)
    assert isinstance(failed.args[0], StoreError)
    bench.database.rmdir()
    hidden.rename(bench.database)
    with bench.signal(path.arrived):
        path.want(wanted)


def test_a_path_that_was_left_ends_with_what_it_asked_for(make_bench):
    bench = long_bench(make_bench, 500)
    path = open_first(bench)
    path.want([path.entries[0].id])
    left = weakref.ref(path)
    del path
    bench.chat.new()
    bench.drain()
    gc.collect()
    assert left() is None
    bench.drain()
    assert bench.chat.path.is_empty


# Counting in the background: in the order that was asked for, in short turns, and nothing after it was stopped.


def count_letters(message):
    for _ in message.text:
        yield
    return FoundIn(message.id, in_text=((0, message.text.count("a")),))


@pytest.fixture
def store(work, tmp_path):
    made = SqliteStore(tmp_path / "candor.db")
    yield made
    work.run(made.close).future.result(PATIENCE)


@pytest.fixture
def messages(work, store):
    made = [user_message("a" * (number % 3)) for number in range(100)]
    work.run(lambda: store.begin_reply(Conversation(), made)).future.result(PATIENCE)
    return made


@pytest.fixture
def search(work, store):
    return PathSearch(work, store)


def test_what_is_found_comes_in_the_order_that_was_asked_for(search, messages, qtbot):
    found = []
    search.found.connect(found.extend)
    asked = [each.id for each in reversed(messages)]

    with qtbot.waitSignal(search.ended):
        search.start(asked, count_letters)
        assert search.is_running

    assert not search.is_running
    assert [(each.message_id, each.count) for each in found] == [
        (each.id, len(each.text)) for each in reversed(messages) if each.text
    ]


def test_the_disk_has_its_turn_meanwhile(search, messages, work, qtbot):
    """A message that takes for ever is counted in turns, between which other work is done."""

    def count_for_ever(message):
        while True:
            yield

    search.start([messages[0].id], count_for_ever)
    for _ in range(3):
        done = work.run(int).future
        qtbot.waitUntil(done.done)
    assert search.is_running
    search.stop()


def test_nothing_comes_of_a_search_that_was_stopped_or_replaced(search, messages, work, qtbot):
    found = []
    search.found.connect(found.extend)

    search.start([each.id for each in messages], count_letters)
    search.stop()
    drain(work)
    assert found == []

    search.start([each.id for each in messages], count_letters)
    with qtbot.waitSignal(search.ended):
        search.start([messages[1].id], count_letters)
    drain(work)
    assert [each.message_id for each in found] == [messages[1].id]


def test_a_failing_disk_ends_it(work, qtbot, messages, store):
    class Failing(SqliteStore):
        def messages(self, ids):
            raise StoreError("damaged")

    search = PathSearch(work, Failing(Path("nowhere")))
    with qtbot.waitSignal(search.failed) as failed:
        search.start(["any"], count_letters)
    assert failed.args[0].reason == "damaged"
    assert not search.is_running
