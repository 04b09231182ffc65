"""Whatever a user does, in whatever order: the screen shows what a paint of the whole window would show.

`CANDOR_REPAINT_EXAMPLES=500 pytest -n0 -o faulthandler_timeout=0 tests/ui/window/test_repainting.py` tries more orders.

The screen shows what was painted bit by bit, moved by scrolling or kept through a change of size; `QWidget.grab` paints
every widget anew into a picture of its own and asks nothing of what was painted before.
"""

from __future__ import annotations

import json
import os
import random
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QCursor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QSplitter

from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.message import Message
from desktop.store.database import open_store
from desktop.ui.look.stylesheet import DARK
from desktop.ui.message_actions import PanelPreference
from desktop.ui.text.surface import TextSurface
from desktop.ui.transcript.thinking import ThinkingHeader
from desktop.ui.widgets.find_bar import FindBar
from tests.support.scripted_server import Fed, Reply
from tests.support.scripts import ollama_end, ollama_line, ollama_script
from tests.ui.transcript.page_bench import mine, reply

_PATIENCE = 5.0  # seconds in which the window must come to rest, and then be right
_LOOK_AGAIN_MS = 20
_ROUNDS = 3  # of events: one may ask for another at once


class StaleScreen(AssertionError):
    """The screen shows what nothing would paint there now."""


@contextmanager
def carets_stand_still(app):
    """Keep carets from blinking, since a blink may come between two pictures."""
    flash = app.cursorFlashTime()
    app.setCursorFlashTime(0)
    yield
    app.setCursorFlashTime(flash)


def assert_screen_is_right(window, folder):
    """Raise StaleScreen, with both pictures put into `folder`, where the screen stays other than a whole paint."""
    until = time.monotonic() + _PATIENCE
    while True:
        _paint_what_waits(window)
        screen, anew = on_screen(window), painted_anew(window)
        if screen == anew:
            return
        if time.monotonic() > until:
            break
        QTest.qWait(_LOOK_AGAIN_MS)
    screen.save(str(folder / "screen.png"))
    anew.save(str(folder / "painted-anew.png"))
    raise StaleScreen(f"{window.size()}: see the pictures in {folder}")


def on_screen(window):
    """Return the pixels that the screen shows of a window."""
    return _comparable(window.screen().grabWindow(window.winId()).toImage())


def painted_anew(window):
    """Return the window as a paint of all its widgets gives it."""
    return _comparable(window.grab().toImage())


def _comparable(picture):
    return picture.convertToFormat(QImage.Format.Format_RGB32)


def _paint_what_waits(window):
    """Let the program go on, then paint what was asked to be painted, and nothing else."""
    for _ in range(_ROUNDS):
        QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    QCoreApplication.sendEvent(window, QEvent(QEvent.Type.UpdateRequest))


EXAMPLES = int(os.environ.get("CANDOR_REPAINT_EXAMPLES", "3"))
_STEPS = 30
ENGLISH = (
    "Of course. Each employee has 5 days of leave, and 10 days after ten years of work; see paragraph 3 of "
    "[the rules](https://rules.example/leave). The new date is **Thursday**, and the chairs come a day later."
)
CHINESE = "每年有 5 天年假，满十年有 10 天，满二十年有 15 天。具体安排由部门与员工协商确定，详见员工手册第 3 款。"
TABLE = """| Item | Quantity | What is to be said of it, at some length |
|---|--:|---|
| Chairs for the meeting room on the second floor | 12 | They come on Thursday, before the meeting |
| 会议室的椅子 | 3 | 周四送到 |
"""
WIDE_TABLE = "\n".join(
    ["|" + "|".join(f"column {n}" for n in range(14)) + "|", "|---" * 14 + "|"]
    + ["|" + "|".join(f"{row} × {n} and words" for n in range(14)) + "|" for row in range(12)]
)
CODE = "```python\n" + "\n".join(f"value_{n} = 'x' * {n}  # {'why ' * (n * 3)}" for n in range(14)) + "\n```"
WIDE_FIRST = "```\n" + "\n".join(f"line {n}" + " and more" * (30 - n) for n in range(30)) + "\n```"
# Of a table of so many rows, those below are laid out when they come into sight, and may then widen their columns.
LONG_TABLE = "| Number | What |\n|--:|---|\n" + "\n".join(
    f"| {n} | " + (f"`code {n}` and **strong words**" if n % 7 == 3 and n > 60 else f"row {n}") + " |"
    for n in range(120)
)
LIST = "- item\n  - an item in it that needs more than one line in a narrow window, and then more\n\n1. one\n2. two"
FORMULA = "Some $x^2 + \\frac{1}{2}$ in a line.\n\n$$\n\\sum_{i=1}^n i = \\frac{n(n+1)}{2}\n$$"
QUOTE = (
    "> What was said, in more words than one line holds in a window as narrow as this one may become.\n>\n> > Twice."
)
ANSWER = "\n\n".join([f"# {ENGLISH[:10]}", ENGLISH, CHINESE, TABLE, CODE, LIST, QUOTE, FORMULA])
LONG = "\n\n".join([ENGLISH, CHINESE, ENGLISH * 3, WIDE_TABLE, LIST] * 6)
THINKING = f"{ENGLISH}\n\n{CHINESE}\n\n" * 6
PIECES = ("The ", ENGLISH, CHINESE, "\n\n", "- item\n- it", TABLE, CODE, "\n```\nopen", FORMULA, ENGLISH * 8)


