"""The evidence pane: what is said of a thing, and the place that is shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.core.evidence.checked import (
    Calculation,
    Checked,
    Difference,
    Evidence,
    GivenText,
    SourcePlace,
    ThingKind,
    Verdict,
)
from desktop.rendering.text.shown_text import leaf_text
from desktop.ui.evidence.pane import EvidencePane
from desktop.ui.look.theme import Theme
from tests.ui.evidence.conftest import Drawing
from tests.ui.evidence.showing import ANSWER, contract, evidence, given, index_of

pytestmark = pytest.mark.window

Made = Callable[[Evidence, str], EvidencePane]


@pytest.fixture
def shown(theme: Theme, qtbot: QtBot, drawing: Drawing) -> Made:
    def make(found: Evidence, text: str) -> EvidencePane:
        pane = EvidencePane(theme, drawing.pictures)
        qtbot.addWidget(pane)
        pane.resize(420, 700)
        with qtbot.waitExposed(pane):
            pane.show()
        pane.show_thing(found, index_of(found, text))
        return pane

    return make


def said(pane: EvidencePane) -> str:
    return pane._sentence.text()


def marked(pane: EvidencePane) -> str:
    """The letters of the text that are marked as the place, or the cell; empty where none are."""
    if pane._view.currentWidget() is pane._view.table:
        return str(pane._view.table.currentIndex().data())
    page = pane._view.text.view.surface._page
    current = page.marks._current
    return "" if current is None else leaf_text(page.leaves[current[0]])[current[1].start : current[1].end]


def paragraph(pane: EvidencePane) -> str:
    page = pane._view.text.view.surface._page
    return "\n".join(leaf_text(page.leaves[index]) for index in page.marks.passage)


def test_a_figure_that_stands_there_is_shown_in_its_paragraph(shown: Made) -> None:
    pane = shown(evidence("The deposit is 12,500.", given(contract())), "12,500")
    assert said(pane) == "12,500 stands in clause 7."
    assert marked(pane) == "12,500"
    assert paragraph(pane).startswith("(1) Before the keys are handed over")
    assert pane._title.text() == "Rental contract.docx"
    assert pane._box.property("look") == "told"


def test_a_figure_of_something_else_is_shown_with_what_the_file_says_instead(shown: Made) -> None:
    pane = shown(evidence(ANSWER, given(contract())), "12,500")
    assert said(pane) == "12,500 stands in clause 7, as tenant; the answer says Rent."
    assert pane._box.property("look") == "warning"
    assert pane._hint.text() == "The file says 4,150 for Rent (clause 4)."
    assert marked(pane) == "12,500"
    pane._show.click()
    assert marked(pane) == "4,150"
    assert said(pane) == "12,500 stands in clause 7, as tenant; the answer says Rent."
    pane.step_place(1)
    assert marked(pane) == "12,500"


def test_what_stands_nowhere_shows_how_the_file_begins(shown: Made) -> None:
    pane = shown(evidence(ANSWER, given(contract())), "7 %")
    assert said(pane) == "7 % is not in the file."
    assert marked(pane) == paragraph(pane) == ""
    assert pane._note.text() == "It stands nowhere, so this is where the file begins."
    assert leaf_text(pane._view.text.view.surface._page.leaves[0]) == "[Section 1]"


def test_a_sum_is_shown_with_the_places_of_its_numbers(shown: Made) -> None:
    pane = shown(evidence(ANSWER, given(contract())), "49,800")
    assert said(pane) == "49,800 is computed: 12 × 4,150 = 49,800."
    assert marked(pane) == "4,150"
    wrong = ANSWER.replace("49,800", "48,900")
    pane = shown(evidence(wrong, given(contract())), "48,900")
    assert said(pane) == "48,900 does not come out: 12 × 4,150 = 49,800."


def test_places_of_several_files_are_walked_through(shown: Made) -> None:
    files = [given(contract("First.docx")), given(contract("Second.docx"), digest="d2")]
    pane = shown(evidence("The deposit is 12,500.", *files), "12,500")
    assert pane._places.text() == "1 of 2 places"
    assert pane._title.text() == "First.docx"
    QTest.keyClick(pane._view.text.view, Qt.Key.Key_Right)
    assert pane._places.text() == "2 of 2 places"
    assert (pane._title.text(), marked(pane)) == ("Second.docx", "12,500")
    QTest.keyClick(pane._view.text.view, Qt.Key.Key_Right)
    assert pane._title.text() == "First.docx"
    QTest.keyClick(pane._view.text.view, Qt.Key.Key_Left)
    assert pane._title.text() == "Second.docx"


def test_material_in_a_message_is_the_users_own(shown: Made) -> None:
    asked = 'What is the rent?\n\n"""\nThe rent is 4,150 a month.\n"""'
    pane = shown(evidence("The rent is 4,150.", said=asked), "4,150")
    assert said(pane) == "4,150 stands in your message."
    assert pane._title.text() == "Text in your message"
    assert marked(pane) == "4,150"


def test_what_the_user_said_has_no_file(shown: Made) -> None:
    pane = shown(evidence("For 17 people the rent is 4,150.", given(contract()), said="We are 17 people."), "17 people")
    assert said(pane) == "17 people comes from your own words."
    assert pane._view.isHidden()


def test_keys_lead_back_to_the_answer_and_on_to_other_things(shown: Made, qtbot: QtBot) -> None:
    found = evidence(ANSWER, given(contract()))
    pane = shown(found, "12,500")
    with qtbot.waitSignal(pane.answer_wanted) as told:
        QTest.keyClick(pane._view.text.view, Qt.Key.Key_Return)
    assert told.args == [index_of(found, "12,500")]
    with qtbot.waitSignal(pane.thing_changed) as told:
        QTest.keyClick(pane._view.text.view, Qt.Key.Key_F8)
    assert told.args == [index_of(found, "clause 4")]
    with qtbot.waitSignal(pane.closed):
        QTest.keyClick(pane._view.text.view, Qt.Key.Key_Escape)


def test_a_cell_of_a_table_in_a_text_is_marked_alone(shown: Made) -> None:
    text = "Prices\n\n| Item | Price |\n| Desk \\| Alto | 389.00 |\n| Desk Vela | 749.00 |\n\nAll without tax."
    at = text.index("749")
    checked = Checked(ThingKind.NUMBER, "749.00", 0, 6, Verdict.FOUND, (SourcePlace(0, at, at + 6),))
    pane = shown(Evidence((checked,), (GivenText("a.md", text),)), "749.00")
    assert marked(pane) == "749.00"
    assert pane._note.text() == "Desk Vela · Price"
    assert pane._view.table.horizontalHeader().isHidden()


def test_words_that_differ_are_named(shown: Made) -> None:
    text = "The contract ends with six months' notice."
    differences = (Difference("three", "six"),)
    place = SourcePlace(0, 13, len(text) - 1, "12")
    near = Checked(ThingKind.QUOTATION, "“ends with three”", 0, 9, Verdict.NEAR, (place,), differences=differences)
    pane = shown(Evidence((near,), (GivenText("a.txt", text),)), "“ends with three”")
    assert said(pane) == "The words differ from what stands in clause 12: the file says “six”, the answer “three”."


def test_a_reference_names_where_it_does_stand(shown: Made) -> None:
    reference = Checked(ThingKind.REFERENCE, "clause 15", 0, 9, Verdict.NOT_FOUND, stands_as="7")
    pane = shown(Evidence((reference,), (GivenText("a.txt", "Clause 7"),)), "clause 15")
    assert said(pane) == "The file has no clause 15; it has this in clause 7."
    elsewhere = Checked(ThingKind.REFERENCE, "clause 5", 0, 8, Verdict.ELSEWHERE, (SourcePlace(0, 0, 8, "7"),), "7")
    pane = shown(Evidence((elsewhere,), (GivenText("a.txt", "Clause 7"),)), "clause 5")
    assert said(pane) == "It does not stand in clause 5: the file has it in clause 7."


def test_a_computed_figure_without_its_sum_is_said_to_be_computed(shown: Made) -> None:
    made = Checked(ThingKind.NUMBER, "5,627", 0, 5, Verdict.COMPUTED, calculation=Calculation("3,275 + 462", "3,737"))
    pane = shown(Evidence((made,), (GivenText("a.txt", "| 3,275 |\n| 462 |"),)), "5,627")
    assert pane._places.text() == "1 of 2 places"
    assert marked(pane) == "3,275"


@pytest.mark.parametrize("text", ["", "x", "\n\n\n", "[Page 1]", "א" * 50_000, "line\n" * 40_000])
def test_any_text_can_be_shown(shown: Made, text: str) -> None:
    end = len(text)
    for start in {0, end // 2, max(0, end - 1), end + 5}:
        checked = Checked(ThingKind.NUMBER, "1", 0, 1, Verdict.FOUND, (SourcePlace(0, start, start + 1),))
        shown(Evidence((checked,), (GivenText("a.txt", text),)), "1")


def test_a_quotation_of_pages_is_shortened_in_the_sentence(shown: Made) -> None:
    long = "“" + "word " * 2_000 + "”"
    checked = Checked(ThingKind.QUOTATION, long, 0, len(long), Verdict.NOT_FOUND)
    pane = shown(Evidence((checked,), (GivenText("a.txt", "none of it"),)), long)
    assert len(said(pane)) < 200
