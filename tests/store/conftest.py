"""What the tests of the store share: a database, and disks that are full or cannot be written to."""

from __future__ import annotations

import contextlib
import functools
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.conversation import Conversation
from desktop.core.errors import StoreError
from desktop.core.message import Message, MessageStatus, Role, TextPart, user_message
from desktop.store.database import open_store
from tests.support.missing import do_without

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "data" / "conversations.db"


@pytest.fixture
def store(file):
    opened = open_store(file)
    yield opened
    opened.close()


@functools.cache
def why_no_own_disk():
    """Why this machine does not let us mount a disk that only one process sees."""
    if sys.platform != "linux" or not shutil.which("unshare"):
        return "needs Linux and `unshare`"
    probe = ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/mnt"]
    tried = subprocess.run(probe, capture_output=True, text=True)
    return None if tried.returncode == 0 else f"this machine lets no one mount: {tried.stderr.strip()}"


def on_small_disk(tmp_path, case, kilobytes=1024, program="tests.store.disk_program"):
    """Run a case of a program on a disk of its own, that vanishes with it."""
    if reason := why_no_own_disk():
        do_without(reason)
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f'mount -t tmpfs -o size={kilobytes}k tmpfs "$0" && exec "$@"'
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, str(disk)]
    command += [sys.executable, "-m", program, case, str(disk)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr


def turn(question, answer=""):
    """A conversation, the user's message and the reply: running, or complete where `answer` is given."""
    asked = user_message(question)
    reply = Message(
        role=Role.ASSISTANT,
        parent_id=asked.id,
        status=MessageStatus.COMPLETE if answer else MessageStatus.STREAMING,
        parts=(TextPart(answer),) if answer else (),
        model="tiny",
    )
    return Conversation(title=question[:40], head_id=reply.id), asked, reply


def say(store, question, answer=""):
    """The same, stored."""
    conversation, asked, reply = turn(question, answer)
    store.begin_reply(conversation, [asked, reply])
    return conversation, asked, reply


def titles(store):
    """Of all conversations that are listed, in their order."""
    return [each.title for each in store.conversations()]


def erase(store, title):
    """Erase the conversations of a title for good."""
    for each in store.conversations():
        if each.title == title:
            store.delete_for_good(each.id)


@contextlib.contextmanager
def refused(reason):
    with pytest.raises(StoreError) as caught:
        yield
    assert caught.value.reason == reason
