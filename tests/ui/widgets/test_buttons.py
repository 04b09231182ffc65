"""Buttons: how they are drawn, that Enter presses the one with the keyboard, and the walk of the keyboard to them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QStyleOptionButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.widgets.buttons import AFTER_ICON, LabelledButton, MenuButton
from desktop.ui.widgets.keys import LEAVES_ENTER, step

pytestmark = pytest.mark.window


def left_of_words(button):
    """The first column in which there is something dark."""
    image = button.grab().toImage()

    def is_dark(color):
        return color.alpha() > 128 and color.lightness() < 128

    columns = range(image.width())
    return next(x for x in columns if any(is_dark(image.pixelColor(x, y)) for y in range(image.height())))


def test_a_menu_does_not_move_the_words_to_the_edge(theme, qtbot):
    button = MenuButton(theme)
    qtbot.addWidget(button)
    button.show_words("Model", "Model")
    button.resize(button.sizeHint())
    before = left_of_words(button)
    button.setMenu(QMenu(button))
    assert left_of_words(button) == before
    assert before >= theme.px(8)


def painted_words(button):
    option = QStyleOptionButton()
    button.initStyleOption(option)
    return str(option.text)  # type: ignore[attr-defined]


def test_words_without_room_end_in_three_dots(theme, qtbot):
    button = LabelledButton(theme, "new", "New conversation")
    qtbot.addWidget(button)
    whole = button.sizeHint()
    button.resize(whole)
    assert painted_words(button) == AFTER_ICON + "New conversation"
    button.resize(whole.width() - theme.px(30), whole.height())
    assert painted_words(button).endswith("…")
    assert button.sizeHint() == whole
    assert button.accessibleName() == "New conversation"


def shown(qtbot, window, *parts):
    """Show a window with these parts in it; it lives as long as what is returned."""
    column = QVBoxLayout(window)
    for part in parts:
        column.addWidget(part)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


def focused(widget):
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    assert widget.hasFocus()
    return widget


@pytest.mark.parametrize("make_window", [QWidget, QDialog])
def test_enter_presses_a_button(qtbot, make_window):
    button, tool, other = QPushButton(), QToolButton(), QPushButton("another")
    button.setAutoDefault(False)
    pressed: list[QWidget] = []
    for each in (button, tool, other):
        each.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        each.clicked.connect(lambda _=False, each=each: pressed.append(each))
    _window = shown(qtbot, make_window(), other, button, tool)
    for each in (button, tool):
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QTest.keyClick(focused(each), key)
    assert pressed == [button, button, tool, tool]
    # A key that is held, or has another with it, presses nothing.
    QTest.keyClick(focused(button), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    press, none = QEvent.Type.KeyPress, Qt.KeyboardModifier.NoModifier
    QCoreApplication.sendEvent(button, QKeyEvent(press, Qt.Key.Key_Return, none, "\r", True))
    assert len(pressed) == 4


def test_it_opens_the_menu_of_a_button(qtbot):
    button, menu = QPushButton("Model"), QMenu()
    qtbot.addWidget(menu)
    menu.addAction("one")
    button.setMenu(menu)
    opened: list[bool] = []
    menu.aboutToShow.connect(lambda: opened.append(True))
    menu.aboutToShow.connect(menu.close, Qt.ConnectionType.QueuedConnection)
    _window = shown(qtbot, QWidget(), button)
    QTest.keyClick(focused(button), Qt.Key.Key_Return)
    assert opened == [True]


def test_a_box_to_tick_and_a_choice_leave_it_to_the_form(qtbot):
    box, choice = QCheckBox("Only here"), QPushButton("This one")
    choice.setProperty(LEAVES_ENTER, True)
    choice.setCheckable(True)
    _window = shown(qtbot, QWidget(), box, choice)
    for each in (box, choice):
        QTest.keyClick(focused(each), Qt.Key.Key_Return)
        assert not each.isChecked()


def test_a_button_that_goes_when_it_is_pressed(qtbot):
    button = QPushButton("Remove")
    button.clicked.connect(button.deleteLater)
    line = QLineEdit()
    _window = shown(qtbot, QWidget(), button, line)
    QTest.keyClick(focused(button), Qt.Key.Key_Return)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    focused(line)


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
