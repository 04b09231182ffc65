"""The row below a message: its actions by mouse and keyboard, its versions, and what a screen reader finds."""

from __future__ import annotations

import contextlib
from itertools import combinations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget

from desktop.core.sign import SignKind
from desktop.ui.message_actions import Ask
from desktop.ui.text.selection import CopyForm
from desktop.ui.transcript.footer import FooterButton, MessageFooter, Offer, Way
from desktop.ui.widgets.keys import step
from tests.ui.asking import Asked

WIDTH = 640
STEPS = [
    Way("Answer now", Ask.ANSWER_NOW, explained="End the thinking and get the answer from what was thought"),
    Way("Without thinking", Ask.WITHOUT_THINKING, explained="Ask again without thinking; this reply stays"),
    Way("More room", Ask.MORE_ROOM, explained="Let the model go on thinking, with more room for it"),
]
ACTIONS = frozenset(Ask)
NOWHERE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


@contextlib.contextmanager
def as_soon_as_a_menu_opens(act):
    """Within this block, `act` is done once a menu is open; who opens one waits until it is closed."""
    timer = QTimer()
    timer.setInterval(10)

    def look():
        if QApplication.activePopupWidget() is not None:
            timer.stop()
            act()

    timer.timeout.connect(look)
    timer.start()
    try:
        yield
    finally:
        timer.stop()


class _Page(QWidget):
    """Walks as the page of a conversation does."""

    def focusNextPrevChild(self, next):
        return step(self, forward=next)


