"""Instructions: written in the window, shown before they go, sent as they are shown, and never carried unseen."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QMimeData, Qt

from desktop.ui.chat.instructions import InstructionsDialog, InstructionsLine, OutgoingDialog
from desktop.ui.sidebar.list import ConversationListView
from desktop.ui.transcript.footer import MessageFooter
from desktop.ui.window.settings_dialog import SettingsDialog
from tests.support.scripts import ndjson, ollama_lines, ollama_script

pytestmark = pytest.mark.window

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
