"""One message: where it stands in words, its card, its actions, and a text of any length."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.bounds import SHOWN_LETTERS
from desktop.core.errors import StreamBroken, Unreachable
from desktop.core.events import (
    Failed,
    Finished,
    FinishReason,
    Phase,
    Progress,
    ReasoningDelta,
    Reclassified,
    TextDelta,
)
from desktop.core.message import Failure, Message, MessageStatus, Timings, Usage
from desktop.runtime.generation import Advance
from desktop.ui.errors import ErrorAction
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import Continue, Edit, Recover, ShowVersion, TryAgain
from desktop.ui.text.surface import TextSurface
from desktop.ui.thinking.panel import ThinkingPanel
from desktop.ui.transcript.footer import FooterButton, MessageFooter
from desktop.ui.transcript.message_view import MessageView
from desktop.ui.widgets.quiet_line import ErrorCard
from tests.ui.asking import Asked
from tests.ui.transcript.page_bench import ScriptedTurn, mine, reply

WIDTH = 600


class Bench:
    """A view of a message at a fixed width."""

    def __init__(
        self,
        qtbot: QtBot,
        theme: Theme,
        message: Message,
        *,
        is_last: bool = True,
        preference: PanelPreference = PanelPreference.AUTO,
    ) -> None:
        self.asked = Asked()
        self.view = MessageView(message, PageLook(theme), preference, self.asked, is_last=is_last)
        qtbot.addWidget(self.view)
        self.view.height_changed.connect(self.place)
        self.place()
        self.view.show()

    def place(self) -> None:
        self.view.resize(WIDTH, self.view.height_for(WIDTH))
        self.view.lay_out()

    def settle(self) -> None:
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    @property
    def state(self) -> str:
        """The words of the line below the text."""
        return self.view._footer.words

    @property
    def actions(self) -> list[str]:
        return [each.accessibleName() for each in self.view.findChildren(FooterButton) if each.isVisible()]

    @property
    def offers(self) -> list[str]:
        """The buttons in words that can be seen."""
        return [each.text() for each in self.view.findChildren(QPushButton) if each.isVisible()]

    @property
    def menu(self) -> list[str]:
        """What stands in the menu of seldom steps."""
        footer = self.view.findChild(MessageFooter)
        assert isinstance(footer, MessageFooter)
        return [each.text() for each in footer.menu().actions()]

    def action(self, name: str) -> FooterButton:
        return next(each for each in self.view.findChildren(FooterButton) if each.accessibleName() == name)

    @property
    def text(self) -> TextSurface:
        return self.view._text

    @property
    def panel(self) -> ThinkingPanel | None:
        return self.view._panel

    @property
    def card(self) -> ErrorCard | None:
        cards = self.view.findChildren(ErrorCard)
        return cards[0] if cards and cards[0].isVisible() else None


def card_buttons(card: ErrorCard) -> list[str]:
    return [button.text() for button in card.findChildren(QPushButton) if button.isVisible()]


def running(qtbot: QtBot, theme: Theme, **more: PanelPreference) -> tuple[Bench, ScriptedTurn]:
    generation = ScriptedTurn()
    bench = Bench(qtbot, theme, generation.builder.message, **more)
    bench.view.follow(generation)  # type: ignore[arg-type]
    return bench, generation


def think(generation: ScriptedTurn, text: str) -> None:
    generation.play(ReasoningDelta(text), advance=Advance(reasoning=text))


def answer(generation: ScriptedTurn, text: str) -> None:
    generation.play(TextDelta(text), advance=Advance(text=text))


class TestPhases:
    """Product §3: always visible in words."""

    def test_from_connecting_to_done(self, qtbot: QtBot, theme: Theme) -> None:
        bench, generation = running(qtbot, theme)
        assert bench.state == "Connecting…"
        generation.play(Progress(Phase.LOADING))
        assert bench.state.startswith("Loading the model…")
        generation.play(Progress(Phase.READING, 0.4))
        assert bench.state == "Reading your message… 40 %"
        think(generation, "Hm. ")
        assert bench.state == ""
        assert bench.panel is not None
        assert "Thinking…" in bench.panel._header.words
        answer(generation, "Four.")
        assert bench.state == "Answering…"
        generation.play(Finished(FinishReason.STOP))
        assert bench.state == ""
        assert bench.panel._header.words.startswith("Thought for")
        assert bench.actions == ["Copy", "Try again", "Start fresh", "More"]

    @pytest.mark.parametrize(
        ("reason", "words"),
        [(FinishReason.CANCELLED, "Stopped"), (FinishReason.LENGTH, "Cut off at the length limit")],
    )
    def test_ends_that_are_no_failures(self, qtbot: QtBot, theme: Theme, reason: FinishReason, words: str) -> None:
        bench, generation = running(qtbot, theme)
        answer(generation, "Half an")
        generation.play(Finished(reason))
        assert bench.state == words
        assert bench.card is None
        assert bench.text.source == "Half an"

    def test_thought_but_did_not_answer(self, qtbot: QtBot, theme: Theme) -> None:
        bench, generation = running(qtbot, theme)
        think(generation, "Hm.")
        generation.play(Finished(FinishReason.STOP))
        assert bench.state == "Thought, but did not answer"

    def test_interrupted_by_a_crash(self, qtbot: QtBot, theme: Theme) -> None:
        bench = Bench(qtbot, theme, reply("Half an", status=MessageStatus.INTERRUPTED))
        assert bench.state == "Interrupted before it was complete"
        assert (bench.offers, bench.actions) == (["Continue", "Try again"], ["More"])
        assert "Start fresh" in bench.menu

    def test_a_stored_thought_says_how_long_it_took(self, qtbot: QtBot, theme: Theme) -> None:
        message = reply("Four.", "Hm, two and two.", timings=Timings(thinking=12.4), usage=Usage(completion_tokens=200))
        bench = Bench(qtbot, theme, message)
        assert bench.panel is not None
        assert bench.panel._header.words == "Thought for 12 s"
        assert bench.panel._header.toolTip().endswith(" % of this reply")
        assert bench.panel._header.toolTip() in bench.panel._header.accessibleDescription()

    def test_no_actions_while_it_runs(self, qtbot: QtBot, theme: Theme) -> None:
        bench, generation = running(qtbot, theme)
        answer(generation, "Half an")
        assert bench.actions == []


class TestCard:
    def test_a_failure_stands_where_it_happened(self, qtbot: QtBot, theme: Theme) -> None:
        bench, generation = running(qtbot, theme)
        answer(generation, "so far")
        generation.play(Failed(StreamBroken(host="127.0.0.1")))
        card = bench.card
        assert card is not None
        assert card.accessibleName() == "The reply broke off"
        assert bench.text.source == "so far"
        assert bench.state == ""
        assert card.y() >= bench.text.y() + bench.text.height()
        assert card.geometry().bottom() < bench.view.height()
        QTest.mouseClick(card.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
        assert bench.asked.actions[-1] == TryAgain()

    def test_the_next_steps_of_a_card_are_said(self, qtbot: QtBot, theme: Theme) -> None:
        message = reply("", status=MessageStatus.FAILED, failure=Unreachable(reason="refused").as_failure())
        bench = Bench(qtbot, theme, message)
        assert bench.card is not None
        [button] = [each for each in bench.card.findChildren(QPushButton) if each.text() == "Open connections"]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert bench.asked.actions[-1] == Recover(ErrorAction.OPEN_CONNECTIONS)

    def test_nothing_of_the_card_is_cut(self, qtbot: QtBot, theme: Theme) -> None:
        failure = Failure("unreachable", "a very long text of the server " * 20, "gpu-server", None, "refused")
        bench = Bench(qtbot, theme, reply("", status=MessageStatus.FAILED, failure=failure))
        assert bench.card is not None
        for label in bench.card.findChildren(QLabel):
            if label.isVisible():
                assert label.height() >= label.heightForWidth(label.width())

    def test_the_card_of_an_earlier_reply_leaves_trying_again_to_its_row(self, qtbot: QtBot, theme: Theme) -> None:
        message = reply("", status=MessageStatus.FAILED, failure=Unreachable(reason="refused").as_failure())
        bench = Bench(qtbot, theme, message)
        assert bench.card is not None
        assert card_buttons(bench.card) == ["Try again", "Open connections"]
        assert bench.actions == ["More"]
        assert "Choose another model" in bench.menu
        bench.view.set_last(False)
        bench.settle()
        assert card_buttons(bench.card) == ["Open connections", "Choose another model"]
        assert bench.actions == ["Copy", "Try again", "Start fresh", "More"]

    @pytest.mark.parametrize(
        ("thought", "offered", "in_menu"),
        [("Hm.", ["Continue"], ["Answer now", "Start fresh"]), ("", [], ["Start fresh"])],
    )
    def test_what_the_card_does_not_offer_stands_in_the_menu(
        self, qtbot: QtBot, theme: Theme, thought: str, offered: list[str], in_menu: list[str]
    ) -> None:
        failure = StreamBroken().as_failure()
        bench = Bench(qtbot, theme, reply("", thought, status=MessageStatus.FAILED, failure=failure))
        assert bench.card is not None
        assert [each for each in bench.offers if each and each not in card_buttons(bench.card)] == offered
        assert bench.menu[: len(in_menu)] == in_menu
        bench.view.set_unsent(True)
        assert "Send again" in bench.menu


class TestActions:
    def test_copy_of_the_persons_words(self, qtbot: QtBot, theme: Theme, qapp: QApplication) -> None:
        bench = Bench(qtbot, theme, mine("  *my* words\n\n\n    indented"))
        QTest.mouseClick(bench.action("Copy"), Qt.MouseButton.LeftButton)
        assert qapp.clipboard().text() == "  *my* words\n\n\n    indented"
        assert "Copied" in bench.actions
        qtbot.waitUntil(lambda: "Copy" in bench.actions, timeout=5000)

    def test_try_again_is_said(self, qtbot: QtBot, theme: Theme) -> None:
        bench = Bench(qtbot, theme, reply("Four."))
        QTest.keyClick(bench.action("Try again"), Qt.Key.Key_Space)
        assert bench.asked.actions[-1] == TryAgain()

    def test_the_persons_words_can_be_edited(self, qtbot: QtBot, theme: Theme) -> None:
        bench = Bench(qtbot, theme, mine("Two and two?"))
        assert sorted(bench.actions) == ["Copy", "Edit"]
        QTest.mouseClick(bench.action("Edit"), Qt.MouseButton.LeftButton)
        assert bench.asked.actions[-1] == Edit()

    def test_pointing_at_a_message_shows_its_actions_and_moves_nothing(self, qtbot: QtBot, theme: Theme) -> None:
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

    def test_versions_are_passed_on(self, qtbot: QtBot, theme: Theme) -> None:
        bench = Bench(qtbot, theme, reply("Four."))
        bench.view.set_versions(2, 3)
        QTest.mouseClick(bench.action("Earlier version"), Qt.MouseButton.LeftButton)
        assert bench.asked.actions[-1] == ShowVersion(1)


class TestContinue:
    """Product §3: a reply that was cut off can be continued."""

    @pytest.mark.parametrize("status", ["cut_off", "stopped", "interrupted", "failed"])
    def test_offered_after_a_reply_that_broke_off(self, qtbot: QtBot, theme: Theme, status: str) -> None:
        failure = StreamBroken().as_failure() if status == "failed" else None
        bench = Bench(qtbot, theme, reply("Half an", status=MessageStatus(status), failure=failure))
        assert "Continue" in bench.offers
        button = next(each for each in bench.view.findChildren(QPushButton) if each.text() == "Continue")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert bench.asked.actions[-1] == Continue()
        bench.view.set_last(False)
        assert "Continue" not in bench.offers

    @pytest.mark.parametrize(("text", "status"), [("Whole.", "complete"), ("", "stopped"), ("", "failed")])
    def test_not_where_there_is_nothing_to_go_on_from(self, qtbot: QtBot, theme: Theme, text: str, status: str) -> None:
        assert "Continue" not in Bench(qtbot, theme, reply(text, status=MessageStatus(status))).offers


class TestNames:
    def test_names_for_a_screen_reader(self, qtbot: QtBot, theme: Theme) -> None:
        bench = Bench(qtbot, theme, reply("Four."))
        assert bench.view.accessibleName() == "Answer"
        assert bench.text.accessibleDescription() == "Four."
        assert Bench(qtbot, theme, mine("x")).view.accessibleName() == "You"


class TestSides:
    """Text that turns out to be thinking, or the other way round."""

    def test_an_answer_that_was_thinking(self, qtbot: QtBot, theme: Theme) -> None:
        bench, generation = running(qtbot, theme)
        answer(generation, "hmm, so")
        generation.play(Reclassified(), TextDelta("Four."), advance=Advance(text="Four.", reclassified=True))
        assert bench.text.source == "Four."
        assert bench.panel is not None
        assert bench.panel.trace == "hmm, so"
        answer(generation, " Surely.")
        generation.play(Finished(FinishReason.STOP))
        assert bench.text.source == "Four. Surely."

    def test_thinking_that_was_the_answer(self, qtbot: QtBot, theme: Theme) -> None:
        bench, generation = running(qtbot, theme)
        think(generation, "It is four.")
        generation.play(Reclassified(), advance=Advance(reclassified=True))
        generation.play(Finished(FinishReason.STOP))
        bench.settle()
        assert bench.text.source == "It is four."
        assert bench.panel is None
        assert not bench.view.findChildren(ThinkingPanel)


def test_copy_takes_all_of_a_pasted_book_at_once(qtbot: QtBot, theme: Theme, qapp: QApplication) -> None:
    text = "word " * 30_000
    bench = Bench(qtbot, theme, mine(text))
    QTest.mouseClick(bench.action("Copy"), Qt.MouseButton.LeftButton)
    assert qapp.clipboard().text() == text
    qtbot.waitUntil(lambda: bench.view.surfaces()[0][1].words.plain_text() == text.rstrip(), timeout=5000)


TOO_LONG = "word " * (SHOWN_LETTERS // 5) + "and the end that is not shown"


@pytest.mark.parametrize("message", [mine(TOO_LONG), reply(TOO_LONG), None], ids=["one's own", "stored", "growing"])
def test_of_a_text_without_end_the_beginning_is_shown_and_all_is_copied(
    qtbot: QtBot, theme: Theme, qapp: QApplication, message: Message | None
) -> None:
    if message is None:
        bench, generation = running(qtbot, theme)
        for start in range(0, len(TOO_LONG), 300_000):
            answer(generation, TOO_LONG[start : start + 300_000])
        generation.play(Finished(FinishReason.STOP))
    else:
        bench = Bench(qtbot, theme, message)
    qtbot.waitUntil(lambda: not bench.text.is_reading, timeout=20_000)
    assert bench.state == "Too long to be shown whole. Copy and Export… take all of it."
    assert len(bench.text.words.plain_text()) <= SHOWN_LETTERS
    QTest.mouseClick(bench.action("Copy"), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: qapp.clipboard().text().endswith("not shown"), timeout=20_000)


def test_the_bubble_is_as_wide_as_its_words(qtbot: QtBot, theme: Theme) -> None:
    short, long = Bench(qtbot, theme, mine("Hi")), Bench(qtbot, theme, mine("word " * 100))
    assert short.text.width() < 100
    assert short.text.geometry().right() == long.text.geometry().right() == WIDTH - 1
    assert long.text.width() <= WIDTH * 0.8


def test_the_bubble_shows_what_the_user_wrote_and_on_demand_how_it_was_sent(
    qtbot: QtBot, theme: Theme, qapp: QApplication
) -> None:
    sent = '# Task\n\nShorten it.\n\nText:\n"""\nOne and two.\n"""'
    view = MessageView(
        mine(sent), PageLook(theme), PanelPreference.AUTO, Asked(), is_last=True, headings=lambda: {"# Task"}
    )
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
def test_the_theme_can_change(qtbot: QtBot, theme: Theme, message: Message) -> None:
    bench = Bench(qtbot, theme, message)
    light = bench.view.grab().toImage()
    theme.set_mode("dark")
    bench.view.refresh_look()
    bench.place()
    assert bench.view.grab().toImage() != light


def test_a_running_reply_opened_again_goes_on(qtbot: QtBot, theme: Theme) -> None:
    generation = ScriptedTurn()
    generation.play(ReasoningDelta("First. "), TextDelta("so far"))
    bench = Bench(qtbot, theme, generation.builder.message)
    bench.view.follow(generation)  # type: ignore[arg-type]
    answer(generation, " and on")
    assert bench.text.source == "so far and on"
    assert bench.panel is not None
    assert bench.panel.trace == "First. "
    assert replace(generation.builder.message).text == "so far and on"
