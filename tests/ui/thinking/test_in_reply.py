"""The thinking as a part of its message: what the reader is spared, offered and promised."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.events import Finished, FinishReason, ReasoningDelta, TextDelta, ThinkingEnded, UsageReported
from desktop.core.message import Message, MessageStatus, Role, Usage
from desktop.core.signs.loops import Loop
from desktop.core.text.pace import Attention
from desktop.runtime.generation import Advance
from desktop.runtime.watches import LoopNoticed
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import ReplyStep, Resplit, Stop, TakeStep
from desktop.ui.text.clipboard import CopyForm
from desktop.ui.text.surface import TextSurface
from desktop.ui.thinking import panel as thinking_panel
from desktop.ui.thinking.panel import LoopNotice, ThinkingPeek
from desktop.ui.transcript.footer import MessageFooter
from desktop.ui.transcript.message_view import MessageView
from desktop.ui.transcript.view import Transcript
from desktop.ui.widgets.keys import tab_stops
from tests.ui.asking import Asked
from tests.ui.transcript.page_bench import KnownPath, ScriptedTurn, mine, reply, views

WIDTH = 600
LINE = "A thought that takes a line of its own, more or less.\n\n"


class Bench:
    """A view that follows a generation; `is_followed` says whether the reader is at the end."""

    def __init__(self, qtbot: QtBot, theme: Theme) -> None:
        self.is_followed = True
        self.asked = Asked()
        self.generation = ScriptedTurn()
        self.view = MessageView(
            self.generation.builder.message,
            PageLook(theme),
            PanelPreference.AUTO,
            self.asked,
            is_last=True,
            is_followed=lambda: self.is_followed,
        )
        qtbot.addWidget(self.view)
        self.view.height_changed.connect(self.place)
        self.place()
        self.view.show()
        self.view.follow(self.generation)  # type: ignore[arg-type]

    def place(self) -> None:
        self.view.resize(WIDTH, self.view.height_for(WIDTH))
        self.view.lay_out()

    def think(self, text: str) -> None:
        self.generation.play(ReasoningDelta(text), advance=Advance(reasoning=text))

    def answer(self, text: str) -> None:
        self.generation.play(TextDelta(text), advance=Advance(text=text))

    def open(self) -> None:
        assert self.view._panel is not None
        self.view._panel.set_open(True)

    @property
    def is_open(self) -> bool:
        assert self.view._panel is not None
        return self.view._panel.is_open

    @property
    def notice(self) -> LoopNotice | None:
        return next((each for each in self.view.findChildren(LoopNotice) if each.isVisible()), None)


@pytest.fixture
def bench(qtbot: QtBot, theme: Theme) -> Bench:
    return Bench(qtbot, theme)


def find(whole: QWidget, words: str) -> QPushButton:
    return next(each for each in whole.findChildren(QPushButton) if each.text() == words)


@pytest.mark.parametrize("is_followed", [True, False])
def test_it_stays_open_for_who_reads_in_it(bench: Bench, is_followed: bool) -> None:
    bench.think(LINE)
    bench.open()
    bench.is_followed = is_followed
    bench.answer("Four.")
    assert bench.is_open is not is_followed


def test_the_line_that_is_read_stays_where_it_is(qtbot: QtBot, theme: Theme) -> None:
    """Whoever has scrolled up into an open trace sees nothing move when the answer begins."""
    page = Transcript(theme, PanelPreference.AUTO)
    qtbot.addWidget(page)
    page.resize(700, 400)
    generation = ScriptedTurn()
    with qtbot.waitExposed(page):
        page.show()
    page.follow(generation, KnownPath([mine("2 + 2?"), generation.builder.message]))  # type: ignore[arg-type]
    generation.play(ReasoningDelta(LINE * 60), advance=Advance(reasoning=LINE * 60))
    view = views(page)[-1]
    assert view._panel is not None
    view._panel.set_open(True)
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() > 800)
    page.verticalScrollBar().setValue(400)
    before = page.viewport().grab().toImage()
    for word in ("Four", " is", " the answer.\n\n", "It is."):
        generation.play(TextDelta(word), advance=Advance(text=word))
        QTest.qWait(0)
    assert view._panel.is_open
    assert page.verticalScrollBar().value() == 400
    box = page.viewport().rect().adjusted(0, 0, 0, -60)  # a button says below that there is new text
    assert page.viewport().grab().toImage().copy(box) == before.copy(box)


@pytest.mark.parametrize(
    ("preference", "worth"),
    [
        (PanelPreference.AUTO, Attention.GLANCED_AT),
        (PanelPreference.OPEN, Attention.IN_FRONT),
        (PanelPreference.CLOSED, Attention.CLOSED),
    ],
)
def test_thinking_comes_as_often_as_can_be_seen(bench: Bench, preference: PanelPreference, worth: Attention) -> None:
    """A peek shows whole sentences, a closed panel nothing; opening it asks for all at once."""
    bench.view.set_preference(preference)
    bench.think(LINE)
    assert bench.generation.attention is worth
    bench.open()
    assert bench.generation.attention is Attention.IN_FRONT
    bench.view.set_preference(PanelPreference.CLOSED)
    assert bench.generation.attention is Attention.CLOSED


class TestLoops:
    def test_one_in_the_thinking_can_be_cut(self, bench: Bench, qtbot: QtBot) -> None:
        bench.think(LINE)
        bench.generation.loop_noticed.emit(LoopNoticed(True, Loop(0, 9)))
        assert bench.notice is not None
        find(bench.notice, "Cut here and answer").click()
        assert bench.asked.actions[-1] == TakeStep(ReplyStep.ANSWER_NOW)

    def test_it_goes_as_soon_as_the_thinking_is_ended(self, bench: Bench) -> None:
        bench.think(LINE)
        height = bench.view.height()
        bench.generation.loop_noticed.emit(LoopNoticed(True, Loop(0, 9)))
        peek = bench.view.findChild(ThinkingPeek)
        assert isinstance(peek, ThinkingPeek)
        assert peek.isVisible()
        bench.generation.play(ThinkingEnded())
        assert bench.notice is None
        assert not peek.isVisible()
        assert bench.view.height() < height
        bench.think("A last word.")  # which was on its way
        assert not peek.isVisible()
        bench.answer("Four.")
        assert bench.view._panel is not None
        assert bench.view._panel.trace == f"{LINE}A last word."

    def test_the_answer_is_offered_once(self, bench: Bench) -> None:
        def offers() -> list[str]:
            return [each.text() for each in bench.view.findChildren(QPushButton) if each.isVisible() and each.text()]

        bench.think(LINE)
        assert offers() == ["Answer now"]
        bench.generation.loop_noticed.emit(LoopNoticed(True, Loop(0, 9)))
        assert offers() == ["Cut here and answer", "Let it go on"]
        assert bench.notice is not None
        find(bench.notice, "Let it go on").click()
        assert offers() == ["Answer now"]

    def test_one_in_the_answer_can_be_stopped(self, bench: Bench, qtbot: QtBot) -> None:
        bench.answer("Four. ")
        height = bench.view.height()
        bench.generation.loop_noticed.emit(LoopNoticed(False, Loop(0, 6)))
        assert bench.notice is not None
        assert bench.view.height() == height + bench.notice.height()
        assert [each for each in tab_stops(bench.view) if bench.notice.isAncestorOf(each)] == [
            find(bench.notice, "Stop here"),
            find(bench.notice, "Let it go on"),
        ]
        find(bench.notice, "Stop here").click()
        assert bench.asked.actions[-1] == Stop()
        bench.generation.play(Finished(FinishReason.CANCELLED))
        assert bench.notice is None

    def test_it_may_go_on(self, bench: Bench) -> None:
        bench.answer("Four. ")
        bench.generation.loop_noticed.emit(LoopNoticed(False, Loop(0, 6)))
        assert bench.notice is not None
        find(bench.notice, "Let it go on").click()
        assert bench.notice is None
        assert bench.view.is_running


FILE = "Export or print this answer…"
KEEP = "Keep this answer as an example"


class TestCopying:
    def menu_of(self, view: MessageView) -> list[str]:
        return [each.text() for each in view.findChild(MessageFooter).menu().actions()]

    def view_of(self, qtbot: QtBot, theme: Theme, message: Message) -> MessageView:
        view = MessageView(message, PageLook(theme), PanelPreference.AUTO, Asked(), is_last=True)
        qtbot.addWidget(view)
        return view

    def test_with_the_thinking(self, qtbot: QtBot, theme: Theme) -> None:
        view = self.view_of(qtbot, theme, reply("**Four.**", "Two.\n\n</think> and two."))
        assert self.menu_of(view) == [
            "Copy",
            "Copy as Markdown",
            "Copy as plain text",
            "Copy with thinking",
            "",
            FILE,
            KEEP,
            "",
            "Thinking: 6 tokens, 73 % of this reply",
        ]
        menu = view.findChild(MessageFooter).menu()
        with qtbot.waitSignal(view.copy_requested) as asked:
            menu.actions()[3].trigger()
        assert asked.args == [CopyForm.FORMATTED, True]

    def test_not_where_there_is_none(self, qtbot: QtBot, theme: Theme) -> None:
        view = self.view_of(qtbot, theme, reply("Four."))
        assert self.menu_of(view) == ["Copy", "Copy as Markdown", "Copy as plain text", "", FILE, KEEP]


class TestSplits:
    """What a user says against a split, at the text itself."""

    @pytest.mark.parametrize(
        ("part", "words", "thinking"), [(0, "Move to the answer", False), (1, "Move to the thinking", True)]
    )
    def test_it_can_be_undone(self, qtbot: QtBot, theme: Theme, part: int, words: str, thinking: bool) -> None:
        page = Transcript(theme, PanelPreference.OPEN)
        qtbot.addWidget(page)
        page.resize(700, 400)
        message = reply("Four.", "Two and two.")
        with qtbot.waitExposed(page):
            page.show()
        page.show_path(KnownPath([mine("2 + 2?"), message]))
        _, surface = views(page)[-1].surfaces()[part]
        surface.menu_requested.emit(QPoint(5, 5), surface.hit(QPointF(30, 20)))
        menu = surface.findChild(QMenu)
        assert menu is not None
        with qtbot.waitSignal(page.requests.asked) as said:
            next(each for each in menu.actions() if each.text() == words).trigger()
        assert said.args == [message.id, Resplit(thinking)]
        menu.close()

    def test_the_persons_words_have_none(self, qtbot: QtBot, theme: Theme) -> None:
        view = MessageView(mine("2 + 2?"), PageLook(theme), PanelPreference.AUTO, Asked(), is_last=True)
        qtbot.addWidget(view)
        assert not view.can_be_resplit

    def test_a_running_reply_has_none_yet(self, bench: Bench) -> None:
        assert not bench.view.can_be_resplit
        bench.generation.play(Finished(FinishReason.STOP))
        assert bench.view.can_be_resplit


def test_thinking_that_was_counted_but_not_shown(qtbot: QtBot, theme: Theme) -> None:
    message = reply("Four.", usage=Usage(completion_tokens=100, reasoning_tokens=90))
    view = MessageView(message, PageLook(theme), PanelPreference.AUTO, Asked(), is_last=True)
    qtbot.addWidget(view)
    assert view._panel is not None
    assert view._panel._header.words == "Thought"


def test_it_is_counted_at_the_end_of_a_reply_as_after_a_restart(bench: Bench) -> None:
    bench.answer("Four.")
    assert bench.view._panel is None
    bench.generation.play(UsageReported(Usage(completion_tokens=100, reasoning_tokens=90)), Finished(FinishReason.STOP))
    assert bench.view._panel is not None
    assert bench.view._panel._header.words == "Thought"


def test_a_closed_trace_of_a_megabyte_costs_nothing(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No document is made of it and nothing laid out, neither stored nor while it grows."""
    made: list[object] = []
    monkeypatch.setattr(thinking_panel, "PlainDocument", lambda: made.append(0))
    megabyte = LINE * (1_000_000 // len(LINE))
    small, large = reply("Four.", LINE), reply("Four.", megabyte)
    assert seconds_to_show(qtbot, theme, large) < seconds_to_show(qtbot, theme, small) + 0.02
    bench = Bench(qtbot, theme)
    for at in range(0, len(megabyte), 2000):
        bench.think(megabyte[at : at + 2000])
    assert not made
    assert len(bench.view.findChildren(TextSurface)) == 1  # that of the answer


def seconds_to_show(qtbot: QtBot, theme: Theme, message: Message) -> float:
    """CPU of making a view and finding its height, the least of a few times."""
    spent = []
    for _ in range(3):
        began = time.thread_time()
        view = MessageView(message, PageLook(theme), PanelPreference.AUTO, Asked(), is_last=True)
        view.height_for(WIDTH)
        spent.append(time.thread_time() - began)
        qtbot.addWidget(view)
    return min(spent)


def test_a_thought_without_an_answer_is_said(qtbot: QtBot, theme: Theme) -> None:
    message = Message(role=Role.ASSISTANT, parts=reply("", LINE).parts, status=MessageStatus.COMPLETE)
    view = MessageView(message, PageLook(theme), PanelPreference.AUTO, Asked(), is_last=True)
    qtbot.addWidget(view)
    view.resize(WIDTH, view.height_for(WIDTH))
    assert view._footer.words == "Thought, but did not answer"


def test_a_click_on_the_line_keeps_the_keyboard_in_the_box(bench: Bench, qtbot: QtBot) -> None:
    bench.think(LINE)
    assert bench.view._panel is not None
    header = bench.view._panel._header
    QTest.mouseClick(header, Qt.MouseButton.LeftButton)
    assert bench.is_open
    assert not header.hasFocus()