class Row:
    """A footer in a window, with a field before it that has the keyboard."""

    def __init__(self, qtbot, theme, *, is_mine=False):
        self.whole = _Page()
        qtbot.addWidget(self.whole)
        self.before = QPushButton("before", self.whole)
        self.asked = Asked()
        self.footer = MessageFooter(theme, self.asked.at("it"), is_mine=is_mine, parent=self.whole)
        self.footer.offer(Offer(ACTIONS))
        self.footer.setGeometry(0, 40, WIDTH, self.footer.row_height)
        self.whole.resize(WIDTH, 80)
        with qtbot.waitActive(self.whole):
            self.whole.show()
            self.whole.activateWindow()
        self.before.setFocus()

    @property
    def from_left(self):
        """The names of what is offered, from left to right."""
        return [_name(each) for each in self.parts()]

    def parts(self):
        """What is offered, from left to right."""
        parts = self.footer.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return sorted((each for each in parts if each.isVisible()), key=lambda each: each.x())

    def action(self, name):
        return next(each for each in self.footer.findChildren(FooterButton) if each.accessibleName() == name)

    def focused(self):
        focused = QApplication.focusWidget()
        return _name(focused) if focused is not None else ""

    def press(self, key, modifier=NOWHERE):
        QTest.keyClick(QApplication.focusWidget(), key, modifier)

    def is_blank(self):
        image = self.footer.grab().toImage()
        ground = image.pixel(WIDTH // 2, 1)
        return all(image.pixel(x, y) == ground for x in range(0, WIDTH) for y in range(0, image.height(), 2))


def _name(widget):
    if isinstance(widget, QLabel | QPushButton):
        return widget.text()
    return widget.accessibleName()


@pytest.fixture
def row(qtbot, theme):
    row = Row(qtbot, theme)
    return row


def test_the_actions_are_seen_when_pointed_at_or_reached_by_keyboard(row):
    assert row.is_blank()
    row.footer.set_pointed_at(True)
    assert not row.is_blank()
    row.footer.set_pointed_at(False)
    assert row.is_blank()
    row.press(Qt.Key.Key_Tab)
    assert not row.is_blank()
    row.press(Qt.Key.Key_Backtab)
    assert row.focused() == "before"
    assert row.is_blank()
    row.footer.set_last(True)  # below the last answer they are always there, with words
    assert not row.is_blank()
    assert row.action("Copy").width() > row.footer.row_height
    row.footer.set_last(False)
    assert row.is_blank()
    assert row.action("Copy").width() == row.footer.row_height
    row.footer.set_versions(1, 2)  # that there is another one is told without being pointed at, at the edge
    assert not row.is_blank()
    assert row.from_left[:4] == ["Earlier version", "1/2", "Later version", "Copy"]


def test_the_persons_own_are_icons_at_the_right_and_have_one_form(qtbot, theme):
    row = Row(qtbot, theme, is_mine=True)
    row.footer.set_last(True)
    assert row.is_blank()
    with qtbot.waitSignal(row.footer.copy_requested) as asked:
        QTest.mouseClick(row.action("Copy"), Qt.MouseButton.LeftButton, SHIFT)
    assert asked.args == [CopyForm.FORMATTED, False]
    row.footer.set_words("Being edited")
    row.footer.set_versions(1, 2)
    assert row.from_left == ["Being edited", "Earlier version", "1/2", "Later version", "Edit", "Copy"]
    assert row.action("Copy").geometry().right() == WIDTH - 1
    row.press(Qt.Key.Key_Tab)  # the earlier version is no choice at the first
    assert row.focused() == "Later version"


def test_tab_and_arrows_walk_from_left_to_right_among_versions_too(row):
    row.footer.set_last(True)
    row.footer.set_versions(2, 3)
    assert row.from_left == ["Copy", "Try again", "Start fresh", "More", "Earlier version", "2/3", "Later version"]
    walked = []
    for _ in range(6):
        row.press(Qt.Key.Key_Tab)
        walked.append(row.focused())
    assert walked == ["Copy", "Try again", "Start fresh", "More", "Earlier version", "Later version"]
    assert row.action("Later version").accessibleDescription() == "Version 2 of 3"
    row.press(Qt.Key.Key_Right)  # there is nothing further
    assert row.focused() == "Later version"
    for _ in range(5):
        row.press(Qt.Key.Key_Left)
    assert row.focused() == "Copy"
    for key, name, wanted in ((Qt.Key.Key_Left, "Earlier version", 1), (Qt.Key.Key_Right, "Later version", 3)):
        row.press(key, Qt.KeyboardModifier.AltModifier)
        QTest.mouseClick(row.action(name), Qt.MouseButton.LeftButton)
        assert row.asked.actions[-2:] == [(Ask.SHOW_VERSION, wanted)] * 2
    row.asked.actions.clear()
    row.footer.set_versions(1, 2)
    row.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert (row.asked.actions, row.action("Earlier version").isEnabled()) == ([], False)
    row.footer.set_versions(2, 2)
    assert (row.action("Earlier version").isEnabled(), row.action("Later version").isEnabled()) == (True, False)
    row.footer.focus_versions()
    assert row.focused() == "Earlier version"


def test_every_action_is_said_by_key_and_by_click_which_leaves_the_keyboard(row, qtbot):
    for modifier, form in ((SHIFT, CopyForm.PLAIN), (NOWHERE, CopyForm.FORMATTED)):
        with qtbot.waitSignal(row.footer.copy_requested) as asked:
            QTest.mouseClick(row.action("Copy"), Qt.MouseButton.LeftButton, modifier)
        assert asked.args == [form, False]
    for name in ("Try again", "Start fresh"):
        QTest.mouseClick(row.action(name), Qt.MouseButton.LeftButton)
        assert row.focused() == "before"
    with qtbot.waitSignal(row.footer.copy_requested):
        QTest.keyClick(row.action("Copy"), Qt.Key.Key_Space)
    for name in ("Try again", "Start fresh"):
        QTest.keyClick(row.action(name), Qt.Key.Key_Space)
    assert row.asked.actions == [(Ask.TRY_AGAIN, None), (Ask.START_FRESH, None)] * 2


def test_a_menu_offers_all_forms_of_a_copy(row, qtbot):
    chosen: list[str] = []

    def choose():
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        chosen.extend(action.text() for action in menu.actions() if action.text())
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)

    with as_soon_as_a_menu_opens(choose), qtbot.waitSignal(row.footer.copy_requested) as asked:
        QTest.mouseClick(row.action("More"), Qt.MouseButton.LeftButton)
    forms = ["Copy", "Copy as Markdown", "Copy as plain text"]
    assert chosen == [*forms, "Export or print this answer…", "Keep as example…", "Ask twice more…"]
    assert asked.args == [CopyForm.MARKDOWN, False]


