"""Files kept by their content: whole or not at all, for their owner alone, and gone with the last that has them."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.documents.attachment import CopyCancelled, DraftFile
from desktop.core.documents.document import Aside, ReadingError, ReadingProblem
from desktop.core.documents.selection import Cut, Selection
from desktop.core.message import Anchor, AttachmentPart, ImagePart, user_message
from desktop.store.database import SqliteStore
from desktop.store.files import FileStore
from tests.store.conftest import turn
from tests.support.missing import on_unix
from tests.support.waiting import PATIENCE


@pytest.fixture
def folder(tmp_path):
    return FileStore(tmp_path / "files", largest=1 << 22)


def on(_copied, _of):
    return True


def kept(root):
    return sorted(path.name for path in (root / "files").rglob("*") if path.is_file())


def problem_of(act):
    with pytest.raises(ReadingError) as refused:
        act()
    return refused.value.problem


def test_a_file_is_kept_under_its_content(folder, tmp_path):
    source = tmp_path / "a plan.txt"
    source.write_bytes(b"words" * 500_000)
    steps: list[tuple[int, int]] = []
    found = folder.keep_file(source, lambda copied, of: steps.append((copied, of)) is None)
    assert found.digest == hashlib.sha256(source.read_bytes()).hexdigest()
    assert found.size == 2_500_000
    assert steps[-1] == (2_500_000, 2_500_000)
    assert folder.read_bytes(found.digest) == source.read_bytes()
    path = folder.path_of(found.digest)
    assert path == tmp_path / "files" / found.digest[:2] / found.digest
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        for each in (path.parent, path.parent.parent):
            assert stat.S_IMODE(each.stat().st_mode) == 0o700
    again = folder.keep_bytes(source.read_bytes())
    assert again == found
    assert kept(tmp_path) == [found.digest]


@on_unix
def test_nothing_but_a_file_is_opened(folder, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "to the pipe").symlink_to(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "to the pipe", Path("/dev/zero"), Path("/dev/null")):
        assert problem_of(lambda path=path: folder.keep_file(path, on)) is ReadingProblem.NOT_A_FILE
    (tmp_path / "closed").write_bytes(b"x")
    (tmp_path / "closed").chmod(0)
    if not os.access(tmp_path / "closed", os.R_OK):  # all may be read by root
        assert problem_of(lambda: folder.keep_file(tmp_path / "closed", on)) is ReadingProblem.FORBIDDEN
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert problem_of(lambda: folder.keep_file(tmp_path / "loop", on)) is ReadingProblem.GONE
    assert kept(tmp_path) == []
    (tmp_path / "plan").write_bytes(b"words")
    (tmp_path / "to the plan").symlink_to(tmp_path / "plan")
    assert folder.keep_file(tmp_path / "to the plan", on).size == 5


def test_what_is_gone_empty_or_too_large_is_refused(folder, tmp_path):
    assert problem_of(lambda: folder.keep_file(tmp_path / "nowhere", on)) is ReadingProblem.GONE
    assert problem_of(lambda: folder.keep_file(Path("a\0b"), on)) is ReadingProblem.GONE
    (tmp_path / "empty").touch()
    assert problem_of(lambda: folder.keep_file(tmp_path / "empty", on)) is ReadingProblem.EMPTY
    with (tmp_path / "large").open("wb") as file:
        file.truncate((1 << 22) + 1)
    assert problem_of(lambda: folder.keep_file(tmp_path / "large", on)) is ReadingProblem.TOO_LARGE
    assert kept(tmp_path) == []


@pytest.mark.parametrize("change", ["longer", "shorter", "other"])
def test_a_file_that_changes_meanwhile_is_refused(folder, tmp_path, change):
    source = tmp_path / "log.txt"
    source.write_bytes(b"x" * 3_000_000)

    def meddle(copied, of):
        with source.open("r+b") as file:
            if change == "longer":
                file.seek(0, os.SEEK_END)
                file.write(b"more")
            elif change == "shorter":
                file.truncate(1_500_000)
            else:
                file.write(b"y")
        os.utime(source, (1, 1))
        return True

    assert problem_of(lambda: folder.keep_file(source, meddle)) is ReadingProblem.CHANGED
    assert kept(tmp_path) == []


def test_a_cancelled_copy_leaves_nothing(folder, tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 3_000_000)
    with pytest.raises(CopyCancelled):
        folder.keep_file(tmp_path / "a", lambda copied, of: copied < 2_000_000)
    assert kept(tmp_path) == []


def test_a_kept_file_that_was_meddled_with_is_not_given_out(folder):
    found = folder.keep_bytes(b"words")
    folder.path_of(found.digest).write_bytes(b"other")
    assert problem_of(lambda: folder.read_bytes(found.digest)) is ReadingProblem.DAMAGED
    folder.path_of(found.digest).unlink()
    assert problem_of(lambda: folder.read_bytes(found.digest)) is ReadingProblem.GONE


@on_unix
def test_a_folder_that_takes_nothing_is_named_as_that(tmp_path):
    (tmp_path / "files").write_bytes(b"no folder")
    folder = FileStore(tmp_path / "files")
    assert problem_of(lambda: folder.keep_bytes(b"words")) is ReadingProblem.NOT_KEPT


def test_a_sweep_spares_what_is_used_claimed_or_just_being_copied(folder, tmp_path):
    used, claimed, orphan = (folder.keep_bytes(word) for word in (b"used", b"claimed", b"orphan"))
    for each in (used, orphan):
        folder.release(each.digest)
    (tmp_path / "files" / "incoming" / "left").write_bytes(b"of a program that was killed")
    (tmp_path / "large").write_bytes(b"x" * 3_000_000)
    copying, swept = threading.Event(), threading.Event()

    def wait(copied, of):
        copying.set()
        return swept.wait(PATIENCE)

    copied: list[str] = []
    thread = threading.Thread(target=lambda: copied.append(folder.keep_file(tmp_path / "large", wait).digest))
    thread.start()
    assert copying.wait(PATIENCE)
    assert folder.sweep({used.digest}, 0) == 2
    swept.set()
    thread.join()
    assert folder.sweep({used.digest}, 0) == 0
    assert kept(tmp_path) == sorted([used.digest, claimed.digest, *copied])


# --- With the database -------------------------------------------------------------------------------------------


def with_file(store, content=b"words"):
    found = store.files.keep_bytes(content)
    store.files.release(found.digest)
    return AttachmentPart("plan.txt", "text/plain", "words", found.digest)


def said(store, *files):
    conversation, _, reply = turn("Sum it up", "Done.")
    message = user_message("Sum it up", attached=files)
    store.begin_reply(conversation, [message, replace(reply, parent_id=message.id)])
    return conversation.id


def test_a_file_goes_with_the_last_conversation_or_draft_that_has_it_unless_it_is_claimed(store, file):
    part = with_file(store)
    first, second = said(store, part), said(store, part)
    store.delete_for_good(first)
    assert kept(file.parent) == [part.digest]
    store.delete_conversation(second)
    assert kept(file.parent) == [part.digest]  # it may be taken out of the bin again
    store.purge_bin(30, now=time.time() + 1e9)
    assert kept(file.parent) == []
    part = with_file(store)
    conversation = said(store, part)
    store.save_draft_files("", [DraftFile("plan.txt", part.digest)])
    store.delete_for_good(conversation)
    store.discard_files([part.digest])
    assert store.sweep_files() == 0
    store.save_draft_files("", [])
    store.files.claim(part.digest)
    store.discard_files([part.digest])
    assert kept(file.parent) == [part.digest]
    store.files.release(part.digest)
    store.discard_files([part.digest])
    assert kept(file.parent) == []


def test_what_no_message_and_no_draft_has_is_swept(store, file):
    used, orphan = with_file(store, b"used"), with_file(store, b"orphan")
    lost = with_file(store, b"of a conversation that could not be saved")
    said(store, used)
    store.save_draft_files("never stored", [DraftFile("a", lost.digest)])
    assert store.sweep_files() == 2
    assert kept(file.parent) == [used.digest]
    assert orphan.digest != lost.digest


def test_a_new_database_does_not_judge_the_files_of_an_older_one(store, file):
    part = with_file(store)
    path = store.files.path_of(part.digest)
    store.close()
    file.rename(file.with_name("put aside.db"))
    os.utime(path, (time.time() - 5000,) * 2)
    fresh = SqliteStore(file)
    fresh.repair()  # which begins anew where nothing is left
    assert fresh.sweep_files() == 0
    assert path.is_file()
    fresh.close()


def test_the_files_of_a_draft_come_back_as_they_were(store):
    text = AttachmentPart("a.txt", "text/plain", "one", "ab", "page 1 of 2", (Anchor(0, 1, "1"),))
    files = [
        DraftFile("report.pdf", "cd" * 32, 12, encoding="gb18030"),
        DraftFile(
            "预算 b.xlsx",
            "ef" * 32,
            5,
            Selection(
                frozenset({2, 1}), frozenset({Aside.HIDDEN, Aside.NOTE}), (Cut(1, 2, 3, 4),), frozenset({(1, 2)})
            ),
        ),
        DraftFile("c", "01" * 32, 1, Selection(passages=frozenset({(1, 0)}))),
        DraftFile("a.txt", "ab", 3, part=text),
        DraftFile("p.png", "fe" * 32, 9, part=ImagePart("p.png", "image/png", "fe" * 32, 4, 2)),
    ]
    store.save_draft_files("c", files)
    assert store.draft_files("c") == files
    assert store.draft_files("") == []
    store.save_draft_files("c", [])
    assert store.draft_files("c") == []


def test_what_an_earlier_version_kept_of_what_the_engine_read_is_erased(store, file):
    state = file.parent / "engine" / f"{'1' * 32}.state"
    state.parent.mkdir()
    state.write_bytes(b"words of a conversation")
    store.sweep_files()
    assert not state.parent.exists()
