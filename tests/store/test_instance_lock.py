"""One program at a time for one folder, however the last one ended."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest

from desktop.store.instance_lock import InstanceLock
from tests.store.conftest import ROOT

_HOLD = """
import sys, pathlib
from desktop.store.instance_lock import InstanceLock
lock = InstanceLock(pathlib.Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def _start(file):
    """Another program that takes the lock and holds it until its input ends; whether it got the lock."""
    program = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(file)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    return program, program.stdout.readline() == "True\n"


def _end(program):
    program.communicate()


def test_the_second_program_is_refused_until_the_first_ends(tmp_path):
    file = tmp_path / "data" / "lock"
    first, got_it = _start(file)
    assert got_it
    ours = InstanceLock(file)
    assert not ours.acquire()
    assert file.read_text() == f"{first.pid}\n"
    second, got_it = _start(file)
    assert not got_it
    _end(second)
    _end(first)
    assert ours.acquire()
    assert file.read_text() == f"{os.getpid()}\n"
    third, got_it = _start(file)
    assert not got_it
    _end(third)
    ours.release()
    ours.release()
    fourth, got_it = _start(file)
    assert got_it
    _end(fourth)


def test_a_killed_program_leaves_no_lock(tmp_path):
    file = tmp_path / "lock"
    killed, got_it = _start(file)
    assert got_it
    killed.kill()
    _end(killed)
    assert file.exists()
    lock = InstanceLock(file)
    assert lock.acquire()
    lock.release()


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


def test_acquiring_twice_is_one_lock(tmp_path):
    lock = InstanceLock(tmp_path / "lock")
    assert lock.acquire()
    assert lock.acquire()
    assert not InstanceLock(tmp_path / "lock").acquire()
    lock.release()


def test_the_file_may_hold_anything(tmp_path):
    file = tmp_path / "lock"
    lock = InstanceLock(file)
    file.write_bytes(b"\xff nobody")
    assert lock.acquire()
    assert file.read_text() == f"{os.getpid()}\n"
    lock.release()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_the_owner_can_read_it(tmp_path):
    lock = InstanceLock(tmp_path / "lock")
    assert lock.acquire()
    assert stat.S_IMODE((tmp_path / "lock").stat().st_mode) == 0o600
    lock.release()


@pytest.mark.skipif(os.name == "nt", reason="Windows makes links for administrators only")
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
