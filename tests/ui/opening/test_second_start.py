"""The message between two starts: heard, answered, and never confused by somebody else's."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QObject

from desktop.ui.opening.pipe_calls import PipeCalls
from desktop.ui.opening.second_start import FirstInstance, _socket_name, call_first_instance

ROOT = Path(__file__).parents[3]
CALL = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from desktop.ui.opening.second_start import call_first_instance
sys.exit(0 if call_first_instance(Path(sys.argv[2]), sys.argv[3] or None) else 1)
"""


@pytest.fixture
def first(qtbot, tmp_path):
    made = FirstInstance(tmp_path)
    yield made
    made.close()


@contextlib.contextmanager
def another_program(folder, file="", cwd=None):
    """Calls the first one from a process of its own, as a second start does."""
    with subprocess.Popen([sys.executable, "-c", CALL, str(ROOT), str(folder), file], cwd=cwd) as process:
        yield process


by_path = pytest.mark.skipif(sys.platform == "win32", reason="speaks to the socket by its path")
LONGEST = "candor:///recipe/" + "%F0%A0%9C%8E" * 500


@pytest.mark.parametrize(
    "file",
    [
        "",
        "/models/a b 😀.gguf",
        "candor:recipe/%E5%9B%9E%E5%A4%8D",
        "CANDOR:recipe/回复",
        "file:///home/li/%E5%9B%9E%E5%A4%8D.toml",
        LONGEST,
        "/" + "回" * 1364,  # the longest path of Linux has 4,096 bytes
        os.fsdecode(b"/models/\xff.gguf"),
    ],
    ids=range(8),
)
def test_the_first_hears_the_second(first, qtbot, tmp_path, file):
    with qtbot.waitSignal(first.called) as called, another_program(tmp_path, file) as second:
        qtbot.waitUntil(lambda: second.poll() is not None)
    assert called.args == [file]
    assert second.returncode == 0


def test_a_relative_path_is_made_whole(first, qtbot, tmp_path):
    with qtbot.waitSignal(first.called) as called, another_program(tmp_path, "model.gguf", cwd=tmp_path) as second:
        qtbot.waitUntil(lambda: second.poll() is not None)
    assert called.args == [str(tmp_path / "model.gguf")]


def test_what_is_too_long_to_tell_is_said_to_be_and_not_cut(first, qtbot, tmp_path):
    heard: list[str] = []
    first.called.connect(heard.append)
    with qtbot.waitSignal(first.called_at_length), another_program(tmp_path, "candor:recipe/" + "回" * 3000) as second:
        qtbot.waitUntil(lambda: second.poll() is not None)
    assert heard == []
    assert second.returncode == 0


@by_path
def test_the_way_of_windows_is_heard_as_well(qtbot, tmp_path):
    """It is Qt's, which speaks to a socket by its path elsewhere."""
    name = str(tmp_path / "pipe")
    first = PipeCalls(name, 100, 1500, QCoreApplication.instance() or QObject())
    with qtbot.waitSignal(first.said) as said, socket.socket(socket.AF_UNIX) as caller:
        caller.connect(name)
        caller.sendall(b"one line\nand more")
    assert said.args == [b"one line"]
    first.close()
    assert not PipeCalls.call(name, b"\n", 1500)


def test_nobody_there_is_told_at_once(qtbot, tmp_path):
    assert not call_first_instance(tmp_path, None)


def test_one_that_is_ending_does_not_count(first, tmp_path):
    first.close()
    assert not call_first_instance(tmp_path, None)


def test_one_that_hangs_does_not_count(first, tmp_path):
    """Nobody runs the first one's event loop here: the connection is taken, but the message is never read."""
    assert not call_first_instance(tmp_path, None)


def test_folders_do_not_hear_each_other(first, tmp_path):
    assert not call_first_instance(tmp_path / "another", None)


def test_a_socket_left_by_a_crash_is_no_hindrance(qtbot, tmp_path):
    left = FirstInstance(tmp_path)  # not closed, as after a crash
    again = FirstInstance(tmp_path)
    with qtbot.waitSignal(again.called), another_program(tmp_path) as second:
        qtbot.waitUntil(lambda: second.poll() is not None)
    again.close()
    left.close()


@contextlib.contextmanager
def a_stranger(folder):
    """Somebody who speaks to the first one's socket without being Candor."""
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(_socket_name(folder))
        stranger.setblocking(False)
        yield stranger


def is_hung_up_on(stranger):
    try:
        return stranger.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


@by_path
@pytest.mark.parametrize(
    "message",
    [
        *(b"", b"nonsense\n", b"\n", b"[]\n", b"null\n", b'{"other": 1}\n', b"[" * 8000 + b"\n", b"\xff\xfe\n"),
        b'{"file": "/half',
        b'{"file": "/whole but for its end"}',
        b'{"file": "/' + b"a" * 10_000 + b'"}\n',
    ],
)
def test_nonsense_is_not_obeyed(first, qtbot, tmp_path, message):
    heard: list[str] = []
    first.called.connect(heard.append)
    with a_stranger(tmp_path) as stranger:
        stranger.sendall(message)
        if message:
            qtbot.waitUntil(lambda: is_hung_up_on(stranger))
    with qtbot.waitSignal(first.called), another_program(tmp_path, "/x") as second:  # and it still listens
        qtbot.waitUntil(lambda: second.poll() is not None)
    assert [one for one in heard if one] == ["/x"]


@by_path
def test_a_message_in_pieces_is_heard_when_it_is_whole(first, qtbot, tmp_path):
    heard: list[str] = []
    first.called.connect(heard.append)
    with a_stranger(tmp_path) as stranger:
        for piece in (b'{"file": "candor:rec', "ipe/回".encode()[:-1], "ipe/回".encode()[-1:], b'"}'):
            stranger.sendall(piece)
            qtbot.wait(50)
            assert heard == []
        stranger.sendall(b"\n")
        qtbot.waitUntil(lambda: heard == ["candor:recipe/回"])
        assert is_hung_up_on(stranger)


@by_path
def test_nobody_else_can_speak_to_it(first, tmp_path):
    assert stat.S_IMODE(os.stat(_socket_name(tmp_path)).st_mode) & 0o077 == 0


@by_path
def test_a_socket_of_a_killed_program_is_replaced(qtbot, tmp_path):
    """Its file is still there, and nobody listens at it."""
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(_socket_name(tmp_path))
        left.listen()
    assert os.path.exists(_socket_name(tmp_path))
    again = FirstInstance(tmp_path)
    with qtbot.waitSignal(again.called), another_program(tmp_path) as second:
        qtbot.waitUntil(lambda: second.poll() is not None)
    again.close()


@by_path
def test_a_folder_with_a_long_path_has_a_socket_too(qtbot, tmp_path, monkeypatch):
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    folder = tmp_path / ("long" * 25)
    folder.mkdir()
    name = _socket_name(folder)
    assert stat.S_IMODE(Path(name).parent.stat().st_mode) == 0o700
    assert name != _socket_name(tmp_path / ("long" * 26))
    own = Path(name).parent
    own.rmdir()
    own.symlink_to(tmp_path)  # somebody else has taken its name
    assert _socket_name(folder) == str(folder / "call")
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("TMPDIR", "/tmp")
    heard = FirstInstance(folder)
    with qtbot.waitSignal(heard.called), another_program(folder) as second:
        qtbot.waitUntil(lambda: second.poll() is not None)
    assert second.returncode == 0
    heard.close()
