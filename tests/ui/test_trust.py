"""Where words went, and instructions: recorded or shown as they go, and never carried unseen."""

from __future__ import annotations

import csv
import json

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest

from desktop.core.place import THIS_COMPUTER
from desktop.core.trust import as_csv
from desktop.ui.chat.header import PlaceButton
from desktop.ui.chat.outgoing import InstructionsDialog, InstructionsLine, OutgoingDialog
from desktop.ui.look.theme import Theme
from desktop.ui.sidebar.list import ConversationListView
from desktop.ui.transcript.footer import MessageFooter
from desktop.ui.trust import LedgerPage
from desktop.ui.window.settings_dialog import SettingsDialog
from tests.support.scripts import ndjson, ollama_lines, ollama_script
from tests.ui.page_scenes import COUNTS, ENTRIES, TITLES, entry, filled
from tests.ui.steps import answering

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
        with answering("Clear") as question:
            page.clear.click()
            opened.wait_until(lambda: page.tree.isHidden())
        assert question.text == "Clear the record of where your words went?"
        opened.press("Esc")
        assert opened.window.is_chat_in_front


def test_a_row_opens_to_all_that_is_known_and_is_copied(qtbot):
    page = filled(Theme("light"))
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    tree = page.tree
    assert rows(tree)[2] == "Question, Temporary conversation, On this computer, 272 words"
    assert rows(tree)[3] == "Test, Qwen3 8B, Private network, gpu-server, 41.0 KB"
    assert rows(tree)[6] == (
        "Question, A conversation that is not in your list, Internet, api.provider.example, Not sent"
    )
    assert rows(tree)[7] == f"Question to each file, {TITLES['suppliers']}, Private network, gpu-server, 272 words"
    assert "What went: 58 times with words, 58 files, 41.0 KB\n" in tree.lines_of(ENTRIES[7])
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
    assert "Only the newest 9" in page.note.text()
    page.show_counts(COUNTS[:1])
    assert page.counts[list(page.counts)[2]].words == "0 times with words, Internet"


def test_no_cell_of_an_exported_table_is_a_formula():
    made = entry(0, ENTRIES[0].purpose.errand, "rent")
    table = as_csv([made], {"rent": "=HYPERLINK(1)"})
    assert "'=HYPERLINK(1)" in table


MINE = "I work in purchasing. Answer in formal German."


def dialog_of(opened):
    """The dialog that is open now."""
    (found,) = [each for each in opened.window.findChildren(InstructionsDialog) if each.isVisible()]
    return found


def line_of(opened):
    """What stands above the message box; empty where nothing goes along."""
    line = opened.window.findChild(InstructionsLine)
    return line.button.accessibleName() if line.isVisible() else ""


def system_of(server):
    return [each["content"] for each in server.chats[-1].json["messages"] if each["role"] == "system"]


def view_of(opened):
    """All that would be sent with the next message, as the badge's menu shows it."""
    opened.window.header.place.outgoing_requested.emit()
    (view,) = [each for each in opened.window.findChildren(OutgoingDialog) if each.isVisible()]
    opened.wait_until(view.text.toPlainText)
    text = view.text.toPlainText()
    view.reject()
    return text


def test_what_is_written_for_all_is_shown_sent_and_changed_for_one(open_over, candor_home):
    with open_over(ollama_script(ndjson(ollama_lines("Sehr geehrte Frau Muster")))) as (opened, server):
        opened.wait_for_model()
        assert line_of(opened) == ""
        opened.window.settings_requested.emit()
        opened.window.findChild(SettingsDialog).instructions.click()
        dialog = dialog_of(opened)
        passage = QMimeData()
        passage.setText("word " * 20_000)  # which a box would lay out at every key
        dialog.ahead.insertFromMimeData(passage)
        assert dialog.ahead.toPlainText() == ""
        assert dialog.too_long.isVisible()
        dialog.ahead.setPlainText(f"  {MINE}\n")
        assert not dialog.too_long.isVisible()
        dialog.save.click()
        # The conversation in front has none of its own and nothing was said in it: it follows.
        assert line_of(opened) == f"Instructions: {MINE}"
        opened.write("Write to the supplier")
        assert view_of(opened) == f"— Your instructions —\n{MINE}\n\n— This message —\nWrite to the supplier"
        opened.box.clear()
        opened.ask("Write to the supplier")
        assert system_of(server) == [MINE]

        # Changed for this conversation alone; the view says what went before, too.
        opened.window.header.place.instructions_requested.emit()
        dialog = dialog_of(opened)
        assert (dialog.here.toPlainText(), dialog.ahead.toPlainText()) == (MINE, MINE)
        dialog.here.setPlainText("Be brief.")
        dialog.save.click()
        assert line_of(opened) == "Instructions: Be brief."
        opened.write("And the date?")
        shown = view_of(opened)
        assert "Be brief." in shown
        assert MINE not in shown
        assert "— You —\nWrite to the supplier\n\n— Answer —\nSehr geehrte Frau Muster" in shown
        opened.box.clear()
        opened.ask("And the date?")
        assert system_of(server) == ["Be brief."]

        # What a fresh start begins with is what every new one does.
        opened.program.chat.fresh.start_conversation(goes_on=True)
        assert line_of(opened) == f"Instructions: {MINE}"
        opened.ask("Write to the other one")
        assert system_of(server) == [MINE]
        opened.program.chat.new()
        opened.window.header.place.instructions_requested.emit()
        dialog = dialog_of(opened)
        dialog.ahead.clear()
        dialog.here.clear()
        dialog.save.click()
        assert line_of(opened) == ""
        opened.ask("Hello")
        assert system_of(server) == []

        # Model and place are told in the menu below each answer.
        footer = opened.window.transcript.live_views()[-1][1].findChild(MessageFooter)
        assert any("On this computer" in each.text() for each in footer.menu().actions())
        assert footer.origin == ""
        listed = opened.window.sidebar.findChild(ConversationListView).model()
        told = [listed.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) for row in range(listed.rowCount())]
        assert any("Hello" in str(each) and "On this computer" in str(each) for each in told)
    assert json.loads((candor_home / "settings.json").read_text(encoding="utf-8")).get("instructions", "") == ""
