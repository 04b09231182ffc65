"""Damaged files: one bad row hides no others, nothing more is written, and what can be read is had back."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
from dataclasses import replace

import pytest

from desktop.core.repository import StoreError
from desktop.store.care import FileCare
from desktop.store.database import SqliteStore, open_store
from tests.store.messages import turn
from tests.store.searching import search

MANY = 300  # enough for tables of many pages


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A file with many conversations, each of two messages, closed; and these."""
    file = tmp_path_factory.mktemp("filled") / "conversations.db"
    store = open_store(file)
    made = []
    for number in range(MANY):
        conversation, asked, reply = turn(f"question {number} {'x' * 300}", f"answer {number} {'y' * 700}")
        conversation = replace(conversation, updated_at=float(number))
        store.begin_reply(conversation, [asked, reply])
        made.append(conversation)
    store.close()
    return file, made


@pytest.fixture
def filled(file, template):
    """The conversations of a copy of it."""
    file.parent.mkdir()
    shutil.copyfile(template[0], file)
    return template[1]


def write(file, statement):
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(statement)


def page_of(file, table, share):
    """Return the number of a leaf page of a table, from 1; at a share of them."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        pages = connection.execute(
            "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path", (table,)
        ).fetchall()
    return int(pages[int(len(pages) * share)][0])


def spoil(file, page, content=None):
    """Overwrite a page, with zeros where nothing else is said."""
    with file.open("r+b") as opened:
        opened.seek((page - 1) * 4096)
        opened.write(content or bytes(4096))


@pytest.mark.parametrize(
    ("table", "key", "changes"),
    [
        (
            "conversations",
            "id",
            "title = x'00ff'|updated_at = 'yesterday'|settings = 7|settings = '[]'|head_id = 3.5|origin = x'01'"
            "|created_at = x'00'|title = CAST(x'41ff42' AS TEXT)",
        ),
        (
            "messages",
            "conversation_id",
            "text = x'00ff'|role = 9|parts = 5|created_at = 'x'|usage = '{\"a\": []}'",
        ),
    ],
)
def test_rows_of_strange_values_are_listed_and_shown_with_all_others(file, filled, table, key, changes):
    for number, change in enumerate(changes.split("|")):
        write(file, f"UPDATE {table} SET {change} WHERE {key} = '{filled[number].id}'")
    with contextlib.closing(open_store(file)) as store:
        found = {each.id: each for each in store.conversations()}
        assert found.keys() == {each.id for each in filled}
        assert all(isinstance(each.title, str) and isinstance(each.updated_at, float) for each in found.values())
        assert found[filled[7].id].title == ("A\ufffdB" if table == "conversations" else filled[7].title)
        for each in filled[:8]:
            assert len(store.path(each.id)) == 2


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_damaged_page_hides_its_own_rows_alone(file, filled, share):
    spoil(file, page_of(file, "conversations", share))
    store = open_store(file)
    found = {each.id for each in store.conversations()}
    assert MANY - 20 < len(found) < MANY
    assert found < {each.id for each in filled}
    assert store.trouble is not None
    assert store.trouble.reason == "damaged"
    before = file.read_bytes()
    with pytest.raises(StoreError) as caught:
        store.save_conversation(replace(filled[0], title="new"))
    assert caught.value.reason == "damaged"
    store.close()
    assert file.read_bytes() == before


@pytest.mark.parametrize("table", ["conversations", "messages"])
@pytest.mark.parametrize("share", [0.0, 0.4, 0.99])
def test_a_repair_keeps_all_that_can_be_read(file, filled, table, share):
    spoil(file, page_of(file, table, share))
    store = SqliteStore(file)
    repaired = FileCare(store).repair()
    assert repaired.aside.exists()
    assert repaired.messages >= 2 * MANY - 30
    assert repaired.conversations >= MANY - 30
    assert store.trouble is None
    found = store.conversations()
    assert len(found) == repaired.conversations
    messages = [message for each in found for message in store.path(each.id)]
    assert len(messages) >= repaired.messages - 10
    conversation, asked, reply = turn("after the repair", "works")
    store.begin_reply(conversation, [asked, reply])
    assert search(store, "after the repair")
    assert FileCare(store).check() == ""
    store.close()


def test_twenty_damaged_places(file, filled, tmp_path):
    """Wherever one page is lost, the rest is listed, or had back by a repair, and a check tells of it."""
    whole = file.read_bytes()
    luck = random.Random(20261127)
    for number in range(20):
        page = luck.randrange(2, len(whole) // 4096 + 1)
        place = tmp_path / str(number) / "conversations.db"
        place.parent.mkdir()
        place.write_bytes(whole)
        spoil(place, page, luck.randbytes(4096))
        store = SqliteStore(place)
        care = FileCare(store)
        assert care.check() != "", page
        repaired = care.repair()
        assert repaired.conversations >= MANY - 30, page
        assert repaired.messages >= 2 * MANY - 40, page
        assert care.check() == "", page
        store.close()


@pytest.mark.parametrize("table", ["conversations", "messages"])
def test_a_page_that_leads_to_all_others(file, filled, table):
    """The root of a table is lost: its rows are found page by page, and no others are taken for them."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    spoil(file, root)
    store = SqliteStore(file)
    repaired = FileCare(store).repair()
    assert (repaired.conversations, repaired.messages) == (MANY, 2 * MANY)
    assert {each.title for each in store.conversations()} == {each.title for each in filled}
    assert FileCare(store).check() == ""
    store.close()
