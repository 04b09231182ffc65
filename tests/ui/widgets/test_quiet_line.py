"""Quiet lines and the card of a failure: what they say and offer, and how and when they go."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop.core.message import Failure
from desktop.core.repository import StoreError
from desktop.ui.errors import ErrorAction, action_words, describe, describe_store
from desktop.ui.look.icons import IconButton
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.quiet_line import ErrorCard, NoticeBar, QuietLine

FULL, LATER = describe_store(StoreError("full")), describe_store(StoreError("newer_version"))
REFUSED = describe(Failure("overloaded", "<b>connect</b> <img src=/etc/passwd>", "gpu-server", 503))


@pytest.fixture
def bar(qtbot, theme):
    made = NoticeBar(theme)
    qtbot.addWidget(made)
    made.resize(600, 80)
    return made


@pytest.fixture
def page(qtbot):
    """What the card stands on."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


@pytest.fixture
def card(page):
    made = ErrorCard(page)
    made.resize(500, 200)
    made.show()
    return made


def buttons(of):
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return [button for button in of.findChildren(QPushButton) if button.isVisible()]


def steps_of(error):
    return [action_words(action) for action in error.actions]


def test_a_card_says_what_failed_and_offers_its_steps(card, qtbot):
    def said():
        labels = [label for label in card.findChildren(QLabel) if label.isVisible()]
        assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
        return [label.text() for label in labels], [button.text() for button in buttons(card)]

    card.show_error(REFUSED)
    assert said() == ([REFUSED.title, REFUSED.sentence, REFUSED.detail], steps_of(REFUSED))
    assert (card.accessibleName(), card.accessibleDescription()) == (REFUSED.title, REFUSED.sentence)
    with qtbot.waitSignal(card.action_chosen) as chosen:
        QTest.mouseClick(buttons(card)[1], Qt.MouseButton.LeftButton)
    assert chosen.args == [REFUSED.actions[1].value]
    card.show_error(REFUSED, frozenset(ErrorAction) - {ErrorAction.TRY_AGAIN})
    assert said()[1] == [action_words(ErrorAction.CHOOSE_MODEL)]
    other = describe(Failure("context_too_long"))  # of which the server has said nothing
    card.show_error(other)
    assert said() == ([other.title, other.sentence], steps_of(other))


def test_nothing_of_a_card_is_cut_at_any_width(card):
    card.show_error(describe(Failure("unreachable", "word " * 100, "a-very-long-host-name.example.com", 503, "tls")))
    for width in (220, 400, 900):
        card.resize(width, card.heightForWidth(width))
        QCoreApplication.processEvents()
        assert all(label.height() >= label.heightForWidth(label.width()) for label in card.findChildren(QLabel))
        assert all(card.rect().contains(button.geometry()) for button in buttons(card))


def test_the_newest_notice_wins_and_can_be_closed(bar, qtbot):
    assert bar.isHidden()
    bar.show_error(FULL)
    assert bar.findChildren(QLabel)[0].text() == f"{FULL.title}\n{FULL.sentence}" == bar.accessibleName()
    assert [button.text() for button in buttons(bar)] == steps_of(FULL)
    with qtbot.waitSignal(bar.action_chosen) as chosen:
        QTest.mouseClick(buttons(bar)[1], Qt.MouseButton.LeftButton)
    assert chosen.args == [FULL.actions[1].value]
    bar.show_error(LATER)
    assert LATER.title in bar.accessibleName()
    assert [button.text() for button in buttons(bar)] == steps_of(LATER)
    bar.show_text("Just a word. <b>")
    assert (bar.accessibleName(), buttons(bar)) == ("Just a word. <b>", [])
    QTest.mouseClick(bar.findChildren(IconButton)[0], Qt.MouseButton.LeftButton)
    assert bar.isHidden()


def test_one_that_leads_on_stays_when_the_same_is_said_without_a_step(bar):
    lame = replace(FULL, title="Something else is not kept", actions=())
    bar.show_error(FULL)
    bar.show_error(lame)
    assert FULL.title in bar.accessibleName()
    assert len(buttons(bar)) == len(FULL.actions)
    bar.hide()
    bar.show_error(lame)
    assert lame.title in bar.accessibleName()
    assert buttons(bar) == []


@pytest.mark.parametrize("timeout", [0, 60_000])
def test_the_time_of_a_line_stands_still_while_the_keyboard_is_in_it(qtbot, theme, timeout):
    line = QuietLine(theme, PlainLabel(), timeout=timeout)
    qtbot.addWidget(line)
    button = line.offer("Undo")
    line.announce("Deleted")
    assert (line.accessibleName(), line.isVisible()) == ("Deleted", True)
    assert line._countdown.isActive() is bool(timeout)
    for event, counts in ((QEvent.Type.FocusIn, False), (QEvent.Type.FocusOut, bool(timeout))):
        QCoreApplication.sendEvent(button, QFocusEvent(event))
        assert line._countdown.isActive() is counts
