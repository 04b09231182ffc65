"""The page of a question to each file by itself."""

from __future__ import annotations

import time

import pytest
from PySide6.QtWidgets import QLabel

from desktop.core.each_file.run import FileRow, FileRun, RowState
from desktop.core.model import ModelChoice
from desktop.ui.each_file.page import EachFilePage

MANY = 5_000


def test_of_many_rows_what_one_more_answer_costs_is_little(theme):
    page = EachFilePage(theme)
    rows = tuple(FileRow(f"Offices/Lease {number:04}.pdf") for number in range(MANY))
    run = FileRun(conversation="c", folder="f", question="Until when?", choice=ModelChoice("here", "m"), rows=rows)
    page.show_of("Contracts", None, can_save=True)
    spent = []
    for at in range(5):
        run = run.with_row(at, FileRow(rows[at].path, RowState.ANSWERED, f"{at} May"))
        began = time.thread_time()
        page.show_run(run, None, (0, 0), is_running=True, hindrance="")
        spent.append(time.thread_time() - began)
    shown = {each.key: each.spoken for each in page.table.rows}
    assert [at for at in shown if "May" in shown[at]] == [0, 1, 2, 3, 4]
    assert min(spent[1:]) < spent[0] / 3
    page.deleteLater()


@pytest.mark.parametrize(
    ("is_running", "hindrance", "says", "says_not"),
    [
        (True, "", "your own questions go first", "paused"),
        (False, "", "paused", "your own questions go first"),
        (False, "This is switched off on this computer.", "This is switched off on this computer.", "paused"),
    ],
)
def test_it_says_why_it_stands_still_and_that_it_goes_on_only_while_it_does(
    theme, is_running, hindrance, says, says_not
):
    page = EachFilePage(theme)
    page.resize(1000, 700)
    rows = (FileRow("a.pdf", RowState.ANSWERED, "May"), FileRow("b.pdf"))
    run = FileRun(conversation="c", folder="f", question="Until when?", choice=ModelChoice("here", "m"), rows=rows)
    page.show_run(run, None, (0, 0), is_running=is_running, hindrance=hindrance)
    said = [each.accessibleName() or each.text() for each in page.findChildren(QLabel) if not each.isHidden()]
    assert any(says in each for each in said)
    assert not any(says_not in each for each in said)
    assert ("Goes on while you do other things" in said) is is_running
    page.deleteLater()
