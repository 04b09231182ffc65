"""Care for the file of conversations: checks, daily backups, and putting one back."""

from __future__ import annotations

import contextlib
import functools
import gzip
import os
import random
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.errors import StoreError
from desktop.store.backups import DAYS_KEPT, keep_before_update
from desktop.store.database import SqliteStore, open_store
from desktop.store.ledger import Ledger
from tests.store.conftest import erase, refused, say, titles, turn
from tests.store.test_homes import FAULTS, OLD_INDEX, change
from tests.store.test_ledger import entry
from tests.store.test_search import fill, search

DAY = 86_400.0


@pytest.fixture
def day(monkeypatch):
    """The present day, as a number of days from a fixed one; files written are of the present."""
    today = [0.0]
    now, real = time.time, time.strftime

    def of_today(form, *given):
        return real(form, *given) if given else real(form, time.localtime(time.time()))  # type: ignore[arg-type]

    monkeypatch.setattr("desktop.store.backups.time.strftime", of_today)
    monkeypatch.setattr("desktop.store.backups.time.time", lambda: now() + today[0] * DAY)
    return today


def back_up(store):
    backup = store.back_up_if_due()
    assert backup is not None
    return backup


def later(file, day, days=1):
    """Let days go by; the file was changed on the last of them."""
    day[0] += days
    os.utime(file, (time.time(), time.time()))


def days_go_by(store, day, count):
    """So many days, with a few words and a backup on each."""
    for number in range(count):
        say(store, f"of day {number}", "yes")
        later(store.file, day)
        back_up(store)


def lose(store):
    """Lose the file, and begin anew."""
    store.close()
    store.file.unlink()
    store.repair()


def holds(backup, words):
    content = backup.path.read_bytes()
    return words.encode() in (gzip.decompress(content) if backup.path.suffix == ".gz" else content)


def test_a_day_has_one_backup_and_only_if_something_changed(file, store, day):
    assert store.back_up_if_due() is None  # an empty file is worth none
    say(store, "first", "yes")
    store.close()
    made = back_up(store)
    assert (made.conversations, made.messages, made.before_update) == (1, 2, False)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    day[0] += 1
    assert store.back_up_if_due() is None  # nothing has changed
    later(file, day)
    back_up(store)
    say(store, "second", "yes")
    assert store.back_up_if_due() is None  # of today there is one
    later(file, day)
    assert back_up(store).conversations == 2
    assert [each.conversations for each in store.backups()] == [2, 1, 1]


def test_a_backup_of_what_was_lost_outlives_its_week_without_what_was_erased(file, store, day):
    for number in range(30):
        say(store, f"before the loss {number}", "yes")
    say(store, "my secret", "yes")
    lost = back_up(store)
    day[0] += 0.5
    erase(store, "my secret")
    lose(store)
    days_go_by(store, day, 2 * DAYS_KEPT)
    kept = store.backups()
    assert (len(kept), kept[-1].made_at) == (DAYS_KEPT + 1, lost.made_at)
    assert (kept[-1].conversations, kept[-1].messages) == (30, 60)
    assert holds(kept[-1], "before the loss 7")
    assert not any(holds(each, "my secret") for each in kept)
    for number in range(30):  # as many again: nothing is missed any more
        say(store, f"after the loss {number}", "yes")
    days_go_by(store, day, 1)
    assert len(store.backups()) == DAYS_KEPT


@pytest.mark.parametrize("content", [None, b"", b"no note \xff\n"], ids=["missing", "empty", "text"])
def test_without_the_note_of_what_was_erased_nothing_outlives_its_week(file, store, day, content):
    for number in range(30):
        say(store, f"before the loss {number}", "yes")
    back_up(store)
    note = file.parent / "backups" / "erased"
    note.unlink() if content is None else note.write_bytes(content)
    lose(store)
    days_go_by(store, day, DAYS_KEPT + 1)
    assert len(store.backups()) == DAYS_KEPT


def _erase_one_by_one(store):
    for each in store.conversations():
        store.delete_for_good(each.id)


def _purge_bin(store):
    for each in store.conversations():
        store.delete_conversation(each.id)
    store.purge_bin(0, time.time() + 1)


