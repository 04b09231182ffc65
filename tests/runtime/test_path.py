"""The path of the conversation in front: its end at once, the rest when wanted; and versions, of which none is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.core.conversation import Conversation
from desktop.core.errors import StoreError
from desktop.core.events import TextDelta
from desktop.core.message import Role, TextPart, user_message
from desktop.core.text.find import FoundIn
from desktop.runtime.path import PathSearch
from desktop.store.database import SqliteStore
from tests.runtime.conftest import answer, long_bench, open_first, open_whole
from tests.support.examples import examples
from tests.support.long_conversation import WORDS
from tests.support.scripted_backend import Hold
from tests.support.waiting import PATIENCE

LONG = 2_000


def test_a_long_conversation_opens_with_its_end_and_has_versions_in_its_middle(make_bench):
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
    bench.reply_to(lambda: bench.chat.try_again(at(bench, 401)))
    assert bench.chat.path is path
    assert len(path.entries) == 402
    assert len(bench.backend.requests[-1].messages) == 401
    assert turn(bench, 401, 1) == 401
    assert len(path.entries) == LONG
    assert path.last is not None
    assert is_stored_so(bench)


def test_wishes_that_come_fast_are_bundled_and_one_that_the_disk_refuses_is_tried_again(make_bench):
    bench = long_bench(make_bench, 500)
    path = open_whole(bench)
    arrived = []
    path.arrived.connect(lambda messages: arrived.extend(each.id for each in messages))
    steps = [[entry.id for entry in path.entries[start : start + 10]] for start in range(0, 400, 5)]
    for wanted in steps:  # as while scrolling past
        path.want(wanted)
    bench.wait(lambda: path.message(steps[-1][-1]) is not None)
    assert arrived == [*steps[0], *steps[-1]]
    wanted = [path.entries[200].id]
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


def test_what_is_found_comes_in_the_order_that_was_asked_for_and_the_disk_has_its_turn_meanwhile(
    search, messages, work, qtbot
):
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

    def count_for_ever(message):
        while True:
            yield

    search.start([messages[0].id], count_for_ever)
    for _ in range(3):
        done = work.run(int).future
        qtbot.waitUntil(done.done)
    assert search.is_running
    search.stop()


def test_a_failing_disk_ends_it(work, qtbot):
    class Failing(SqliteStore):
        def messages(self, ids):
            raise StoreError("damaged")

    search = PathSearch(work, Failing(Path("nowhere")))
    with qtbot.waitSignal(search.failed) as failed:
        search.start(["any"], count_letters)
    assert failed.args[0].reason == "damaged"
    assert not search.is_running


ONE, TWO = ["one?", "One."], ["two?", "Two."]


@pytest.fixture
def bench(make_bench):
    """A conversation of two questions and answers."""
    bench = make_bench([])
    bench.say(*ONE)
    bench.say(*TWO)
    return bench


def at(bench, index):
    return bench.chat.path.entries[index].id


def turn(bench, index, version):
    """Go to a version; how many messages at the beginning of the path were said to be the same."""
    with bench.signal(bench.chat.path_changed) as changed:
        assert bench.chat.show_version(at(bench, index), version)
    return changed.args[0]


def is_stored_so(bench):
    bench.drain()
    store = bench.stored()
    outline = store.outline(bench.chat.current.id)
    store.close()
    return outline == bench.chat.path.entries


def test_the_shown_version_is_there_after_a_restart(bench, make_bench):
    bench.reply_to(bench.chat.try_again, "Due.")
    turn(bench, 3, 1)
    bench.drain()
    restarted = make_bench([])
    with restarted.signal(restarted.chat.conversations_changed):
        restarted.chat.load()
    open_first(restarted)
    assert restarted.texts == [*ONE, *TWO]
    assert restarted.versions[-1] == (1, 2)


def test_what_makes_no_sense_is_refused_and_all_else_while_a_reply_runs(bench):
    chat, asked, reply = bench.chat, at(bench, 2), at(bench, 3)
    assert not chat.try_again(asked)
    assert not chat.try_again("unknown")
    for words in ((reply, "words in the mouth"), (asked, " \n"), ("unknown", "words")):
        assert not chat.edit(*words)
    for version in (-1, 0, 1, 2):
        assert not chat.show_version(reply, version)
    bench.reply_to(chat.try_again, "Due.")
    bench.backend.script = [TextDelta("Tr"), Hold()]
    chat.send("three?")
    entries = list(chat.path.entries)
    assert not chat.try_again(at(bench, 1))
    assert not chat.edit(at(bench, 0), "zero?")
    assert not chat.show_version(at(bench, 3), 1)
    assert chat.path.entries == entries
    chat.stop()
    chat.new()
    assert not chat.try_again()
    assert not chat.edit(asked, "words")
    assert not chat.show_version(reply, 1)


def test_a_version_that_is_fetched_comes_neither_before_what_is_sent_nor_to_another_conversation(bench):
    bench.reply_to(bench.chat.try_again, "Due.")
    assert bench.chat.show_version(at(bench, 3), 1)
    bench.say("three?", "Three.")
    assert bench.texts == [*ONE, "two?", "Due.", "three?", "Three."]
    assert is_stored_so(bench)
    changed = []
    bench.chat.path_changed.connect(changed.append)
    assert bench.chat.show_version(at(bench, 3), 1)
    bench.chat.new()
    bench.drain()
    assert changed == []
    assert bench.chat.path.is_empty


@pytest.mark.parametrize("words", ["", "zero?"])
def test_a_version_that_cannot_be_saved_leaves_what_was_there(bench, words):
    """Asked for again, or said otherwise."""
    entries, head = list(bench.chat.path.entries), bench.chat.current.head_id
    bench.drain()
    bench.refuse("INSERT ON messages")
    with bench.signal(bench.chat.not_sent) as refused:
        assert bench.chat.edit(at(bench, 0), words) if words else bench.chat.try_again(at(bench, 1))
    assert refused.args[0] == words
    assert bench.chat.path.entries == entries
    assert bench.chat.current.head_id == head
    assert bench.texts == [*ONE, *TWO]


def test_an_edit_before_the_beginning_has_been_read(make_bench):
    bench = long_bench(make_bench, 1000)
    path = open_first(bench)
    assert not path.is_whole
    bench.reply_to(lambda: bench.chat.edit(at(bench, 0), "otherwise"))
    bench.wait(lambda: path.is_whole)
    assert len(path.entries) == 978
    assert is_stored_so(bench)


STEP = st.one_of(
    st.just(("send",)),
    st.just(("reopen",)),
    st.tuples(st.sampled_from(["again", "edit"]), st.integers(0, 20)),
    st.tuples(st.just("version"), st.integers(0, 20), st.integers(1, 4)),
)


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEP, max_size=8))
def test_whatever_is_done_no_message_is_lost(make_bench, steps):
    bench = make_bench(answer("So it is."))
    bench.ask("the first")
    known = {}
    for number, step in enumerate(steps):
        take(bench, step, f"step {number}")
        known = checked(bench, known)


def take(bench, step, text):
    chat, entries = bench.chat, bench.chat.path.entries
    match step:
        case ("send",):
            bench.ask(text)
        case ("reopen",):
            identity = chat.current.id
            chat.new()
            bench.open(identity)
        case ("again" | "edit" as what, index):
            role = Role.ASSISTANT if what == "again" else Role.USER
            some = [entry.id for entry in entries if entry.role is role]
            chosen = some[index % len(some)]
            bench.reply_to(lambda: chat.try_again(chosen) if what == "again" else chat.edit(chosen, text))
        case ("version", index, version):
            entry = entries[index % len(entries)]
            if version <= entry.versions and version != entry.version:
                turn(bench, index % len(entries), version)
            else:
                assert not chat.show_version(entry.id, version)


def checked(bench, known):
    """All stored messages, after a look at whether they and the shown path are as they must be."""
    bench.drain()
    query = "SELECT id, parent_id, role, text FROM messages WHERE conversation_id = ? ORDER BY key"
    stored = {row[0]: row[1:] for row in bench.on_disk(query, bench.chat.current.id)}
    assert known.items() <= stored.items()
    entries, above = bench.chat.path.entries, None
    for entry in entries:
        assert stored[entry.id][:2] == (above, entry.role)
        siblings = [each for each, row in stored.items() if row[0] == above]
        assert (entry.version, entry.versions) == (siblings.index(entry.id) + 1, len(siblings))
        above = entry.id
    assert not any(row[0] == above for row in stored.values())  # a leaf
    assert bench.chat.current.head_id == above
    assert [stored[entry.id][2] for entry in entries] == bench.texts
    assert bench.chat.path.is_whole
    return stored
