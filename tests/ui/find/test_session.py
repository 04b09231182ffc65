"""Finding in a conversation: what is counted, marked and walked is the same, and nothing of it waits for the disk."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QLineEdit

from desktop.core.message import Message
from desktop.core.text.find import FoundIn
from desktop.rendering.text.shown_text import leaf_text
from desktop.runtime.background import BackgroundTasks, LoopThread
from desktop.runtime.path import PathSearch
from desktop.store.database import SqliteStore
from desktop.ui.find import FindSession
from desktop.ui.transcript.view import Transcript
from desktop.ui.widgets.find_bar import FindBar
from tests.bench.texts import mixed_markdown
from tests.ui.transcript.page_bench import KnownPath, mine, reply

pytestmark = pytest.mark.window


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


def test_it_counts_what_is_shown_and_begins_with_what_is_in_sight(finding, qtbot):
    finding.show(talk())
    finding.ask("contract", qtbot)
    assert finding.said == "1 of 6"
    assert finding.went == [(0, 0, False)]
    assert finding.current() == ["contract"]


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


def test_in_a_long_conversation_it_begins_near_the_end_where_the_reader_is(finding, qtbot):
    messages = [mine(f"{number}. {'needle' if number % 100 == 0 else 'hay'}") for number in range(1000)]
    finding.show(messages)
    finding.ask("needle", qtbot)
    assert finding.said == "10 of 10"  # none follows what is in sight, so it is the nearest one above
    assert finding.went == [(900, 0, False)]
    finding.session.step(-1)
    assert (finding.said, finding.went[-1]) == ("9 of 10", (800, 0, False))


def test_the_page_leaves_the_bar_its_room_and_its_text_where_it_was(finding, qtbot):
    finding.show([mine(f"{number}. needle") for number in range(200)])
    bar, transcript = finding.bar, finding.transcript
    transcript.verticalScrollBar().setValue(5000)
    in_sight = transcript.position_at(QPoint(0, 200))
    assert in_sight is not None
    view = transcript.view_at(in_sight.message)
    assert view is not None
    before = view.mapTo(transcript, QPoint(0, 0))

    finding.session.open()
    assert transcript.viewport().y() > bar.geometry().bottom()
    assert view.mapTo(transcript, QPoint(0, 0)) == before
    finding.session.close()
    assert transcript.viewport().y() == 0
    assert view.mapTo(transcript, QPoint(0, 0)) == before


def test_what_has_not_been_read_yet_of_a_long_answer_is_gone_to_in_the_end(finding, qtbot):
    finding.show([mine("A book, please."), reply(f"## needle\n\n{mixed_markdown(400_000)}")])
    finding.ask("needle", qtbot)
    assert finding.said == "1 of 1"
    qtbot.waitUntil(lambda: finding.current() == ["needle"])
    assert finding.transcript.verticalScrollBar().value() < 200


def test_a_step_that_comes_before_its_count_is_made_when_it_can_be(finding, qtbot):
    messages = [mine(f"{number}. {'needle' if number % 400 == 0 else 'hay'}") for number in range(1000)]
    finding.show(messages)
    finding.search.found.connect(lambda _: len(finding.went) == 1 and finding.session.step(-1))
    finding.ask("needle", qtbot)
    assert finding.went == [(800, 0, False), (400, 0, False)]
    assert finding.said == "2 of 3"


def test_no_result_and_no_query_are_said_calmly(finding, qtbot):
    finding.show(talk())
    finding.ask("zebra", qtbot)
    assert (finding.said, finding.went) == ("Not found", [])
    finding.session.step(1)
    assert finding.went == []

    field = finding.bar.findChild(QLineEdit)
    assert field is not None
    with qtbot.waitSignal(finding.bar.query_changed):
        field.setText(" ")
    assert finding.said == ""


def test_a_new_reply_is_counted_and_the_place_kept(finding, qtbot):
    messages = talk()
    finding.show(messages)
    finding.ask("contract", qtbot)
    finding.session.step(1)
    assert finding.said == "2 of 6"

    finding.messages = [*messages, reply("One more contract.")]
    finding.store.known[finding.messages[-1].id] = finding.messages[-1]
    finding.transcript.show_path(KnownPath(finding.messages))
    with qtbot.waitSignal(finding.search.ended):
        finding.session.recount()
    assert finding.said == "2 of 7"
    assert finding.went[-1] == (0, 1, False)


def test_what_is_kept_does_not_grow_with_what_one_message_has(finding, qtbot):
    finding.show([mine("x"), mine("x")])
    finding.ask("x", qtbot)
    first, second = (each.id for each in finding.messages)
    tracemalloc.start()
    finding.session.recount()
    finding.search.stop()
    finding.search.found.emit([FoundIn(second, in_text=((0, 200_000), (9, 1))), FoundIn(first, in_text=((0, 1),))])
    finding.search.ended.emit()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert finding.said == "1 of 200002"
    assert most < 1_000_000
    finding.session.step(-1)
    assert (finding.said, finding.went[-1]) == ("From the end", (1, 0, False))


def test_closing_takes_the_marks_away(finding, qtbot):
    finding.show(talk())
    finding.ask("contract", qtbot)
    finding.session.close()
    assert finding.bar.isHidden()
    assert not finding.is_marked()
    finding.session.recount()
    assert not finding.search.is_running
