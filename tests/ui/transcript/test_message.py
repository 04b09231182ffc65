"""A message in the transcript, and the row of actions below it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from desktop.core.bounds import SHOWN_LETTERS
from desktop.core.errors import StreamBroken, Unreachable
from desktop.core.events import BeganAgain, Failed, Finished, FinishReason, Reclassified, TextDelta
from desktop.core.message import Message, MessageStatus, ReasoningPart, Role, TextPart
from desktop.runtime.generation import Advance
from desktop.ui.errors import ErrorAction
from desktop.ui.look.page_look import PageLook
from desktop.ui.message_actions import Ask
from desktop.ui.transcript.footer import FooterButton, MessageFooter, Offer
from desktop.ui.transcript.message import MessageView
from desktop.ui.widgets.keys import step
from desktop.ui.widgets.quiet_line import ErrorCard
from tests.ui.transcript.page_bench import Asked, Bench, mine, reply

WIDTH = Bench.WIDTH


def card_of(bench):
    return next((each for each in bench.view.findChildren(ErrorCard) if each.isVisible()), None)


def card_buttons(card):
    return [button.text() for button in card.findChildren(QPushButton) if button.isVisible()]


class TestCard:
    def test_a_failure_stands_where_it_happened(self, qtbot, theme):
        bench = Bench(qtbot, theme)
        bench.answer("so far")
        bench.generation.play(Failed(StreamBroken(host="127.0.0.1")))
        card = card_of(bench)
        assert card is not None
        assert card.accessibleName() == "The reply broke off"
        assert bench.view.answer.source == "so far"
        assert bench.footer.words == ""
        assert card.y() >= bench.view.answer.y() + bench.view.answer.height()
        assert card.geometry().bottom() < bench.view.height()
        QTest.mouseClick(card.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
        assert bench.asked.actions[-1] == (Ask.TRY_AGAIN, None)

    def test_the_card_of_an_earlier_reply_leaves_trying_again_to_its_row(self, qtbot, theme):
        message = reply("", status=MessageStatus.FAILED, failure=Unreachable(reason="refused").as_failure())
        bench = Bench(qtbot, theme, message)
        assert card_of(bench) is not None
        assert card_buttons(card_of(bench)) == ["Try again", "Open connections"]
        assert bench.actions == ["More"]
        assert "Choose another model" in bench.menu
        bench.button("Open connections").click()
        assert bench.asked.actions == [(Ask.RECOVER, ErrorAction.OPEN_CONNECTIONS)]
        bench.view.set_last(False)
        assert card_buttons(card_of(bench)) == ["Open connections", "Choose another model"]
        assert bench.actions == ["Copy", "Try again", "Start fresh", "More"]


class TestActions:
    def test_copy_of_the_persons_words(self, qtbot, theme, qapp):
        bench = Bench(qtbot, theme, mine("  *my* words\n\n\n    indented"))
        QTest.mouseClick(bench.action("Copy"), Qt.MouseButton.LeftButton)
        assert qapp.clipboard().text() == "  *my* words\n\n\n    indented"
        assert "Copied" in bench.actions
        qtbot.waitUntil(lambda: "Copy" in bench.actions, timeout=5000)


class TestSides:
    """Text that turns out to be thinking, or the other way round."""

    def test_an_answer_that_was_thinking(self, qtbot, theme):
        bench = Bench(qtbot, theme)
        bench.answer("hmm, so")
        bench.generation.play(Reclassified(), TextDelta("Four."), advance=Advance(text="Four.", reclassified=True))
        assert bench.view.answer.source == "Four."
        assert bench.header is not None
        assert bench.view.thinking.trace == "hmm, so"
        bench.answer(" Surely.")
        bench.generation.play(Finished(FinishReason.STOP))
        assert bench.view.answer.source == "Four. Surely."

    def test_thinking_that_was_the_answer(self, qtbot, theme):
        bench = Bench(qtbot, theme)
        bench.think("It is four.")
        bench.generation.play(Reclassified(), advance=Advance(reclassified=True))
        bench.generation.play(Finished(FinishReason.STOP))
        assert bench.view.answer.source == "It is four."
        assert bench.header is None


TOO_LONG = "word " * (SHOWN_LETTERS // 5) + "and the end that is not shown"


@pytest.mark.parametrize("message", [mine(TOO_LONG), None], ids=["one's own", "growing"])
def test_of_a_text_without_end_the_beginning_is_shown_and_all_of_ones_own_is_copied(qtbot, theme, qapp, message):
    if message is None:
        bench = Bench(qtbot, theme)
        bench.view.hide()  # here all of it is in sight, and would be painted at each of its 260 pieces
        for start in range(0, len(TOO_LONG), 300_000):
            bench.answer(TOO_LONG[start : start + 300_000])
        bench.generation.play(Finished(FinishReason.STOP))
    else:
        bench = Bench(qtbot, theme, message)
    qtbot.waitUntil(lambda: not bench.view.answer.is_reading, timeout=20_000)
    bench.view.show()
    assert bench.footer.words == "Too long to be shown whole. Copy and Export… take all of it."
    assert len(bench.view.answer.words.plain_text()) <= SHOWN_LETTERS
    if message is not None:  # an answer is copied by the page that it stands on
        QTest.mouseClick(bench.action("Copy"), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: qapp.clipboard().text().endswith("not shown"), timeout=20_000)


def test_the_bubble_shows_what_the_user_wrote_and_on_demand_how_it_was_sent(qtbot, theme, qapp):
    sent = '# Task\n\nShorten it.\n\nText:\n"""\nOne and two.\n"""'
    reading = Asked()
    reading.headings = lambda: {"# Task"}
    view = MessageView(mine(sent), PageLook(theme), reading, is_last=True)
    qtbot.addWidget(view)
    view.resize(WIDTH, view.height_for(WIDTH))
    view.lay_out()
    view.show()
    assert view.answer.words.plain_text() == "Shorten it.\n\nOne and two."
    button = next(each for each in view.findChildren(QPushButton) if each.text() == "As it was sent")
    button.click()
    assert view.answer.words.plain_text() == sent
    button.click()
    assert view.answer.words.plain_text() == "Shorten it.\n\nOne and two."
    view.unfold()  # as the search does that has found something in it
    assert view.answer.words.plain_text() == sent
    QTest.mouseClick(
        next(each for each in view.findChildren(FooterButton) if each.accessibleName() == "Copy"),
        Qt.MouseButton.LeftButton,
    )
    assert qapp.clipboard().text() == sent


BEGUN = Message(
    role=Role.ASSISTANT,
    parts=(ReasoningPart("a fox"), TextPart("1. The *quick ")),
    status=MessageStatus.STREAMING,
)


class TestContinued:
    """A reply that grows on behind words that it had: the view shows both as one text and one trace."""

    def test_one_that_is_begun_again_shows_nothing_of_the_one_before(self, qtbot, theme):
        bench = Bench(qtbot, theme, begun=BEGUN)
        bench.generation.play(BeganAgain(), TextDelta("A fox"), advance=Advance(text="A fox", reclassified=True))
        bench.answer(" it was.")
        assert bench.view.answer.source == bench.generation.builder.message.text == "A fox it was."


ROW_WIDTH = 640
ACTIONS = frozenset(Ask)
NOWHERE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


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
        self.footer.setGeometry(0, 40, ROW_WIDTH, self.footer.row_height)
        self.whole.resize(ROW_WIDTH, 80)
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
        ground = image.pixel(ROW_WIDTH // 2, 1)
        return all(image.pixel(x, y) == ground for x in range(0, ROW_WIDTH) for y in range(0, image.height(), 2))


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
