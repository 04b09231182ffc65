"""Lists, forms, pages and panels: what the keyboard does in them, and what stays where it is while they change."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QSplitterHandle

from desktop.ui.widgets.form import Field, Form, choice, switch
from desktop.ui.widgets.page import CenteredPage
from desktop.ui.widgets.picker import narrowed
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.widgets.side_panel import PanelShape, SidePanel

pytestmark = pytest.mark.window


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


def test_what_is_wrong_is_said_at_its_field_and_unfolded(theme, qtbot):
    form = Form(
        theme,
        (
            Field("name", "Name", required=True),
            Field("kind", "Kind", choice, "b", (("A", "a"), ("B", "b")), more=True),
            Field("on", "On", switch, True, more=True),
        ),
    )
    qtbot.addWidget(form)
    with qtbot.waitActive(form):
        form.show()
        form.activateWindow()
    heard: list[str] = []
    form.changed.connect(heard.append)
    form.entered.connect(lambda: heard.append("entered"))
    assert form.values() == {"name": "", "kind": "b", "on": True}
    assert not form.is_changed
    form.focus()
    QTest.keyClicks(QApplication.focusWidget(), "x")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert (heard, form.is_changed) == (["name", "entered"], True)
    kind = form.fields["kind"]
    assert not kind.isVisible()
    assert form.say({"kind": "Not this one."}) is kind
    assert kind.spoken is QApplication.focusWidget()
    assert (kind.problem, kind.spoken.accessibleDescription()) == ("Not this one.", "Not this one.")
    form.begin_with("kind", "a")
    assert (kind.problem, form.value("kind")) == ("", "a")
    assert form.say({}) is None
    kind.spoken.setAccessibleDescription("What it is for.")
    for problem, said in (("", "What it is for."), ("Not this one.", "Not this one."), ("", "What it is for.")):
        form.say({"kind": problem})
        assert kind.spoken.accessibleDescription() == said
    assert form.fields["name"].spoken.accessibleName() == "Name, required"


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
    more.setFixedHeight(120)
    page.keep_top()
    more.show()
    assert top() == first
    more.setFixedHeight(390)
    assert top() < first, "it keeps its place, and what is below it is cut off"
    more.setFixedHeight(120)
    page.resize(760, 610)
    assert top() < first - 20, "it is not in the middle again"


@pytest.mark.parametrize("edge", [Qt.Edge.LeftEdge, Qt.Edge.RightEdge])
def test_no_part_of_the_border_is_deleted_when_the_panel_lies_over_the_page(qtbot, theme, edge):
    """Qt walks through all widgets when it puts on a style sheet, and the size that this gives may need the change."""
    panel = QLabel("panel")
    place = SidePanel(theme, PanelShape(edge, "dock", 340, narrowest=280, left_to_page=420), QLabel("page"), panel)
    qtbot.addWidget(place)
    place.resize(1000, 500)
    place.restore(True)
    with qtbot.waitExposed(place):
        place.show()
    handles = place.findChildren(QSplitterHandle)
    assert panel.isVisible()
    assert not place.is_over
    place.resize(600, 500)
    qtbot.waitUntil(lambda: place.width() == 600)
    assert not panel.isVisible()
    place.toggle()
    assert place.is_over
    assert panel.isVisible()
    assert panel.height() == place.height()
    place.resize(1000, 500)
    qtbot.waitUntil(lambda: place.width() == 1000 and not place.is_over)
    assert panel.isVisible()
    assert abs(panel.width() - 340) <= 1
    assert [shiboken6.isValid(each) for each in handles] == [True, True]
