"""Enter presses the button that has the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.widgets.keys import LEAVES_ENTER


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
