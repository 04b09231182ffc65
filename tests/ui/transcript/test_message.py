"""One message: where it stands in words, its card, its actions, and a text of any length."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.core.bounds import SHOWN_LETTERS
from desktop.core.errors import StreamBroken, Unreachable
from desktop.core.events import (
    BeganAgain,
    Failed,
    Finished,
    FinishReason,
    Phase,
    Progress,
    Reclassified,
    TextDelta,
)
from desktop.core.message import Failure, Message, MessageStatus, ReasoningPart, Role, TextPart
from desktop.runtime.generation import Advance
from desktop.ui.errors import ErrorAction
from desktop.ui.look.page_look import PageLook
from desktop.ui.message_actions import Ask
from desktop.ui.transcript.footer import FooterButton, MessageFooter
from desktop.ui.transcript.message import MessageView
from desktop.ui.widgets.quiet_line import ErrorCard
from tests.ui.asking import Asked
from tests.ui.transcript.page_bench import Bench, mine, reply

WIDTH = Bench.WIDTH


def card_of(bench):
    return next((each for each in bench.view.findChildren(ErrorCard) if each.isVisible()), None)


def card_buttons(card):
    return [button.text() for button in card.findChildren(QPushButton) if button.isVisible()]


class TestPhases:
    """Product §3: always visible in words."""

    def test_from_connecting_to_done(self, qtbot, theme):
        bench = Bench(qtbot, theme)
        assert bench.footer.words == "Connecting…"
        bench.generation.play(Progress(Phase.LOADING))
        assert bench.footer.words.startswith("Loading the model…")
        bench.generation.play(Progress(Phase.READING, 0.4))
        assert bench.footer.words == "Reading your message… 40 %"
        bench.think("Hm. ")
        assert bench.footer.words == ""
        assert bench.header is not None
        assert "Thinking…" in bench.header.words
        bench.answer("Four.")
        assert (bench.footer.words, bench.actions) == ("Answering…", [])
        bench.generation.play(Finished(FinishReason.STOP))
        assert bench.footer.words == ""
        assert bench.header.words.startswith("Thought for")
        assert bench.actions == ["Copy", "Try again", "Start fresh", "More"]

    @pytest.mark.parametrize(
        ("reason", "words"),
        [
            (FinishReason.CANCELLED, "Stopped"),
            (FinishReason.LENGTH, "Cut off at the length limit"),
            (FinishReason.STOP, "Thought, but did not answer"),
        ],
    )
    def test_ends_that_are_no_failures(self, qtbot, theme, reason, words):
        bench = Bench(qtbot, theme)
        if reason is FinishReason.STOP:
            bench.think("Half an")
        else:
            bench.answer("Half an")
        bench.generation.play(Finished(reason))
        assert bench.footer.words == words
        assert card_of(bench) is None
        assert bench.view.answer.source + bench.view.thinking.trace == "Half an"


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

    def test_nothing_of_the_card_is_cut(self, qtbot, theme):
        failure = Failure("unreachable", "a very long text of the server " * 20, "gpu-server", None, "refused")
        bench = Bench(qtbot, theme, reply("", status=MessageStatus.FAILED, failure=failure))
        assert card_of(bench) is not None
        for label in card_of(bench).findChildren(QLabel):
            if label.isVisible():
                assert label.height() >= label.heightForWidth(label.width())

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

    @pytest.mark.parametrize(
        ("thought", "offered", "in_menu"),
        [("Hm.", ["Continue"], ["Answer now", "Start fresh"]), ("", [], ["Start fresh"])],
    )
    def test_what_the_card_does_not_offer_stands_in_the_menu(self, qtbot, theme, thought, offered, in_menu):
        failure = StreamBroken().as_failure()
        bench = Bench(qtbot, theme, reply("", thought, status=MessageStatus.FAILED, failure=failure))
        assert card_of(bench) is not None
        assert [each for each in bench.offers if each and each not in card_buttons(card_of(bench))] == offered
        assert bench.menu[: len(in_menu)] == in_menu
        bench.asked.read(unsent=frozenset({bench.view.message.id}))
        bench.view.read_anew()
        assert "Send again" in bench.menu


class TestActions:
    def test_copy_of_the_persons_words(self, qtbot, theme, qapp):
        bench = Bench(qtbot, theme, mine("  *my* words\n\n\n    indented"))
        QTest.mouseClick(bench.action("Copy"), Qt.MouseButton.LeftButton)
        assert qapp.clipboard().text() == "  *my* words\n\n\n    indented"
        assert "Copied" in bench.actions
        qtbot.waitUntil(lambda: "Copy" in bench.actions, timeout=5000)

    def test_pointing_at_a_message_shows_its_actions_and_moves_nothing(self, qtbot, theme):
        bench = Bench(qtbot, theme, reply("Four."), is_last=False)
        before = bench.view.grab().toImage(), bench.view.height()
        inside = QPointF(5, 5)
        pointer = QPointingDevice.primaryPointingDevice()
        QCoreApplication.sendEvent(bench.view, QEnterEvent(inside, inside, inside, pointer))
        shown = bench.view.grab().toImage()
        assert shown != before[0]
        footer = bench.view.findChild(MessageFooter)
        assert isinstance(footer, MessageFooter)
        assert shown.copy(0, 0, WIDTH, footer.y()) == before[0].copy(0, 0, WIDTH, footer.y())
        assert bench.view.height_for(WIDTH) == before[1]
        QCoreApplication.sendEvent(bench.view, QEvent(QEvent.Type.Leave))
        assert bench.view.grab().toImage() == before[0]


class TestContinue:
    """Product §3: a reply that was cut off can be continued."""

    @pytest.mark.parametrize("status", ["cut_off", "interrupted", "failed"])
    def test_offered_after_a_reply_that_broke_off(self, qtbot, theme, status):
        failure = StreamBroken().as_failure() if status == "failed" else None
        bench = Bench(qtbot, theme, reply("Half an", status=MessageStatus(status), failure=failure))
        assert "Continue" in bench.offers
        assert failure is not None or (bench.actions == ["More"] and "Start fresh" in bench.menu)
        button = next(each for each in bench.view.findChildren(QPushButton) if each.text() == "Continue")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert bench.asked.actions[-1] == (Ask.CONTINUE, None)
        bench.view.set_last(False)
        assert "Continue" not in bench.offers
        for text in ("Whole.", "") if failure is None else ("",):
            ended = MessageStatus.COMPLETE if text else MessageStatus.STOPPED
            assert "Continue" not in Bench(qtbot, theme, reply(text, status=ended)).offers


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


@pytest.mark.parametrize("message", [mine(TOO_LONG), reply(TOO_LONG), None], ids=["one's own", "stored", "growing"])
def test_of_a_text_without_end_the_beginning_is_shown_and_all_is_copied(qtbot, theme, qapp, message):
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
    QTest.mouseClick(bench.action("Copy"), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: qapp.clipboard().text().endswith("not shown"), timeout=20_000)


def test_the_bubble_is_as_wide_as_its_words(qtbot, theme):
    short, long = Bench(qtbot, theme, mine("Hi")), Bench(qtbot, theme, mine("word " * 100))
    assert (short.view.accessibleName(), short.view.answer.accessibleDescription()) == ("You", "Hi")
    assert short.view.answer.width() < 100
    assert short.view.answer.geometry().right() == long.view.answer.geometry().right() == WIDTH - 1
    assert long.view.answer.width() <= WIDTH * 0.8


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


@pytest.mark.parametrize("message", [mine("words " * 50), reply("words " * 50, "thought"), reply("")])
def test_the_theme_can_change(qtbot, theme, message):
    bench = Bench(qtbot, theme, message)
    light = bench.view.grab().toImage()
    theme.set_mode("dark")
    bench.view.refresh_look()
    bench.place()
    assert bench.view.grab().toImage() != light


BEGUN = Message(
    role=Role.ASSISTANT,
    parts=(ReasoningPart("a fox"), TextPart("1. The *quick ")),
    status=MessageStatus.STREAMING,
)


class TestContinued:
    """A reply that grows on behind words that it had: the view shows both as one text and one trace."""

    def test_text_and_thinking_go_on_where_they_ended(self, qtbot, theme):
        bench = Bench(qtbot, theme, begun=BEGUN)
        assert bench.view.answer.source == "1. The *quick "
        assert bench.view.thinking.trace == "a fox"
        bench.think(" or a dog")
        assert bench.view.thinking.trace == "a fox or a dog"
        bench.answer("brown* fox.")
        assert bench.view.answer.source == "1. The *quick brown* fox."
        bench.generation.play(Finished(FinishReason.STOP))
        assert bench.view.answer.source == bench.generation.builder.message.text == "1. The *quick brown* fox."
        assert not bench.view.is_running

    def test_one_that_is_begun_again_shows_nothing_of_the_one_before(self, qtbot, theme):
        bench = Bench(qtbot, theme, begun=BEGUN)
        bench.generation.play(BeganAgain(), TextDelta("A fox"), advance=Advance(text="A fox", reclassified=True))
        bench.answer(" it was.")
        assert bench.view.answer.source == bench.generation.builder.message.text == "A fox it was."
