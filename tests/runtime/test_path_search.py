"""Counting in the background: in the order that was asked for, in short turns, and nothing after it was stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.conversation import Conversation
from desktop.core.message import user_message
from desktop.core.repository import StoreError
from desktop.core.text.find import FoundIn
from desktop.runtime.path import PathSearch
from desktop.store.database import SqliteStore
from tests.runtime.conftest import drain
from tests.support.waiting import PATIENCE


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
