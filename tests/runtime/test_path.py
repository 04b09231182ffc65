"""The path of the conversation in front: its end at once, the rest when it is wanted, and little of it in memory."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

from desktop.core.events import TextDelta
from desktop.core.message import TextPart
from desktop.core.repository import StoreError
from desktop.core.request import ChatRequest
from tests.runtime.talking import long_bench, open_first, open_whole
from tests.support.long_conversation import WORDS
from tests.support.scripted_backend import Hold
from tests.support.waiting import PATIENCE

LONG = 10_000


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


def test_a_short_conversation_is_whole_at_once(make_bench):
    bench = long_bench(make_bench, 24)
    path = open_first(bench)
    assert path.is_whole
    assert len(path.entries) == 24


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
    bench = long_bench(make_bench, 3000)
    path = open_whole(bench)
    for start in range(0, 3000, 20):
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


def test_sending_before_the_rest_is_there_keeps_the_path_whole(make_bench):
    bench = long_bench(make_bench, 1000)
    path = open_first(bench)
    assert not path.is_whole
    bench.ask("one more")
    bench.wait(lambda: path.is_whole)
    assert len(path.entries) == 1002
    bench.drain()
    stored = bench.stored()
    assert stored.outline(bench.chat.current.id) == path.entries
    stored.close()
    assert path.entries[-1].lines == 1


def test_the_whole_history_is_sent_but_not_kept(make_bench):
    bench = long_bench(make_bench, 1000)
    path = open_first(bench)
    with bench.signal(bench.chat.generation_ended):
        bench.chat.send("one more")
    [request] = bench.backend.requests
    assert [each.text.split(" ", 1)[0] for each in request.messages[:1000]] == [str(number) for number in range(1000)]
    assert request.messages[-1].text == "one more"
    assert sum(path.message(entry.id) is not None for entry in path.entries) == 26


def requests_in_memory():
    """Return all, those of tables of cases among them; held, so that none of them vanishes for a reason of its own."""
    return [each for each in gc.get_objects() if isinstance(each, ChatRequest)]


def test_the_history_is_let_go_with_the_reply(make_bench):
    bench = long_bench(make_bench, 100)
    bench.backend.script = [TextDelta("so far"), Hold()]
    open_first(bench)
    gc.collect()
    before = requests_in_memory()
    bench.chat.send("one more")
    generation = bench.running
    bench.wait(lambda: generation.builder.has_text)
    bench.chat.stop()
    bench.wait(lambda: bench.backend.was_cancelled)
    bench.drain()
    bench.backend.requests.clear()
    gc.collect()
    left = [request for request in requests_in_memory() if not any(request is known for known in before)]
    assert not left, "what other tests have left may go meanwhile"


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
