"""The walk of the keyboard through a window in which things were made, hidden and covered in any order."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.ui.widgets.keys import step

pytestmark = pytest.mark.window


class Page(QWidget):
    """A row of buttons of which the first came last, and a page that scrolls below it."""

    def __init__(self):
        super().__init__()
        below = QPushButton("below")
        self.far = QPushButton("far down")
        inner = QWidget()
        high = QVBoxLayout(inner)
        high.addWidget(below)
        high.addSpacing(2000)
        high.addWidget(self.far)
        self.scrolled = QScrollArea(self)
        self.scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scrolled.setWidget(inner)
        self.row = QHBoxLayout()
        for words in ("second", "first"):
            self.row.insertWidget(0, QPushButton(words))
        self.row.addWidget(QPushButton("off", enabled=False))
        column = QVBoxLayout(self)
        column.addLayout(self.row)
        column.addWidget(self.scrolled)

    def focusNextPrevChild(self, next):
        return step(self, forward=next)


@pytest.fixture
def page(qtbot):
    made = Page()
    qtbot.addWidget(made)
    made.resize(400, 300)
    with qtbot.waitActive(made):
        made.show()
    QApplication.focusWidget().clearFocus()
    return made


def walk(page, count, key=Qt.Key.Key_Tab):
    seen = []
    for _ in range(count):
        QTest.keyClick(QApplication.focusWidget() or page, key)
        focused = QApplication.focusWidget()
        assert isinstance(focused, QPushButton)
        seen.append(focused.text())
    return seen


def test_it_goes_as_one_reads_and_round_the_end(page):
    assert walk(page, 5) == ["first", "second", "below", "far down", "first"]
    assert walk(page, 5, Qt.Key.Key_Backtab) == ["far down", "below", "second", "first", "far down"]


def test_what_is_reached_is_brought_into_sight(page):
    assert walk(page, 2, Qt.Key.Key_Backtab) == ["far down", "below"]
    assert walk(page, 1) == ["far down"]
    assert not page.far.visibleRegion().isEmpty()


def test_what_lies_under_something_else_is_passed_over(page):
    over = QPushButton("over", page)
    over.setGeometry(page.scrolled.geometry())
    over.show()
    assert walk(page, 4) == ["first", "second", "over", "first"]
