"""The thinking above an answer: a peek of settled sentences in a box that keeps its height, the trace on demand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QGuiApplication, QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.events import Finished, FinishReason, ReasoningDelta, TextDelta
from desktop.runtime.generation import Advance
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import ReplyStep, Resplit, SetPanels, TakeStep
from desktop.ui.text.surface import TextSurface
from desktop.ui.thinking.panel import LoopNotice, ThinkingPanel
from desktop.ui.transcript.message_view import MessageView
from desktop.ui.transcript.view import Transcript
from desktop.ui.widgets.labels import ElidedLabel
from tests.ui.asking import Asked
from tests.ui.transcript.page_bench import KnownPath, ScriptedTurn, mine, reply, views

WIDTH = 560
AUTO, OPEN, CLOSED = PanelPreference.AUTO, PanelPreference.OPEN, PanelPreference.CLOSED


class Bench:
    def __init__(self, qtbot: QtBot, theme: Theme, preference: PanelPreference = AUTO) -> None:
        self.asked = Asked()
        self.panel = ThinkingPanel(PageLook(theme), preference, self.asked)
        qtbot.addWidget(self.panel)
        self.heights: list[int] = []
        self.panel.height_changed.connect(self.place)
        self.place()
        self.panel.show()

    def place(self) -> None:
        height = self.panel.height_for(WIDTH)
        self.panel.resize(WIDTH, height)
        self.panel.lay_out()
        self.heights.append(height)

    def start(self, *pieces: str) -> None:
        self.panel.set_running(True)
        for piece in pieces:
            self.panel.append(piece)

    def click(self) -> None:
        QTest.mouseClick(self.panel._header, Qt.MouseButton.LeftButton)

    @property
    def surface(self) -> TextSurface | None:
        return next((each for each in self.panel.findChildren(TextSurface) if each.isVisible()), None)


def test_the_peek_shows_the_last_sentence_that_is_whole(qtbot: QtBot, theme: Theme) -> None:
    bench = Bench(qtbot, theme)
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
        bench.start(piece)
        shown.append(bench.panel._peek.sentence)
    assert list(dict.fromkeys(shown)) == ["", "First I think.", "Then I think again!", "And what about", "他想了很久。"]


def test_the_peek_keeps_its_height_whatever_is_thought(qtbot: QtBot, theme: Theme) -> None:
    bench = Bench(qtbot, theme)
    bench.start()
    height = bench.panel.height()
    bench.heights.clear()
    bench.start(
        *["A short one. ", "A sentence that is so long that it can not stand in two lines. " * 3, "x" * 3_000 + ". "]
    )
    bench.place()
    assert set(bench.heights) == {height}


def test_the_peek_is_painted_anew_only_when_a_sentence_settles(qtbot: QtBot, theme: Theme) -> None:
    bench = Bench(qtbot, theme)
    bench.start("First I think. Then")
    before = bench.panel.grab().toImage()
    bench.start(" I think")
    assert bench.panel.grab().toImage() == before
    bench.start(" again. ")
    assert bench.panel.grab().toImage() != before


def test_a_closed_panel_lays_nothing_out(qtbot: QtBot, theme: Theme) -> None:
    bench = Bench(qtbot, theme)
    bench.start(*["A thought. "] * 1_000)
    assert not bench.panel.findChildren(TextSurface)
    assert len(bench.panel._peek._recent) <= 600
    assert bench.panel.trace == "A thought. " * 1_000


def test_a_click_opens_the_whole_trace_and_another_closes_it(qtbot: QtBot, theme: Theme) -> None:
    bench = Bench(qtbot, theme)
    bench.start("First. ", "Second. ")
    with qtbot.waitSignal(bench.panel.toggled) as toggled:
        bench.click()
    assert toggled.args == [True]
    assert bench.panel.is_open
    assert bench.surface is not None
    assert bench.surface.source == "First. Second. "
    bench.panel.append("Third. ")
    assert bench.surface.source == "First. Second. Third. "
    assert bench.panel.height() > bench.surface.y()
    bench.click()
    assert bench.surface is None
    assert bench.panel._peek.sentence == "Third."


def test_the_keyboard_opens_it_too(qtbot: QtBot, theme: Theme) -> None:
    bench = Bench(qtbot, theme)
    bench.start("First. ")
    bench.panel.activateWindow()
    bench.panel._header.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(bench.panel._header.hasFocus)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(bench.panel._header, key)
        assert bench.panel.is_open
        assert bench.panel._header.accessibleDescription() == "Hide the thinking"
        QTest.keyClick(bench.panel._header, key)
        assert not bench.panel.is_open
        assert bench.panel._header.accessibleDescription() == "Show the thinking"


def test_the_keyboard_finds_it_and_sees_where_it_is(qtbot: QtBot, theme: Theme) -> None:
    bench = Bench(qtbot, theme)
    header = bench.panel._header
    bench.panel.set_words("Thought for 12 s")
    before = header.grab().toImage()
    bench.panel.activateWindow()
    header.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(header.hasFocus)
    assert header.grab().toImage() != before


def test_a_click_leaves_the_keyboard_where_one_writes(qtbot: QtBot, theme: Theme) -> None:
    bench = Bench(qtbot, theme)
    bench.click()
    assert not bench.panel._header.hasFocus()


def test_an_open_trace_says_that_it_is_not_sent_back(qtbot: QtBot, theme: Theme) -> None:
    bench = Bench(qtbot, theme, OPEN)
    bench.panel.replace("A thought.")
    bench.place()
    assert bench.surface is not None
    foot = next(each for each in bench.panel.findChildren(ElidedLabel) if each.isVisible())
    assert foot.text() == "Not sent with later questions"
    assert bench.surface.geometry().bottom() < foot.y() < foot.geometry().bottom() < bench.panel.height()
    bench.click()
    assert not foot.isVisible()


def test_thinking_that_a_provider_hides(qtbot: QtBot, theme: Theme) -> None:
    bench = Bench(qtbot, theme, OPEN)
    bench.panel.set_words("Thought for 3 s · 90 tokens", is_last=True)
    bench.place()
    foot = next(each for each in bench.panel.findChildren(ElidedLabel) if each.isVisible())
    assert foot.text() == "The provider does not show what the model thought"
    assert foot.geometry().bottom() < bench.panel.height() < bench.panel.header_height + 2.5 * foot.height()


class Paints(QObject):
    """What of a widget is painted, by itself and by those in it, in its own pixels."""

    def __init__(self, whole: QWidget) -> None:
        super().__init__()
        self._whole = whole
        self.times = 0
        self.places = QRegion()
        for each in (whole, *whole.findChildren(QWidget)):
            each.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent) and isinstance(watched, QWidget):
            self.times += 1
            self.places += event.region().translated(watched.mapTo(self._whole, QPoint(0, 0)))
        return False


@pytest.mark.parametrize("preference", [AUTO, OPEN])
def test_the_clock_repaints_its_own_line_alone(qtbot: QtBot, theme: Theme, preference: PanelPreference) -> None:
    bench = Bench(qtbot, theme, preference)
    with qtbot.waitExposed(bench.panel):
        bench.start("A thought. And another one")
        bench.panel.set_words("Thinking… 11 s · 430 tokens")
    paints = Paints(bench.panel)
    bench.panel.update()
    qtbot.waitUntil(lambda: bool(paints.times))  # all that was still to be painted
    qtbot.wait(200)  # and what comes of becoming active
    line = bench.panel._header.geometry()
    paints.times, paints.places = 0, QRegion()
    for second in range(12, 20):
        before = paints.times
        bench.panel.set_words(f"Thinking… {second} s · 431 tokens")
        qtbot.waitUntil(lambda: paints.times > before)  # noqa: B023
    assert paints.places.boundingRect() == line
    assert paints.times <= 8 * 2  # the line, and the panel through it


def test_a_screen_reader_is_not_told_of_each_second(qtbot: QtBot, theme: Theme) -> None:
    bench = Bench(qtbot, theme)
    heard = set()
    reader = QAccessible.queryAccessibleInterface(bench.panel._header)
    for second in range(3):
        bench.panel.set_words(f"Thinking… {second} s")
        heard.add(reader.text(QAccessible.Text.Name))
    assert heard == {"Thinking"}
    bench.panel.set_words("Thought for 3 s · 12 tokens", is_last=True)
    assert reader.text(QAccessible.Text.Name) == "Thought for 3 s · 12 tokens"
    assert bench.panel._header.text() == ""  # Qt would announce each change of it


class TestLoop:
    """That the model repeats itself is said below what it thinks, and moves nothing that is read."""

    def notice(self, bench: Bench) -> LoopNotice | None:
        return next((each for each in bench.panel.findChildren(LoopNotice) if each.isVisible()), None)

    @pytest.mark.parametrize("preference", [AUTO, OPEN, CLOSED])
    def test_it_stands_below(self, qtbot: QtBot, theme: Theme, preference: PanelPreference) -> None:
        bench = Bench(qtbot, theme, preference)
        bench.start("Wait. " * 30)
        height = bench.panel.height()
        bench.panel.show_loop(True)
        notice = self.notice(bench)
        assert notice is not None
        assert notice.y() == height
        assert bench.panel.height() == height + notice.height()
        bench.panel.append("Wait. " * 300)
        assert notice.geometry().bottom() + 1 == bench.panel.height()

    def test_it_offers_the_answer(self, qtbot: QtBot, theme: Theme) -> None:
        bench = Bench(qtbot, theme)
        bench.start("Wait. ")
        bench.panel.show_loop(True)
        notice = self.notice(bench)
        assert notice is not None
        QTest.mouseClick(notice._cut, Qt.MouseButton.LeftButton)
        assert bench.asked.actions[-1] == TakeStep(ReplyStep.ANSWER_NOW)

    def test_it_can_be_sent_away(self, qtbot: QtBot, theme: Theme) -> None:
        bench = Bench(qtbot, theme)
        bench.start("Wait. ")
        height = bench.panel.height()
        bench.panel.show_loop(True)
        notice = self.notice(bench)
        assert notice is not None
        QTest.mouseClick(notice._go_on, Qt.MouseButton.LeftButton)
        assert self.notice(bench) is None
        assert bench.panel.height() == height

    def test_it_goes_when_the_thinking_ends(self, qtbot: QtBot, theme: Theme) -> None:
        bench = Bench(qtbot, theme)
        bench.start("Wait. ")
        bench.panel.show_loop(True)
        bench.panel.set_running(False)
        assert self.notice(bench) is None


class TestMenu:
    def choose(self, panel: ThinkingPanel, words: str) -> list[str]:
        """Pick an entry; answers what is offered beside the preferences."""
        panel._header.customContextMenuRequested.emit(panel._header.rect().center())
        menu = panel.findChild(QMenu)
        assert menu is not None
        offered = [each.text() for each in menu.actions() if not each.isCheckable() and not each.isSeparator()]
        next(each for each in menu.actions() if each.text() == words).trigger()
        menu.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return offered

    def test_the_thinking_can_be_copied(self, qtbot: QtBot, theme: Theme) -> None:
        bench = Bench(qtbot, theme)
        bench.start("First. ", "And sec")
        assert self.choose(bench.panel, "Copy the thinking") == ["Copy the thinking"]
        assert QGuiApplication.clipboard().text() == "First. And sec"

    def test_a_wrong_split_can_be_undone_once_it_has_ended(self, qtbot: QtBot, theme: Theme) -> None:
        bench = Bench(qtbot, theme)
        bench.panel.replace("Paris.")
        bench.panel.set_words("Thought for 3 s", is_last=True)
        self.choose(bench.panel, "Move to the answer")
        assert bench.asked.actions[-1] == Resplit(thinking=False)


@pytest.mark.parametrize(
    ("preference", "is_open", "has_peek"), [(AUTO, False, True), (OPEN, True, False), (CLOSED, False, False)]
)
def test_as_the_person_likes_it(
    qtbot: QtBot, theme: Theme, preference: PanelPreference, is_open: bool, has_peek: bool
) -> None:
    bench = Bench(qtbot, theme, preference)
    bench.start("First. ")
    bench.place()
    assert bench.panel.is_open is is_open
    assert (bench.surface is not None) is is_open
    assert bench.panel._shows_peek() is has_peek


def test_the_peek_goes_when_the_thinking_ends(qtbot: QtBot, theme: Theme) -> None:
    bench = Bench(qtbot, theme)
    bench.start("First. ")
    tall = bench.panel.height()
    bench.panel.set_running(False)
    assert bench.panel.height() < tall


class TestInAReply:
    """How the panel behaves when the answer begins."""

    @pytest.fixture
    def generation(self) -> ScriptedTurn:
        return ScriptedTurn()

    def view(
        self, qtbot: QtBot, theme: Theme, generation: ScriptedTurn, preference: PanelPreference = AUTO
    ) -> MessageView:
        view = MessageView(generation.builder.message, PageLook(theme), preference, Asked(), is_last=True)
        qtbot.addWidget(view)
        view.resize(WIDTH, 400)
        view.show()
        view.follow(generation)  # type: ignore[arg-type]
        generation.play(ReasoningDelta("Hm. "), advance=Advance(reasoning="Hm. "))
        view.height_for(WIDTH)
        view.lay_out()
        return view

    def answer(self, generation: ScriptedTurn) -> None:
        generation.play(TextDelta("Four."), advance=Advance(text="Four."))

    def test_it_closes_for_the_answer(self, qtbot: QtBot, theme: Theme, generation: ScriptedTurn) -> None:
        view = self.view(qtbot, theme, generation)
        assert view._panel is not None
        view._panel.set_open(True)
        self.answer(generation)
        assert not view._panel.is_open

    def test_not_when_the_person_has_opened_it(self, qtbot: QtBot, theme: Theme, generation: ScriptedTurn) -> None:
        view = self.view(qtbot, theme, generation)
        assert view._panel is not None
        QTest.mouseClick(view._panel._header, Qt.MouseButton.LeftButton)
        self.answer(generation)
        assert view._panel.is_open
        generation.play(Finished(FinishReason.STOP))
        assert view._panel.is_open

    def test_not_when_the_person_likes_it_open(self, qtbot: QtBot, theme: Theme, generation: ScriptedTurn) -> None:
        view = self.view(qtbot, theme, generation, OPEN)
        self.answer(generation)
        assert view._panel is not None
        assert view._panel.is_open


class TestPreference:
    """How panels stand is chosen on any of them, and all follow."""

    @pytest.fixture
    def transcript(self, qtbot: QtBot, theme: Theme) -> Transcript:
        made = Transcript(theme, AUTO)
        qtbot.addWidget(made)
        made.resize(700, 600)
        path = [mine("1 + 1?"), reply("Two.", "One and one."), mine("2 + 2?"), reply("Four.", "Twice.")]
        made.show_path(KnownPath(path))
        with qtbot.waitExposed(made):
            made.show()
        return made

    def panels(self, transcript: Transcript) -> list[ThinkingPanel]:
        return [panel for view in views(transcript) for panel in view.findChildren(ThinkingPanel)]

    def choose(self, panel: ThinkingPanel, words: str) -> list[bool]:
        """Pick an entry of the menu that the menu key opens; answers which were ticked."""
        header = panel._header
        where = header.rect().center()
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, where, header.mapToGlobal(where))
        QCoreApplication.sendEvent(header, asked)
        menu = panel.findChild(QMenu)
        assert menu is not None
        ticked = [entry.isChecked() for entry in menu.actions() if entry.isCheckable()]
        next(entry for entry in menu.actions() if entry.text() == words).trigger()
        menu.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return ticked

    def test_all_panels_follow_and_it_is_said(self, qtbot: QtBot, transcript: Transcript) -> None:
        first, second = self.panels(transcript)
        with qtbot.waitSignal(transcript.requests.asked) as said:
            assert self.choose(first, "Always open") == [True, False, False]
        assert said.args[1] == SetPanels(PanelPreference.OPEN)
        assert (first.is_open, second.is_open) == (True, True)
        assert self.choose(second, "Always closed") == [False, True, False]
        assert (first.is_open, second.is_open) == (False, False)
        transcript.show_path(KnownPath([reply("Six.", "Three and three.")]))
        assert self.choose(self.panels(transcript)[0], "Automatic") == [False, False, True]

    def test_a_running_one_gains_and_loses_its_peek(self, qtbot: QtBot, theme: Theme) -> None:
        bench = Bench(qtbot, theme, CLOSED)
        bench.start("A thought. And")
        closed = bench.heights[-1]
        bench.panel.set_preference(AUTO)
        assert bench.heights[-1] > closed
        bench.panel.set_preference(CLOSED)
        assert bench.heights[-1] == closed
