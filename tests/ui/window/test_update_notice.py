"""A newer version is told of where that was switched on, once a day, in one quiet line; else nobody is asked."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.updates import Release
from desktop.ui.look.theme import Theme
from desktop.ui.window.settings_dialog import SettingsDialog
from desktop.ui.window.update_line import UpdateLine
from tests.support.in_process import OpenProgram, open_program
from tests.support.scripted_server import ScriptedServer, json_reply, running_server
from tests.ui.answering import answering

pytestmark = pytest.mark.window

PAGE = "https://candor.example/news"
SCRIPT = {"GET /newest.json": [json_reply({"version": "999.1", "page": PAGE})]}


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch, candor_home: Path) -> None:
    """No server of models is near."""
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")
    monkeypatch.setenv("XDG_CACHE_HOME", str(candor_home / "empty"))


def settings_of(opened: OpenProgram) -> SettingsDialog:
    opened.window.sidebar.settings_requested.emit()
    found = opened.window.findChild(SettingsDialog)
    assert isinstance(found, SettingsDialog)
    return found


def asked(server: ScriptedServer) -> int:
    return len(server.requests)


def test_it_is_off_until_it_is_switched_on_and_then_leads_to_the_page(
    qapp: QApplication, candor_home: Path, quiet: None
) -> None:
    with (
        running_server(SCRIPT) as server,
        open_program(qapp, candor_home, update_address=f"{server.url}/newest.json") as opened,
    ):
        dialog = settings_of(opened)
        assert not dialog.updates.isChecked()
        assert "127.0.0.1" in dialog.updates.accessibleDescription()
        assert asked(server) == 0
        dialog.updates.click()
        opened.wait_until(lambda: opened.window.findChild(UpdateLine) is not None)
        assert asked(server) == 1
        assert opened.program.settings.update_looked_at > 0
        dialog.updates.click()
        dialog.updates.click()  # on again within the day
        dialog.reject()
        opened.window.show_chat()
        assert opened.says("Candor 999.1 is out")
        with answering("Cancel") as question:
            opened.click("Show")
        assert question.more.split("\n")[0] == PAGE
        assert "model" not in question.text
        assert not opened.says("Candor 999.1 is out")
        assert asked(server) == 1


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"update_notice": True, "offline_lock": True},
        {"update_notice": True, "update_looked_at": time.time()},
    ],
    ids=["off", "offline", "looked at today"],
)
def test_otherwise_nobody_is_asked(
    qapp: QApplication, candor_home: Path, quiet: None, known: dict[str, object]
) -> None:
    (candor_home / "settings.json").write_text(json.dumps(known), encoding="utf-8")
    with (
        running_server(SCRIPT) as server,
        open_program(qapp, candor_home, update_address=f"{server.url}/newest.json") as opened,
    ):
        opened.wait_until(lambda: opened.program.connections.is_settled)
        assert opened.window.findChild(UpdateLine) is None
    assert asked(server) == 0


def test_a_build_without_an_address_has_no_switch(qapp: QApplication, candor_home: Path, quiet: None) -> None:
    with open_program(qapp, candor_home) as opened:
        dialog = settings_of(opened)
        assert not dialog.updates.isVisible()
        assert dialog.offline.isVisible()
        dialog.reject()


def test_not_now_puts_the_line_away(theme: Theme, qtbot: QtBot) -> None:
    line = UpdateLine(theme, Release("0.3", PAGE))
    qtbot.addWidget(line)
    line.show()
    [later] = [each for each in line.findChildren(QPushButton) if each.text() == "Not now"]
    with qtbot.assertNotEmitted(line.opened):
        qtbot.mouseClick(later, Qt.MouseButton.LeftButton)
    assert not line.isVisible()
