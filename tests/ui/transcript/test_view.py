"""The transcript: what is laid out, where it stands, and what happens while an answer comes."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.core.events import Finished, FinishReason, TextDelta
from desktop.core.message import Message
from desktop.runtime.generation import Advance
from desktop.ui.transcript.footer import FooterButton
from desktop.ui.widgets.keys import tab_stops
from tests.support.waiting import PATIENCE
from tests.ui.transcript.page_bench import Asked, KnownPath, ScriptedTurn, conversation, mine, reply, shown_page, views

WIDTH, HEIGHT = 700, 500
LINE = "One more line of the answer.\n\n"


@pytest.fixture
def transcript(qtbot, theme):
    return shown_page(qtbot, theme, Asked())


def settle():
    """Run what waits for the event loop."""
    for _ in range(5):
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def activate(transcript):
    transcript.activateWindow()
    assert QTest.qWaitForWindowActive(transcript, round(PATIENCE * 1000))


def show(transcript, messages):
    transcript.show_path(KnownPath(messages))


def scroll(transcript, value):
    transcript.verticalScrollBar().setValue(value)
    settle()


def bar(transcript):
    return transcript.verticalScrollBar().value(), transcript.verticalScrollBar().maximum()


def is_at_end(transcript):
    value, most = bar(transcript)
    return value == most


def start(transcript, messages):
    generation = ScriptedTurn(messages[-1].id if messages else None)
    path = KnownPath([*messages, generation.builder.message])
    generation.ended.connect(path.update)
    transcript.follow(generation, path)  # type: ignore[arg-type]
    settle()
    return generation


def grow(generation, text):
    generation.play(TextDelta(text), advance=Advance(text=text))
    settle()


def place_of(transcript, message):
    """How far below the upper edge a message begins; it must have a widget."""
    return next(view.y() for view in views(transcript) if view.message.id == message.id)


def in_sight(transcript):
    """What can be seen; the messages beyond it come and go when the event loop has nothing else to do."""
    return [view for view in views(transcript) if view.y() < HEIGHT and view.y() + view.height() > 0]


def assert_whole(transcript):
    """What is in sight is covered by messages that stand one under the other."""
    shown = in_sight(transcript)
    for above, below in pairwise(shown):
        assert below.y() == above.y() + above.height() + 4
        assert above.height() == above.height_for(above.width())
    value, most = bar(transcript)
    assert shown[0].y() <= (24 if value == 0 else 4)
    assert shown[-1].y() + shown[-1].height() >= (HEIGHT - 8 if value < most else 0)


@pytest.mark.window
def test_only_messages_near_the_viewport_have_widgets(transcript):
    show(transcript, conversation(2_000))
    settle()
    assert is_at_end(transcript)
    assert 1 < len(views(transcript)) < 60
    generator = random.Random(3)
    for share in (0.0, 0.37, 0.8, 1.0, *(generator.random() for _ in range(6))):
        scroll(transcript, int(share * bar(transcript)[1]))
        assert 1 < len(views(transcript)) < 60
        assert_whole(transcript)


@pytest.mark.window
@pytest.mark.parametrize("upwards", [True, False])
def test_scrolling_through_everything_leaves_no_gaps(transcript, upwards):
    messages = conversation(60)
    show(transcript, messages)
    settle()
    if not upwards:
        scroll(transcript, 0)
    seen: set[str] = set()
    for _ in range(4_000):
        assert_whole(transcript)
        seen |= {view.message.id for view in views(transcript)}
        value, most = bar(transcript)
        if value == (0 if upwards else most):
            break
        scroll(transcript, value + (-230 if upwards else 230))
    assert seen == {message.id for message in messages}


@pytest.mark.window
def test_what_is_read_stays_while_the_end_grows(transcript):
    messages = conversation(40)
    generation = start(transcript, messages)
    grow(generation, LINE * 30)
    scroll(transcript, bar(transcript)[1] // 2)
    before = {view.message.id: view.y() for view in in_sight(transcript)}
    for _ in range(20):
        grow(generation, LINE)
    after = {view.message.id: view.y() for view in in_sight(transcript)}
    assert before == after


@pytest.mark.window
def test_what_is_read_stays_when_something_above_grows(transcript):
    """Messages above the first sight of them are as high as estimated; the truth comes with their widgets."""
    messages = conversation(200)
    show(transcript, messages)
    scroll(transcript, bar(transcript)[1] // 2)
    for _ in range(30):
        anchor = next(view.message for view in views(transcript) if view.y() + view.height() > 0)
        before = place_of(transcript, anchor)
        scroll(transcript, bar(transcript)[0] - 90)
        assert place_of(transcript, anchor) - before == 90


@pytest.mark.window
def test_who_scrolls_up_is_left_alone_and_can_come_back(transcript):
    button = next(each for each in transcript.findChildren(QPushButton) if "New text" in each.text())
    generation = start(transcript, conversation(10))
    grow(generation, LINE * 20)
    assert not button.isVisible()
    scroll(transcript, bar(transcript)[0] - 200)
    value = bar(transcript)[0]
    grow(generation, LINE * 3)
    assert bar(transcript)[0] == value
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()
    assert is_at_end(transcript)
    assert not button.isVisible()
    grow(generation, LINE * 3)
    assert is_at_end(transcript)
    scroll(transcript, bar(transcript)[0] - 200)
    scroll(transcript, bar(transcript)[1] - 5)
    grow(generation, LINE * 3)
    assert is_at_end(transcript)


@pytest.mark.window
def test_a_reply_that_ends_elsewhere_does_not_end_this_one(transcript):
    elsewhere = start(transcript, [mine("one")])
    here = start(transcript, [mine("two")])
    grow(here, LINE * 30)
    elsewhere.play(Finished(FinishReason.STOP))
    scroll(transcript, 0)
    grow(here, LINE)
    button = next(each for each in transcript.findChildren(QPushButton) if "New text" in each.text())
    assert button.isVisible()
    assert [view.message.role for view in views(transcript)] == ["user", "assistant"]


@pytest.mark.window
def test_links_are_brought_into_sight_by_keyboard(transcript):
    paragraphs = "\n\n".join(
        f"Paragraph {number} with [link {number}](https://x{number}.example/)." for number in range(80)
    )
    show(transcript, [mine("Links?"), reply(paragraphs)])
    settle()
    scroll(transcript, 0)
    view = views(transcript)[-1]
    assert tab_stops(view)
    surface = view.surfaces()[-1][1]
    activate(transcript)
    surface.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(60):
        QTest.keyClick(surface, Qt.Key.Key_Tab)
        settle()
    assert surface.target_address == "https://x60.example/"
    assert bar(transcript)[0] > 0
    assert transcript._link_hint.text == "https://x60.example/"


@pytest.mark.window
def test_another_conversation_takes_the_place_of_all(transcript):
    for messages in (conversation(30), conversation(6, 9), list[Message]()):
        old = {view.message.id for view in views(transcript)}
        if old:
            views(transcript)[-1].findChildren(FooterButton)[0].setFocus()
        show(transcript, messages)
        settle()
        assert not old & {view.message.id for view in views(transcript)}
        if messages:
            assert_whole(transcript)


@pytest.mark.window
@pytest.mark.parametrize("known", [None, 24], ids=["all known", "only the end known"])
@pytest.mark.parametrize("share", [0.1, 0.97])
def test_who_comes_back_finds_the_place_that_was_left(transcript, share, known):
    messages = conversation(80)
    path = KnownPath(messages)
    transcript.show_path(path)
    scroll(transcript, int(bar(transcript)[1] * share))
    before = {view.message.id: view.y() for view in views(transcript) if 0 < view.y() < HEIGHT}
    other = KnownPath(conversation(10, 9))
    other.conversation_id = "other"
    transcript.show_path(other)
    settle()
    back = KnownPath(messages, known)
    transcript.show_path(back)
    settle()
    if known:
        back.outline()
        settle()
    after = {view.message.id: view.y() for view in views(transcript)}
    assert before
    assert before.items() <= after.items()
    transcript.show_path(other)
    settle()
    assert is_at_end(transcript)


@pytest.mark.window
def test_letters_go_to_where_one_writes_and_keys_scroll(transcript, qtbot):
    show(transcript, conversation(30))
    transcript.setFocus()
    with qtbot.waitSignal(transcript.typed) as typed:
        QTest.keyClicks(transcript, "W")
    assert typed.args == ["W"]
    with qtbot.assertNotEmitted(transcript.typed):
        QTest.keyClick(transcript, Qt.Key.Key_Home)
        assert bar(transcript)[0] == 0
        QTest.keyClick(transcript, Qt.Key.Key_PageDown)
        assert bar(transcript)[0] > HEIGHT // 2
        QTest.keyClick(transcript, Qt.Key.Key_End)
        QTest.keyClick(transcript, Qt.Key.Key_W, Qt.KeyboardModifier.AltModifier)
    assert is_at_end(transcript)
