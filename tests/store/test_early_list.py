"""What is listed before the store is there: what it will list itself, and nothing where that cannot be told."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.core.conversation import Conversation
from desktop.store.database import SqliteStore
from desktop.store.listing.early import early_list


@pytest.fixture
def closed(file: Path, store: SqliteStore) -> Path:
    """A database of a program that has ended."""
    for number in range(3):
        store.save_conversation(Conversation(title=f"{number}", id=str(number), updated_at=float(number)))
    store.delete_conversation("1")
    store.close()
    return file


def test_it_is_what_the_store_lists_and_leaves_the_file_alone(closed: Path, store: SqliteStore) -> None:
    before = [(each.name, each.read_bytes()) for each in sorted(closed.parent.iterdir()) if each.is_file()]
    found = early_list(closed, "0")
    assert found is not None
    assert [(each.name, each.read_bytes()) for each in sorted(closed.parent.iterdir()) if each.is_file()] == before
    assert found.newest == store.conversations()
    assert [each.id for each in found.newest] == ["2", "0"]
    assert found.wanted == found.newest[1]


@pytest.mark.parametrize("wanted", ["", "1", "elsewhere"])
def test_one_that_is_not_listed_is_none(closed: Path, wanted: str) -> None:
    found = early_list(closed, wanted)
    assert found is not None
    assert found.wanted is None


_LOOK = "import sqlite3, sys; at = sqlite3.connect(sys.argv[1]); at.execute('SELECT 1 FROM drafts'); at.close()"


def test_a_store_that_is_open_by_then_keeps_its_hold_of_the_file(closed: Path, store: SqliteStore) -> None:
    """Else the log of what it writes is deleted under it by the next program that has a look at the file."""
    store.conversations()
    assert early_list(closed) is not None
    store.save_conversation(Conversation(title="new", id="new", updated_at=9.0))
    subprocess.run([sys.executable, "-c", _LOOK, str(closed)], check=True)
    assert Path(f"{closed}-wal").exists()


def empty(file: Path) -> None:
    file.write_bytes(b"")


def missing(file: Path) -> None:
    file.unlink()


def no_database(file: Path) -> None:
    file.write_bytes(b"x" * 4096)


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:8192])


def of_another_version(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute(f"PRAGMA user_version = {version - 1}")


def of_another_program(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA application_id = 1")


def not_closed(file: Path) -> None:
    """As after a crash: the newest words are in the log."""
    kept = file.with_name("kept")
    connection = sqlite3.connect(file)
    connection.execute("UPDATE conversations SET title = 'newer'")
    connection.commit()
    shutil.copy(f"{file}-wal", kept)
    connection.close()
    kept.rename(f"{file}-wal")


@pytest.mark.parametrize(
    "make", [empty, missing, no_database, cut_off, of_another_version, of_another_program, not_closed]
)
def test_nothing_is_listed_where_the_store_might_say_otherwise(closed: Path, make: Callable[[Path], None]) -> None:
    make(closed)
    assert early_list(closed) is None
