"""Backups and repairs as the user meets them: from the settings, and from the notice of a damaged file."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.core.conversation import Backup
from desktop.store.database import open_store
from desktop.ui.keeping import BackupsDialog
from desktop.ui.window.settings_dialog import SettingsDialog
from tests.store.conftest import turn
from tests.ui.steps import answering

pytestmark = pytest.mark.window


@pytest.fixture
def backed_up(candor_home):
    """A home with a backup of one conversation, and another conversation since."""
    store = open_store(candor_home / "candor.db")
    for number in range(40):
        conversation, asked, reply = turn(f"of yesterday {number}", "y" * 3000)
        store.begin_reply(conversation, [asked, reply])
    assert store.back_up_if_due() is not None
    conversation, asked, reply = turn("of today", "answer")
    store.begin_reply(conversation, [asked, reply])
    store.close()
    return candor_home / "candor.db"


def titles(opened):
    return [each.title for each in opened.program.chat.conversations]


def test_a_backup_is_restored_from_the_settings(open_it, backed_up):
    with open_it() as opened:
        opened.wait_until(lambda: "of today" in titles(opened))
        opened.press("Ctrl+,")
        settings = opened.window.findChild(SettingsDialog)
        assert isinstance(settings, SettingsDialog)
        settings.backups.click()
        opened.wait_until(lambda: opened.window.findChild(BackupsDialog) is not None)
        dialog = opened.window.findChild(BackupsDialog)
        assert isinstance(dialog, BackupsDialog)
        opened.wait_until(dialog.restore.isEnabled)
        assert "40 conversations, 80 messages" in dialog.list.rows[0].about
        dialog.restore.click()
        opened.wait_until(lambda: opened.program.shall_reopen)
        opened.wait_until(lambda: not opened.window.isVisible())
    with open_it() as opened:
        opened.wait_until(lambda: len(titles(opened)) == 40)
        assert "of today" not in titles(opened)
    assert list(backed_up.parent.glob("candor.aside-*.db"))


def test_restore_waits_while_a_backup_is_put_in_place(theme, qtbot):
    dialog = BackupsDialog(theme)
    qtbot.addWidget(dialog)
    dialog.show_backups([Backup(Path(name), at, 1000) for at, name in enumerate(("newer", "older"))])
    asked: list[Backup] = []
    dialog.chosen.connect(asked.append)
    dialog.restore.click()
    dialog.list.step(1)
    dialog.restore.click()
    assert [each.path.name for each in asked] == ["newer"]
    dialog.show_failure("It is gone.")
    dialog.restore.click()
    assert [each.path.name for each in asked] == ["newer", "older"]


def damage(file):
    """Zero one page of messages."""
    content = bytearray(file.read_bytes())
    at = content.index(b"y" * 2500) & ~4095
    content[at : at + 4096] = bytes(4096)
    file.write_bytes(content)


def test_a_damaged_file_is_repaired_by_two_presses(open_it, backed_up):
    damage(backed_up)
    with open_it() as opened:
        opened.wait_until(lambda: len(titles(opened)) == 41)
        opened.program.screens.care.look()
        opened.wait_until(lambda: "The conversations file is damaged" in opened.notice)
        shown = {each.text() for each in opened.window.notice.findChildren(QPushButton) if each.isVisible()}
        assert {"Repair…", "Restore a backup…"} <= shown
        with answering("Repair"):
            opened.click("Repair…", opened.window.notice)
            opened.wait_until(lambda: opened.program.shall_reopen)
        assert "could be read" in opened.program.screens.keeping.outcome
    with open_it() as opened:
        opened.wait_until(lambda: len(titles(opened)) == 41)
        opened.ask("and on")
        opened.wait_until(lambda: len(opened.path) == 2)
        opened.drain_store()
        assert opened.notice == ""
    assert list(backed_up.parent.glob("candor.aside-*.db"))


def test_nothing_is_lost_by_a_backup_that_is_gone(open_it, backed_up):
    with open_it() as opened:
        opened.wait_until(lambda: len(titles(opened)) == 41)
        dialog = opened.program.screens.keeping.show_backups()
        opened.wait_until(dialog.restore.isEnabled)
        for each in (backed_up.parent / "backups").glob("*.gz"):
            with contextlib.suppress(FileNotFoundError):
                each.unlink()
        dialog.restore.click()
        opened.wait_until(lambda: bool(dialog.nothing.text()))
        assert len(titles(opened)) == 41
        assert not opened.program.shall_reopen


@pytest.mark.parametrize("is_there", [True, False], ids=["emptied", "missing"])
def test_a_lost_file_is_told_and_its_backup_brought_back(open_it, backed_up, is_there):
    backed_up.unlink()
    if is_there:
        backed_up.touch()
    with open_it() as opened:
        opened.wait_until(lambda: "The conversations file is damaged" in opened.notice)
        opened.write("my words")
        opened.drain_store()
        assert "The conversations file is damaged" in opened.notice
        opened.click("Restore a backup…", opened.window.notice)
        opened.wait_until(lambda: opened.window.findChild(BackupsDialog) is not None)
        dialog = opened.window.findChild(BackupsDialog)
        opened.wait_until(dialog.restore.isEnabled)
        dialog.restore.click()
        opened.wait_until(lambda: opened.program.shall_reopen)
    with open_it() as opened:
        opened.wait_until(lambda: len(titles(opened)) == 40)
        opened.wait_until(lambda: opened.window.composer.text() == "my words")
        assert opened.notice == ""
