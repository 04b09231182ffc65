"""Messages that wait until the answer is done: seen as chips, taken back, and sent by hand after a stop."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from desktop.core.message import AttachmentPart, QueuedText
from desktop.ui.composer.card import Composer
from desktop.ui.composer.queued_messages import QueuedMessages
from tests.ui.composer.composing import buttons_in_words


@pytest.fixture
def composer(theme, qtbot):
    composer = Composer(theme)
    qtbot.addWidget(composer)
    composer.resize(640, 60)
    with qtbot.waitExposed(composer):
        composer.show()
    composer.set_running(True)
    return composer


def queued(*texts):
    return [QueuedText(text) for text in texts]


def queue_of(composer):
    queue = composer.findChild(QueuedMessages)
    assert isinstance(queue, QueuedMessages)
    return queue


def words(composer):
    labels = [label for label in queue_of(composer).findChildren(QLabel) if label.isVisible()]
    QTest.qWait(0)  # until they have been placed
    places = {label: label.mapTo(composer, label.rect().topLeft()) for label in labels}
    return [label.text() for label in sorted(labels, key=lambda label: (places[label].y(), places[label].x()))]


def test_chips_show_the_first_words_in_order(composer):
    composer.queued.show_messages(queued("and\nthe total?", "word " * 5_000))
    first, second = words(composer)
    assert first == "Queued: and the total?"
    assert second.startswith("Queued: word word")
    assert second.endswith("word…")
    assert len(second) < 80


def test_a_chip_names_the_files_of_its_message(composer):
    files = [AttachmentPart(name, "text/plain", "Text") for name in ("plan.txt", "list.txt", "map.txt")]
    composer.queued.show_messages([QueuedText("Do they agree?", tuple(files)), QueuedText("", (files[0],))])
    assert words(composer) == ["Queued: Do they agree?", "plan.txt and 2 more", "Queued: plan.txt"]
    back = queue_of(composer).findChildren(QToolButton)[0]
    assert back.accessibleDescription() == "Queued: Do they agree?, with plan.txt and 2 more"


def test_many_leave_the_conversation_its_room(composer):
    composer.queued.show_messages(queued(*(f"message {number}" for number in range(40))))
    shown = words(composer)
    assert sorted(shown[:5]) == [f"Queued: message {number}" for number in range(5)]
    assert shown[5] == "and 35 more"
    assert len(shown) == 6
    composer.queued.show_messages(queued("one"))
    assert words(composer) == ["Queued: one"]


def test_one_can_be_taken_back(composer, qtbot):
    composer.queued.show_messages(queued("one", "two"))
    button = queue_of(composer).findChildren(QToolButton)[1]
    assert button.accessibleName() == "Take back into the box"
    assert button.accessibleDescription() == "Queued: two"
    with qtbot.waitSignal(composer.queued.taken_back) as taken:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert taken.args == [1]


def test_after_a_stop_they_can_be_sent_by_hand(composer, qtbot):
    composer.queued.show_messages(queued("one"))
    assert buttons_in_words(composer) == []
    composer.set_running(False)
    assert buttons_in_words(composer) == ["Send now"]
    [button] = [each for each in queue_of(composer).children() if getattr(each, "text", str)() == "Send now"]
    with qtbot.waitSignal(composer.queued.send_requested):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    composer.set_running(True)
    assert buttons_in_words(composer) == []


def test_a_narrow_composer_cuts_no_chip(composer):
    composer.resize(320, 60)
    long = "a rather long message that waits until the answer is done and then some"
    file = AttachmentPart("a rather long name of a file that goes with it.pdf", "application/pdf", "Text")
    composer.queued.show_messages([*queued(long), QueuedText(long, (file,))])
    QTest.qWait(0)
    for label in queue_of(composer).findChildren(QLabel):
        if not label.isVisible():
            continue
        assert label.mapTo(composer, label.rect().topRight()).x() < composer.width()
