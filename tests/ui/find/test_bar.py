"""The bar for finding: what it asks for while one types, its keys, what it says, and where the keyboard goes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.ui.widgets.find_bar import FindBar

pytestmark = pytest.mark.window


class Window(QWidget):
    """A page under the bar, and a field where one was writing."""

    def __init__(self, theme):
        super().__init__()
        self.page = QScrollArea()
        self.box = QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.page)
        column.addWidget(self.box)
        self.bar = FindBar(theme, self.page)
        self.asked: list[tuple[str, bool]] = []
        self.steps: list[int] = []
        self.bar.query_changed.connect(lambda query, thinking: self.asked.append((query, thinking)))
        self.bar.step_requested.connect(self.steps.append)
        self.box.setFocus()

    @property
    def field(self):
        found = self.bar.findChild(QLineEdit)
        assert found is not None
        return found

    @property
    def said(self):
        found = self.bar.findChild(QLabel)
        assert found is not None
        return found.text()

    def button(self, name):
        return next(each for each in self.bar.findChildren(QAbstractButton) if each.accessibleName() == name)


@pytest.fixture
def window(qtbot, theme):
    made = Window(theme)
    qtbot.addWidget(made)
    made.resize(700, 400)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(made.box.hasFocus)
    return made


def test_it_searches_as_one_types_after_a_pause(window, qtbot):
    assert window.bar.isHidden()
    window.bar.open()
    assert window.field.hasFocus()

    with qtbot.waitSignal(window.bar.query_changed):
        QTest.keyClicks(window.field, "contract")
    assert window.asked == [("contract", False)]


def test_enter_searches_at_once_and_then_walks(window):
    window.bar.open()
    QTest.keyClicks(window.field, "word")
    QTest.keyClick(window.field, Qt.Key.Key_Return)
    assert (window.asked, window.steps) == ([("word", False)], [])

    window.bar.show_position(1, 3)
    QTest.keyClick(window.field, Qt.Key.Key_Return)
    QTest.keyClick(window.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert (window.asked, window.steps) == ([("word", False)], [1, -1])


@pytest.mark.parametrize(
    ("key", "modifiers", "step"),
    [
        (Qt.Key.Key_F3, Qt.KeyboardModifier.NoModifier, 1),
        (Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier, -1),
        (Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier, 1),
        (Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, -1),
    ],
)
def test_keys_walk_from_anywhere_in_the_window(window, qtbot, key, modifiers, step):
    with qtbot.waitActive(window):
        window.activateWindow()
    window.bar.open()
    window.box.setFocus()
    QTest.keyClick(window, key, modifiers)
    assert window.steps == [step]


def test_escape_closes_it_and_gives_the_keyboard_back(window, qtbot):
    window.bar.open()
    QTest.keyClicks(window.field, "word")
    with qtbot.waitSignal(window.bar.closed):
        QTest.keyClick(window.field, Qt.Key.Key_Escape)
    assert window.bar.isHidden()
    assert window.box.hasFocus()
    qtbot.wait(200)  # longer than the pause after the last letter
    assert window.asked == []


def test_opened_again_it_has_its_words_selected_and_searches_for_them(window):
    window.bar.open()
    QTest.keyClicks(window.field, "word")
    QTest.keyClick(window.field, Qt.Key.Key_Return)
    window.bar.close_bar()
    window.asked.clear()

    window.bar.open()
    assert window.field.selectedText() == "word"
    assert window.asked == [("word", False)]


def test_what_is_selected_on_the_page_fills_the_field(window):
    window.bar.open("  the contract \n and more")
    assert (window.field.text(), window.asked) == ("the contract", [("the contract", False)])


def test_thinking_can_be_searched_too(window):
    chosen: list[bool] = []
    window.bar.with_reasoning_changed.connect(lambda shall: chosen.append(shall))
    window.bar.open("word")
    QTest.mouseClick(window.button("Also in thinking"), Qt.MouseButton.LeftButton)
    assert chosen == [True]
    assert window.asked == [("word", False), ("word", True)]

    window.bar.set_with_reasoning(False)
    assert not window.bar.with_reasoning


def test_it_says_where_one_is(window):
    window.bar.open("word")
    window.bar.show_searching(0)
    assert window.said == "Searching…"
    window.bar.show_searching(12)
    assert window.said == "12 so far"
    window.bar.show_position(3, 17)
    assert window.said == "3 of 17"
    assert window.button("Next (Enter)").isEnabled()
    window.bar.show_position(0, 0)
    assert window.said == "Not found"
    assert not window.button("Next (Enter)").isEnabled()
    window.bar.show_nothing()
    assert window.said == ""


def test_going_on_from_the_other_end_is_said_for_a_moment(window, qtbot):
    window.bar.open("word")
    window.bar.show_wrapped(forwards=True)
    window.bar.show_position(1, 17)
    assert window.said == "From the start"
    qtbot.waitUntil(lambda: window.said == "1 of 17")


def test_it_stays_in_the_corner_of_the_page(window, qtbot):
    window.bar.open()
    right = window.page.width() - window.bar.geometry().right()
    window.resize(500, 400)
    qtbot.waitUntil(lambda: window.page.width() < 500)
    assert window.page.width() - window.bar.geometry().right() == right
    assert window.bar.x() >= 0
