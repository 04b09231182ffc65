"""Folders that questions are answered from: looked at, read, kept current, asked and forgotten."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desktop.core.policy.fixed import Policy
from desktop.runtime.folders import Folders
from desktop.store.files import FileStore
from tests.runtime.conftest import MS
from tests.support.scripted_reader import ScriptedReader
from tests.support.tasks import result_of

LEASE = "The landlord lets the second floor.\fThe tenant gives notice of six months.\fKeys are given back."
FILES = {
    "Lease.txt": LEASE,
    "Sub/Amendment.txt": "Nine months' notice is given.",
    "Minutes.txt": "Ms Okafor orders paint.",
}


def write(folder, files, modified=1_700_000_000):
    """Write files by their names, each a second newer than the one before."""
    for at, (name, text) in enumerate(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        os.utime(path, (modified + at, modified + at))


@dataclass
class Bench:
    """The folders of a program, over a folder with some files; `again` is the program started once more."""

    work: Any
    home: Path
    folder: Path
    qtbot: Any
    reader: ScriptedReader
    policy: Policy
    folders: Any = None

    def start(self):
        files = FileStore(self.home / "files")
        self.folders = Folders(self.work, self.home, files, lambda: self.reader, lambda: self.policy)
        return self.folders

    def again(self):
        self.folders.end()
        folders = self.start()
        folders.load()
        return folders

    def give(self):
        return self.folders.give(self.folder)

    def state(self):
        return next(iter(self.folders.known()))

    def wait(self, condition):
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=MS)

    def read(self):
        """Give the folder, and return its state when all of it was read."""
        self.give()
        return self.settled()

    def settled(self):
        self.wait(lambda: self.folders.known() and not self.state().is_reading)
        return self.state()

    def awaited(self, coming):
        return result_of(coming, self.wait)

    def find(self, question, *before):
        return self.awaited(self.folders.find([self.state().id], question, before))


@pytest.fixture
def bench(work, qtbot, tmp_path):
    folder = tmp_path / "Contracts"
    write(folder, FILES)
    bench = Bench(work, tmp_path / "home", folder, qtbot, ScriptedReader(), Policy())
    bench.start()
    yield bench
    bench.folders.end()


def names_read(bench):
    return [name for name, _, _ in bench.reader.asked]


def test_a_question_is_answered_from_the_passages_of_its_folder(bench):
    state = bench.read()
    assert (state.name, state.files, state.read, state.unread, state.outside) == ("Contracts", 3, 3, 0, 0)
    assert names_read(bench) == ["Minutes.txt", "Amendment.txt", "Lease.txt"]  # the newest first
    found = bench.find("what notice does the tenant give")
    (lease,) = [each for each in bench.awaited(bench.folders.parts(found.passages)) if each.path == "Lease.txt"]
    assert (lease.name, lease.folder, lease.passages) == ("Lease.txt", state.id, 1)
    assert lease.extent == "page 2 of 3"
    assert "six months" in lease.text
    assert "landlord" not in lease.text
    assert (bench.home / "files" / lease.digest[:2] / lease.digest).read_text() == LEASE
