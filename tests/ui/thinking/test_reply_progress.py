"""Where a running reply stands, in words for the eye and for a screen reader."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.core.events import Finished, FinishReason, Phase, Progress, ReasoningDelta, TextDelta
from desktop.core.message import AttachmentPart, user_message
from desktop.core.place import THIS_COMPUTER
from desktop.ui.thinking import in_reply
from desktop.ui.thinking.in_reply import ReplyProgress
from tests.ui.transcript.page_bench import ScriptedTurn


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader would have said."""
    said: list[str] = []

    class Reader:
        isActive = staticmethod(lambda: True)
        updateAccessibility = staticmethod(said.append)

    monkeypatch.setattr(in_reply, "QAccessible", Reader)
    monkeypatch.setattr(in_reply, "QAccessibleAnnouncementEvent", lambda view, text: text)
    return said


def test_each_phase_is_said_once(qtbot: QtBot, spoken: list[str]) -> None:
    view = QWidget()
    qtbot.addWidget(view)
    generation = ScriptedTurn()
    progress = ReplyProgress(view)
    lines: list[str] = []
    headers: list[str] = []
    progress.said.connect(lines.append)
    progress.thinking_said.connect(lambda *said: headers.append(said))
    progress.follow(generation)  # type: ignore[arg-type]
    generation.ended.connect(progress.end)
    generation.play(Progress(Phase.READING, 0.4))
    generation.play(ReasoningDelta("Hm."))
    generation.play(TextDelta("Four"))
    generation.play(TextDelta("."))
    generation.play(Finished(FinishReason.STOP))
    assert lines == ["Connecting…", "Reading your message… 40 %", "", "Answering…"]
    assert headers[0][0].startswith("Thinking…")
    assert headers[1][0].startswith("Thought for")
    assert headers[1][1].endswith(" % of this reply")
    assert spoken == ["Connecting", "Reading your message", "Thinking", "Answering", "Done"]
    assert progress.phase is None


def test_a_file_is_named_from_the_first_moment_where_the_model_is_here(qtbot: QtBot) -> None:
    view = QWidget()
    qtbot.addWidget(view)
    generation = ScriptedTurn()
    file = AttachmentPart("agreement.txt", "text/plain", "Thirty days.")
    reply = replace(generation.builder.message, place=THIS_COMPUTER)
    generation.new_messages = [user_message("When?", attached=(file,)), reply]
    progress = ReplyProgress(view)
    lines: list[str] = []
    progress.said.connect(lines.append)
    progress.follow(generation)  # type: ignore[arg-type]
    generation.play(Progress(Phase.READING, 0.4))
    assert lines == ["Reading agreement.txt…", "Reading agreement.txt… 40 %"]


def test_a_long_text_is_told_in_pages_where_nobody_tells_how_far_it_is_read(qtbot: QtBot) -> None:
    view = QWidget()
    qtbot.addWidget(view)
    generation = ScriptedTurn()
    file = AttachmentPart("agreement.txt", "text/plain", "Thirty days after the keys. " * 600)
    reply = replace(generation.builder.message, place=THIS_COMPUTER)
    generation.new_messages = [user_message("When?", attached=(file,)), reply]
    progress = ReplyProgress(view)
    lines: list[str] = []
    progress.said.connect(lines.append)
    progress.follow(generation)  # type: ignore[arg-type]
    generation.play(Progress(Phase.READING))
    assert lines[-1] == "Reading agreement.txt, about 6 pages…"


def test_seconds_are_counted_while_nothing_comes(qtbot: QtBot) -> None:
    view = QWidget()
    qtbot.addWidget(view)
    generation = ScriptedTurn()
    generation.play(Progress(Phase.LOADING))
    progress = ReplyProgress(view)
    lines: list[str] = []
    progress.said.connect(lines.append)
    progress.follow(generation)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: lines[-1].endswith("1 s"), timeout=5000)
