"""Disks that refuse: full, read-only, damaged, of a newer version, or locked; and who may read the files."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
import stat
import subprocess
import sys

import pytest

from desktop.core.conversation import Conversation
from desktop.store.database import open_store
from desktop.store.disk import close_to_others, store_error, who_else_can_write, write_atomically
from desktop.store.schema import VERSION
from tests.store.conftest import ROOT, on_small_disk, refused, say, titles
from tests.store.test_care import spoil
from tests.store.test_search import fill, search
from tests.support.missing import on_unix


@pytest.mark.parametrize(
    ("case", "kilobytes"),
    [
        ("fills_while_streaming", 1024),
        ("opens_on_a_full_disk", 512),
        ("backs_up_on_a_full_disk", 1024),
        ("settings_on_a_full_disk", 128),
        ("read_only", 512),
        ("files_on_a_full_disk", 2048),
    ],
)
def test_disk(tmp_path, case, kilobytes):
    on_small_disk(tmp_path, case, kilobytes)


def _version(number):
    def set_version(file):
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA user_version = {number}")

    return set_version


def _cut(size):
    return lambda file: os.truncate(file, size)


def _overwrite(start, count):
    def overwrite(file):
        with file.open("r+b") as opened:
            opened.seek(start)
            opened.write(b"\xa5" * count)

    return overwrite


def _other_program(file):
    file.unlink()
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE bookmarks (address)")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        pytest.param(_version(VERSION + 1), "newer_version", id="newer version"),
        pytest.param(lambda file: file.write_bytes(b"These are my notes.\n" * 500), "damaged", id="a text"),
        pytest.param(lambda file: file.write_bytes(b"SQLite"), "damaged", id="six bytes"),
        pytest.param(_cut(50), "damaged", id="half a header"),
        pytest.param(_cut(4096), "damaged", id="one page left"),
        pytest.param(_cut(10_000), "damaged", id="cut inside a page"),
        pytest.param(_overwrite(0, 4096), "damaged", id="first page overwritten"),
        pytest.param(_overwrite(100, 3000), "damaged", id="schema overwritten"),
        pytest.param(_other_program, "damaged", id="database of another program"),
    ],
)
def test_a_refused_file_stays_as_it_is(file, store, spoil, reason):
    say(store, "question", "answer")
    store.close()
    spoil(file)
    before = file.read_bytes()
    for _ in range(2):
        with refused(reason):
            open_store(file)
    assert file.read_bytes() == before
    assert os.listdir(file.parent) == [file.name]


def test_a_newer_version_is_refused_with_its_unfinished_log(file, store):
    """Killed right after its migration, a newer program leaves its version in the write-ahead log alone."""
    newer = file.with_name("newer.db")
    store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    store._connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    for suffix in ("", "-wal"):
        shutil.copy(f"{file}{suffix}", f"{newer}{suffix}")
    with refused("newer_version"):
        open_store(newer)


def test_damage_in_the_middle_is_said_when_it_is_met(file, store):
    conversation, *_ = say(store, "question", "a" * 200_000)
    store.close()
    spoil(file, file.read_bytes().index(b"a" * 4000) // 4096 + 1, os.urandom(40_960))
    with contextlib.closing(open_store(file)) as damaged:
        assert damaged.conversations() == [conversation]
        with refused("damaged"):
            damaged.path(conversation.id)


def test_a_locked_file_is_said_to_be_locked(file, store):
    store._connection.execute("PRAGMA busy_timeout = 10").fetchall()
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with refused("locked"):
            store.save_conversation(Conversation())
    store.save_conversation(Conversation())
    assert len(store.conversations()) == 1


@on_unix
def test_only_the_owner_can_read_any_file(file):
    umask = os.umask(0o022)
    try:
        with contextlib.closing(open_store(file)) as store:
            say(store, "private", "answer")
            found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
            assert found == dict.fromkeys((file.name, f"{file.name}-wal", f"{file.name}-shm"), 0o600)
            assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        file.chmod(0o644)
        open_store(file).close()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    finally:
        os.umask(umask)


def test_erased_words_are_not_in_the_files(file, store):
    kept, asked, reply = say(store, "Zugspitze", "still here")
    secret, *_ = say(store, "quagga question", "quagga answer " * 500)
    running, _, begun = say(store, "okapi question")
    store.log_reply(begun.id, [("reasoning", "okapi log")])
    store.save_draft(secret.id, "quagga draft")
    fill(store)
    assert len(search(store, "quagga")) == 3
    for conversation in (secret, running):
        store.delete_conversation(conversation.id)
        store.delete_for_good(conversation.id)
    for path in file.parent.iterdir():
        content = path.read_bytes()
        # The index for searching is made of three-letter pieces.
        assert not [word for word in (b"quagga", b"uag", b"okapi", b"kap") if word in content.lower()], path
    assert [hit.sentence for hit in search(store, "zugs")] == ["Zugspitze", "Zugspitze"]
    assert store.path(kept.id) == [asked, reply]


# Programs, not threads: a thread that closes a file takes away the locks that all others of its process have on it.
_START = """
import sys
from pathlib import Path
from desktop.core.conversation import Conversation
from desktop.store.database import open_store
print("ready", flush=True)
sys.stdin.readline()
store = open_store(Path(sys.argv[1]))
store.save_conversation(Conversation(title=sys.argv[2]))
store.close()
"""


def test_first_starts_at_the_same_moment_make_one_database(file):
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", _START, str(file), str(number)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    for program in programs:
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        program.stdin.write("go\n")
        program.stdin.flush()
    for program in programs:
        program.communicate(timeout=30)
        assert program.returncode == 0
    with contextlib.closing(open_store(file)) as store:
        assert sorted(titles(store)) == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "full"),
        (errno.EDQUOT, "full"),
        (errno.EROFS, "read_only"),
        (errno.EACCES, "read_only"),
        (errno.EIO, "other"),
    ],
)
def test_the_systems_errors_in_our_words(number, reason, tmp_path):
    assert store_error(OSError(number, "x"), tmp_path).reason == reason


@on_unix
def test_a_file_is_on_the_disk_before_it_takes_the_place_of_the_old_one_also_behind_a_link(tmp_path, monkeypatch):
    """Else a loss of power may leave an empty one: the system writes names before what they stand for."""
    done: list[str] = []
    sync, replace = os.fsync, os.replace

    def note_sync(descriptor):
        done.append("folder synced" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file synced")
        sync(descriptor)

    def note_replace(source, target):
        done.append("replaced")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "replace", note_replace)
    target, link = tmp_path / "dotfiles" / "settings.json", tmp_path / "settings.json"
    target.parent.mkdir()
    link.symlink_to(target)
    write_atomically(link, b"{}")
    assert done == ["file synced", "replaced", "folder synced"]
    assert link.is_symlink()
    assert target.read_bytes() == b"{}"


@on_unix
def test_a_folder_that_others_can_write_is_known_and_can_be_closed(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    assert who_else_can_write(folder) == "nobody"
    folder.chmod(0o777)
    assert who_else_can_write(folder) == "others"
    assert close_to_others(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert who_else_can_write(tmp_path / "none") == "nobody"
    if os.getuid() == 0:
        os.chown(folder, 65534, -1)
        assert who_else_can_write(folder) == "owner"