def conversation():
    return [
        mine("How many days?"),
        reply(ANSWER, THINKING),
        mine("每年有多少天年假？" * 12),
        reply(LONG),
        mine("A bubble\nof several\nlines. " + ENGLISH),
        reply(f"{ENGLISH}\n\n{CHINESE}", "A short thought."),
        mine("And in code?"),
        reply(f"{CHINESE}\n\n{WIDE_FIRST}\n\n{ENGLISH}\n\n{LONG_TABLE}"),
        mine("And now?"),
        reply(f"{CHINESE}\n\n{ENGLISH}\n\n{TABLE}\n\n{CODE}\n\n{LIST}"),
    ]


SHARE = [0.05, 0.3, 0.5, 0.8, 0.95]
WHICH = range(4)
SIZES = [(1000, 700), (1280, 800), (760, 560), (1100, 640), (900, 900), (1500, 700)]
# How often each is done beside the others, and with one of which values. Changing the look of all takes long.
DEEDS = {
    "scroll": (6, [-300, -300, -70, 17, 300], [1, 3, 6]),
    "toggle_builder": (4,),
    "toggle_sidebar": (3,),
    "widen_builder": (3, [280, 400, 700]),
    "resize": (3, [width for width, _ in SIZES], [height for _, height in SIZES]),
    "change_text_size": (1, ["Larger text", "Smaller text", "Normal text"]),
    "choose_theme": (1, ["light", "dark"]),
    "scroll_to": (3, [0.0, 0.3, 0.6, 1.0]),
    "toggle_thinking": (3, WHICH),
    "say": (4, PIECES),
    "think": (2, [ENGLISH, CHINESE, "It is. "]),
    "finish_reply": (1,),
    "find": (1, ["the", "天", "x", ""]),
    "drag": (1, WHICH, SHARE, SHARE),
    "select_all": (1,),
    "write": (1, ["", "One line", "Several\nlines\nof\nwords", CHINESE * 3]),
}


@pytest.fixture
def deeds(open_over, qapp):
    with open_over(ollama_script(FED)) as (opened, server), carets_stand_still(qapp):
        opened.wait_for_model()
        yield WindowDeeds(opened, server)


@pytest.mark.long
def test_any_order_of_deeds_leaves_the_screen_as_a_whole_paint_would(deeds, tmp_path):
    for seed in range(EXAMPLES):
        chance = random.Random(seed)
        deeds.begin(conversation())
        deeds.resize(*chance.choice(SIZES))
        if chance.random() < 0.5:
            deeds.toggle_builder()
        deeds.scroll_to(chance.choice([1.0, 0.9, 0.7, 0.5, 0.3, 0.0]))
        assert_screen_is_right(deeds.window, tmp_path)
        for name in chance.choices([*DEEDS], [weight for weight, *_ in DEEDS.values()], k=_STEPS):
            getattr(deeds, name)(*map(chance.choice, DEEDS[name][1:]))
            assert_screen_is_right(deeds.window, tmp_path)


FED = Reply([Fed()], content_type="application/x-ndjson")
FIRST_SIZE = (1000, 700)
_NOWHERE = QPoint(1590, 990)  # of the screen: beside every window


