"""The frame of whole pages: a column that stays where it is."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.ui.look.theme import Theme
from desktop.ui.widgets.page import CenteredPage


def test_a_page_that_scrolls_keeps_its_column_in_line(theme: Theme, qtbot: QtBot) -> None:
    page = CenteredPage(theme, 690)
    label = QLabel("words")
    page.column.addWidget(label)
    qtbot.addWidget(page)
    page.resize(760, 400)
    with qtbot.waitExposed(page):
        page.show()
    left = label.mapTo(page, QPoint(0, 0)).x()
    label.setMinimumHeight(1_000)
    qtbot.waitUntil(lambda: page.verticalScrollBar().isVisible())
    assert label.mapTo(page, QPoint(0, 0)).x() == left
