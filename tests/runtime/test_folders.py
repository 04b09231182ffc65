"""Folders that questions are answered from: looked at, read, kept current, asked and forgotten."""

from __future__ import annotations

import asyncio
import errno
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from desktop.core.documents.document import ReadingProblem
from desktop.core.errors import StoreError
from desktop.core.folders import LARGEST_FILE, folder_id
from desktop.core.policy.fixed import Feature, Keeping, Policy
from desktop.readers.process import Limits, ReaderProcess
from desktop.runtime import folders as module
from desktop.runtime.folders import Folders, joined_counts
from desktop.store import folders
from desktop.store.database import SqliteStore
from desktop.store.folders import FolderStore
from tests.readers.making import docx, pages
from tests.runtime.conftest import MS, answer
from tests.support.missing import on_unix
from tests.support.scripted_backend import Released, ScriptedBackend
from tests.support.scripted_reader import ScriptedReader
from tests.support.tasks import result_of
from tests.support.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
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
    policy: Policy = field(default_factory=Policy)
    folders: Any = None
    kept: Any = None

    def start(self):
        self.folders = Folders(self.work, self.home, self.kept, lambda: self.reader, lambda: self.policy)
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

    def find(self, question="what notice does the tenant give"):
        """The paths of the files that speak of it, the best first."""
        found = self.awaited(self.folders.find([self.state().id], question, ()))
        return list(dict.fromkeys(each.file.path for each in found.passages))

    def parts(self, question="what notice does the tenant give", **how):
        """What is sent, by the paths of the files."""
        found = self.awaited(self.folders.find([self.state().id], question, ()))
        return {each.path: each for each in self.awaited(self.folders.parts(found.passages, **how))}

    def unread(self):
        return {each.path: each.problem for each in self.awaited(self.folders.unread(self.state().id))}

    def hold_reader(self):
        """Have the reader stop after the first page of each file, and return what lets it go on."""
        self.reader.gate = gate = asyncio.Event()
        return lambda: self.work.loop.submit(_set(gate)).result()


async def _set(gate):
    gate.set()


@dataclass
class Faulty:
    """The system's files, of which one or a folder cannot be looked at."""

    path: str
    error: OSError

    @contextmanager
    def scandir(self, path):
        self.stat(os.path.normpath(path))
        with os.scandir(path) as entries:
            yield [FaultyEntry(each, self) for each in entries]

    def stat(self, path):
        if path == self.path:
            raise self.error


@dataclass
class FaultyEntry:
    entry: Any
    system: Faulty

    @property
    def name(self):
        return self.entry.name

    def stat(self, **how):
        self.system.stat(self.entry.path if self.entry.is_file() else "")
        return self.entry.stat(**how)


@pytest.fixture
def bench(work, qtbot, tmp_path):
    folder = tmp_path / "Contracts"
    write(folder, FILES)
    bench = Bench(work, tmp_path / "home", folder, qtbot, ScriptedReader())
    bench.kept = SqliteStore(bench.home / "candor.db")
    bench.start()
    yield bench
    bench.folders.end()
    work.run(bench.kept.close).future.result(PATIENCE)


def names_read(bench):
    return [name for name, _, _ in bench.reader.asked]


# Looking


def test_a_locked_file_is_read_with_its_password_which_is_kept_nowhere(bench):
    bench.reader.password = "open sesame"
    assert bench.read().unread == len(FILES)
    id = bench.state().id
    [locked] = [each for each in bench.awaited(bench.folders.unread(id)) if each.name == "Lease.txt"]
    bench.folders.open_with(id, locked, "wrong")
    bench.settled()
    assert bench.unread()["Lease.txt"] is ReadingProblem.WRONG_PASSWORD
    let_go = bench.hold_reader()
    bench.folders.open_with(id, locked, "open sesame")
    bench.find()  # which looks, and counts the file that is being read once
    let_go()
    state = bench.settled()
    assert (state.files, state.read, state.unread) == (len(FILES), 1, len(FILES) - 1)
    assert bench.find() == ["Lease.txt"]
    bench.folders.end()
    assert not [each for each in bench.home.rglob("*") if each.is_file() and b"sesame" in each.read_bytes()]


