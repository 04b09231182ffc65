"""Quiet lines: what they say and offer, how they are closed, and when they go by themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.repository import StoreError
from desktop.ui.errors import action_words, describe_store
from desktop.ui.look.icons import IconButton
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.quiet_line import NoticeBar, QuietLine

FULL, LATER = describe_store(StoreError("full")), describe_store(StoreError("newer_version"))


@pytest.fixture
def bar(qtbot: QtBot, theme: Theme) -> NoticeBar:
    made = NoticeBar(theme)
    qtbot.addWidget(made)
    made.resize(600, 80)
    return made


def buttons(bar: NoticeBar) -> list[QPushButton]:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return [button for button in bar.findChildren(QPushButton) if button.isVisible()]


def test_it_is_hidden_until_there_is_something_to_say(bar: NoticeBar) -> None:
    assert bar.isHidden()
    bar.show_error(FULL)
    assert bar.isVisible()
    assert bar.findChildren(QLabel)[0].text() == f"{FULL.title}\n{FULL.sentence}" == bar.accessibleName()


def test_its_steps_are_buttons(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.show_error(FULL)
    assert [button.text() for button in buttons(bar)] == [action_words(action) for action in FULL.actions]
    with qtbot.waitSignal(bar.action_chosen) as chosen:
        QTest.mouseClick(buttons(bar)[1], Qt.MouseButton.LeftButton)
    assert chosen.args == [FULL.actions[1].value]


def test_the_newest_wins(bar: NoticeBar) -> None:
    bar.show_error(FULL)
    bar.show_error(LATER)
    assert LATER.title in bar.accessibleName()
    assert [button.text() for button in buttons(bar)] == [action_words(action) for action in LATER.actions]
    bar.show_text("Just a word. <b>")
    assert bar.accessibleName() == "Just a word. <b>"
    assert buttons(bar) == []


def test_one_that_leads_on_stays_when_the_same_is_said_without_a_step(bar: NoticeBar) -> None:
    lame = replace(FULL, title="Something else is not kept", actions=())
    bar.show_error(FULL)
    bar.show_error(lame)
    assert FULL.title in bar.accessibleName()
    assert len(buttons(bar)) == len(FULL.actions)
    bar.hide()
    bar.show_error(lame)
    assert lame.title in bar.accessibleName()
    assert buttons(bar) == []


def test_it_can_be_closed(bar: NoticeBar) -> None:
    bar.show_error(FULL)
    QTest.mouseClick(bar.findChildren(IconButton)[0], Qt.MouseButton.LeftButton)
    assert bar.isHidden()
    bar.show_error(FULL)
    assert bar.isVisible()


def test_one_without_a_time_stays(qtbot: QtBot, theme: Theme) -> None:
    line = QuietLine(theme, PlainLabel())
    qtbot.addWidget(line)
    line.announce("It stays.")
    assert line.isVisible()
    assert not line._countdown.isActive()


def test_its_time_stands_still_while_the_keyboard_is_in_it(qtbot: QtBot, theme: Theme) -> None:
    line = QuietLine(theme, PlainLabel(), timeout=60_000)
    qtbot.addWidget(line)
    button = line.offer("Undo")
    line.announce("Deleted")
    assert line.accessibleName() == "Deleted"
    assert line._countdown.isActive()
    for event, counts in ((QEvent.Type.FocusIn, False), (QEvent.Type.FocusOut, True)):
        QCoreApplication.sendEvent(button, QFocusEvent(event))
        assert line._countdown.isActive() is counts
