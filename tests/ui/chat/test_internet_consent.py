"""Words go to a host on the internet only after the user has agreed, once for each host."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.ui.chat.internet_consent import agrees_to_send
from tests.ui.answering import answering

FAR = Place(PlaceKind.INTERNET, "api.example.com")
NEAR = Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("place", [THIS_COMPUTER, NEAR])
def test_near_places_need_no_question(parent: QWidget, place: Place) -> None:
    hosts: set[str] = set()
    with answering("Send") as question:
        assert agrees_to_send(parent, place, "words", hosts)
    assert not question.was_asked
    assert hosts == set()


def test_it_shows_where_to_and_what(parent: QWidget) -> None:
    hosts: set[str] = set()
    with answering("Send") as question:
        assert agrees_to_send(parent, FAR, "<b>my</b> words %1", hosts)
    assert "api.example.com" in question.text
    assert question.detail == "<b>my</b> words %1"
    assert question.text_format is Qt.TextFormat.PlainText
    assert question.default == "Cancel"
    assert hosts == {"api.example.com"}


def test_it_asks_once_for_each_host(parent: QWidget) -> None:
    hosts = {"api.example.com"}
    with answering("Cancel") as question:
        assert agrees_to_send(parent, FAR, "words", hosts)
        assert not question.was_asked
        assert not agrees_to_send(parent, Place(PlaceKind.INTERNET, "other.example.com"), "words", hosts)
    assert question.was_asked


@pytest.mark.parametrize("answer", ["Cancel", ""])
def test_saying_no_is_asked_again_next_time(parent: QWidget, answer: str) -> None:
    hosts: set[str] = set()
    for _ in range(2):
        with answering(answer) as question:
            assert not agrees_to_send(parent, FAR, "words", hosts)
        assert question.was_asked
    assert hosts == set()


def test_a_long_message_is_shown_in_part(parent: QWidget) -> None:
    with answering("Send") as question:
        agrees_to_send(parent, FAR, "word " * 1_000_000, set())
    assert len(question.detail) < 1_000
    assert question.detail.endswith("…")