def test_a_question_is_answered_from_the_passages_of_its_folder(bench):
    state = bench.read()
    assert (state.name, state.files, state.read, state.unread, state.outside) == ("Contracts", 3, 3, 0, 0)
    assert names_read(bench) == ["Minutes.txt", "Amendment.txt", "Lease.txt"]  # the newest first
    lease = bench.parts()["Lease.txt"]
    assert (lease.name, lease.folder, lease.passages, lease.extent) == ("Lease.txt", state.id, 1, "page 2 of 3")
    assert lease.searched is None
    assert "six months" in lease.text
    assert "landlord" not in lease.text
    assert (bench.home / "files" / lease.digest[:2] / lease.digest).read_text() == LEASE


@on_unix
def test_what_is_hidden_leads_out_or_is_no_file_stays_outside(bench, tmp_path):
    outside = {".hidden.txt", ".git/config", "~$Lease.txt", "Thumbs.db", "Sub/desktop.ini"}
    write(bench.folder, dict.fromkeys(outside, "out"))
    write(tmp_path, {"elsewhere/Secret.txt": "out"})
    (bench.folder / "out").symlink_to(tmp_path / "elsewhere")
    (bench.folder / "out.txt").symlink_to(tmp_path / "elsewhere" / "Secret.txt")
    (bench.folder / "itself").symlink_to(bench.folder)
    os.mkfifo(bench.folder / "pipe.txt")
    with (bench.folder / "large.txt").open("wb") as large:
        large.truncate(LARGEST_FILE + 1)
    state = bench.read()
    assert (state.files, state.outside) == (3, len(outside) + 5)
    assert len(names_read(bench)) == 3


def test_what_is_only_in_the_cloud_is_not_fetched_until_it_is_here(bench, monkeypatch):
    away = {"Lease.txt"}
    real = folders._problem_of
    monkeypatch.setattr(
        folders, "_problem_of", lambda name, told: ReadingProblem.ONLINE_ONLY if name in away else real(name, told)
    )
    assert bench.read().unread == 1
    assert bench.unread() == {"Lease.txt": ReadingProblem.ONLINE_ONLY}
    assert "Lease.txt" not in names_read(bench)
    away.clear()
    assert bench.find()[0] == "Lease.txt"
    assert bench.unread() == {}


@pytest.mark.parametrize(
    "name", ["a\nb.txt", "a\x7f\u202eb.txt", "\udcff\udcfe.txt", "\U0001f600 \u200b.txt", "'\";--.txt"]
)
def test_names_with_any_signs(bench, name):
    try:
        write(bench.folder, {name: "The plumber comes on Friday."})
    except (OSError, UnicodeError):
        pytest.skip("the system has no such names")
    bench.read()
    assert bench.find("when does the plumber come") == [name]
    part = bench.parts("when does the plumber come")[name]
    part.name.encode("utf-8")
    assert bench.awaited(bench.folders.document(bench.state().id, name)) is not None
    bench.again()
    bench.wait(lambda: bench.folders.known())
    assert bench.settled().read == 4
    (bench.folder / name).unlink()
    assert bench.find("when does the plumber come") == []


def test_of_more_files_than_a_folder_may_have_the_newest_are_read_and_the_others_counted(bench, monkeypatch):
    monkeypatch.setattr(folders, "MOST_FILES", 2)
    write(bench.folder, {f"{number}.txt": "x" for number in range(10)}, modified=1_800_000_000)
    state = bench.read()
    assert (state.files, state.beyond, state.read) == (2, 11, 2)
    assert names_read(bench) == ["9.txt", "8.txt"]


