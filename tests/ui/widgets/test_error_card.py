"""The card of a failure: its words, its buttons, and nothing read from the server's text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.message import Failure
from desktop.ui.errors import ErrorAction, action_words, describe
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.quiet_line import ErrorCard

REFUSED = describe(Failure("overloaded", "<b>connect</b> <img src=/etc/passwd>", "gpu-server", 503))


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> QWidget:
    """What the card stands on."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


@pytest.fixture
def card(page: QWidget) -> ErrorCard:
    made = ErrorCard(page)
    made.resize(500, 200)
    made.show()
    return made


def texts(card: ErrorCard) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel) if label.isVisible()]


def buttons(card: ErrorCard) -> list[QPushButton]:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return [button for button in card.findChildren(QPushButton) if button.isVisible()]


def test_it_says_title_sentence_and_the_servers_words(card: ErrorCard) -> None:
    card.show_error(REFUSED)
    assert texts(card) == [REFUSED.title, REFUSED.sentence, REFUSED.detail]
    assert (card.accessibleName(), card.accessibleDescription()) == (REFUSED.title, REFUSED.sentence)


def test_foreign_words_are_plain_text(card: ErrorCard) -> None:
    card.show_error(REFUSED)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in card.findChildren(QLabel))


def test_without_words_of_the_server_there_is_no_empty_line(card: ErrorCard) -> None:
    card.show_error(describe(Failure("overloaded", host="x")))
    assert len(texts(card)) == 2


@pytest.mark.parametrize("number", [0, 1])
def test_its_steps_are_buttons(card: ErrorCard, qtbot: QtBot, number: int) -> None:
    card.show_error(REFUSED)
    assert [button.text() for button in buttons(card)] == [action_words(action) for action in REFUSED.actions]
    with qtbot.waitSignal(card.action_chosen) as chosen:
        QTest.mouseClick(buttons(card)[number], Qt.MouseButton.LeftButton)
    assert chosen.args == [REFUSED.actions[number].value]


def test_only_offered_steps_have_one(card: ErrorCard) -> None:
    card.show_error(REFUSED, frozenset(ErrorAction) - {ErrorAction.TRY_AGAIN})
    assert [button.text() for button in buttons(card)] == [action_words(ErrorAction.CHOOSE_MODEL)]


def test_another_failure_takes_its_place(card: ErrorCard) -> None:
    card.show_error(REFUSED)
    other = describe(Failure("context_too_long"))
    card.show_error(other)
    assert texts(card) == [other.title, other.sentence]
    assert [button.text() for button in buttons(card)] == [action_words(action) for action in other.actions]


@pytest.mark.parametrize("width", [220, 400, 900])
def test_nothing_is_cut_at_any_width(card: ErrorCard, width: int) -> None:
    card.show_error(describe(Failure("unreachable", "word " * 100, "a-very-long-host-name.example.com", 503, "tls")))
    card.resize(width, card.heightForWidth(width))
    QCoreApplication.processEvents()
    for label in card.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width())
    for button in buttons(card):
        assert card.rect().contains(button.geometry())
