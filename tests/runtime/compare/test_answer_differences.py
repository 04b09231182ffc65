"""Answers side by side are compared when one of them has ended, and only the last word is told."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from desktop.core.claims.claim import Shown
from desktop.runtime.background import BackgroundTasks
from desktop.runtime.compare.answer_differences import AnswerDifferences, Compared
from tests.support.waiting import PATIENCE


def told(watch: AnswerDifferences, qtbot: QtBot, *answers: str | None) -> Compared:
    with qtbot.waitSignal(watch.found, timeout=5000) as signal:
        watch.compare(answers)
    assert signal.args is not None
    found = signal.args[0]
    assert isinstance(found, Compared)
    return found


def test_two_are_compared_and_more_are_counted(work: BackgroundTasks, qtbot: QtBot) -> None:
    watch = AnswerDifferences(work, Shown)
    two = told(watch, qtbot, None, "founded in 1998", "founded in 2001")
    assert two.places == (1, 2)
    assert two.differences is not None
    assert [(pair.old.text, pair.new.text) for pair in two.differences.pairs] == [("1998", "2001")]
    three = told(watch, qtbot, "in 1998", "in 1998", "in 2001")
    assert three.agreement is not None
    assert len(three.agreement.disputed) == 2
    assert told(watch, qtbot, "in 1998", None) == Compared((0,))


def test_what_was_asked_before_is_not_told(work: BackgroundTasks, qtbot: QtBot) -> None:
    may_go_on = threading.Event()

    def slowly(text: str) -> Shown:
        assert may_go_on.wait(PATIENCE)
        return Shown(text)

    watch = AnswerDifferences(work, slowly)
    found: list[Compared] = []
    watch.found.connect(found.append)
    watch.compare(["a 1", "a 2"])
    watch.compare(["a 1", None, "a 3"])
    with qtbot.waitSignal(watch.found, timeout=5000):
        may_go_on.set()
    assert [each.places for each in found] == [(0, 2)]