def test_files_that_give_no_text_are_told_with_their_reasons(bench):
    bench.reader = ReaderProcess(Limits(is_calm=True))
    files = {
        "cut off.docx": docx("<w:p><w:r><w:t>Cut</w:t></w:r></w:p>" * 50)[:900],
        "scan.pdf": pages(["0 0 m 9 9 l S"]),
        "unpacks to much.docx": docx(f"<w:p><w:r><w:t>{'x' * (120 << 20)}</w:t></w:r></w:p>"),
        "empty.txt": b"",
    }
    write(bench.folder, files)
    state = bench.read()
    assert (state.read, state.unread) == (3, 4)
    assert bench.unread() == {
        "cut off.docx": ReadingProblem.DAMAGED,
        "empty.txt": ReadingProblem.EMPTY,
        "scan.pdf": ReadingProblem.WITHOUT_TEXT,
        "unpacks to much.docx": ReadingProblem.TOO_LARGE,
    }


def test_a_file_whose_text_cannot_be_kept_is_told_and_not_read_again(bench, monkeypatch):
    real = FolderStore.put

    def put(store, file, sections=()):
        if sections and file.path == "Lease.txt":
            raise ValueError
        real(store, file, sections)

    monkeypatch.setattr(FolderStore, "put", put)
    state = bench.read()
    assert (state.read, state.unread, bench.unread()) == (2, 1, {"Lease.txt": ReadingProblem.CRASHED})
    bench.find()
    assert names_read(bench).count("Lease.txt") == 1


# Keeping current


def test_at_a_question_files_that_are_new_changed_or_gone_are_noticed(bench):
    bench.read()
    write(
        bench.folder,
        {"Lease.txt": "The tenant gives notice of two years.", "New.txt": "Another tenant gives notice in May."},
        1_800_000_000,
    )
    (bench.folder / "Sub/Amendment.txt").unlink()
    assert set(bench.find()) == {"Lease.txt", "New.txt"}
    assert "two years" in bench.parts()["Lease.txt"].text
    assert names_read(bench)[3:] == ["New.txt", "Lease.txt"]


def test_what_is_gone_is_not_asked_even_while_it_cannot_leave_the_disk(bench, monkeypatch):
    write(bench.folder, {"b.mp3": "x"})
    bench.read()

    def refuse(*_):
        raise StoreError("full")

    monkeypatch.setattr(FolderStore, "remove", refuse)
    (bench.folder / "Sub/Amendment.txt").unlink()
    (bench.folder / "b.mp3").unlink()
    folder = bench.state().id
    assert bench.find() == ["Lease.txt"]
    assert bench.unread() == {}
    assert bench.awaited(bench.folders.word_counts([folder], "amendment months", ())) == {"amendment": 0, "months": 1}
    assert {each.path for each in bench.awaited(bench.folders.files(folder))} == {"Lease.txt", "Minutes.txt"}
    assert bench.awaited(bench.folders.document(folder, "Sub/Amendment.txt")) is None


@pytest.mark.parametrize(
    ("in_folders", "told"),
    [
        ([{"年会抽奖": {"年会抽奖": 2}}, {"年会抽奖": {"年会": 1, "抽奖": 0}}], {"年会抽奖": 2}),
        ([{"年会抽奖": {"年会": 3, "抽奖": 0}}, {"年会抽奖": {"年会": 1, "抽奖": 0}}], {"年会": 4, "抽奖": 0}),
        ([{"rent": {"rent": 0}}, {"rent": {"rent": 1}}], {"rent": 1}),
        ([{"rent": {"rent": 0}}, {"rent": {"rent": 0}}], {"rent": 0}),
        ([], {}),
    ],
)
def test_a_word_is_told_of_several_folders_whole_or_in_parts(in_folders, told):
    assert joined_counts(in_folders) == told


def test_a_question_does_not_wait_for_hundreds_of_files_that_are_gone(bench, monkeypatch):
    shutil.rmtree(bench.folder)
    write(bench.folder, {"Lease.txt": LEASE, **{f"old/{number}.txt": f"Note {number}." for number in range(120)}})
    bench.read()
    real, removed = FolderStore.remove, []

    def remove(store, paths):
        removed.extend(paths)
        real(store, paths)

    monkeypatch.setattr(FolderStore, "remove", remove)
    monkeypatch.setattr(module, "_MOST_WAIT", 0.0)
    bench.folders.hold(True)
    (bench.folder / "old").rename(bench.folder / "new")
    while len(removed) < 120:
        asked = len(removed)
        assert bench.find() == ["Lease.txt"]
        assert len(removed) - asked < 100
    bench.folders.hold(False)
    bench.wait(lambda: bench.state().read == 121 and not bench.state().is_reading)


