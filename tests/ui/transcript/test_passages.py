"""The line below an answer from a folder: where its files open."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.evidence.sources import given_of
from desktop.core.message import AttachmentPart
from desktop.rendering.page.shown_claims import shown_in
from desktop.ui.evidence.words import first_found
from desktop.ui.message_actions import Ask, Reading
from desktop.ui.transcript.passages import AnswerPassages
from desktop.ui.widgets.buttons import FoldButton
from desktop.ui.widgets.rows import RowList

MINUTES = AttachmentPart(
    "Minutes.docx",
    "text/plain",
    "Present: Ada Okafor, Jon Lind, Mia Sand.\n"
    "Ada Okafor reports that 91.6% of the fees for Birch Court were paid.\n"
    "Jon Lind says that the garage leaks in nine places by now.",
    folder="f1",
    path="Minutes.docx",
    passages=1,
)


@pytest.mark.parametrize(
    ("answer", "opens_at"),
    [
        ("Ada Okafor told the meeting that 91.6% were paid (Minutes.docx).", "91.6%"),
        ("Jon Lind said: “the garage leaks in nine places by now”.", "the garage leaks in nine places by now"),
        ("Ada Okafor had 91.6%; “the garage leaks in nine places by now”.", "the garage leaks in nine places by now"),
        ("Mia Sand was there.", "Mia Sand"),
    ],
)
def test_a_file_opens_at_a_quotation_or_figure_before_a_name(qtbot, theme, answer, opens_at):
    evidence = check(shown_in(answer), Given([given_of(MINUTES)]), "What was said?")
    reading, asked = Reading(), []
    reading.register({Ask.SHOW_EVIDENCE: lambda _, thing: asked.append(thing)})
    page = QWidget()
    qtbot.addWidget(page)
    below = AnswerPassages(theme, [MINUTES], "m1", reading, page)
    below.show_evidence(evidence)
    [head], [files] = below.findChildren(FoldButton), below.findChildren(RowList)
    head.click()
    files.setCurrentIndex(files.model().index(0, 0))
    QTest.keyClick(files, Qt.Key.Key_Return)
    assert [evidence.checked[each].text.strip("“”") for each in asked] == [opens_at]
    assert first_found(evidence) == asked[0]
    assert opens_at in files.rows[0].about
