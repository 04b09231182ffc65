"""Deleted conversations: found again on their page, restored as they were, or erased for good."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox, QPushButton

from desktop.store.database import open_store
from desktop.ui.window.bin_page import BinPage
from tests.store.messages import turn

pytestmark = pytest.mark.window


@pytest.fixture
def opened(candor_home, open_it):
    """The program with a kept conversation, three deleted ones, and one that has been in the bin for too long."""
    file = candor_home / "candor.db"
    store = open_store(file)
    for words in ("kept", "of long ago", "secret plans", "第二份合同", "old news"):
        conversation, asked, reply = turn(words, f"about {words}")
        store.begin_reply(conversation, [asked, reply])
        if words != "kept":
            store.delete_conversation(conversation.id)
    store.close()
    with closing(sqlite3.connect(file)) as other, other:
        other.execute("UPDATE conversations SET deleted_at = deleted_at - 31 * 86400 WHERE title = 'of long ago'")
    with open_it() as program:
        program.wait_until(lambda: len(program.program.chat.conversations) == 1)
        yield program


def page_of(opened):
    buttons = opened.window.sidebar.findChildren(QAbstractButton)
    next(each for each in buttons if each.accessibleName() == "Deleted conversations").click()
    page = opened.window.findChild(BinPage)
    assert isinstance(page, BinPage)
    opened.wait_until(lambda: page.list.count() == 3)
    return page


def titles(page):
    return [page.list.item(row).text().partition("\n")[0] for row in range(page.list.count())]


def answer(words, seen):
    """Click the button `words` of the question that comes next."""

    def click():
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(20, click)
            return
        seen.append(box.text())
        next(each for each in box.findChildren(QPushButton) if each.text() == words).click()

    QTimer.singleShot(0, click)


def test_what_was_deleted_is_listed_the_latest_first(opened):
    page = page_of(opened)
    assert titles(page) == ["old news", "第二份合同", "secret plans"]
    assert page.list.item(0).text().endswith("deleted today · 30 days left")
    opened.program.services.settings.change(bin_days=0)
    opened.press("Esc")
    opened.window.parts.bin.open()
    opened.wait_until(lambda: page.list.item(0) is not None and page.list.item(0).text().endswith("deleted today"))
    assert "until you delete them for good" in page.explanation.text()


def test_enter_restores_what_is_chosen_and_shows_it(opened):
    page = page_of(opened)
    page.list.setCurrentRow(1)
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    opened.wait_until(lambda: opened.program.chat.current.title == "第二份合同")
    assert opened.window.is_chat_in_front
    opened.wait_until(lambda: titles(page) == ["old news", "secret plans"])
    assert len(opened.program.chat.conversations) == 2


def test_erasing_asks_and_leaves_no_word(opened, candor_home):
    page = page_of(opened)
    page.list.setCurrentRow(2)
    seen: list[str] = []
    answer("Cancel", seen)
    QTest.keyClick(page.list, Qt.Key.Key_Delete)
    opened.wait_until(lambda: bool(seen))
    assert page.list.count() == 3
    answer("Delete for good", seen)
    opened.click("Delete for good…", page)
    opened.wait_until(lambda: page.list.count() == 2)
    assert seen == ["Delete 1 conversation for good?"] * 2
    opened.drain_store()
    for file in candor_home.glob("candor.db*"):
        assert b"secret plans" not in file.read_bytes()


def test_the_bin_is_emptied(opened):
    page = page_of(opened)
    seen: list[str] = []
    answer("Delete for good", seen)
    opened.click("Empty the bin…", page)
    opened.wait_until(lambda: page.list.count() == 0)
    assert seen == ["Delete 3 conversations for good?"]
    assert page.nothing.text() == "Nothing is in the bin."
    assert not page.restore.isEnabled()
    opened.press("Esc")
    assert opened.window.is_chat_in_front


def test_what_was_erased_before_the_disk_refused_is_listed_no_more(opened, candor_home):
    page = page_of(opened)
    with closing(sqlite3.connect(candor_home / "candor.db")) as other, other:
        other.execute(
            "CREATE TRIGGER refusal BEFORE DELETE ON conversations WHEN old.title = '第二份合同' "
            "BEGIN SELECT RAISE(FAIL, 'the disk refuses'); END"
        )
    answer("Delete for good", [])
    opened.click("Empty the bin…", page)
    opened.wait_until(lambda: titles(page) == ["第二份合同", "secret plans"])
