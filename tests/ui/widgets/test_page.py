"""The frame of whole pages: a column that stays where it is."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QPoint
from PySide6.QtWidgets import QLabel

from desktop.ui.widgets.page import CenteredPage


def test_a_page_that_scrolls_keeps_its_column_in_line(theme, qtbot):
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


def test_a_page_in_the_middle_keeps_its_top_while_it_grows(theme, qtbot):
    page = CenteredPage(theme, 690, centred=True)
    label, more = QLabel("words"), QLabel("said later")
    label.setFixedHeight(100)
    page.column.addWidget(label)
    page.column.addWidget(more)
    more.hide()
    qtbot.addWidget(page)
    page.resize(760, 600)
    with qtbot.waitExposed(page):
        page.show()

    def top():
        for _ in range(4):  # layouts within layouts
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        return label.mapTo(page, QPoint(0, 0)).y()

    first = top()
    more.setFixedHeight(60)
    page.keep_top()
    more.show()
    assert top() == first
    more.setFixedHeight(390)
    assert top() < first, "it keeps its place, and what is below it is cut off"
    more.setFixedHeight(60)
    page.resize(760, 610)
    assert top() < first - 20, "it is not in the middle again"
