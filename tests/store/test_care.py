"""Care for the file of conversations: checks, daily backups, and putting one back."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.repository import StoreError
from desktop.store.backups import DAYS_KEPT, back_up
from desktop.store.care import DatabaseCare
from desktop.store.database import SqliteStore
from tests.store.messages import turn
from tests.store.searching import search

DAY = 86_400.0


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The present day, as a number of days from a fixed one; files written are of the present."""
    today = [0.0]
    start = time.time()
    real = time.strftime

    def of_today(form: str, *given: object) -> str:
        return real(form, *given) if given else real(form, time.localtime(start + today[0] * DAY))  # type: ignore[arg-type]

    monkeypatch.setattr("desktop.store.backups.time.strftime", of_today)
    return today


def say(store: SqliteStore, words: str) -> None:
    conversation, asked, reply = turn(words, f"answer to {words}")
    store.begin_reply(conversation, [asked, reply])


def later(file: Path, day: list[float]) -> None:
    """Let a day go by; the file was changed on it."""
    day[0] += 1
    moment = time.time() + day[0] * DAY
    os.utime(file, (moment, moment))


def test_a_day_has_one_backup_and_only_if_something_changed(file: Path, store: SqliteStore, day: list[float]) -> None:
    care = DatabaseCare(store)
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
    care = DatabaseCare(store)
    say(store, "first")
    store.close()
    assert care.back_up_if_due() is not None
    day[0] += 1
    assert care.back_up_if_due() is None


def test_the_last_week_is_kept(file: Path, store: SqliteStore, day: list[float]) -> None:
    care = DatabaseCare(store)
    for number in range(DAYS_KEPT + 2):
        say(store, f"words of day {number}")
        later(file, day)
        assert care.back_up_if_due() is not None
    assert [each.conversations for each in care.backups()] == list(range(DAYS_KEPT + 2, 2, -1))
    assert not list(file.parent.glob("backups/*.part*"))


def test_a_backup_comes_back_and_the_present_file_is_kept(file: Path, store: SqliteStore) -> None:
    care = DatabaseCare(store)
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


@pytest.mark.parametrize("content", [b"", b"no backup", None], ids=["empty", "text", "cut"])
def test_a_broken_backup_changes_nothing(file: Path, store: SqliteStore, content: bytes | None) -> None:
    care = DatabaseCare(store)
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
    care = DatabaseCare(store)
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
    care = DatabaseCare(store)
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
    assert DatabaseCare(again).is_check_due()
    again.close()


def test_backups_of_an_earlier_form_are_restored_too(file: Path, store: SqliteStore) -> None:
    say(store, "before the update")
    back_up(store._connection, file, 7)
    care = DatabaseCare(store)
    [backup] = care.backups()
    assert backup.before_update
    assert backup.conversations is None
    say(store, "after it")
    care.restore(backup)
    assert [each.title for each in store.conversations()] == ["before the update"]


def test_a_restored_reply_that_ran_is_interrupted(file: Path, store: SqliteStore) -> None:
    conversation, asked, reply = turn("a question")
    store.begin_reply(conversation, [asked, reply])
    care = DatabaseCare(store)
    backup = care.back_up_if_due()
    assert backup is not None
    store.finish_reply(replace(reply, status=asked.status))
    care.restore(backup)
    assert [str(each.status) for each in store.path(conversation.id)] == ["complete", "interrupted"]