def test_words_stand_first_and_steps_beside_them_that_say_what_comes_of_them(row):
    row.footer.set_versions(1, 2)
    row.footer.set_words("Answering…")
    row.footer.offer(Offer(is_running=True))
    assert row.from_left == ["Answering…"]
    row.footer.set_words("")
    row.footer.set_versions(1, 1)
    row.footer.offer(Offer(is_running=True, ways=STEPS[:1]))
    assert row.from_left == ["Answer now"]
    row.press(Qt.Key.Key_Tab)
    row.press(Qt.Key.Key_Space)
    assert row.asked.actions == [(Ask.ANSWER_NOW, None)]
    row.before.setFocus()
    row.footer.set_words("Thought")
    row.footer.offer(Offer(ACTIONS, ways=STEPS))
    names = [each.words for each in STEPS]
    assert row.from_left == ["Thought", *names, "Copy", "Try again", "Start fresh", "More"]
    walked = []
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Right, Qt.Key.Key_Right):
        row.press(key)
        walked.append(row.focused())
    assert walked == names
    buttons = [each for each in row.parts() if isinstance(each, QPushButton)]
    assert [each.accessibleDescription() for each in buttons] == [each.explained for each in STEPS]
    assert all(each.explained in made.toolTip() for each, made in zip(STEPS, buttons, strict=True))
    QTest.mouseClick(buttons[2], Qt.MouseButton.LeftButton)
    assert row.asked.actions[-1] == (Ask.MORE_ROOM, None)


@pytest.mark.parametrize("is_last", [True, False])
@pytest.mark.parametrize("ways", [[], STEPS[:1], STEPS], ids=len)
@pytest.mark.parametrize("scale", [0.75, 2.0])
@pytest.mark.parametrize("width", [240, WIDTH])
def test_nothing_overlaps_and_all_have_the_rows_that_they_need(row, theme, width, scale, ways, is_last):
    theme.set_text_scale(scale)
    row.footer.set_last(is_last)
    row.footer.set_versions(2, 13)
    row.footer.set_words("Interrupted before it was complete")
    row.footer.set_origin("Qwen3 8B · On this computer")
    row.footer.offer(Offer(ACTIONS, ways=ways))
    row.footer.resize(width, row.footer.height_for(width))
    assert {"Interrupted before it was complete", "Qwen3 8B · On this computer", "2/13"} <= set(row.from_left)
    for one, other in combinations(row.parts(), 2):
        assert not one.geometry().intersects(other.geometry())
    assert all(row.footer.rect().contains(part.geometry()) for part in row.parts())
    assert (row.action("Start fresh").width() > row.footer.row_height) is is_last
    theme.set_text_scale(1.0)


def test_a_reply_that_broke_off_offers_two_ways_and_the_rest_in_the_menu(row):
    facts = ["Qwen3 8B · On this computer", "Thinking: 12 tokens, 3 % of this reply"]
    row.footer.set_last(True)
    row.footer.offer(Offer(ACTIONS, ways=STEPS, is_broken=True, has_thinking=True, facts=facts))
    assert row.from_left == ["Answer now", "Without thinking", "More"]
    entries = [each.text() for each in row.footer.menu().actions() if each.text()]
    assert entries[:2] == ["More room", "Copy"]
    assert "Copy with thinking" in entries
    assert entries[-2:] == facts


@pytest.mark.parametrize("held", ["Copy", "Try again", "Start fresh", "Continue"])
def test_a_step_that_comes_later_leaves_keyboard_press_and_actions_where_they_are(row, held):
    def places():
        return {_name(each): each.x() for each in row.parts() if _name(each) in ("Copy", "Try again")}

    row.footer.set_last(True)
    row.footer.offer(Offer(ACTIONS, ways=[Way("Continue", Ask.CONTINUE)]))
    parts, before = {_name(each): each for each in row.parts()}, places()
    parts[held].setFocus()
    QTest.mousePress(parts["Continue"], Qt.MouseButton.LeftButton)
    row.footer.offer(
        Offer(ACTIONS, ways=[Way("Continue", Ask.CONTINUE), Way("Start fresh", Ask.START_FRESH, SignKind.LOOP)])
    )
    assert row.focused() == held
    assert places() == before
    QTest.mouseRelease(parts["Continue"], Qt.MouseButton.LeftButton)
    assert row.asked.actions == [(Ask.CONTINUE, None)]


def test_model_and_place_stand_at_the_right(row):
    told = "Qwen3 8B · On this computer"
    row.footer.set_origin(told)
    assert row.from_left[-1] == told
    assert row.parts()[-1].geometry().right() == WIDTH - 1
    assert row.footer.height_for(180) > row.footer.height_for(WIDTH)
