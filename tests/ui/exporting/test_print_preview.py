"""The preview of what is printed: laid out in steps, between which the program goes on and the user can end it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressDialog, QWidget

from desktop.ui.exporting import print_preview
from desktop.ui.exporting.print_preview import PrintPreview
from tests.exporters.talk import QUESTION, talk

pytestmark = pytest.mark.window


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_the_program_goes_on_while_pages_are_laid_out(qtbot, monkeypatch, is_cancelled):
    monkeypatch.setattr(print_preview, "_QUIET_MS", 0)
    window = QWidget()
    qtbot.addWidget(window)
    went_on: list[int] = []
    laid_out: list[int] = []

    def put_on_paper(export, _):
        for number in range(5):
            QTimer.singleShot(0, lambda number=number: went_on.append(number))
            export.progress(number / 5)
            assert went_on[-1] == number
            laid_out.append(number)
            if is_cancelled and number == 2:
                preview.findChildren(QProgressDialog)[-1].cancel()

    preview = PrintPreview(talk(QUESTION, title="Terms"), put_on_paper, window)
    with qtbot.waitSignal(preview.finished) if is_cancelled else qtbot.waitExposed(preview):
        preview.open()
    assert laid_out[:5] == ([0, 1, 2] if is_cancelled else [0, 1, 2, 3, 4])
    preview.reject()
