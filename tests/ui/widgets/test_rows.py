"""A list of lines: what the keyboard does in it, and what stays where it is while other lines are shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.ui.widgets.picker import narrowed
from desktop.ui.widgets.rows import Row, RowList

ROWS = [
    Row("near", "On this computer", is_heading=True),
    Row("a", "Alpha", about="for mails", tick=False),
    Row("note", "Looking…", is_dead=True),
    Row("b", "Beta <b>", beside="thinks", aside="2 GB", tick=True),
]


@pytest.fixture
def listed(theme, qtbot):
    made = RowList(theme, "Lines")
    qtbot.addWidget(made)
    made.resize(300, 300)
    made.show_rows(ROWS)
    with qtbot.waitExposed(made):
        made.show()
    made.setFocus()
    return made


def at(listed):
    return listed.current.key if listed.current is not None else None


def test_keys_pass_over_what_cannot_be_chosen_and_end_at_the_last_line(listed):
    listed.go_to("a")
    assert listed.step(1)
    assert at(listed) == "b"
    assert not listed.step(1)
    QTest.keyClick(listed, Qt.Key.Key_Up)
    assert at(listed) == "a"
    listed.go_to("note")
    assert at(listed) is None


def test_enter_chooses_space_ticks_and_a_press_does_as_the_list_says(listed, qtbot):
    done: list[tuple[str, object]] = []
    listed.chosen.connect(lambda key: done.append(("chosen", key)))
    listed.ticked.connect(lambda key: done.append(("ticked", key)))
    listed.go_to("b")
    QTest.keyClick(listed, Qt.Key.Key_Return)
    QTest.keyClick(listed, Qt.Key.Key_Space)
    line = listed.visualRect(listed.model().index(1, 0))
    box = listed.painter.icon_area(line).center()
    qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=box)
    qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=line.center())
    assert done == [("chosen", "b"), ("ticked", "b"), ("ticked", "a"), ("chosen", "a")]
    listed.chooses_on_press = False
    qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=line.center())
    assert len(done) == 4
    qtbot.mouseDClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=line.center())
    assert done[-1] == ("chosen", "a")


def test_a_press_on_a_box_takes_the_keyboard_to_its_line_and_scrolls_nothing(listed, qtbot):
    done: list[tuple[str, object]] = []
    listed.ticked.connect(lambda key: done.append(("ticked", key)))
    listed.reached.connect(lambda key: done.append(("reached", key)))
    listed.show_rows([Row(number, f"Line {number}", tick=False) for number in range(40)])
    scroll_bar = listed.verticalScrollBar()
    scroll_bar.setValue(scroll_bar.maximum() - 5)
    scrolled = scroll_bar.value()
    box = listed.painter.icon_area(listed.visualRect(listed.model().index(39, 0))).center()
    qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert scroll_bar.value() == scrolled
    QTest.keyClick(listed, Qt.Key.Key_Space)
    assert done == [("ticked", 39), ("ticked", 39)]


def test_the_keyboard_stays_at_its_line_while_others_come_and_go(listed):
    listed.go_to("b")
    reached: list[object] = []
    listed.reached.connect(reached.append)
    listed.show_rows([Row("new", "New"), *ROWS])
    assert at(listed) == "b"
    listed.show_rows(ROWS[:2])
    assert at(listed) is None
    assert reached == []  # nobody has walked


def test_a_screen_reader_hears_all_of_a_line_as_words(listed):
    index = listed.model().index(3, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Beta <b>, thinks, 2 GB"
    assert index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value


def test_lines_are_narrowed_to_those_that_have_all_words_with_their_headings():
    assert narrowed(ROWS, "MAILS al") == ROWS[:2]
    assert narrowed(ROWS, "computer") == []
    assert narrowed(ROWS, " ") == ROWS
