"""A home of version 8 is brought along in one step, wholly or not at all; an earlier one is left as it is."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.core.conversation import ConversationSettings
from desktop.core.documents.attachment import DraftFile
from desktop.core.documents.document import Aside
from desktop.core.documents.selection import Cut, Selection
from desktop.core.message import (
    Anchor,
    AnswerWay,
    AttachmentPart,
    EarlyAnswer,
    Failure,
    ImagePart,
    MessageStatus,
    QueuedText,
    ReasoningPart,
    Sign,
    SignKind,
    TextPart,
    Timings,
    Usage,
)
from desktop.core.model import ModelChoice
from desktop.core.place import Place, PlaceKind
from desktop.core.request import Thinking, ThinkingLimit, ThinkingMode
from desktop.store.backups import UPDATES_KEPT
from desktop.store.database import open_store
from desktop.store.schema import APPLICATION_ID, OLDEST, VERSION, is_of_an_earlier_state
from tests.store.conftest import refused, titles, turn
from tests.store.test_search import search

_FILE = "f4b0db38d1525ae13806b0143db5c14f0c5f43c1b6a6a5a8943133cab6095b3f"
_PICTURE = "72c812f6913fcc751c1a5d4ada4c27360b3780d3ccadeb3f7b94bfb3e268fa32"
_DESK = ImagePart("desk.png", "image/png", _PICTURE, 640, 480)


@pytest.fixture
def old(file):
    """A database as the last program of version 8 left it, with a reply under way."""
    file.parent.mkdir()
    change(file, Path(__file__).with_name("home_8.sql").read_text("utf-8"))
    _set_version(file, OLDEST)
    change(file, "PRAGMA journal_mode = WAL")
    return file


def change(file, script):
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.executescript(script)


def _set_version(file, version):
    change(file, f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version}")


def _version(file):
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_all_that_a_home_of_version_8_holds_is_there(old):
    with contextlib.closing(open_store(old)) as store:
        running, chairs = store.conversations()
        assert (chairs.id, chairs.title, chairs.head_id, chairs.pinned) == ("c1", "Late chairs", "m2", True)
        assert chairs.settings == ConversationSettings(
            choice=ModelChoice("a", "qwen3:8b"),
            system="Be brief.",
            thinking=Thinking(ThinkingMode.ON, 512),
            thinking_limit=ThinkingLimit(60, None),
            temperature=0.5,
            fresh_suggested=True,
            unread=True,
            left_out=("m3",),
            asks_places=True,
            folder="Purchasing",
        )
        asked, reply, failed = store.all_messages("c1")
        page = AttachmentPart(
            *("offer.pdf", "application/pdf", "[Page 1]\nChairs: 99", _FILE, "page 1 of 2", (Anchor(9, 1, "p0"),))
        )
        assert asked.parts == (TextPart("What is the price of the chairs?"), page, _DESK)
        assert reply.parts == (ReasoningPart("They ask for a price."), TextPart("99 each, 椅子."))
        assert reply.place == Place(PlaceKind.PRIVATE_NETWORK, "gpu.lan")
        assert (reply.usage, reply.timings) == (Usage(12, 34, 5, None), Timings(0.1, 0.2, 0.3, 0.4, 0.5))
        assert reply.early == EarlyAnswer(AnswerWay.CONTINUED, by_limit=True)
        assert reply.signs == (
            Sign(SignKind.CONTEXT_CUT, counts=(10, 20)),
            Sign(SignKind.LOOP, in_thinking=True),
        )  # that of a number is none any more
        assert failed.failure == Failure("unreachable", "refused", "gpu.lan", 502)
        assert failed.parts == (ReasoningPart("elsewhere", elsewhere=True), TextPart("cut"))
        assert store.queue("c1") == [QueuedText("And the desks?", (AttachmentPart("b.txt", "text/plain", "b"),))]
        assert (store.draft("c1"), store.draft("")) == ("typed words", "words of a new one")
        part_of_it = Selection(
            frozenset({1, 3}),
            frozenset({Aside.HIDDEN}),
            (Cut(1, 2, 3, 4),),
            frozenset({(1, 2)}),
            frozenset({(1, 0)}),
        )
        assert store.draft_files("c1") == [DraftFile("offer.pdf", _FILE, 19, part_of_it, "gbk", _DESK, "material")]
        assert (store.prompt_draft("c1"), store.prompt_draft("c1", "m1")) == ('{"framework": "main"}', "{}")
        assert [each.title for each, _ in store.binned_conversations()] == ["Thrown away"]
        _, interrupted = store.path(running.id)
        assert interrupted.status is MessageStatus.INTERRUPTED
        assert interrupted.parts == (ReasoningPart("I think"), TextPart("so far"))
        assert {hit.owner for hit in search(store, "椅子")} == {"c1"}
        store.save_conversation(chairs)
        assert chairs in store.conversations()
    assert _version(old) == VERSION


@pytest.mark.parametrize("has_links", [True, False])
def test_its_backup_stands_beside_it_and_can_be_had_back(old, has_links, monkeypatch):
    if not has_links:  # as on a stick
        monkeypatch.setattr(os, "link", lambda *_: os.stat("not supported"))
    with contextlib.closing(open_store(old)) as store:
        [backup] = store.backups()
        assert backup.path.name.endswith("-version-8.db")
        assert os.name == "nt" or stat.S_IMODE(backup.path.stat().st_mode) == 0o600
        assert _version(backup.path) == OLDEST
        store.save_conversation(turn("said since", "yes")[0])
        aside = store.restore(backup)
        assert titles(store) == ["Under way", "Late chairs"]
        assert store.backups() == [backup]
        assert aside.exists()
    assert _version(old) == VERSION


OLD_INDEX = """
    CREATE VIRTUAL TABLE message_index USING fts5 (text, tokenize = 'trigram');
    WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 300)
    INSERT INTO message_index SELECT hex(randomblob(500)) FROM many;
    INSERT INTO message_index (message_index) VALUES ('optimize');
    CREATE TRIGGER message_index_delete AFTER DELETE ON messages
        BEGIN DELETE FROM message_index WHERE rowid = old.key; END;