def test_a_folder_that_is_not_there_is_said_to_be_and_what_was_read_is_asked(bench, tmp_path):
    bench.read()
    bench.folder.rename(tmp_path / "away")
    assert bench.find()[0] == "Lease.txt"
    assert not bench.state().is_there
    assert bench.parts()["Lease.txt"].digest == ""
    bench.folder.mkdir()  # the empty place of a drive
    assert bench.find()[0] == "Lease.txt"
    assert not bench.state().is_there
    bench.folder.rmdir()
    (tmp_path / "away").rename(bench.folder)
    assert bench.find()[0] == "Lease.txt"
    assert bench.state().is_there
    assert len(names_read(bench)) == 3  # nothing is read again


def test_a_folder_that_vanishes_while_it_is_read(bench):
    let_go = bench.hold_reader()
    bench.give()
    bench.wait(lambda: len(bench.reader.asked) == 2)
    shutil.rmtree(bench.folder)
    let_go()
    bench.wait(lambda: not bench.state().is_there)
    assert not bench.settled().is_reading


@pytest.mark.parametrize("at", ["Sub", "Sub/Amendment.txt"])
@pytest.mark.parametrize("fault", [errno.EIO, errno.ENAMETOOLONG, errno.ENOENT, errno.EACCES])
def test_what_the_drive_fails_at_is_kept_and_all_else_is_current(bench, monkeypatch, fault, at):
    bench.read()
    write(bench.folder, {"Sub/Other.txt": "Another tenant gives notice.", "New.txt": "A new tenant gives notice."})
    monkeypatch.setattr(folders, "os", Faulty(str(bench.folder / at), OSError(fault, "fault")))
    is_kept, is_listed = fault in (errno.EIO, errno.ENAMETOOLONG), at != "Sub"
    wanted = {"Lease.txt": True, "New.txt": True, "Sub/Amendment.txt": is_kept, "Sub/Other.txt": is_listed}
    assert set(bench.find("notice")) == {path for path, is_found in wanted.items() if is_found}
    state = bench.state()
    assert (state.is_there, state.files, state.outside) == (True, 3 + is_kept + is_listed, fault != errno.ENOENT)
    assert len(names_read(bench)) == 4 + is_listed


def test_a_drive_that_does_not_answer_delays_a_question_by_a_second_at_most(bench, monkeypatch):
    bench.read()
    answers = threading.Event()
    real = folders.look_at
    monkeypatch.setattr(folders, "look_at", lambda path: answers.wait(MS) and real(path))
    monkeypatch.setattr(module, "_MOST_WAIT", 0.05)
    before = bench.state().looked_at
    assert bench.find()[0] == "Lease.txt"
    assert bench.state().looked_at == before
    answers.set()
    bench.settled()


# Reading


def test_it_is_asked_while_it_is_read_and_goes_on_after_a_pause_and_a_restart(bench):
    let_go = bench.hold_reader()
    bench.give()
    bench.wait(lambda: len(bench.reader.asked) == 2)
    assert (bench.state().files, bench.state().read, bench.state().is_reading) == (3, 0, True)
    bench.folders.set_paused(bench.state().id, True)
    let_go()
    bench.wait(lambda: bench.state().read == 2)
    assert bench.state().is_paused
    assert bench.find("who orders paint ms ok") == ["Minutes.txt"]
    assert bench.parts("who orders paint ms ok")["Minutes.txt"].searched == (2, 3)
    bench.again()
    bench.wait(lambda: bench.folders.known())
    assert (bench.state().is_paused, bench.state().read) == (True, 2)
    bench.folders.set_paused(bench.state().id, False)
    bench.wait(lambda: bench.state().read == 3)
    assert names_read(bench) == ["Minutes.txt", "Amendment.txt", "Lease.txt"]


