"""The thinking above an answer: a peek of settled sentences, the trace on demand, and what the reader is spared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu

from desktop.core.events import (
    Finished,
    FinishReason,
    Phase,
    Progress,
    ReasoningDelta,
    TextDelta,
)
from desktop.core.message import (
    AttachmentPart,
    MessageStatus,
    Timings,
    Usage,
    user_message,
)
from desktop.core.place import THIS_COMPUTER
from desktop.core.signs.ending import Loop
from desktop.runtime.watches import LoopNoticed
from desktop.ui.message_actions import Ask, PanelPreference
from desktop.ui.transcript import thinking
from desktop.ui.transcript.thinking import LoopNotice, ThinkingHeader, ThinkingPeek
from desktop.ui.widgets.keys import tab_stops
from tests.ui.transcript.page_bench import Asked, Bench, KnownPath, ScriptedTurn, mine, reply, shown_page, views

AUTO, OPEN, CLOSED = PanelPreference.AUTO, PanelPreference.OPEN, PanelPreference.CLOSED
LINE = "A thought that takes a line of its own, more or less.\n\n"
IN_THINKING, IN_ANSWER = LoopNoticed(True, Loop(0, 9)), LoopNoticed(False, Loop(0, 6))


@pytest.fixture
def bench(qtbot, theme):
    return Bench(qtbot, theme)


def press(bench):
    assert bench.header is not None
    QTest.mouseClick(bench.header, Qt.MouseButton.LeftButton)


def peek(bench):
    return next((each for each in bench.view.findChildren(ThinkingPeek) if each.isVisible()), None)


def notice(bench):
    return next((each for each in bench.view.findChildren(LoopNotice) if each.isVisible()), None)


def foot(bench):
    """The last line of an open trace."""
    told = ("Not sent with later questions", "The provider does not show what the model thought")
    return next(
        (each.text() for each in bench.view.findChildren(QLabel) if each.text() in told and each.isVisible()), ""
    )


def menu_of(header):
    """The menu that the menu key opens."""
    where = header.rect().center()
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, where, header.mapToGlobal(where))
    QCoreApplication.sendEvent(header, asked)
    return header.findChildren(QMenu)[-1]


def choose(header, said):
    menu = menu_of(header)
    next(each for each in menu.actions() if each.text() == said).trigger()
    menu.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class TestPeek:
    def test_it_shows_the_last_sentence_that_is_whole(self, bench):
        shown = []
        for piece in [
            "First",
            " I think",
            ". ",
            "Then I",
            " think again! ",
            "And what about",
            "\n",
            "他想了很久。",
            "然后",
        ]:
            bench.think(piece)
            shown.append(bench.view.findChild(ThinkingPeek).sentence)
        settled = ["", "First I think.", "Then I think again!", "And what about", "他想了很久。"]
        assert list(dict.fromkeys(shown)) == settled


class TestTrace:
    def test_a_click_opens_it_and_another_closes_it_and_the_keyboard_stays_where_one_writes(self, bench):
        bench.think("First. ", "Second. ")
        press(bench)
        assert bench.header is not None
        assert not bench.header.hasFocus()
        assert bench.trace is not None
        bench.think("Third. ")
        assert bench.trace.source == "First. Second. Third. "
        assert foot(bench) == "Not sent with later questions"
        press(bench)
        assert not foot(bench)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert bench.trace is None
        assert bench.view.findChild(ThinkingPeek).sentence == "Third."

    def test_the_keyboard_finds_it_sees_where_it_is_and_opens_it(self, qtbot, theme):
        spent = Timings(thinking=12.4)
        bench = Bench(qtbot, theme, reply("Four.", "First.", timings=spent, usage=Usage(completion_tokens=200)))
        header = bench.header
        assert header is not None
        assert header.words == "Thought for 12 s"
        assert header.toolTip().endswith(" % of this reply")
        assert header.toolTip() in header.accessibleDescription()
        before = header.grab().toImage()
        bench.view.activateWindow()
        header.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(header.hasFocus)
        assert header.grab().toImage() != before
        for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            for hint in ("Hide the thinking", "Show the thinking"):
                QTest.keyClick(header, key)
                assert header.accessibleDescription().startswith(hint)
                assert bool(foot(bench)) is (hint == "Hide the thinking")

    def test_thinking_that_a_provider_hides(self, qtbot, theme):
        hidden = Usage(completion_tokens=100, reasoning_tokens=90)
        bench = Bench(qtbot, theme, reply("Four.", usage=hidden), OPEN)
        assert foot(bench) == "The provider does not show what the model thought"
        assert bench.header is not None
        assert bench.header.words == "Thought"


class TestAnswer:
    """How the thinking behaves when the answer begins."""

    @pytest.mark.parametrize(
        ("preference", "is_followed", "pressed", "stays"),
        [
            (AUTO, True, False, False),
            (AUTO, False, False, True),
            (AUTO, True, True, True),
            (OPEN, True, False, True),
        ],
        ids=["it closes", "not for who reads in it", "not when the person has opened it", "not when it is to be open"],
    )
    def test_whether_it_closes(self, qtbot, theme, preference, is_followed, pressed, stays):
        bench = Bench(qtbot, theme, preference=preference)
        bench.think(LINE)
        if pressed:
            press(bench)
        else:
            bench.view.thinking.set_open(True)
        bench.is_followed = is_followed
        bench.answer("Four.")
        assert bool(foot(bench)) is stays
        bench.generation.play(Finished(FinishReason.STOP))
        assert bool(foot(bench)) is stays


class TestLoops:
    """That the model repeats itself is said below the text, and moves nothing that is read."""

    @pytest.mark.parametrize(
        ("loop", "cut", "asked"),
        [(IN_THINKING, "Cut here and answer", Ask.ANSWER_NOW), (IN_ANSWER, "Stop here", Ask.STOP)],
    )
    @pytest.mark.parametrize("preference", [AUTO, OPEN, CLOSED])
    def test_it_stands_below_can_be_cut_and_sent_away(self, qtbot, theme, preference, loop, cut, asked):
        bench = Bench(qtbot, theme, preference=preference)
        bench.think("Wait. " * 30)
        if loop is IN_ANSWER:
            bench.answer("Four. ")
        height = bench.view.height()
        bench.generation.loop_noticed.emit(loop)
        told = notice(bench)
        assert told is not None
        assert bench.view.height() == height + told.height()
        buttons = [bench.button(cut), bench.button("Let it go on")]
        assert [each for each in tab_stops(bench.view) if told.isAncestorOf(each)] == buttons
        buttons[0].click()
        assert bench.asked.actions == [(asked, None)]
        buttons[1].click()
        assert notice(bench) is None
        assert bench.view.height() == height
        assert bench.view.is_running


class TestMenu:
    def test_the_thinking_can_be_copied_and_a_wrong_split_undone_once_it_has_ended(self, bench):
        bench.think("First. ", "And sec")
        assert bench.header is not None
        menu = menu_of(bench.header)
        assert [each.text() for each in menu.actions() if each.text() and not each.isCheckable()] == [
            "Copy the thinking"
        ]
        menu.close()
        choose(bench.header, "Copy the thinking")
        assert QGuiApplication.clipboard().text() == "First. And sec"
        assert not bench.view.can_be_resplit
        bench.generation.play(Finished(FinishReason.STOP))
        choose(bench.header, "Move to the answer")
        assert bench.asked.actions == [(Ask.RESPLIT, False)]
        assert bench.view.can_be_resplit

    def test_how_panels_stand_is_chosen_on_any_of_them_and_all_follow(self, qtbot, theme):
        asked = Asked()
        page = shown_page(qtbot, theme, asked, height=600)
        page.show_path(KnownPath([reply("Two.", "One and one."), mine("2 + 2?"), reply("Four.", "Twice.")]))

        def headers():
            return [header for view in views(page) for header in view.findChildren(ThinkingHeader)]

        def ticked(header):
            menu = menu_of(header)
            found = [each.isChecked() for each in menu.actions() if each.isCheckable()]
            menu.close()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            return found

        for at, said, is_open, now in ((0, "Always open", True, OPEN), (1, "Always closed", False, CLOSED)):
            choose(headers()[at], said)
            assert asked.actions[-1] == (Ask.SET_PANELS, now)
            assert [each.isChecked() for each in headers()] == [is_open, is_open]
        page.show_path(KnownPath([reply("Six.", "Three and three.")]))
        assert ticked(headers()[0]) == [False, False, True]


class TestProgress:
    """Where a running reply stands, in words for the eye and for a screen reader."""

    def test_each_phase_is_said_once(self, bench, monkeypatch):
        spoken: list[str] = []

        monkeypatch.setattr(thinking, "speak", lambda view, text: spoken.append(text))
        for event in (Progress(Phase.READING, 0.4), ReasoningDelta("Hm."), TextDelta("Four"), TextDelta(".")):
            bench.generation.play(event)
        bench.generation.play(Finished(FinishReason.STOP))
        assert spoken == ["Reading your message", "Thinking", "Answering", "Done"]

    @pytest.mark.parametrize(
        ("text", "progress", "said"),
        [
            ("Thirty days.", None, "Reading agreement.txt…"),
            ("Thirty days.", Progress(Phase.READING, 0.4), "Reading agreement.txt… 40 %"),
            ("Thirty days after the keys. " * 600, Progress(Phase.READING), "Reading agreement.txt, about 6 pages…"),
        ],
    )
    def test_a_file_is_named_from_the_first_moment_and_a_long_one_told_in_pages(
        self, qtbot, theme, text, progress, said
    ):
        bench = Bench(qtbot, theme, mine("no reply yet"))
        generation = ScriptedTurn()
        here = replace(generation.builder.message, place=THIS_COMPUTER)
        file = AttachmentPart("agreement.txt", "text/plain", text)
        generation.new_messages = [user_message("When?", attached=(file,)), here]
        bench.view.follow(generation)  # type: ignore[arg-type]
        if progress is not None:
            generation.play(progress)
        assert bench.footer.words == said


HIDDEN = Usage(completion_tokens=6_000, reasoning_tokens=6_000)
NOW, WITHOUT, ROOM = "Answer now", "Without thinking", "More room"


@pytest.mark.parametrize(
    ("message", "can_ask_without", "offered"),
    [
        (reply("", LINE, status=MessageStatus.STOPPED), True, ["Continue", NOW]),
        (reply("", LINE, status=MessageStatus.INTERRUPTED), True, ["Continue", NOW]),
        (reply("", LINE, status=MessageStatus.FAILED), True, ["Continue", NOW]),
        (reply("A fox.", LINE, status=MessageStatus.STOPPED), True, ["Continue"]),
        (reply("", status=MessageStatus.STOPPED), True, []),
        (reply("", LINE, status=MessageStatus.CUT_OFF), True, [NOW, WITHOUT, ROOM]),
        (reply("", status=MessageStatus.CUT_OFF, usage=HIDDEN), True, [NOW, WITHOUT, ROOM]),
        (reply("", LINE, status=MessageStatus.CUT_OFF), False, [NOW, ROOM]),
        (reply("", LINE), True, [NOW, WITHOUT]),
    ],
)
def test_thinking_alone_can_be_taken_further(qtbot, theme, message, can_ask_without, offered):
    bench = Bench(qtbot, theme, message)
    bench.asked.read(can_ask_without=can_ask_without)
    bench.view.read_anew()
    steps = [each for each in (*bench.offers, *bench.menu) if each in ("Continue", NOW, WITHOUT, ROOM)]
    assert steps == offered
    if offered:
        said = bench.button(offered[0])
        assert len(said.accessibleDescription()) > 30 or said.text() == "Continue"
