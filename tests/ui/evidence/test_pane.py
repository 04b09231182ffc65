"""The evidence pane: what is said of a thing, and the place that is shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from desktop.core.claims.claim import Kind
from desktop.core.documents.document import PagePicture, ReadingProblem, SectionKind
from desktop.core.evidence.checked import Calculation, Checked, Difference, Evidence, GivenText, SourcePlace, Verdict
from desktop.readers.pdf.picture import png_of
from desktop.rendering.text.shown_text import leaf_text
from desktop.ui.evidence.pane import EvidencePane
from desktop.ui.evidence.source_views import table_around
from tests.readers.conftest import document_from
from tests.readers.making import xlsx
from tests.ui.evidence_scenes import SHORT_ANSWER as ANSWER
from tests.ui.evidence_scenes import contract, evidence, given, index_of

pytestmark = pytest.mark.window


@pytest.fixture
def shown(theme, qtbot, drawing):
    def make(found, text):
        pane = EvidencePane(theme, drawing.pictures)
        qtbot.addWidget(pane)
        pane.resize(420, 700)
        with qtbot.waitExposed(pane):
            pane.show()
        pane.show_thing(found, index_of(found, text))
        return pane

    return make


def said(pane):
    return pane.sentence.text()


def marked(pane):
    """The letters of the text that are marked as the place, or the cell; empty where none are."""
    if pane.view.currentWidget() is pane.view.table:
        return str(pane.view.table.currentIndex().data())
    page = pane.view.text.surface._page
    current = page.marks._current
    return "" if current is None else leaf_text(page.leaves[current[0]])[current[1].start : current[1].end]


def paragraph(pane):
    page = pane.view.text.surface._page
    return "\n".join(leaf_text(page.leaves[index]) for index in page.marks.passage)


def seen(pane):
    """What a reader sees of a thing, by what it is."""
    leaves = pane.view.text.surface._page.leaves
    return {
        "said": said(pane),
        "marked": marked(pane),
        "paragraph": paragraph(pane)[:30],
        "title": pane.title.text(),
        "note": pane.note.text(),
        "begins": leaf_text(leaves[0]) if leaves else "",
        "places": pane.places.text(),
        "look": str(pane.box.property("look")),
    }


def thing(kind, words, verdict, text, *places, **more):
    """Evidence of one thing over one text."""
    checked = Checked(kind, words, 0, len(words), verdict, places, **more)  # type: ignore[arg-type]
    return Evidence((checked,), (GivenText("a.txt", text),))


CONTRACT, NOTICE = given(contract()), "The contract ends with six months' notice."
TABLE = "Prices\n\n| Item | Price |\n| Desk \\| Alto | 389.00 |\n| Desk Vela | 749.00 |\n\nAll without tax."
MINE = "Text in your message"
LONG = "“" + "word " * 2_000 + "”"


@pytest.mark.parametrize(
    ("found", "words", "wanted"),
    [
        (
            evidence("The deposit is 12,500.", CONTRACT),
            "12,500",
            {
                "said": "12,500 stands in clause 7.",
                "marked": "12,500",
                "paragraph": "(1) Before the keys are handed over"[:30],
                "title": "Rental contract.docx",
                "look": "told",
            },
        ),
        (
            evidence(ANSWER, CONTRACT),
            "7 %",
            {
                "said": "7 % is not in the file: computed, or from elsewhere.",
                "marked": "",
                "paragraph": "",
                "note": "It stands nowhere, so this is where the file begins.",
                "begins": "[Section 1]",
            },
        ),
        (
            evidence(ANSWER, CONTRACT),
            "49,800",
            {"said": "49,800 is computed: 12 × 4,150 = 49,800.", "marked": "4,150"},
        ),
        (
            evidence(ANSWER.replace("49,800", "48,900"), CONTRACT),
            "48,900",
            {"said": "48,900 is wrong: 12 × 4,150 comes to 49,800.", "look": "warning"},
        ),
        (
            evidence("The rent is 4,150.", said='What is the rent?\n\n"""\nThe rent is 4,150 a month.\n"""'),
            "4,150",
            {"said": "4,150 stands in your message.", "title": MINE, "marked": "4,150"},
        ),
        (
            evidence("The rent is 4,150 a month.", said='What is it?\n\n"""\nThe flat has three rooms.\n"""'),
            "4,150",
            {
                "note": "It stands nowhere, so this is where your text begins.",
                "begins": "The flat has three rooms.",
            },
        ),
        (
            evidence("For 17 people the rent is 4,150.", CONTRACT, said="Good morning!\n\nWe are 17 people."),
            "17 people",
            {"title": MINE, "marked": "17 people", "begins": "Good morning!"},
        ),
        (
            evidence("The budget of 20,000 a year is too small.", CONTRACT, said="Is 20 000 a year enough?"),
            "20,000",
            {"said": "20,000 comes from your own words.", "title": MINE, "marked": "20 000"},
        ),
        (
            evidence("17 × 250 = 4,250 is more than the rent.", CONTRACT, said="Would 17 × 250 do?"),
            "4,250",
            {"title": MINE, "marked": "250"},
        ),
        (
            evidence("The rent is 4,150 (clause 4).", CONTRACT),
            "clause 4",
            {"said": "What the answer names clause 4 for stands there."},
        ),
        (
            thing(
                *(Kind.QUOTATION, "“ends with three”", Verdict.NEAR, NOTICE, SourcePlace(0, 13, 41, "12")),
                differences=(Difference("three", "six"),),
            ),
            "“ends with three”",
            {"said": "The words differ from what stands in clause 12: the file says “six”, the answer “three”."},
        ),
        (
            thing(Kind.REFERENCE, "clause 15", Verdict.NOT_FOUND, "Clause 7", stands_as="7"),
            "clause 15",
            {"said": "The file has no clause 15; it has this in clause 7."},
        ),
        (
            thing(
                *(Kind.REFERENCE, "clause 5", Verdict.ELSEWHERE, "Clause 7", SourcePlace(0, 0, 8, "7")), stands_as="7"
            ),
            "clause 5",
            {"said": "It does not stand in clause 5: the file has it in clause 7."},
        ),
        (
            thing(
                *(Kind.NUMBER, "5,627", Verdict.COMPUTED, "| 3,275 |\n| 462 |"),
                calculation=Calculation("3,275 + 462", "3,737"),
            ),
            "5,627",
            {"places": "1 of 2 places", "marked": "3,275"},
        ),
        (
            thing(
                Kind.NUMBER, "749.00", Verdict.FOUND, TABLE, SourcePlace(0, TABLE.index("749"), TABLE.index("749") + 6)
            ),
            "749.00",
            {"marked": "749.00", "note": "Desk Vela · Price"},
        ),
        (
            thing(Kind.QUOTATION, LONG, Verdict.NOT_FOUND, "none of it"),
            LONG,
            {"said": f"{LONG[:119].rstrip()}… is not in the file: from elsewhere."},
        ),
    ],
)
def test_a_thing_is_told_and_shown_at_its_place(shown, found, words, wanted):
    pane = shown(found, words)
    assert {what: seen(pane)[what] for what in wanted} == wanted
    assert pane.view.table.horizontalHeader().isHidden() or pane.view.currentWidget() is not pane.view.table


def test_a_figure_of_something_else_is_shown_with_what_the_file_says_instead(shown):
    pane = shown(evidence(ANSWER, given(contract())), "12,500")
    assert said(pane) == "12,500 stands in clause 7, as Deposit; the answer says Rent."
    assert pane.box.property("look") == "warning"
    assert pane.hint.text() == "The file says 4,150 for Rent (clause 4)."
    assert marked(pane) == "12,500"
    pane.show_instead.click()
    assert marked(pane) == "4,150"
    assert said(pane) == "12,500 stands in clause 7, as Deposit; the answer says Rent."
    pane.step_place(1)
    assert marked(pane) == "12,500"


def test_all_that_was_looked_up_is_listed_what_is_amiss_first(shown):
    found = evidence(ANSWER, given(contract()))
    pane = shown(found, "12,500")
    assert pane.findings.accessibleName().startswith("All that was looked up: 1 of ")
    pane.findings.click()
    menu = pane.findChild(QMenu)
    assert menu is not None
    words = [each.text() for each in menu.actions() if not each.isSeparator()]
    assert words[0].startswith("12,500 stands in clause 7, as")
    missing = next(each for each in menu.actions() if each.text().startswith("7 %"))
    assert "not in" in missing.text()
    separator = next(each for each in menu.actions() if each.isSeparator())
    assert menu.actions().index(missing) > menu.actions().index(separator)  # it is no fault
    missing.trigger()
    menu.close()
    assert said(pane).startswith("7 %")


@pytest.mark.parametrize(
    ("cells", "words", "span"),
    [
        (["Desk", "749 or 749, plus 3 % VAT"], "749,", (7, 11)),
        (["Desk", "749"], "749", (0, 3)),
        (["Desk 749", r"a\|b 749 each"], "749", (4, 7)),
    ],
)
def test_in_a_cell_the_figure_alone_is_marked(cells, words, span):
    """The same figure may stand in it twice, and in another cell."""
    text = f"| Item | Price |\n| {' | '.join(cells)} |"
    at = text.rindex(words)
    table = table_around(GivenText("a.csv", text), SourcePlace(0, at, at + len(words)), is_sheet=False)
    assert table is not None
    assert table.column == 1
    assert table.marked_in(table.cells[1][1]) == span


@pytest.mark.parametrize("text", ["", "x", "\n\n\n", "[Page 1]", "א" * 50_000, "line\n" * 40_000])
def test_any_text_can_be_shown(shown, text):
    end = len(text)
    for start in {0, end // 2, max(0, end - 1), end + 5}:
        checked = Checked(Kind.NUMBER, "1", 0, 1, Verdict.FOUND, (SourcePlace(0, start, start + 1),))
        shown(Evidence((checked,), (GivenText("a.txt", text),)), "1")


def pdf():
    """A contract of pages, as a PDF file."""
    return given(contract("Rental contract.pdf", SectionKind.PAGE))


def page_picture(width=400, boxes=((0.2, 0.4, 0.3, 0.42),)):
    white = bytes([255]) * (3 * width * 600)
    return PagePicture(2, png_of(width, 600, 3 * width, memoryview(white)), 14, boxes, boxes, (0.1, 0.1, 0.9, 0.9))


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (ReadingProblem.NEEDS_PASSWORD, "The page needs the file's password, which is not kept."),
        (ReadingProblem.GONE, "The file is not kept here any more."),
        (ReadingProblem.CRASHED, "The page could not be drawn."),
        (ReadingProblem.CHANGED, "The page could not be drawn."),
    ],
)
def test_where_a_page_is_not_drawn_its_text_is_shown(shown, drawing, qtbot, problem, words):
    drawing.reader.failure = problem
    pane = shown(evidence("The deposit is 12,500.", pdf()), "12,500")
    qtbot.waitUntil(lambda: pane.view.currentWidget() is pane.view.text)
    assert pane.note.text().startswith(words)
    assert pane.note.text().endswith("This is its text as it was sent.")
    assert marked(pane) == "12,500"
    assert pane.page_label.text() == ""


def test_a_page_is_made_larger_and_fits_again(shown, drawing, qtbot):
    """By keys that mean another thing elsewhere in the window, and by buttons."""
    drawing.reader.pictures = [page_picture()]
    pane = shown(evidence("The deposit is 12,500.", pdf()), "12,500")
    page = pane.view.page
    qtbot.waitUntil(lambda: bool(page.marked))
    widths = [drawing.reader.asked[-1][1]]

    def wait_for_another():
        qtbot.waitUntil(lambda: drawing.reader.asked[-1][1] != widths[-1])
        widths.append(drawing.reader.asked[-1][1])
        qtbot.waitUntil(lambda: bool(page.marked))

    fit, smaller, larger = pane.zooming
    assert fit.isHidden()
    QTest.keyClick(page, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    wait_for_another()
    assert fit.isVisible()
    QTest.mouseClick(larger, Qt.MouseButton.LeftButton)
    wait_for_another()
    QTest.mouseClick(smaller, Qt.MouseButton.LeftButton)
    page.zoom(0)
    QTest.keyClick(page, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert fit.isHidden()
    assert widths == sorted(widths)
    assert page.wanted_width < widths[1]
    for _ in range(20):
        page.zoom(1)
    assert page.wanted_width < widths[1] * 6


def test_a_sheet_has_its_letters_and_numbers(shown):
    cells = "".join(
        f'<x:row r="{row}"><x:c r="C{row}" t="inlineStr"><x:is><x:t>Article {row}</x:t></x:is></x:c>'
        f'<x:c r="D{row}"><x:v>{row * 3}</x:v></x:c></x:row>'
        for row in (1, 7, 8, 9)
    )
    document = document_from(xlsx({"Prices": f"<x:sheetData>{cells}</x:sheetData>"}), "Prices.xlsx")
    pane = shown(evidence("Article 8 costs 24 a piece.", given(document)), "24")
    table = pane.view.table
    assert said(pane) == "24 stands on the sheet “Prices”, row 8."
    assert table.currentIndex().data() == "24"
    model = table.model()
    across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    assert model.headerData(table.currentIndex().column(), across) == "D"
    assert model.headerData(table.currentIndex().row(), down) == "8"
