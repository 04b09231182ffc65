"""Folders: `CANDOR_HOME` takes all that is written, the starter model stays in the user's cache."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import sys

import pytest

from desktop.store.paths import STARTER_MODEL_FILE, InstanceLock, data_dir, models_dir, starter_model
from tests.store.conftest import ROOT
from tests.support.missing import on_unix

pytestmark = on_unix  # Windows asks no variable for these folders


@pytest.fixture(autouse=True)
def person(tmp_path, monkeypatch):
    """A user's home folder, empty."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_a_portable_home_is_made_and_closed_to_others(person, monkeypatch):
    monkeypatch.setenv("CANDOR_HOME", "~/stick/candor")
    assert data_dir() == person / "stick" / "candor"
    assert stat.S_IMODE(data_dir().stat().st_mode) == 0o700


def test_the_starter_model_is_found_whatever_the_home_is(candor_home, person):
    assert starter_model() is None
    assert models_dir().is_relative_to(person)
    models_dir().mkdir(parents=True)
    (models_dir() / STARTER_MODEL_FILE).touch()
    assert starter_model() == models_dir() / STARTER_MODEL_FILE


# One program at a time for one folder, however the last one ended.


_HOLD = """
import sys, pathlib
from desktop.store.paths import InstanceLock
lock = InstanceLock(pathlib.Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def another(file):
    """Another program that takes the lock and holds it until it is over; its number, or 0 where it was refused."""
    command = [sys.executable, "-c", _HOLD, str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        yield program.pid if program.stdout.readline() == "True\n" else 0
        program.communicate()


def test_the_second_program_is_refused_until_the_first_ends_however_that_ends(tmp_path):
    file = tmp_path / "data" / "lock"
    ours = InstanceLock(file)
    with another(file) as first:
        assert not ours.acquire()
        assert file.read_text() == f"{first}\n"
        with another(file) as second:
            assert second == 0
    file.write_bytes(b"\xff nobody")
    for _ in range(2):  # twice is one lock
        assert ours.acquire()
    assert file.read_text() == f"{os.getpid()}\n"
    assert os.name == "nt" or stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not InstanceLock(file).acquire()
    with another(file) as third:
        assert third == 0
    ours.release()
    ours.release()
    with another(file) as killed:
        os.kill(killed, signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
    assert ours.acquire()
    ours.release()


def test_a_child_of_the_holder_does_not_keep_the_lock(tmp_path):
    """The engine is such a child; it must not keep the next start out while it ends."""
    lock = InstanceLock(tmp_path / "lock")
    assert lock.acquire()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False) as child:
        lock.release()
        again = InstanceLock(tmp_path / "lock")
        got_it = again.acquire()
        again.release()
        child.communicate(b"\n")
    assert got_it


def test_a_link_in_its_place_is_not_followed(tmp_path):
    """Who can write to the folder must not have the program empty a file elsewhere."""
    victim = tmp_path / "victim"
    victim.write_text("my words")
    file = tmp_path / "lock"
    file.symlink_to(victim)
    lock = InstanceLock(file)
    assert lock.acquire()
    assert victim.read_text() == "my words"
    assert file.read_text() == f"{os.getpid()}\n"
    assert not file.is_symlink()
    lock.release()
    file.unlink()
    file.symlink_to(tmp_path / "nowhere")
    assert InstanceLock(file).acquire()
    assert not (tmp_path / "nowhere").exists()
