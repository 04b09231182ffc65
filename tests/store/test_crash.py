"""What is left after the program is killed in the middle of a reply, or of sending what was queued."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys

from desktop.core.message import MessageStatus, QueuedText
from desktop.store.database import open_store
from tests.store.conftest import ROOT
from tests.store.killed_program import TEXTS, content, piece

KILLED_AFTER = (1, 50, 333)  # saved pieces
KILLED = 1 if os.name == "nt" else -9  # the exit status


def _run_and_kill(case, file, promised):
    """Let the program save and kill it; returns how many pieces it had said to be saved."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.store.killed_program", case, str(file)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert program.stdout is not None
    saved = 0
    for line in program.stdout:
        saved = int(line)
        if saved >= promised:
            break
    program.kill()
    rest = program.stdout.read().split()
    program.stdout.close()
    assert program.wait() == KILLED
    return int(rest[-1]) if rest else saved


def test_killed_replies_are_interrupted_with_every_saved_word(file):
    for number, promised in enumerate(KILLED_AFTER, start=1):
        saved = _run_and_kill("streaming", file, promised)
        other = sqlite3.connect(file)
        assert other.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
        assert other.execute("SELECT status FROM messages ORDER BY key DESC LIMIT 1").fetchone() == ("streaming",)
        other.close()

        store = open_store(file)
        assert len(store.conversations()) == number
        asked, reply = store.path(store.conversations()[0].id)
        assert asked.text == "How does a store survive?"
        assert reply.status is MessageStatus.INTERRUPTED
        # One more than promised may have been saved before the program could say so.
        written = reply.reasoning + reply.text
        assert written in ["".join(piece(index)[1] for index in range(count)) for count in (saved, saved + 1)]
        assert written.startswith(reply.reasoning)
        store.close()

    other = sqlite3.connect(file)
    assert other.execute("SELECT DISTINCT status FROM messages WHERE role = 'assistant'").fetchall() == [
        ("interrupted",)
    ]
    assert other.execute("SELECT count(*) FROM reply_log").fetchone() == (0,)
    other.close()


def test_a_killed_program_neither_loses_nor_doubles_a_queued_text(file):
    for promised in (1, 40):
        file.unlink(missing_ok=True)
        sent = _run_and_kill("queueing", file, promised)
        store = open_store(file)
        [conversation] = store.conversations()
        waiting = store.queue(conversation.id)
        store.close()
        other = sqlite3.connect(file)
        query = "SELECT text FROM messages WHERE role = 'user' ORDER BY key"
        said = [QueuedText(row[0]) for row in other.execute(query)][1:]
        other.close()
        assert said + waiting == TEXTS
        assert len(said) in (sent, sent + 1)


def test_a_killed_program_has_every_file_that_was_given_whole(file):
    for promised in (1, 41):
        file.unlink(missing_ok=True)
        shutil.rmtree(file.parent / "files", ignore_errors=True)
        given = _run_and_kill("attaching", file, promised)
        store = open_store(file)
        waiting = [each.digest for each in store.draft_files("")]
        other = sqlite3.connect(file)
        sent = [row[0] for row in other.execute("SELECT digest FROM message_files")]
        other.close()
        for number in range(given):
            digest = hashlib.sha256(content(number)).hexdigest()
            assert digest in {*waiting, *sent}
            assert store.files.read_bytes(digest) == content(number)
        store.sweep_files()
        left = {path.name for path in (file.parent / "files").rglob("*") if path.is_file()}
        assert left == {*waiting, *sent}
        store.close()
