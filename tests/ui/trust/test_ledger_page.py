"""Where words went: recorded as they go, shown for a conversation and in all, narrowed, exported, cleared."""

from __future__ import annotations

import csv
import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest

from desktop.core.place import THIS_COMPUTER
from desktop.core.trust.export import as_csv
from desktop.ui.chat.header import PlaceButton
from desktop.ui.look.theme import Theme
from desktop.ui.trust.page import LedgerPage
from tests.ui.trust.scenes import COUNTS, ENTRIES, entry, filled
from tests.ui.window.test_bin import answer

pytestmark = pytest.mark.window

WORDS = "the merger with Zyxwv Holdings"


def rows(tree):
    """What a screen reader hears of each row, without the time."""
    items = [tree.topLevelItem(at) for at in range(tree.topLevelItemCount())]
    return [", ".join(item.text(column).replace("\n", ", ") for column in range(1, 4)) for item in items]


def page_of(opened):
    """The page, opened by the badge in the header."""
    badge = opened.window.header.findChild(PlaceButton)
    assert isinstance(badge, PlaceButton)
    QTest.keyClick(badge, Qt.Key.Key_Return)
    assert badge.menu.isVisible()
    badge.menu.close()
    badge.ledger_requested.emit()
    page = opened.window.findChild(LedgerPage)
    assert isinstance(page, LedgerPage)
    return page


def test_what_was_sent_is_shown_exported_and_cleared(open_it, tmp_path, candor_home):
    with open_it() as opened:
        opened.window.presenter.consent_given.emit(THIS_COMPUTER)
        opened.ask(WORDS)
        page = page_of(opened)
        opened.wait_until(lambda: page.tree.topLevelItemCount() == 1)
        title = opened.program.chat.current.title
        assert rows(page.tree) == [f"Question, {title}, On this computer, 5 words"]
        page.with_lists.setChecked(True)
        page.here.setChecked(False)
        opened.wait_until(lambda: page.tree.topLevelItemCount() > 1)
        assert any(each.startswith("List of models, On this computer, ") for each in rows(page.tree))
        page.search.setText("zyxwv")  # stands in the title
        opened.wait_until(lambda: page.tree.topLevelItemCount() == 1)
        file = tmp_path / "went.csv"
        page.export(file, "csv")
        opened.wait_until(lambda: "went.csv" in page.note.text())
        (row,) = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
        assert (row["what"], row["title"], row["place"], row["end"]) == ("question", title, "this_computer", "done")
        assert (row["words"], row["earlier_words"], bool(row["asked"])) == ("5", "0", True)
        assert int(row["bytes_sent"]) > len(WORDS)
        page.export(tmp_path / "went.json", "json")
        opened.wait_until(lambda: (tmp_path / "went.json").exists())
        assert json.loads((tmp_path / "went.json").read_text(encoding="utf-8"))[0]["address"] == "127.0.0.1"
        assert WORDS.encode() not in b"".join(each.read_bytes() for each in candor_home.glob("candor-ledger.db*"))
        seen: list[str] = []
        answer("Clear", seen)
        page.clear.click()
        opened.wait_until(lambda: page.tree.isHidden())
        assert seen == ["Clear the record of where your words went?"]
        opened.press("Esc")
        assert opened.window.is_chat_in_front


def test_a_row_opens_to_all_that_is_known_and_is_copied(qtbot):
    page = filled(Theme("light"))
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    tree = page.tree
    assert rows(tree)[2] == "Question, Temporary conversation, On this computer, 272 words"
    assert rows(tree)[3] == "Test, Qwen3 8B, Private network (gpu-server), 41.0 KB"
    assert rows(tree)[6] == ("Question, A conversation that was deleted, Internet (api.provider.example), Not sent")
    assert [page.counts[kind].words for kind in page.counts] == [
        "214 times with words, On this computer",
        "38 times with words, Private network, 1 server",
        "3 times with words, Internet, 2 servers, 1 download, 12 requests without words",
    ]
    opened: list[str] = []
    tree.opened.connect(opened.append)
    tree.setCurrentItem(tree.topLevelItem(4))
    QTest.keySequence(tree, QKeySequence(QKeySequence.StandardKey.Copy))
    copied = QGuiApplication.clipboard().text()
    assert "api.provider.example, at the address 203.0.113.20, port 443" in copied
    assert "Encrypted (Example Trust)" in copied
    assert "What went: your message (38 words), no file, 41.0 KB\n" in copied
    assert "Along with it: 2 earlier messages (210 words), your instructions (24 words)\n" in copied
    assert "You were asked if your words may go there: " in copied
    tree.itemActivated.emit(tree.topLevelItem(4), 0)
    tree.itemActivated.emit(tree.topLevelItem(6), 0)  # of a conversation that is gone
    assert opened == ["suppliers"]
    page.show_entries(ENTRIES, {}, is_cut=True)
    assert "Only the newest 8" in page.note.text()
    page.show_counts(COUNTS[:1])
    assert page.counts[list(page.counts)[2]].words == "0 times with words, Internet"


def test_no_cell_of_an_exported_table_is_a_formula():
    made = entry(0, ENTRIES[0].purpose.errand, "rent")
    table = as_csv([made], {"rent": "=HYPERLINK(1)"})
    assert "'=HYPERLINK(1)" in table
