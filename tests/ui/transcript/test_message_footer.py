"""The row below a message: its actions by mouse and keyboard, its versions, and what a screen reader finds."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.sign import SignKind
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import Ask
from desktop.ui.text.clipboard import CopyForm
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
NOWHERE = Qt.KeyboardModifier.NoModifier


@contextlib.contextmanager
def as_soon_as_a_menu_opens(act: Callable[[], None]) -> Iterator[None]:
    """Within this block, `act` is done once a menu is open; who opens one waits until it is closed."""
    timer = QTimer()
    timer.setInterval(10)

    def look() -> None:
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

    def focusNextPrevChild(self, next: bool) -> bool:
        return step(self, forward=next)


class Row:
    """A footer in a window, with a field before it that has the keyboard."""

    def __init__(self, qtbot: QtBot, theme: Theme, *, is_mine: bool = False) -> None:
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
    def from_left(self) -> list[str]:
        """The names of what is offered, from left to right."""
        return [_name(each) for each in self.parts()]

    def parts(self) -> list[QWidget]:
        """What is offered, from left to right."""
        parts = self.footer.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return sorted((each for each in parts if each.isVisible()), key=lambda each: each.x())

    def action(self, name: str) -> FooterButton:
        return next(each for each in self.footer.findChildren(FooterButton) if each.accessibleName() == name)

    def focused(self) -> str:
        focused = QApplication.focusWidget()
        return _name(focused) if focused is not None else ""

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NOWHERE) -> None:
        QTest.keyClick(QApplication.focusWidget(), key, modifier)

    def is_blank(self) -> bool:
        image = self.footer.grab().toImage()
        ground = image.pixel(WIDTH // 2, 1)
        return all(image.pixel(x, y) == ground for x in range(0, WIDTH) for y in range(0, image.height(), 2))


def _name(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QPushButton):
        return widget.text()
    return widget.accessibleName()


@pytest.fixture
def row(qtbot: QtBot, theme: Theme) -> Row:
    row = Row(qtbot, theme)
    return row


def test_the_actions_are_seen_when_pointed_at_or_reached_by_keyboard(row: Row) -> None:
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


def test_tab_and_arrows_walk_from_left_to_right(row: Row) -> None:
    row.footer.set_versions(2, 3)
    assert row.from_left == ["Copy", "Try again", "Start fresh", "More", "Earlier version", "2/3", "Later version"]
    walked = []
    for _ in range(6):
        row.press(Qt.Key.Key_Tab)
        walked.append(row.focused())
    assert walked == ["Copy", "Try again", "Start fresh", "More", "Earlier version", "Later version"]
    row.press(Qt.Key.Key_Right)  # there is nothing further
    assert row.focused() == "Later version"
    for _ in range(5):
        row.press(Qt.Key.Key_Left)
    assert row.focused() == "Copy"


def test_the_persons_own_stand_at_the_right(qtbot: QtBot, theme: Theme) -> None:
    row = Row(qtbot, theme, is_mine=True)
    row.footer.set_versions(1, 2)
    assert row.from_left == ["Earlier version", "1/2", "Later version", "Edit", "Copy"]
    assert row.action("Copy").geometry().right() == WIDTH - 1
    row.press(Qt.Key.Key_Tab)  # the earlier version is no choice at the first
    assert row.focused() == "Later version"


def test_clicking_leaves_the_keyboard_where_it_is(row: Row, qtbot: QtBot) -> None:
    with qtbot.waitSignal(row.footer.copy_requested):
        QTest.mouseClick(row.action("Copy"), Qt.MouseButton.LeftButton)
    assert row.focused() == "before"


def test_every_action_is_said_by_key_and_by_click(row: Row, qtbot: QtBot) -> None:
    with qtbot.waitSignal(row.footer.copy_requested):
        QTest.mouseClick(row.action("Copy"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(row.footer.copy_requested):
        QTest.keyClick(row.action("Copy"), Qt.Key.Key_Space)
    for name in ("Try again", "Start fresh"):
        QTest.mouseClick(row.action(name), Qt.MouseButton.LeftButton)
        QTest.keyClick(row.action(name), Qt.Key.Key_Space)
    assert row.asked.actions == [(Ask.TRY_AGAIN, None)] * 2 + [(Ask.START_FRESH, None)] * 2


class TestLast:
    """Below the last answer the actions are always there, with words."""

    def test_they_are_there_without_being_pointed_at(self, row: Row) -> None:
        row.footer.set_last(True)
        assert not row.is_blank()
        assert row.action("Copy").width() > row.footer.row_height
        row.footer.set_last(False)
        assert row.is_blank()
        assert row.action("Copy").width() == row.footer.row_height

    def test_the_persons_own_stay_icons(self, qtbot: QtBot, theme: Theme) -> None:
        row = Row(qtbot, theme, is_mine=True)
        row.footer.set_last(True)
        assert row.is_blank()


class TestCopy:
    def test_shift_copies_plain_text(self, row: Row, qtbot: QtBot) -> None:
        copy = row.action("Copy")
        for modifier, form in ((Qt.KeyboardModifier.ShiftModifier, CopyForm.PLAIN), (NOWHERE, CopyForm.FORMATTED)):
            with qtbot.waitSignal(row.footer.copy_requested) as asked:
                QTest.mouseClick(copy, Qt.MouseButton.LeftButton, modifier)
            assert asked.args == [form, False]

    def test_the_persons_words_have_one_form(self, qtbot: QtBot, theme: Theme) -> None:
        row = Row(qtbot, theme, is_mine=True)
        with qtbot.waitSignal(row.footer.copy_requested) as asked:
            QTest.mouseClick(row.action("Copy"), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier)
        assert asked.args == [CopyForm.FORMATTED, False]

    @pytest.mark.parametrize("how", ["key", "menu", "hold", "more"])
    def test_a_menu_offers_all_forms(self, row: Row, qtbot: QtBot, how: str) -> None:
        copy = row.action("Copy")
        chosen: list[str] = []

        def choose() -> None:
            menu = QApplication.activePopupWidget()
            assert isinstance(menu, QMenu)
            chosen.extend(action.text() for action in menu.actions() if action.text())
            QTest.keyClick(menu, Qt.Key.Key_Down)
            QTest.keyClick(menu, Qt.Key.Key_Down)
            QTest.keyClick(menu, Qt.Key.Key_Return)

        with as_soon_as_a_menu_opens(choose), qtbot.waitSignal(row.footer.copy_requested) as asked:
            match how:
                case "key":
                    QTest.keyClick(copy, Qt.Key.Key_Down)
                case "menu":
                    at = QPoint(3, 3)
                    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, copy.mapToGlobal(at))
                    QApplication.sendEvent(copy, event)
                case "more":
                    QTest.mouseClick(row.action("More"), Qt.MouseButton.LeftButton)
                case _:
                    QTest.mousePress(copy, Qt.MouseButton.LeftButton)
                    qtbot.waitUntil(lambda: bool(chosen), timeout=5000)
        forms = ["Copy", "Copy as Markdown", "Copy as plain text"]
        assert chosen == [*forms, "Export or print this answer…", "Keep this answer as an example"]
        assert asked.args == [CopyForm.MARKDOWN, False]

    def test_it_says_for_a_moment_that_it_has_copied(self, row: Row, qtbot: QtBot) -> None:
        row.footer.show_copied()
        assert row.from_left[0] == "Copied"
        qtbot.waitUntil(lambda: row.from_left[0] == "Copy", timeout=5000)


class TestVersions:
    def test_one_version_is_not_spoken_of(self, row: Row) -> None:
        row.footer.set_versions(1, 1)
        assert row.from_left == ["Copy", "Try again", "Start fresh", "More"]

    def test_steps_by_click_key_and_shortcut(self, row: Row, qtbot: QtBot) -> None:
        row.footer.set_versions(2, 3)
        for name, wanted in (("Earlier version", 1), ("Later version", 3)):
            QTest.mouseClick(row.action(name), Qt.MouseButton.LeftButton)
            assert row.asked.actions[-1] == (Ask.SHOW_VERSION, wanted)
        row.press(Qt.Key.Key_Tab)
        for key, wanted in ((Qt.Key.Key_Left, 1), (Qt.Key.Key_Right, 3)):
            row.press(key, Qt.KeyboardModifier.AltModifier)
            assert row.asked.actions[-1] == (Ask.SHOW_VERSION, wanted)
        assert row.focused() == "Copy"

    def test_no_step_leads_beyond_the_ends(self, row: Row, qtbot: QtBot) -> None:
        row.footer.set_versions(1, 2)
        assert not row.action("Earlier version").isEnabled()
        row.press(Qt.Key.Key_Tab)
        row.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert row.asked.actions == []
        row.footer.set_versions(2, 2)
        assert row.action("Earlier version").isEnabled()
        assert not row.action("Later version").isEnabled()

    def test_the_keyboard_comes_back_to_them(self, row: Row) -> None:
        row.footer.set_versions(3, 3)
        row.footer.focus_versions()
        assert row.focused() == "Earlier version"

    def test_a_screen_reader_hears_which_it_is(self, row: Row) -> None:
        row.footer.set_versions(2, 3)
        assert row.action("Later version").accessibleDescription() == "Version 2 of 3"


class TestState:
    def test_the_words_stand_first_and_continue_beside_them(self, row: Row, qtbot: QtBot) -> None:
        row.footer.set_words("Cut off at the length limit")
        row.footer.offer(Offer(ACTIONS, ways=[Way("Continue", Ask.CONTINUE)]))
        assert row.from_left == ["Cut off at the length limit", "Continue", "Copy", "Try again", "Start fresh", "More"]
        button = next(each for each in row.footer.findChildren(QPushButton) if each.isVisible())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert row.asked.actions[-1] == (Ask.CONTINUE, None)

    def test_the_persons_own_words_stand_before_the_actions(self, qtbot: QtBot, theme: Theme) -> None:
        row = Row(qtbot, theme, is_mine=True)
        row.footer.set_words("Being edited")
        assert row.from_left == ["Being edited", "Edit", "Copy"]
        assert row.action("Copy").geometry().right() == WIDTH - 1

    def test_nothing_is_offered_while_a_reply_runs(self, row: Row) -> None:
        row.footer.set_versions(1, 2)
        row.footer.set_words("Answering…")
        row.footer.offer(Offer(is_running=True))
        assert row.from_left == ["Answering…"]


class TestStepsOfThinking:
    """What is offered of a reply that thinks, or that only thought."""

    def test_a_running_reply_offers_the_one_alone(self, row: Row, qtbot: QtBot) -> None:
        row.footer.offer(Offer(is_running=True, ways=STEPS[:1]))
        assert row.from_left == ["Answer now"]
        row.press(Qt.Key.Key_Tab)
        assert row.focused() == "Answer now"
        row.press(Qt.Key.Key_Space)
        assert row.asked.actions[-1] == (Ask.ANSWER_NOW, None)
        row.footer.offer(Offer(is_running=True))
        assert row.from_left == []

    def test_the_words_stand_first_and_the_arrows_walk_along(self, row: Row) -> None:
        row.footer.set_words("Thought")
        row.footer.offer(Offer(ACTIONS, ways=STEPS))
        names = ["Answer now", "Without thinking", "More room"]
        assert row.from_left[:4] == ["Thought", *names]
        row.press(Qt.Key.Key_Tab)
        walked = [row.focused()]
        for _ in range(2):
            row.press(Qt.Key.Key_Right)
            walked.append(row.focused())
        assert walked == names

    def test_each_says_what_comes_of_it(self, row: Row) -> None:
        row.footer.offer(Offer(ACTIONS, ways=STEPS))
        buttons = [each for each in row.parts() if isinstance(each, QPushButton)]
        assert len(buttons) == 3
        assert all(len(each.accessibleDescription()) > 30 for each in buttons)
        assert all(each.toolTip() == each.accessibleDescription() for each in buttons)


@pytest.mark.parametrize("is_last", [True, False])
@pytest.mark.parametrize("ways", [[], STEPS[:1], STEPS], ids=len)
@pytest.mark.parametrize("scale", [0.75, 1.0, 2.0])
@pytest.mark.parametrize("width", [240, 420, WIDTH])
def test_nothing_overlaps_and_all_have_the_rows_that_they_need(
    row: Row, theme: Theme, width: int, scale: float, ways: list[Way], is_last: bool
) -> None:
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


def test_a_reply_that_broke_off_offers_two_ways_and_the_rest_in_the_menu(row: Row) -> None:
    facts = ["Qwen3 8B · On this computer", "Thinking: 12 tokens, 3 % of this reply"]
    row.footer.set_last(True)
    row.footer.offer(Offer(ACTIONS, ways=STEPS, is_broken=True, has_thinking=True, facts=facts))
    assert row.from_left == ["Answer now", "Without thinking", "More"]
    entries = [each.text() for each in row.footer.menu().actions() if each.text()]
    assert entries[:2] == ["More room", "Copy"]
    assert "Copy with thinking" in entries
    assert entries[-2:] == facts


@pytest.mark.parametrize("held", ["Copy", "Try again", "Start fresh", "Continue"])
def test_a_step_that_comes_later_leaves_keyboard_press_and_actions_where_they_are(row: Row, held: str) -> None:
    def places() -> dict[str, int]:
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


def test_another_version_is_told_without_being_pointed_at(row: Row) -> None:
    assert row.is_blank()
    row.footer.set_versions(1, 2)
    assert not row.is_blank()


def test_model_and_place_stand_at_the_right(row: Row) -> None:
    told = "Qwen3 8B · On this computer"
    row.footer.set_origin(told)
    assert row.from_left[-1] == told
    assert row.parts()[-1].geometry().right() == WIDTH - 1
    assert row.footer.height_for(180) > row.footer.height_for(WIDTH)