@pytest.mark.parametrize("erase_all", [_erase_one_by_one, _purge_bin])
@pytest.mark.parametrize("uses", [1, 8])  # a day, or a week's backups on days far apart
def test_what_was_erased_stands_in_no_backup_eight_days_later(
    file,
    store,
    day,
    erase_all,
    uses,
):
    for number in range(30):
        say(store, f"my secret {number}", "yes")
    keep_before_update(file, 8)
    back_up(store)
    for _ in range(uses - 1):
        day[0] += 5
        days_go_by(store, day, 1)
    erase_all(store)
    for days in (1, 7):
        say(store, "what is left", "yes")
        later(file, day, days)
        back_up(store)
    assert store.backups()
    assert not any(holds(each, "my secret") for each in store.backups())


def test_a_backup_comes_back_and_the_present_file_is_kept(file, store):
    say(store, "as it was")
    backup = back_up(store)
    say(store, "said since", "yes")
    aside = store.restore(backup)
    [conversation] = store.conversations()
    assert [str(each.status) for each in store.path(conversation.id)] == ["complete", "interrupted"]
    say(store, "goes on", "yes")
    assert titles(store) == ["goes on", "as it was"]
    assert search(store, "goes on")
    with contextlib.closing(SqliteStore(aside)) as kept:
        assert set(titles(kept)) == {"as it was", "said since"}


def put_aside(store):
    """A file put aside, with a conversation that the present one does not have."""
    for title in ("my secret", "what is left"):
        say(store, title, "yes")
    backup = back_up(store)
    say(store, "said since", "yes")
    return store.restore(backup)


@pytest.mark.parametrize("is_damaged", [False, True])
def test_what_was_erased_stands_in_no_file_put_aside_eight_days_later(file, store, day, is_damaged):
    aside = put_aside(store)
    if is_damaged:
        spoil(aside, 2, os.urandom(4096))
    erase(store, "my secret")
    for days in (6, 2):
        later(file, day, days)
        store.back_up_if_due()
        assert aside.exists() or days == 2
    kept = [each for each in file.parent.iterdir() if each.name.startswith(aside.name)]
    assert not any(b"my secret" in each.read_bytes() for each in kept)
    assert is_damaged is not any(b"said since" in each.read_bytes() for each in kept)


def test_a_backup_and_a_file_put_aside_of_another_form_go_as_a_whole(file, store, day):
    aside = put_aside(store)
    change(aside, "ALTER TABLE conversations DROP COLUMN pinned")
    [backup] = store.backups()
    backup.path.write_bytes(gzip.compress(aside.read_bytes()))
    erase(store, "my secret")
    later(file, day, 8)
    made = back_up(store)
    assert store.backups() == [made]
    assert not aside.exists()


@pytest.mark.parametrize("fault", ["whole", "damaged in its texts"])
def test_what_was_erased_is_in_no_former_index_of_a_backup_or_a_file_put_aside(file, store, day, fault):
    aside = put_aside(store)
    change(aside, OLD_INDEX + "INSERT INTO message_index VALUES ('my secret'); PRAGMA user_version = 8")
    FAULTS[fault](aside)
    [backup] = store.backups()
    backup.path.write_bytes(gzip.compress(aside.read_bytes()))
    erase(store, "my secret")
    later(file, day, 8)
    back_up(store)
    assert len(store.backups()) == 2
    assert not any(holds(each, "my secret") for each in store.backups())
    assert b"my secret" not in aside.read_bytes()
    assert b"what is left" in aside.read_bytes()


def test_a_file_put_aside_is_kept_while_it_is_in_use_or_has_nothing_that_was_erased(file, store, day, monkeypatch):
    aside = put_aside(store)
    before = aside.read_bytes()
    say(store, "said after", "yes")
    erase(store, "said after")
    later(file, day, 8)
    store.back_up_if_due()
    assert aside.read_bytes() == before
    erase(store, "my secret")
    later(file, day, 8)
    connect, made = sqlite3.connect, len(store.backups())
    monkeypatch.setattr("desktop.store.disk.sqlite3.connect", functools.partial(connect, timeout=0.01))
    with contextlib.closing(connect(aside, isolation_level=None)) as another:
        another.execute("BEGIN EXCLUSIVE")
        with refused("locked"):
            store.back_up_if_due()
    assert aside.read_bytes() == before
    assert len(store.backups()) > made  # the day's own all the same
    store.back_up_if_due()
    assert b"said since" in aside.read_bytes()
    assert b"my secret" not in aside.read_bytes()


