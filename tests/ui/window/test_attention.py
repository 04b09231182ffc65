"""How often a reply is shown, and where the buttons of a failure lead in the window."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelChoice
from desktop.core.text.pace import Attention
from desktop.store.settings import Settings
from desktop.ui.window.main_window import AttentionWatch
from desktop.ui.window.settings_dialog import SettingsDialog
from tests.support.scripted_server import json_reply
from tests.support.scripts import ollama_script

pytestmark = pytest.mark.window


@pytest.mark.window
def test_what_is_not_seen_or_beside_gets_less(qtbot, qapp):
    window, other = QWidget(), QWidget()
    for each in (window, other):
        qtbot.addWidget(each)
    window.resize(200, 100)
    window.show()
    qtbot.waitUntil(lambda: window.isActiveWindow(), timeout=30_000)
    watch = AttentionWatch(window, qapp)
    seen: list[Attention] = []
    watch.changed.connect(seen.append)
    assert watch.now is Attention.IN_FRONT
    other.show()  # of the same program
    qtbot.waitUntil(lambda: other.isActiveWindow(), timeout=30_000)
    assert seen == []
    window.hide()
    assert seen == [Attention.UNSEEN]
    window.show()
    qtbot.waitUntil(lambda: watch.now is Attention.IN_FRONT, timeout=30_000)
    if shutil.which("xdotool") is None:
        return
    try:  # a window on another desktop is neither hidden nor minimised
        _go_to_desktop(1)
        qtbot.waitUntil(lambda: watch.now is Attention.UNSEEN, timeout=30_000)
    finally:
        _go_to_desktop(0)
    qtbot.waitUntil(lambda: watch.now is Attention.IN_FRONT, timeout=30_000)


def _go_to_desktop(number):
    subprocess.run(["xdotool", "set_num_desktops", "2", "set_desktop", str(number)], check=True, timeout=30)


TOO_LONG = json_reply({"error": "the prompt is longer than the context size of 4096 tokens"}, 400)
ELSEWHERE = Connection(
    kind=ConnectionKind.OPENAI_COMPAT, name="Elsewhere", address="https://candor-test.invalid/v1", id="elsewhere"
)


def buttons_in_sight(opened):
    return [each.text() for each in opened.window.findChildren(QPushButton) if each.isVisible()]


def settings_in_front():
    dialog = QApplication.activeModalWidget()
    return dialog if isinstance(dialog, SettingsDialog) else None


def test_what_is_too_long_is_started_fresh(open_over):
    with open_over(ollama_script(TOO_LONG)) as (opened, _):
        reply = opened.ask("Two and two?")
        assert reply.failure is not None
        assert reply.failure.kind == "context_too_long"
        assert opened.card.startswith("Too long for this model")
        opened.click("Start fresh", opened.window.transcript)
        opened.wait_until(lambda: opened.window.parts.fresh.is_open)


def test_an_older_reply_does_not_offer_to_start_from_what_came_later(open_over):
    with open_over(ollama_script(TOO_LONG)) as (opened, _):
        opened.ask("Two and two?")
        opened.ask("And three?")
        offered = [each for each in opened.window.transcript.findChildren(QPushButton) if each.text() == "Start fresh"]
        assert [each.isVisible() for each in offered].count(True) == 1


def test_the_lock_that_refuses_is_named_and_found(open_it, candor_home):
    choice = ModelChoice(ELSEWHERE.id, "big")
    Settings(connections=(ELSEWHERE,), default_choice=choice, offline_lock=True).save(candor_home / "settings.json")
    with open_it() as opened:
        opened.wait_until(lambda: opened.says("Candor's offline lock is on"))
        assert opened.says("nothing was sent to candor-test.invalid")
        opened.click("Open settings", opened.window.empty)
        opened.wait_until(settings_in_front)
        dialog = settings_in_front()
        assert dialog is not None
        assert dialog.focusWidget() is dialog.offline
        QTest.keyClick(dialog.offline, Qt.Key.Key_Space)
        assert not opened.program.services.settings.now.offline_lock
        opened.wait_until(lambda: not opened.says("Candor's offline lock is on"))
        dialog.reject()
        opened.wait_until(lambda: opened.window.focusWidget() is opened.box)
