"""Giving a folder, its chip and its sheet, in the whole window; what is read of it, the test tells."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QPushButton, QToolButton

from desktop.core.documents.document import Opened
from desktop.store.files import FileStore
from desktop.ui.chat.folders_presenter import FolderSheet
from desktop.ui.documents.file_chip import FileTrouble
from desktop.ui.folders import FolderChip
from desktop.ui.inputs.plain_paste import files_in
from desktop.ui.widgets.rows import RowList
from tests.support.scripted_reader import ScriptedReader
from tests.ui.file_scenes import ToldFolders, folder_at
from tests.ui.steps import answering

CONTRACTS = folder_at(Path("/given/Contracts"))
LONGEST_END = 20.0  # seconds, on a computer that does much else; a drive would hang for ever


@pytest.fixture
def told(monkeypatch):
    """The folders of the next program that is opened."""
    folders = ToldFolders()
    monkeypatch.setattr("desktop.services.Folders", lambda *_: folders)
    yield folders
    folders.deleteLater()


def chips_in(opened):
    return [each for each in opened.window.findChildren(FolderChip) if each.isVisible()]


def names_in(opened):
    return [each.accessibleName() for each in chips_in(opened)]


def sheet_of(opened):
    return next((each for each in opened.window.findChildren(FolderSheet) if each.isVisible()), None)


def menu_of(opened):
    """What the paper-clip offers, by its words."""
    buttons = opened.window.composer.findChildren(QToolButton)
    clip = next(each for each in buttons if each.accessibleName() == "Attach files")
    QTest.mouseClick(clip, Qt.MouseButton.LeftButton)
    return offered_in(opened)


def offered_in(opened):
    """What the menu that is open offers, by its words."""
    menu = next(each for each in opened.window.findChildren(QMenu) if each.isVisible())
    offered = {each.text().partition("\t")[0]: each for each in menu.actions() if each.isEnabled() and each.text()}
    menu.close()
    return offered


def test_folders_stay_with_their_conversation_over_a_restart_and_are_only_offered_in_others(open_it, told):
    told.tell(CONTRACTS)
    with open_it() as opened:
        menu_of(opened)["Contracts"].trigger()
        opened.press("Ctrl+Shift+T")
        assert names_in(opened) == []
        opened.window.new_conversation()
        assert names_in(opened) == ["Contracts, 203 of 212 files"]
    with open_it() as opened:  # in which nothing was said yet
        opened.wait_until(lambda: names_in(opened) == ["Contracts, 203 of 212 files"])
        opened.ask("What notice?")
        first = opened.program.chat.current.id
        opened.window.new_conversation()
        assert names_in(opened) == []
        assert "Contracts" in menu_of(opened)
        opened.drain_store()
    with open_it() as opened:
        opened.drain_store()
        assert names_in(opened) == []
        opened.program.chat.open(first)
        opened.wait_until(lambda: names_in(opened) == ["Contracts, 203 of 212 files"])


def test_a_folder_used_before_or_another_is_taken_from_the_start_page_and_out_again_and_comes_back(
    open_it, told, monkeypatch, tmp_path
):
    told.tell(CONTRACTS)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "Minutes"))
    with open_it() as opened:
        for entry, chips in {
            "Another folder…": ["Minutes, 0 of 212 read"],
            "Contracts": ["Contracts, 203 of 212 files"],
        }.items():
            opened.program.chat.change_settings(lambda settings: replace(settings, folders=()))
            opened.click("Ask a folder")
            offered_in(opened)[entry].trigger()
            assert names_in(opened) == chips
        QTest.keyClick(chips_in(opened)[0], Qt.Key.Key_Delete)
        assert names_in(opened) == []
        assert CONTRACTS in told.known()
        opened.click("Undo")
        assert names_in(opened) == ["Contracts, 203 of 212 files"]
        cross = chips_in(opened)[0].findChild(QToolButton)
        QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
        assert names_in(opened) == []
        opened.press("Ctrl+Z")
        assert names_in(opened) == ["Contracts, 203 of 212 files"]
        QTest.keyClick(chips_in(opened)[0], Qt.Key.Key_Delete)
        opened.window.new_conversation()
        assert not opened.says("is not asked any more")
        opened.press("Ctrl+Z")
        assert names_in(opened) == []


def test_the_sheet_tells_what_was_read_and_pauses_and_forgets(open_it, told):
    told.tell(replace(CONTRACTS, read=131, is_reading=True, seconds_left=120.0, outside=3))
    with open_it() as opened:
        opened.window.resize(1000, 800)
        opened.window.parts.folders.give(CONTRACTS.path)
        QTest.keyClick(chips_in(opened)[0], Qt.Key.Key_Space)
        sheet = sheet_of(opened)
        for words in ("131 of 212 files read", "about 2 min more", "Read on this computer", "3 hidden files"):
            assert opened.says(words)
        files = sheet.findChild(RowList)
        opened.wait_until(lambda: files.rows)
        assert [row.words for row in files.rows[:4]] == [
            "Needs its password · 1",
            "Bank details of suppliers.xlsx · Suppliers, Password…",
            "No text in it · 1",
            "Lease Harbour Street 4, signed.pdf · Leases, Show",
        ]
        files.setFocus()
        QTest.keyClick(files, Qt.Key.Key_Return)
        asked = next(each for each in QApplication.allWidgets() if isinstance(each, FileTrouble))
        QTest.keyClicks(asked.findChild(QLineEdit), "open sesame")
        QTest.keyClick(asked.findChild(QLineEdit), Qt.Key.Key_Return)
        assert told.asked.pop() == ("Suppliers/Bank details of suppliers.xlsx", "open sesame")
        opened.click("Pause")
        assert opened.says("Paused")
        opened.click("Go on")
        opened.click("Forget this folder")
        assert opened.says("stays in its conversations, and in their backups")
        opened.click("Forget it")
        assert told.asked == [("pause", CONTRACTS.id), ("go_on", CONTRACTS.id), ("forget", CONTRACTS.id)]
        assert names_in(opened) == []
        assert sheet_of(opened) is None


def test_of_a_folder_with_too_many_files_a_subfolder_can_be_asked_instead(open_it, told, monkeypatch):
    told.tell(replace(CONTRACTS, files=20_000, read=20_000, unread=0, beyond=30_000))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/given/Contracts/Leases")
    with open_it() as opened:
        opened.window.parts.folders.give(CONTRACTS.path)
        QTest.keyClick(chips_in(opened)[0], Qt.Key.Key_Space)
        assert opened.says("Only the newest 20000 files are read")
        opened.click("Ask a subfolder instead…")
        assert names_in(opened) == ["Leases, 0 of 212 read"]
        assert sheet_of(opened) is None
        opened.press("Ctrl+Z")
        assert names_in(opened) == ["Contracts, 20000 files"]


def test_of_a_dropped_folder_it_is_asked_what_it_is_for(open_it, told, tmp_path):
    (tmp_path / "Contracts").mkdir()
    (tmp_path / "Contracts" / "Lease.txt").write_text("Six months.")
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(tmp_path / "Contracts"))])

    with open_it() as opened:
        files = opened.program.chat.attachments
        for words, has_come in (
            ("Ask the folder", lambda: names_in(opened)),
            ("Attach its files", lambda: files.items),
        ):
            with answering(words):
                opened.window.give_to_model(files_in(dropped))
                opened.wait_until(has_come)
            assert (len(names_in(opened)), len(files.items)) == (1, 0 if words == "Ask the folder" else 1)


def test_a_temporary_conversation_asks_only_folders_that_were_read_before(open_it, told):
    told.tell(replace(CONTRACTS, beyond=30_000))
    with open_it() as opened:
        opened.press("Ctrl+Shift+T")
        assert list(menu_of(opened)) == ["Contracts"]
        opened.press("Ctrl+Shift+F")
        assert "read before" in opened.notice
        menu_of(opened)["Contracts"].trigger()
        assert names_in(opened) == ["Contracts, 203 of 212 files"]
        QTest.keyClick(chips_in(opened)[0], Qt.Key.Key_Space)
        assert opened.says("Only the newest 212 files are read")
        offered = [each.text() for each in sheet_of(opened).findChildren(QPushButton) if each.isVisible()]
        assert "Forget this folder" in offered
        assert "Ask a subfolder instead…" not in offered


def test_where_folders_are_switched_off_nothing_offers_them(open_it, told):
    told.tell(CONTRACTS)
    told.is_allowed = False
    with open_it() as opened:
        opened.press("Ctrl+Shift+F")
        opened.program.chat.change_settings(lambda settings: replace(settings, folders=(CONTRACTS.id,)))
        assert names_in(opened) == ["A folder, switched off here"]
        offered = [each.accessibleName() for each in opened.window.findChildren(QPushButton) if each.isVisible()]
        assert "Ask a folder" not in offered
        assert not opened.says("to know from")


class StuckReader(ScriptedReader):
    """A reader whose process waits for a drive, so that nothing ends it."""

    async def read(self, path, name, **options):
        while True:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            yield Opened("text/plain")


@pytest.mark.parametrize("hangs", ["a look", "a reader", "a copy"])
def test_a_drive_that_hangs_holds_up_neither_a_question_nor_the_end(open_it, server, tmp_path, monkeypatch, hangs):
    forever = threading.Event()
    (tmp_path / "Contracts").mkdir()
    (tmp_path / "Contracts" / "Lease.txt").write_text("Six months' notice.")
    if hangs == "a look":
        monkeypatch.setattr("desktop.store.folders.look_at", lambda _: forever.wait())
    monkeypatch.setattr(
        "desktop.services.ReaderProcess", lambda _: StuckReader() if hangs == "a reader" else ScriptedReader()
    )
    with open_it() as opened:
        opened.wait_for_model()
        opened.window.parts.folders.give(tmp_path / "Contracts")
        if hangs == "a copy":
            opened.wait_until(lambda: names_in(opened) == ["Contracts, 1 file"])
            monkeypatch.setattr(FileStore, "keep_file", lambda *_: forever.wait())
        opened.write("What notice is given?")
        opened.press_enter()
        opened.wait_until(lambda: server.chats)
        began = time.monotonic()
    assert time.monotonic() - began < LONGEST_END
    forever.set()