@pytest.mark.parametrize("content", [b"", b"no backup", None], ids=["empty", "text", "cut"])
def test_a_broken_backup_changes_nothing(file, store, content):
    say(store, "stays", "yes")
    backup = back_up(store)
    backup.path.write_bytes(backup.path.read_bytes()[:200] if content is None else content)
    with pytest.raises(StoreError):
        store.restore(backup)
    assert titles(store) == ["stays"]
    assert not [*file.parent.glob("*.part*"), *file.parent.glob("*aside*")]


def test_a_damaged_file_is_not_backed_up(file, store, day):
    say(store, "x" * 50_000, "yes")
    back_up(store)
    store.close()
    spoil(file, file.stat().st_size // 4096 - 1, os.urandom(8192))
    later(file, day)
    with refused("damaged"):
        store.back_up_if_due()
    assert len(store.backups()) == 1
    assert store.check() != ""
    assert store.trouble is not None


def test_a_check_is_due_after_a_week_and_after_a_crash(file, store):
    say(store, "words", "yes")
    for _ in range(2):
        assert store.is_check_due()
        assert store.check() == ""
        assert not store.is_check_due()
        os.utime(file.parent / "backups" / "checked", (time.time() - 8 * DAY,) * 2)
    crashed = file.with_name("crashed.db")
    for suffix in ("", "-wal"):
        Path(f"{crashed}{suffix}").write_bytes(Path(f"{file}{suffix}").read_bytes())
    store.check()
    with contextlib.closing(SqliteStore(crashed)) as again:
        assert titles(again) == ["words"]
        assert again.is_check_due()


def _in_ledger(store):
    ledger = Ledger(store.file.with_name(f"{store.file.stem}-ledger.db"))
    ledger.write([entry()])
    ledger.close()


TRACES: dict[str, Callable[[SqliteStore], object]] = {
    "backup": lambda store: store.back_up_if_due(),
    "index for searching": fill,
    "file": lambda store: store.files.keep_bytes(b"chair;40"),
    "ledger": _in_ledger,
}


@pytest.mark.parametrize("is_there", [True, False], ids=["emptied", "missing"])
@pytest.mark.parametrize("trace", TRACES)
def test_a_lost_file_is_damage_and_no_new_beginning(file, store, trace, is_there):
    say(store, "first", "yes")
    TRACES[trace](store)
    store.close()
    file.unlink()
    if is_there:
        file.touch()
    before = sorted((each, each.stat().st_size) for each in file.parent.rglob("*"))
    for attempt in (store.conversations, store.back_up_if_due, lambda: say(store, "second", "yes")):
        with refused("damaged"):
            attempt()
    assert store.check()
    assert sorted((each, each.stat().st_size) for each in file.parent.rglob("*")) == before
    assert store.repair().messages == 0  # for whoever has no backup, and goes on with an empty file
    say(store, "second", "yes")
    assert titles(store) == ["second"]


# Damaged files: one bad row hides no others, nothing more is written, and what can be read is had back.


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
    for number, changed in enumerate(changes.split("|")):
        write(file, f"UPDATE {table} SET {changed} WHERE {key} = '{filled[number].id}'")
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
@pytest.mark.parametrize("share", [0.0, 0.99])
def test_a_repair_keeps_all_that_can_be_read(file, filled, table, share):
    spoil(file, page_of(file, table, share))
    store = SqliteStore(file)
    repaired = store.repair()
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
    assert store.check() == ""
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
        assert store.check() != "", page
        repaired = store.repair()
        assert repaired.conversations >= MANY - 30, page
        assert repaired.messages >= 2 * MANY - 40, page
        assert store.check() == "", page
        store.close()


@pytest.mark.parametrize("table", ["conversations", "messages"])
def test_a_page_that_leads_to_all_others(file, filled, table):
    """The root of a table is lost: its rows are found page by page, and no others are taken for them."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    spoil(file, root)
    store = SqliteStore(file)
    repaired = store.repair()
    assert (repaired.conversations, repaired.messages) == (MANY, 2 * MANY)
    assert {each.title for each in store.conversations()} == {each.title for each in filled}
    assert store.check() == ""
    store.close()
