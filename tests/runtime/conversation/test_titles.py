"""Titles by a model: only where that is wanted, of a model on this computer, and never over one of the user's."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from desktop.core.trust.ledger import Errand, purpose_of
from desktop.runtime.conversation import titles
from tests.runtime.conftest import Bench, MakeBench, drain
from tests.runtime.talking import answer, wait_for_reply
from tests.support.scripted_backend import Hold, ScriptedBackend

PATIENCE_MS = 20_000


@pytest.fixture
def bench(make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(titles, "_IDLE_MS", 0)
    monkeypatch.setattr(titles, "_LOOK_MS", 5)
    made = make_bench(ScriptedBackend(answer("Six months.")))
    made.chat.titles.is_wanted = True
    return made


def ask(bench: Bench, qtbot: QtBot, text: str) -> None:
    wait_for_reply(bench, qtbot, lambda: bench.chat.send(text))


def let_all_come_about(bench: Bench) -> None:
    for _ in range(3):  # the timer, the store, the model
        QCoreApplication.processEvents()
        drain(bench.work)


def test_a_model_of_this_computer_names_what_was_said(bench: Bench, qtbot: QtBot) -> None:
    ask(bench, qtbot, "Could you tell me the notice period?")
    automatic = bench.chat.current.title
    bench.backend.script = answer('"Notice period of the lease."\n\nI chose this since …')
    qtbot.waitUntil(lambda: bench.chat.current.title == "Notice period of the lease", timeout=PATIENCE_MS)
    asked = bench.backend.requests[-1]
    assert "Six months." in asked.messages[-1].text
    assert (purpose_of(asked).errand, asked.conversation) == (Errand.TITLE, bench.chat.current.id)
    assert automatic == "Tell me the notice period?"
    assert len(bench.path) == 2


def test_a_title_of_the_users_stays(bench: Bench, qtbot: QtBot) -> None:
    bench.chat.generation_ended.connect(lambda each: bench.chat.shelf.rename(each.conversation.id, "Mine"))
    ask(bench, qtbot, "What is the notice period?")
    let_all_come_about(bench)
    assert bench.chat.current.title == "Mine"
    assert len(bench.backend.requests) == 1


def test_whatever_begins_ends_the_asking(bench: Bench, qtbot: QtBot) -> None:
    ask(bench, qtbot, "What is the notice period?")
    bench.backend.script = [Hold()]
    qtbot.waitUntil(lambda: len(bench.backend.requests) == 2, timeout=PATIENCE_MS)
    assert bench.chat.send("And the rent?")
    qtbot.waitUntil(lambda: bench.backend.was_cancelled, timeout=PATIENCE_MS)
    assert bench.chat.current.title == "What is the notice period?"
    bench.chat.stop()


def test_nothing_is_asked_unless_it_is_wanted(bench: Bench, qtbot: QtBot) -> None:
    bench.chat.titles.is_wanted = False
    ask(bench, qtbot, "What is the notice period?")
    let_all_come_about(bench)
    assert len(bench.backend.requests) == 1
