"""Words that an input method composes in a line, and such that begin where nothing is written."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QInputMethodQueryEvent, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.ui.widgets.composing import TypingAhead

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Form(QWidget):
    """Two lines and a button, which passes on what is typed to the first line."""

    def __init__(self):
        super().__init__()
        self.line, self.other, self.button = QLineEdit(), QLineEdit("name"), QPushButton("Colleague")
        self.sent: list[str] = []
        self.line.returnPressed.connect(lambda: self.sent.append(self.line.text()))
        self.other.returnPressed.connect(lambda: self.sent.append(self.other.text()))
        self.button.clicked.connect(lambda: self.sent.append(self.button.text()))
        column = QVBoxLayout(self)
        for each in (self.button, self.line, self.other):
            column.addWidget(each)
        self.ahead = TypingAhead(self.button, lambda: self.line)


@pytest.fixture
def form(qtbot):
    made = Form()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.line.setFocus()
    return made


def compose(widget, preedit="", committed=""):
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(committed)
    QCoreApplication.sendEvent(widget, event)


def undo(line):
    QTest.keySequence(line, QKeySequence(QKeySequence.StandardKey.Undo))
    return line.text()


def test_a_line_is_not_sent_while_something_is_composed(form):
    compose(form.line, "ni hao")
    for key in ENTER:
        QTest.keyClick(form.line, key)
    assert form.sent == []
    compose(form.line, committed="你好")
    QTest.keyClick(form.line, Qt.Key.Key_Return)
    assert form.sent == ["你好"]


def test_what_was_composed_elsewhere_does_not_hold_a_line_back(form):
    compose(form.line, "ni")
    form.other.setFocus()
    QTest.keyClick(form.other, Qt.Key.Key_Return)
    assert form.sent == ["name"]


def test_escape_is_kept_from_the_window_while_something_is_composed(form):
    def is_taken():
        key, none = Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, none)
        event.ignore()
        QCoreApplication.sendEvent(form.line, event)
        return event.isAccepted()

    compose(form.line, "ni")
    assert is_taken()
    compose(form.line, committed="你")
    assert not is_taken()


def test_undo_takes_back_a_word(form):
    QTest.keyClicks(form.line, "to ")
    for word in ("世界", "我们"):
        compose(form.line, "pinyin")
        compose(form.line, committed=word)
    compose(form.line, committed="，")  # at once, as signs are
    QTest.keyClicks(form.line, "ok")
    assert form.line.text() == "to 世界我们，ok"
    assert [undo(form.line) for _ in range(4)] == ["to 世界我们，", "to 世界我们", "to 世界", "to "]


def test_undo_waits_for_what_is_composed(form):
    QTest.keyClicks(form.line, "before")
    compose(form.line, "ni")
    assert undo(form.line) == "before"
    compose(form.line, committed="你")
    assert form.line.text() == "before你"


def test_typing_that_begins_on_a_button_is_composed_in_its_line(form):
    form.button.setFocus()
    begun: list[str] = []
    form.ahead.begun.connect(lambda: begun.append(form.line.text()))
    compose(form.button, "n")
    compose(form.button, "ni")
    QTest.keyClick(form.button, Qt.Key.Key_Return)  # the input method's
    assert (form.sent, begun, form.button.hasFocus()) == ([], [""], True)
    compose(form.button, committed="你")
    assert form.line.text() == "你"
    assert form.line.hasFocus()


def test_composing_that_is_given_up_leaves_the_keyboard_where_it_was(form):
    form.button.setFocus()
    compose(form.button, "ni")
    compose(form.button)
    QTest.keyClick(form.button, Qt.Key.Key_Return)
    assert (form.sent, form.line.text()) == (["Colleague"], "")


def test_the_place_of_what_is_composed_is_told_as_seen_from_the_button(form):
    form.button.setFocus()
    asked = QInputMethodQueryEvent(Qt.InputMethodQuery.ImCursorRectangle | Qt.InputMethodQuery.ImEnabled)
    QCoreApplication.sendEvent(form.button, asked)
    told = asked.value(Qt.InputMethodQuery.ImCursorRectangle)
    its_own = form.line.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    assert asked.value(Qt.InputMethodQuery.ImEnabled)
    assert _rect(told).topLeft() - _rect(its_own).topLeft() == form.line.mapTo(form, QPoint()) - form.button.pos()


@pytest.mark.parametrize("name", ["line", "button"])
def test_candidates_follow_a_field_whose_surroundings_have_moved(form, name):
    field = form.line if name == "line" else form.button
    field.setFocus()
    sheet = QWidget(form)
    for each in (form.button, form.line):
        each.setParent(sheet)
        each.move(5, 5)
        each.show()
    sheet.show()
    field.setFocus()
    sheet.move(40, 30)  # of which Qt tells an input method nothing
    compose(field, "ni")
    assert QGuiApplication.inputMethod().inputItemTransform().map(QPoint()) == QPoint(45, 35)


def _rect(value):
    return value if isinstance(value, QRect) else value.toRect()  # type: ignore[attr-defined]
