"""Parts that all pages are made of: lists, forms, buttons, quiet lines, links."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitterHandle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.widgets.boxes import ask_and_open
from desktop.ui.widgets.keys import LEAVES_ENTER, step
from desktop.ui.widgets.page import PanelShape, SidePanel
from desktop.ui.widgets.rows import Row, RowList
from tests.ui.steps import answering

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


@pytest.mark.window
def test_keys_pass_over_what_cannot_be_chosen_and_stay_at_their_line_while_others_come(listed):
    index = listed.model().index(3, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Beta <b>, thinks, 2 GB"
    assert index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
    listed.go_to("a")
    assert listed.step(1)
    assert at(listed) == "b"
    assert not listed.step(1)
    QTest.keyClick(listed, Qt.Key.Key_Up)
    assert at(listed) == "a"
    listed.go_to("note")
    assert at(listed) is None
    listed.go_to("b")
    reached: list[object] = []
    listed.reached.connect(reached.append)
    listed.show_rows([Row("new", "New"), *ROWS])
    assert at(listed) == "b"
    listed.show_rows(ROWS[:2])
    assert at(listed) is None
    assert reached == []  # nobody has walked


@pytest.mark.window
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


@pytest.mark.window
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


def focused(widget):
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    assert widget.hasFocus()
    return widget


@pytest.mark.window
@pytest.mark.parametrize("make_window", [QWidget, QDialog])
def test_enter_presses_a_button_and_leaves_boxes_and_choices_to_the_form(qtbot, make_window):
    button, tool, other = QPushButton(), QToolButton(), QPushButton("another")
    box, choice = QCheckBox("Only here"), QPushButton("This one")
    choice.setProperty(LEAVES_ENTER, True)
    choice.setCheckable(True)
    choice.setAutoDefault(False)
    button.setAutoDefault(False)
    pressed: list[QWidget] = []
    for each in (button, tool, other):
        each.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        each.clicked.connect(lambda _=False, each=each: pressed.append(each))
    window = make_window()
    column = QVBoxLayout(window)
    for part in (other, button, tool, box, choice):
        column.addWidget(part)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    for each in (button, tool):
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QTest.keyClick(focused(each), key)
    assert pressed == [button, button, tool, tool]
    # A key that is held, or has another with it, presses nothing.
    QTest.keyClick(focused(button), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    press, none = QEvent.Type.KeyPress, Qt.KeyboardModifier.NoModifier
    QCoreApplication.sendEvent(button, QKeyEvent(press, Qt.Key.Key_Return, none, "\r", True))
    assert len(pressed) == 4
    for each in (box, choice):
        QTest.keyClick(focused(each), Qt.Key.Key_Return)
        assert not each.isChecked()


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


@pytest.mark.window
def test_tab_goes_as_one_reads_round_the_end_and_passes_over_what_is_covered(page):
    assert walk(page, 5) == ["first", "second", "below", "far down", "first"]
    assert walk(page, 5, Qt.Key.Key_Backtab) == ["far down", "below", "second", "first", "far down"]
    over = QPushButton("over", page)
    over.setGeometry(page.scrolled.geometry())
    over.show()
    assert walk(page, 4) == ["over", "first", "second", "over"]


def buttons(of):
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return [button for button in of.findChildren(QPushButton) if button.isVisible()]


SCHEMES = ("https", "http", "mailto", "file", "javascript")


class Browser(QObject):
    """Stands in the system's place and remembers what it was told to open."""

    def __init__(self):
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open_url(self, url):
        self.opened.append(bytes(url.toEncoded().data()).decode())


@pytest.fixture
def browser(qapp):
    made = Browser()
    for scheme in SCHEMES:
        QDesktopServices.setUrlHandler(scheme, made, "open_url")
    yield made
    for scheme in SCHEMES:
        QDesktopServices.unsetUrlHandler(scheme)


@pytest.fixture
def parent(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_the_whole_address_is_shown_before_it_opens(browser, parent, qapp):
    for href, shown in (
        ("https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        ("https://аpple.com/", "https://xn--pple-43d.com/"),
        ("mailto:a@example.com", "mailto:a@example.com"),
    ):
        for answer in ("Cancel", "", "Copy the address", "Open"):
            assert browser.opened == []
            with answering(answer) as question:
                ask_and_open(parent, href)
            assert (question.more.split("\n")[0], question.default) == (shown, "Cancel")
            assert ("“аpple.com”" in question.more) is ("apple" not in href and "pple" in href)  # a look-alike
            assert (shown.startswith("mailto:")) == ("mail program" in question.text)
            assert question.text_format is Qt.TextFormat.PlainText
        assert qapp.clipboard().text() == shown
        assert browser.opened == [shown]
        browser.opened.clear()


ANYTHING_ELSE = ["file:///etc/passwd", "javascript:alert(1)", "//host/share", "https://user:key@example.com/", "", "x"]


def test_anything_else_is_not_even_asked(browser, parent):
    for href in ANYTHING_ELSE:
        with answering("Open") as question:
            ask_and_open(parent, href)
        assert not question.was_asked
        assert browser.opened == []
