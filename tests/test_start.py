"""What the command line says, and what is said where the program cannot start."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox

from desktop import __version__
from desktop.arguments import read_arguments
from desktop.core.errors import StoreError
from desktop.core.policy.fixed import Policy
from desktop.faults import FaultWatch
from desktop.first_window import FirstWindow
from desktop.start import WindowLife, _cannot_start, asks_for_a_new_folder
from desktop.store.database import open_store
from desktop.store.paths import DATABASE, InstanceLock, begin_beside, data_path
from desktop.store.settings import Settings
from tests.support.waiting import PATIENCE, wait_until
from tests.ui.languages import speaking

LINK = ["candor:recipe/x", "--diagnose", "C:\\Users\\li\\notes.txt", "--platform", "offscreen"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--language", "zh_CN", "--log", "debug", "a b.gguf"], ("a b.gguf", "zh_CN", None, None)),
        (["--platform", "offscreen", "CANDOR:recipe/x"], ("CANDOR:recipe/x", None, None, "offscreen")),
        # Whoever writes a link writes no options; Windows is told to put the strokes before it.
        (LINK, ("candor:recipe/x", None, None, None)),
        (["--", *LINK], ("candor:recipe/x", None, None, None)),
    ],
)
def test_what_the_command_line_tells(arguments, told):
    said = read_arguments(arguments)
    assert (said.file, said.language or None, said.diagnose, said.platform) == told


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit):
        read_arguments(["--version"])
    assert capsys.readouterr().out == f"Candor {__version__}\n"


def test_a_question_from_a_terminal_refuses_a_file_that_it_would_not_send(capsys):
    with pytest.raises(SystemExit):
        read_arguments(["--ask", "What is the rent?", "lease.txt"])
    assert "takes no file" in capsys.readouterr().err


@pytest.mark.window
@pytest.mark.parametrize("reason", ["read_only", "full", "other"])
def test_a_folder_that_cannot_be_used_is_named_with_what_to_do(qapp, reason):
    shown = []

    def close():
        shown.append(qapp.activeModalWidget())
        qapp.closeAllWindows()

    QTimer.singleShot(0, close)
    folder = Path("/home/li/.local/share/candor")
    assert _cannot_start(StoreError(reason, "Permission denied"), folder) == 1
    [box] = shown
    assert str(folder) in box.informativeText()
    assert box.informativeText().endswith("then start Candor again.")
    assert box.detailedText() == "Permission denied"


class _Opened:
    """What the system was asked to open."""

    def __init__(self):
        self.files: list[str] = []

    def openUrl(self, url):
        self.files.append(url.toLocalFile())


@pytest.mark.window
@pytest.mark.parametrize(
    ("language", "sentence", "begin", "show"),
    [
        (
            "en",
            "This folder was made by an earlier state of Candor. Nothing in it was changed.",
            "Begin with a new folder",
            "Show the folder",
        ),
        (
            "zh_CN",
            "此文件夹由 Candor 的早期状态创建。其中没有任何内容被更改。",
            "使用新文件夹开始",
            "显示该文件夹",
        ),
    ],
)
def test_a_folder_of_an_earlier_state_is_left_as_it_is_and_a_new_one_begun(
    qapp,
    candor_home,
    monkeypatch,
    language,
    sentence,
    begin,
    show,
):
    with contextlib.closing(sqlite3.connect(candor_home / DATABASE)) as database:
        database.executescript(
            "CREATE TABLE conversations (id); INSERT INTO conversations VALUES ('c1'); PRAGMA user_version = 7"
        )
    before = {file.name: file.read_bytes() for file in candor_home.iterdir()}
    opened = _Opened()
    monkeypatch.setattr("desktop.start.QDesktopServices", opened)
    presses = [show, "", show, begin]

    def press():
        box = qapp.activeModalWidget()
        assert isinstance(box, QMessageBox)
        assert box.text() == sentence
        assert str(candor_home) in box.informativeText()
        wanted = presses.pop(0)
        buttons = [each for each in box.buttons() if each.text().replace("&", "") == wanted]
        buttons[0].click() if wanted else box.reject()

    look = QTimer(interval=10)
    look.timeout.connect(press)
    with speaking(qapp, language):
        look.start()
        assert not asks_for_a_new_folder(candor_home)
        assert asks_for_a_new_folder(candor_home)
        look.stop()
    assert opened.files == [str(candor_home)] * 2
    new = begin_beside(data_path())
    assert new.parent == candor_home.parent
    assert data_path() == new
    open_store(new / DATABASE).close()
    assert {file.name: file.read_bytes() for file in candor_home.iterdir()} == before
    (candor_home / DATABASE).write_bytes(b"not readable any more")
    assert data_path() == new
    (candor_home / DATABASE).unlink()
    assert data_path() == new
    candor_home.rmdir()
    assert data_path() == new
    open_store(candor_home / DATABASE).close()
    assert data_path() == candor_home


def test_a_home_that_is_no_folder_is_refused_with_a_reason(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("CANDOR_HOME", str(tmp_path / "file"))
    with pytest.raises(StoreError) as refused:
        InstanceLock(data_path() / "candor.lock").acquire()
    assert str(refused.value)


_AT_REST = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from desktop.start import quit_on_signals
app = QApplication(["candor", "-platform", "offscreen"])
quit_on_signals(app)
QTimer.singleShot(0, lambda: print("shown", flush=True))
print(app.exec(), flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_window_in_which_nothing_happens_ends_when_the_system_asks(number):
    with subprocess.Popen([sys.executable, "-c", _AT_REST], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "shown\n"
        state = Path(f"/proc/{program.pid}/stat")
        wait_until(lambda: state.read_text().rsplit(")")[1].split()[0] == "S")  # no Python runs, and none would
        program.send_signal(number)
        try:
            assert program.communicate(timeout=PATIENCE)[0] == "0\n"
        finally:
            program.kill()


@pytest.mark.window
def test_a_program_that_cannot_be_made_is_told_of_and_leaves_no_window(qapp, tmp_path, monkeypatch):
    for owner, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back in the end
    faults = FaultWatch()
    faults.install()

    def make():
        raise RuntimeError("a module is damaged")

    said: list[QMessageBox] = []

    def close():
        box = qapp.activeModalWidget()
        if isinstance(box, QMessageBox):
            said.append(box)
            first.window.windowHandle().close()  # which waits for a window that never comes
            box.accept()

    look = QTimer(interval=10)
    look.timeout.connect(close)
    look.start()
    first = FirstWindow(qapp, Settings(), Policy())
    assert WindowLife(first, make, read_arguments([]), faults).exec_until_closed() == 1
    look.stop()
    [box] = said
    assert "could not be opened" in box.text()
    assert "RuntimeError: a module is damaged" in box.detailedText()
    first.window.hide()
    first.window.deleteLater()
