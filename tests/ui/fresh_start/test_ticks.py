"""A list of sentences to be ticked: what it asks for, and what thousands of them cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.fresh_start.ticks import TickList


class Counted(Sequence[str]):
    """Sentences that know which of them were looked at."""

    def __init__(self, count: int) -> None:
        self.count_of_all = count
        self.read: set[int] = set()

    def __len__(self) -> int:
        return self.count_of_all

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        assert isinstance(at, int)
        self.read.add(at)
        return f"Sentence {at}."


def test_of_thousands_only_those_in_sight_are_looked_at(qtbot: QtBot) -> None:
    listed, texts = TickList("Said", leads_on=False), Counted(20_000)
    qtbot.addWidget(listed)
    listed.show_texts(texts, [True] * len(texts))
    listed.resize(400, 200)
    listed.show()
    qtbot.waitExposed(listed)
    QApplication.processEvents()
    assert texts.read
    assert len(texts.read) < 200


def test_space_ticks_and_enter_asks_for_what_is_behind(qtbot: QtBot) -> None:
    listed = TickList("Claims", leads_on=True)
    qtbot.addWidget(listed)
    listed.show_texts(["One.", "Two."], [False, False])
    wanted: list[int] = []
    listed.wanted.connect(wanted.append)
    QTest.keyClick(listed, Qt.Key.Key_Return)
    assert wanted == []  # no row is chosen
    listed.setCurrentIndex(listed.model().index(1, 0))
    with qtbot.waitSignal(listed.ticks_changed):
        QTest.keyClick(listed, Qt.Key.Key_Space)
    assert listed.ticked == [False, True]
    QTest.keyClick(listed, Qt.Key.Key_Return)
    assert wanted == [1]
