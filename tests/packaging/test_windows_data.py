"""What the uninstaller deletes when it is asked to: what the program writes, all of it, and nothing else.

The parts of the program that keep files are run, whole and broken off in the middle, and what they leave is held
against `data.toml`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sqlite3
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from windows import setup

from desktop.core.documents.reading import ReadingError
from desktop.core.errors import StoreError
from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.recipe import recipe_of
from desktop.logs import keep_log
from desktop.prompts.recipe_folder import RecipeFolder
from desktop.store.care import FileCare
from desktop.store.database import open_store
from desktop.store.disk import disk_failures, write_or_refuse
from desktop.store.files import FileStore
from desktop.store.keys import KnownHosts
from desktop.store.ledger import Ledger
from desktop.store.models import ModelCopies
from desktop.store.paths import KNOWN_HOSTS, LEDGER, InstanceLock, data_dir
from desktop.store.schema import OLDEST
from desktop.store.settings import Settings
from tests.store.messages import turn


@pytest.fixture
def written(candor_home, monkeypatch):
    """The files in the program's folder after everything that writes there has done so, while the program runs."""
    folder = data_dir()
    lock = InstanceLock(folder / "candor.lock")
    assert lock.acquire()
    database = folder / "candor.db"
    open_store(database).close()
    set_version(database, OLDEST)
    store = open_store(database)  # brings it along, with a backup
    conversation, asked, reply = turn("a question", "an answer")
    store.begin_reply(conversation, [asked, reply])
    care = FileCare(store)
    care.check()
    backup = care.back_up_if_due()
    assert backup is not None
    for suffix in ("-wal", "-shm"):  # what a crash leaves beside the file
        (folder / f"candor.aside-20260101-000000-1.db{suffix}").touch()
    for part in ("candor.restoring.part-wal", "backups/candor.copy.part-journal"):
        (folder / part).touch()
    (folder / "backups" / ".erased.a.part").touch()
    care.repair()
    store.conversations()
    store.search_index.fill()
    (folder / "settings.json").write_text("no settings", encoding="utf-8")
    Settings.load(folder / "settings.json")
    Settings().save(folder / "settings.json")
    (folder / LEDGER).write_text("no ledger", encoding="utf-8")
    ledger = Ledger(folder / LEDGER)
    ledger.write([])
    for _ in range(2):  # the second finds it full
        keep_log(folder)
        handler = logging.getLogger().handlers[-1]
        handler.handle(logging.makeLogRecord({"msg": "x" * 600_000}))
        handler.handle(logging.makeLogRecord({"msg": "and more"}))
        logging.getLogger().removeHandler(handler)
        handler.close()
    hosts = KnownHosts(folder / KNOWN_HOSTS)
    hosts.remember("h", 22, "ssh-ed25519 AAAA")
    files = FileStore(folder / "files")
    files.keep_bytes(b"a contract")
    asyncio.run(copy_model(ModelCopies(folder / "models"), folder / "settings.json"))
    recipes = RecipeFolder(folder / "recipes", write_or_refuse, disk_failures)
    kept, deleted = (recipes.add_recipe(recipe_of(name, PromptDraft(framework="main"))) for name in ("Letter", "写信"))
    recipes.delete(deleted)
    with monkeypatch.context() as broken:
        for name in ("replace", "unlink"):
            broken.setattr(os, name, refuse)
        with pytest.raises(ReadingError):
            files.keep_bytes(b"a price list")
        broken.setattr(Path, "unlink", refuse)
        with pytest.raises(StoreError):
            Settings().save(folder / "settings.json")
        with pytest.raises(StoreError):
            recipes.save(kept, kept.recipe)
        with pytest.raises(StoreError):
            hosts.remember("h", 23, "ssh-ed25519 AAAA")
        set_version(database, OLDEST)
        with pytest.raises((StoreError, OSError)):
            open_store(database)
    yield {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    ledger.close()
    store.close()
    lock.release()


def set_version(database, version):
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


async def copy_model(copies, file):
    """Copy any file as a model, and once more until the program ends in the middle."""
    folder = copies.place_for(file).parent
    async for _ in copies.import_file(str(folder / "a.gguf"), file):
        pass
    (folder / "b.gguf.part").touch()


def refuse(*_, **__):
    """As if the process had ended before this."""
    raise OSError("ended")


def matches(name, folder, pattern):
    parent, _, own = name.rpartition("/")
    return fnmatchcase(parent, folder) and fnmatchcase(own, pattern)


def test_all_that_the_program_writes_is_deleted_when_that_is_asked_for(written):
    """And nothing that the program does not write."""
    patterns = [(folder, pattern) for folder, each in setup.data().items() for pattern in each]
    assert [name for name in sorted(written) if not any(matches(name, *pattern) for pattern in patterns)] == []
    assert [pattern for pattern in patterns if not any(matches(name, *pattern) for name in written)] == []


def test_what_others_put_there_stays():
    names = "candor.db.mine settings-of-mine.json recipes/contract.docx backups/mine.zip recipes/old/a.toml cache/a"
    for name in (*names.split(), "files/mine.pdf", "files/ab/mine.pdf"):
        assert not any(matches(name, folder, pattern) for folder, each in setup.data().items() for pattern in each)
