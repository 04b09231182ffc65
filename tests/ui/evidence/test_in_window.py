"""Evidence in the window: below an answer, and in the pane with the pages of files."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from desktop.ui.evidence.pane import EvidencePane
from desktop.ui.message_actions import Ask
from desktop.ui.transcript.remarks import MarkButton
from tests.readers.conftest import FILES
from tests.readers.making import docx
from tests.support.in_process import OpenProgram
from tests.support.scripts import ndjson, ollama_lines, ollama_script
from tests.ui.steps import chip_words, drop, files_as_data

CONTRACT = "Clause 4 Rent\n\nThe rent is 4,150 a month.\n\nClause 7 Deposit\n\nThe tenant pays a deposit of 12,500."
ASKED = f'What is the rent? We are 17 people.\n\n"""\n{CONTRACT}\n"""'
ANSWER = "Rent: 12,500 for 17 people; the deposit is 12,500, and interest is 8 % a year."


def said(opened):
    """What is said below the last answer of what to look at, each with its button."""
    views = opened.window.transcript.live_views()
    return {each.text(): each for each in views[-1][1].findChildren(MarkButton)} if views else {}


def answer_of(opened):
    return opened.window.transcript.live_views()[-1][1]


def pane_of(opened):
    pane = opened.window.findChild(EvidencePane)
    return pane if isinstance(pane, EvidencePane) and pane.isVisible() else None


def shown_in_pane(opened):
    pane = pane_of(opened)
    return pane.thing.text if pane is not None and pane.thing is not None else ""


def open_thing(opened):
    view = answer_of(opened)
    name = view.answer.marked.open_name
    return view.evidence.checked[name].text if name is not None else ""


@pytest.fixture
def answered(open_over):
    """A conversation whose answer has been looked up in the material of its question."""
    with open_over(ollama_script(ndjson(ollama_lines(ANSWER)))) as (opened, _):
        opened.wait_for_model()
        opened.ask("What is the rent?")
        assert said(opened) == {}  # without files or material
        opened.press("Ctrl+N")
        opened.ask(ASKED)
        opened.wait_until(lambda: bool(said(opened)))
        yield opened


def test_the_line_and_the_keyboard_lead_to_each_thing(answered):
    said(answered)["1 figure is not in the text you gave"].click()
    assert shown_in_pane(answered) == "8 %"
    following = next(each for each in answer_of(answered).remarks.findChildren(QPushButton) if each.text() == "Next")
    following.click()  # round the end
    assert shown_in_pane(answered) == open_thing(answered) == "12,500"
    following.click()
    assert shown_in_pane(answered) == open_thing(answered) == "8 %"
    answered.press("Esc")
    seen = []
    for keys in ("F8", "F8", "F8", "F8", "F8", "Shift+F8"):
        answered.press(keys)
        seen.append(open_thing(answered))
    assert seen == ["12,500", "17 people", "12,500", "8 %", "12,500", "8 %"]
    surface = answer_of(answered).answer
    assert surface.hasFocus()
    QTest.keyClick(surface, Qt.Key.Key_Return)
    pane = pane_of(answered)
    assert pane is not None
    assert shown_in_pane(answered) == "8 %"
    focused = QApplication.focusWidget()
    assert focused is not None
    assert pane.isAncestorOf(focused)
    answered.press("Shift+F8")
    assert shown_in_pane(answered) == open_thing(answered) == "12,500"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert surface.hasFocus()
    answered.press("Esc")
    assert pane_of(answered) is None
    assert open_thing(answered) == ""


FROM_FILES = (
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
def answered_from_files(open_over, files):
    with open_over(ollama_script(ndjson(ollama_lines(FROM_FILES)))) as (opened, _):
        opened.wait_for_model()
        drop(opened.window, files_as_data(*files))
        opened.wait_until(lambda: len(chip_words(opened)) == len(files))
        opened.wait_until(lambda: not opened.program.chat.attachments.is_reading)
        opened.ask("What do the files say?")
        made = Answered(opened)
        opened.wait_until(lambda: opened.window.transcript.live_views()[-1][1].evidence.checked)
        yield made


def test_a_figure_of_a_file_is_shown_on_its_page_or_in_its_row_and_column(answered_from_files):
    pane = answered_from_files.show("thirty-six")
    view = pane.view
    answered_from_files.opened.wait_until(lambda: bool(view.page.marked))
    assert pane.title.text() == "report-latex.pdf"
    assert pane.page_label.text() == "Page 1 of 1"
    shot = view.page.viewport().grab().toImage()
    colours = [shot.pixelColor(x, y) for x in range(0, shot.width(), 2) for y in range(0, shot.height(), 2)]
    assert any(each.red() > 220 and each.blue() < 120 for each in colours)  # the place
    assert QColor("white") in colours  # the page
    assert "thirty-six still hold water" in view.page.accessibleName()
    pane = answered_from_files.show("18.40")
    while pane.title.text() != "Prices.csv":
        assert pane.places.text()
        QTest.keyClick(pane.view.currentWidget(), Qt.Key.Key_Right)
    assert pane.view.currentWidget() is pane.view.table
    assert pane.view.table.currentIndex().data() == "18.40"
    assert pane.note.text() == "Watering can · Price in the list"
    assert pane.sentence.text() == "18.40 stands in row 41."


def test_of_a_file_that_is_not_kept_any_more_the_text_is_shown(answered_from_files):
    path = answered_from_files.opened.path
    for part in path[0].files:
        answered_from_files.opened.program.chat.attachments.files.path_of(part.digest).unlink()
    pane = answered_from_files.show("thirty-six")
    answered_from_files.opened.wait_until(lambda: pane.view.currentWidget() is pane.view.text)
    assert pane.note.text() == "The file is not kept here any more. This is its text as it was sent."
    assert "thirty-six still hold water" in pane.view.text.accessibleName()
