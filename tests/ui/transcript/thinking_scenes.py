"""Every state of the thinking panel and of the row below it, for `gallery.py`. Not a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.errors import StreamBroken, Unreachable
from desktop.core.events import Phase, Progress, ReasoningDelta, TextDelta
from desktop.core.message import MessageStatus, Timings, Usage
from desktop.core.signs.loops import Loop
from desktop.runtime.generation import Advance
from desktop.runtime.watches import LoopNoticed
from desktop.ui.chat.page import ChatPage
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.theme import Theme
from desktop.ui.transcript.thinking import ThinkingHeader
from tests.ui.transcript.page_bench import KnownPath, ScriptedTurn, mine, reply

QUESTION = "Is the penalty clause of this contract valid if the delivery is late by less than a week?"
TRACE = """The clause says that a penalty of 2 % is due for each week that has begun. So the question is whether "each \
week that has begun" includes a delay of, say, three days.

Wait, let me read it again: "for each commenced week". A commenced week is one that has started, whether or not it is \
over. So three days would count as one commenced week.

However, clause 9 gives a grace period of five days. 合同第九条规定了五天的宽限期。 Then a delay of three days has no \
consequence, and a delay of six days counts as one week.

So the answer depends on the number of days."""
ANSWER = (
    "It depends on the number of days:\n\n- **Up to five days**: no penalty, by the grace period of clause 9.\n"
    "- **Six days**: one commenced week, so 2 %."
)
TIMES = Timings(connecting=0.4, reading=1.2, thinking=12.3, answering=4.0)
COUNTED = Usage(prompt_tokens=900, completion_tokens=684, reasoning_tokens=431)

Make = Callable[[Theme, int], QWidget]
MakePage = Callable[[Theme, PanelPreference], tuple[QWidget, ChatPage]]


def done(**more):
    message = reply(ANSWER, TRACE, timings=TIMES, usage=COUNTED)
    return replace(message, **more)  # type: ignore[arg-type]


def stored(message, preference=PanelPreference.AUTO):
    """A reply that has ended."""

    def fill(page):
        page.transcript.show_path(KnownPath([mine(QUESTION), message]))

    return fill


def running(*events, loop=None, seconds=12.3):
    """A reply that stands where these events have brought it, the last of them `seconds` ago."""

    def fill(page):
        generation = ScriptedTurn()
        page.transcript.follow(generation, KnownPath([mine(QUESTION), generation.builder.message]))  # type: ignore[arg-type]
        for event in events:
            match event:
                case ReasoningDelta(text):
                    advance = Advance(reasoning=text)
                case TextDelta(text):
                    advance = Advance(text=text)
                case _:
                    advance = None
            generation.play(event, advance=advance)
            generation.builder._phase_began -= seconds
        generation.phase_changed.emit()
        if loop is not None:
            generation.loop_noticed.emit(loop)
        page.composer.set_running(True)
        generation.setParent(page)

    return fill


def with_menu(fill):
    """The same, with the menu of the panel open (a window of its own, so shown in the page for the picture)."""

    def fill_and_open(page):
        fill(page)

        def show():
            header = page.findChild(ThinkingHeader)
            assert header is not None
            header.customContextMenuRequested.emit(QPoint(40, 24))
            menu = header.findChild(QMenu)
            assert menu is not None
            picture = menu.grab()
            where = menu.pos() - page.mapToGlobal(QPoint(0, 0))
            menu.close()
            label = QWidget(page)
            label.setGeometry(where.x(), where.y(), menu.width(), menu.height())
            label.paintEvent = lambda _: _draw(label, picture)  # type: ignore[method-assign]
            label.show()

        QTimer.singleShot(0, page, show)

    return fill_and_open


def _draw(widget, picture):
    from PySide6.QtGui import QPainter

    QPainter(widget).drawPixmap(0, 0, picture)  # type: ignore[call-overload]


THINKING = ReasoningDelta(TRACE)
IN_THINKING, IN_ANSWER = LoopNoticed(True, Loop(0, 40)), LoopNoticed(False, Loop(0, 40))
AUTO, OPEN, CLOSED = PanelPreference.AUTO, PanelPreference.OPEN, PanelPreference.CLOSED

# What fills the page, and how panels stand on it.
STATES: dict[str, tuple[Callable[[ChatPage], None], PanelPreference]] = {
    "connecting": (running(), AUTO),
    "loading": (running(Progress(Phase.LOADING)), AUTO),
    "reading": (running(Progress(Phase.READING, 0.4)), AUTO),
    "peek": (running(THINKING), AUTO),
    "open": (running(THINKING), OPEN),
    "closed": (running(THINKING), CLOSED),
    "hidden": (running(Progress(Phase.THINKING)), AUTO),
    "loop_peek": (running(THINKING, loop=IN_THINKING), AUTO),
    "loop_open": (running(THINKING, loop=IN_THINKING), OPEN),
    "loop_answer": (running(TextDelta(ANSWER), loop=IN_ANSWER), AUTO),
    "answering": (running(THINKING, TextDelta(ANSWER[:90]), seconds=3), AUTO),
    "answering_open": (running(THINKING, TextDelta(ANSWER[:90]), seconds=3), OPEN),
    "done": (stored(done()), AUTO),
    "done_open": (stored(done()), OPEN),
    "done_hidden": (stored(replace(reply(ANSWER), timings=TIMES, usage=COUNTED)), OPEN),
    "stopped": (stored(replace(reply("", TRACE), timings=TIMES, status=MessageStatus.STOPPED)), AUTO),
    "cut_off": (stored(done(status=MessageStatus.CUT_OFF)), AUTO),
    "interrupted": (
        stored(done(status=MessageStatus.INTERRUPTED, failure=StreamBroken("eof", host="gpu-server").as_failure())),
        AUTO,
    ),
    "failed": (
        stored(replace(reply("", TRACE), timings=TIMES, status=MessageStatus.FAILED,
                       failure=Unreachable(host="gpu-server", reason="refused").as_failure())),
        AUTO,
    ),
    "no_answer": (stored(replace(reply("", TRACE), timings=TIMES)), AUTO),
    "menu": (with_menu(stored(done())), AUTO),
}  # fmt: skip


def scenes(make_page):
    """The scenes by name; `make_page` puts up a page whose panels stand in a given way."""

    def scene(fill, preference):
        def make(theme, width):
            whole, page = make_page(theme, preference)
            page.show_transcript(True)
            fill(page)
            return whole

        return make

    return {f"thinking_{name}": scene(*state) for name, state in STATES.items()}