class WindowDeeds:
    """Drives one open program over an Ollama whose replies are `FED`."""

    def __init__(self, opened, server):
        self._opened = opened
        self._server = server
        self.window = opened.window
        self._theme = opened.program.window.theme
        self._choice = opened.program.chat.current.settings.choice
        self._actions = {action.text(): action for action in self.window.actions()}

    def begin(self, messages):
        """Put everything back to where a first start has it, and these messages in front as a conversation."""
        self.finish_reply()
        self._actions["Write a message"].trigger()
        self.window.show_chat()
        self.press_escape(3)
        if self.builder_is_open:
            self.toggle_builder()
        if not self.window.sidebar.isVisible():
            self.toggle_sidebar()
        if self._theme.tokens is DARK:
            self.choose_theme("light")
        self.change_text_size("Normal text")
        self.window.reading.read(preference=PanelPreference.AUTO)
        self.point_nowhere()
        self.window.composer.set_text("")
        self.resize(*FIRST_SIZE)
        chat = self._opened.program.chat
        earlier = chat.current.id
        conversation = self._store(messages)
        chat.load(lambda: chat.open(conversation.id))
        self._opened.wait_until(lambda: chat.current.id == conversation.id and len(self._opened.path) == len(messages))
        chat.delete(earlier)

    def _store(self, messages):
        lined: list[Message] = []
        for message in messages:
            parent = lined[-1].id if lined else None
            lined.append(replace(message, parent_id=parent))
        conversation = Conversation(
            title="A long conversation", head_id=lined[-1].id, settings=ConversationSettings(choice=self._choice)
        )
        store = open_store(self._opened.folder / "candor.db")
        store.begin_reply(conversation, lined)
        store.close()
        return conversation

    # The window

    @property
    def builder_is_open(self):
        return self.window.prompt_place.is_shown

    def toggle_builder(self):
        self._actions["Prompt builder"].trigger()

    def toggle_sidebar(self):
        self._actions["Sidebar"].trigger()

    def resize(self, width, height):
        self.window.resize(width, height)
        self._opened.wait_until(lambda: (self.window.width(), self.window.height()) == (width, height))

    def change_text_size(self, way):
        """`way`: Larger text | Smaller text | Normal text."""
        self._actions[way].trigger()

    def choose_theme(self, mode):
        self._theme.set_mode(mode)

    def press_escape(self, times=1):
        for _ in range(times):
            self._actions["Stop"].trigger()

    def find(self, words):
        """Open the bar for finding, and write into it."""
        self._actions["Find in this conversation"].trigger()
        if (field := self._find_field) is not None:
            field.setText(words)

    @property
    def _find_field(self):
        """What is written into to find; None where that cannot be seen."""
        bar = self.window.findChild(FindBar)
        field = bar.findChild(QLineEdit) if isinstance(bar, FindBar) and bar.isVisible() else None
        return field if isinstance(field, QLineEdit) else None

    def write(self, words):
        self.window.composer.set_text(words)

    def widen_builder(self, width):
        """Move the border between the conversation and the builder beside it."""
        splitter = self.window.prompt_place.findChild(QSplitter)
        if not self.builder_is_open:
            self.toggle_builder()
        if isinstance(splitter, QSplitter):
            splitter.moveSplitter(splitter.width() - width, 1)

    # The messages

    @property
    def surfaces(self):
        """The texts in sight, from top to bottom."""
        shown = self.window.transcript.viewport()
        return self._from_top([each for each in shown.findChildren(TextSurface) if not each.visibleRegion().isEmpty()])

    def scroll(self, by, times=1):
        bar = self.window.transcript.verticalScrollBar()
        for _ in range(times):
            bar.setValue(bar.value() + by)
            QApplication.processEvents()

    def scroll_to(self, share):
        bar = self.window.transcript.verticalScrollBar()
        bar.setValue(round(bar.maximum() * share))

    def toggle_thinking(self, which):
        shown = self.window.transcript.viewport()
        panels = [each for each in shown.findChildren(ThinkingHeader) if not each.visibleRegion().isEmpty()]
        if panels:
            self._from_top(panels)[which % len(panels)].click()

    def point_nowhere(self):
        QCursor.setPos(_NOWHERE)

    def drag(self, which, start, end):
        """Select from one point of a text to another."""
        if (surface := self._surface(which)) is not None:
            QTest.mousePress(surface, Qt.MouseButton.LeftButton, pos=self._point_in(surface, 0.1, start))
            QTest.mouseMove(surface, self._point_in(surface, 0.7, end))
            QTest.mouseRelease(surface, Qt.MouseButton.LeftButton, pos=self._point_in(surface, 0.7, end))

    def select_all(self):
        self.window.transcript.selection.select_all()

    def _from_top(self, widgets):
        """Widgets in the order in which one reads."""

        def corner(widget):
            at = widget.mapTo(self.window, QPoint(0, 0))
            return at.y(), at.x()

        return sorted(widgets, key=corner)

    def _surface(self, which):
        return self.surfaces[which % len(self.surfaces)] if self.surfaces else None

    def _point_in(self, surface, across, down):
        seen = surface.visibleRegion().boundingRect()
        return QPoint(round(seen.left() + across * seen.width()), round(seen.top() + down * seen.height()))

    # The reply

    @property
    def generation(self):
        return self._opened.program.chat.generation

    def ask(self, question):
        """Send a question, whose reply says nothing yet."""
        self._opened.wait_for_model()
        self.write(question)
        self._opened.press_enter()
        self._opened.wait_until(lambda: self.generation is not None)

    def say(self, text):
        """Have the running reply say more; where none runs, ask for one."""
        self._reply(ollama_line(text))

    def think(self, text):
        """Have the running reply think more; where none runs, ask for one."""
        self._reply(ollama_line(thinking=text))

    def finish_reply(self):
        generation = self.generation
        if generation is not None:
            self._feed(ollama_end())
            self._server.feed(None)
            self._opened.wait_until(lambda: not generation.is_running)

    def _reply(self, line):
        if self.generation is None:
            self.ask("And then?")
        generation = self.generation
        assert generation is not None
        before = generation.builder.message
        self._feed(line)
        self._opened.wait_until(lambda: generation.builder.message != before)

    def _feed(self, line):
        self._server.feed((json.dumps(line, ensure_ascii=False) + "\n").encode())