def test_nothing_is_begun_while_this_computer_writes_an_answer(make_bench, tmp_path):
    released = Released()
    bench = make_bench(ScriptedBackend([released, *answer("Yes.")]))
    write(tmp_path / "Contracts", FILES)
    assert bench.chat.send("Is it so?")
    id = bench.folders.give(tmp_path / "Contracts")
    bench.wait(lambda: bench.folders.state(id).files == 3)
    assert not bench.reader.asked
    released.release()
    bench.ended()
    bench.wait(lambda: bench.folders.state(id).read == 3)
    bench.folders.end()


def test_a_disk_that_is_full_is_told_and_reading_goes_on_once_it_is_not(bench, monkeypatch):
    real = FolderStore.put
    failures = []
    bench.work.failed.connect(failures.append)

    def refuse(*_):
        raise StoreError("full")

    monkeypatch.setattr(FolderStore, "put", refuse)
    bench.give()
    bench.wait(lambda: len(failures) == 2)  # of the files that are read at once; no others are begun
    assert {each.reason for each in failures} == {"full"}
    assert (bench.state().is_paused, bench.state().is_reading) == (True, False)
    monkeypatch.setattr(FolderStore, "put", real)
    bench.folders.set_paused(bench.state().id, False)
    bench.wait(lambda: bench.state().read == 3)


@pytest.mark.parametrize("use", ["a question", "a file", "a note"])
def test_a_file_of_its_text_that_is_damaged_is_made_anew(bench, use):
    bench.read()
    bench.folders.end()
    (file,) = (bench.home / "folders").glob("*.db")
    content = bytearray(file.read_bytes())
    content[200:] = b"x" * (len(content) - 200)  # a head that looks whole
    bench.start().load()
    bench.wait(lambda: bench.folders.known())
    file.write_bytes(content)
    failures = []
    bench.work.failed.connect(failures.append)
    match use:
        case "a question":
            bench.find()
        case "a file":
            assert bench.awaited(bench.folders.document(bench.state().id, "Lease.txt")) is None
        case "a note":
            bench.folders.note_asked([bench.state().id])
    bench.find()  # which has all of it read again
    bench.wait(lambda: len(names_read(bench)) == 6 and not bench.state().is_reading)
    assert bench.find()[0] == "Lease.txt"
    assert not failures  # a damaged file of conversations would be offered to be repaired


