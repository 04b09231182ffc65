"""What happens on a disk that is full or cannot be written to: `python -m tests.store.disk_program CASE FOLDER`.

A program of its own, since the disk is mounted for one process only. A case fails by an exception. `tmpfs` is named
where it is mounted anew, as in `tests/e2e/disk_program.py`.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.documents.document import ReadingError, ReadingProblem
from desktop.core.message import MessageStatus, TextPart
from desktop.store.database import open_store
from desktop.store.files import FileStore
from desktop.store.schema import OLDEST
from desktop.store.settings import Settings
from tests.store.conftest import refused, say
from tests.store.test_search import search


def fill(folder):
    """A file that takes all that is left of the disk."""
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 1024)
    return filler


def fills_while_streaming(folder):
    file = folder / "conversations.db"
    store = open_store(file)
    conversation, asked, reply = say(store, "Are you there?")
    saved = 0
    with refused("full"):
        while True:
            store.log_reply(reply.id, [("text", f"{saved} " + "y" * 2000)])
            saved += 1
    full = replace(reply, status=MessageStatus.COMPLETE, parts=(TextPart("z" * 2_000_000),))
    with refused("full"):
        store.finish_reply(full)
    with refused("full"):
        say(store, "w" * 2_000_000, "yes")
    shown = store.path(conversation.id)
    assert shown[0] == asked
    assert shown[1].text.count("y" * 2000) == saved > 0
    store.close()
    # Recovering takes room for the text a second time; where there is none, all can still be read, and later be moved.
    store = open_store(file)
    [asked_again, interrupted] = store.path(conversation.id)
    assert asked_again == asked
    assert interrupted.status is MessageStatus.INTERRUPTED
    assert interrupted.text == shown[1].text
    store.close()


def files_on_a_full_disk(folder):
    files = FileStore(folder / "files")
    kept = files.keep_bytes(b"before")
    fill(folder)
    with pytest.raises(ReadingError) as full:
        files.keep_bytes(b"x" * 1_000_000)
    assert full.value.problem is ReadingProblem.DISK_FULL
    assert files.read_bytes(kept.digest) == b"before"
    assert [path.name for path in (folder / "files").rglob("*") if path.is_file()] == [kept.digest]


def opens_on_a_full_disk(folder):
    file = folder / "conversations.db"
    open_store(file).close()
    before = file.read_bytes()
    filler = fill(folder)
    store = open_store(file)
    for _ in range(2):
        with refused("full"):
            say(store, "x" * 20_000, "yes")
        assert store.conversations() == []
    store.close()
    with refused("full"):
        open_store(folder / "second.db")
    with refused("full"):
        open_store(folder / "sub" / "third.db")
    filler.unlink()
    assert file.read_bytes() == before
    store = open_store(file)
    conversation, *messages = say(store, "now there is room", "yes")
    assert store.path(conversation.id) == messages
    store.close()


def backs_up_on_a_full_disk(folder):
    """Neither the daily backup nor that before a change of the structure leaves anything, and nothing is lost."""
    file = folder / "conversations.db"
    store = open_store(file)
    conversation, *messages = say(store, "x" * 100_000, "yes")
    filler = fill(folder)
    with refused("full"):
        store.back_up_if_due()
    assert store.backups() == []
    assert store.path(conversation.id) == messages
    store.close()
    filler.unlink()
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA user_version = {OLDEST}")
    filler = fill(folder)
    store = open_store(file)
    assert store.trouble is not None
    assert store.trouble.reason == "full"
    assert store.path(conversation.id) == messages
    store.close()
    assert [each.name for each in (folder / "backups").iterdir() if ".db" in each.name] == []
    filler.unlink()
    store = open_store(file)
    assert store.path(conversation.id) == messages
    assert store.back_up_if_due() is not None
    store.close()


def settings_on_a_full_disk(folder):
    file = folder / "settings.json"
    Settings(language="zh").save(file)
    before = file.read_bytes()
    fill(folder)
    with refused("full"):
        Settings(language="de", window_geometry="g" * 50_000).save(file)
    assert file.read_bytes() == before
    assert sorted(os.listdir(folder)) == ["filler", "settings.json"]


def read_only(folder):
    file, settings = folder / "conversations.db", folder / "settings.json"
    open_store(file).close()
    Settings(theme="dark").save(settings)
    settings_before, before = settings.read_bytes(), file.read_bytes()
    store = open_store(folder / "open.db")
    conversation, *messages = say(store, "before", "yes")
    store.close()
    with contextlib.closing(sqlite3.connect(folder / "open.db")) as connection:
        connection.execute(f"PRAGMA user_version = {OLDEST}")
    subprocess.run(["mount", "-o", "remount,ro", "tmpfs", str(folder)], check=True)
    with refused("read_only"):
        say(open_store(file), "after", "yes")
    reading = open_store(folder / "open.db")
    assert reading.trouble is not None
    with refused("read_only"):
        reading.save_draft("", "typed")
    assert reading.conversations() == [conversation]
    assert reading.path(conversation.id) == messages
    assert {hit.owner for hit in search(reading, "before")} == {conversation.id}
    reading.close()
    with refused("read_only"):
        open_store(folder / "new" / "conversations.db")
    with refused("read_only"):
        Settings().save(settings)
    loaded, problem = Settings.load(settings)
    assert (loaded.theme, problem) == ("dark", None)
    assert (settings.read_bytes(), file.read_bytes()) == (settings_before, before)


if __name__ == "__main__":
    globals()[sys.argv[1]](Path(sys.argv[2]))
