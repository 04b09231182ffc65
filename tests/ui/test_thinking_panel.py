"""The thinking above an answer: a peek of settled sentences in a box that keeps its height, the trace on demand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.core.events import Finished, FinishReason, ReasoningDelta, TextDelta
from desktop.runtime.turn import Advance
from desktop.ui.message_view import MessageView
from desktop.ui.text_surface import TextSurface
from desktop.ui.theme import Theme
from desktop.ui.thinking_panel import PanelPreference, ThinkingPanel
from tests.ui.page_bench import ScriptedTurn

WIDTH = 560
AUTO, OPEN, CLOSED = PanelPreference.AUTO, PanelPreference.OPEN, PanelPreference.CLOSED


class Bench:
    def __init__(self, qtbot: QtBot, theme: Theme, preference: PanelPreference = AUTO) -> None:
        self.panel = ThinkingPanel(theme, preference)
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
        shown.append(bench.panel._peek)
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
    assert len(bench.panel._recent) <= 600
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
    assert bench.panel._peek == "Third."


def test_the_keyboard_opens_it_too(qtbot: QtBot, theme: Theme) -> None:
    bench = Bench(qtbot, theme)
    bench.start("First. ")
    QTest.keyClick(bench.panel._header, Qt.Key.Key_Space)
    assert bench.panel.is_open
    assert bench.panel._header.accessibleDescription() == "Hide the thinking"


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
    def turn(self) -> ScriptedTurn:
        return ScriptedTurn()

    def view(self, qtbot: QtBot, theme: Theme, turn: ScriptedTurn, preference: PanelPreference = AUTO) -> MessageView:
        view = MessageView(turn.builder.message, theme, preference, is_last=True)
        qtbot.addWidget(view)
        view.resize(WIDTH, 400)
        view.show()
        view.follow(turn)  # type: ignore[arg-type]
        turn.play(ReasoningDelta("Hm. "), advance=Advance(reasoning="Hm. "))
        view.height_for(WIDTH)
        view.lay_out()
        return view

    def answer(self, turn: ScriptedTurn) -> None:
        turn.play(TextDelta("Four."), advance=Advance(text="Four."))

    def test_it_closes_for_the_answer(self, qtbot: QtBot, theme: Theme, turn: ScriptedTurn) -> None:
        view = self.view(qtbot, theme, turn)
        assert view._panel is not None
        view._panel.set_open(True)
        self.answer(turn)
        assert not view._panel.is_open

    def test_not_when_the_person_has_opened_it(self, qtbot: QtBot, theme: Theme, turn: ScriptedTurn) -> None:
        view = self.view(qtbot, theme, turn)
        assert view._panel is not None
        QTest.mouseClick(view._panel._header, Qt.MouseButton.LeftButton)
        self.answer(turn)
        assert view._panel.is_open
        turn.play(Finished(FinishReason.STOP))
        assert view._panel.is_open

    def test_not_when_the_person_likes_it_open(self, qtbot: QtBot, theme: Theme, turn: ScriptedTurn) -> None:
        view = self.view(qtbot, theme, turn, OPEN)
        self.answer(turn)
        assert view._panel is not None
        assert view._panel.is_open