def run_until_killed(home, folder, begun):
    """Let a program read a folder, and kill it when it has begun so many files; return which they were."""
    command = [sys.executable, "-m", "tests.runtime.folder_program", str(home), str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        names = list(islice(program.stdout, begun))
        program.kill()
        return [each.strip() for each in (*names, *program.stdout)]


def test_a_program_that_is_killed_reads_little_twice(tmp_path):
    """It is killed at some moments; `CANDOR_KILLS` has it killed more often."""
    kills, files = int(os.environ.get("CANDOR_KILLS", "4")), 160
    write(tmp_path / "Contracts", {f"{number}.txt": f"Clause {number}. " * 200 for number in range(files)})
    chance = random.Random(7)
    names = []
    for _ in range(kills):
        names += run_until_killed(tmp_path / "home", tmp_path / "Contracts", chance.randint(0, 2 * files // kills))
    names += run_until_killed(tmp_path / "home", tmp_path / "Contracts", 2 * files)
    assert names.count("all read") >= 1
    begun = Counter(name for name in names if name != "all read")
    assert len(begun) == files
    # What was under way when it was killed, or was told to be kept but not yet on the disk.
    assert begun.total() - files <= 3 * kills


# What is kept, and what the policy says


def bytes_under(home):
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_nothing_is_left_of_a_folder_that_is_forgotten_also_while_it_is_read_again(bench):
    state = bench.read()
    assert b"Lease.txt" in bytes_under(bench.home)
    assert bench.parts()["Lease.txt"].digest
    bench.folders.forget(state.id)
    bench.wait(lambda: not list((bench.home / "folders").iterdir()))
    bench.wait(lambda: not list((bench.home / "files").rglob("????????????????*")))  # that was not sent
    assert not [each for each in (b"Lease.txt", b"landlord") if each in bytes_under(bench.home)]
    assert not bench.folders.known()
    assert (bench.folder / "Lease.txt").read_text() == LEASE
    assert bench.read().read == 3  # it can be given again
    bench.folders.forget(state.id)
    bench.wait(lambda: not list((bench.home / "folders").iterdir()))
    let_go = bench.hold_reader()
    bench.give()
    bench.wait(lambda: len(bench.reader.asked) == 8)
    bench.folders.forget(state.id)
    let_go()
    bench.wait(lambda: len(bench.reader.ended) == 8 and not list((bench.home / "folders").iterdir()))
    assert len(names_read(bench)) == 8


def test_a_folder_is_forgotten_while_it_is_looked_at(bench, monkeypatch, tmp_path):
    state = bench.read()
    answers, looked = threading.Event(), threading.Event()
    real = folders.look_at

    def look(path):
        answers.wait(MS)
        try:
            return real(path)
        finally:
            looked.set()

    monkeypatch.setattr(folders, "look_at", look)
    monkeypatch.setattr(module, "_MOST_WAIT", 0.0)
    assert bench.find()[0] == "Lease.txt"
    bench.folders.forget(state.id)
    answers.set()
    bench.wait(looked.is_set)
    write(tmp_path / "Other", {"a.txt": "other"})
    other = bench.folders.give(tmp_path / "Other")  # what is done with it comes after all else
    bench.wait(lambda: bench.folders.state(other).read == 1)
    assert [each.stem for each in (bench.home / "folders").glob("*.db")] == [other]


POLICIES = {
    "switched off": (Policy(features_off=frozenset({Feature.FOLDERS})), 0, True),
    "nothing is kept": (Policy(keep=Keeping.UNTIL_CLOSED), 0, False),
    "asked so long ago": (Policy(keep=Keeping.DAYS, keep_days=1), -2 * 86_400, False),
    "asked a short while ago": (Policy(keep=Keeping.DAYS, keep_days=3), -2 * 86_400, True),
}


@pytest.mark.parametrize("case", POLICIES)
def test_what_a_policy_says(bench, case, monkeypatch):
    policy, ago, is_kept = POLICIES[case]
    now = time.time() + ago
    monkeypatch.setattr(time, "time", lambda: now)
    bench.read()
    now -= ago
    bench.policy = policy
    bench.folders.follow_policy()
    bench.awaited(bench.work.run(int))
    may_ask = policy.allows(Feature.FOLDERS) and is_kept
    assert len(bench.folders.known()) == may_ask
    if not may_ask:
        id = folder_id(bench.folder)
        assert bench.awaited(bench.folders.find([id], "tenant", ())).files == 0
        assert bench.folders.state(id) is None
    if not bench.folders.is_allowed:
        bench.give()
        assert not bench.folders.known()
    bench.wait(lambda: bool(list((bench.home / "folders").glob("*.db"))) == is_kept)


def test_folders_are_offered_as_they_were_asked_last(bench, tmp_path):
    write(tmp_path / "Other", {"a.txt": "other"})
    first, second = bench.give(), bench.folders.give(tmp_path / "Other")
    assert [each.id for each in bench.folders.known()] == [second, first]
    assert bench.give() == first  # the same folder, for another conversation
    assert [each.id for each in bench.folders.known()] == [first, second]
    bench.folders.note_asked([second])
    bench.again()
    bench.wait(lambda: [each.id for each in bench.folders.known()] == [second, first])


# What is sent


def test_a_file_that_is_not_what_was_read_is_not_kept_with_its_passages(bench):
    bench.read()
    assert bench.parts(keeps=False)["Lease.txt"].digest == ""
    bench.folders.hold(True)
    write(bench.folder, {"Lease.txt": "changed"}, 1_800_000_000)
    part = bench.parts()["Lease.txt"]
    assert ("six months" in part.text, part.digest) == (True, "")
