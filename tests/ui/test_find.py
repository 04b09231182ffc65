"""Finding words in a conversation: the bar, the matches, and both in the window."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from desktop.core.message import Message
from desktop.rendering.text.shown_text import leaf_text
from desktop.runtime.background import BackgroundTasks, LoopThread
from desktop.runtime.path import PathSearch
from desktop.store.database import SqliteStore
from desktop.ui.find import FindSession
from desktop.ui.look.theme import IconButton
from desktop.ui.transcript.view import Transcript
from desktop.ui.widgets.find_bar import FindBar
from tests.bench.texts import mixed_markdown
from tests.support.long_conversation import put_long_conversation
from tests.support.scripted_server import running_server
from tests.support.scripts import ndjson, ollama_lines, ollama_script
from tests.ui.transcript.page_bench import KnownPath, mine, reply


class Known(SqliteStore):
    """A store that has just the messages that it was given."""

    def __init__(self):
        super().__init__(Path("nowhere"))
        self.known: dict[str, Message] = {}

    def messages(self, ids):
        return [self.known[each] for each in ids]


class Finding:
    """A conversation with its bar; `went` is each occurrence that was gone to."""

    def __init__(self, theme, work):
        self.transcript = Transcript(theme)
        self.bar = FindBar(theme, self.transcript)
        self.store = Known()
        self.search = PathSearch(work, self.store)
        self.session = FindSession(self.bar, self.transcript, self.search)
        self.messages: list[Message] = []
        self.went: list[tuple[int, int, bool]] = []
        self._go_to = self.transcript.search.go_to
        self.transcript.search.go_to = self._note  # type: ignore[method-assign]

    def _note(self, message_id, in_reasoning, at, which):
        self.went.append(([each.id for each in self.messages].index(message_id), which, in_reasoning))
        self._go_to(message_id, in_reasoning, at, which)

    def current(self):
        """The words of the occurrence that is marked more strongly, wherever there is one."""
        return [
            leaf_text(surface._page._leaves[mark[0]])[mark[1].start : mark[1].end]
            for _, view in self.transcript.live_views()
            for _, surface in view.surfaces()
            if (mark := surface._page.marks._current) is not None
        ]

    def is_marked(self):
        return any(
            surface._page.marks._finders != {}
            for _, view in self.transcript.live_views()
            for _, surface in view.surfaces()
        )

    def show(self, messages):
        self.messages = messages
        self.store.known = {each.id: each for each in messages}
        self.transcript.show_path(KnownPath(messages))

    def ask(self, query, qtbot):
        with qtbot.waitSignal(self.search.ended):
            self.session.open()
            field = self.bar.findChild(QLineEdit)
            assert field is not None
            field.setText(query)

    @property
    def said(self):
        label = self.bar.findChild(QLabel)
        assert label is not None
        return label.text()


@pytest.fixture
def finding(qtbot, theme):
    loop = LoopThread()
    loop.start()
    work = BackgroundTasks(loop)
    made = Finding(theme, work)
    qtbot.addWidget(made.transcript)
    made.transcript.resize(700, 500)
    with qtbot.waitExposed(made.transcript):
        made.transcript.show()
    yield made
    loop.stop()
    work.close_store(lambda: None)


def talk():
    """Six occurrences of "contract" in what was said, two in what was thought."""
    return [
        mine("Is this contract a contract?"),
        reply("The **con**tract is long. " * 2, reasoning="A contract, hm."),
        mine("Nothing here"),
        reply("| contract |\n|---|\n| contract |", reasoning="Contract!"),
        mine("Goodbye."),
    ]


@pytest.mark.window
def test_it_walks_in_the_order_in_which_one_reads_and_around(finding, qtbot):
    finding.bar.set_with_reasoning(True)
    finding.show(talk())
    finding.ask("contract", qtbot)
    assert finding.said == "1 of 8"
    for _ in range(8):
        finding.session.step(1)
        assert [each.lower() for each in finding.current()] == ["contract"]
    assert finding.went == [
        (0, 0, False), (0, 1, False), (1, 0, True), (1, 0, False), (1, 1, False), (3, 0, True), (3, 0, False),
        (3, 1, False), (0, 0, False),
    ]  # fmt: skip
    assert finding.said == "From the start"

    finding.session.step(-1)
    assert finding.went[-1] == (3, 1, False)
    assert finding.said == "From the end"

    finding.session.close()
    assert finding.bar.isHidden()
    assert not finding.is_marked()
    finding.session.recount()
    assert not finding.search.is_running


@pytest.mark.window
def test_what_has_not_been_read_yet_of_a_long_answer_is_gone_to_in_the_end(finding, qtbot):
    finding.show([mine("A book, please."), reply(f"## needle\n\n{mixed_markdown(400_000)}")])
    finding.ask("needle", qtbot)
    assert finding.said == "1 of 1"
    qtbot.waitUntil(lambda: finding.current() == ["needle"])
    assert finding.transcript.verticalScrollBar().value() < 200


@pytest.fixture
def server():
    with running_server(ollama_script(ndjson(ollama_lines("It is **fo**ur. Four!")))) as made:
        yield made


def bar_of(opened):
    found = opened.window.findChild(FindBar)
    assert isinstance(found, FindBar)
    return found


def find(opened, words):
    opened.press("Ctrl+F")
    field = bar_of(opened).findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    assert field.hasFocus()
    QTest.keyClicks(field, words)


def says(opened, words):
    label = bar_of(opened).findChild(QLabel)
    assert isinstance(label, QLabel)
    opened.wait_until(lambda: label.text() == words)


def test_it_finds_and_gives_the_keyboard_back_and_remembers_if_thinking_is_searched(open_it, candor_home):
    with open_it() as opened:
        opened.ask("What is four?")
        find(opened, "four")
        says(opened, "1 of 3")
        QTest.keyClick(bar_of(opened).focusProxy(), Qt.Key.Key_Return)
        says(opened, "2 of 3")
        opened.box.setFocus()
        for keys, words in (("F3", "3 of 3"), ("Shift+F3", "2 of 3"), ("Ctrl+G", "3 of 3"), ("Ctrl+Shift+G", "2 of 3")):
            opened.press(keys)  # from anywhere in the window
            says(opened, words)
        bar_of(opened).setFocus()
        QTest.keyClick(bar_of(opened).focusProxy(), Qt.Key.Key_Escape)
        assert bar_of(opened).isHidden()
        assert opened.box.hasFocus()
        find(opened, "four")
        says(opened, "1 of 3")
        opened.ask("And now?")
        says(opened, "1 of 5")
        opened.box.setFocus()
        opened.press("Esc")  # from anywhere, while nothing runs
        assert bar_of(opened).isHidden()
        find(opened, "four")
        toggle = next(each for each in bar_of(opened).findChildren(IconButton) if each.isCheckable())
        QTest.mouseClick(toggle, Qt.MouseButton.LeftButton)
        opened.press("Ctrl+N")  # another conversation begins without it
        assert bar_of(opened).isHidden()
        opened.press("Ctrl+F")  # there is nothing to be found
        assert bar_of(opened).isHidden()
    assert json.loads((candor_home / "settings.json").read_text())["find_in_thinking"] is True
    with open_it() as opened:
        opened.ask("What is four?")
        find(opened, "four")
        assert bar_of(opened).with_reasoning


def test_in_a_long_conversation_what_has_not_been_read_is_found_and_gone_to(open_it, candor_home):
    conversation, ids = put_long_conversation(candor_home / "candor.db", 600)
    with open_it() as opened:
        opened.wait_for_model()
        opened.wait_until(lambda: opened.program.chat.conversations)
        opened.window.sidebar.conversation_chosen.emit(conversation.id)
        opened.wait_until(lambda: len(opened.program.chat.path.entries) == len(ids))
        find(opened, "7 what a")  # 7, 17, 27 … 597
        says(opened, "60 of 60")
        QTest.keyClick(bar_of(opened).focusProxy(), Qt.Key.Key_Return)
        says(opened, "From the start")

        def is_marked():
            view = opened.window.transcript.view_at(7)
            return view is not None and any(surface._page.marks._current for _, surface in view.surfaces())

        opened.wait_until(is_marked)
