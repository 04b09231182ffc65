"""The page with the text of a file: exactly what is sent, chosen from, found in; and quick for five megabytes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from desktop.core.documents.document import Aside, Block, Document, Run, Section, SectionKind
from desktop.core.documents.selection import WHOLE, Cut, Selection, attachment
from desktop.core.request import fenced
from desktop.rendering.text.leaves import LeafKind
from desktop.rendering.text.shown_text import Position, leaf_text
from desktop.ui.documents.preview_page import PreviewPage
from desktop.ui.documents.words import extent, sent_extent
from tests.ui.file_scenes import contract, notes, prices


@pytest.fixture
def made(theme, qtbot):
    def make(document, selection=WHOLE):
        page = PreviewPage(theme)
        qtbot.addWidget(page)
        page.resize(1000, 700)
        with qtbot.waitExposed(page):
            page.show()
        page.show_document(document, selection)
        wait(page, qtbot)
        return page

    return make


def wait(page, qtbot):
    """Until all of the text is there."""
    qtbot.waitUntil(lambda: page.sent.is_done)


def lines(page):
    """What is shown, leaf by leaf; of what stays here, in brackets."""
    shown = [each.leaf for each in page.sent.leaves]
    assert shown == list(page.text.surface._page.leaves)  # and nothing else is on the surface
    return [f"<{leaf_text(leaf)}>" if leaf.kind is LeafKind.FOLD else leaf_text(leaf) for leaf in shown]


def sent(page):
    """What is shown of what goes out, as one text."""
    return "\n\n".join(line for line in lines(page) if not line.startswith("<"))


def tick(page, words):
    """Tick what stands below the pages by its words, or take the tick away."""
    rows = page.side.more
    rows.go_to(next(row.key for row in rows.rows if row.title == words))
    QTest.keyClick(rows, Qt.Key.Key_Space)


def flat(text):
    return " ".join(text.replace("|", " ").split())


@pytest.mark.parametrize("document", [contract(), notes(), prices()], ids=lambda document: document.name)
@pytest.mark.parametrize(
    "selection", [WHOLE, Selection(frozenset({1})), Selection(without=frozenset(Aside))], ids=["whole", "one", "bare"]
)
def test_it_shows_the_very_words_that_go_out(made, document, selection):
    page = made(document, selection)
    assert flat(sent(page)) == flat(fenced(attachment(document, selection)))


def test_what_stays_here_is_one_line_with_a_way_back(made, qtbot):
    page = made(contract(), Selection(frozenset({4, 7, 12})))
    assert [line for line in lines(page) if line.startswith("<")] == [
        "<Pages 1–3 stay here. Send them too>",
        "<Pages 5–6 stay here. Send them too>",
        "<Pages 8–11 stay here. Send them too>",
        "<Pages 13–14 stay here. Send them too>",
    ]
    page.text.surface.link_activated.emit("sections:5-6")
    wait(page, qtbot)
    assert page.selection.sections == frozenset({4, 5, 6, 7, 12})
    assert "Clause 6  Repairs" in lines(page)
    assert flat(sent(page)) == flat(fenced(attachment(contract(), page.selection)))


def test_lines_of_a_long_paragraph_that_stay_here_are_told_and_can_be_sent(made, qtbot):
    said = "\n".join(f"Line {number}" for number in range(1, 7))
    diary = Document("diary.txt", "text/plain", (Section(SectionKind.WHOLE, 1, blocks=(Block((Run(said),)),)),))
    some = Selection(passages=frozenset({(1, 0)}), rows=frozenset({(1, 0, 2)}))
    page = made(diary, some)
    assert [line for line in lines(page) if "Line" in line or line.startswith("<")] == [
        "<2 lines stay here. Send them too>",
        "Line 3",
        "<3 lines stay here. Send them too>",
    ]
    page.text.surface.link_activated.emit("lines:1:0:3-5")
    wait(page, qtbot)
    assert "<3 lines stay here. Send them too>" not in lines(page)
    assert flat(sent(page)) == flat(fenced(attachment(diary, page.selection)))
    assert "Line 6" in sent(page)


def test_pages_are_ticked_by_keys_and_used(made, qtbot):
    page = made(contract())
    page.side.none.click()
    rows = page.side.list
    rows.setFocus()
    for _ in range(3):
        QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_Space)
    wait(page, qtbot)
    assert "Clause 4  Rent and how it is paid" in lines(page)
    with qtbot.waitSignal(page.used) as used:
        page.use.click()
    assert used.args == [Selection(frozenset({4}))]


def test_asides_are_switched(made, qtbot):
    page = made(contract())
    assert "[comment by Li Na: Check with the bank.]" in lines(page)
    tick(page, "Comments")
    wait(page, qtbot)
    assert not any("Check with the bank" in line for line in lines(page))
    assert page.selection.without == {Aside.COMMENT}


def test_a_selected_text_is_taken_out_and_put_back(made, qtbot):
    page = made(contract(), Selection(frozenset({4})))
    at = next(index for index, line in enumerate(lines(page)) if line.startswith("(3) Rent"))
    page.text.select(Position(at, 4), Position(at, 21))
    assert page._take_out.isVisible()
    page._take_out.click()
    wait(page, qtbot)
    assert page.selection.cuts == (Cut(4, 3, 4, 21),)
    assert "<3 words taken out Put back>" in lines(page)
    assert flat(sent(page)) == flat(fenced(attachment(contract(), page.selection)))
    page.text.surface.link_activated.emit("cut:4:3:4-21")
    wait(page, qtbot)
    assert page.selection.cuts == ()
    assert flat(sent(page)) == flat(fenced(attachment(contract(), page.selection)))


def test_rows_are_taken_out_whole(made, qtbot):
    page = made(prices(rows=5), Selection(frozenset({1})))
    at = next(index for index, line in enumerate(lines(page)) if line.startswith("Number"))
    table = lines(page)[at]
    start = table.index("1001") + 2
    page.text.select(Position(at, start), Position(at, table.index("1002") + 1))
    page._take_out.click()
    wait(page, qtbot)
    assert not any("1001" in line or "1002" in line for line in sent(page).split("\n\n"))
    assert "1003" in sent(page)
    assert flat(sent(page)) == flat(fenced(attachment(prices(rows=5), page.selection)))


def test_columns_are_left_out(made, qtbot):
    page = made(prices(rows=5))
    tick(page, "Unit")
    wait(page, qtbot)
    assert page.selection.columns_off == {(1, 2)}
    assert "visit" not in sent(page)


def found(page):
    """What the bar says of what was found."""
    return str(page.find_bar.findChild(QLabel).text())


def test_escape_goes_back_one_step(made):
    page = made(contract())
    page.find_bar.open("rent")
    page.text.select(Position(3, 0), Position(3, 5))
    assert page.step_back()
    assert page.text.selection is None
    assert page.step_back()
    assert page.find_bar.isHidden()
    assert not page.step_back()


def long_text(megabytes):
    words = "The tenant pays the rent in advance, and the landlord confirms it in writing. " * 5
    blocks = tuple(Block((Run(f"{number} {words}"),)) for number in range(int(megabytes * 1e6 / len(words))))
    return Document("long.txt", "text/plain", (Section(SectionKind.WHOLE, 1, blocks=blocks),), encoding="utf-8")


def test_of_five_megabytes_only_what_is_in_sight_is_laid_out(made, qtbot):
    page = made(notes())
    page.show_document(long_text(5), WHOLE)
    assert not page.sent.is_done  # the window goes on meanwhile
    wait(page, qtbot)
    shown = page.text.surface._page
    bar = page.text.verticalScrollBar()
    for share in (0.0, 1.0, 0.5):
        bar.setValue(round(bar.maximum() * share))
        assert len(shown._boxes) < 200 < len(shown.leaves)
    page.find_bar.open("12345 The")
    qtbot.waitUntil(lambda: found(page) == "1 of 1")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("|Item|Price|\n|Hose|31.90|\n|Can|18.40|", "2 rows"),
        ("|Hose|31.90|\n|Can|18.40|", "2 rows"),  # without names of columns
        ("|Item|Price|", "1 row"),
        ("|Hose|\n|Can|", "2 rows"),
    ],
)
def test_a_table_counts_the_rows_below_the_names_of_its_columns_before_and_after_it_is_sent(table, words):
    blocks = (Block((Run(table),), is_table=True),)
    document = Document("Prices.csv", "text/csv", (Section(SectionKind.WHOLE, 1, "", blocks),))
    assert (extent(document), sent_extent(attachment(document))) == (words, words)
