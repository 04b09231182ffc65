"""Diagnostics and faults in the window: copied without secrets, told once for each kind, and the program goes on."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from desktop.core.connection import Connection, ConnectionKind, Secrets
from desktop.core.policy.parse import read_policy
from desktop.faults import FaultWatch
from desktop.logs import LOG_FILE, keep_log
from desktop.runtime.background import LoopThread
from desktop.ui.keeping import DiagnosticsDialog, FaultSheet
from desktop.ui.window.about import AboutDialog
from tests.support.in_process import open_program

KEY = "sk-CANARY0123456789abcdef0123456789"


@pytest.fixture
def faults(monkeypatch):
    """A watch that hears of everything until the test ends."""
    for module, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    watch = FaultWatch()
    watch.install()
    return watch


def fail(words):
    raise ValueError(words)


def in_thread(error):
    thread = threading.Thread(target=fail, args=(error,))
    thread.start()
    thread.join()


def test_a_fault_is_told_once_for_its_kind_and_without_foreign_words(faults, caplog):
    for _ in range(50):
        in_thread("the secret of Mr Smith")
    (told,) = faults.told
    assert "ValueError" in told
    assert "in fail" in told
    assert "Smith" not in told
    assert "Smith" not in caplog.text
    thread = threading.Thread(target=Path(f"/nowhere/{KEY}").read_text)
    thread.start()
    thread.join()
    assert "No such file" in faults.told[1]
    assert KEY not in faults.told[1]


def test_a_fault_in_the_loop_is_heard_of(faults, qtbot):
    loop = LoopThread()
    loop.start(faults.note_in_loop)

    async def leave_behind():
        asyncio.get_running_loop().call_soon(fail, "in the loop")

    with qtbot.waitSignal(faults.happened):
        loop.submit(leave_behind()).result(60)
    assert loop.is_running
    loop.stop()


def test_many_kinds_are_no_storm(faults):
    for number in range(60):
        kind = type(f"Fault{number}", (Exception,), {})
        faults.note_in_loop({"exception": kind()})
    faults.note_in_loop({"message": "a word of asyncio's own"})
    assert len(faults.told) == 20


def test_diagnostics_in_the_window(qapp, candor_home, monkeypatch, server):
    monkeypatch.setenv("OLLAMA_HOST", server.url)
    monkeypatch.setenv("https_proxy", "http://me:secret@proxy.example:3128")
    (candor_home / LOG_FILE).write_text(f"WARNING something about {KEY}\n")
    candor_home.chmod(0o777)
    with open_program(qapp, candor_home, policy=read_policy("version = 1\n[end]\n", "x")) as opened:
        opened.wait_for_models()  # without one, the page that offers some would cover the notice
        assert "Other users of this computer can change" in opened.notice
        opened.click("Close it to others")
        assert not opened.notice
        assert candor_home.stat().st_mode & 0o077 == 0
        server = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="GPU", address="http://127.0.0.1:1/v1", id="g")
        opened.program.services.connections.save(server, Secrets(KEY))
        opened.wait_until(lambda: any(each.failure for each in opened.program.services.models.listings))
        opened.window.show_about()
        opened.window.findChild(AboutDialog).diagnostics.click()
        dialog = opened.window.findChild(DiagnosticsDialog)
        opened.wait_until(dialog.copy.isEnabled)
        dialog.copy.click()
        told = json.loads(QGuiApplication.clipboard().text())
        (listed,) = [each for each in told["connections"] if each["name"] == "GPU"]
        assert (listed["error"], listed["has_key"]) == ("unreachable refused", True)
        assert told["fonts"]["general"]
        assert told["engine_log"] == []  # none was started
        assert (told["policy"]["source"], told["policy"]["limits_network"]) == (None, False)
        assert told["proxies"]["system"]["https"] == "http://proxy.example:3128"
        assert told["log"]["last"]
        for secret in (KEY, "secret"):
            assert secret not in dialog.text.toPlainText()
        dialog.reject()
        opened.program.upkeep.show_fault("ValueError\nfile:1 in fail")
        sheet = opened.window.findChild(FaultSheet)
        assert sheet.isVisible()
        opened.program.upkeep.show_fault("TypeError")
        assert len(opened.window.findChildren(FaultSheet)) == 1
        sheet.diagnostics.click()
        again = opened.window.findChildren(DiagnosticsDialog)[-1]
        opened.wait_until(again.copy.isEnabled)
        again.reject()
        sheet.reject()
        words = "Another version of Candor has been installed"
        for version, times in (("", 0), ("2", 1), ("3", 1)):  # "" while it is being replaced
            monkeypatch.setattr("desktop.parts.upkeep.version_on_disk", lambda version=version: version)
            opened.program.upkeep.look_for_another_version()
            assert opened.notice.count(words) == times
        opened.click("Restart now")
        assert opened.program.upkeep.shall_restart
        assert not opened.window.isVisible()


@pytest.fixture
def kept(tmp_path):
    """A log that is kept in a folder; returns what takes 40 long lines, and then closes it."""
    root = logging.getLogger()
    before = list(root.handlers)

    def write(*more):
        keep_log(tmp_path)
        (handler,) = [each for each in root.handlers if each not in before]
        try:
            for number in range(40):
                root.warning("line %d %s", number, "x" * 40_000)
            root.warning(*more)
        finally:
            root.removeHandler(handler)
            handler.close()

    return write


def test_a_log_that_cannot_be_put_aside_is_written_on(kept, tmp_path):
    (tmp_path / f"{LOG_FILE}.1").mkdir()  # as a file that another program has open on Windows
    (tmp_path / f"{LOG_FILE}.1" / "x").touch()
    kept("the end")
    written = (tmp_path / LOG_FILE).read_text()
    assert all(f"line {number} " in written for number in range(40))


def test_the_log_file_is_private_and_bounded(kept, tmp_path):
    kept("key %s", KEY)
    files = sorted(tmp_path.iterdir())
    assert [each.name for each in files] == [LOG_FILE, f"{LOG_FILE}.1"]
    assert all(each.stat().st_size < 600_000 for each in files)
    assert all(each.stat().st_mode & 0o077 == 0 for each in files)
    assert KEY not in files[0].read_text()
    keep_log(tmp_path / "none")  # no folder, no log, no fault
