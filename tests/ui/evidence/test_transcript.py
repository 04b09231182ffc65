"""Evidence in the page of messages: when it is asked for, what moves, and what is said at each mark."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from desktop.core.claims.claim import Kind
from desktop.core.events import Finished, FinishReason, TextDelta
from desktop.core.evidence.checked import NO_EVIDENCE, Checked, Evidence, GivenText, SourcePlace, Verdict
from desktop.rendering.page.shown_claims import shown_in
from desktop.runtime.generation import Advance
from desktop.ui.evidence.words import MOST_MARKED
from desktop.ui.message_actions import Ask
from desktop.ui.transcript.view import Transcript
from tests.ui.evidence.answer_scenes import ANSWER, CONTRACT, NAME, evidence_of
from tests.ui.transcript.page_bench import KnownPath, ScriptedTurn, mine, reply, views

pytestmark = pytest.mark.window


@pytest.fixture
def asked():
    """The ids of the replies whose evidence the page has asked for."""
    return []


@pytest.fixture
def transcript(qtbot, theme, asked):
    made = Transcript(theme)
    made.reading.find_evidence = lambda message: asked.append(message.id)
    qtbot.addWidget(made)
    made.resize(700, 500)
    with qtbot.waitExposed(made):
        made.show()
    return made


def settle():
    for _ in range(5):
        QApplication.processEvents()


def send_tooltip(surface, point):
    QApplication.sendEvent(surface, QHelpEvent(QEvent.Type.ToolTip, point, surface.mapToGlobal(point)))


def moved_to(surface, point):
    none = Qt.MouseButton.NoButton
    at, on_screen = QPointF(point), QPointF(surface.mapToGlobal(point))
    return QMouseEvent(QEvent.Type.MouseMove, at, on_screen, none, none, Qt.KeyboardModifier.NoModifier)


def checked_answer(text=ANSWER):
    return reply(text), evidence_of(text, (NAME, CONTRACT))


def test_only_answers_that_have_ended_are_asked_for(transcript, asked):
    first = reply("The rent is 4,150.")
    question = mine("And the deposit of 12,500?")
    turn = ScriptedTurn(question.id)
    path = KnownPath([first, question, turn.builder.message])
    transcript.follow(turn, path)
    settle()
    turn.play(TextDelta("It is 12,500."), advance=Advance("", "It is 12,500."))
    settle()
    assert asked == [first.id]
    transcript.evidence.show(turn.reply_id, evidence_of("It is 12,500.", (NAME, CONTRACT)))
    assert not views(transcript)[-1].evidence.checked
    turn.play(Finished(FinishReason.STOP))
    settle()
    assert asked == [first.id, turn.reply_id]
    transcript.evidence.show(turn.reply_id, evidence_of("It is 12,500.", (NAME, CONTRACT)))
    assert views(transcript)[-1].evidence.checked
    assert views(transcript)[-1].answer.marked.names == [0]


def test_without_evidence_nothing_is_shown_and_nothing_grows(transcript):
    answer = reply(ANSWER)
    transcript.show_path(KnownPath([mine("?"), answer]))
    settle()
    height = views(transcript)[-1].height()
    transcript.evidence.show(answer.id, NO_EVIDENCE)
    settle()
    assert not views(transcript)[-1].evidence.checked
    assert views(transcript)[-1].height() == height


def test_what_is_read_stays_when_a_line_comes_above_it(transcript):
    answer, evidence = checked_answer()
    long = reply("\n\n".join(f"Paragraph {number} of an answer that goes on and on." for number in range(60)))
    transcript.show_path(KnownPath([mine("?"), answer, mine("More?"), long]))
    settle()
    bar = transcript.verticalScrollBar()
    bar.setValue(sum(view.height() for view in views(transcript) if view.message.id != long.id) // 2)
    settle()
    reading = next(view for view in views(transcript) if view.message.id == long.id)
    bar.setValue(bar.value() + reading.y() + 10)
    settle()
    before = reading.y()
    transcript.evidence.show(answer.id, evidence)
    settle()
    assert any(view.evidence.checked for view in views(transcript))
    assert reading.y() == before


def test_at_a_mark_is_said_where_it_stands(transcript):
    answer, evidence = checked_answer()
    transcript.show_path(KnownPath([mine("?"), answer]))
    settle()
    transcript.evidence.show(answer.id, evidence)
    settle()
    surface = views(transcript)[-1].answer
    points = [QPoint(x, y) for y in range(4, surface.height(), 6) for x in range(0, surface.width(), 5)]
    on = next(point for point in points if surface.marked.at(surface.hit(QPointF(point)).letter) is not None)
    QApplication.sendEvent(surface, moved_to(surface, on))
    assert surface.cursor().shape() is Qt.CursorShape.PointingHandCursor
    send_tooltip(surface, on)
    assert "12 May 2026 stands" in QToolTip.text()
    QToolTip.hideText()


def test_marks_stand_also_in_an_answer_that_comes_back_to_sight(transcript):
    answer, evidence = checked_answer()
    transcript.reading.find_evidence = lambda message: transcript.evidence.show(
        message.id, evidence if message.id == answer.id else NO_EVIDENCE
    )
    others = [each for number in range(30) for each in (mine(f"{number}?"), reply(f"Answer {number}. " * 40))]
    transcript.show_path(KnownPath([mine("?"), answer, *others]))
    settle()
    assert answer.id not in {view.message.id for view in views(transcript)}
    transcript.verticalScrollBar().setValue(0)
    settle()
    view = next(each for each in views(transcript) if each.message.id == answer.id)
    assert view.evidence.checked
    assert view.answer.marked.names


def test_dragging_over_a_mark_opens_nothing(transcript):
    answer, evidence = checked_answer()
    transcript.show_path(KnownPath([mine("?"), answer]))
    settle()
    transcript.evidence.show(answer.id, evidence)
    settle()
    told: list[object] = []
    transcript.reading.register({Ask.SHOW_EVIDENCE: lambda _, thing: told.append(thing)})
    surface = views(transcript)[-1].answer
    points = [QPoint(x, y) for y in range(4, surface.height(), 6) for x in range(0, surface.width(), 5)]
    on = next(point for point in points if surface.marked.at(surface.hit(QPointF(point)).letter) is not None)
    QTest.mousePress(surface, Qt.MouseButton.LeftButton, pos=on)
    QTest.mouseMove(surface, on + QPoint(60, 0))
    QTest.mouseRelease(surface, Qt.MouseButton.LeftButton, pos=on + QPoint(60, 0))
    assert told == []
    QTest.mouseClick(surface, Qt.MouseButton.LeftButton, pos=on)
    assert told == [0]


def test_thousands_of_numbers_are_marked_up_to_a_number(transcript):
    words = [f"{number:,} pieces" for number in range(1_000, 4_000)]
    text = "; ".join(words)
    checked, at = [], 0
    for word in words:
        place = SourcePlace(0, 0, 5)
        checked.append(Checked(Kind.NUMBER, word, at, at + len(word), Verdict.FOUND, (place,)))
        at += len(word) + 2
    answer = reply(text)
    transcript.show_path(KnownPath([mine("?"), answer]))
    settle()
    blocks = shown_in(text).blocks
    transcript.evidence.show(answer.id, Evidence(tuple(checked), (GivenText(NAME, text),), True, blocks))
    settle()
    view = views(transcript)[-1]
    assert len(view.answer.marked.names) == MOST_MARKED
    assert view.evidence.checked
    assert view.remarks.isHidden()
    assert view.remarks.accessibleDescription().startswith("3000 of 3000")
    assert transcript.evidence.step(-1)
    assert view.answer.marked.open_name == MOST_MARKED - 1


def test_what_was_found_is_underlined_when_it_is_opened_or_pointed_at(transcript):
    said, evidence = checked_answer("The rent is 4,150.")
    transcript.show_path(KnownPath([mine("?"), said]))
    settle()
    bare = views(transcript)[-1].answer.grab().toImage()
    transcript.evidence.show(said.id, evidence)
    settle()
    surface = views(transcript)[-1].answer
    assert surface.grab().toImage() == bare
    points = [QPoint(x, 10) for x in range(0, surface.width(), 3)]
    on = next(point for point in points if surface.marked.at(surface.hit(QPointF(point)).letter) is not None)
    QApplication.sendEvent(surface, moved_to(surface, on))
    assert surface.grab().toImage() != bare
    QApplication.sendEvent(surface, QEvent(QEvent.Type.Leave))
    assert surface.grab().toImage() == bare
    assert transcript.evidence.step(1)
    assert surface.grab().toImage() != bare


def test_what_comes_for_an_answer_that_is_not_shown_is_left_alone(transcript):
    answer, evidence = checked_answer()
    transcript.show_path(KnownPath([mine("?"), reply("Another answer.")]))
    settle()
    transcript.evidence.show(answer.id, evidence)
    transcript.evidence.open_mark(answer.id, 0)
    assert not views(transcript)[-1].evidence.checked
    assert not transcript.evidence.step(1)


def test_larger_text_and_another_theme_keep_lines_and_marks(transcript, theme):
    answer, evidence = checked_answer()
    transcript.show_path(KnownPath([mine("?"), answer]))
    settle()
    transcript.evidence.show(answer.id, evidence)
    settle()
    height = views(transcript)[-1].remarks.height()
    theme.set_text_scale(1.5)
    theme.set_mode("dark")
    settle()
    view = views(transcript)[-1]
    assert view.remarks.height() > height
    warning = theme.color("internet")
    image = view.answer.grab().toImage()
    assert any(image.pixelColor(x, y) == warning for x in range(0, image.width(), 2) for y in range(image.height()))
    theme.set_text_scale(1.0)
