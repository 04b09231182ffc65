"""Old files are brought up to date, after a backup, wholly or not at all."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from pathlib import Path

import pytest

from desktop.core.repository import StoreError
from desktop.store.backups import UPDATES_KEPT
from desktop.store.database import open_store
from desktop.store.migrations import MIGRATIONS, Migration, version_of
from tests.store.messages import turn


def add_folders(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE conversations ADD COLUMN folder TEXT")


def fail_halfway(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE conversations ADD COLUMN half TEXT")
    connection.execute("INSERT INTO nowhere VALUES (1)")


@pytest.fixture
def old(file: Path) -> Path:
    """A file as the present version leaves it, with one turn."""
    store = open_store(file)
    conversation, asked, reply = turn("an old question", "an old answer")
    store.begin_reply(conversation, [asked, reply])
    store.close()
    return file


def _later(*steps: Migration) -> tuple[Migration, ...]:
    return (*MIGRATIONS, *steps)


def _version(file: Path) -> int:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return version_of(connection)


def test_a_new_file_is_of_the_last_version_without_a_backup(file: Path) -> None:
    open_store(file).close()
    assert _version(file) == len(MIGRATIONS)
    assert os.listdir(file.parent) == [file.name]


def test_an_old_file_is_backed_up_and_then_changed(old: Path) -> None:
    store = open_store(old, _later(add_folders))
    [conversation] = store.conversations()
    assert [message.text for message in store.path(conversation.id)] == ["an old question", "an old answer"]
    store.close()
    assert _version(old) == len(MIGRATIONS) + 1
    [backup] = (old.parent / "backups").iterdir()
    assert os.name == "nt" or stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert backup.name.endswith(f"-version-{len(MIGRATIONS)}.db")
    # A backup is a database of its own: put in the place of the file, the old program opens it.
    restored = open_store(backup)
    assert restored.conversations() == [conversation]
    restored.close()


def test_each_step_has_its_backup_and_the_last_few_stay(old: Path) -> None:
    def nothing(connection: sqlite3.Connection) -> None:
        connection.execute("SELECT 1")

    open_store(old, _later(*[nothing] * (UPDATES_KEPT + 2))).close()
    backups = sorted((old.parent / "backups").iterdir())
    assert len(backups) == UPDATES_KEPT
    assert sorted(_version(backup) for backup in backups) == [
        len(MIGRATIONS) + number for number in range(2, UPDATES_KEPT + 2)
    ]


def test_a_step_that_fails_leaves_the_file_at_the_step_before(old: Path) -> None:
    for _ in range(2):
        with pytest.raises(StoreError):
            open_store(old, _later(add_folders, fail_halfway))
    assert _version(old) == len(MIGRATIONS) + 1
    store = open_store(old, _later(add_folders))
    assert len(store.conversations()) == 1
    columns = [row[1] for row in store._connection.execute("PRAGMA table_info(conversations)")]
    assert "folder" in columns
    assert "half" not in columns
    store.close()


def test_a_damaged_file_is_not_changed(old: Path) -> None:
    content = bytearray(old.read_bytes())
    content[-4096:] = os.urandom(4096)
    old.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        open_store(old, _later(add_folders))
    assert caught.value.reason == "damaged"
    assert old.read_bytes() == content
    assert not (old.parent / "backups").exists()


def test_without_a_place_for_the_backup_nothing_is_changed(old: Path) -> None:
    (old.parent / "backups").write_text("a file where the folder should be")
    with pytest.raises(StoreError):
        open_store(old, _later(add_folders))
    assert _version(old) == len(MIGRATIONS)


def test_abandoned_backups_are_cleared_away(old: Path) -> None:
    abandoned = old.parent / "backups" / f"{old.stem}-20200101-000000-1-version-1.db.part"
    abandoned.parent.mkdir()
    abandoned.write_bytes(b"half of it")
    os.utime(abandoned, (0, 0))
    open_store(old, _later(add_folders)).close()
    assert not abandoned.exists()
