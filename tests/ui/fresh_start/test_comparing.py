"""A fresh answer beside the old one in the window: asked from the sheet, marked, kept or thrown away, asked again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.core.fresh_start.ways import FreshStart
from desktop.ui.compare.page import ComparePage
from desktop.ui.fresh_start.comparing import FreshComparisonBar
from desktop.ui.fresh_start.sheet import WAYS, FreshSheet
from desktop.ui.transcript.footer import FooterButton
from tests.support.scripts import ndjson, ollama_lines, ollama_script

pytestmark = pytest.mark.window

QUESTION = "When was it founded?"
YEARS = ("1998", "2001", "1998", "2001")


@pytest.fixture
def opened(open_over):
    """A conversation with one question and one answer; each further answer names the next year."""
    years = iter(YEARS)

    def answer(request):
        return ndjson(ollama_lines(f"It was founded in {next(years)} in Paris."))

    with open_over(ollama_script(answer)) as (program, _):
        program.ask(QUESTION)
        yield program


def page_of(opened):
    page = opened.window.findChild(ComparePage)
    assert isinstance(page, ComparePage)
    return page


def compared(opened):
    """The page of the comparison that the sheet has begun, when its differences are said."""
    opened.press("Ctrl+Shift+N")
    sheet = opened.window.findChild(FreshSheet)
    assert isinstance(sheet, FreshSheet)
    opened.wait_until(sheet.isVisible)
    key = 1 + list(WAYS).index(FreshStart.COMPARE)
    QTest.keyClick(QApplication.focusWidget(), str(key))
    assert sheet.start is FreshStart.COMPARE
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    opened.wait_until(lambda: bool(page_of(opened).differences.said))
    return page_of(opened)


def actions(column):
    """What is offered below its answer: all of it does something."""
    [(_, view)] = column.transcript.live_views()
    return [each.accessibleName() for each in view.findChildren(FooterButton) if each.isVisibleTo(view)]


def titles(opened):
    return [each.title for each in opened.program.chat.conversations]


def test_what_differs_is_said_above_both_answers_and_the_fresh_one_is_kept(opened):
    page = compared(opened)
    assert page.differences.said == [
        "These numbers are not in your text, and differ each time: probably made up.",
        "Differs: founded 1998 ↔ 2001",
        "The same: Paris",
    ]
    assert [column.heading for column in page.columns] == ["The answer before", "Fresh answer"]
    assert page.isVisible()
    assert [actions(column) for column in page.columns] == [["Copy", "More"], ["Copy", "Try again", "More"]]
    page.columns[1].keep_requested.emit()
    opened.wait_until(lambda: [each.text for each in opened.path][-1:] == ["It was founded in 2001 in Paris."])
    assert not page.isVisible()
    assert opened.program.chat.current.origin is not None
    assert len(titles(opened)) == 2
    opened.wait_until(lambda: opened.says(f"“{QUESTION}” is kept as it was."))
    opened.click("Go back to it")
    opened.wait_until(lambda: opened.program.chat.current.origin is None)
    assert not opened.says("is kept as it was.")


def test_each_answer_names_its_model_and_a_difference_is_said(open_over):
    script = ollama_script(
        ndjson(ollama_lines("1998.")), ndjson(ollama_lines("2001.")), models=("first:4b", "second:8b")
    )
    said = "Different models answered"
    with open_over(script) as (opened, _):
        opened.ask(QUESTION)
        page = compared(opened)
        assert [column.origin.text() for column in page.columns] == ["first:4b · On this computer"] * 2
        assert not opened.says(said)
        page.columns[0].keep_requested.emit()
        chosen = opened.program.chat.current.settings.choice
        assert chosen is not None
        opened.program.chat.change_settings(lambda now: replace(now, choice=replace(chosen, model="second:8b")))
        page = compared(opened)
        assert [column.origin.text() for column in page.columns] == [
            f"{name} · On this computer" for name in ("first:4b", "second:8b")
        ]
        assert opened.says(said)


def test_what_is_not_kept_goes_to_the_bin(opened):
    old = opened.program.chat.current.id
    page = compared(opened)
    assert len(titles(opened)) == 2
    page.columns[0].keep_requested.emit()
    opened.wait_until(lambda: len(titles(opened)) == 1)
    page = compared(opened)
    opened.press("Escape")
    opened.wait_until(lambda: len(titles(opened)) == 1)
    assert opened.program.chat.current.id == old
    assert not page.isVisible()
    assert opened.says("the conversation for comparing, was moved to the bin")
    opened.click("Undo")
    opened.wait_until(lambda: len(titles(opened)) == 2 and opened.program.chat.current.id != old)


def test_three_answers_show_where_they_agree(opened):
    page = compared(opened)
    bar = opened.window.findChild(FreshComparisonBar)
    assert isinstance(bar, FreshComparisonBar)
    opened.click("Ask twice more", bar)
    # What is said grows as one answer after the other ends; which of the two comes first is the server's.
    both = ["Not all answers say: 1998 (1, 3) · 2001 (2, 4)", "Not all answers say: 1998 (1, 4) · 2001 (2, 3)"]
    opened.wait_until(lambda: page_of(opened).differences.said[1:2] in ([each] for each in both))
    assert [column.heading for column in page.columns] == [
        "1 · The answer before", "2 · Fresh answer", "3 · Fresh answer", "4 · Fresh answer",
    ]  # fmt: skip
    assert page.differences.said[2] == "All answers say: Paris"
    assert len(titles(opened)) == 2
