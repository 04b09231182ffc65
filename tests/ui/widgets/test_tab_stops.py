"""The walk of the keyboard from a part of the window to what stands beyond it."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.tab_stops import step

pytestmark = pytest.mark.window


class Part(QWidget):
    """Two buttons, walked through from the second to the first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        self.buttons = [QPushButton(words, self) for words in ("second", "first")]
        for button in self.buttons:
            column.addWidget(button)

    def focusNextPrevChild(self, next: bool) -> bool:
        return step(self, self.buttons[::-1], forward=next) or super().focusNextPrevChild(next)


class Page(QWidget):
    """A part between a button above and a page that scrolls, with a button, below."""

    def __init__(self) -> None:
        super().__init__()
        self.above = QPushButton("above", self)
        self.part = Part(self)
        self.scrolled = QScrollArea(self)
        self.bar = self.scrolled.verticalScrollBar()
        self.scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.below = QPushButton("below", self)
        column = QVBoxLayout(self)
        for each in (self.above, self.part, self.scrolled, self.below):
            column.addWidget(each)


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    made = Page()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    return made


def walk(page: Page, start: QWidget, *, forward: bool) -> list[str]:
    start.setFocus()
    seen = []
    for _ in range(4):
        focused = QApplication.focusWidget()
        assert isinstance(focused, QPushButton)
        seen.append(focused.text())
        QTest.keyClick(focused, Qt.Key.Key_Tab if forward else Qt.Key.Key_Backtab)
    return seen


def test_beyond_the_part_the_walk_goes_on(page: Page) -> None:
    first, second = page.part.buttons[1], page.part.buttons[0]
    assert walk(page, first, forward=True) == ["first", "second", "below", "above"]
    assert walk(page, second, forward=False) == ["second", "first", "above", "below"]
    assert {each.focusPolicy() for each in page.part.buttons} == {Qt.FocusPolicy.StrongFocus}


def test_what_stands_beyond_outlives_what_was_left(page: Page) -> None:
    walk(page, page.part.buttons[1], forward=True)
    page.part.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert [each for each in (page, page.bar, page.below, page.above) if not shiboken6.isValid(each)] == []
