"""The place of a figure in real files, shown in the whole window: the page, the sheet, the paragraph."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from desktop.ui.evidence.pane import EvidencePane
from desktop.ui.message_actions import Ask
from tests.readers.conftest import FILES
from tests.readers.making import docx
from tests.support.in_process import OpenProgram
from tests.support.scripts import ndjson, ollama_lines, ollama_script
from tests.ui.documents.giving import chip_words, drop, files_as_data

pytestmark = pytest.mark.window

ANSWER = (
    "Of the wells thirty-six hold water. The garden hose is 31.90. The rent of the office is 4,150 a month. "
    "The watering can costs 18.40 in the list."
)


@dataclass
class Answered:
    """The window with an answer over files."""

    opened: OpenProgram

    @property
    def pane(self):
        pane = self.opened.window.findChild(EvidencePane)
        assert isinstance(pane, EvidencePane)
        return pane

    def show(self, text):
        """The pane with a thing of the answer, as if its mark had been pressed."""
        view = self.opened.window.transcript.live_views()[-1][1]
        checked = view.evidence.checked
        at = next(index for index, each in enumerate(checked) if each.text == text)
        message = self.opened.path[-1].id
        self.opened.window.reading.ask(message, Ask.SHOW_EVIDENCE, at)
        return self.pane


@pytest.fixture
def files(tmp_path):
    word = tmp_path / "Lease.docx"
    lines = ("The office", "The rent of the office is 4,150 a month.", "It is paid in advance.")
    word.write_bytes(docx("".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)))
    cells = [["Item", "Unit", "Price in the list"], *([f"Part {at}", "piece", f"{at}.10"] for at in range(2, 90))]
    cells[40] = ["Watering can", "piece", "18.40"]
    table = tmp_path / "Prices.csv"
    table.write_text("\n".join(";".join(row) for row in cells), encoding="utf-8")
    return [FILES / "report-latex.pdf", FILES / "invoice-libreoffice.pdf", word, table]


@pytest.fixture
def answered(open_over, files):
    with open_over(ollama_script(ndjson(ollama_lines(ANSWER)))) as (opened, _):
        opened.wait_for_model()
        drop(opened.window, files_as_data(*files))
        opened.wait_until(lambda: len(chip_words(opened)) == len(files))
        opened.wait_until(lambda: not opened.program.chat.attachments.is_reading)
        opened.ask("What do the files say?")
        made = Answered(opened)
        opened.wait_until(lambda: opened.window.transcript.live_views()[-1][1].evidence.checked)
        yield made


def test_a_figure_of_a_pdf_file_is_shown_on_its_page(answered):
    pane = answered.show("thirty-six")
    view = pane.view
    answered.opened.wait_until(lambda: bool(view.page.marked))
    assert pane.title.text() == "report-latex.pdf"
    assert pane.page_label.text() == "Page 1 of 1"
    shot = view.page.viewport().grab().toImage()
    colours = [shot.pixelColor(x, y) for x in range(0, shot.width(), 2) for y in range(0, shot.height(), 2)]
    assert any(each.red() > 220 and each.blue() < 120 for each in colours)  # the place
    assert QColor("white") in colours  # the page
    assert "thirty-six still hold water" in view.page.accessibleName()


def test_a_figure_of_a_table_is_shown_in_its_row_and_column(answered):
    pane = answered.show("18.40")
    while pane.title.text() != "Prices.csv":
        assert pane.places.text()
        QTest.keyClick(pane.view.currentWidget(), Qt.Key.Key_Right)
    table = pane.view.table
    assert pane.view.currentWidget() is table
    assert table.currentIndex().data() == "18.40"
    assert pane.note.text() == "Watering can · Price in the list"
    assert pane.sentence.text() == "18.40 stands in row 41."


def test_of_a_file_that_is_not_kept_any_more_the_text_is_shown(answered):
    path = answered.opened.path
    for part in path[0].files:
        answered.opened.program.chat.attachments.files.path_of(part.digest).unlink()
    pane = answered.show("thirty-six")
    answered.opened.wait_until(lambda: pane.view.currentWidget() is pane.view.text)
    assert pane.note.text() == "The file is not kept here any more. This is its text as it was sent."
    assert "thirty-six still hold water" in pane.view.text.accessibleName()


SENTENCE = "The Tenant keeps the roof of Halden House in good repair."


def test_a_sentence_of_the_file_opens_at_itself_and_what_a_contract_defines_is_no_name(open_over, tmp_path):
    lease = tmp_path / "Lease.txt"
    lease.write_text(f"Between Halden House and the Tenant.\n\nHalden House pays.\n\n{SENTENCE}\n", encoding="utf-8")
    with open_over(ollama_script(ndjson(ollama_lines(SENTENCE)))) as (opened, _):
        opened.wait_for_model()
        drop(opened.window, files_as_data(lease))
        opened.wait_until(lambda: chip_words(opened) and not opened.program.chat.attachments.is_reading)
        opened.ask("Who keeps the roof?")
        opened.wait_until(lambda: opened.window.transcript.live_views()[-1][1].evidence.checked)
        evidence = opened.window.transcript.live_views()[-1][1].evidence
        assert [each.text for each in evidence.checked] == ["Halden House"]
        [place, *_] = evidence.checked[0].places
        assert evidence.source_of(place).text[place.start : place.end] == SENTENCE[:-1]
        assert SENTENCE in Answered(opened).show("Halden House").view.text.accessibleName()
