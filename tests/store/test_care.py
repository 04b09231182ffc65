"""Care for the file of conversations: checks, daily backups, and putting one back."""

from __future__ import annotations

import contextlib
import functools
import gzip
import os
import sqlite3
import stat
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.keeping.backups import Backup
from desktop.core.repository import StoreError
from desktop.store.backups import DAYS_KEPT, keep_before_update
from desktop.store.care import FileCare
from desktop.store.database import SqliteStore
from desktop.store.ledger import Ledger
from tests.store.messages import turn
from tests.store.searching import search
from tests.store.test_homes import FAULTS, OLD_INDEX, change
from tests.store.test_ledger import entry
from tests.store.test_salvage import spoil

DAY = 86_400.0


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The present day, as a number of days from a fixed one; files written are of the present."""
    today = [0.0]
    now, real = time.time, time.strftime

    def of_today(form: str, *given: object) -> str:
        return real(form, *given) if given else real(form, time.localtime(time.time()))  # type: ignore[arg-type]

    monkeypatch.setattr("desktop.store.backups.time.strftime", of_today)
    monkeypatch.setattr("desktop.store.backups.time.time", lambda: now() + today[0] * DAY)
    return today


def say(store: SqliteStore, words: str) -> None:
    conversation, asked, reply = turn(words, f"answer to {words}")
    store.begin_reply(conversation, [asked, reply])


def later(file: Path, day: list[float]) -> None:
    """Let a day go by; the file was changed on it."""
    day[0] += 1
    os.utime(file, (time.time(), time.time()))


def test_a_day_has_one_backup_and_only_if_something_changed(file: Path, store: SqliteStore, day: list[float]) -> None:
    care = FileCare(store)
    assert care.back_up_if_due() is None  # an empty file is worth none
    say(store, "first")
    made = care.back_up_if_due()
    assert made is not None
    assert (made.conversations, made.messages, made.before_update) == (1, 2, False)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    say(store, "second")
    assert care.back_up_if_due() is None  # of today there is one
    later(file, day)
    second = care.back_up_if_due()
    assert second is not None
    assert second.conversations == 2
    assert [each.conversations for each in care.backups()] == [2, 1]


def test_a_file_that_did_not_change_needs_no_second_backup(file: Path, store: SqliteStore, day: list[float]) -> None:
    care = FileCare(store)
    say(store, "first")
    store.close()
    assert care.back_up_if_due() is not None
    day[0] += 1
    assert care.back_up_if_due() is None


def test_backups_of_a_clock_that_ran_ahead_are_in_no_others_way(
    file: Path, store: SqliteStore, day: list[float]
) -> None:
    care = FileCare(store)
    day[0] = 400
    days_go_by(care, store, day, DAYS_KEPT)
    for each in care.backups():
        os.utime(each.path, (each.made_at, each.made_at))
    day[0] = 0
    days_go_by(care, store, day, DAYS_KEPT)
    assert [each.conversations for each in care.backups()] == list(range(2 * DAYS_KEPT, DAYS_KEPT, -1))


def test_the_last_week_is_kept(file: Path, store: SqliteStore, day: list[float]) -> None:
    care = FileCare(store)
    for number in range(DAYS_KEPT + 2):
        say(store, f"words of day {number}")
        later(file, day)
        assert care.back_up_if_due() is not None
    assert [each.conversations for each in care.backups()] == list(range(DAYS_KEPT + 2, 2, -1))
    assert not list(file.parent.glob("backups/*.part*"))


def holds(backup: Backup, words: str) -> bool:
    content = backup.path.read_bytes()
    return words.encode() in (gzip.decompress(content) if backup.path.suffix == ".gz" else content)


def days_go_by(care: FileCare, store: SqliteStore, day: list[float], count: int) -> None:
    """So many days, with a few words and a backup on each."""
    for number in range(count):
        say(store, f"of day {number}")
        later(store.file, day)
        assert care.back_up_if_due() is not None


def test_a_backup_of_what_was_lost_outlives_its_week(file: Path, store: SqliteStore, day: list[float]) -> None:
    care = FileCare(store)
    for number in range(30):
        say(store, f"before the loss {number}")
    lost = care.back_up_if_due()
    assert lost is not None
    store.close()
    file.unlink()
    care.repair()
    days_go_by(care, store, day, 2 * DAYS_KEPT)
    kept = care.backups()
    assert len(kept) == DAYS_KEPT + 1
    assert kept[-1] == lost
    for number in range(30):  # as many again: nothing is missed any more
        say(store, f"after the loss {number}")
    days_go_by(care, store, day, 1)
    assert len(care.backups()) == DAYS_KEPT


def test_of_what_was_lost_that_is_kept_the_erased_is_not(file: Path, store: SqliteStore, day: list[float]) -> None:
    care = FileCare(store)
    for number in range(30):
        say(store, f"before the loss {number}")
    say(store, "my secret")
    assert care.back_up_if_due() is not None
    day[0] += 0.5
    store.delete_for_good(next(each.id for each in store.conversations() if each.title == "my secret"))
    store.close()
    file.unlink()
    care.repair()
    days_go_by(care, store, day, DAYS_KEPT + 1)
    kept = care.backups()
    assert (kept[-1].conversations, kept[-1].messages) == (30, 60)
    assert holds(kept[-1], "before the loss 7")
    assert not any(holds(each, "my secret") for each in kept)


@pytest.mark.parametrize("content", [None, b"", b"no note \xff\n"], ids=["missing", "empty", "text"])
def test_without_the_note_of_what_was_erased_nothing_outlives_its_week(
    file: Path, store: SqliteStore, day: list[float], content: bytes | None
) -> None:
    care = FileCare(store)
    for number in range(30):
        say(store, f"before the loss {number}")
    assert care.back_up_if_due() is not None
    note = file.parent / "backups" / "erased"
    note.unlink() if content is None else note.write_bytes(content)
    store.close()
    file.unlink()
    care.repair()
    days_go_by(care, store, day, DAYS_KEPT + 1)
    assert len(care.backups()) == DAYS_KEPT


def _erase_one_by_one(store: SqliteStore) -> None:
    for each in store.conversations():
        store.delete_for_good(each.id)


def _purge_bin(store: SqliteStore) -> None:
    for each in store.conversations():
        store.delete_conversation(each.id)
    store.purge_bin(0, time.time() + 1)


@pytest.mark.parametrize("erase", [_erase_one_by_one, _purge_bin])
@pytest.mark.parametrize("uses", [1, 8])  # a day, or a week's backups on days far apart
def test_what_was_erased_stands_in_no_backup_eight_days_later(
    file: Path, store: SqliteStore, day: list[float], erase: Callable[[SqliteStore], None], uses: int
) -> None:
    care = FileCare(store)
    for number in range(30):
        say(store, f"my secret {number}")
    keep_before_update(file, 8)
    assert care.back_up_if_due() is not None
    for _ in range(uses - 1):
        day[0] += 5
        days_go_by(care, store, day, 1)
    erase(store)
    say(store, "what is left")
    later(file, day)
    assert care.back_up_if_due() is not None
    day[0] += 7
    say(store, "later")
    later(file, day)
    assert care.back_up_if_due() is not None
    left = [each.name for each in (file.parent / "backups").iterdir() if each.suffix in (".gz", ".db")]
    assert left
    assert not any(holds(each, "my secret") for each in care.backups())


def test_a_backup_comes_back_and_the_present_file_is_kept(file: Path, store: SqliteStore) -> None:
    care = FileCare(store)
    say(store, "as it was")
    backup = care.back_up_if_due()
    assert backup is not None
    say(store, "said since")
    aside = care.restore(backup)
    assert [each.title for each in store.conversations()] == ["as it was"]
    say(store, "goes on")
    assert search(store, "goes on")
    kept = SqliteStore(aside)
    assert {each.title for each in kept.conversations()} == {"as it was", "said since"}
    kept.close()


@pytest.mark.parametrize("is_damaged", [False, True])
def test_what_was_erased_stands_in_no_file_put_aside_eight_days_later(
    file: Path, store: SqliteStore, day: list[float], is_damaged: bool
) -> None:
    care = FileCare(store)
    say(store, "my secret")
    say(store, "what is left")
    backup = care.back_up_if_due()
    assert backup is not None
    say(store, "said since")
    aside = care.restore(backup)
    if is_damaged:
        spoil(aside, 2, os.urandom(4096))
    for each in [each for each in store.conversations() if each.title == "my secret"]:
        store.delete_for_good(each.id)
    for days in (5, 1):
        day[0] += days
        later(file, day)
        care.back_up_if_due()
        assert aside.exists() or days == 1
    kept = [each for each in file.parent.iterdir() if each.name.startswith(aside.name)]
    assert not any(b"my secret" in each.read_bytes() for each in kept)
    assert is_damaged is not any(b"said since" in each.read_bytes() for each in kept)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_was_erased_is_in_no_former_index_of_a_backup_or_a_file_put_aside(
    file: Path, store: SqliteStore, day: list[float], fault: str
) -> None:
    care = FileCare(store)
    say(store, "my secret")
    say(store, "what is left")
    store.close()
    change(file, OLD_INDEX + "INSERT INTO message_index VALUES ('my secret'); PRAGMA user_version = 8")
    FAULTS[fault](file)
    store.open()
    backup = care.back_up_if_due()
    assert backup is not None
    aside = care.restore(backup)
    for each in [each for each in store.conversations() if each.title == "my secret"]:
        store.delete_for_good(each.id)
    day[0] += 8
    later(file, day)
    assert care.back_up_if_due() is not None
    assert len(care.backups()) == 2
    assert not any(holds(each, "my secret") for each in care.backups())
    assert b"my secret" not in aside.read_bytes()
    assert b"what is left" in aside.read_bytes()


@pytest.mark.parametrize("is_damaged", [False, True])
def test_a_file_put_aside_is_kept_where_it_cannot_be_told_to_hold_what_was_erased(
    file: Path, store: SqliteStore, day: list[float], monkeypatch: pytest.MonkeyPatch, is_damaged: bool
) -> None:
    """It is in use, and tried again later; or damaged, and without a trace of what was erased."""
    care = FileCare(store)
    say(store, "as it was")
    backup = care.back_up_if_due()
    assert backup is not None
    aside = care.restore(backup)
    say(store, "my secret")
    if is_damaged:
        spoil(aside, 2, os.urandom(4096))
        [identity] = [each.id for each in store.conversations() if each.title == "my secret"]
    else:
        [identity] = [each.id for each in store.conversations() if each.title == "as it was"]
    before = aside.read_bytes()
    store.delete_for_good(identity)
    day[0] += 8
    later(file, day)
    if is_damaged:
        care.back_up_if_due()
        assert aside.read_bytes() == before
        return
    connect = sqlite3.connect
    monkeypatch.setattr("desktop.store.backups.sqlite3.connect", functools.partial(connect, timeout=0.01))
    with contextlib.closing(connect(aside, isolation_level=None)) as another:
        another.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError) as caught:
            care.back_up_if_due()
    assert caught.value.reason == "locked"
    assert b"as it was" in aside.read_bytes()
    day[0] += 8
    later(file, day)
    care.back_up_if_due()
    assert aside.exists()
    assert b"as it was" not in aside.read_bytes()


def test_a_file_put_aside_stays_while_nothing_is_erased(file: Path, store: SqliteStore, day: list[float]) -> None:
    care = FileCare(store)
    say(store, "as it was")
    backup = care.back_up_if_due()
    assert backup is not None
    aside = care.restore(backup)
    before = aside.read_bytes()
    day[0] += 30
    later(file, day)
    care.back_up_if_due()
    assert aside.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no backup", None], ids=["empty", "text", "cut"])
def test_a_broken_backup_changes_nothing(file: Path, store: SqliteStore, content: bytes | None) -> None:
    care = FileCare(store)
    say(store, "stays")
    backup = care.back_up_if_due()
    assert backup is not None
    backup.path.write_bytes(backup.path.read_bytes()[:200] if content is None else content)
    with pytest.raises(StoreError):
        care.restore(backup)
    assert [each.title for each in store.conversations()] == ["stays"]
    assert not list(file.parent.glob("*.part*"))
    assert not list(file.parent.glob("*aside*"))


def test_a_damaged_file_is_not_backed_up(file: Path, store: SqliteStore, day: list[float]) -> None:
    care = FileCare(store)
    say(store, "x" * 50_000)
    assert care.back_up_if_due() is not None
    store.close()
    content = bytearray(file.read_bytes())
    content[-8192:] = os.urandom(8192)
    file.write_bytes(content)
    later(file, day)
    with pytest.raises(StoreError) as caught:
        care.back_up_if_due()
    assert caught.value.reason == "damaged"
    assert len(care.backups()) == 1
    assert care.check() != ""
    assert store.trouble is not None


def test_a_check_is_due_after_a_week_and_after_a_crash(file: Path, store: SqliteStore) -> None:
    care = FileCare(store)
    say(store, "words")
    assert care.is_check_due()
    assert care.check() == ""
    assert not care.is_check_due()
    long_ago = time.time() - 8 * DAY
    os.utime(file.parent / "backups" / "checked", (long_ago, long_ago))
    assert care.is_check_due()
    assert care.check() == ""
    crashed = file.with_name("crashed.db")
    for suffix in ("", "-wal"):
        Path(f"{crashed}{suffix}").write_bytes(Path(f"{file}{suffix}").read_bytes())
    again = SqliteStore(crashed)
    assert [each.title for each in again.conversations()] == ["words"]
    assert FileCare(again).is_check_due()
    again.close()


def test_a_restored_reply_that_ran_is_interrupted(file: Path, store: SqliteStore) -> None:
    conversation, asked, reply = turn("a question")
    store.begin_reply(conversation, [asked, reply])
    care = FileCare(store)
    backup = care.back_up_if_due()
    assert backup is not None
    store.finish_reply(replace(reply, status=asked.status))
    care.restore(backup)
    assert [str(each.status) for each in store.path(conversation.id)] == ["complete", "interrupted"]


def _backed_up(care: FileCare, store: SqliteStore) -> None:
    assert care.back_up_if_due() is not None


def _searched(care: FileCare, store: SqliteStore) -> None:
    while store.search_index.fill() < 1:
        pass
    assert search(store, "first")


def _with_a_file(care: FileCare, store: SqliteStore) -> None:
    store.files.keep_bytes(b"chair;40")


def _in_ledger(care: FileCare, store: SqliteStore) -> None:
    ledger = Ledger(store.file.with_name(f"{store.file.stem}-ledger.db"))
    ledger.write([entry()])
    ledger.close()


@pytest.mark.parametrize("is_there", [True, False], ids=["emptied", "missing"])
@pytest.mark.parametrize("leave", [_backed_up, _searched, _with_a_file, _in_ledger])
def test_a_lost_file_is_damage_and_no_new_beginning(
    file: Path, store: SqliteStore, leave: Callable[[FileCare, SqliteStore], None], is_there: bool
) -> None:
    care = FileCare(store)
    say(store, "first")
    leave(care, store)
    store.close()
    file.unlink()
    if is_there:
        file.touch()
    before = sorted((each, each.stat().st_size) for each in file.parent.rglob("*"))
    for attempt in (store.conversations, care.back_up_if_due, lambda: say(store, "second")):
        with pytest.raises(StoreError) as refused:
            attempt()
        assert refused.value.reason == "damaged"
    assert care.check()
    assert sorted((each, each.stat().st_size) for each in file.parent.rglob("*")) == before
    assert care.repair().messages == 0  # for whoever has no backup, and goes on with an empty file
    say(store, "second")
    assert [each.title for each in store.conversations()] == ["second"]
