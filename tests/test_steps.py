"""What follows the first paint is done in small steps: in order, with the window's own events between them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from desktop.parts.steps import SmallSteps


class _Window(QObject):
    """Whatever hears an event: a key, or a paint."""

    def __init__(self, done: list[str]) -> None:
        super().__init__()
        self._done = done

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.User:
            self._done.append("key")
        return True


def test_what_the_user_does_comes_between_the_steps(qtbot: QtBot) -> None:
    done: list[str] = []
    window = _Window(done)

    def first() -> None:
        done.append("first")
        QCoreApplication.postEvent(window, QEvent(QEvent.Type.User))

    steps = SmallSteps((first, lambda: done.append("second")), window)
    steps.start()
    assert done == []  # nothing of it holds up whoever starts them
    qtbot.waitUntil(lambda: "second" in done)
    assert done == ["first", "key", "second"]


def test_a_step_that_fails_keeps_none_of_the_others_back(qtbot: QtBot) -> None:
    done: list[str] = []
    steps = SmallSteps((lambda: 1 / 0, lambda: done.append("second")), QCoreApplication.instance() or QObject())
    with qtbot.captureExceptions() as failed:
        steps.start()
        qtbot.waitUntil(lambda: "second" in done)
    assert [kind for kind, *_ in failed] == [ZeroDivisionError]
    assert done == ["second"]


def test_what_is_left_when_the_program_ends_is_not_done(qtbot: QtBot) -> None:
    done: list[str] = []
    owner = QObject()
    steps = SmallSteps((lambda: (done.append("first"), steps.stop()), lambda: done.append("second")), owner)
    after = SmallSteps((lambda: done.append("other"), lambda: done.append("end")), owner)
    steps.start()
    after.start()
    qtbot.waitUntil(lambda: "first" in done)
    steps.add_steps(lambda: done.append("added"))
    qtbot.waitUntil(lambda: "end" in done)
    assert set(done) == {"first", "other", "end"}
