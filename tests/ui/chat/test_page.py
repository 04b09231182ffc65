"""The page of a conversation: lines that come and go between its parts."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.ui.chat.page import ChatPage
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.theme import Theme

pytestmark = pytest.mark.window


def test_a_line_that_is_not_shown_takes_no_room(theme: Theme, qtbot: QtBot) -> None:
    page = ChatPage(theme, PanelPreference.AUTO)
    qtbot.addWidget(page)
    page.resize(700, 500)
    with qtbot.waitExposed(page):
        page.show()
    before = page.empty.height()
    line = QLabel("A line")
    line.hide()
    page.put_below(line)
    page.layout().activate()
    assert page.empty.height() == before
    line.show()
    qtbot.waitUntil(lambda: page.empty.height() < before)
    line.hide()
    qtbot.waitUntil(lambda: page.empty.height() == before)