"""


def _spoil_page_of(file, table):
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        [page] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    content = bytearray(file.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = os.urandom(4096)
    file.write_bytes(content)


FAULTS: dict[str, Callable[[Path], None]] = {
    "whole": lambda file: None,
    "half dropped": lambda file: change(file, "DELETE FROM message_index_data WHERE id % 2"),
    "of a form that is not known": lambda file: change(file, "DELETE FROM message_index_config"),
    "damaged at its root": lambda file: _spoil_page_of(file, "message_index_data"),
    "damaged in its texts": lambda file: _spoil_page_of(file, "message_index_content"),
}


@pytest.mark.parametrize(("fault", "version"), [*((fault, OLDEST) for fault in FAULTS), ("whole", VERSION)])
def test_the_index_that_once_stood_among_the_messages_goes(old, fault, version):
    """In whatever state it is, all else is whole: checked, backed up, and put back."""
    if version == VERSION:
        open_store(old).close()
    change(old, OLD_INDEX)
    FAULTS[fault](old)
    with contextlib.closing(open_store(old)) as store:
        assert store.check() == ""
        backup = store.backups()[0]
        assert store.back_up_if_due() is not None
        store.restore(backup)
        assert titles(store) == ["Under way", "Late chairs"]
        store.delete_for_good("c0")
        assert store.path("c1")
    with contextlib.closing(sqlite3.connect(old)) as connection:
        assert not connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'message_index%'").fetchall()
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_stands_in_the_log_of_a_home_that_was_not_closed_comes_along(old):
    killed = old.with_name("killed.db")
    with contextlib.closing(sqlite3.connect(old, isolation_level=None)) as other:
        other.execute("INSERT INTO drafts VALUES ('c9', 'typed last', 1)")
        for ending in ("", "-wal"):
            Path(f"{killed}{ending}").write_bytes(Path(f"{old}{ending}").read_bytes())
    with contextlib.closing(open_store(killed)) as store:
        assert store.draft("c9") == "typed last"
        assert titles(store) == ["Under way", "Late chairs"]


def test_a_home_that_another_program_is_in_waits(old):
    with contextlib.closing(sqlite3.connect(old, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO drafts VALUES ('c9', 'typed there', 1)")
        other.execute("COMMIT")
        with refused("locked"):
            open_store(old)
    with contextlib.closing(open_store(old)) as store:
        assert store.draft("c9") == "typed there"


def _damage(file):
    content = bytearray(file.read_bytes())
    content[-4096:] = os.urandom(4096)
    file.write_bytes(content)
    return "damaged"


def _block_backups(file):
    (file.parent / "backups").write_text("a file where the folder should be")
    return "other"


def _leave_half(file):
    """Have the copying fail after its beginning."""
    change(file, "DROP TABLE messages")
    return "other"


@pytest.mark.parametrize("spoil", [_damage, _block_backups, _leave_half])
def test_what_cannot_be_brought_along_stays_of_version_8(old, spoil):
    reason = spoil(old)
    before = old.read_bytes()
    for _ in range(2):
        with refused(reason):
            open_store(old)
    assert old.read_bytes() == before
    assert _version(old) == OLDEST
    assert not list(old.parent.glob("*.part*"))
    assert not list(old.parent.glob("backups/*.db"))


@pytest.mark.parametrize("version", [1, OLDEST - 1])
def test_a_home_of_an_earlier_state_is_refused_and_left_as_it_is(old, version):
    _set_version(old, version)
    old.chmod(0o644)
    before = old.read_bytes(), old.stat().st_mtime_ns, old.stat().st_mode
    for _ in range(2):
        with refused("earlier_state"):
            open_store(old)
    assert (old.read_bytes(), old.stat().st_mtime_ns, old.stat().st_mode) == before
    assert os.listdir(old.parent) == [old.name]


@pytest.mark.parametrize("tables", ["", "CREATE TABLE conversations (id)"])
@pytest.mark.parametrize("was_closed", [True, False])
def test_a_first_start_of_an_earlier_state_that_was_killed_is_begun_anew(file, tables, was_closed):
    file.parent.mkdir()
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as killed:
        _set_version(file, OLDEST - 1)
        killed.execute("PRAGMA journal_mode = WAL").fetchall()
        killed.executescript(tables)
        log = Path(f"{file}-wal")
        left = [(each, each.read_bytes()) for each in (file, log) if each.exists()]
    if not was_closed:
        for each, content in left:
            each.write_bytes(content)
    assert not is_of_an_earlier_state(file)
    with contextlib.closing(open_store(file)) as store:
        store.save_conversation(turn("said since", "yes")[0])
    with contextlib.closing(open_store(file)) as store:
        assert titles(store) == ["said since"]
    assert _version(file) == VERSION


def test_a_home_of_version_8_can_be_read_on_a_full_disk(old, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("desktop.store.database_file.keep_before_update", refuse)
        store = open_store(old)
        assert store.trouble is not None
        assert store.trouble.reason == "full"
        assert titles(store) == ["Under way", "Late chairs"]
        assert [each.title for each, _ in store.binned_conversations()] == ["Thrown away"]
        assert store.path("c1")
        with refused("full"):
            store.save_draft("c1", "typed on")
    store.save_draft("c1", "typed on")
    store.close()
    assert _version(old) == VERSION


def test_backups_of_an_earlier_state_are_named_so_and_stay(old):
    """Also beside more of version 8 than are kept, and where one of them is chosen all the same."""
    folder = old.parent / "backups"
    folder.mkdir()
    for version in (5, OLDEST):
        _set_version(old, version)
        for number in range(1, UPDATES_KEPT + 2):
            (folder / f"{old.stem}-20260101-00000{number}-1-version-{version}.db").write_bytes(old.read_bytes())
    abandoned = folder / f"{old.stem}-20200101-000000-1-version-8.db.part"
    abandoned.write_bytes(b"half of it")
    os.utime(abandoned, (0, 0))
    with contextlib.closing(open_store(old)) as store:
        found = store.backups()
        too_old = [each for each in found if each.is_too_old]
        assert (len(found) - len(too_old), len(too_old)) == (UPDATES_KEPT, UPDATES_KEPT + 1)
        with refused("earlier_state"):
            store.restore(too_old[0])
        assert store.conversations()
    assert not abandoned.exists()
